package workflow_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

const (
	documentData = "falcon_workflow_document"
	workflowData = "falcon_workflow"
)

// tenants are two tenants that have no id in common.
func tenants(t *testing.T, a, b falconsim.Options) (*falconsim.Running, *falconsim.Running) {
	t.Helper()
	a.Seed, b.Seed = 11, 22
	a.Catalog.OwnIDs, b.Catalog.OwnIDs = true, true
	return acctest.NewSim(t, a), acctest.NewSim(t, b)
}

// actionsOf returns the actions of a tenant's catalog as it shows them.
func actionsOf(t *testing.T, sim *falconsim.Running, name string) []falcon.Activity {
	t.Helper()
	found, err := acctest.ConsoleClient(t, sim).ActivitiesByName(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// rowsOf returns a list attribute as objects of texts; null is "".
func rowsOf(t *testing.T, p *acctest.Protocol, i acctest.Instance, name string) []map[string]string {
	t.Helper()
	var rows []tftypes.Value
	if err := p.Attributes(i.Value)[name].As(&rows); err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows {
		texts := map[string]string{}
		for key, v := range p.Attributes(row) {
			if v.IsNull() {
				continue
			}
			if v.Type().Is(tftypes.String) {
				var text string
				if err := v.As(&text); err != nil {
					t.Fatal(err)
				}
				texts[key] = text
			} else if v.Type().Is(tftypes.Bool) {
				var is bool
				if err := v.As(&is); err != nil {
					t.Fatal(err)
				}
				texts[key] = fmt.Sprint(is)
			} else {
				texts[key] = v.String()
			}
		}
		out = append(out, texts)
	}
	return out
}

func errorsOf(diags []*tfprotov6.Diagnostic) string {
	return acctest.Messages(diags, tfprotov6.DiagnosticSeverityError)
}

// samples are all published and written sample documents of the repository that a tenant accepts.
func samples(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, pattern := range []string{
		"internal/testdata/workflows/*.yaml", "internal/fusion/testdata/*.*", "internal/fusion/testdata/unseen/good/*",
		"internal/falconsim/testdata/*.yaml", "internal/falconsim/testdata/shapes/*.yaml", "examples/resources/falcon_workflow/severe-detections.yaml",
	} {
		found, err := filepath.Glob(acctest.RepoPath(filepath.FromSlash(pattern)))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		out = append(out, found...)
	}
	return out
}

// publicIDs are the public ids of a document's actions.
func publicIDs(doc *fusion.Document) []string {
	var out []string
	for _, a := range doc.Actions() {
		if a.ID != "" && !slices.Contains(out, a.ID) {
			out = append(out, a.ID)
		}
	}
	return out
}

// localize replaces ids of actions as one tenant knows them by those of another.
func localize(text string, public []string, from, to func(string) string) string {
	for _, id := range public {
		text = strings.ReplaceAll(text, from(id), to(id))
	}
	return text
}

// Every sample document moves from one tenant to another that shares no id with it, and its export from there has the same
// portable form.
func TestPortable_everySample(t *testing.T) {
	t.Parallel()
	simA, simB := tenants(t, falconsim.Options{}, falconsim.Options{})
	itself := func(id string) string { return id }
	a, b := acctest.NewProtocol(t, simA), acctest.NewProtocol(t, simB)
	moved := 0
	for _, file := range samples(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, problems := fusion.Parse(string(text))
		if doc == nil {
			t.Fatalf("%s: %s", file, problems)
		}
		if text, err = doc.ImportYAML(); err != nil { // the simulator's YAML parser rejects some JSON
			t.Fatal(err)
		}
		public := publicIDs(doc)
		id, err := simA.CreateWorkflow([]byte(localize(string(text), public, itself, simA.CatalogID)), false)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		exported, diags := a.Data(workflowData, acctest.Arguments{"id": id})
		a.WantNoError(diags)
		portable := a.Text(exported, "portable_definition")
		for _, id := range public {
			if own := simA.CatalogID(id); strings.Contains(portable, own) && !strings.Contains(portable, "Write to log repo") {
				t.Errorf("%s: the portable form has the id %s of the tenant:\n%s", file, own, portable)
			}
		}
		// The catalog has two actions of this name and vendor, which no reference can distinguish.
		if resolved, diags := b.Data(documentData, acctest.Arguments{"portable_definition": portable}); errorsOf(diags) != "" {
			if !strings.Contains(errorsOf(diags), `"Write to log repo" of CrowdStrike`) {
				t.Errorf("%s: %s", file, errorsOf(diags))
			}
			portable = localize(portable, public, simA.CatalogID, simB.CatalogID)
		} else if got, want := strings.Count(b.Text(resolved, "definition"), "\n"), strings.Count(portable, "\n"); got != want {
			t.Errorf("%s: the definition has %d lines instead of %d", file, got, want)
		}
		resolved, diags := b.Data(documentData, acctest.Arguments{"portable_definition": portable})
		b.WantNoError(diags)
		definition := b.Text(resolved, "definition")
		idInB, err := simB.CreateWorkflow([]byte(definition), false)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		again, diags := b.Data(workflowData, acctest.Arguments{"id": idInB})
		b.WantNoError(diags)
		if got := b.Text(again, "portable_definition"); got != portable {
			t.Errorf("%s: the portable form changes:\n%s\nwant:\n%s", file, got, portable)
		}
		if got := b.Text(again, "document"); got != b.Text(resolved, "document") {
			t.Errorf("%s: document of the data sources differs:\n%s\n%s", file, got, b.Text(resolved, "document"))
		}
		if wa, _ := simA.Workflow(id); !wa.Invalid {
			if wb, _ := simB.Workflow(idInB); wb.Invalid {
				t.Errorf("%s: valid in one tenant, not in the other", file)
			}
		}
		if err := simA.DeleteWorkflow(id); err != nil {
			t.Fatal(err)
		}
		if err := simB.DeleteWorkflow(idInB); err != nil {
			t.Fatal(err)
		}
		moved++
	}
	if moved < 25 {
		t.Errorf("only %d documents were moved", moved)
	}
}

// sendTo is a workflow with a Store app, a credential, and values that have no reference.
const sendTo = `name: Send to %[1]s
trigger:
    next: [post]
    event: Case/Created
    type: Signal
    version_constraint: ~1
actions:
    post:
        id: %[2]s
        next: [ask]
        properties:
            config_id: %[3]s # the channel
            json: {channel: general, text: "falcon::text('as it is')"}
    ask:
        id: %[4]s
        class: Inline.HTTPRequest
        version_constraint: ~1
        next: [mail]
        properties:
            config_id: %[5]s
            config_name: Inventory
            definition_id: %[6]s
            http_transaction:
                request_http_method: GET
                request_content_type: JSON
                request_url: https://api.us-2.crowdstrike.com/x
            host_group_id: 1111111111111111111111111111111a
    mail:
        id: %[7]s
        version_constraint: ~1
        properties:
            to: [soc@corp.internal]
            subject: ${Trigger.CID}
            msg: "see 0123456789abcdef0123456789abcdef"
            user_uuid: 0a1b2c3d-0a1b-4c3d-8a1b-0a1b2c3d4e5f
`

// slackID returns the id of the configuration of Slack.
func slackID(sim *falconsim.Running) string {
	for _, c := range sim.PluginConfigs() {
		if c.Name == "Security channel" {
			return c.ID
		}
	}
	return ""
}

func sendDocument(t *testing.T, sim *falconsim.Running, credential, definition string) string {
	t.Helper()
	id := func(name string) string { return actionsOf(t, sim, name)[0].ID }
	return fmt.Sprintf(sendTo, "the team", id("Slack v2 - Chat PostMessage"), slackID(sim), id("Cloud HTTP Request"), credential, definition, id("Send email"))
}

func TestPortable_configurations(t *testing.T) {
	t.Parallel()
	simA, simB := tenants(t, falconsim.Options{}, falconsim.Options{})
	credential, definition := simA.CreateHTTPCredential("Inventory")
	credentialB, definitionB := simB.CreateHTTPCredential("Inventory")
	a, b := acctest.NewProtocol(t, simA), acctest.NewProtocol(t, simB)
	id, err := simA.CreateWorkflow([]byte(sendDocument(t, simA, credential, definition)), false)
	if err != nil {
		t.Fatal(err)
	}
	exported, diags := a.Data(workflowData, acctest.Arguments{"name": "Send to the team"})
	a.WantNoError(diags)
	portable := a.Text(exported, "portable_definition")
	for _, want := range []string{
		`id: "falcon::action('Slack v2 - Chat PostMessage', vendor='Slack').id"`,
		`config_id: "falcon::config('Security channel', app='Slack').id"`,
		`config_id: "falcon::credential('Inventory').id"`, `definition_id: "falcon::credential('Inventory').definition_id"`,
		"event: Case/Created", `text: "falcon::text('falcon::text(\\'as it is\\')')"`,
	} {
		if !strings.Contains(portable, want) {
			t.Errorf("%s is missing:\n%s", want, portable)
		}
	}
	kinds := map[string]int{}
	for _, row := range rowsOf(t, a, exported, "tenant_bound") {
		kinds[row["kind"]]++
		if (row["reference"] == "") == (row["reason"] == "") || row["path"] == "" || row["line"] == "" {
			t.Errorf("the row lacks something: %v", row)
		}
	}
	if want := map[string]int{"action": 3, "config": 1, "credential": 2, "cloud": 1, "host_group": 1, "email": 1, "id": 1, "user": 1}; !maps.Equal(kinds, want) {
		t.Errorf("tenant_bound has %v, want %v", kinds, want)
	}
	resolved, diags := b.Data(documentData, acctest.Arguments{"portable_definition": portable})
	b.WantNoError(diags)
	doc, problems := fusion.Parse(b.Text(resolved, "definition"))
	want, _ := fusion.Parse(sendDocument(t, simB, credentialB, definitionB))
	if len(problems) > 0 || !fusion.Equal(doc, want.With(nil, nil)) {
		t.Errorf("%v %v", problems, fusion.Differences(doc, want))
	}
	if n := len(rowsOf(t, b, resolved, "references")); n != 7 {
		t.Errorf("%d references, want 7", n)
	}
	if w, err := simA.Workflow(id); err != nil || w.Name != "Send to the team" {
		t.Error(w.Name, err)
	}
}

// Where Falcon does not list the credentials of HTTP actions, their ids stay, and a reference to one is an error that says so.
func TestPortable_unlistedCredential(t *testing.T) {
	t.Parallel()
	simA, simB := tenants(t, falconsim.Options{Readings: falconsim.Readings{"Q110": "b"}}, falconsim.Options{Readings: falconsim.Readings{"Q110": "b"}})
	credential, definition := simA.CreateHTTPCredential("Inventory")
	a, b := acctest.NewProtocol(t, simA), acctest.NewProtocol(t, simB)
	id, err := simA.CreateWorkflow([]byte(sendDocument(t, simA, credential, definition)), false)
	if err != nil {
		t.Fatal(err)
	}
	exported, diags := a.Data(workflowData, acctest.Arguments{"id": id})
	a.WantNoError(diags)
	if text := a.Text(exported, "portable_definition"); !strings.Contains(text, "config_id: "+credential) || !strings.Contains(text, "definition_id: "+definition) {
		t.Error(text)
	}
	for _, row := range rowsOf(t, a, exported, "tenant_bound") {
		if row["kind"] == "credential" && row["reason"] != "Falcon does not list a credential with this id." {
			t.Error(row)
		}
	}
	_, diags = b.Data(documentData, acctest.Arguments{"portable_definition": `{"name": "x", "trigger": {}, "actions": {"a": {"id": "falcon::action('Cloud HTTP Request').id", "properties": {"config_id": "falcon::credential('Inventory').id"}}}}`})
	if text := errorsOf(diags); !strings.Contains(text, `Falcon lists no credential "Inventory"`) {
		t.Error(text)
	}
}

// Without permission to list configurations, the rest of an export becomes portable, and a reference to one is an error.
func TestPortable_withoutPermission(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Scopes: []string{"workflow:read", "workflow:write"}})
	p := acctest.NewProtocol(t, sim)
	id, err := sim.CreateWorkflow([]byte(sendDocument(t, sim, slackID(sim), slackID(sim))), false)
	if err != nil {
		t.Fatal(err)
	}
	exported, diags := p.Data(workflowData, acctest.Arguments{"id": id})
	p.WantNoError(diags)
	if text := p.Text(exported, "portable_definition"); !strings.Contains(text, "config_id: "+slackID(sim)) || !strings.Contains(text, "falcon::action('Send email'") {
		t.Error(text)
	}
	reasons := 0
	for _, row := range rowsOf(t, p, exported, "tenant_bound") {
		if strings.Contains(row["reason"], "api-integrations:read") {
			reasons++
		}
	}
	if reasons != 3 {
		t.Errorf("%d rows name the missing scope, want 3", reasons)
	}
	_, diags = p.Data(documentData, acctest.Arguments{"portable_definition": `{"name": "x", "trigger": {}, "actions": {"a": {"id": "falcon::action('Call webhook').id", "properties": {"config_id": "falcon::config('receiver').id"}}}}`})
	if text := errorsOf(diags); !strings.Contains(text, "api-integrations:read") {
		t.Error(text)
	}
	sim = acctest.NewSim(t, falconsim.Options{Scopes: []string{"api-client-mgmt:read"}})
	p = acctest.NewProtocol(t, sim)
	_, diags = p.Data(documentData, acctest.Arguments{"portable_definition": `{"name": "x", "trigger": {}, "actions": {"a": {"id": "falcon::action('Sleep').id"}}}`})
	if text := errorsOf(diags); !strings.Contains(text, "workflow:read") {
		t.Error(text)
	}
}

// The resource refuses a reference that was not looked up.
func TestPortable_notLookedUp(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	text := strings.Replace(acctest.SleepDocument, "4f1af1ae4c13dc1e3bcd725f8dc0f63b", "falcon::action('Sleep').id", 1)
	if got := errorsOf(p.Validate(acctest.Arguments{"definition": text})); !strings.Contains(got, "falcon::action('Sleep').id is replaced only by the data source falcon_workflow_document") {
		t.Error(got)
	}
}

// Each action, the triggers and the configurations are read once per run, however many documents need them.
func TestPortable_requests(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	for i := range 20 {
		text := fmt.Sprintf(`{"name": "x%d", "trigger": {"type": "Signal", "event": "Case"}, "actions": {"a": {"id": "falcon::action('Slack v2 - Chat PostMessage').id", "properties":
			{"config_id": "falcon::config('Security channel').id"}}, "b": {"id": "falcon::action('Sleep').id"}}}`, i)
		_, diags := p.Data(documentData, acctest.Arguments{"portable_definition": text})
		p.WantNoError(diags)
	}
	for path, want := range map[string]int{activitiesPath: 3, acctest.TriggersPath: 1, "/plugins/combined/configs/v1": 1} {
		if n := acctest.CountRequests(sim, "GET", path); n != want {
			t.Errorf("%d requests to %s, want %d", n, path, want)
		}
	}
}
