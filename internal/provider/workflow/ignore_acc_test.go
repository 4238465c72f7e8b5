package workflow_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// ignore_changes = [definition] leaves what someone changes in the console alone, although document is planned; without
// it the change is drift, and the plan shows it in both.
func TestAccWorkflow_ignoreChanges(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	drift := strings.Replace(acctest.SleepDocument, "1m", "9m", 1)
	edited := func(document string) func() {
		return func() {
			if err := sim.ReplaceWorkflow(acctest.OnlyWorkflow(t, sim).ID, []byte(document)); err != nil {
				t.Fatal(err)
			}
		}
	}
	ignoring := func(document, more string) string {
		return flow(sim, document, more+"lifecycle {\n  ignore_changes = [definition]\n}\n")
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             wantNoFlow(t, sim),
		Steps: []resource.TestStep{
			{Config: ignoring(acctest.SleepDocument, ""), Check: wantFlow(sim, "nap", true, 2)},
			{ // a property, and a name that only the document has
				PreConfig:        edited(strings.Replace(drift, "name: nap", "name: doze", 1)),
				Config:           ignoring(acctest.SleepDocument, ""),
				ConfigPlanChecks: plans(plancheck.ResourceActionNoop),
				Check:            wantFlow(sim, "doze", true, 3),
			},
			{ // what is not ignored is applied, and nothing else
				Config:           ignoring(acctest.SleepDocument, "enabled = false\n"),
				ConfigPlanChecks: plans(plancheck.ResourceActionUpdate),
				Check:            wantFlow(sim, "doze", false, 4),
			},
			{
				Config: flow(sim, acctest.SleepDocument),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(testFlow, plancheck.ResourceActionUpdate),
				}},
				Check: wantFlow(sim, "nap", true, 6),
			},
			{Config: flow(sim, acctest.SleepDocument), ConfigPlanChecks: plans(plancheck.ResourceActionNoop)},
		},
	})
}
