package workflow_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// Documents of one workflow: as it was, as this configuration wants it, and as someone saves it in the console.
var (
	oursBefore = strings.Replace(acctest.SleepDocument, "sleep_time: 1m", "sleep_time: 10m", 1)
	oursAfter  = strings.Replace(acctest.SleepDocument, "sleep_time: 1m", "sleep_time: 20m", 1)
	theirs     = strings.Replace(acctest.SleepDocument, "sleep_time: 1m", "sleep_time: 99m", 1)
)

// interference saves theirs just before the n-th request of an apply.
type interference struct {
	requests int
	saved    bool
}

func savedBefore(b *acctest.Harness, n int) *interference {
	i := &interference{}
	b.Transport.Arm(func(acctest.SentCall) *acctest.Fault {
		if i.requests++; i.requests == n {
			for _, w := range b.Sim.Workflows() {
				if err := b.Sim.ReplaceWorkflow(w.ID, []byte(theirs)); err != nil {
					b.T.Error(err)
				}
				i.saved = true
			}
		}
		return nil
	})
	return i
}

// Someone saves the workflow at any moment of an apply. Either the apply reports it, or the next plan shows it; what they
// saved is never lost unseen.
func TestWorkflowWhileOthersSave(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before  acctest.Arguments // nil for a create
		config  acctest.Arguments
		waiting int // requests at least: the sweep is not empty
	}{
		"create":           {config: acctest.Arguments{"definition": oursAfter}, waiting: 7},
		"create, disabled": {config: acctest.Arguments{"definition": oursAfter, "enabled": false}, waiting: 4},
		"update":           {before: acctest.Arguments{"definition": oursBefore}, config: acctest.Arguments{"definition": oursAfter}, waiting: 4},
		"update, enable":   {before: acctest.Arguments{"definition": oursBefore, "enabled": false}, config: acctest.Arguments{"definition": oursAfter}, waiting: 7},
		"enable":           {before: acctest.Arguments{"definition": oursAfter, "enabled": false}, config: acctest.Arguments{"definition": oursAfter}, waiting: 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n, more := 1, true; more; n++ {
				synctest.Test(t, func(t *testing.T) {
					more = saveRound(t, tt.before, tt.config, n)
				})
				if !more && n <= tt.waiting {
					t.Errorf("%d requests, want more", n-1)
				}
			}
		})
	}
}

// saveRound is one apply with a save before the n-th request; false when there are fewer requests.
func saveRound(t *testing.T, before, config acctest.Arguments, n int) bool {
	t.Helper()
	b := acctest.NewHarness(t, falconsim.Options{})
	p, problem := b.Run(acctest.WorkflowType)
	state := p.None()
	if before != nil {
		var diags []*tfprotov6.Diagnostic
		state, diags = p.Apply(state, before)
		problem += b.Checked(diags)
	}
	apply, more := b.Run(acctest.WorkflowType)
	planned, diags := apply.Plan(state, config)
	if problem += more + b.Checked(diags); problem != "" {
		t.Fatal(problem)
	}
	other := savedBefore(b, n)
	made, diags := apply.ApplyPlanned(state, planned, config)
	b.Transport.Arm(nil)
	problem = b.Checked(diags)
	reported := problem != "" || acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning) != ""
	if !other.saved {
		return other.requests >= n
	}
	kept := strings.Contains(acctest.AsJSONText(b.Sim.Workflows()), "99m")
	if made.Value.IsNull() {
		t.Errorf("%d: their document is in Falcon, and the state knows of nothing: %s", n, problem)
		return true
	}
	later, _ := b.Run(acctest.WorkflowType)
	read, diags := later.Read(made)
	later.WantNoError(diags)
	next, diags := later.Plan(read, config)
	later.WantNoError(diags)
	empty := next.Value.Equal(read.Value)
	switch {
	case kept && empty:
		t.Errorf("%d: Falcon has their document, and the next plan is empty; the apply said %q", n, problem)
	case !kept && !reported:
		t.Errorf("%d: what they saved was replaced without a word", n)
	case !kept && problem == "" && !empty:
		t.Errorf("%d: the next plan is not empty", n)
	}
	return true
}

// Two pipelines plan the same workflow and apply one after the other: the second one has not seen what the first one did.
func TestWorkflowOfTwoPipelines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := acctest.NewHarness(t, falconsim.Options{})
		first, _ := b.Run(acctest.WorkflowType)
		second, _ := b.Run(acctest.WorkflowType)
		state, diags := first.Apply(first.None(), acctest.Arguments{"definition": oursBefore})
		first.WantNoError(diags)
		mine, yours := acctest.Arguments{"definition": oursAfter}, acctest.Arguments{"definition": theirs}
		one, _ := first.Plan(state, mine)
		two, _ := second.Plan(state, yours)
		_, diags = first.ApplyPlanned(state, one, mine)
		first.WantNoError(diags)
		b.Transport.Arm(nil)
		got, diags := second.ApplyPlanned(state, two, yours)
		text := b.Checked(diags)
		if !strings.Contains(text, "someone changed the workflow") || !strings.Contains(text, "sleep_time") || !strings.Contains(text, "Run plan again") {
			t.Errorf("the second apply says %q", text)
		}
		for _, c := range b.Transport.Calls() {
			if c.Method == "PUT" {
				t.Error("it was sent")
			}
		}
		// The state has what Falcon has, so the next plan shows it.
		if !strings.Contains(second.Text(got, "document"), "20m") {
			t.Errorf("state: %s", second.Text(got, "document"))
		}
		healed, diags := second.Apply(got, yours)
		second.WantNoError(diags)
		if !strings.Contains(second.Text(healed, "document"), "99m") {
			t.Errorf("healed: %s", second.Text(healed, "document"))
		}
	})
}

// A refresh that lags behind what the state has seen is repeated, and reports what it shows in the end.
func TestWorkflowStaleRefresh(t *testing.T) {
	t.Parallel()
	for delay, reading := range map[string]string{"300 ms": "b", "3 s": "c"} {
		t.Run(delay, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := acctest.NewHarness(t, falconsim.Options{Readings: falconsim.Readings{"Q39": reading}})
				p, _ := b.Run(acctest.WorkflowType)
				made, diags := p.Apply(p.None(), acctest.Arguments{"definition": oursBefore})
				p.WantNoError(diags)
				changed, diags := p.Apply(made, acctest.Arguments{"definition": oursAfter})
				p.WantNoError(diags)
				later, _ := b.Run(acctest.WorkflowType)
				read, diags := later.Read(changed)
				if len(diags) > 0 || !read.Value.Equal(changed.Value) {
					t.Errorf("got %s, %v", read.Value, diags)
				}
			})
		})
	}
}

// A workflow that Falcon marks as invalid is a warning at every refresh.
func TestWorkflowMarkedInvalid(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	made := p.Created(acctest.Arguments{"definition": acctest.SleepDocument, "enabled": false})
	broken := strings.Replace(acctest.SleepDocument, "    properties:\n      sleep_time: 1m\n", "", 1)
	if err := sim.ReplaceWorkflow(p.Text(made, "id"), []byte(broken)); err != nil {
		t.Fatal(err)
	}
	for round := range 2 {
		read, diags := p.Read(made)
		p.WantNoError(diags)
		if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "Workflow has validation errors") || !strings.Contains(text, "nap") {
			t.Errorf("refresh %d: %q", round, text)
		}
		made = read
	}
}

// A name that is taken may be held by the object that is being replaced.
func TestWorkflowNameHeldByTheReplacedObject(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	made := p.Created(acctest.Arguments{"definition": acctest.SleepDocument})
	_, diags := p.Apply(p.None(), acctest.Arguments{"definition": acctest.SleepDocument})
	text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError)
	for _, want := range []string{
		"name: Name already taken", p.Text(made, "id"), "the name is held by the object that this resource replaces", "Remove create_before_destroy",
		fmt.Sprintf("terraform import falcon_workflow.this %s", p.Text(made, "id")),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("got %q, want %q in it", text, want)
		}
	}
}
