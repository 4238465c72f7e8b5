package webhook_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// A configuration that Falcon created, and that the list did not show afterwards, is in the state, so that destroy
// deletes it.
func TestCreatedUnseen(t *testing.T) {
	t.Parallel()
	faults := map[string]falconsim.Fault{
		"errors in 200":  {Kind: falconsim.FaultErrors},
		"403":            {Status: http.StatusForbidden},
		"empty response": {Status: http.StatusOK, Body: `{"meta":{},"errors":null,"resources":null}`},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
			fault.Method, fault.Path, fault.Skip = http.MethodGet, acctest.ConfigsListPath, 2 // it strikes after the create
			acctest.Inject(t, sim, fault)
			p := newProtocol(t, sim)
			state, diags := p.Apply(p.None(), acctest.WebhookArguments)
			wantError(t, diags, "the next apply deletes it")
			id := acctest.HookNamed(t, sim).ID
			if p.Text(state, "id") != id || !state.Value.IsFullyKnown() || !p.Members(state.Value)["created_by_terraform"].Equal(tftypes.NewValue(tftypes.Bool, true)) {
				t.Fatalf("Falcon has %s, the state %s", id, state.Value)
			}
			sim.ClearFaults()
			p = newProtocol(t, sim)
			read, diags := p.Read(state)
			p.WantNoError(diags)
			_, diags = p.Destroy(read)
			p.WantNoError(diags)
			if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); strings.Contains(text, "stays") || len(acctest.WebhookConfigs(sim)) != 0 {
				t.Errorf("%d are left: %s", len(acctest.WebhookConfigs(sim)), text)
			}
		})
	}
}
