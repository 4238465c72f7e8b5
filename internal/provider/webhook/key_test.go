package webhook_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/webhook"
)

// A key that never reached Falcon is not recorded as set: where the write call
// is known to work, a change that it refuses is an error until it is taken.
func TestWebhookKeyIsNotTakenAsSet(t *testing.T) {
	t.Parallel()
	status := func(code int) falconsim.Fault { return falconsim.Fault{Status: code} }
	failing := map[string]falconsim.Fault{
		"500": status(500), "503": status(503), "403": status(403), "400": status(400), "errors in 200": {Kind: falconsim.FaultErrors},
	}
	changed := acctest.WebhookArguments.With(acctest.Arguments{"hmac_secret_wo": acctest.SecondKey})
	origins := map[string]struct {
		adopts string // the URL of what is adopted; "": Terraform makes the configuration
		fault  map[string]falconsim.Fault
		taken  bool // the second refusal is taken as "done in the console"
	}{
		"made":                           {fault: failing},
		"made, and no such call":         {fault: map[string]falconsim.Fault{"404": status(404), "405": status(405)}, taken: true},
		"adopted and changed":            {adopts: acctest.MovedURL, fault: failing},
		"adopted, a fault of the server": {adopts: acctest.WebhookURL, fault: map[string]falconsim.Fault{"500": status(500), "503": status(503)}},
		"adopted, refused":               {adopts: acctest.WebhookURL, fault: map[string]falconsim.Fault{"403": status(403), "400": status(400)}, taken: true},
	}
	for origin, tt := range origins {
		for name, fault := range tt.fault {
			t.Run(origin+"/"+name, func(t *testing.T) {
				t.Parallel()
				sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
				if tt.adopts != "" {
					acctest.ConsoleHook(t, sim, tt.adopts)
				}
				p := hookProtocol(t, sim)
				first := acctest.WebhookArguments
				if tt.adopts != "" {
					first = first.With(acctest.Arguments{"url": tt.adopts})
				}
				state, diags := p.Apply(p.None(), first)
				p.WantNoError(diags)
				state, diags = p.Apply(state, acctest.WebhookArguments)
				p.WantNoError(diags)
				fault.Method, fault.Path = http.MethodPatch, acctest.ConfigsPath
				acctest.Inject(t, sim, fault)

				state, diags = p.Apply(state, changed)
				refusal(t, diags, "a new key")
				state, diags = p.Apply(state, changed)
				if tt.taken {
					p.WantNoError(diags)
					if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "taken as") {
						t.Errorf("no warning: %s", text)
					}
					return
				}
				refusal(t, diags, "Could not update", `webhook_writes = "never"`)
				if v := p.Text(state, "hmac_secret_wo_version"); !strings.Contains(v, `"1"`) {
					t.Errorf("version %s", v)
				}
				sim.ClearFaults()
				sim.ResetRequests()
				state, diags = p.Apply(state, changed)
				p.WantNoError(diags)
				if n := acctest.Calls(sim, http.MethodPatch, acctest.ConfigsPath); n != 1 || !strings.Contains(p.Text(state, "hmac_secret_wo_version"), `"2"`) {
					t.Errorf("%d writes, and %s", n, state.Value)
				}
			})
		}
	}
}

func TestLeavesConsole(t *testing.T) {
	t.Parallel()
	for status, want := range map[int][2]bool{ // a call that never worked, and one that has
		0: {true, true}, 404: {true, true}, 405: {true, true}, 415: {true, true}, 501: {true, true},
		200: {true, false}, 400: {true, false}, 403: {true, false}, 409: {true, false},
		500: {false, false}, 503: {false, false},
	} {
		refused := &falcon.WritesUnavailableError{Status: status}
		if got := [2]bool{webhook.LeavesConsole(refused, false), webhook.LeavesConsole(refused, true)}; got != want {
			t.Errorf("%d: got %v, want %v", status, got, want)
		}
	}
}
