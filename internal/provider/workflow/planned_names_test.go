package workflow_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// Two workflows that will have one name are an error of the plan. A name that moves from one workflow to another is not.
func TestPlan_sameName(t *testing.T) {
	t.Parallel()
	named := func(name string) acctest.Arguments {
		return acctest.Arguments{"definition": acctest.SleepDocument, "name": name}
	}
	const inDocument = "nap" // the name in SleepDocument
	plain := acctest.Arguments{"definition": acctest.SleepDocument}
	// A step plans workflow a or b, which exist, or a new one. Its last plan must have the error at this argument.
	type step struct {
		state  string
		config acctest.Arguments
	}
	for name, tt := range map[string]struct {
		steps []step
		fails string
	}{
		"two new ones":                      {[]step{{"", named("x")}, {"", named("x")}}, "name"},
		"two new ones, by document":         {[]step{{"", plain}, {"", plain}}, "definition"},
		"by document and by argument":       {[]step{{"", plain}, {"", named(inDocument)}}, "name"},
		"the document is not known":         {[]step{{"", named("x")}, {"", acctest.Arguments{"definition": acctest.Unknown{}, "name": "x"}}}, "name"},
		"different letter case":             {[]step{{"", named("x")}, {"", named("X")}}, ""},
		"unknown names":                     {[]step{{"", acctest.Arguments{"definition": acctest.SleepDocument, "name": acctest.Unknown{}}}, {"", acctest.Arguments{"definition": acctest.SleepDocument, "name": acctest.Unknown{}}}}, ""},
		"a new one like one that stays":     {[]step{{"a", named("a")}, {"", named("a")}}, "name"},
		"one that stays like a new one":     {[]step{{"", named("a")}, {"a", named("a")}}, "name"},
		"a new one like a renamed one":      {[]step{{"a", named("x")}, {"", named("x")}}, "name"},
		"two renamed":                       {[]step{{"a", named("x")}, {"b", named("x")}}, "name"},
		"a new one with a free name":        {[]step{{"a", named("x")}, {"", named("a")}}, ""},
		"of a destroyed one":                {[]step{{"a", nil}, {"", named("a")}}, ""},
		"of one that is destroyed later":    {[]step{{"", named("a")}, {"a", nil}}, ""},
		"one that is planned twice":         {[]step{{"a", named("a")}, {"a", named("a")}}, ""},
		"a replaced one":                    {[]step{{"a", named("a")}, {"a, replaced", named("a")}}, ""},
		"a replaced one that is renamed":    {[]step{{"a", named("x")}, {"a, replaced", named("x")}}, ""},
		"a new one like a replaced one":     {[]step{{"a", named("a")}, {"a, replaced", named("a")}, {"", named("a")}}, "name"},
		"a replaced one and one that stays": {[]step{{"a", named("a")}, {"a, replaced", named("a")}, {"b", named("b")}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{})
			states := map[string]acctest.Instance{}
			for _, existing := range []string{"a", "b"} {
				states[existing] = acctest.NewProtocol(t, sim).Create(named(existing))
			}
			p := acctest.NewProtocol(t, sim)
			states[""] = p.None()
			// The tenant guard's private state is that of the old object.
			states["a, replaced"] = acctest.Instance{Value: p.None().Value, Private: states["a"].Private}
			for i, s := range tt.steps {
				var diags []*tfprotov6.Diagnostic
				if s.config == nil {
					_, diags = p.PlanDestroy(states[s.state])
				} else {
					_, diags = p.Plan(states[s.state], s.config)
				}
				got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError)
				if tt.fails != "" && i == len(tt.steps)-1 {
					if !strings.HasPrefix(got, tt.fails+": Two workflows with one name: ") || strings.Contains(got, "\n") {
						t.Errorf("got %q, want the error at %s", got, tt.fails)
					}
				} else if got != "" {
					t.Errorf("step %d: %s", i, got)
				}
			}
		})
	}
}

// Applies of one run do not get in the way of each other: each create ends before the next one with a free name.
func TestPlan_sameNameAfterApply(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	for range 2 {
		state := p.Create(acctest.WorkflowArguments)
		_, diags := p.Destroy(p.Refresh(state))
		p.WantNoError(diags)
	}
}

// Terraform plans a replaced workflow twice, and a workflow under a new address without a moved block as a create.
func TestAccWorkflow_sameName(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	w := acctest.NewTerraform(t, sim, nil)
	block := func(label, more string) string {
		return `
resource "falcon_workflow" "` + label + `" {
  ` + more + `
  definition = <<-EOT
` + acctest.SleepDocument + `
  EOT
}
`
	}
	w.Write("main.tf", acctest.RequiredFalcon+block("this", "count = 2"))
	out := w.RunExit(1, "plan")
	if strings.Count(out, "Error: ") != 1 {
		t.Errorf("got:\n%s", out)
	}
	w.WantOutput(out, "Error: Two workflows with one name")
	w.Write("main.tf", acctest.RequiredFalcon+block("this", `
  count = 2
  name  = "nap ${count.index}"`))
	w.Run("apply", "-auto-approve")
	w.WantPlan(false)
	w.WantOutput(w.Run("apply", "-auto-approve", "-replace=falcon_workflow.this[0]"), "1 added, 0 changed, 1 destroyed")
	w.Run("taint", "falcon_workflow.this[1]")
	w.WantOutput(w.Run("apply", "-auto-approve"), "1 added, 0 changed, 1 destroyed")
	w.WantPlan(false)
	w.Write("main.tf", acctest.RequiredFalcon+block("this", `name = "nap 0"`)+block("other", `name = "nap 0"`))
	w.WantOutput(w.RunExit(1, "plan"), "Error: Two workflows with one name")
}
