package workflow_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

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
		WithoutTriggers: []string{"Case > Case Created"}, Versions: map[string]string{"Sleep": "0.9.1"}, NotPermitted: []string{"Contain device"},
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

// The ids of an HTTP action's credential are never an error, because Falcon may not list credentials. What is not listed, or could not be
// checked, is a warning and a row.
func TestPortable_foreignCredential(t *testing.T) {
	t.Parallel()
	const foreign = "2222222222222222222222222222222c"
	for name, tt := range map[string]struct {
		options falconsim.Options
		own     bool // the document has the ids of a credential of the tenant
		want    string
	}{
		"own":           {own: true},
		"foreign":       {want: `Falcon does not list a credential with the (config_id|definition_id) "2+c" here: it may belong to another tenant.*credentials: .*"Inventory"`},
		"none listed":   {options: falconsim.Options{Readings: falconsim.Readings{"Q110": "b"}}, want: `or Falcon may not list credentials`},
		"no permission": {options: falconsim.Options{Scopes: []string{"workflow:read"}}, want: `could not be checked: .*api-integrations:read`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, tt.options)
			config, definition := sim.CreateHTTPCredential("Inventory")
			if !tt.own {
				config, definition = foreign, foreign
			}
			document := fmt.Sprintf(`{"name": "x", "trigger": {"type": "On demand", "next": ["a"]}, "actions": {"a": {"id": "falcon::action('Cloud HTTP Request').id",
				"version_constraint": "~1", "class": "Inline.HTTPRequest", "properties": {"config_id": %q, "definition_id": %q}}}}`, config, definition)
			p := acctest.NewProtocol(t, sim)
			got, diags := p.Data(documentData, acctest.Arguments{"portable_definition": document})
			p.WantNoError(diags)
			if v := p.Attributes(got.Value)["definition"]; v.IsNull() {
				t.Error("no definition")
			}
			rows := rowsOf(t, p, got, "missing")
			warnings := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning)
			if tt.want == "" {
				if len(rows) > 0 || warnings != "" {
					t.Errorf("rows %v, warnings %s", rows, warnings)
				}
				return
			}
			if len(rows) != 2 || !regexp.MustCompile(tt.want).MatchString(warnings) {
				t.Errorf("rows %v, warnings %s", rows, warnings)
			}
			for _, row := range rows {
				if row["kind"] != "credential" || row["blocking"] != "false" || row["name"] != foreign {
					t.Error(row)
				}
			}
		})
	}
}

// Without permission to list configurations, the id of one is a warning.
func TestPortable_uncheckedConfiguration(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{Scopes: []string{"workflow:read"}}))
	_, diags := p.Data(documentData, acctest.Arguments{"portable_definition": fmt.Sprintf(`{"name": "x", "trigger": {"type": "On demand", "next": ["a"]}, "actions": {"a": {
		"id": "falcon::action('Call webhook').id", "version_constraint": "~1", "properties": {"config_id": %q, "_fields": ["${Trigger.CID}"]}}}}`, coretest.OtherConfigID)})
	p.WantNoError(diags)
	if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !regexp.MustCompile(coretest.OtherConfigID + `" could not be checked: .*api-integrations:read`).MatchString(text) {
		t.Error(text)
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
