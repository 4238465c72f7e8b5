package workflow_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// Documents of one workflow: before the apply, in the configuration, and as someone saves it in the console.
var (
	oursBefore = strings.Replace(acctest.SleepDocument, "sleep_time: 1m", "sleep_time: 10m", 1)
	oursAfter  = strings.Replace(acctest.SleepDocument, "sleep_time: 1m", "sleep_time: 20m", 1)
	theirs     = strings.Replace(acctest.SleepDocument, "sleep_time: 1m", "sleep_time: 99m", 1)
)

// concurrentSave saves theirs before a request of an apply.
type concurrentSave struct {
	requests int
	saved    bool
}

// saveBefore saves theirs before the n-th request.
func saveBefore(b *acctest.Harness, n int) *concurrentSave {
	i := &concurrentSave{}
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

// Someone saves the workflow before each request of an apply in turn. Either the apply reports it, or the next plan shows
// it: nothing that someone saved is replaced without a message.
func TestConcurrentSave(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before acctest.Arguments // nil for a create
		config acctest.Arguments
		least  int // requests, so that the table is not empty
	}{
		"create":           {config: acctest.Arguments{"definition": oursAfter}, least: 7},
		"create, disabled": {config: acctest.Arguments{"definition": oursAfter, "enabled": false}, least: 4},
		"update":           {before: acctest.Arguments{"definition": oursBefore}, config: acctest.Arguments{"definition": oursAfter}, least: 4},
		"update, enable":   {before: acctest.Arguments{"definition": oursBefore, "enabled": false}, config: acctest.Arguments{"definition": oursAfter}, least: 7},
		"enable":           {before: acctest.Arguments{"definition": oursAfter, "enabled": false}, config: acctest.Arguments{"definition": oursAfter}, least: 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n, more := 1, true; more; n++ {
				synctest.Test(t, func(t *testing.T) {
					more = applyWithSave(t, tt.before, tt.config, n)
				})
				if !more && n <= tt.least {
					t.Errorf("%d requests, want more", n-1)
				}
			}
		})
	}
}

// applyWithSave applies once, with a save before the n-th request. It is false if there are fewer requests.
func applyWithSave(t *testing.T, before, config acctest.Arguments, n int) bool {
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
	other := saveBefore(b, n)
	created, diags := apply.ApplyPlanned(state, planned, config)
	b.Transport.Arm(nil)
	problem = b.Checked(diags)
	reported := problem != "" || acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning) != ""
	if !other.saved {
		return other.requests >= n
	}
	kept := strings.Contains(acctest.AsJSONText(b.Sim.Workflows()), "99m")
	if created.Value.IsNull() {
		t.Errorf("%d: Falcon has their document, and the state has no workflow: %s", n, problem)
		return true
	}
	later, _ := b.Run(acctest.WorkflowType)
	read, diags := later.Read(created)
	later.WantNoError(diags)
	next, diags := later.Plan(read, config)
	later.WantNoError(diags)
	empty := next.Value.Equal(read.Value)
	switch {
	case kept && empty:
		t.Errorf("%d: Falcon has their document, and the next plan is empty; the apply reported %q", n, problem)
	case !kept && !reported:
		t.Errorf("%d: what they saved was replaced without a message", n)
	case !kept && problem == "" && !empty:
		t.Errorf("%d: the next plan is not empty", n)
	}
	return true
}

// Two pipelines plan the same workflow and apply one after the other. The second plan has not seen the first apply.
func TestTwoPipelines(t *testing.T) {
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
		if !strings.Contains(text, "Someone changed the workflow") || !strings.Contains(text, "sleep_time") || !strings.Contains(text, "Run plan again") {
			t.Errorf("the second apply reports %q", text)
		}
		for _, c := range b.Transport.Calls() {
			if c.Method == "PUT" {
				t.Error("the update was sent")
			}
		}
		// The state has what Falcon has, so the next plan shows it.
		if !strings.Contains(second.Text(got, "document"), "20m") {
			t.Errorf("state: %s", second.Text(got, "document"))
		}
		reverted, diags := second.Apply(got, yours)
		second.WantNoError(diags)
		if !strings.Contains(second.Text(reverted, "document"), "99m") {
			t.Errorf("reverted: %s", second.Text(reverted, "document"))
		}
	})
}

// A read that returns an older version than the state has is repeated.
func TestRead_stale(t *testing.T) {
	t.Parallel()
	for delay, reading := range map[string]string{"300 ms": "b", "3 s": "c"} {
		t.Run(delay, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := acctest.NewHarness(t, falconsim.Options{Readings: falconsim.Readings{"Q39": reading}})
				p, _ := b.Run(acctest.WorkflowType)
				created, diags := p.Apply(p.None(), acctest.Arguments{"definition": oursBefore})
				p.WantNoError(diags)
				changed, diags := p.Apply(created, acctest.Arguments{"definition": oursAfter})
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
