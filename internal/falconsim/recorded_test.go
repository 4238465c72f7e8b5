package falconsim

import (
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"
)

// recordedTenant is a record that differs from the simulator's own tenant in every part.
func recordedTenant() *tenantfacts.Facts {
	facts := tenantfacts.New()
	facts.Readings = []tenantfacts.Reading{{Question: "Q02", Reading: "b", Evidence: tenantfacts.EvidenceRead}, {Question: "Q28", Reading: "a", Evidence: tenantfacts.EvidenceRead}}
	facts.Scopes = tenantfacts.Scopes{
		Offered: []string{"api-client-mgmt:read", "api-integrations:read", "detects:read", "fdr:read", "workflow:read", "workflow:write"}, Other: 2, Denied: []string{"workflow:write"},
	}
	facts.WebhookApp = tenantfacts.AppInstalled
	facts.Activities = []tenantfacts.Activity{{
		ID: "00112233445566778899aabbccddeeff", Name: "Call webhook", Class: "Plugin", Version: "3.2.1",
		Properties: []tenantfacts.Property{{Key: "hook_id", Type: "string", Required: true}, {Key: "payload", Type: "array"}, {Key: "payload_format", Type: "string"}},
	}}
	facts.Triggers = []tenantfacts.Trigger{
		{Category: "Case/Created", Name: "A case is created", Version: "2.0.0", Fields: []tenantfacts.Field{{Path: "Trigger.Case.Number", Type: "integer"}}},
		{Category: "Investigatable/EPP", Name: "Detection > EPP Detection", Version: "1.0.0"},
	}
	facts.Limits = tenantfacts.Limits{Requests: 1200, TokenRequests: 60}
	facts.Contents = tenantfacts.Contents{APIClients: new(1), Configurations: new(1), Webhooks: new(11), Workflows: new(11), Hosts: new(0), Users: new(11), Versions: 2}
	return facts
}

func TestFacts(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{Facts: recordedTenant()})
	scopes := c.get("/api-clients/entities/accessible-scopes/v1")
	var ids []string
	for _, item := range scopes.resources() {
		ids = append(ids, item.(map[string]any)["id"].(string))
	}
	want := []string{"api-client-mgmt:read", "api-integrations:read", "detects:read", "fdr:read", "workflow:read", "workflow:write", "unlisted-1:read", "unlisted-2:read"}
	if !slices.Equal(ids, want) {
		t.Errorf("scopes %v", ids)
	}
	if got := scopes.limits()[0]; got != "1200" {
		t.Errorf("limit %s", got)
	}
	if own := c.server.Clients(); len(own) != 1 || slices.Contains(own[0].Scopes, "workflow:write") || !slices.Contains(own[0].Scopes, "fdr:read") {
		t.Errorf("API clients %+v", own)
	}
	client := c.get("/api-clients/entities/api-clients/v1?ids=" + c.server.ClientID()).resources()[0].(map[string]any)
	if client["client_id"] != c.server.ClientID() {
		t.Errorf("Q02 is not b: %v", client)
	}
	action := c.get("/workflows/combined/activities/v1?limit=500&filter=name:~'webhook'").resources()[0].(map[string]any)
	properties := action["input_schema"].(map[string]any)["properties"].(map[string]any)
	if action["id"] != "00112233445566778899aabbccddeeff" || action["semantic_version"] != "3.2.1" || len(properties) != 3 || properties["hook_id"] == nil {
		t.Errorf("Call webhook is %v", action)
	}
	triggers := c.get("/workflows/combined/triggers/v1?limit=500").resources()
	first := triggers[0].(map[string]any)
	if len(triggers) != 2 || first["name"] != "A case is created" || first["fields"].([]any)[0].(map[string]any)["name"] != "Trigger.Case.Number" {
		t.Errorf("triggers %v", triggers)
	}
	if fields := triggers[1].(map[string]any)["fields"].([]any); len(fields) < 5 {
		t.Errorf("the fields that are not recorded are %v", fields)
	}
	if rows := c.get("/workflows/combined/definitions/v1?limit=500").resources(); len(rows) != 13 { // of 11, one has three versions
		t.Errorf("%d rows", len(rows))
	}
	if configs := c.server.PluginConfigs(); len(configs) != 12 || len(c.server.Hosts()) != 0 || len(c.server.Users()) != 11 {
		t.Errorf("%d configurations, %d hosts, %d users", len(configs), len(c.server.Hosts()), len(c.server.Users()))
	}
}

// Options that are given take precedence.
func TestFacts_options(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{Facts: recordedTenant(), Readings: Readings{"Q02": "a"}, Hosts: 2, Users: 3, EveryScope: true})
	if own := c.server.owner.scopes; !slices.Contains(own, "workflow:write") {
		t.Errorf("scopes %v", own)
	}
	if len(c.server.Hosts()) != 2 || len(c.server.Users()) != 3 || c.server.Readings()["Q02"] != "a" || c.server.Readings()["Q28"] != "a" {
		t.Errorf("%d hosts, %d users, %v", len(c.server.Hosts()), len(c.server.Users()), c.server.Readings())
	}
}

// A workflow with the recorded action calls the webhook, and its recorded fields are checked.
func TestFacts_callWebhook(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{Facts: recordedTenant(), EveryScope: true})
	config := c.server.configs[1].configID
	document := func(field string) []byte {
		return []byte(`{"name": "notify ` + field + `", "trigger": {"type": "Signal", "event": "Case/Created", "next": ["a"]}, "actions": {"a": {"id": "00112233445566778899aabbccddeeff",
			"class": "Plugin", "version_constraint": "~3", "properties": {"hook_id": "` + config + `", "payload": ["${data['` + field + `']}"]}}}}`)
	}
	if _, err := c.server.CreateWorkflow(document("Trigger.Case.Number"), true); err != nil {
		t.Fatal(err)
	}
	if _, err := c.server.CreateWorkflow(document("Trigger.Case.Title"), true); err == nil {
		t.Error("a field that the recorded trigger does not have is accepted")
	}
	c.server.CreateCase("a case")
	if sent := c.server.Deliveries(); len(sent) != 1 || sent[0].ConfigID != config {
		t.Errorf("deliveries %+v", sent)
	}
}

// A record of another release is refused with its reason.
func TestFacts_refused(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*tenantfacts.Facts){
		`written by another release: "Q999" is not the id of an open question`: func(f *tenantfacts.Facts) { f.Readings[0].Question = "Q999" },
		`written by another release: question Q02 has no reading "z"`:          func(f *tenantfacts.Facts) { f.Readings[0].Reading = "z" },
		`webhook_app: "maybe"`: func(f *tenantfacts.Facts) { f.WebhookApp = "maybe" },
	} {
		facts := recordedTenant()
		change(facts)
		if _, err := Start(Options{Facts: facts}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// A record without the app has no action Call webhook and no configuration.
func TestFacts_noApp(t *testing.T) {
	t.Parallel()
	facts := tenantfacts.New()
	facts.WebhookApp = tenantfacts.AppMissing
	facts.Contents.Configurations = new(0)
	server := New(Options{Facts: facts})
	if _, found := server.definitions.Activity(definition.CallWebhookID); found || len(server.PluginConfigs()) > 0 {
		t.Errorf("the app is there, with %v", server.PluginConfigs())
	}
}
