package provider

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

const keyUnknown = "HMAC key in Falcon is not known"

// keyRuns are runs of Terraform for one falcon_webhook, of which each request to write it is kept.
type keyRuns struct {
	*bubble
	state  instance
	bodies []string
}

func newKeyRuns(b *bubble) *keyRuns {
	r := &keyRuns{bubble: b}
	b.wire.arm(func(c sentCall) *fault {
		if c.path != configsPath {
			return nil
		}
		return &fault{do: func(w *wire, req *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(req.Body)
			if err != nil {
				return nil, err
			}
			r.bodies = append(r.bodies, string(body))
			req.Body = io.NopCloser(bytes.NewReader(body))
			return w.carry(req)
		}}
	})
	return r
}

// existing is a configuration of the console.
func (r *keyRuns) existing() (id string) {
	r.t.Helper()
	id, err := r.sim.CreatePluginConfig("zscaler", hookURL, secondKey, "")
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

func (r *keyRuns) imported() *keyRuns {
	r.t.Helper()
	p := r.webhookRun()
	var diags []*tfprotov6.Diagnostic
	r.state, diags = p.imported(r.existing())
	p.wantFine(diags)
	return r
}

func (r *keyRuns) adopted() *keyRuns {
	r.t.Helper()
	r.existing()
	r.state = r.webhookState(aWebhook)
	return r
}

func (r *keyRuns) created() *keyRuns {
	r.t.Helper()
	r.state = r.webhookState(aWebhook)
	r.bodies = nil
	return r
}

// wantRun refreshes, plans and applies in one run. version is what comes out, as text; key is what is sent: "" nothing,
// "none" a change without a key.
func (r *keyRuns) wantRun(config arguments, version, key string, warns bool) {
	r.t.Helper()
	p := r.webhookRun()
	read, diags := p.read(r.state)
	p.wantFine(diags)
	planned, diags := p.plan(read, config)
	p.wantFine(diags)
	if got := strings.Contains(messages(diags, tfprotov6.DiagnosticSeverityWarning), keyUnknown); got != warns {
		r.t.Errorf("warned of the key: %t", got)
	}
	if changes := !planned.value.Equal(read.value); changes != (key != "") {
		r.t.Errorf("a change is planned: %t\n%s\nof\n%s", changes, planned.value, read.value)
	}
	r.bodies = nil
	if key != "" {
		if read, diags = r.webhookRun().apply(read, config); messages(diags, tfprotov6.DiagnosticSeverityError) != "" {
			r.t.Fatal(messages(diags, tfprotov6.DiagnosticSeverityError))
		}
	}
	r.state = read
	if got := r.version(); got != version {
		r.t.Errorf("version %s, want %s", got, version)
	}
	r.wantSent(key)
}

func (r *keyRuns) version() string {
	var version any
	p := r.webhookRun()
	v := p.members(r.state.value)["hmac_secret_wo_version"]
	if v.IsNull() {
		return "null"
	}
	version = strings.Trim(strings.TrimPrefix(v.String(), "tftypes.Number<"), `>"`)
	return version.(string)
}

// wantSent checks what the last run wrote.
func (r *keyRuns) wantSent(key string) {
	r.t.Helper()
	all := strings.Join(r.bodies, "\n")
	switch key {
	case "":
		if len(r.bodies) != 0 {
			r.t.Errorf("sent %s", all)
		}
	case "none":
		if len(r.bodies) != 1 || strings.Contains(all, "hmac") {
			r.t.Errorf("sent %s", all)
		}
	default:
		if len(r.bodies) != 1 || !strings.Contains(all, key) {
			r.t.Errorf("sent %s", all)
		}
	}
}

// A key that Falcon may not have is never silently ignored and never sent unless the plan shows it. Without a key in the
// configuration the one in Falcon is left alone.
func TestWebhookKeyThatFalconMayNotHave(t *testing.T) {
	t.Parallel()
	const third = "a third key of thirty-two letters"
	var (
		none     = aWebhook.with(arguments{"hmac_secret_wo": nil})
		moved    = aWebhook.with(arguments{"url": movedURL})
		changed  = aWebhook.with(arguments{"hmac_secret_wo": third})
		explicit = aWebhook.with(arguments{"hmac_secret_wo_version": int64(1)})
	)
	for name, run := range map[string]func(r *keyRuns){
		"imported, with a key": func(r *keyRuns) {
			r.imported()
			r.wantRun(aWebhook, "null", "", true)
			r.wantRun(changed, "null", "", true)
			r.wantRun(explicit, "1", testKey, false)
			r.wantRun(aWebhook, "1", "", false)
			r.wantRun(changed, "2", third, false)
		},
		"imported, without a key": func(r *keyRuns) {
			r.imported()
			r.wantRun(none, "null", "", false)
			r.wantRun(none.with(arguments{"url": movedURL}), "null", "none", false)
		},
		"imported and changed": func(r *keyRuns) {
			r.imported()
			r.wantRun(moved, "null", "none", true)
			r.wantRun(moved, "null", "", false)
			r.wantRun(changed.with(arguments{"url": movedURL}), "1", third, false)
		},
		"adopted": func(r *keyRuns) {
			r.adopted()
			r.wantSent("")
			r.wantRun(aWebhook, "1", "", false)
			r.wantRun(moved, "1", "none", false)
			r.wantRun(changed.with(arguments{"url": movedURL}), "2", third, false)
			r.wantRun(aWebhook.with(arguments{"hmac_secret_wo": third}), "2", third, false)
		},
		"created, then without a key": func(r *keyRuns) {
			r.created()
			r.wantRun(none, "1", "", false)
			r.wantRun(none.with(arguments{"url": movedURL}), "null", "none", false) // no longer managed
			r.wantRun(moved, "1", testKey, false)                                   // starts anew
			r.wantRun(changed.with(arguments{"url": movedURL}), "2", third, false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, falconsim.Options{}, func(_ *testing.T, b *bubble) { run(newKeyRuns(b)) })
		})
	}
}

// The plan of an update leaves room for another key at apply: Terraform plans again then, and holds the provider to what
// it planned first.
func TestWebhookKeyDiffersAtApply(t *testing.T) {
	t.Parallel()
	moved := aWebhook.with(arguments{"url": movedURL})
	for name, tt := range map[string]struct{ atApply, version string }{
		"the same":    {testKey, "1"},
		"another one": {secondKey, "2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
				r := newKeyRuns(b).created()
				p := b.webhookRun()
				first, diags := p.plan(r.state, moved)
				p.wantFine(diags)
				p = b.webhookRun()
				config := moved.with(arguments{"hmac_secret_wo": tt.atApply})
				final, diags := p.plan(r.state, config)
				p.wantFine(diags)
				later := p.members(final.value)
				for name, planned := range p.members(first.value) {
					if planned.IsFullyKnown() && !planned.Equal(later[name]) {
						t.Errorf("inconsistent final plan: %s was %s and is now %s", name, planned, later[name])
					}
				}
				r.state, diags = p.applyPlanned(r.state, final, config)
				p.wantFine(diags)
				if got := r.version(); got != tt.version {
					t.Errorf("version %s, want %s", got, tt.version)
				}
				r.wantSent(tt.atApply)
			})
		})
	}
}

// Where Falcon refuses a change without the key (wire/open-questions.md#q86), a new version in the plan sends it along.
func TestWebhookChangeNeedsTheKey(t *testing.T) {
	t.Parallel()
	inBubble(t, falconsim.Options{Readings: falconsim.Readings{"Q86": "b"}}, func(t *testing.T, b *bubble) {
		r := newKeyRuns(b).imported()
		moved := aWebhook.with(arguments{"url": movedURL})
		_, diags := b.webhookRun().apply(r.state, moved)
		refusal(t, diags, "HMAC Secret Key:        leave it as it is", movedURL)
		r.wantRun(moved.with(arguments{"hmac_secret_wo_version": int64(1)}), "1", testKey, false)
	})
}

// A key that Falcon shows in plain text (wire/open-questions.md#q17) is in no state and no message.
func TestWebhookKeyThatFalconShows(t *testing.T) {
	t.Parallel()
	for _, letter := range []string{"b", "c"} {
		t.Run(letter, func(t *testing.T) {
			t.Parallel()
			inBubble(t, falconsim.Options{Readings: falconsim.Readings{"Q17": letter}}, func(t *testing.T, b *bubble) {
				clean := func(what string, state instance, diags []*tfprotov6.Diagnostic) {
					t.Helper()
					if problem := b.checked(diags); problem != "" {
						t.Errorf("%s: %s", what, problem)
					}
					text := state.value.String() + string(state.private)
					if strings.Contains(text, testKey) || strings.Contains(text, "********") {
						t.Errorf("%s holds the key: %s", what, text)
					}
				}
				p := b.webhookRun()
				state, diags := p.apply(p.none(), aWebhook)
				clean("create", state, diags)
				p = b.webhookRun()
				read, diags := p.read(state)
				clean("refresh", read, diags)
				changed, diags := p.apply(read, aWebhook.with(arguments{"url": movedURL}))
				clean("update", changed, diags)
				imported, diags := b.webhookRun().imported(p.text(state, "id"))
				clean("import", imported, diags)
				found, diags := b.webhookRun().data(webhookType, arguments{"id": p.text(state, "id")})
				clean("data source", found, diags)
				_, diags = b.webhookRun().apply(p.none(), aWebhook) // refused: it differs
				refusal(t, diags, "exists and differs")
				b.checked(diags)
			})
		})
	}
}
