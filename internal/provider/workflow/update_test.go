package workflow_test

import (
	"fmt"
	"net/http"
	"slices"
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
		p.WantEmptyPlan(p.Refresh(state), step.config)
	}
}

// Someone disables the workflow between plan and apply.
func TestUpdate_disabledMeanwhile(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	created := p.Create(acctest.Arguments{"definition": acctest.SleepDocument})
	if err := sim.SetWorkflowEnabled(p.Text(created, "id"), false); err != nil {
		t.Fatal(err)
	}
	config := acctest.Arguments{"definition": acctest.SleepDocument, "name": "siesta"}
	state, diags := p.Apply(created, config)
	p.WantNoError(diags)
	if w := acctest.OnlyWorkflow(t, sim); !w.Enabled || w.Version != 5 {
		t.Errorf("enabled %t, version %d; want true, 5", w.Enabled, w.Version)
	}
	p.WantEmptyPlan(p.Refresh(state), config)
}

// An update whose response is lost is settled by a read. It is sent again only if Falcon shows that it had no effect.
func TestUpdate_lostResponse(t *testing.T) {
	t.Parallel()
	for fault, tt := range map[string]struct {
		want    string // in the error; "" for none
		version int
		again   int // how often it is sent again
	}{
		"dropped after the change":  {version: 3},
		"truncated":                 {version: 3},
		"dropped before the change": {want: "The request to update workflow", version: 2, again: 5},
		"500":                       {want: "to update workflow", version: 2, again: 5},
		"403":                       {want: "to update workflow", version: 2},
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
				p := b.Start(acctest.WorkflowType)
				created := p.Create(acctest.Arguments{"definition": acctest.SleepDocument})
				config := acctest.Arguments{"definition": acctest.SleepDocument, "description": "longer"}
				planned, diags := p.Plan(created, config)
				p.WantNoError(diags)
				isUpdate := func(c acctest.SentCall) bool { return c.Method == http.MethodPut && c.Path == acctest.DefinitionsPath }
				b.Transport.SetFault(func(c acctest.SentCall) *acctest.Fault {
					if isUpdate(c) {
						return acctest.FindFault(fault)
					}
					return nil
				})
				state, diags := p.ApplyPlanned(created, planned, config)
				if text := b.CheckDiagnostics(diags); !strings.Contains(text, tt.want) || (text == "") != (tt.want == "") {
					t.Errorf("got %q, want %q", text, tt.want)
				}
				if n := len(slices.DeleteFunc(b.Transport.Calls(), func(c acctest.SentCall) bool { return !isUpdate(c) })); n != 1+tt.again {
					t.Errorf("%d updates were sent, want %d", n, 1+tt.again)
				}
				if w := b.Sim.Workflows()[0]; w.Version != tt.version {
					t.Errorf("version %d, want %d", w.Version, tt.version)
				}
				if tt.want == "" {
					p.WantEmptyPlan(p.Refresh(state), config)
				}
			})
		})
	}
}

// One failure of the server does not end an apply: the request is sent again once Falcon shows that it had no effect.
func TestUpdate_serverError(t *testing.T) {
	t.Parallel()
	disabled := acctest.WorkflowArguments.With(acctest.Arguments{"enabled": false})
	for name, tt := range map[string]struct {
		before, after acctest.Arguments
		method, path  string
	}{
		"update":  {acctest.WorkflowArguments, acctest.WorkflowArguments.With(acctest.Arguments{"description": "another"}), http.MethodPut, acctest.DefinitionsPath},
		"enable":  {disabled, acctest.WorkflowArguments, http.MethodPost, acctest.WorkflowActionsPath},
		"disable": {acctest.WorkflowArguments, disabled, http.MethodPost, acctest.WorkflowActionsPath},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
				p := b.Start(acctest.WorkflowType)
				state := p.Create(tt.before)
				planned, diags := p.Plan(state, tt.after)
				p.WantNoError(diags)
				sent := 0
				b.Transport.SetFault(func(c acctest.SentCall) *acctest.Fault {
					if c.Method != tt.method || c.Path != tt.path {
						return nil
					}
					if sent++; sent > 1 {
						return nil
					}
					return acctest.FindFault("500")
				})
				state, diags = p.ApplyPlanned(state, planned, tt.after)
				if len(diags) > 0 || sent != 2 {
					t.Errorf("sent %d times, %v", sent, diags)
				}
				p.WantEmptyPlan(p.Refresh(state), tt.after)
			})
		})
	}
}

// A rename to a taken name is reported at the name, with the id of the other workflow.
func TestUpdate_takenName(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	other := p.Text(p.Create(acctest.Arguments{"definition": acctest.SleepDocument, "name": "other"}), "id")
	created := p.Create(acctest.Arguments{"definition": acctest.SleepDocument})
	_, diags := p.Apply(created, acctest.Arguments{"definition": acctest.SleepDocument, "name": "other"})
	acctest.WantError(t, "rename", diags, "name: ", "The workflow with the id "+other+` has the name "other"`, "terraform import falcon_workflow.this "+other)
}
