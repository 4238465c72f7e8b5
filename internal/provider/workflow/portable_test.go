package workflow_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
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

// What the other tenant lacks is reported all at once, at its place, with what the tenant has.
func TestPortable_preflight(t *testing.T) {
	t.Parallel()
	portable := `name: x
trigger:
  type: Signal
  event: Case/Created
  version_constraint: ~1
  next: [a, b, c, d, e, f]
actions:
  a: {id: "falcon::action('Send mail').id", properties: {}}
  b: {id: "falcon::action('Sleep', vendor='CrowdStrike').id", version_constraint: ~1, properties: {sleep_time: 1m}}
  c: {id: "falcon::action('Slack v2 - Chat PostMessage').id", properties: {config_id: "falcon::config('SOC').id"}}
  d: {id: "falcon::action('Print data').id", properties: {}}
  e: {id: a0000000000000000000000000000001, name: Contain device, properties: {}}
  f: {id: "falcon::action('Okta - Revoke Sessions').id", properties: {config_id: 2222222222222222222222222222222c}}
  g: {id: "falcon::action('Contain device').id", properties: {config_id: "@@later@@"}}
`
	sim := acctest.NewSim(t, falconsim.Options{Catalog: falconsim.Catalog{
		Without: []string{"Case > Case Created"}, Versions: map[string]string{"Sleep": "0.9.1"}, NotPermitted: []string{"Contain device"},
		More: []falconsim.CatalogAction{{ID: "77777777777777777777777777777777", Name: "Print data", Vendor: "Copycat"}},
	}})
	p := acctest.NewProtocol(t, sim)
	got, diags := p.Data(documentData, acctest.Arguments{"portable_definition": portable})
	if !got.Value.IsNull() && errorsOf(diags) == "" {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`(?i)line 4, column 10: trigger: the tenant has no trigger for the event "Case/Created": its product may not be subscribed; it has .*Case/Updated`,
		`(?i)line 8, column 11: action "a": the tenant has no action "Send mail".*"Send email" of CrowdStrike`,
		`(?i)line 9, column 63: action "b": the tenant has the action "Sleep" at ~0, not at ~1`,
		`(?i)line 10, .*action "c": the tenant has no configuration "SOC"; it has "Security channel"`,
		`action "d": the tenant has several actions "Print data": "Print data" of Copycat \(7+\), "Print data" of CrowdStrike`,
		`action "e": the tenant has no action with the id "a0+1".*"Contain device" of CrowdStrike \(bec9`,
		`action "f": the tenant has no configuration with the id "2+c"`,
	} {
		if !regexp.MustCompile(want).MatchString(errorsOf(diags)) {
			t.Errorf("%s is missing in:\n%s", want, errorsOf(diags))
		}
	}
	if n := strings.Count(errorsOf(diags), "The tenant lacks what the workflow needs"); n != 7 {
		t.Errorf("%d errors, want 7:\n%s", n, errorsOf(diags))
	}
	if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, `"Contain device" may not be used here`) {
		t.Errorf("the permission is missing: %s", text)
	}
	report, diags := p.Data(documentData, acctest.Arguments{"portable_definition": portable, "allow_missing": true})
	if len(diags) > 0 {
		t.Error(acctest.Messages(diags, 0))
	}
	var kinds []string
	for _, row := range rowsOf(t, p, report, "missing") {
		kinds = append(kinds, row["kind"]+" "+row["blocking"])
	}
	slices.Sort(kinds)
	if got := strings.Join(kinds, ", "); got != "action true, action true, action true, config true, config true, permission false, trigger true, version true" {
		t.Errorf("missing has %q", kinds)
	}
	if v := p.Attributes(report.Value)["definition"]; !v.IsNull() {
		t.Errorf("definition is %v", v)
	}
	if n := writes(sim); n != 0 {
		t.Errorf("%d requests changed something", n)
	}
}

// Names that several objects have are an error, and are not replaced in a portable form.
func TestPortable_ambiguous(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{
		Readings: falconsim.Readings{"Q19": "b"},
		Catalog:  falconsim.Catalog{More: []falconsim.CatalogAction{{ID: "0a", Name: "Sleep", Vendor: "Other"}}},
	})
	var ids []string
	for range 2 {
		id, err := sim.CreatePluginConfig(`it's "odd" \ #: |`, acctest.WebhookURL, coretest.TestKey, "")
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	p := acctest.NewProtocol(t, sim)
	document := func(config, sleep string) string {
		return fmt.Sprintf(`{"name": "x", "trigger": {"type": "On demand", "next": ["w"]}, "actions": {"w": {"id": %q, "next": ["s"],
			"version_constraint": "~1", "properties": {"config_id": %q, "_fields": ["${Trigger.CID}"]}}, "s": {"id": %q, "version_constraint": "~1", "properties": {"sleep_time": "1m"}}}}`,
			"falcon::action('Call webhook').id", config, sleep)
	}
	reference := `falcon::config('it\'s "odd" \\ #: |').id`
	_, diags := p.Data(documentData, acctest.Arguments{"portable_definition": document(reference, "falcon::action('Sleep').id")})
	for _, want := range []string{`the tenant has 2 configurations named`, ids[0], ids[1], `several actions "Sleep".*of CrowdStrike.*of Other`} {
		if !regexp.MustCompile(want).MatchString(errorsOf(diags)) {
			t.Errorf("%s is missing: %s", want, errorsOf(diags))
		}
	}
	if err := sim.DeletePluginConfig(ids[1]); err != nil {
		t.Fatal(err)
	}
	p = acctest.NewProtocol(t, sim) // lists the configurations again
	resolved, diags := p.Data(documentData, acctest.Arguments{"portable_definition": document(reference, "falcon::action('Sleep', vendor='crowdstrike').id")})
	p.WantNoError(diags)
	if text := p.Text(resolved, "document"); !strings.Contains(text, ids[0]) || !strings.Contains(text, "4f1af1ae4c13dc1e3bcd725f8dc0f63b") {
		t.Error(text)
	}
}

func TestPortable_invalidReferences(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	for text, want := range map[string]string{
		"name: x\nactions:\n  a: {id: falcon::action(Sleep).id}": `(?si)line 3, column 11: action "a": .*a name in quotes is missing`,
		"name: [":                       "invalid YAML",
		"name: falcon::trigger('x').id": `trigger has no attribute "id"; it has event and version_constraint`,
	} {
		if got := errorsOf(p.ValidateData(documentData, acctest.Arguments{"portable_definition": text})); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	diags := p.ValidateData(documentData, acctest.Arguments{"portable_definition": "name: see falcon::config('x').id"})
	if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "is always the whole value") {
		t.Error(text)
	}
	if diags := p.ValidateData(documentData, acctest.Arguments{"portable_definition": acctest.Unknown{}}); len(diags) > 0 {
		t.Error(acctest.Messages(diags, 0))
	}
}
