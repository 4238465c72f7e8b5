package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// newTerraform114 returns a Terraform that supports queries and actions. Older versions and OpenTofu do not: only the protocol
// tests cover these then.
func newTerraform114(t *testing.T) *acctest.Terraform {
	t.Helper()
	c := acctest.NewTerraformWithProcesses(t)
	c.NeedTerraform("1.14.0", "Queries and actions are tested at protocol level only. End to end they need")
	return c
}

// The adoption guide's way: query with the examples, generate configuration, apply it, and the plan is empty.
func TestAccQuery_generatedConfiguration(t *testing.T) {
	t.Parallel()
	c := newTerraform114(t)
	sim, _ := listTenant(t, falconsim.Options{})
	before := string(sim.Dump())
	c.Write("main.tf", acctest.RequiredFalcon+acctest.ProviderConfig(sim))
	for _, name := range []string{acctest.APIClientType, hookResource, acctest.WorkflowType} {
		c.Write(name+".tfquery.hcl", acctest.Example(t, "list-resources/"+name+"/list-resource.tfquery.hcl"))
	}
	found := c.Run("query", "-no-color", "-generate-config-out=adopted.tf")
	for _, want := range []string{"Zscaler: on", "other", "XSOAR"} {
		c.WantOutput(found, want)
	}
	if strings.Contains(found, "zscaler: off") {
		t.Errorf("a disabled workflow is listed:\n%s", found)
	}
	c.WantOutput(c.Run("plan", "-no-color"), "5 to import, 0 to add, 0 to change, 0 to destroy")
	c.Run("apply", "-auto-approve", "-no-color")
	c.WantOutput(c.Run("plan", "-no-color"), "No changes")
	if after := string(sim.Dump()); after != before {
		t.Errorf("adopting changed the tenant:\n%s\nbefore:\n%s", after, before)
	}
}

func TestAccAction(t *testing.T) {
	t.Parallel()
	c := newTerraform114(t)
	sim := acctest.NewSim(t, falconsim.Options{})
	c.Write("main.tf", acctest.RequiredFalcon+acctest.ProviderConfig(sim))
	c.Write("action.tf", acctest.Example(t, "actions/falcon_run_workflow/action_triggered.tf"))
	c.WantOutput(c.Run("apply", "-auto-approve", "-no-color"), "Execution: Completed.")
	if n := acctest.CountSuccessful(sim, acctest.ExecutePath); n != 1 {
		t.Errorf("the workflow ran %d times", n)
	}

	acctest.NewProtocol(t, sim).Create(acctest.Arguments{"definition": strings.ReplaceAll(acctest.OnDemand, "host", "hostname"), "name": "Health check"})
	c.Write("invoke.tf", acctest.Example(t, "actions/falcon_run_workflow/action.tf"))
	c.WantOutput(c.Run("apply", "-auto-approve", "-no-color", "-invoke=action.falcon_run_workflow.health_check"), "Execution: Completed.")
	if n := acctest.CountSuccessful(sim, acctest.ExecutePath); n != 2 {
		t.Errorf("the workflows ran %d times", n)
	}
	if err := os.Remove(filepath.Join(c.Dir, "invoke.tf")); err != nil {
		t.Fatal(err)
	}
	c.Run("destroy", "-auto-approve", "-no-color")
}
