package webhook_test

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
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/webhook"
)

// The plan of a create reports what the create will do, and the apply does that. An existing configuration is never
// written.
func TestPlannedOutcome(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		exists  string // the URL of a configuration of this name; "": there is none
		writes  string
		config  acctest.Arguments
		warning string
		refused []string // errors of the plan
		applied []string // errors of the apply
		posts   int
	}{
		"adopted":                     {exists: acctest.WebhookURL, config: acctest.WebhookArguments, warning: "to send that, set hmac_secret_wo_version = 2 after the adoption"},
		"adopted without a key":       {exists: acctest.WebhookURL, config: acctest.WebhookArguments.With(acctest.Arguments{"hmac_secret_wo": nil}), warning: "Its HMAC key stays as it is, because hmac_secret_wo is not set. Destroy will"},
		"refused":                     {exists: acctest.MovedURL, config: acctest.WebhookArguments, refused: []string{"exists and differs", "url: \"" + acctest.MovedURL + "\" in Falcon", "terraform import falcon_webhook.this", "moved block"}},
		"refused, a header":           {exists: acctest.WebhookURL, config: acctest.WebhookArguments.With(acctest.Arguments{"signature_header": "X-Own"}), refused: []string{"signature_header: \"X-Cs-Primary-Signature\" in Falcon"}},
		"created by the request":      {config: acctest.WebhookArguments, warning: "is created by an unpublished request", posts: 1},
		"created by hand":             {writes: "never", config: acctest.WebhookArguments, warning: webhook.InConsole, applied: []string{"Webhook URL:            " + acctest.WebhookURL}},
		"no key for a new one":        {config: acctest.WebhookArguments.With(acctest.Arguments{"hmac_secret_wo": nil}), refused: []string{"when it is created"}},
		"the name is not known":       {exists: acctest.MovedURL, config: acctest.WebhookArguments.With(acctest.Arguments{"name": acctest.Unknown{}}), applied: []string{"exists and differs"}},
		"the URL is not known":        {exists: acctest.MovedURL, config: acctest.WebhookArguments.With(acctest.Arguments{"url": acctest.Unknown{}}), applied: []string{"exists and differs"}},
		"the id is not known":         {exists: acctest.MovedURL, config: acctest.WebhookArguments.With(acctest.Arguments{"config_id": acctest.Unknown{}}), applied: []string{"exists and differs"}},
		"the id is unknown to Falcon": {exists: acctest.MovedURL, config: acctest.WebhookArguments.With(acctest.Arguments{"config_id": coretest.OtherConfigID}), refused: []string{"Webhook configuration not found"}},
		"adopted, URL not known":      {exists: acctest.WebhookURL, config: acctest.WebhookArguments.With(acctest.Arguments{"url": acctest.Unknown{}})},
		"new, the URL not known":      {config: acctest.WebhookArguments.With(acctest.Arguments{"url": acctest.Unknown{}}), posts: 1},
		"new, the key not known":      {config: acctest.WebhookArguments.With(acctest.Arguments{"hmac_secret_wo": acctest.Unknown{}}), warning: "is created by an unpublished request", posts: 1},
		"adopted, never writes":       {exists: acctest.WebhookURL, writes: "never", config: acctest.WebhookArguments, warning: "is adopted"},
		"refused, never writes":       {exists: acctest.MovedURL, writes: "never", config: acctest.WebhookArguments, refused: []string{"exists and differs"}},
		"by hand, URL not known":      {writes: "never", config: acctest.WebhookArguments.With(acctest.Arguments{"url": acctest.Unknown{}}), applied: []string{"Webhook URL:            " + acctest.WebhookURL}},
		"header in another casing":    {exists: acctest.WebhookURL, config: acctest.WebhookArguments.With(acctest.Arguments{"signature_header": "x-cs-primary-signature"}), warning: "is adopted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
				if tt.exists != "" {
					if _, err := b.Sim.CreatePluginConfig("zscaler", tt.exists, acctest.SecondKey, ""); err != nil {
						t.Fatal(err)
					}
				}
				writes := "try"
				if tt.writes != "" {
					writes = tt.writes
				}
				p := b.StartWithWebhookWrites(writes)
				b.Transport.SetFault(nil)
				planned, diags := p.Plan(p.None(), tt.config)
				b.CheckDiagnostics(diags)
				if strings.Contains(planned.Value.String(), coretest.TestKey) {
					t.Error("the plan has the secret")
				}
				if tt.refused != nil {
					wantError(t, diags, tt.refused...)
					return
				}
				p.WantNoError(diags)
				text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning)
				if tt.warning == "" && text != "" || !strings.Contains(text, tt.warning) {
					t.Errorf("the plan warns %q, want %q", text, tt.warning)
				}
				known := tt.config.With(acctest.Arguments{"name": "zscaler", "url": acctest.WebhookURL})
				delete(known, "config_id")
				if _, ok := known["hmac_secret_wo"].(acctest.Unknown); ok {
					known["hmac_secret_wo"] = coretest.TestKey
				}
				p = b.StartWithWebhookWrites(writes)
				b.Transport.SetFault(nil)
				state, diags := p.Apply(p.None(), known)
				b.CheckDiagnostics(diags)
				if n := b.WebhookWrites(); n != tt.posts {
					t.Errorf("%d writes, want %d", n, tt.posts)
				}
				if tt.applied != nil {
					wantError(t, diags, tt.applied...)
					return
				}
				p.WantNoError(diags)
				if got := strings.Contains(p.Text(state, "created_by_terraform"), "true"); got != (tt.exists == "") {
					t.Errorf("created_by_terraform is %t", got)
				}
				if left := b.ManagedWebhooks(); len(left) != 1 || left[0].ID != p.Text(state, "id") {
					t.Errorf("Falcon has %v", left)
				}
			})
		})
	}
}

// A configuration that appears between plan and apply is not overwritten either.
func TestAppearsAfterThePlan(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
		planned, diags := b.Start(acctest.WebhookType).Plan(b.Start(acctest.WebhookType).None(), acctest.WebhookArguments)
		b.CheckDiagnostics(diags)
		if _, err := b.Sim.CreatePluginConfig("zscaler", acctest.MovedURL, acctest.SecondKey, ""); err != nil {
			t.Fatal(err)
		}
		p := b.Start(acctest.WebhookType)
		b.Transport.SetFault(nil)
		_, diags = p.ApplyPlanned(p.None(), planned, acctest.WebhookArguments)
		wantError(t, diags, "exists and differs", acctest.MovedURL)
		if n := b.WebhookWrites(); n != 0 {
			t.Errorf("%d writes", n)
		}
	})
}

// A plan succeeds without permission to list configurations, with one warning per run.
func TestPlanWithoutPermission(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
		b.Sim.AddClient(coretest.TestConfigID, "secret of a weak client", []string{"workflow:read"})
		p, problem := b.TryStartAs(acctest.WebhookType, coretest.TestConfigID, "secret of a weak client")
		if problem != "" {
			t.Fatal(problem)
		}
		warnings := 0
		for _, name := range []string{"one", "two"} {
			_, diags := p.Plan(p.None(), acctest.WebhookArguments.With(acctest.Arguments{"name": name}))
			p.WantNoError(diags)
			warnings += strings.Count(acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning), "Unable to look up webhook configurations during the plan")
		}
		if warnings != 1 {
			t.Errorf("%d warnings", warnings)
		}
	})
}

// switchedOff changes the state of every configuration in the list.
func switchedOff(state string) *acctest.Fault {
	return &acctest.Fault{Do: func(w *acctest.Transport, req *http.Request) (*http.Response, error) {
		resp, err := w.Send(req)
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
func TestSwitchedOff(t *testing.T) {
	t.Parallel()
	for state, warns := range map[string]bool{"active": false, "ACTIVE": false, "enabled": false, "": false, "inactive": true, "disabled": true, "paused": true} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
				current := b.CreateWebhook(acctest.WebhookArguments)
				b.Transport.SetFault(func(c acctest.SentCall) *acctest.Fault {
					if c.Path == acctest.ConfigsListPath {
						return switchedOff(state)
					}
					return nil
				})
				for range 2 {
					p := b.Start(acctest.WebhookType)
					read, diags := p.Read(current)
					p.WantNoError(diags)
					if got := strings.Contains(acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning), "is switched off"); got != warns {
						t.Errorf("warned: %t", got)
					}
					planned, diags := p.Plan(read, acctest.WebhookArguments)
					p.WantNoError(diags)
					if !planned.Value.Equal(read.Value) {
						t.Errorf("a change is planned: %s", planned.Value)
					}
					current = read
				}
			})
		})
	}
}

// After Ctrl-C during a create, the provider waits for the response, and what was created is in the state.
func TestCreateInterrupted(t *testing.T) {
	t.Parallel()
	// slow creates the configuration at once and responds after a while.
	slow := func(d time.Duration) *acctest.Fault {
		return &acctest.Fault{Do: func(w *acctest.Transport, req *http.Request) (*http.Response, error) {
			resp, err := w.Send(req)
			select {
			case <-time.After(d):
				return resp, err
			case <-req.Context().Done():
				return nil, context.Cause(req.Context())
			}
		}}
	}
	// late creates the configuration after a while, unless the request is canceled.
	late := &acctest.Fault{Do: func(w *acctest.Transport, req *http.Request) (*http.Response, error) {
		select {
		case <-time.After(20 * time.Second):
			return w.Send(req)
		case <-req.Context().Done():
			return nil, context.Cause(req.Context())
		}
	}}
	unsent := &acctest.Fault{Do: func(_ *acctest.Transport, req *http.Request) (*http.Response, error) {
		return acctest.NeverRespond(req)
	}}
	for name, tt := range map[string]struct {
		fault *acctest.Fault
		fails []string
		left  int
	}{
		"Falcon is slow":                      {fault: late, left: 1},
		"the response is slow":                {fault: slow(20 * time.Second), left: 1},
		"the response is too slow":            {fault: slow(time.Minute), left: 1},
		"there is no response":                {fault: unsent, fails: []string{"not known whether", "may still appear there under the name \"zscaler\"", "Apply again"}},
		"the response is lost, and it exists": {fault: acctest.FindFault("dropped after the change"), left: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
				b.Transport.SetFault(acctest.FaultAt(acctest.SentCall{Method: http.MethodPost, Path: acctest.ConfigsPath, N: 1}, *tt.fault, false))
				p, state, diags := b.CreateInterrupted(acctest.WebhookArguments)
				if tt.fails != nil {
					wantError(t, diags, tt.fails...)
				} else {
					p.WantNoError(diags)
					if left := b.ManagedWebhooks(); len(left) != 1 || left[0].ID != p.Text(state, "id") {
						t.Errorf("the state has %s, Falcon %v", state.Value, left)
					}
				}
				if n := b.CountRequests(http.MethodPost, acctest.ConfigsPath); n != 1 {
					t.Errorf("%d creates", n)
				}
			})
		})
	}
}

// A create that was canceled before the request is not sent.
func TestCreateStoppedBeforeItIsSent(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
		p := b.Start(acctest.WebhookType)
		planned, diags := p.Plan(p.None(), acctest.WebhookArguments)
		p.WantNoError(diags)
		b.Transport.SetFault(nil)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		p.Ctx = ctx
		_, diags = p.ApplyPlanned(p.None(), planned, acctest.WebhookArguments)
		wantError(t, diags, "The webhook configuration \"zscaler\" was not created")
		if n := b.WebhookWrites(); n != 0 || len(b.ManagedWebhooks()) != 0 {
			t.Errorf("%d writes", n)
		}
	})
}
