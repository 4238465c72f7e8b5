package workflow_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// A webhook configuration and the workflow that calls it, in one configuration:
// its id is not known when the workflow is planned.
func TestAccWorkflow_notifyWebhook(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	config := func(workflow string) string {
		return acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey) + fmt.Sprintf("resource \"falcon_workflow\" \"test\" {\n  name = \"notify\"\n  %s\n}\n", workflow)
	}
	block := func(args string) string {
		return "notify_webhook = {\n    webhook_id = falcon_webhook.test.id\n    " + args + "\n  }"
	}
	byID := func(do func(id string) error) func() {
		return func() {
			if err := do(acctest.OnlyWorkflow(t, sim).ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             wantNoFlow(t, sim),
		Steps: []resource.TestStep{
			{
				Config: config(block(`trigger = "score_changed"`)),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectUnknownValue(testFlow, tfjsonpath.New("document")),
				}},
				Check: wantFlow(sim, "notify", true, 2),
				ConfigStateChecks: []statecheck.StateCheck{
					flowAttr("definition", knownvalue.Null()),
					flowAttr("description", knownvalue.StringExact("")),
				},
			},
			{
				Config:           config(block("trigger = \"new_incident\"\n    fields = [\"Trigger.CID\"]")),
				ConfigPlanChecks: plans(plancheck.ResourceActionUpdate),
				Check:            resource.ComposeTestCheckFunc(wantFlow(sim, "notify", true, 3), wantEvent(sim, "Case/Created")),
			},
			{ // somebody edits it in the console
				PreConfig: byID(func(id string) error {
					text := strings.Replace(jsonOf(t, acctest.OnlyWorkflow(t, sim).Document), "Trigger.CID", "Trigger.Case.Name", 1)
					return sim.ReplaceWorkflow(id, []byte(text))
				}),
				Config:           config(block("trigger = \"new_incident\"\n    fields = [\"Trigger.CID\"]")),
				ConfigPlanChecks: plans(plancheck.ResourceActionUpdate),
				Check:            wantFlow(sim, "notify", true, 5),
			},
			{ // a definition of its own, in place
				Config:           config("definition = " + acctest.HclString(acctest.SleepDocument)),
				ConfigPlanChecks: plans(plancheck.ResourceActionUpdate),
				Check:            wantFlow(sim, "notify", true, 6),
			},
			{ // and back
				Config:           config(block(`event = "Case/StatusChanged"` + "\n    fields = [\"Trigger.CID\"]")),
				ConfigPlanChecks: plans(plancheck.ResourceActionUpdate),
				Check:            resource.ComposeTestCheckFunc(wantFlow(sim, "notify", true, 7), wantEvent(sim, "Case/StatusChanged")),
			},
		},
	})
}

// wantEvent checks the event of the tenant's one workflow.
func wantEvent(sim *falconsim.Running, event string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		all := sim.Workflows()
		if len(all) != 1 {
			return errors.New("the tenant has not one workflow")
		}
		if got := nodeOf(all[0], "trigger")["event"]; got != event {
			return fmt.Errorf("the workflow's event is %v, want %s", got, event)
		}
		return nil
	}
}
