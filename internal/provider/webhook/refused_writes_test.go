package webhook_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/webhook"
)

// consoleValues are the lines of an error that the user copies into the console.
func consoleValues(url string) []string {
	return []string{
		"CrowdStrike Store → the app CrowdStrike Webhook → Configure", "Name:                   zscaler",
		"Webhook URL:            " + url, "Signature Header Name:  " + acctest.SignatureHeader,
	}
}

func createInConsole(t *testing.T, h *acctest.Harness) string {
	t.Helper()
	id, err := h.Sim.CreatePluginConfig("zscaler", acctest.WebhookURL, acctest.SecondKey, "")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func editInConsole(t *testing.T, h *acctest.Harness, id, url string) {
	t.Helper()
	if err := h.Sim.EditPluginConfig(id, falconsim.PluginConfigEdit{URL: &url}); err != nil {
		t.Fatal(err)
	}
}

// A create that the tenant does not offer lists what to enter in the console. The next apply adopts the result, which
// stays when the resource is destroyed.
func TestRefusedCreate(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		reading string // of Q12
		writes  string
		posts   int
	}{
		"not offered":        {reading: "a", posts: 1},
		"forbidden":          {reading: "c", posts: 1},
		"method not allowed": {reading: "d", posts: 1},
		"bad request":        {reading: "e", posts: 1},
		"unsupported":        {reading: "f", posts: 1},
		"switched off":       {reading: "b", writes: "never"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{Readings: falconsim.Readings{"Q12": tt.reading}}, func(t *testing.T, h *acctest.Harness) {
				writes := "try"
				if tt.writes != "" {
					writes = tt.writes
				}
				p := h.WithWrites(writes)
				h.Transport.Arm(nil)
				state, diags := p.Apply(p.None(), acctest.WebhookArguments)
				wantError(t, diags, append(consoleValues(acctest.WebhookURL), webhook.InConsole)...)
				if n := h.Count(http.MethodPost, acctest.ConfigsPath); n != tt.posts || !state.Value.IsNull() {
					t.Errorf("%d requests, want %d; the state is %s", n, tt.posts, state.Value)
				}
				id := createInConsole(t, h)
				p = h.WithWrites(writes)
				h.Transport.Arm(nil)
				state, diags = p.Apply(p.None(), acctest.WebhookArguments)
				p.WantNoError(diags)
				if p.Text(state, "id") != id || !strings.Contains(p.Text(state, "created_by_terraform"), "false") || !strings.Contains(p.Text(state, "hmac_secret_wo_version"), `"1"`) {
					t.Errorf("adopted %s", state.Value)
				}
				_, diags = h.WithWrites(writes).Destroy(state)
				p.WantNoError(diags)
				if n := h.Writes(); n != 0 || len(h.Ours()) != 1 {
					t.Errorf("%d writes, and %d configurations are left", n, len(h.Ours()))
				}
			})
		})
	}
}

// refused is a refusal of a request with this method, until the transport is armed again.
func refused(h *acctest.Harness, method string, status int) {
	h.Transport.Arm(acctest.FaultAt(acctest.SentCall{Method: method, Path: acctest.ConfigsPath, N: 1}, acctest.Fault{
		Do: func(_ *acctest.Transport, req *http.Request) (*http.Response, error) {
			return acctest.Answered(req, status, acctest.Refused(status, "refused"))
		},
	}, true))
}

// An update that the tenant does not offer lists what to enter in the console, and is done when Falcon shows it.
// A delete leaves the configuration in Falcon, with a warning.
func TestRefusedUpdateAndDelete(t *testing.T) {
	t.Parallel()
	moved := acctest.WebhookArguments.With(acctest.Arguments{"url": acctest.MovedURL})
	for _, status := range []int{
		http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusUnsupportedMediaType,
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
				state := h.WebhookState(acctest.WebhookArguments)
				p := h.WebhookRun()
				refused(h, http.MethodPatch, status)
				state, diags := p.Apply(state, moved)
				wantError(t, diags, append(consoleValues(acctest.MovedURL), "url: \""+acctest.WebhookURL+"\" in Falcon")...)
				state, diags = p.Apply(state, moved) // Falcon still shows the old URL
				wantError(t, diags, "url: \""+acctest.WebhookURL+"\" in Falcon")
				if n := h.Writes(); n != 2 {
					t.Errorf("%d requests", n)
				}
				editInConsole(t, h, p.Text(state, "id"), acctest.MovedURL)
				p = h.WebhookRun()
				state, diags = p.Read(state)
				p.WantNoError(diags)
				state, diags = p.Apply(state, moved)
				p.WantNoError(diags)
				if n := h.Writes(); n != 2 || p.Text(state, "url") != acctest.MovedURL {
					t.Errorf("%d requests, and %s", n, state.Value)
				}
				refused(h, http.MethodDelete, status)
				state, diags = h.WebhookRun().Destroy(state)
				p.WantNoError(diags)
				if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "stays in Falcon") {
					t.Errorf("the warnings are %q", text)
				}
				if n := h.Writes(); n != 1 || len(h.Ours()) != 1 || !state.Value.IsNull() {
					t.Errorf("%d requests, %d configurations are left, the state is %s", n, len(h.Ours()), state.Value)
				}
			})
		})
	}
}

// Falcon may show neither the names nor the content of configurations. config_id then decides what is adopted, and a
// change that Falcon does not show is assumed to be made in the console by the second apply.
func TestNothingShown(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{Readings: falconsim.Readings{"Q12": "a", "Q14": "b", "Q15": "b", "Q16": "b"}}, func(t *testing.T, h *acctest.Harness) {
		id := createInConsole(t, h)
		p := h.WebhookRun()
		_, diags := p.Apply(p.None(), acctest.WebhookArguments)
		wantError(t, diags, webhook.InConsole, id)
		_, diags = h.WebhookRun().Apply(p.None(), acctest.WebhookArguments.With(acctest.Arguments{"config_id": coretest.OtherConfigID}))
		wantError(t, diags, "config_id: Webhook configuration not found", id)
		byID := acctest.WebhookArguments.With(acctest.Arguments{"config_id": id})
		state, diags := h.WebhookRun().Apply(p.None(), byID)
		p.WantNoError(diags)
		moved := byID.With(acctest.Arguments{"url": acctest.MovedURL})
		state, diags = h.WebhookRun().Apply(state, moved)
		wantError(t, diags, append(consoleValues(acctest.MovedURL), "url: not shown by Falcon")...)
		state, diags = h.WebhookRun().Apply(state, moved)
		p.WantNoError(diags)
		if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "Change assumed to be made") || p.Text(state, "url") != acctest.MovedURL {
			t.Errorf("the warnings are %q, the state %s", text, state.Value)
		}
	})
}

// The scopes of the API client decide how far a create gets.
func TestScopes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		scopes []string
		fails  []string
		posts  int
	}{
		"no list":    {scopes: []string{"workflow:read", "api-integrations:write"}, fails: []string{webhook.CreateFailed, "api-integrations:read"}},
		"no write":   {scopes: []string{"workflow:read", "api-integrations:read"}, fails: append(consoleValues(acctest.WebhookURL), webhook.InConsole), posts: 1},
		"no catalog": {scopes: []string{"api-integrations:read", "api-integrations:write"}, posts: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{NoSlackConfig: true}, func(t *testing.T, h *acctest.Harness) {
				h.Sim.AddClient(coretest.TestConfigID, "secret of a weak client", tt.scopes)
				p, problem := h.RunAs(acctest.WebhookType, coretest.TestConfigID, "secret of a weak client")
				if problem != "" {
					t.Fatal(problem)
				}
				_, diags := p.Apply(p.None(), acctest.WebhookArguments)
				if tt.fails == nil {
					p.WantNoError(diags)
				} else {
					wantError(t, diags, tt.fails...)
				}
				if n := h.Writes(); n != tt.posts {
					t.Errorf("%d requests, want %d", n, tt.posts)
				}
			})
		})
	}
}

// A secret that never reached Falcon is not recorded as set: if the request is known to work, a change that it refuses is
// an error until it is accepted.
func TestRefusedSecretIsNotRecorded(t *testing.T) {
	t.Parallel()
	status := func(code int) falconsim.Fault { return falconsim.Fault{Status: code} }
	failing := map[string]falconsim.Fault{
		"500": status(500), "503": status(503), "403": status(403), "400": status(400), "errors in 200": {Kind: falconsim.FaultErrors},
	}
	changed := acctest.WebhookArguments.With(acctest.Arguments{"hmac_secret_wo": acctest.SecondKey})
	origins := map[string]struct {
		adopts  string // URL of the configuration that is adopted; "": Terraform creates it
		fault   map[string]falconsim.Fault
		assumed bool // after the second refusal, the change is assumed to be made in the console
	}{
		"created":                  {fault: failing},
		"created, and not offered": {fault: map[string]falconsim.Fault{"404": status(404), "405": status(405)}, assumed: true},
		"adopted and changed":      {adopts: acctest.MovedURL, fault: failing},
		"adopted, a server error":  {adopts: acctest.WebhookURL, fault: map[string]falconsim.Fault{"500": status(500), "503": status(503)}},
		"adopted, refused":         {adopts: acctest.WebhookURL, fault: map[string]falconsim.Fault{"403": status(403), "400": status(400)}, assumed: true},
	}
	for origin, tt := range origins {
		for name, fault := range tt.fault {
			t.Run(origin+"/"+name, func(t *testing.T) {
				t.Parallel()
				sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
				if tt.adopts != "" {
					acctest.ConsoleHook(t, sim, tt.adopts)
				}
				p := newProtocol(t, sim)
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
				wantError(t, diags, "a new key")
				state, diags = p.Apply(state, changed)
				if tt.assumed {
					p.WantNoError(diags)
					if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "Change assumed to be made") {
						t.Errorf("no warning: %s", text)
					}
					return
				}
				wantError(t, diags, "Unable to update", `webhook_writes = "never"`)
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
