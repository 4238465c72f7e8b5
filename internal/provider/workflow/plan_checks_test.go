package workflow_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// A tenant that does not respond to the checks of a plan, or that forbids them, costs a run one short wait and one warning,
// however many workflows there are. The plan succeeds.
func TestPlanChecks_unanswered(t *testing.T) {
	t.Parallel()
	if _, err := acctest.ProviderSchema(); err != nil {
		t.Fatal(err)
	}
	for name, fault := range map[string]func(acctest.SentCall) *acctest.Fault{
		"validation": func(c acctest.SentCall) *acctest.Fault {
			if strings.Contains(c.Path, "/import/") {
				return acctest.FindFault("time-out before the change")
			}
			return nil
		},
		"validation, no scope": func(c acctest.SentCall) *acctest.Fault {
			if strings.Contains(c.Path, "/import/") {
				return acctest.FindFault("403")
			}
			return nil
		},
		"catalog": func(c acctest.SentCall) *acctest.Fault {
			if strings.Contains(c.Path, "activities") {
				return acctest.FindFault("500")
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := acctest.NewHarness(t, falconsim.Options{})
				p := b.Start(acctest.WorkflowType)
				b.Transport.SetFault(fault)
				began, warnings := time.Now(), 0
				for i := range 3 {
					planned, diags := p.Plan(p.None(), acctest.WorkflowArguments.With(acctest.Arguments{"name": fmt.Sprint("workflow ", i)}))
					if problem := b.CheckDiagnostics(diags); problem != "" || planned.Value.IsNull() {
						t.Fatal(problem)
					}
					warnings += strings.Count(acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning), "could not be checked before the apply")
				}
				if took := time.Since(began); warnings != 1 || took > core.PlanCheckTime {
					t.Errorf("%d warnings, after %s", warnings, took)
				}
			})
		})
	}
}
