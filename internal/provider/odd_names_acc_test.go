package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// Names with a meaning for Terraform itself; [TestOddNames] has the others.
var oddNamesInTerraform = []string{`say "hi"`, "two\nlines", `ends in \`, `${data['Trigger.CID']}`, `%{ if true }`}

// A name finds exactly its object, and the second plan is empty, through Terraform.
func TestAcc_oddNames(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	before := len(sim.PluginConfigs())
	names := make([]string, len(oddNamesInTerraform))
	for i, name := range oddNamesInTerraform {
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
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: []resource.TestStep{{Config: config, Check: wantOddNames(sim, before)}}})
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
		if len(sim.PluginConfigs()) != hooksBefore+len(oddNamesInTerraform) || len(sim.Workflows()) != len(oddNamesInTerraform) {
			return fmt.Errorf("%d webhook configurations and %d workflows", len(sim.PluginConfigs()), len(sim.Workflows()))
		}
		for kind, names := range held {
			for i, name := range oddNamesInTerraform {
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
