package workflow_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// Every change creates one version, and no other request writes.
func TestUpdate_versions(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	state := p.None()
	for i, step := range []struct {
		config  acctest.Arguments
		version int
		writes  int
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
		if n := writes(sim); n != step.writes {
			t.Errorf("step %d: %d writes, want %d", i, n, step.writes)
		}
		p.WantNoop(p.Refreshed(state), step.config)
	}
}

// Someone disables the workflow between plan and apply.
func TestUpdate_disabledMeanwhile(t *testing.T) {
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

// An update whose response is lost is settled by a read, never by a second update.
func TestUpdate_lostResponse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		fault   falconsim.Fault
		says    string
		version int
	}{
		{"dropped after it took effect", falconsim.Fault{Kind: falconsim.FaultDropAfter}, "", 3},
		{"truncated", falconsim.Fault{Kind: falconsim.FaultTruncate}, "", 3},
		{"dropped before", falconsim.Fault{Kind: falconsim.FaultDropBefore}, "to update workflow", 2},
		{"server error", falconsim.Fault{Status: http.StatusInternalServerError}, "to update workflow", 2},
		{"refused", falconsim.Fault{Status: http.StatusForbidden}, "to update workflow", 2},
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
			if n := writes(sim) - 2; n != 1 { // in addition to import and enable
				t.Errorf("%d updates were sent, want one", n)
			}
			if tt.says == "" {
				p.WantNoop(p.Refreshed(state), config)
			}
		})
	}
}
