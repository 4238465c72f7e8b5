package workflow_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// An export with a caveat (status 299) is a warning, once: on the import that
// takes it as the definition.
func TestWorkflowImport_caveat(t *testing.T) {
	t.Parallel()
	sim, p, config := notifyFlow(t, falconsim.Options{Readings: falconsim.Readings{"Q42": "b"}}, acctest.Arguments{"trigger": "score_changed"})
	p.Created(config)
	imported, diags := p.Imported("name:notify")
	p.WantNoError(diags)
	if got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(got, `"notify" with a caveat: The workflow has custom trigger or action configuration`) {
		t.Errorf("warnings %q", got)
	}
	if err := sim.SetWorkflowEnabled(acctest.OnlyWorkflow(t, sim).ID, false); err != nil {
		t.Fatal(err)
	}
	if _, diags = p.Read(imported); len(diags) != 0 {
		t.Errorf("a refresh says %q", acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning))
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
			fault: falconsim.Fault{Path: acctest.ExportPath, Status: http.StatusNotFound},
		},
		{
			name: "an export that is no document", id: "name:nap", says: `Falcon's export of the workflow "nap" \(id [0-9a-f]{32}\) is not a workflow document`,
			fault: falconsim.Fault{Path: acctest.ExportPath, Status: http.StatusOK, Body: "[1, 2]"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{})
			p := acctest.NewProtocol(t, sim)
			p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
			if tt.fault.Path != "" {
				acctest.Inject(t, sim, tt.fault)
			}
			_, diags := p.Imported(tt.id)
			if got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !regexp.MustCompile("(?s)" + tt.says).MatchString(got) {
				t.Errorf("got %q\nwant %s", got, tt.says)
			}
		})
	}
}

func TestWorkflowValidation(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	nameless := strings.Replace(acctest.SleepDocument, "name: nap\n", "", 1)
	for _, tt := range []struct {
		name          string
		config        acctest.Arguments
		errors, warns string
	}{
		{name: "a document", config: acctest.Arguments{"definition": acctest.SleepDocument}},
		{name: "unknown", config: acctest.Arguments{"definition": acctest.Unknown{}, "name": acctest.Unknown{}}},
		{name: "JSON", config: acctest.Arguments{"definition": acctest.SleepReformatted}},
		{name: "neither", config: acctest.Arguments{"name": "x"}, errors: `Exactly one`},
		{name: "both, one of them unknown", config: acctest.Arguments{"definition": acctest.SleepDocument, "notify_webhook": acctest.Unknown{}}},
		{name: "both", config: acctest.Arguments{"definition": acctest.SleepDocument, "name": "x", "notify_webhook": acctest.Arguments{"trigger": "score_changed", "webhook_id": acctest.Unknown{}}}, errors: `(?s)definition.*notify_webhook|notify_webhook.*definition`},
		{name: "no name anywhere", config: acctest.Arguments{"definition": nameless}, errors: `definition: Missing name: The document has no name`},
		{name: "name as an attribute", config: acctest.Arguments{"definition": nameless, "name": "nap"}},
		{name: "name to come", config: acctest.Arguments{"definition": nameless, "name": acctest.Unknown{}}},
		{name: "notify_webhook without name", config: acctest.Arguments{"notify_webhook": acctest.Arguments{"trigger": "score_changed", "webhook_id": acctest.Unknown{}}}, errors: `name: Missing name`},
		{
			name: "several mistakes at once", errors: `(?s)line 5.*weit.*Line|(?s)line 6.*weit.*line 8.*unreachable`,
			config: acctest.Arguments{"definition": strings.Replace(acctest.SleepDocument, "- wait", "- weit", 1)},
		},
		{
			name: "legacy event", warns: `definition: .*2026-01-01.*Case/Created`,
			config: acctest.Arguments{"definition": strings.Replace(acctest.SleepDocument, "type: On demand", "type: Signal\n  event: Incident", 1)},
		},
		{
			name: "legacy event in a block", warns: `notify_webhook.event: Legacy incident event: .*2026-01-01.*Case/Created`,
			config: acctest.Arguments{"name": "x", "notify_webhook": acctest.Arguments{"event": "Incident", "webhook_id": acctest.Unknown{}, "fields": []string{"Trigger.CID"}}},
		},
		{
			name: "unknown key", warns: `line \d+.*propertis.*properties`,
			config: acctest.Arguments{"definition": acctest.SleepDocument + "    propertis: {}\n"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			diags := p.Validate(tt.config)
			for severity, want := range map[tfprotov6.DiagnosticSeverity]string{tfprotov6.DiagnosticSeverityError: tt.errors, tfprotov6.DiagnosticSeverityWarning: tt.warns} {
				if got := acctest.Messages(diags, severity); !regexp.MustCompile(want).MatchString(got) || (got == "") != (want == "") {
					t.Errorf("%s: got %q, want %q", severity, got, want)
				}
			}
		})
	}
}

// Unknown parts leave unknown what depends on them, and nothing else.
func TestWorkflowPlan_unknown(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	made := p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
	for _, tt := range []struct {
		name    string
		prior   acctest.Instance
		config  acctest.Arguments
		unknown string
	}{
		{"new, definition", p.None(), acctest.Arguments{"definition": acctest.Unknown{}}, "definition description document id last_modified name validation_errors version"},
		{"new, definition, name given", p.None(), acctest.Arguments{"definition": acctest.Unknown{}, "name": "x"}, "definition description document id last_modified validation_errors version"},
		{"new, name", p.None(), acctest.Arguments{"definition": acctest.SleepDocument, "name": acctest.Unknown{}}, "description document id last_modified name validation_errors version"},
		{"definition", made, acctest.Arguments{"definition": acctest.Unknown{}}, "definition description document last_modified name validation_errors version"},
		{"description", made, acctest.Arguments{"definition": acctest.SleepDocument, "description": acctest.Unknown{}}, "description document last_modified name validation_errors version"},
		{"enabled", made, acctest.Arguments{"definition": acctest.SleepDocument, "enabled": acctest.Unknown{}}, "enabled last_modified validation_errors version"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			planned, diags := p.Plan(tt.prior, tt.config)
			p.WantNoError(diags)
			var got []string
			for name, v := range p.Members(planned.Value) {
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
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	acctest.Inject(t, sim, falconsim.Fault{Method: http.MethodPost, Path: acctest.WorkflowActionsPath, Status: http.StatusBadRequest})
	acctest.Inject(t, sim, falconsim.Fault{Method: http.MethodDelete, Path: acctest.Definitions, Status: http.StatusForbidden})
	left, diags := p.Apply(p.None(), acctest.Arguments{"definition": acctest.SleepDocument})
	if got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !strings.Contains(got, "could not be removed again") || !strings.Contains(got, "next apply deletes it") {
		t.Errorf("got %q", got)
	}
	if id := acctest.OnlyWorkflow(t, sim).ID; p.Text(left, "id") != id {
		t.Errorf("the state holds %s, want the id %s", p.Text(left, "id"), id)
	}
	p.Refreshed(left)
}
