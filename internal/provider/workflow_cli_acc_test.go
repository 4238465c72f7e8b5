package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

const requiredFalcon = `
terraform {
  required_providers {
    falcon = { source = "falcon-integrations/falcon" }
  }
}
`

// A workflow that was built in the console: Terraform writes the configuration, which plans empty.
func TestAccWorkflow_generatedConfiguration(t *testing.T) {
	t.Parallel()
	c := newTerraformCLI(t)
	sim := newSim(t, falconsim.Options{})
	p := newProtocol(t, sim)
	p.created(arguments{"definition": loopsDocument(t), "enabled": false})
	before := string(sim.Dump())
	c.write("main.tf", requiredFalcon+providerConfig(sim)+fmt.Sprintf("import {\n  to = falcon_workflow.test\n  id = %q\n}\n", onlyFlow(t, sim).ID))

	out := c.run("plan", "-no-color", "-input=false", "-generate-config-out=generated.tf", "-out=plan")
	c.wantOutput(out, "1 to import, 0 to add, 0 to change, 0 to destroy")
	c.run("apply", "-no-color", "-input=false", "plan")
	c.wantOutput(c.run("plan", "-no-color", "-input=false", "-detailed-exitcode"), "No changes.")
	if after := string(sim.Dump()); after != before {
		t.Errorf("the tenant changed:\n%s", after)
	}
}

// The official provider's resource, moved by a moved block.
func TestAccWorkflow_moved(t *testing.T) {
	t.Parallel()
	c := newTerraformCLI(t)
	sim := newSim(t, falconsim.Options{})
	newProtocol(t, sim).created(arguments{"definition": sleepDocument})
	before := string(sim.Dump())
	c.write("terraform.tfstate", jsonOf(t, map[string]any{
		"version": 4, "terraform_version": "1.11.0", "serial": 1, "lineage": "test", "outputs": map[string]any{},
		"resources": []any{map[string]any{
			"mode": "managed", "type": "crowdstrike_fusion_soar_workflow", "name": "nap",
			"provider": fmt.Sprintf("provider[%q]", providerHost()+"/crowdstrike/crowdstrike"),
			"instances": []any{map[string]any{"schema_version": 0, "attributes": map[string]any{
				"id": onlyFlow(t, sim).ID, "definition": sleepReformatted, "enabled": true,
			}}},
		}},
	}))
	c.write("main.tf", strings.Replace(requiredFalcon, "  }\n}", "    crowdstrike = { source = \"crowdstrike/crowdstrike\" }\n  }\n}", 1)+flow(sim, sleepDocument)+`
moved {
  from = crowdstrike_fusion_soar_workflow.nap
  to   = falcon_workflow.test
}
`)
	out := c.run("apply", "-no-color", "-input=false", "-auto-approve")
	c.wantOutput(out, "0 added, 0 changed, 0 destroyed")
	c.wantOutput(c.run("plan", "-no-color", "-input=false", "-detailed-exitcode"), "No changes.")
	if after := string(sim.Dump()); after != before {
		t.Errorf("the tenant changed:\n%s", after)
	}
}

// What a reviewer reads on the screen: one property is a few lines.
func TestAccWorkflow_planOnScreen(t *testing.T) {
	t.Parallel()
	c := newTerraformCLI(t)
	sim := newSim(t, falconsim.Options{})
	document := loopsDocument(t)
	config := func() string {
		return requiredFalcon + providerConfig(sim) + "resource \"falcon_workflow\" \"test\" {\n  definition = file(\"flow.yaml\")\n  enabled = false\n}\n"
	}
	c.write("flow.yaml", document)
	c.write("main.tf", config())
	c.run("apply", "-no-color", "-input=false", "-auto-approve")
	if err := sim.ReplaceWorkflow(onlyFlow(t, sim).ID, []byte(strings.Replace(document, "tag: seen", "tag: unseen", 1))); err != nil {
		t.Fatal(err)
	}
	out := c.run("plan", "-no-color", "-input=false")
	c.wantOutput(out, `~ tag               = "unseen" -> "seen"`)
	c.wantOutput(out, "0 to add, 1 to change, 0 to destroy")
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
