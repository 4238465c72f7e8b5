package webhook_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// If it is not known which app a configuration belongs to, a listing and an import say so, and the state has only what
// Falcon shows.
func TestListAndImportOfUnknownApp(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		opts  falconsim.Options
		warns bool
	}{
		"known":                        {},
		"the app's id is not listed":   {opts: falconsim.Options{Readings: falconsim.Readings{"Q18": "b"}}, warns: true},
		"the catalog does not show it": {opts: falconsim.Options{NoCallWebhook: true}, warns: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, tt.opts, func(t *testing.T, b *acctest.Harness) {
				id := createInConsole(t, b)
				p := b.WebhookRun()
				results := p.Query(nil, true, 0)
				warnings, listed, slack := 0, 0, 0
				for _, r := range results {
					p.WantNoError(r.Diagnostics)
					warnings += strings.Count(acctest.Messages(r.Diagnostics, tfprotov6.DiagnosticSeverityWarning), "Configurations of other apps may be listed")
					if r.Identity == nil {
						continue
					}
					listed++
					if r.DisplayName == "Security channel" {
						slack++
						state := acctest.Instance{Value: p.Unmarshal(r.Resource, p.TypeOf())}
						for _, hidden := range []string{"signature_header", "hmac_secret_wo", "hmac_secret_wo_version"} {
							if v := p.Members(state.Value)[hidden]; !v.IsNull() {
								t.Errorf("%s is listed as %s", hidden, v)
							}
						}
					}
				}
				if want := map[bool]int{true: 1}[tt.warns]; warnings != want || slack != want || listed < 2 {
					t.Errorf("%d warnings, %d configurations, %d of Slack", warnings, listed, slack)
				}
				b.Transport.Arm(nil)
				state, diags := b.WebhookRun().Imported(id)
				p.WantNoError(diags)
				text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning)
				if got := strings.Contains(text, "Configuration may belong to another app"); got != tt.warns || tt.warns && !strings.Contains(text, id) {
					t.Errorf("the import warns: %q", text)
				}
				if !strings.Contains(p.Text(state, "created_by_terraform"), "false") || p.Text(state, "url") != acctest.WebhookURL || b.Writes() != 0 {
					t.Errorf("%d writes, imported %s", b.Writes(), state.Value)
				}
			})
		})
	}
}
