package workflow_test

import (
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// What a tenant lacks is a result, not an error.
func TestCatalog(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		opts             falconsim.Options
		config           acctest.Arguments
		actions, trigger string // missing
	}{
		"nothing asked": {config: acctest.Arguments{}},
		"all there":     {config: acctest.Arguments{"actions": []string{"Send email", "Call webhook"}, "triggers": []string{"Case/Created"}}},
		"some missing": {
			opts:    falconsim.Options{NoCallWebhook: true, WithoutActions: []string{"Send email"}},
			config:  acctest.Arguments{"actions": []string{"Send email", "Call webhook", "Sleep"}, "triggers": []string{"No/Such", "Case/Created"}},
			actions: "Call webhook Send email", trigger: "No/Such",
		},
		"a part of a name": {config: acctest.Arguments{"actions": []string{"Send"}, "triggers": []string{"Case/Creat"}}, actions: "Send", trigger: "Case/Creat"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, tc.opts, func(t *testing.T, h *acctest.Harness) {
				p := h.Start("")
				read, diags := p.Data("falcon_workflow_catalog", tc.config)
				p.WantNoError(diags)
				for attribute, want := range map[string]string{"missing_actions": tc.actions, "missing_triggers": tc.trigger} {
					if got := strings.Join(p.Texts(read, attribute), " "); got != want {
						t.Errorf("%s: got %q, want %q", attribute, got, want)
					}
				}
			})
		})
	}
}
