package workflow_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// brokenDefinition violates R18 (the import fails), R25 (Falcon refuses to enable it) and R03 (Falcon drops the key), each
// at a different position.
const brokenDefinition = `name: broken
trigger:
  type: On demand
  next: [check]
colour: red
conditions:
  check:
    next: wait
actions:
  wait:
    id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b
    version_constraint: ~1
    properties: {sleep_time: 1m}
`

func TestRules_validate(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	const link = "https://registry.terraform.io/providers/falcon-integrations/falcon/latest/docs/guides/workflow-checks#"
	for _, tc := range []struct {
		name             string
		config           acctest.Arguments
		errors, warnings []string
	}{
		{"enabled", acctest.Arguments{"definition": brokenDefinition},
			[]string{`line 8, column 11: condition "check": next must be a list, even for one node: write next: \[wait\]\.\s+This is check R18: ` + link + "r18",
				`line 7, column 3: condition "check": the condition needs an expression, .*` + link + "r25"},
			[]string{`line 5, column 1: "colour" is not a known key of a workflow.*` + link + "r03"}},
		{"a draft", acctest.Arguments{"definition": brokenDefinition, "enabled": false},
			[]string{"This is check R18"},
			[]string{`Unfinished workflow document: line 7, column 3: .*Falcon stores the workflow like this and refuses to enable it.*r25`, "r03"}},
		{"unknown whether a draft", acctest.Arguments{"definition": brokenDefinition, "enabled": acctest.Unknown{}}, []string{"R18"}, []string{"r25", "r03"}},
		{"ignored", acctest.Arguments{"definition": brokenDefinition, "ignore_rules": []string{"R18", "r25", "R03"}}, nil, nil},
		{"some ignored", acctest.Arguments{"definition": brokenDefinition, "ignore_rules": []string{"R18"}}, []string{"R25"}, []string{"r03"}},
		{"unknown whether ignored", acctest.Arguments{"definition": brokenDefinition, "ignore_rules": acctest.Unknown{}}, nil, nil},
		{"an unknown check", acctest.Arguments{"definition": acctest.SleepDocument, "ignore_rules": []string{"R18", "R188"}}, []string{`"R188" is not the id of a workflow check\. Nearest: .*R18`}, nil},
		{"none", acctest.Arguments{"definition": acctest.SleepDocument, "ignore_rules": []string{}}, []string{"at least 1"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			diags := p.Validate(tc.config)
			wantMessages(t, acctest.Messages(diags, tfprotov6.DiagnosticSeverityError), tc.errors)
			wantMessages(t, acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning), tc.warnings)
		})
	}
}

// signalWorkflow is a workflow for one event, with an action of the given keys.
func signalWorkflow(event, keys string) string {
	return "name: flow\ntrigger: {type: Signal, event: " + event + ", version_constraint: ~1, next: [act]}\nactions:\n  act: {" + keys + "}\n"
}

const printKeys = "id: aadbf530e35fc452a032f5f8acaaac2a, version_constraint: ~1, properties: "

// Rules that need the catalog are checked by a plan: errors for a workflow that will be enabled, warnings for a draft, nothing if ignored.
func TestRules_catalog(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	for _, tc := range []struct{ name, rule, definition, wantError string }{
		{"event", "R09", signalWorkflow("Case/Create", printKeys+"{_fields: [a]}"), `no trigger for the event "Case/Create"; did you mean "Case/Created"`},
		{"field", "R54", signalWorkflow("Case/Created", printKeys+`{custom_json: {a: "${data['Trigger.Case.Nome']}"}}`), `line 4, column \d+: action "act": the event Case/Created has no Trigger\.Case\.Nome; did you mean`},
		{"action", "R32", signalWorkflow("Case/Created", "id: 4f1af1ae4c13dc1e3bcd725f8dc0f630, name: Sleep"), `no action with the id "4f1af1ae4c13dc1e3bcd725f8dc0f630"; actions with a similar name: Sleep \(4f1af1ae4c13dc1e3bcd725f8dc0f63b\)`},
		{"pin", "R33", signalWorkflow("Case/Created", "id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~7, properties: {sleep_time: 1m}"), `the tenant has the action "Sleep" at ~1, not at ~7`},
		{"property", "R37", signalWorkflow("Case/Created", "id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: ''}"), `the action "Sleep" requires the property "sleep_time"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			config := acctest.Arguments{"definition": tc.definition, "name": tc.name}
			p.WantNoError(p.Validate(config))
			_, diags := p.Plan(p.None(), config)
			wantMessages(t, acctest.Messages(diags, tfprotov6.DiagnosticSeverityError), []string{tc.wantError + ".*This is check " + tc.rule})

			_, diags = p.Plan(p.None(), config.With(acctest.Arguments{"name": tc.name + ", draft", "enabled": false}))
			if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); strings.Contains(text, tc.rule) {
				t.Errorf("an error for a draft: %s", text)
			}
			wantMessages(t, acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning), []string{tc.wantError + ".*refuses to enable it.*This is check " + tc.rule})

			_, diags = p.Plan(p.None(), config.With(acctest.Arguments{"name": tc.name + ", ignored", "ignore_rules": []string{tc.rule}}))
			if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError) + acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); strings.Contains(text, "check "+tc.rule) {
				t.Errorf("reported although ignored: %s", text)
			}
		})
	}
}

// A change of a workflow is checked against the catalog like a new one.
func TestRules_catalogOnUpdate(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	created := p.Create(acctest.Arguments{"definition": signalWorkflow("Case/Created", printKeys+"{_fields: ['${Trigger.CID}']}")})
	_, diags := p.Plan(created, acctest.Arguments{"definition": signalWorkflow("Case/Created", printKeys+"{_fields: ['${Trigger.CIDs}']}")})
	wantMessages(t, acctest.Messages(diags, tfprotov6.DiagnosticSeverityError), []string{`no Trigger\.CIDs; did you mean "Trigger\.CID"\?\s+This is check R54`})
}

// In notify_webhook, the rules report its own arguments, and can be ignored too.
func TestRules_notifyWebhook(t *testing.T) {
	t.Parallel()
	_, p, base := notifyWorkflow(t, falconsim.Options{}, acctest.Arguments{"event": "Case/Created", "fields": []string{"Trigger.CID", "Trigger.CIDs"}})
	config := func(more acctest.Arguments) acctest.Arguments {
		out := maps.Clone(base)
		maps.Copy(out, more)
		return out
	}
	_, diags := p.Plan(p.None(), config(nil))
	text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError)
	wantMessages(t, text, []string{`notify_webhook.*fields.*1.*no Trigger\.CIDs; did you mean "Trigger\.CID"\?\s+This is check R54`})
	if strings.Contains(text, "line ") {
		t.Errorf("a line that the user does not know: %s", text)
	}
	_, diags = p.Plan(p.None(), config(acctest.Arguments{"ignore_rules": []string{"R54"}}))
	if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); strings.Contains(text, "R54") {
		t.Errorf("reported although ignored: %s", text)
	}
}

// A change of ignore_rules does not change the workflow.
func TestRules_ignoreRulesIsNoChange(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	created := p.Create(acctest.Arguments{"definition": acctest.SleepDocument})
	sim.ResetRequests()
	again, diags := p.Apply(created, acctest.Arguments{"definition": acctest.SleepDocument, "ignore_rules": []string{"R51"}})
	p.WantNoError(diags)
	if w := acctest.OnlyWorkflow(t, sim); w.Version != 2 || !p.Attributes(again.Value)["version"].Equal(tftypes.NewValue(tftypes.Number, 2)) {
		t.Errorf("version %d, in state %s; want 2", w.Version, p.Text(again, "version"))
	}
	p.WantEmptyPlan(again, acctest.Arguments{"definition": acctest.SleepDocument, "ignore_rules": []string{"R51"}})
}
