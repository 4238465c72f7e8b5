package workflow_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// Two workflows that will have one name are an error of the plan. Plans that follow each other may be those of one resource.
func TestPlan_sameName(t *testing.T) {
	t.Parallel()
	named := func(name string) acctest.Arguments {
		return acctest.Arguments{"definition": acctest.SleepDocument, "name": name}
	}
	const inDocument = "nap" // the name in SleepDocument
	plain := acctest.Arguments{"definition": acctest.SleepDocument}
	unknownName := acctest.Arguments{"definition": acctest.SleepDocument, "name": acctest.Unknown{}}
	type planned struct {
		state  string // a or b, which exist, or "" for a new one
		config acctest.Arguments
	}
	for name, tt := range map[string]struct {
		first, second planned
		later         bool   // the second plan begins when the first is complete
		fails         string // the argument with the error
	}{
		"two new ones":                    {first: planned{"", named("x")}, second: planned{"", named("x")}, fails: "name"},
		"two new ones, by document":       {first: planned{"", plain}, second: planned{"", plain}, fails: "definition"},
		"by document and by argument":     {first: planned{"", plain}, second: planned{"", named(inDocument)}, fails: "name"},
		"a document that is not known":    {first: planned{"", named("x")}, second: planned{"", acctest.Arguments{"definition": acctest.Unknown{}, "name": "x"}}, fails: "name"},
		"a new one like a renamed one":    {first: planned{"a", named("x")}, second: planned{"", named("x")}, fails: "name"},
		"two renamed":                     {first: planned{"a", named("x")}, second: planned{"b", named("x")}, fails: "name"},
		"different letter case":           {first: planned{"", named("x")}, second: planned{"", named("X")}},
		"unknown names":                   {first: planned{"", unknownName}, second: planned{"", unknownName}},
		"a new one with a free name":      {first: planned{"a", named("x")}, second: planned{"", named("a")}},
		"of a destroyed one":              {first: planned{"a", nil}, second: planned{"", named("a")}},
		"swapped":                         {first: planned{"a", named("x")}, second: planned{"b", named("a")}},
		"one after the other":             {first: planned{"", named("x")}, second: planned{"", named("x")}, later: true},
		"a replaced one, planned as both": {first: planned{"a", named("x")}, second: planned{"", named("x")}, later: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
				states := map[string]acctest.Instance{"": b.Start(acctest.WorkflowType).None()}
				for _, existing := range []string{"a", "b"} {
					states[existing] = b.Start(acctest.WorkflowType).Create(named(existing))
				}
				p := b.Start(acctest.WorkflowType)
				b.Transport.SetFault(func(acctest.SentCall) *acctest.Fault { return acctest.Delay(5*time.Second, func() {}) })
				plan := func(of planned) string {
					var diags []*tfprotov6.Diagnostic
					if of.config == nil {
						_, diags = p.PlanDestroy(states[of.state])
					} else {
						_, diags = p.Plan(states[of.state], of.config)
					}
					return acctest.Messages(diags, tfprotov6.DiagnosticSeverityError)
				}
				after := time.Second
				if tt.later {
					after = time.Hour
				}
				var first, second string
				coretest.Together(
					coretest.Timed{Do: func() { first = plan(tt.first) }},
					coretest.Timed{After: after, Do: func() { second = plan(tt.second) }},
				)
				// An update looks up actions before its name is known, so the second may come first.
				both := first + second
				if n := strings.Count(both, "Two workflows with one name"); n > 1 || (n == 1) != (tt.fails != "") || !strings.HasPrefix(both, tt.fails) {
					t.Errorf("got %q and %q, want one error at %q", first, second, tt.fails)
				}
			})
		})
	}
}

// The same with a real Terraform, which plans two instances at the same time; and the plans of one resource, one after the other.
func TestAccWorkflow_sameName(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	w := acctest.NewTerraformWithProcesses(t)
	config := func(more string) string {
		return acctest.RequiredFalcon + "resource \"falcon_workflow\" \"this\" {\n" + more + "\n  definition = " + acctest.HCLString(acctest.SleepDocument) + "\n}\n"
	}
	w.Write("provider.tf", acctest.ProviderConfig(sim))
	w.Write("main.tf", config("  count = 2"))
	acctest.Inject(t, sim, falconsim.Fault{Path: "/workflows/entities/definitions/import/v1", Kind: falconsim.FaultDelay, Delay: 3 * time.Second, Times: 2})
	out := w.RunExit(1, "plan")
	sim.ClearFaults()
	if strings.Count(out, "Error: ") != 1 {
		t.Errorf("got:\n%s", out)
	}
	w.WantOutput(out, "Error: Two workflows with one name")

	w.Write("main.tf", config("  count = 2\n  name  = \"nap ${count.index}\""))
	w.Run("apply", "-auto-approve")
	w.WantPlan(false)
	w.WantOutput(w.Run("apply", "-auto-approve", "-replace=falcon_workflow.this[0]"), "1 added, 0 changed, 1 destroyed")
	w.Run("taint", "falcon_workflow.this[1]")
	w.WantOutput(w.Run("apply", "-auto-approve"), "1 added, 0 changed, 1 destroyed")
	w.Run("destroy", "-auto-approve")

	// Since Terraform 1.14, terraform test plans and applies all runs in one process if the test configures the provider.
	if err := os.Remove(filepath.Join(w.Dir, "provider.tf")); err != nil {
		t.Fatal(err)
	}
	w.Write("main.tf", config(""))
	w.Write("one.tftest.hcl", acctest.ProviderConfig(sim)+"run \"plan\" {\n  command = plan\n}\nrun \"apply\" {}\nrun \"again\" {}\n")
	w.Run("test")
}
