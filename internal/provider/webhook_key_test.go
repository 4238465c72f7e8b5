package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// A key that never reached Falcon is not recorded as set: where the write call
// is known to work, a change that it refuses is an error until it is taken.
func TestWebhookKeyIsNotTakenAsSet(t *testing.T) {
	t.Parallel()
	status := func(code int) falconsim.Fault { return falconsim.Fault{Status: code} }
	failing := map[string]falconsim.Fault{
		"500": status(500), "503": status(503), "403": status(403), "400": status(400), "errors in 200": {Kind: falconsim.FaultErrors},
	}
	changed := aWebhook.with(arguments{"hmac_secret_wo": secondKey})
	origins := map[string]struct {
		adopts string // the URL of what is adopted; "": Terraform makes the configuration
		fault  map[string]falconsim.Fault
		taken  bool // the second refusal is taken as "done in the console"
	}{
		"made":                           {fault: failing},
		"made, and no such call":         {fault: map[string]falconsim.Fault{"404": status(404), "405": status(405)}, taken: true},
		"adopted and changed":            {adopts: movedURL, fault: failing},
		"adopted, a fault of the server": {adopts: hookURL, fault: map[string]falconsim.Fault{"500": status(500), "503": status(503)}},
		"adopted, refused":               {adopts: hookURL, fault: map[string]falconsim.Fault{"403": status(403), "400": status(400)}, taken: true},
	}
	for origin, tt := range origins {
		for name, fault := range tt.fault {
			t.Run(origin+"/"+name, func(t *testing.T) {
				t.Parallel()
				sim := newSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
				if tt.adopts != "" {
					consoleHook(t, sim, tt.adopts)
				}
				p := hookProtocol(t, sim)
				first := aWebhook
				if tt.adopts != "" {
					first = first.with(arguments{"url": tt.adopts})
				}
				state, diags := p.apply(p.none(), first)
				p.wantFine(diags)
				state, diags = p.apply(state, aWebhook)
				p.wantFine(diags)
				fault.Method, fault.Path = http.MethodPatch, configsPath
				inject(t, sim, fault)

				state, diags = p.apply(state, changed)
				refusal(t, diags, "a new key")
				state, diags = p.apply(state, changed)
				if tt.taken {
					p.wantFine(diags)
					if text := messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "taken as") {
						t.Errorf("no warning: %s", text)
					}
					return
				}
				refusal(t, diags, "Could not update", `webhook_writes = "never"`)
				if v := p.text(state, "hmac_secret_wo_version"); !strings.Contains(v, `"1"`) {
					t.Errorf("version %s", v)
				}
				sim.ClearFaults()
				sim.ResetRequests()
				state, diags = p.apply(state, changed)
				p.wantFine(diags)
				if n := calls(sim, http.MethodPatch, configsPath); n != 1 || !strings.Contains(p.text(state, "hmac_secret_wo_version"), `"2"`) {
					t.Errorf("%d writes, and %s", n, state.value)
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
		if got := [2]bool{leavesConsole(refused, false), leavesConsole(refused, true)}; got != want {
			t.Errorf("%d: got %v, want %v", status, got, want)
		}
	}
}
