package workflow_test

import (
	"fmt"
	"regexp"
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

const testAddress = "falcon_workflow.test"

// workflowConfig is a provider block and a falcon_workflow with a definition and further arguments.
func workflowConfig(sim *falconsim.Running, document string, more ...string) string {
	return acctest.ProviderConfig(sim) + workflowBlock(document, more...)
}

func workflowBlock(document string, more ...string) string {
	return fmt.Sprintf("resource \"falcon_workflow\" \"test\" {\n  definition = %s\n  %s\n}\n", acctest.HCLString(document), strings.Join(more, "\n  "))
}

// wantWorkflow checks the tenant's one workflow.
func wantWorkflow(sim *falconsim.Running, name string, enabled bool, version int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		all := sim.Workflows()
		if len(all) != 1 {
			return fmt.Errorf("the tenant has %d workflows, want 1", len(all))
		}
		if w := all[0]; w.Name != name || w.Enabled != enabled || w.Version != version {
			return fmt.Errorf("the tenant has %q, enabled %t, version %d; want %q, %t, %d", w.Name, w.Enabled, w.Version, name, enabled, version)
		}
		return nil
	}
}

// wantNoWorkflow checks that the tenant has no workflow.
func wantNoWorkflow(sim *falconsim.Running) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if n := len(sim.Workflows()); n != 0 {
			return fmt.Errorf("%d workflows were left in the tenant", n)
		}
		return nil
	}
}

func expectAttribute(name string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(testAddress, tfjsonpath.New(name), value)
}

func expectAction(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(testAddress, action)}}
}

func TestAccWorkflow_lifeCycle(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	changed := strings.Replace(acctest.SleepDocument, "1m", "2m", 1)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             wantNoWorkflow(sim),
		Steps: []resource.TestStep{
			{Config: workflowConfig(sim, "name: ["), ExpectError: regexp.MustCompile(`Invalid workflow document`)},
			{
				Config: workflowConfig(sim, acctest.SleepDocument),
				Check:  wantWorkflow(sim, "nap", true, 2),
				ConfigStateChecks: []statecheck.StateCheck{
					expectAttribute("name", knownvalue.StringExact("nap")),
					expectAttribute("description", knownvalue.StringExact("waits")),
					expectAttribute("enabled", knownvalue.Bool(true)),
					expectAttribute("version", knownvalue.Int64Exact(2)),
					expectAttribute("definition", knownvalue.StringExact(acctest.SleepDocument)),
				},
			},
			{ // the same workflow in another form
				Config:           workflowConfig(sim, acctest.SleepReformatted),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionNoop),
			},
			{ // and in the form that Terraform writes
				Config: acctest.ProviderConfig(sim) + fmt.Sprintf(`resource "falcon_workflow" "test" {
  definition = yamlencode(yamldecode(%s))
}
`, acctest.HCLString(acctest.SleepDocument)),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionNoop),
			},
			{ // changed, renamed and disabled in place
				Config:            workflowConfig(sim, changed, `name = "siesta"`, `description = ""`, `enabled = false`),
				ConfigPlanChecks:  expectAction(plancheck.ResourceActionUpdate),
				Check:             wantWorkflow(sim, "siesta", false, 4),
				ConfigStateChecks: []statecheck.StateCheck{expectAttribute("description", knownvalue.StringExact(""))},
			},
			{
				Config: workflowConfig(sim, changed),
				Check:  wantWorkflow(sim, "nap", true, 6),
			},
			{
				ResourceName:            testAddress,
				ImportState:             true,
				ImportStateVerify:       true,
				ImportStateVerifyIgnore: []string{"definition"},
			},
			{ // the first plan after an import is empty
				ResourceName:    testAddress,
				Config:          workflowConfig(sim, changed),
				ImportState:     true,
				ImportStateKind: resource.ImportBlockWithID,
				ImportPlanChecks: resource.ImportPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(testAddress, plancheck.ResourceActionNoop),
				}},
			},
		},
	})
}

// A definition that is unknown until apply: the output of another resource.
func TestAccWorkflow_unknownDefinition(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	config := func(minutes string) string {
		return acctest.ProviderConfig(sim) + fmt.Sprintf(`
resource "terraform_data" "doc" {
  input = %s
}
resource "falcon_workflow" "test" {
  definition = terraform_data.doc.output
}
`, acctest.HCLString(strings.Replace(acctest.SleepDocument, "1m", minutes, 1)))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: config("1m"), Check: wantWorkflow(sim, "nap", true, 2)},
			{Config: config("2m"), Check: wantWorkflow(sim, "nap", true, 3)},
		},
	})
}

// With ignore_changes = [definition], a change in the console stays, although document is planned. Without it, the plan
// reverts the change.
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
		return workflowConfig(sim, document, more+"lifecycle {\n  ignore_changes = [definition]\n}\n")
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             wantNoWorkflow(sim),
		Steps: []resource.TestStep{
			{Config: ignoring(acctest.SleepDocument, ""), Check: wantWorkflow(sim, "nap", true, 2)},
			{ // a property, and a name that only the document contains
				PreConfig:        edited(strings.Replace(drift, "name: nap", "name: doze", 1)),
				Config:           ignoring(acctest.SleepDocument, ""),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionNoop),
				Check:            wantWorkflow(sim, "doze", true, 3),
			},
			{ // an argument that is not ignored is applied, and nothing else
				Config:           ignoring(acctest.SleepDocument, "enabled = false\n"),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
				Check:            wantWorkflow(sim, "doze", false, 4),
			},
			{
				Config:           workflowConfig(sim, acctest.SleepDocument),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
				Check:            wantWorkflow(sim, "nap", true, 6),
			},
		},
	})
}

// A webhook configuration and the workflow that calls it, in one configuration: its id is unknown when the workflow is
// planned.
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
		CheckDestroy:             wantNoWorkflow(sim),
		Steps: []resource.TestStep{
			{
				Config: config(block(`trigger = "score_changed"`)),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectUnknownValue(testAddress, tfjsonpath.New("document")),
				}},
				Check: wantWorkflow(sim, "notify", true, 2),
				ConfigStateChecks: []statecheck.StateCheck{
					expectAttribute("definition", knownvalue.Null()),
					expectAttribute("description", knownvalue.StringExact("")),
				},
			},
			{
				Config:           config(block("trigger = \"new_incident\"\n    fields = [\"Trigger.CID\"]")),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
				Check:            resource.ComposeTestCheckFunc(wantWorkflow(sim, "notify", true, 3), wantEvent(sim, "Case/Created")),
			},
			{ // someone edits it in the console
				PreConfig: byID(func(id string) error {
					text := strings.Replace(jsonOf(t, acctest.OnlyWorkflow(t, sim).Document), "Trigger.CID", "Trigger.Case.Name", 1)
					return sim.ReplaceWorkflow(id, []byte(text))
				}),
				Config:           config(block("trigger = \"new_incident\"\n    fields = [\"Trigger.CID\"]")),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
				Check:            wantWorkflow(sim, "notify", true, 5),
			},
			{ // a definition replaces the block
				Config:           config("definition = " + acctest.HCLString(acctest.SleepDocument)),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
				Check:            wantWorkflow(sim, "notify", true, 6),
			},
			{ // the block replaces the definition
				Config:           config(block(`event = "Case/StatusChanged"` + "\n    fields = [\"Trigger.CID\"]")),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
				Check:            resource.ComposeTestCheckFunc(wantWorkflow(sim, "notify", true, 7), wantEvent(sim, "Case/StatusChanged")),
			},
		},
	})
}

// The URL of the receiver is unknown when the workflow is planned, alone and as an argument of the function.
func TestAccWorkflow_notifyHTTP(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{NoCallWebhook: true})
	config := func(workflow string) string {
		return acctest.ProviderConfig(sim) + `
			resource "terraform_data" "receiver" {
				input = "https://receiver.example/hook?k=v"
			}
			resource "falcon_workflow" "test" {
				name           = "notify"
				` + workflow + `
			}
		`
	}
	unknownDocument := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectUnknownValue(testAddress, tfjsonpath.New("document")),
	}}
	request := `notify_webhook = {
		trigger = "score_changed"
		http    = { url = terraform_data.receiver.output, headers = { X-Source = "falcon" }, on_failure = "continue" }
	}`
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             wantNoWorkflow(sim),
		Steps: []resource.TestStep{
			{Config: config(request), ConfigPlanChecks: unknownDocument, Check: wantWorkflow(sim, "notify", true, 2)},
			{ // the function is evaluated when the URL is known
				Config: config(`notify_webhook = {
					trigger = "new_incident"
					http = merge(provider::falcon::http_notification("slack", {
						url = terraform_data.receiver.output, title = "Case $${data['Trigger.Case.CaseID']}", fields = { CID = "Trigger.CID" }
					}), { success_codes = [200] })
				}`),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
				Check:            resource.ComposeTestCheckFunc(wantWorkflow(sim, "notify", true, 3), wantEvent(sim, "Case/Created")),
			},
			{ // someone edits the URL in the console
				PreConfig: func() {
					w := acctest.OnlyWorkflow(t, sim)
					if err := sim.ReplaceWorkflow(w.ID, []byte(strings.Replace(jsonOf(t, w.Document), "receiver.example", "elsewhere.example", 1))); err != nil {
						t.Fatal(err)
					}
				},
				Config:           config(request),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
				Check:            resource.ComposeTestCheckFunc(wantWorkflow(sim, "notify", true, 5), wantEvent(sim, "ZeroTrust/HostScoreChange/HostOverallScoreChange")),
			},
			{ // a definition replaces the block
				Config:           config("definition = " + acctest.HCLString(acctest.SleepDocument)),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
				Check:            wantWorkflow(sim, "notify", true, 6),
			},
		},
	})
}

// wantEvent checks the event of the tenant's one workflow.
func wantEvent(sim *falconsim.Running, event string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		all := sim.Workflows()
		if len(all) != 1 {
			return fmt.Errorf("the tenant has %d workflows, want 1", len(all))
		}
		if got := nodeOf(all[0], "trigger")["event"]; got != event {
			return fmt.Errorf("the workflow's event is %v, want %s", got, event)
		}
		return nil
	}
}
