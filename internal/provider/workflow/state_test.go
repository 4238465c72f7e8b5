package workflow_test

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// A reviewer sees what changes, and only that.
func TestWorkflowPlanText(t *testing.T) {
	t.Parallel()
	base := acctest.LoopsDocument(t)
	for _, tt := range []struct {
		name, old, new string
		changes        []string
		more           acctest.Arguments
	}{
		{name: "property", old: "sleep_time: 10s", new: "sleep_time: 11s", changes: []string{".actions.Wait.properties.sleep_time"}},
		{name: "deep in loops", old: "tag: seen", new: "tag: unseen", changes: []string{".loops.Loop.loops.Inner.actions.AddTag.properties.tag"}},
		{name: "condition", old: "Severity'] > 3", new: "Severity'] > 4", changes: []string{".conditions.is_severe.cel_expression"}},
		{name: "name attribute", more: acctest.Arguments{"name": "another"}, changes: []string{".name"}},
		{name: "property and form", old: "            sleep_time: 10s\n", new: "            \"sleep_time\": '11s' # longer\n", changes: []string{".actions.Wait.properties.sleep_time"}},
		{name: "an action's name left out beside a change", old: "        name: Sleep\n        next:\n            - SendEmail\n        properties:\n            sleep_time: 10s", new: "        next:\n            - SendEmail\n        properties:\n            sleep_time: 11s", changes: []string{".actions.Wait.properties.sleep_time"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
			made := p.Created(acctest.Arguments{"definition": base, "enabled": false})
			config := acctest.Arguments{"definition": strings.Replace(base, tt.old, tt.new, 1), "enabled": false}
			maps.Copy(config, tt.more)
			planned, diags := p.Plan(made, config)
			p.WantNoError(diags)
			if got := changedKeys(t, p.Text(made, "document"), p.Text(planned, "document")); !slices.Equal(got, tt.changes) {
				t.Errorf("the plan changes %q, want %q", got, tt.changes)
			}
			for name, known := range map[string]bool{"id": true, "name": true, "description": true, "version": false, "last_modified": false} {
				if got := p.Members(planned.Value)[name].IsKnown(); got != known {
					t.Errorf("%s is known: %t, want %t", name, got, known)
				}
			}
		})
	}
}

// Every change makes one version, and nothing makes one needlessly.
func TestWorkflowVersions(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	state := p.None()
	for i, step := range []struct {
		config  acctest.Arguments
		version int
		calls   int // that write
	}{
		{acctest.Arguments{"definition": acctest.SleepDocument}, 2, 2},
		{acctest.Arguments{"definition": acctest.SleepReformatted}, 2, 0},
		{acctest.Arguments{"definition": acctest.SleepDocument, "enabled": false}, 3, 1},
		{acctest.Arguments{"definition": acctest.SleepDocument, "enabled": true, "name": "siesta"}, 5, 2},
		{acctest.Arguments{"definition": acctest.SleepDocument, "name": "siesta", "timeouts": acctest.Arguments{"create": "1m"}}, 5, 0},
		{acctest.Arguments{"definition": acctest.SleepDocument, "name": "siesta", "description": "rests"}, 6, 1},
		{acctest.Arguments{"definition": acctest.SleepDocument}, 7, 1},
	} {
		sim.ResetRequests()
		var diags []*tfprotov6.Diagnostic
		state, diags = p.Apply(state, step.config)
		p.WantNoError(diags)
		if w := acctest.OnlyWorkflow(t, sim); w.Version != step.version || p.Text(state, "version") != fmt.Sprintf("tftypes.Number<%q>", fmt.Sprint(step.version)) {
			t.Errorf("step %d: version %d in Falcon, %s in the state, want %d", i, w.Version, p.Text(state, "version"), step.version)
		}
		if n := writes(sim); n != step.calls {
			t.Errorf("step %d: %d calls that write, want %d", i, n, step.calls)
		}
		p.WantNoop(p.Refreshed(state), step.config)
	}
}

// Somebody switches the workflow off between plan and apply.
func TestWorkflowSwitchedMeanwhile(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	made := p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
	if err := sim.SetWorkflowEnabled(p.Text(made, "id"), false); err != nil {
		t.Fatal(err)
	}
	config := acctest.Arguments{"definition": acctest.SleepDocument, "name": "siesta"}
	state, diags := p.Apply(made, config)
	p.WantNoError(diags)
	if w := acctest.OnlyWorkflow(t, sim); !w.Enabled || w.Version != 5 {
		t.Errorf("enabled %t, version %d; want true, 5", w.Enabled, w.Version)
	}
	p.WantNoop(p.Refreshed(state), config)
}

// An update whose answer is lost is settled by a look, never by a second update.
func TestWorkflowUpdate_lostAnswer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		fault   falconsim.Fault
		says    string
		version int
	}{
		{"dropped after it took effect", falconsim.Fault{Kind: falconsim.FaultDropAfter}, "", 3},
		{"cut short", falconsim.Fault{Kind: falconsim.FaultTruncate}, "", 3},
		{"dropped before", falconsim.Fault{Kind: falconsim.FaultDropBefore}, "the request to update workflow", 2},
		{"server's fault", falconsim.Fault{Status: http.StatusInternalServerError}, "the request to update workflow", 2},
		{"refused", falconsim.Fault{Status: http.StatusForbidden}, "the request to update workflow", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{})
			p := acctest.NewProtocol(t, sim)
			made := p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
			tt.fault.Method, tt.fault.Path = http.MethodPut, acctest.Definitions
			tt.fault.Match = func(r *http.Request) bool { return r.URL.Query().Get("validate_only") != "true" }
			acctest.Inject(t, sim, tt.fault)
			config := acctest.Arguments{"definition": acctest.SleepDocument, "description": "longer"}
			state, diags := p.Apply(made, config)
			if got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !strings.Contains(strings.ToLower(got), tt.says) || (got == "") != (tt.says == "") {
				t.Errorf("got %q, want %q", got, tt.says)
			}
			if w := acctest.OnlyWorkflow(t, sim); w.Version != tt.version {
				t.Errorf("version %d, want %d", w.Version, tt.version)
			}
			if n := writes(sim) - 2; n != 1 { // beside import and enable
				t.Errorf("%d updates were sent, want one", n)
			}
			if tt.says == "" {
				p.WantNoop(p.Refreshed(state), config)
			}
		})
	}
}

// What Falcon finds wrong stands at the node, with line and column, though
// updates and enabling name no node.
func TestWorkflowValidationCodes(t *testing.T) {
	t.Parallel()
	slack := acctest.SleepDocument + `  say:
    id: 184239ceb8a046cfb159228abd7cc67e
    version_constraint: ~0
    properties: {json: {channel: general}}
`
	slack = strings.Replace(slack, "    properties:\n", "    next: [say]\n    properties:\n", 1)
	for _, tt := range []struct {
		name, document, says string
	}{
		{"2003", strings.Replace(acctest.SleepDocument, "type: On demand", "type: Signal\n  event: Nothing", 1), `Node "trigger" \(line 3, column 1\): unknown trigger event named Nothing \(code 2003\)`},
		{"2016", strings.Replace(acctest.SleepDocument, "sleep_time: 1m", "other: 1m", 1), `Node "wait" \(line 8, column 3\): A value is required for the property "sleep_time" \(code 2016\)`},
		{"2016, empty", strings.Replace(acctest.SleepDocument, "sleep_time: 1m", "sleep_time: ''", 1), `Node "wait".*A value is required for the property "sleep_time" \(code 2016\)`},
		{"2018", strings.Replace(acctest.SleepDocument, "4f1af1ae", "00000000", 1), `Node "wait" \(line 8, column 3\): activity not found for id 00000000`},
		{"pin", strings.Replace(acctest.SleepDocument, "~1", "~9", 1), `Node "wait" \(line 8, column 3\): activity not found for id 4f1af1ae4c13dc1e3bcd725f8dc0f63b constraint ~9`},
		{"2035, without a name", slack, `Node "say" \(line 14, column 3\): missing required plugin configuration for 'Slack v2 - Chat PostMessage' \(code 2035\)`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{NoSlackConfig: true})
			p := acctest.NewProtocol(t, sim)
			made := p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
			sim.ResetRequests()
			// Without the provider's own checks, Falcon's are heard.
			_, diags := p.Plan(made, acctest.Arguments{"definition": tt.document, "ignore_rules": []string{"R09", "R32", "R33", "R37"}})
			if got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !regexp.MustCompile("^definition: .*" + tt.says).MatchString(got) {
				t.Errorf("got %q\nwant %s", got, tt.says)
			}
			if n := writes(sim); n != 0 {
				t.Errorf("%d writes", n)
			}
		})
	}
}
