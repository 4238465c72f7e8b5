package workflow_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// The guide's three steps from the console to code.
func TestAccWorkflow_consoleToCode(t *testing.T) {
	t.Parallel()
	c := acctest.NewTerraformWithProcesses(t)
	sim := acctest.NewSim(t, falconsim.Options{})
	acctest.NewProtocol(t, sim).Created(acctest.Arguments{"definition": acctest.LoopsDocument(t), "name": "Nightly check"})
	before := string(sim.Dump())

	c.Write("main.tf", acctest.RequiredFalcon+acctest.ProviderConfig(sim)+`
data "falcon_workflow" "nightly" {
  name = "Nightly check"
}
output "id" {
  value = data.falcon_workflow.nightly.id
}
output "definition" {
  value = data.falcon_workflow.nightly.definition
}
`)
	c.Run("apply", "-no-color", "-input=false", "-auto-approve")
	c.Write("nightly.yaml", c.Run("output", "-raw", "definition"))
	id := c.Run("output", "-raw", "id")

	c.Write("main.tf", acctest.RequiredFalcon+acctest.ProviderConfig(sim)+fmt.Sprintf(`
import {
  to = falcon_workflow.nightly
  id = %q
}
resource "falcon_workflow" "nightly" {
  definition = file("${path.module}/nightly.yaml")
}
`, strings.TrimSpace(id)))
	c.WantOutput(c.Run("apply", "-no-color", "-input=false", "-auto-approve"), "1 imported, 0 added, 0 changed, 0 destroyed")
	c.WantOutput(c.Run("plan", "-no-color", "-input=false", "-detailed-exitcode"), "No changes.")
	if after := string(sim.Dump()); after != before {
		t.Errorf("the tenant changed:\n%s", after)
	}
}
