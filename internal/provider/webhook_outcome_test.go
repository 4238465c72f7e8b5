package provider

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// withWrites starts a run in which the unpublished request may or may not be tried.
func (b *bubble) withWrites(writes string) *protocol {
	b.t.Helper()
	p := b.webhookRun()
	p.wantFine(p.configure(arguments{"base_url": wireURL, "client_id": b.sim.ClientID(), "client_secret": b.sim.ClientSecret(), "webhook_writes": writes}))
	return p
}

// writes is how many requests to write a configuration were sent since the wire was last armed.
func (b *bubble) writes() int {
	return b.count(http.MethodPost, configsPath) + b.count(http.MethodPatch, configsPath) + b.count(http.MethodDelete, configsPath)
}

// The plan of a create says what it will be, and the apply does that. An existing configuration is never written.
func TestWebhookPlannedOutcome(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		exists  string // the URL of a configuration of this name; "": there is none
		writes  string
		config  arguments
		warning string
		refused []string // errors of the plan
		applied []string // errors of the apply
		posts   int
	}{
		"adopted":                  {exists: hookURL, config: aWebhook, warning: "Existing webhook configuration is adopted"},
		"adopted without a key":    {exists: hookURL, config: aWebhook.with(arguments{"hmac_secret_wo": nil}), warning: "Existing webhook configuration is adopted"},
		"refused":                  {exists: movedURL, config: aWebhook, refused: []string{"exists and differs", "url: \"" + movedURL + "\" in Falcon", "terraform import falcon_webhook.this", "moved block"}},
		"refused, a header":        {exists: hookURL, config: aWebhook.with(arguments{"signature_header": "X-Own"}), refused: []string{"signature_header: \"X-Cs-Primary-Signature\" in Falcon"}},
		"created by the request":   {config: aWebhook, warning: "is created by an unpublished request", posts: 1},
		"created by hand":          {writes: "never", config: aWebhook, warning: inConsole, applied: []string{"Webhook URL:            " + hookURL}},
		"no key for a new one":     {config: aWebhook.with(arguments{"hmac_secret_wo": nil}), refused: []string{"when it is created"}},
		"the name is not known":    {exists: movedURL, config: aWebhook.with(arguments{"name": unknown{}}), applied: []string{"exists and differs"}},
		"the URL is not known":     {exists: movedURL, config: aWebhook.with(arguments{"url": unknown{}}), applied: []string{"exists and differs"}},
		"the id is not known":      {exists: movedURL, config: aWebhook.with(arguments{"config_id": unknown{}}), applied: []string{"exists and differs"}},
		"the id is of no one":      {exists: movedURL, config: aWebhook.with(arguments{"config_id": otherConfigID}), refused: []string{"Unknown webhook configuration"}},
		"adopted, URL not known":   {exists: hookURL, config: aWebhook.with(arguments{"url": unknown{}})},
		"new, the URL not known":   {config: aWebhook.with(arguments{"url": unknown{}}), posts: 1},
		"new, the key not known":   {config: aWebhook.with(arguments{"hmac_secret_wo": unknown{}}), warning: "is created by an unpublished request", posts: 1},
		"adopted, never writes":    {exists: hookURL, writes: "never", config: aWebhook, warning: "is adopted"},
		"refused, never writes":    {exists: movedURL, writes: "never", config: aWebhook, refused: []string{"exists and differs"}},
		"by hand, URL not known":   {writes: "never", config: aWebhook.with(arguments{"url": unknown{}}), applied: []string{"Webhook URL:            " + hookURL}},
		"header in another casing": {exists: hookURL, config: aWebhook.with(arguments{"signature_header": "x-cs-primary-signature"}), warning: "is adopted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
				if tt.exists != "" {
					if _, err := b.sim.CreatePluginConfig("zscaler", tt.exists, secondKey, ""); err != nil {
						t.Fatal(err)
					}
				}
				writes := "try"
				if tt.writes != "" {
					writes = tt.writes
				}
				p := b.withWrites(writes)
				b.wire.arm(nil)
				_, diags := p.plan(p.none(), tt.config)
				b.checked(diags)
				if tt.refused != nil {
					refusal(t, diags, tt.refused...)
					return
				}
				p.wantFine(diags)
				text := messages(diags, tfprotov6.DiagnosticSeverityWarning)
				if tt.warning == "" && text != "" || !strings.Contains(text, tt.warning) {
					t.Errorf("the plan warns %q, want %q", text, tt.warning)
				}
				known := tt.config.with(arguments{"name": "zscaler", "url": hookURL})
				for _, name := range []string{"config_id"} {
					delete(known, name)
				}
				if _, ok := known["hmac_secret_wo"].(unknown); ok {
					known["hmac_secret_wo"] = testKey
				}
				p = b.withWrites(writes)
				b.wire.arm(nil)
				state, diags := p.apply(p.none(), known)
				b.checked(diags)
				if n := b.writes(); n != tt.posts {
					t.Errorf("%d writes, want %d", n, tt.posts)
				}
				if tt.applied != nil {
					refusal(t, diags, tt.applied...)
					return
				}
				p.wantFine(diags)
				if got := strings.Contains(p.text(state, "created_by_terraform"), "true"); got != (tt.exists == "") {
					t.Errorf("created_by_terraform is %t", got)
				}
				if left := b.ours(); len(left) != 1 || left[0].ID != p.text(state, "id") {
					t.Errorf("Falcon has %v", left)
				}
			})
		})
	}
}

// A configuration that appears between plan and apply is not overwritten either.
func TestWebhookAppearsAfterThePlan(t *testing.T) {
	t.Parallel()
	inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
		planned, diags := b.webhookRun().plan(b.webhookRun().none(), aWebhook)
		b.checked(diags)
		if _, err := b.sim.CreatePluginConfig("zscaler", movedURL, secondKey, ""); err != nil {
			t.Fatal(err)
		}
		p := b.webhookRun()
		b.wire.arm(nil)
		_, diags = p.applyPlanned(p.none(), planned, aWebhook)
		refusal(t, diags, "exists and differs", movedURL)
		if n := b.writes(); n != 0 {
			t.Errorf("%d writes", n)
		}
	})
}

// A client that may not list configurations still plans, with one warning per run.
func TestWebhookPlanWithoutPermission(t *testing.T) {
	t.Parallel()
	inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
		b.sim.AddClient(testConfigID, "secret of a weak client", []string{"workflow:read"})
		p, problem := b.runAs(webhookType, testConfigID, "secret of a weak client")
		if problem != "" {
			t.Fatal(problem)
		}
		warnings := 0
		for _, name := range []string{"one", "two"} {
			_, diags := p.plan(p.none(), aWebhook.with(arguments{"name": name}))
			p.wantFine(diags)
			warnings += strings.Count(messages(diags, tfprotov6.DiagnosticSeverityWarning), "could not be looked up before the apply")
		}
		if warnings != 1 {
			t.Errorf("%d warnings", warnings)
		}
	})
}

// switchedOff makes the list show another state of every configuration.
func switchedOff(state string) *fault {
	return &fault{do: func(w *wire, req *http.Request) (*http.Response, error) {
		resp, err := w.carry(req)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			return nil, err
		}
		body = bytes.ReplaceAll(body, []byte(`"state":"active"`), []byte(`"state":"`+state+`"`))
		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		return resp, nil
	}}
}

// A configuration that was switched off in the console is a warning at every refresh.
func TestWebhookSwitchedOff(t *testing.T) {
	t.Parallel()
	for state, warns := range map[string]bool{"active": false, "ACTIVE": false, "enabled": false, "": false, "inactive": true, "disabled": true, "paused": true} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
				current := b.webhookState(aWebhook)
				b.wire.arm(func(c sentCall) *fault {
					if c.path == configsListPath {
						return switchedOff(state)
					}
					return nil
				})
				for range 2 {
					p := b.webhookRun()
					read, diags := p.read(current)
					p.wantFine(diags)
					if got := strings.Contains(messages(diags, tfprotov6.DiagnosticSeverityWarning), "is switched off"); got != warns {
						t.Errorf("warned: %t", got)
					}
					planned, diags := p.plan(read, aWebhook)
					p.wantFine(diags)
					if !planned.value.Equal(read.value) {
						t.Errorf("a change is planned: %s", planned.value)
					}
					current = read
				}
			})
		})
	}
}

// interrupted runs an apply of a new falcon_webhook that is canceled after a second.
func (b *bubble) interrupted(config arguments) (*protocol, instance, []*tfprotov6.Diagnostic) {
	b.t.Helper()
	p := b.webhookRun()
	planned, diags := p.plan(p.none(), config)
	p.wantFine(diags)
	ctx, cancel := context.WithTimeout(b.t.Context(), time.Second)
	defer cancel()
	p.ctx = ctx
	state, diags := p.applyPlanned(p.none(), planned, config)
	return p, state, diags
}

// Ctrl-C in the middle of a create: the request that was sent is waited for, and what it created is in the state.
func TestWebhookCreateInterrupted(t *testing.T) {
	t.Parallel()
	// slow is a response that comes after a while; the configuration is created in the meantime.
	slow := func(d time.Duration) *fault {
		return &fault{do: func(w *wire, req *http.Request) (*http.Response, error) {
			resp, err := w.carry(req)
			select {
			case <-time.After(d):
				return resp, err
			case <-req.Context().Done():
				return nil, context.Cause(req.Context())
			}
		}}
	}
	// late is a tenant that works on the request for a while, and gives up when it is canceled.
	late := &fault{do: func(w *wire, req *http.Request) (*http.Response, error) {
		select {
		case <-time.After(20 * time.Second):
			return w.carry(req)
		case <-req.Context().Done():
			return nil, context.Cause(req.Context())
		}
	}}
	unsent := &fault{do: func(_ *wire, req *http.Request) (*http.Response, error) { return never(req) }}
	for name, tt := range map[string]struct {
		fault *fault
		fails []string
		left  int
	}{
		"Falcon is slow":                      {fault: late, left: 1},
		"the response is slow":                {fault: slow(20 * time.Second), left: 1},
		"the response is too slow":            {fault: slow(time.Minute), left: 1},
		"the request is never answered":       {fault: unsent, fails: []string{"not known whether", "may still appear there under the name \"zscaler\"", "Apply again"}},
		"the response is lost, and it exists": {fault: faultNamed("dropped after the change"), left: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
				b.wire.arm(strikes(sentCall{method: http.MethodPost, path: configsPath, n: 1}, *tt.fault, false))
				p, state, diags := b.interrupted(aWebhook)
				if tt.fails != nil {
					refusal(t, diags, tt.fails...)
				} else {
					p.wantFine(diags)
					if left := b.ours(); len(left) != 1 || left[0].ID != p.text(state, "id") {
						t.Errorf("the state has %s, Falcon %v", state.value, left)
					}
				}
				if n := b.count(http.MethodPost, configsPath); n != 1 {
					t.Errorf("%d creates", n)
				}
			})
		})
	}
}

// A create that was stopped before it was sent is not sent.
func TestWebhookCreateStoppedBeforeItIsSent(t *testing.T) {
	t.Parallel()
	inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
		p := b.webhookRun()
		planned, diags := p.plan(p.none(), aWebhook)
		p.wantFine(diags)
		b.wire.arm(nil)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		p.ctx = ctx
		_, diags = p.applyPlanned(p.none(), planned, aWebhook)
		refusal(t, diags, "Nothing was created")
		if n := b.writes(); n != 0 || len(b.ours()) != 0 {
			t.Errorf("%d writes", n)
		}
	})
}
