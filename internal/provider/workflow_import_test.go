package provider

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// An export with a caveat (status 299) is a warning, once: on the import that
// takes it as the definition.
func TestWorkflowImport_caveat(t *testing.T) {
	t.Parallel()
	sim, p, config := notifyFlow(t, falconsim.Options{Readings: falconsim.Readings{"Q42": "b"}}, arguments{"trigger": "score_changed"})
	p.created(config)
	imported, diags := p.imported("name:notify")
	p.wantFine(diags)
	if got := messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(got, `"notify" with a caveat: The workflow has custom trigger or action configuration`) {
		t.Errorf("warnings %q", got)
	}
	if err := sim.SetWorkflowEnabled(onlyFlow(t, sim).ID, false); err != nil {
		t.Fatal(err)
	}
	if _, diags = p.read(imported); len(diags) != 0 {
		t.Errorf("a refresh says %q", messages(diags, tfprotov6.DiagnosticSeverityWarning))
	}
}

func TestWorkflowImport_refusals(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, id, says string
		fault          falconsim.Fault
	}{
		{name: "no id", id: "nap", says: `Invalid import id: A workflow is imported by its id \(or by its name, as "name:My Workflow"\)`},
		{name: "unknown name", id: "name:nab", says: `0 workflows named "nab".*Nearest: "nap"`},
		{
			name: "made from a Foundry template", id: "name:nap", says: `workflow "nap" \([0-9a-f]{32}\) exists, but Falcon does not export it.*Foundry`,
			fault: falconsim.Fault{Path: exportPath, Status: http.StatusNotFound},
		},
		{
			name: "an export that is no document", id: "name:nap", says: `Falcon's export of the workflow "nap" \(id [0-9a-f]{32}\) is not a workflow document`,
			fault: falconsim.Fault{Path: exportPath, Status: http.StatusOK, Body: "[1, 2]"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim := newSim(t, falconsim.Options{})
			p := newProtocol(t, sim)
			p.created(arguments{"definition": sleepDocument})
			if tt.fault.Path != "" {
				mustInject(t, sim, tt.fault)
			}
			_, diags := p.imported(tt.id)
			if got := messages(diags, tfprotov6.DiagnosticSeverityError); !regexp.MustCompile("(?s)" + tt.says).MatchString(got) {
				t.Errorf("got %q\nwant %s", got, tt.says)
			}
		})
	}
}

func TestWorkflowValidation(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, newSim(t, falconsim.Options{}))
	nameless := strings.Replace(sleepDocument, "name: nap\n", "", 1)
	for _, tt := range []struct {
		name          string
		config        arguments
		errors, warns string
	}{
		{name: "a document", config: arguments{"definition": sleepDocument}},
		{name: "unknown", config: arguments{"definition": unknown{}, "name": unknown{}}},
		{name: "JSON", config: arguments{"definition": sleepReformatted}},
		{name: "neither", config: arguments{"name": "x"}, errors: `Exactly one`},
		{name: "both, one of them unknown", config: arguments{"definition": sleepDocument, "notify_webhook": unknown{}}},
		{name: "both", config: arguments{"definition": sleepDocument, "name": "x", "notify_webhook": arguments{"trigger": "score_changed", "webhook_id": unknown{}}}, errors: `(?s)definition.*notify_webhook|notify_webhook.*definition`},
		{name: "no name anywhere", config: arguments{"definition": nameless}, errors: `definition: Missing name: The document has no name`},
		{name: "name as an attribute", config: arguments{"definition": nameless, "name": "nap"}},
		{name: "name to come", config: arguments{"definition": nameless, "name": unknown{}}},
		{name: "notify_webhook without name", config: arguments{"notify_webhook": arguments{"trigger": "score_changed", "webhook_id": unknown{}}}, errors: `name: Missing name`},
		{
			name: "several mistakes at once", errors: `(?s)line 5.*weit.*Line|(?s)line 6.*weit.*line 8.*nothing`,
			config: arguments{"definition": strings.Replace(sleepDocument, "- wait", "- weit", 1)},
		},
		{
			name: "legacy event", warns: `definition: .*2026-01-01.*Case/Created`,
			config: arguments{"definition": strings.Replace(sleepDocument, "type: On demand", "type: Signal\n  event: Incident", 1)},
		},
		{
			name: "legacy event in a block", warns: `notify_webhook.event: Legacy incident event: .*2026-01-01.*Case/Created`,
			config: arguments{"name": "x", "notify_webhook": arguments{"event": "Incident", "webhook_id": unknown{}, "fields": []string{"Trigger.CID"}}},
		},
		{
			name: "unknown key", warns: `line \d+.*propertis.*properties`,
			config: arguments{"definition": sleepDocument + "    propertis: {}\n"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			diags := p.validate(tt.config)
			for severity, want := range map[tfprotov6.DiagnosticSeverity]string{tfprotov6.DiagnosticSeverityError: tt.errors, tfprotov6.DiagnosticSeverityWarning: tt.warns} {
				if got := messages(diags, severity); !regexp.MustCompile(want).MatchString(got) || (got == "") != (want == "") {
					t.Errorf("%s: got %q, want %q", severity, got, want)
				}
			}
		})
	}
}

// Unknown parts leave unknown what depends on them, and nothing else.
func TestWorkflowPlan_unknown(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, newSim(t, falconsim.Options{}))
	made := p.created(arguments{"definition": sleepDocument})
	for _, tt := range []struct {
		name    string
		prior   instance
		config  arguments
		unknown string
	}{
		{"new, definition", p.none(), arguments{"definition": unknown{}}, "definition description document id last_modified name validation_errors version"},
		{"new, definition, name given", p.none(), arguments{"definition": unknown{}, "name": "x"}, "definition description document id last_modified validation_errors version"},
		{"new, name", p.none(), arguments{"definition": sleepDocument, "name": unknown{}}, "description document id last_modified name validation_errors version"},
		{"definition", made, arguments{"definition": unknown{}}, "definition description document last_modified name validation_errors version"},
		{"description", made, arguments{"definition": sleepDocument, "description": unknown{}}, "description document last_modified name validation_errors version"},
		{"enabled", made, arguments{"definition": sleepDocument, "enabled": unknown{}}, "enabled last_modified validation_errors version"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			planned, diags := p.plan(tt.prior, tt.config)
			p.wantFine(diags)
			var got []string
			for name, v := range p.members(planned.value) {
				if !v.IsKnown() {
					got = append(got, name)
				}
			}
			slices.Sort(got)
			if strings.Join(got, " ") != tt.unknown {
				t.Errorf("unknown are %v, want %s", got, tt.unknown)
			}
		})
	}
}

// A workflow that could neither be finished nor removed stays in the state, and the next apply replaces it.
func TestWorkflowCreate_kept(t *testing.T) {
	t.Parallel()
	sim := newSim(t, falconsim.Options{})
	p := newProtocol(t, sim)
	mustInject(t, sim, falconsim.Fault{Method: http.MethodPost, Path: flowActionsPath, Status: http.StatusBadRequest})
	mustInject(t, sim, falconsim.Fault{Method: http.MethodDelete, Path: definitions, Status: http.StatusForbidden})
	left, diags := p.apply(p.none(), arguments{"definition": sleepDocument})
	if got := messages(diags, tfprotov6.DiagnosticSeverityError); !strings.Contains(got, "could not be removed again") || !strings.Contains(got, "next apply deletes it") {
		t.Errorf("got %q", got)
	}
	if id := onlyFlow(t, sim).ID; p.text(left, "id") != id {
		t.Errorf("the state holds %s, want the id %s", p.text(left, "id"), id)
	}
	p.refreshed(left)
}
