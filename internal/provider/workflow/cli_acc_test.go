package workflow_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// Terraform generates the configuration of a workflow that was built in the console, and its plan is empty.
func TestAccWorkflow_generatedConfiguration(t *testing.T) {
	t.Parallel()
	c := acctest.NewTerraformWithProcesses(t)
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	p.Create(acctest.Arguments{"definition": acctest.LoopsDocument(t), "enabled": false})
	before := string(sim.Dump())
	config := acctest.RequiredFalcon + acctest.ProviderConfig(sim)
	// Terraform 1.16.0 looks for hashicorp/falcon if the import block does not name the provider.
	c.Write("main.tf", config+fmt.Sprintf("import {\n  to       = falcon_workflow.test\n  id       = %q\n  provider = falcon\n}\n", acctest.OnlyWorkflow(t, sim).ID))

	out := c.Run("plan", "-no-color", "-input=false", "-generate-config-out=generated.tf", "-out=plan")
	c.WantOutput(out, "1 to import, 0 to add, 0 to change, 0 to destroy")
	c.Run("apply", "-no-color", "-input=false", "plan")
	c.Write("main.tf", config)
	c.WantOutput(c.Run("plan", "-no-color", "-input=false", "-detailed-exitcode"), "No changes.")
	if after := string(sim.Dump()); after != before {
		t.Errorf("the tenant changed:\n%s", after)
	}
}

// The official provider's resource is moved by a moved block.
func TestAccWorkflow_moved(t *testing.T) {
	t.Parallel()
	c := acctest.NewTerraformWithProcesses(t)
	sim := acctest.NewSim(t, falconsim.Options{})
	acctest.NewProtocol(t, sim).Create(acctest.Arguments{"definition": acctest.SleepDocument})
	before := string(sim.Dump())
	c.Write("terraform.tfstate", jsonOf(t, map[string]any{
		"version": 4, "terraform_version": "1.11.0", "serial": 1, "lineage": "test", "outputs": map[string]any{},
		"resources": []any{map[string]any{
			"mode": "managed", "type": "crowdstrike_fusion_soar_workflow", "name": "nap",
			"provider": fmt.Sprintf("provider[%q]", acctest.ProviderHost()+"/crowdstrike/crowdstrike"),
			"instances": []any{map[string]any{"schema_version": 0, "attributes": map[string]any{
				"id": acctest.OnlyWorkflow(t, sim).ID, "definition": acctest.SleepReformatted, "enabled": true,
			}}},
		}},
	}))
	c.Write("main.tf", strings.Replace(acctest.RequiredFalcon, "  }\n}", "    crowdstrike = { source = \"crowdstrike/crowdstrike\" }\n  }\n}", 1)+workflowConfig(sim, acctest.SleepDocument)+`
moved {
  from = crowdstrike_fusion_soar_workflow.nap
  to   = falcon_workflow.test
}
`)
	out := c.Run("apply", "-no-color", "-input=false", "-auto-approve")
	c.WantOutput(out, "0 added, 0 changed, 0 destroyed")
	c.WantOutput(c.Run("plan", "-no-color", "-input=false", "-detailed-exitcode"), "No changes.")
	if after := string(sim.Dump()); after != before {
		t.Errorf("the tenant changed:\n%s", after)
	}
}

// On the screen, the change of one property is a few lines.
func TestAccWorkflow_planOnScreen(t *testing.T) {
	t.Parallel()
	c := acctest.NewTerraformWithProcesses(t)
	sim := acctest.NewSim(t, falconsim.Options{})
	document := acctest.LoopsDocument(t)
	config := func() string {
		return acctest.RequiredFalcon + acctest.ProviderConfig(sim) + "resource \"falcon_workflow\" \"test\" {\n  definition = file(\"flow.yaml\")\n  enabled = false\n}\n"
	}
	c.Write("flow.yaml", document)
	c.Write("main.tf", config())
	c.Run("apply", "-no-color", "-input=false", "-auto-approve")
	if err := sim.ReplaceWorkflow(acctest.OnlyWorkflow(t, sim).ID, []byte(strings.Replace(document, "tag: seen", "tag: unseen", 1))); err != nil {
		t.Fatal(err)
	}
	out := c.Run("plan", "-no-color", "-input=false")
	c.WantOutput(out, `~ tag               = "unseen" -> "seen"`)
	c.WantOutput(out, "0 to add, 1 to change, 0 to destroy")
	changed := 0
	for line := range strings.Lines(out) {
		if strings.Contains(line, " -> ") && !strings.Contains(line, "(current -> planned)") { // OpenTofu's legend
			changed++
		}
	}
	if changed != 4 { // the tag, version, last_modified and, for a draft, validation_errors
		t.Errorf("%d lines change something, want 4:\n%s", changed, out)
	}
}

// The three steps of the guide that bring a workflow from the console into code.
func TestAccWorkflow_consoleToCode(t *testing.T) {
	t.Parallel()
	c := acctest.NewTerraformWithProcesses(t)
	sim := acctest.NewSim(t, falconsim.Options{})
	acctest.NewProtocol(t, sim).Create(acctest.Arguments{"definition": acctest.LoopsDocument(t), "name": "Nightly check"})
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
