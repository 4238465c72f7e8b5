package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// nightlyCheck is the workflow that the data source's example takes for there already.
func nightlyCheck(t *testing.T, sim *falconsim.Running) {
	t.Helper()
	newProtocol(t, sim).created(arguments{"definition": sleepDocument, "name": "Nightly check"})
}

// The guide's three steps from the console to code.
func TestAccWorkflow_consoleToCode(t *testing.T) {
	t.Parallel()
	c := newTerraformCLI(t)
	sim := newSim(t, falconsim.Options{})
	newProtocol(t, sim).created(arguments{"definition": loopsDocument(t), "name": "Nightly check"})
	before := string(sim.Dump())

	c.write("main.tf", requiredFalcon+providerConfig(sim)+`
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
	c.run("apply", "-no-color", "-input=false", "-auto-approve")
	c.write("nightly.yaml", c.run("output", "-raw", "definition"))
	id := c.run("output", "-raw", "id")

	c.write("main.tf", requiredFalcon+providerConfig(sim)+fmt.Sprintf(`
import {
  to = falcon_workflow.nightly
  id = %q
}
resource "falcon_workflow" "nightly" {
  definition = file("${path.module}/nightly.yaml")
}
`, strings.TrimSpace(id)))
	c.wantOutput(c.run("apply", "-no-color", "-input=false", "-auto-approve"), "1 imported, 0 added, 0 changed, 0 destroyed")
	c.wantOutput(c.run("plan", "-no-color", "-input=false", "-detailed-exitcode"), "No changes.")
	if after := string(sim.Dump()); after != before {
		t.Errorf("the tenant changed:\n%s", after)
	}
}
