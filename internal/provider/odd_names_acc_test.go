package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// oddNames are names that mean something to a filter, to GraphQL, to YAML, to
// an address or to Terraform, each beside names that would be found in its
// place if a part of it were taken for more than text.
var oddNames = []string{
	`it's`, `it''s`, `it\'s`, `its`, // the quote of FQL
	`say "hi"`, `say hi`, `say \"hi\"`,
	`CORP\ada`, `CORP\\ada`, `CORPada`, `ends in \`, `ends in`,
	"two\nlines", "two lines", `two\nlines`,
	`a*b`, `axb`, `a?b`, `*`,
	`x'+name:'its`, `x,its`, `a+b`, `a%2Bb`, `a b&limit=1#`, `[1,2]`, `1.0`, `null`, `~`, `- item: {x}`, `"quoted"`,
	`${data['Trigger.CID']}`, `%{ if true }`, `Ärger 🔑 日本`, `ärger 🔑 日本`, `<b>&amp;</b>`, `<b>&</b>`,
}

// A name finds exactly its object, whatever characters it is made of, and makes
// no second plan.
func TestAcc_oddNames(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	before := len(sim.PluginConfigs())
	names := make([]string, len(oddNames))
	for i, name := range oddNames {
		names[i] = "    " + acctest.HclString(name) + ","
	}
	config := acctest.ProviderConfig(sim) + fmt.Sprintf(`
locals {
  names = [
%s
  ]
}
resource "falcon_api_client" "odd" {
  count = length(local.names)
  name     = local.names[count.index]
  scopes   = ["devices:read"]
}
resource "falcon_webhook" "odd" {
  count = length(local.names)
  name           = local.names[count.index]
  url            = %q
  hmac_secret_wo = %q
}
resource "falcon_workflow" "odd" {
  count = length(local.names)
  name     = local.names[count.index]
  notify_webhook = {
    webhook_id = falcon_webhook.odd[count.index].id
    trigger    = "score_changed"
  }
}
data "falcon_api_client" "odd" {
  count = length(local.names)
  name     = falcon_api_client.odd[count.index].name
}
data "falcon_webhook" "odd" {
  count = length(local.names)
  name     = falcon_webhook.odd[count.index].name
}
data "falcon_workflow" "odd" {
  count = length(local.names)
  name     = falcon_workflow.odd[count.index].name
}
`, strings.Join(names, "\n"), acctest.WebhookURL, coretest.TestKey)
	again := func(kind, arguments string, name int) string {
		return config + fmt.Sprintf("resource %q \"again\" {\n  name = local.names[%d]\n  %s\n}\n", kind, name, arguments)
	}
	steps := []resource.TestStep{
		{Config: config, Check: wantOddNames(sim, before)},
		{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
	}
	for _, i := range []int{2, 12, 19} {
		steps = append(steps, resource.TestStep{
			Config:      again("falcon_workflow", "notify_webhook = {\n    webhook_id = falcon_webhook.odd[0].id\n    trigger = \"score_changed\"\n  }", i),
			ExpectError: acctest.MatchWords("Name already taken"),
		})
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: steps})
}

// wantOddNames checks that each object has its name in Falcon, and was found by it.
func wantOddNames(sim *falconsim.Running, hooksBefore int) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		held := map[string]map[string]string{"falcon_api_client": {}, "falcon_webhook": {}, "falcon_workflow": {}}
		for _, c := range sim.Clients() {
			held["falcon_api_client"][c.ID] = c.Name
		}
		for _, c := range sim.PluginConfigs() {
			held["falcon_webhook"][c.ID] = c.Name
		}
		for _, w := range sim.Workflows() {
			held["falcon_workflow"][w.ID] = w.Name
		}
		if len(sim.PluginConfigs()) != hooksBefore+len(oddNames) || len(sim.Workflows()) != len(oddNames) {
			return fmt.Errorf("%d webhook configurations and %d workflows", len(sim.PluginConfigs()), len(sim.Workflows()))
		}
		for kind, names := range held {
			for i, name := range oddNames {
				address := fmt.Sprintf("%s.odd.%d", kind, i)
				made, found := s.RootModule().Resources[address], s.RootModule().Resources["data."+address]
				if made == nil || found == nil {
					return fmt.Errorf("%s %q is not in the state", kind, name)
				}
				if got := names[made.Primary.ID]; got != name {
					return fmt.Errorf("%s %q is named %q in Falcon", kind, name, got)
				}
				if found.Primary.ID != made.Primary.ID {
					return fmt.Errorf("%s %q is found as %q", kind, name, names[found.Primary.ID])
				}
			}
		}
		return nil
	}
}
