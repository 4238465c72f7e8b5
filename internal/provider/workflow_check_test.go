package provider

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// A tenant that does not answer the checks of a plan costs a run one short wait and one warning, however many workflows
// there are, and no plan: the apply will tell.
func TestPlanWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	if _, err := providerSchema(); err != nil {
		t.Fatal(err)
	}
	for name, silent := range map[string]func(sentCall) *fault{
		"validation": func(c sentCall) *fault {
			if strings.Contains(c.path, "/import/") {
				return faultNamed("time-out before the change")
			}
			return nil
		},
		"catalogue": func(c sentCall) *fault {
			if strings.Contains(c.path, "activities") {
				return faultNamed("500")
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBubble(t, falconsim.Options{})
				p, problem := b.run(flowType)
				if problem != "" {
					t.Fatal(problem)
				}
				b.wire.arm(silent)
				began, warnings := time.Now(), 0
				for range 3 {
					planned, diags := p.plan(p.none(), aFlow)
					if problem := b.checked(diags); problem != "" || planned.value.IsNull() {
						t.Fatal(problem)
					}
					warnings += strings.Count(messages(diags, tfprotov6.DiagnosticSeverityWarning), "could not be checked before the apply")
				}
				if took := time.Since(began); warnings != 1 || took > planCheckTime {
					t.Errorf("%d warnings, after %s", warnings, took)
				}
			})
		})
	}
}
