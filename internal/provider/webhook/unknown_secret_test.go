package webhook_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

const secretUnknown = "HMAC key in Falcon is not known"

// runs are runs of Terraform for one falcon_webhook. They record the bodies of its write requests.
type runs struct {
	*acctest.Harness
	state  acctest.Instance
	bodies []string
}

func newRuns(b *acctest.Harness) *runs {
	r := &runs{Harness: b}
	b.Transport.Arm(func(c acctest.SentCall) *acctest.Fault {
		if c.Path != acctest.ConfigsPath {
			return nil
		}
		return &acctest.Fault{Do: func(w *acctest.Transport, req *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(req.Body)
			if err != nil {
				return nil, err
			}
			r.bodies = append(r.bodies, string(body))
			req.Body = io.NopCloser(bytes.NewReader(body))
			return w.Carry(req)
		}}
	})
	return r
}

// existing creates a configuration in the console.
func (r *runs) existing() (id string) {
	r.T.Helper()
	id, err := r.Sim.CreatePluginConfig("zscaler", acctest.WebhookURL, acctest.SecondKey, "")
	if err != nil {
		r.T.Fatal(err)
	}
	return id
}

func (r *runs) imported() *runs {
	r.T.Helper()
	p := r.WebhookRun()
	var diags []*tfprotov6.Diagnostic
	r.state, diags = p.Imported(r.existing())
	p.WantNoError(diags)
	return r
}

func (r *runs) adopted() *runs {
	r.T.Helper()
	r.existing()
	r.state = r.WebhookState(acctest.WebhookArguments)
	return r
}

func (r *runs) created() *runs {
	r.T.Helper()
	r.state = r.WebhookState(acctest.WebhookArguments)
	r.bodies = nil
	return r
}

// wantRun refreshes, plans and applies. version is the version afterwards. key is the secret that is sent: "" if nothing is
// sent, "none" for a request without a secret.
func (r *runs) wantRun(config acctest.Arguments, version, key string, warns bool) {
	r.T.Helper()
	p := r.WebhookRun()
	read, diags := p.Read(r.state)
	p.WantNoError(diags)
	planned, diags := p.Plan(read, config)
	p.WantNoError(diags)
	if got := strings.Contains(acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning), secretUnknown); got != warns {
		r.T.Errorf("warned of the key: %t", got)
	}
	if changes := !planned.Value.Equal(read.Value); changes != (key != "") {
		r.T.Errorf("a change is planned: %t\n%s\nof\n%s", changes, planned.Value, read.Value)
	}
	r.bodies = nil
	if key != "" {
		if read, diags = r.WebhookRun().Apply(read, config); acctest.Messages(diags, tfprotov6.DiagnosticSeverityError) != "" {
			r.T.Fatal(acctest.Messages(diags, tfprotov6.DiagnosticSeverityError))
		}
	}
	r.state = read
	if got := r.version(); got != version {
		r.T.Errorf("version %s, want %s", got, version)
	}
	r.wantSent(key)
}

func (r *runs) version() string {
	v := r.WebhookRun().Members(r.state.Value)["hmac_secret_wo_version"]
	if v.IsNull() {
		return "null"
	}
	return strings.Trim(strings.TrimPrefix(v.String(), "tftypes.Number<"), `>"`)
}

// wantSent checks the request of the last run.
func (r *runs) wantSent(key string) {
	r.T.Helper()
	all := strings.Join(r.bodies, "\n")
	switch key {
	case "":
		if len(r.bodies) != 0 {
			r.T.Errorf("sent %s", all)
		}
	case "none":
		if len(r.bodies) != 1 || strings.Contains(all, "hmac") {
			r.T.Errorf("sent %s", all)
		}
	default:
		if len(r.bodies) != 1 || !strings.Contains(all, key) {
			r.T.Errorf("sent %s", all)
		}
	}
}

// A secret that Falcon may not have is never silently ignored, and never sent unless the plan shows it. Without a secret in
// the configuration, the one in Falcon is not changed.
func TestSecretThatFalconMayNotHave(t *testing.T) {
	t.Parallel()
	const third = "a third key of thirty-two letters"
	var (
		none     = acctest.WebhookArguments.With(acctest.Arguments{"hmac_secret_wo": nil})
		moved    = acctest.WebhookArguments.With(acctest.Arguments{"url": acctest.MovedURL})
		changed  = acctest.WebhookArguments.With(acctest.Arguments{"hmac_secret_wo": third})
		explicit = acctest.WebhookArguments.With(acctest.Arguments{"hmac_secret_wo_version": int64(1)})
	)
	for name, run := range map[string]func(r *runs){
		"imported, with a key": func(r *runs) {
			r.imported()
			r.wantRun(acctest.WebhookArguments, "null", "", true)
			r.wantRun(changed, "null", "", true)
			r.wantRun(explicit, "1", coretest.TestKey, false)
			r.wantRun(acctest.WebhookArguments, "1", "", false)
			r.wantRun(changed, "2", third, false)
		},
		"imported, without a key": func(r *runs) {
			r.imported()
			r.wantRun(none, "null", "", false)
			r.wantRun(none.With(acctest.Arguments{"url": acctest.MovedURL}), "null", "none", false)
		},
		"imported and changed": func(r *runs) {
			r.imported()
			r.wantRun(moved, "null", "none", true)
			r.wantRun(moved, "null", "", false)
			r.wantRun(changed.With(acctest.Arguments{"url": acctest.MovedURL}), "1", third, false)
		},
		"adopted": func(r *runs) {
			r.adopted()
			r.wantSent("")
			r.wantRun(acctest.WebhookArguments, "1", "", false)
			r.wantRun(moved, "1", "none", false)
			r.wantRun(changed.With(acctest.Arguments{"url": acctest.MovedURL}), "2", third, false)
			r.wantRun(acctest.WebhookArguments.With(acctest.Arguments{"hmac_secret_wo": third}), "2", third, false)
		},
		"adopted without a key": func(r *runs) {
			id := r.existing()
			r.state = r.WebhookState(none)
			if got := r.WebhookRun().Text(r.state, "id"); got != id {
				r.T.Errorf("adopted %s, want %s", got, id)
			}
			r.wantRun(none, "null", "", false)
			r.wantRun(acctest.WebhookArguments, "null", "", true)
			r.wantRun(changed, "null", "", true)
			r.wantRun(explicit, "1", coretest.TestKey, false)
			r.wantRun(none, "1", "", false)
		},
		"created with the user's own version": func(r *runs) {
			r.state = r.WebhookState(acctest.WebhookArguments.With(acctest.Arguments{"hmac_secret_wo_version": int64(7)}))
			r.wantRun(changed.With(acctest.Arguments{"hmac_secret_wo_version": int64(7)}), "7", "", false)
			r.wantRun(changed.With(acctest.Arguments{"hmac_secret_wo_version": int64(8)}), "8", third, false)
			r.wantRun(none.With(acctest.Arguments{"hmac_secret_wo_version": int64(8)}), "8", "", false)
			_, diags := r.WebhookRun().Plan(r.state, none.With(acctest.Arguments{"hmac_secret_wo_version": int64(9)}))
			wantError(r.T, diags, "hmac_secret_wo: Missing HMAC secret", "hmac_secret_wo is not set")
		},
		"created, then without a key": func(r *runs) {
			r.created()
			r.wantRun(none, "1", "", false)
			r.wantRun(none.With(acctest.Arguments{"url": acctest.MovedURL}), "null", "none", false) // no longer managed
			r.wantRun(moved, "1", coretest.TestKey, false)                                          // starts again
			r.wantRun(changed.With(acctest.Arguments{"url": acctest.MovedURL}), "2", third, false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(_ *testing.T, b *acctest.Harness) { run(newRuns(b)) })
		})
	}
}

// The plan of an update allows for another secret at apply: Terraform plans again then, and the second plan must agree with
// the first.
func TestSecretDiffersAtApply(t *testing.T) {
	t.Parallel()
	moved := acctest.WebhookArguments.With(acctest.Arguments{"url": acctest.MovedURL})
	for name, tt := range map[string]struct{ atApply, version string }{
		"the same":    {coretest.TestKey, "1"},
		"another one": {acctest.SecondKey, "2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
				r := newRuns(b).created()
				p := b.WebhookRun()
				first, diags := p.Plan(r.state, moved)
				p.WantNoError(diags)
				p = b.WebhookRun()
				config := moved.With(acctest.Arguments{"hmac_secret_wo": tt.atApply})
				final, diags := p.Plan(r.state, config)
				p.WantNoError(diags)
				later := p.Members(final.Value)
				for name, planned := range p.Members(first.Value) {
					if planned.IsFullyKnown() && !planned.Equal(later[name]) {
						t.Errorf("inconsistent final plan: %s was %s and is now %s", name, planned, later[name])
					}
				}
				r.state, diags = p.ApplyPlanned(r.state, final, config)
				p.WantNoError(diags)
				if got := r.version(); got != tt.version {
					t.Errorf("version %s, want %s", got, tt.version)
				}
				r.wantSent(tt.atApply)
			})
		})
	}
}

// If Falcon refuses a change without the secret (wire/open-questions.md#q86), a new version in the plan sends it.
func TestUpdateNeedsSecret(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{Readings: falconsim.Readings{"Q86": "b"}}, func(t *testing.T, b *acctest.Harness) {
		r := newRuns(b).imported()
		moved := acctest.WebhookArguments.With(acctest.Arguments{"url": acctest.MovedURL})
		_, diags := b.WebhookRun().Apply(r.state, moved)
		wantError(t, diags, "HMAC Secret Key:        leave it as it is", acctest.MovedURL)
		r.wantRun(moved.With(acctest.Arguments{"hmac_secret_wo_version": int64(1)}), "1", coretest.TestKey, false)
	})
}

// A secret that Falcon shows in plain text (wire/open-questions.md#q17) is in no state and no message.
func TestSecretThatFalconShows(t *testing.T) {
	t.Parallel()
	for _, letter := range []string{"b", "c"} {
		t.Run(letter, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{Readings: falconsim.Readings{"Q17": letter}}, func(t *testing.T, b *acctest.Harness) {
				clean := func(what string, state acctest.Instance, diags []*tfprotov6.Diagnostic) {
					t.Helper()
					if problem := b.Checked(diags); problem != "" {
						t.Errorf("%s: %s", what, problem)
					}
					text := state.Value.String() + string(state.Private)
					if strings.Contains(text, coretest.TestKey) || strings.Contains(text, "********") {
						t.Errorf("%s holds the key: %s", what, text)
					}
				}
				p := b.WebhookRun()
				state, diags := p.Apply(p.None(), acctest.WebhookArguments)
				clean("create", state, diags)
				p = b.WebhookRun()
				read, diags := p.Read(state)
				clean("refresh", read, diags)
				changed, diags := p.Apply(read, acctest.WebhookArguments.With(acctest.Arguments{"url": acctest.MovedURL}))
				clean("update", changed, diags)
				imported, diags := b.WebhookRun().Imported(p.Text(state, "id"))
				clean("import", imported, diags)
				found, diags := b.WebhookRun().Data(acctest.WebhookType, acctest.Arguments{"id": p.Text(state, "id")})
				clean("data source", found, diags)
				_, diags = b.WebhookRun().Apply(p.None(), acctest.WebhookArguments) // refused: it differs
				wantError(t, diags, "exists and differs")
				b.Checked(diags)
			})
		})
	}
}
