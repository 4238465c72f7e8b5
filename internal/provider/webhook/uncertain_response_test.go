package webhook_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/webhook"
)

// After a response that does not say whether the request had an effect, the list decides. If it does not show the change,
// the error says what to do, and the next run finishes it.
func TestUncertainResponses(t *testing.T) {
	t.Parallel()
	responses := map[string]acctest.Fault{
		"200 without effect": {Do: func(_ *acctest.Transport, req *http.Request) (*http.Response, error) {
			return acctest.Answered(req, http.StatusOK, `{"meta":{},"errors":[],"resources":[]}`)
		}},
		"errors in 200": {Do: func(_ *acctest.Transport, req *http.Request) (*http.Response, error) {
			return acctest.Answered(req, http.StatusOK, `{"meta":{},"errors":[{"code":500,"message":"something went wrong"}],"resources":[]}`)
		}},
		"500": *acctest.FaultNamed("500"),
	}
	moved := acctest.WebhookArguments.With(acctest.Arguments{"url": acctest.MovedURL})
	for name, response := range responses {
		for _, method := range []string{http.MethodPost, http.MethodPatch, http.MethodDelete} {
			t.Run(method+" "+name, func(t *testing.T) {
				t.Parallel()
				acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
					p := b.WebhookRun()
					state := p.None()
					if method != http.MethodPost {
						state = b.WebhookState(acctest.WebhookArguments)
					}
					b.Transport.Arm(acctest.FaultAt(acctest.SentCall{Method: method, Path: acctest.ConfigsPath, N: 1}, response, true))
					var diags []*tfprotov6.Diagnostic
					switch method {
					case http.MethodPost:
						_, diags = p.Apply(state, acctest.WebhookArguments)
						wantError(t, diags, webhook.CreateFailed, "shows none named \"zscaler\"", "Apply again", "Webhook URL:            "+acctest.WebhookURL)
					case http.MethodPatch:
						_, diags = p.Apply(state, moved)
						wantError(t, diags, "has to change", "Webhook URL:            "+acctest.MovedURL)
					default:
						_, diags = p.Destroy(state)
						if name == "200 without effect" {
							p.WantNoError(diags)
							if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "stays in Falcon") {
								t.Errorf("no warning: %s", text)
							}
							return
						}
						wantError(t, diags, "Unable to delete webhook configuration")
					}
					if n := b.Count(method, acctest.ConfigsPath); n != 1 {
						t.Errorf("%d requests", n)
					}
					b.Transport.Arm(nil)
					p = b.WebhookRun()
					switch method {
					case http.MethodPost:
						_, diags = p.Apply(state, acctest.WebhookArguments)
					case http.MethodPatch:
						_, diags = p.Apply(state, moved)
					default:
						_, diags = p.Destroy(state)
					}
					p.WantNoError(diags)
				})
			})
		}
	}
}
