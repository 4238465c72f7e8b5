package workflow_test

import (
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// brokenFlow breaks R18 (Falcon's import refuses it), R25 (Falcon refuses to
// enable it) and R03 (Falcon drops the key), each at a place of its own.
const brokenFlow = `name: broken
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

func TestWorkflowRules_validate(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	const link = "https://registry.terraform.io/providers/falcon-integrations/falcon/latest/docs/guides/workflow-checks#"
	for _, tc := range []struct {
		name             string
		config           acctest.Arguments
		errors, warnings []string
	}{
		{"enabled", acctest.Arguments{"definition": brokenFlow},
			[]string{`line 8, column 11: condition "check": next must be a list, even for one node: write next: \[wait\]\.\s+This is check R18: ` + link + "r18",
				`line 7, column 3: condition "check": the condition needs an expression, .*` + link + "r25"},
			[]string{`line 5, column 1: "colour" is not a known key of a workflow.*` + link + "r03"}},
		{"a draft", acctest.Arguments{"definition": brokenFlow, "enabled": false},
			[]string{"This is check R18"},
			[]string{`Unfinished workflow document: line 7, column 3: .*Falcon stores the workflow like this and refuses to enable it.*r25`, "r03"}},
		{"perhaps a draft", acctest.Arguments{"definition": brokenFlow, "enabled": acctest.Unknown{}}, []string{"R18"}, []string{"r25", "r03"}},
		{"ignored", acctest.Arguments{"definition": brokenFlow, "ignore_rules": []string{"R18", "r25", "R03"}}, nil, nil},
		{"some ignored", acctest.Arguments{"definition": brokenFlow, "ignore_rules": []string{"R18"}}, []string{"R25"}, []string{"r03"}},
		{"perhaps ignored", acctest.Arguments{"definition": brokenFlow, "ignore_rules": acctest.Unknown{}}, nil, nil},
		{"an unknown check", acctest.Arguments{"definition": acctest.SleepDocument, "ignore_rules": []string{"R18", "R188"}}, []string{`"R188" is not the id of a workflow check\. Nearest: .*R18`}, nil},
		{"none", acctest.Arguments{"definition": acctest.SleepDocument, "ignore_rules": []string{}}, []string{"at least 1"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			diags := p.Validate(tc.config)
			wantEach(t, acctest.Messages(diags, tfprotov6.DiagnosticSeverityError), tc.errors)
			wantEach(t, acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning), tc.warnings)
		})
	}
}

// wantEach holds messages to patterns: each is there, and without any there is no message.
func wantEach(t *testing.T, got string, patterns []string) {
	t.Helper()
	if len(patterns) == 0 && got != "" {
		t.Errorf("unexpected: %s", got)
	}
	for _, pattern := range patterns {
		if !regexp.MustCompile("(?s)" + pattern).MatchString(got) {
			t.Errorf("got %q, want %s", got, pattern)
		}
	}
}

// flowWith is a workflow of one event with an action of certain keys.
func flowWith(event, keys string) string {
	return "name: flow\ntrigger: {type: Signal, event: " + event + ", version_constraint: ~1, next: [act]}\nactions:\n  act: {" + keys + "}\n"
}

const printKeys = "id: aadbf530e35fc452a032f5f8acaaac2a, version_constraint: ~1, properties: "

// The rules of the catalog at plan: errors for a workflow that is to be on, warnings for a draft, nothing where ignored.
func TestWorkflowRules_catalog(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	for _, tc := range []struct{ name, rule, definition, says string }{
		{"event", "R09", flowWith("Case/Create", printKeys+"{_fields: [a]}"), `no trigger for the event "Case/Create"; did you mean "Case/Created"`},
		{"field", "R54", flowWith("Case/Created", printKeys+`{custom_json: {a: "${data['Trigger.Case.Nome']}"}}`), `line 4, column \d+: action "act": the event Case/Created has no Trigger\.Case\.Nome; did you mean`},
		{"action", "R32", flowWith("Case/Created", "id: 4f1af1ae4c13dc1e3bcd725f8dc0f630, name: Sleep"), `no action with the id "4f1af1ae4c13dc1e3bcd725f8dc0f630"; actions with a similar name: Sleep \(4f1af1ae4c13dc1e3bcd725f8dc0f63b\)`},
		{"pin", "R33", flowWith("Case/Created", "id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~7, properties: {sleep_time: 1m}"), `the tenant has the action "Sleep" at ~1, not at ~7`},
		{"property", "R37", flowWith("Case/Created", "id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: ''}"), `the action "Sleep" requires the property "sleep_time"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			config := acctest.Arguments{"definition": tc.definition}
			p.WantNoError(p.Validate(config))
			_, diags := p.Plan(p.None(), config)
			wantEach(t, acctest.Messages(diags, tfprotov6.DiagnosticSeverityError), []string{tc.says + ".*This is check " + tc.rule})

			_, diags = p.Plan(p.None(), acctest.Arguments{"definition": tc.definition, "enabled": false})
			if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); strings.Contains(text, tc.rule) {
				t.Errorf("an error for a draft: %s", text)
			}
			wantEach(t, acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning), []string{tc.says + ".*refuses to enable it.*This is check " + tc.rule})

			_, diags = p.Plan(p.None(), acctest.Arguments{"definition": tc.definition, "ignore_rules": []string{tc.rule}})
			if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError) + acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); strings.Contains(text, "check "+tc.rule) {
				t.Errorf("ignored, and yet: %s", text)
			}
		})
	}
}

// A change of a workflow is held to the catalog as a new one is.
func TestWorkflowRules_catalogOfAChange(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	made := p.Created(acctest.Arguments{"definition": flowWith("Case/Created", printKeys+"{_fields: ['${Trigger.CID}']}")})
	_, diags := p.Plan(made, acctest.Arguments{"definition": flowWith("Case/Created", printKeys+"{_fields: ['${Trigger.CIDs}']}")})
	wantEach(t, acctest.Messages(diags, tfprotov6.DiagnosticSeverityError), []string{`no Trigger\.CIDs; did you mean "Trigger\.CID"\?\s+This is check R54`})
}

// In notify_webhook the rules speak of its own arguments, and can be left out too.
func TestWorkflowRules_notifyWebhook(t *testing.T) {
	t.Parallel()
	_, p, base := notifyFlow(t, falconsim.Options{}, acctest.Arguments{"event": "Case/Created", "fields": []string{"Trigger.CID", "Trigger.CIDs"}})
	config := func(more acctest.Arguments) acctest.Arguments {
		out := maps.Clone(base)
		maps.Copy(out, more)
		return out
	}
	_, diags := p.Plan(p.None(), config(nil))
	text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError)
	wantEach(t, text, []string{`notify_webhook.*fields.*1.*no Trigger\.CIDs; did you mean "Trigger\.CID"\?\s+This is check R54`})
	if strings.Contains(text, "line ") {
		t.Errorf("a line that the user does not know: %s", text)
	}
	_, diags = p.Plan(p.None(), config(acctest.Arguments{"ignore_rules": []string{"R54"}}))
	if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); strings.Contains(text, "R54") {
		t.Errorf("ignored, and yet: %s", text)
	}
}

// What is ignored is no change of the workflow.
func TestWorkflowRules_ignoreChanges(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	made := p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
	sim.ResetRequests()
	again, diags := p.Apply(made, acctest.Arguments{"definition": acctest.SleepDocument, "ignore_rules": []string{"R51"}})
	p.WantNoError(diags)
	if w := acctest.OnlyWorkflow(t, sim); w.Version != 2 || !p.Members(again.Value)["version"].Equal(tftypes.NewValue(tftypes.Number, 2)) {
		t.Errorf("version %d, in state %s; want 2", w.Version, p.Text(again, "version"))
	}
	p.WantNoop(again, acctest.Arguments{"definition": acctest.SleepDocument, "ignore_rules": []string{"R51"}})
}
