package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// A response that says nothing certain about the effect is compared with the list, for a few seconds. What does not show
// there is an error with what to do, and a delete is tried again by the next run.
func TestWebhookUncertainResponses(t *testing.T) {
	t.Parallel()
	responses := map[string]fault{
		"empty promise": {do: func(_ *wire, req *http.Request) (*http.Response, error) {
			return answered(req, http.StatusOK, `{"meta":{},"errors":[],"resources":[]}`)
		}},
		"errors in 200": {do: func(_ *wire, req *http.Request) (*http.Response, error) {
			return answered(req, http.StatusOK, `{"meta":{},"errors":[{"code":500,"message":"something went wrong"}],"resources":[]}`)
		}},
		"500": *faultNamed("500"),
	}
	moved := aWebhook.with(arguments{"url": movedURL})
	for name, response := range responses {
		for _, method := range []string{http.MethodPost, http.MethodPatch, http.MethodDelete} {
			t.Run(method+" "+name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
					p := b.webhookRun()
					state := p.none()
					if method != http.MethodPost {
						state = b.webhookState(aWebhook)
					}
					b.wire.arm(strikes(sentCall{method: method, path: configsPath, n: 1}, response, true))
					var diags []*tfprotov6.Diagnostic
					switch method {
					case http.MethodPost:
						_, diags = p.apply(state, aWebhook)
						refusal(t, diags, inConsole, "The list shows no such configuration", "Webhook URL:            "+hookURL)
					case http.MethodPatch:
						_, diags = p.apply(state, moved)
						refusal(t, diags, "has to change", "Webhook URL:            "+movedURL)
					default:
						_, diags = p.destroy(state)
						if name == "empty promise" {
							p.wantFine(diags)
							if text := messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "stays in Falcon") {
								t.Errorf("no warning: %s", text)
							}
							return
						}
						refusal(t, diags, "Could not delete the webhook configuration")
					}
					if n := b.count(method, configsPath); n != 1 {
						t.Errorf("%d requests", n)
					}
					b.wire.arm(nil)
					p = b.webhookRun()
					switch method {
					case http.MethodPost:
						_, diags = p.apply(state, aWebhook)
					case http.MethodPatch:
						_, diags = p.apply(state, moved)
					default:
						_, diags = p.destroy(state)
					}
					p.wantFine(diags)
				})
			})
		}
	}
}
