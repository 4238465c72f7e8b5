package tenantcheck

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"
)

// everyRead are requests to all operations of the simulator, also those that a check does not use.
func everyRead(sim *falconsim.Server) []string {
	targets := []string{
		"GET /api-clients/entities/accessible-scopes/v1", "GET /api-clients/queries/api-clients/v1?limit=500", "GET /plugins/combined/configs/v1?limit=500",
		"GET /workflows/combined/definitions/v1?limit=500", "GET /workflows/combined/activities/v1?limit=500", "GET /workflows/combined/activity-content/v1?limit=500",
		"GET /workflows/combined/triggers/v1?limit=500", "GET /workflows/combined/executions/v1?limit=500", "GET /devices/queries/devices/v1?limit=500",
		"GET /zero-trust-assessment/queries/assessments/v1?filter=score%3A%3E0", "GET /zero-trust-assessment/entities/audit/v1", "GET /mssp/queries/children/v1",
		"GET /sensors/queries/installers/ccid/v1", "GET /workflows/combined/definitions/v1?filter=nonsense", "GET /no/such/path/v1",
		"POST /identity-protection/combined/graphql/v1 " + `{"query":"{ entities(first: 100) { nodes { entityId primaryDisplayName secondaryDisplayName riskScore } pageInfo { hasNextPage endCursor } } }"}`,
		"POST /identity-protection/combined/graphql/v1 " + `{"query":"{ domains(dataSources: []) }"}`, "POST /identity-protection/combined/graphql/v1 " + `{"query":"{ nonsense }"}`,
		"POST /workflows/entities/execute/v1 {}",
	}
	for _, c := range sim.Clients() {
		targets = append(targets, "GET /api-clients/entities/api-clients/v1?ids="+c.ID)
	}
	for _, h := range sim.Hosts() {
		targets = append(targets, "GET /devices/entities/devices/v2?ids="+h.AgentID, "GET /zero-trust-assessment/entities/assessments/v1?ids="+h.AgentID)
	}
	for _, w := range sim.Workflows() {
		targets = append(targets, "GET /workflows/entities/definitions/export/v1?id="+w.ID,
			"POST /workflows/entities/definition-actions/v1?action_name=enable "+`{"ids":["`+w.ID+`"]}`, "POST /workflows/entities/execute/v1?definition_id="+w.ID+" {}")
	}
	for _, e := range sim.Executions() {
		targets = append(targets, "GET /workflows/entities/execution-results/v1?ids="+e.ID)
	}
	return targets
}

// recorded checks a tenant, sends further requests to every operation through the same observer, and returns the record's text.
func recorded(t *testing.T, sim *falconsim.Server, transport http.RoundTripper, write *WriteOptions) string {
	t.Helper()
	report, err := Check(t.Context(), Options{Config: configOf(sim, transport), Write: write})
	if err != nil {
		t.Fatal(err)
	}
	o := &observer{base: transport}
	token := tokenOf(t, sim, sim.ClientID(), sim.ClientSecret())
	for _, target := range everyRead(sim) {
		method, rest, _ := strings.Cut(target, " ")
		path, body, _ := strings.Cut(rest, " ")
		send(t, o, token, method, path, "application/json", body)
	}
	form, contentType := upload(t, "name: "+sim.Workflows()[0].Name+"\ntrigger: {type: On demand}")
	send(t, o, token, http.MethodPost, "/workflows/entities/definitions/import/v1", contentType, form)
	report.observed.responses = append(report.observed.responses, o.all()...)
	text, err := report.Record().Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tokenOf returns a token of an API client.
func tokenOf(t *testing.T, sim *falconsim.Server, id, secret string) string {
	t.Helper()
	form := url.Values{"client_id": {id}, "client_secret": {secret}}
	o := &observer{base: &inProcess{handler: sim}}
	resp := send(t, o, "", http.MethodPost, "/oauth2/token", "application/x-www-form-urlencoded", form.Encode())
	token := text(decode(resp), "access_token")
	if token == "" {
		t.Fatalf("no token: %s", resp)
	}
	return token
}

func send(t *testing.T, o *observer, token, method, target, contentType, body string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, simulated+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := o.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := out.ReadFrom(resp.Body); err != nil || resp.Body.Close() != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func upload(t *testing.T, document string) (body, contentType string) {
	t.Helper()
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	part, err := form.CreateFormFile("data_file", "workflow.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte(document)); err != nil || form.Close() != nil {
		t.Fatal(err)
	}
	return out.String(), form.FormDataContentType()
}

// plantedTenant is a simulated tenant with marked values in every field that a person can set.
func plantedTenant(t *testing.T, p *plants, readings falconsim.Readings) *falconsim.Server {
	t.Helper()
	child := p.id()
	sim := falconsim.New(falconsim.Options{Seed: int64(p.random.IntN(1000) + 2), Users: 20, Readings: readings, MemberCIDs: []string{child}, Cloud: p.word()})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		_, secret, err := sim.CreateClient(p.value()+p.word(), p.value(), []string{"devices:read"})
		must(err)
		p.made = append(p.made, secret)
		sim.AddClient(p.id(), p.word(), []string{p.word() + ":read"})
		config, err := sim.CreatePluginConfig(p.value()+p.word(), "https://"+p.word()+".example/"+p.word(), p.word()+p.word()+p.word()+p.word(), "X-"+p.word())
		must(err)
		p.made = append(p.made, config)
		_, err = sim.PutHost(falconsim.Host{Hostname: p.word(), SerialNumber: p.word(), OSVersion: p.word(), Version: p.word()})
		must(err)
		_, err = sim.PutUser(falconsim.User{
			PrimaryDisplayName: p.word(), SecondaryDisplayName: p.word(), EmailAddresses: []string{p.word() + "@" + p.word() + ".example"},
			Accounts: []falconsim.Account{{Source: "ACTIVE_DIRECTORY", Domain: p.word() + ".EXAMPLE", SamAccountName: p.word(), UPN: p.word(), OU: p.word(), Department: p.word(), Title: p.word()}},
		})
		must(err)
		node := p.word()
		id, err := sim.CreateWorkflow([]byte(fmt.Sprintf(`{"name": %q, "description": %q, "labels": [%q], "trigger": {"type": "On demand", "next": [%q], "parameters": {"properties": {%q: {"type": "string"}}}},
			"actions": {%q: {"id": "aadbf530e35fc452a032f5f8acaaac2a", "name": %q, "version_constraint": "~1", "properties": {"text_data": %q, "custom_json": {%q: %q}}}}}`,
			p.value()+p.word(), p.value(), p.word(), node, p.word(), node, p.word(), p.value(), p.word(), p.word())), false)
		must(err)
		must(sim.SetWorkflowEnabled(id, true))
		sim.CreateCase(p.word())
	}
	must(sim.Inject(falconsim.Fault{Path: "/plugins/combined/configs/v1", Skip: 3, Kind: falconsim.FaultDelay, Header: http.Header{"X-Cs-" + p.word(): {p.word()}, "X-Api-Warning": {p.word()}}}))
	must(sim.Inject(falconsim.Fault{Path: "/zero-trust-assessment/entities/audit/v1", Status: 400, Body: `{"errors":[{"code":400,"message":"` + p.word() + ` failed for host ` + p.word() + `"}],"` + p.word() + `":1}`}))
	must(sim.Inject(falconsim.Fault{Path: "/mssp/queries/children/v1", Status: 502, Header: http.Header{"Content-Type": {"text/" + p.word()}}, Body: "<html>" + p.word()}))
	p.made = append(p.made, sim.CID(), strings.ToLower(sim.CCID()), sim.ClientID(), sim.ClientSecret())
	for _, c := range sim.Clients() {
		p.made = append(p.made, c.ID)
	}
	for _, w := range sim.Workflows() {
		p.made = append(p.made, w.ID)
	}
	for _, h := range sim.Hosts() {
		p.made = append(p.made, h.AgentID, strings.ToLower(h.Hostname))
	}
	return sim
}

// plantedSeeds returns how many tenants with planted values a test checks.
func plantedSeeds() uint64 {
	if acctest.FullTests() {
		return 12
	}
	return 2
}

// No value of a tenant is in its record, in no encoding.
func TestRecord_nothingOfTheTenant(t *testing.T) {
	t.Parallel()
	for seed := range plantedSeeds() {
		p := newPlants(seed)
		sim := plantedTenant(t, p, seededReadings(seed))
		text := recorded(t, sim, &inProcess{handler: sim}, nil)
		if found := p.survivors(text); len(found) > 0 {
			t.Errorf("seed %d: %v survive in\n%s", seed, found, text)
		}
		if len(text) < 3000 {
			t.Errorf("seed %d: the record is almost empty: %s", seed, text)
		}
	}
}

// The same where every text, and keys, headers and messages everywhere, are the tenant's own.
func TestRecord_everyTextPlanted(t *testing.T) {
	t.Parallel()
	for seed := range plantedSeeds() {
		p := newPlants(1000 + seed)
		sim := plantedTenant(t, p, seededReadings(seed))
		text := recorded(t, sim, &plantingTransport{base: &inProcess{handler: sim}, plants: p}, nil)
		if found := p.survivors(text); len(found) > 0 {
			t.Errorf("seed %d: %v survive in\n%s", seed, found, text)
		}
	}
}

// The same for a check that writes: it reads its own objects, and lists those of the tenant.
func TestRecord_nothingOfTheTenantAfterWrites(t *testing.T) {
	t.Parallel()
	for seed := range plantedSeeds() {
		synctest.Test(t, func(t *testing.T) {
			p := newPlants(2000 + seed)
			sim := plantedTenant(t, p, seededReadings(seed))
			var transport http.RoundTripper = &inProcess{handler: sim}
			if seed%2 == 1 {
				transport = &plantingTransport{base: transport, plants: p}
			}
			text := recorded(t, sim, transport, &WriteOptions{TryWebhookWrite: true})
			if found := p.survivors(text); len(found) > 0 {
				t.Errorf("seed %d: %v survive in\n%s", seed, found, text)
			}
		})
	}
}

// A record stays short, whatever the catalog has.
func TestRecord_manyFields(t *testing.T) {
	t.Parallel()
	facts := tenantfacts.New()
	facts.Triggers = []tenantfacts.Trigger{}
	for _, category := range []string{"ZeroTrust/HostScoreChange/HostOverallScoreChange", "Case/Created", "Case/Updated", "Investigatable"} {
		trigger := tenantfacts.Trigger{Category: category, Name: "Case", Fields: []tenantfacts.Field{}, More: 400}
		for _, a := range []string{"Detection", "Product", "Behavior", "Process", "Sensor"} {
			for _, b := range []string{"SourceEndpoint", "DestinationEndpoint", "ParentProcess", "GrandparentProcess"} {
				for _, c := range []string{"FileNameDescription", "CommandLineDescription", "AuthenticationID", "OriginalSeverityDisplayName"} {
					trigger.Fields = append(trigger.Fields, tenantfacts.Field{Path: "Trigger.Category.Investigatable." + a + "." + b + "." + c, Type: "string"})
				}
			}
		}
		facts.Triggers = append(facts.Triggers, trigger)
	}
	facts.Triggers[3].Fields[0].Path = "Trigger.AcmeField"
	sim := falconsim.New(falconsim.Options{Facts: facts})
	got, text := recordOf(t, sim)
	for i, trigger := range got.Triggers {
		if len(trigger.Fields) != maxFields || trigger.More != 400 {
			t.Errorf("%s: %d fields and %d more", trigger.Category, len(trigger.Fields), trigger.More)
		}
		if i == 3 && (trigger.Fields[0].Path != "Trigger.<field 1>" || strings.Contains(text, "Acme")) {
			t.Errorf("a field of the tenant's own is %s", trigger.Fields[0].Path)
		}
	}
	if len(text) > tenantfacts.MaxSize {
		t.Errorf("the record has %d bytes", len(text))
	}
}

// An action of the catalog whose id is not CrowdStrike's for certain has no id in the record.
func TestRecord_activityID(t *testing.T) {
	t.Parallel()
	sim := falconsim.New(falconsim.Options{})
	for id, want := range map[string]string{
		strings.Repeat("0123", 8): strings.Repeat("0123", 8), strings.Repeat("0123", 8) + "~" + strings.Repeat("4567", 8): strings.Repeat("0123", 8) + "~" + strings.Repeat("4567", 8),
		sim.CID(): "<id>", strings.Repeat("0123", 8) + "~" + sim.CID(): "<id>", strings.Repeat("0123", 8) + "_" + sim.CID(): "<id>", "acme": "<id>", sim.ClientID(): "<id>",
	} {
		facts := tenantfacts.New()
		facts.Activities = []tenantfacts.Activity{{ID: id, Name: "Call webhook", Version: "acme-1", Class: "Acme.Class", Properties: []tenantfacts.Property{{Key: "acme_id", Type: "acme"}, {Key: "config_id", Type: "string"}}}}
		got, text := recordOf(t, falconsim.New(falconsim.Options{Facts: facts}))
		if len(got.Activities) != 1 || got.Activities[0].ID != want || strings.Contains(strings.ToLower(text), "acme") {
			t.Errorf("%s: %+v", id, got.Activities)
		}
	}
}
