package webhook_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/webhook"
)

// What Falcon made and named is in state although it could not be seen: destroy
// deletes it, and nobody adopts it as somebody else's.
func TestWebhookMadeUnseen(t *testing.T) {
	t.Parallel()
	faults := map[string]falconsim.Fault{
		"errors in 200": {Kind: falconsim.FaultErrors},
		"403":           {Status: http.StatusForbidden},
		"nothing said":  {Status: http.StatusOK, Body: `{"meta":{},"errors":null,"resources":null}`},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
			fault.Method, fault.Path, fault.Skip = http.MethodGet, acctest.ConfigsListPath, 2 // it strikes after the create
			acctest.Inject(t, sim, fault)
			p := hookProtocol(t, sim)
			state, diags := p.Apply(p.None(), acctest.WebhookArguments)
			refusal(t, diags, "the next apply deletes it")
			id := acctest.HookNamed(t, sim).ID
			if p.Text(state, "id") != id || !state.Value.IsFullyKnown() || !p.Members(state.Value)["created_by_terraform"].Equal(tftypes.NewValue(tftypes.Bool, true)) {
				t.Fatalf("%s is made, and in state is %s", id, state.Value)
			}
			sim.ClearFaults()
			p = hookProtocol(t, sim)
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

// What the guide says of the effect is what is known of it.
func TestWebhookEffect(t *testing.T) {
	t.Parallel()
	const none, unsure, seen = "Nothing was", "not certain", "was changed can't be seen"
	tests := []struct {
		refused         falcon.WritesUnavailableError
		created, update string
	}{
		{falcon.WritesUnavailableError{Status: 404, Effect: falcon.EffectNone}, none, none},
		{falcon.WritesUnavailableError{Effect: falcon.EffectNone}, none, none},
		{falcon.WritesUnavailableError{Status: 500}, "The list shows no such", unsure},
		{falcon.WritesUnavailableError{Status: 200, Effect: falcon.EffectNone}, "The list shows no such", "does not show the change"},
		{falcon.WritesUnavailableError{Status: 200, Effect: falcon.EffectShown}, "The list shows no such", seen},
	}
	for _, tt := range tests {
		if got := webhook.NothingMade(&tt.refused); !strings.Contains(got, tt.created) {
			t.Errorf("%+v: %q lacks %q", tt.refused, got, tt.created)
		}
		if got := webhook.NothingChanged(&tt.refused); !strings.Contains(got, tt.update) {
			t.Errorf("%+v: %q lacks %q", tt.refused, got, tt.update)
		}
	}
}
