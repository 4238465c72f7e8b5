package webhook_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/webhook"
)

// meanwhile creates a configuration in the console, with another key, when the create is sent. respond then decides what
// happens to the create.
func meanwhile(b *acctest.Harness, url string, respond *acctest.Fault) {
	b.Transport.Arm(acctest.FaultAt(acctest.SentCall{Method: http.MethodPost, Path: acctest.ConfigsPath, N: 1}, acctest.Fault{
		Do: func(w *acctest.Transport, req *http.Request) (*http.Response, error) {
			if _, err := b.Sim.CreatePluginConfig("zscaler", url, acctest.SecondKey, ""); err != nil {
				return nil, err
			}
			return respond.Do(w, req)
		},
	}, false))
}

// A create that failed or lost its response does not prove that the configuration in the list is the one that it created:
// it is adopted, so that destroy leaves it, and its key is not taken for the configured one.
func TestUnprovenCreate(t *testing.T) {
	t.Parallel()
	named := func(name string) func(*acctest.Harness) *acctest.Fault {
		return func(*acctest.Harness) *acctest.Fault { return acctest.FaultNamed(name) }
	}
	answered := func(body func(id string) string) func(*acctest.Harness) *acctest.Fault {
		return func(b *acctest.Harness) *acctest.Fault {
			return &acctest.Fault{Do: func(_ *acctest.Transport, req *http.Request) (*http.Response, error) {
				return acctest.Answered(req, http.StatusOK, body(b.Ours()[0].ID))
			}}
		}
	}
	for name, tt := range map[string]struct {
		respond func(*acctest.Harness) *acctest.Fault
		ours    bool // the request took effect
	}{
		"500":               {respond: named("500")},
		"closed connection": {respond: named("dropped before the change")},
		"errors in 200":     {respond: named("errors on a 200")},
		"errors in 200 and the id": {respond: answered(func(id string) string {
			return `{"errors":[{"code":409,"message":"exists"}],"resources":["` + id + `"]}`
		})},
		"dropped after the change":   {respond: named("dropped after the change"), ours: true},
		"500 after the change":       {respond: named("500 after the change"), ours: true},
		"truncated after the change": {respond: named("truncated"), ours: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
				p := b.WebhookRun()
				planned, diags := p.Plan(p.None(), acctest.WebhookArguments)
				p.WantNoError(diags)
				if tt.ours {
					b.Transport.Arm(acctest.FaultAt(acctest.SentCall{Method: http.MethodPost, Path: acctest.ConfigsPath, N: 1}, *tt.respond(b), false))
				} else {
					meanwhile(b, acctest.WebhookURL, tt.respond(b))
				}
				state, diags := b.WebhookRun().ApplyPlanned(p.None(), planned, acctest.WebhookArguments)
				p.WantNoError(diags)
				b.Checked(diags)
				warnings := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning)
				for _, want := range []string{"is adopted after a failed create", p.Text(state, "id"), "destroy will leave it", "set hmac_secret_wo_version = 2"} {
					if !strings.Contains(warnings, want) {
						t.Errorf("the warnings lack %q: %s", want, warnings)
					}
				}
				if !strings.Contains(p.Text(state, "created_by_terraform"), "false") {
					t.Errorf("the state is %s", state.Value)
				}

				r := newRuns(b)
				r.state = state
				moved := acctest.WebhookArguments.With(acctest.Arguments{"url": acctest.MovedURL})
				r.wantRun(acctest.WebhookArguments, "1", "", false)
				r.wantRun(moved, "1", "none", false) // the key may be another one, so it is not sent unless the plan shows that
				r.wantRun(moved.With(acctest.Arguments{"hmac_secret_wo_version": int64(2)}), "2", coretest.TestKey, false)
				r.wantRun(moved.With(acctest.Arguments{"hmac_secret_wo": acctest.SecondKey}), "3", acctest.SecondKey, false)

				b.Transport.Arm(nil)
				_, diags = b.WebhookRun().Destroy(r.state)
				p.WantNoError(diags)
				if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "stays in Falcon") || b.Writes() != 0 || len(b.Ours()) != 1 {
					t.Errorf("%d writes, %d configurations are left: %s", b.Writes(), len(b.Ours()), text)
				}
			})
		})
	}
}

// A response of success without an id (wire/open-questions.md#q13) proves the create if there is one new configuration.
func TestAcceptedCreateWithoutID(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{Readings: falconsim.Readings{"Q13": "d"}}, func(t *testing.T, b *acctest.Harness) {
		state := b.WebhookState(acctest.WebhookArguments)
		p := b.WebhookRun()
		if !strings.Contains(p.Text(state, "created_by_terraform"), "true") {
			t.Errorf("the state is %s", state.Value)
		}
		_, diags := p.Destroy(state)
		p.WantNoError(diags)
		if len(b.Ours()) != 0 {
			t.Errorf("Falcon has %v", b.Ours())
		}
	})
}

// If someone else took the name after the plan, the error has the id of that configuration and the import command.
func TestNameTakenMeanwhile(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"equal": acctest.WebhookURL, "with another URL": acctest.MovedURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
				p := b.WebhookRun()
				meanwhile(b, url, &acctest.Fault{Do: func(w *acctest.Transport, req *http.Request) (*http.Response, error) { return w.Carry(req) }})
				_, diags := p.Apply(p.None(), acctest.WebhookArguments)
				b.Transport.Arm(nil)
				id := b.Ours()[0].ID
				wantError(t, diags, "name: Name already taken", `The webhook configuration "zscaler" was not created`, "with the id "+id, "terraform import falcon_webhook.this "+id)
				_, diags = b.WebhookRun().Apply(p.None(), acctest.WebhookArguments)
				if url == acctest.WebhookURL {
					p.WantNoError(diags)
				} else {
					wantError(t, diags, "exists and differs", id)
				}
			})
		})
	}
}

// If Falcon hides names, the plan of a create says that one of the hidden configurations may be the right one.
func TestPlanWithHiddenNames(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{Readings: falconsim.Readings{"Q14": "b"}}, func(t *testing.T, b *acctest.Harness) {
		id := createInConsole(t, b)
		p := b.WebhookRun()
		_, diags := p.Plan(p.None(), acctest.WebhookArguments)
		p.WantNoError(diags)
		text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning)
		for _, want := range []string{"Falcon does not show the names of these configurations: ", id, "set config_id"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q lacks %q", text, want)
			}
		}
		if strings.Contains(text, "Falcon has no webhook configuration") {
			t.Errorf("the plan denies what it can't see: %s", text)
		}
	})
}

// If the app is not installed, the first plan of a run says so, and nothing is sent.
func TestAppNotInstalled(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{NoCallWebhook: true}, func(t *testing.T, b *acctest.Harness) {
		p := b.WebhookRun()
		b.Transport.Arm(nil)
		said := ""
		for _, name := range []string{"one", "two", "three"} {
			_, diags := p.Plan(p.None(), acctest.WebhookArguments.With(acctest.Arguments{"name": name}))
			said += acctest.Messages(diags, tfprotov6.DiagnosticSeverityError) + acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning)
		}
		if n := strings.Count(said, webhook.NotInstalled); n != 1 || !strings.Contains(said, `"one" was not created`) || strings.Contains(said, "unpublished request") {
			t.Errorf("said %d times: %s", n, said)
		}
		unnamed := acctest.WebhookArguments.With(acctest.Arguments{"name": acctest.Unknown{}})
		planned, diags := b.WebhookRun().Plan(p.None(), unnamed)
		p.WantNoError(diags)
		_, diags = b.WebhookRun().ApplyPlanned(p.None(), planned, acctest.WebhookArguments)
		wantError(t, diags, webhook.NotInstalled)
		if n := b.Writes(); n != 0 {
			t.Errorf("%d writes", n)
		}
	})
}

// No secret is demanded before it is known that a configuration has to be created.
func TestSecretNotDemandedTooEarly(t *testing.T) {
	t.Parallel()
	none := acctest.WebhookArguments.With(acctest.Arguments{"hmac_secret_wo": nil})
	for name, unknown := range map[string]string{"name": "name", "URL": "url", "config id": "config_id"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
				id := createInConsole(t, b)
				p := b.WebhookRun()
				_, diags := p.Plan(p.None(), none.With(acctest.Arguments{unknown: acctest.Unknown{}}))
				p.WantNoError(diags)
				state, diags := b.WebhookRun().Apply(p.None(), none)
				p.WantNoError(diags)
				if p.Text(state, "id") != id {
					t.Errorf("adopted %s", state.Value)
				}
				_, diags = b.WebhookRun().Apply(p.None(), none.With(acctest.Arguments{"name": "new"}))
				wantError(t, diags, "hmac_secret_wo: Missing HMAC secret")
			})
		})
	}
}
