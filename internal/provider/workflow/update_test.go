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
		p.WantNoop(p.Refreshed(state), step.config)
	}
}

// Someone disables the workflow between plan and apply.
func TestUpdate_disabledMeanwhile(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	created := p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
	if err := sim.SetWorkflowEnabled(p.Text(created, "id"), false); err != nil {
		t.Fatal(err)
	}
	config := acctest.Arguments{"definition": acctest.SleepDocument, "name": "siesta"}
	state, diags := p.Apply(created, config)
	p.WantNoError(diags)
	if w := acctest.OnlyWorkflow(t, sim); !w.Enabled || w.Version != 5 {
		t.Errorf("enabled %t, version %d; want true, 5", w.Enabled, w.Version)
	}
	p.WantNoop(p.Refreshed(state), config)
}

// An update whose response is lost is settled by a read, never by a second update.
func TestUpdate_lostResponse(t *testing.T) {
	t.Parallel()
	for fault, tt := range map[string]struct {
		want    string // in the error; "" for none
		version int
	}{
		"dropped after the change":  {version: 3},
		"truncated":                 {version: 3},
		"dropped before the change": {want: "The request to update workflow", version: 2},
		"500":                       {want: "to update workflow", version: 2},
		"403":                       {want: "to update workflow", version: 2},
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
				p, _ := b.Run(acctest.WorkflowType)
				created := p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
				config := acctest.Arguments{"definition": acctest.SleepDocument, "description": "longer"}
				planned, diags := p.Plan(created, config)
				p.WantNoError(diags)
				isUpdate := func(c acctest.SentCall) bool { return c.Method == http.MethodPut && c.Path == acctest.Definitions }
				b.Transport.Arm(func(c acctest.SentCall) *acctest.Fault {
					if isUpdate(c) {
						return acctest.FaultNamed(fault)
					}
					return nil
				})
				state, diags := p.ApplyPlanned(created, planned, config)
				if text := b.Checked(diags); !strings.Contains(text, tt.want) || (text == "") != (tt.want == "") {
					t.Errorf("got %q, want %q", text, tt.want)
				}
				if n := len(slices.DeleteFunc(b.Transport.Calls(), func(c acctest.SentCall) bool { return !isUpdate(c) })); n != 1 {
					t.Errorf("%d updates were sent, want one", n)
				}
				if w := b.Sim.Workflows()[0]; w.Version != tt.version {
					t.Errorf("version %d, want %d", w.Version, tt.version)
				}
				if tt.want == "" {
					p.WantNoop(p.Refreshed(state), config)
				}
			})
		})
	}
}

// A rename to a taken name is reported at the name, with the id of the other workflow.
func TestUpdate_takenName(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{}))
	other := p.Text(p.Created(acctest.Arguments{"definition": acctest.SleepDocument, "name": "other"}), "id")
	created := p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
	_, diags := p.Apply(created, acctest.Arguments{"definition": acctest.SleepDocument, "name": "other"})
	acctest.WantError(t, "rename", diags, "name: ", "The workflow with the id "+other+` has the name "other"`, "terraform import falcon_workflow.this "+other)
}
