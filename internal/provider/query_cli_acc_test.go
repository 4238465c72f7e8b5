package provider

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	goversion "github.com/hashicorp/go-version"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// newTerraform114 is a Terraform that runs queries and actions. Older ones and OpenTofu do not; the protocol tests
// then have to do.
func newTerraform114(t *testing.T) *terraformCLI {
	t.Helper()
	c := newTerraformCLI(t)
	var about struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal([]byte(c.run("version", "-json")), &about); err != nil {
		t.Fatal(err)
	}
	v, err := goversion.NewVersion(about.Version)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(filepath.Base(c.path), "tofu") || v.Core().LessThan(goversion.Must(goversion.NewVersion("1.14.0"))) {
		t.Skipf("SKIPPED: queries and actions need Terraform 1.14, this is %s %s. They are tested at protocol level only.", filepath.Base(c.path), v)
	}
	return c
}

// The adoption guide's way: query with the examples, generate configuration, apply it, and the plan is empty.
func TestAccQuery_generatedConfiguration(t *testing.T) {
	t.Parallel()
	c := newTerraform114(t)
	sim, _ := listTenant(t, falconsim.Options{})
	before := string(sim.Dump())
	c.write("main.tf", requiredFalcon+providerConfig(sim))
	for _, name := range []string{apiClientType, hookResource, flowType} {
		c.write(name+".tfquery.hcl", example(t, "list-resources/"+name+"/list-resource.tfquery.hcl"))
	}
	found := c.run("query", "-no-color", "-generate-config-out=adopted.tf")
	for _, want := range []string{"Zscaler: on", "other", "XSOAR"} {
		c.wantOutput(found, want)
	}
	if strings.Contains(found, "zscaler: off") {
		t.Errorf("a workflow that is off is listed:\n%s", found)
	}
	c.wantOutput(c.run("plan", "-no-color"), "5 to import, 0 to add, 0 to change, 0 to destroy")
	c.run("apply", "-auto-approve", "-no-color")
	c.wantOutput(c.run("plan", "-no-color"), "No changes")
	if after := string(sim.Dump()); after != before {
		t.Errorf("adopting changed the tenant:\n%s\nbefore:\n%s", after, before)
	}
}

func TestAccAction(t *testing.T) {
	t.Parallel()
	c := newTerraform114(t)
	sim := newSim(t, falconsim.Options{})
	c.write("main.tf", requiredFalcon+providerConfig(sim))
	c.write("action.tf", example(t, "actions/falcon_run_workflow/action_triggered.tf"))
	c.wantOutput(c.run("apply", "-auto-approve", "-no-color"), "Execution: Completed.")
	if n := doneCalls(sim, executePath); n != 1 {
		t.Errorf("the workflow ran %d times", n)
	}

	newProtocol(t, sim).created(arguments{"definition": strings.ReplaceAll(onDemand, "host", "hostname"), "name": "Health check"})
	c.write("invoke.tf", example(t, "actions/falcon_run_workflow/action.tf"))
	c.wantOutput(c.run("apply", "-auto-approve", "-no-color", "-invoke=action.falcon_run_workflow.health_check"), "Execution: Completed.")
	if n := doneCalls(sim, executePath); n != 2 {
		t.Errorf("the workflows ran %d times", n)
	}
	if err := os.Remove(filepath.Join(c.dir, "invoke.tf")); err != nil {
		t.Fatal(err)
	}
	c.run("destroy", "-auto-approve", "-no-color")
}
