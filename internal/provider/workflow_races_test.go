package provider

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// Documents of one workflow: as it was, as this configuration wants it, and as someone saves it in the console.
var (
	oursBefore = strings.Replace(sleepDocument, "sleep_time: 1m", "sleep_time: 10m", 1)
	oursAfter  = strings.Replace(sleepDocument, "sleep_time: 1m", "sleep_time: 20m", 1)
	theirs     = strings.Replace(sleepDocument, "sleep_time: 1m", "sleep_time: 99m", 1)
)

// interference saves theirs just before the n-th request of an apply.
type interference struct {
	requests int
	saved    bool
}

func savedBefore(b *bubble, n int) *interference {
	i := &interference{}
	b.wire.arm(func(sentCall) *fault {
		if i.requests++; i.requests == n {
			for _, w := range b.sim.Workflows() {
				if err := b.sim.ReplaceWorkflow(w.ID, []byte(theirs)); err != nil {
					b.t.Error(err)
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
		before  arguments // nil for a create
		config  arguments
		waiting int // requests at least: the sweep is not empty
	}{
		"create":           {config: arguments{"definition": oursAfter}, waiting: 7},
		"create, disabled": {config: arguments{"definition": oursAfter, "enabled": false}, waiting: 4},
		"update":           {before: arguments{"definition": oursBefore}, config: arguments{"definition": oursAfter}, waiting: 4},
		"update, enable":   {before: arguments{"definition": oursBefore, "enabled": false}, config: arguments{"definition": oursAfter}, waiting: 7},
		"enable":           {before: arguments{"definition": oursAfter, "enabled": false}, config: arguments{"definition": oursAfter}, waiting: 4},
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
func saveRound(t *testing.T, before, config arguments, n int) bool {
	t.Helper()
	b := newBubble(t, falconsim.Options{})
	p, problem := b.run(flowType)
	state := p.none()
	if before != nil {
		var diags []*tfprotov6.Diagnostic
		state, diags = p.apply(state, before)
		problem += b.checked(diags)
	}
	apply, more := b.run(flowType)
	planned, diags := apply.plan(state, config)
	if problem += more + b.checked(diags); problem != "" {
		t.Fatal(problem)
	}
	other := savedBefore(b, n)
	made, diags := apply.applyPlanned(state, planned, config)
	b.wire.arm(nil)
	problem = b.checked(diags)
	reported := problem != "" || messages(diags, tfprotov6.DiagnosticSeverityWarning) != ""
	if !other.saved {
		return other.requests >= n
	}
	kept := strings.Contains(asJSONText(b.sim.Workflows()), "99m")
	if made.value.IsNull() {
		t.Errorf("%d: their document is in Falcon, and the state knows of nothing: %s", n, problem)
		return true
	}
	later, _ := b.run(flowType)
	read, diags := later.read(made)
	later.wantFine(diags)
	next, diags := later.plan(read, config)
	later.wantFine(diags)
	empty := next.value.Equal(read.value)
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
		b := newBubble(t, falconsim.Options{})
		first, _ := b.run(flowType)
		second, _ := b.run(flowType)
		state, diags := first.apply(first.none(), arguments{"definition": oursBefore})
		first.wantFine(diags)
		mine, yours := arguments{"definition": oursAfter}, arguments{"definition": theirs}
		one, _ := first.plan(state, mine)
		two, _ := second.plan(state, yours)
		_, diags = first.applyPlanned(state, one, mine)
		first.wantFine(diags)
		b.wire.arm(nil)
		got, diags := second.applyPlanned(state, two, yours)
		text := b.checked(diags)
		if !strings.Contains(text, "someone changed the workflow") || !strings.Contains(text, "sleep_time") || !strings.Contains(text, "Run plan again") {
			t.Errorf("the second apply says %q", text)
		}
		for _, c := range b.wire.calls() {
			if c.method == "PUT" {
				t.Error("it was sent")
			}
		}
		// The state has what Falcon has, so the next plan shows it.
		if !strings.Contains(second.text(got, "document"), "20m") {
			t.Errorf("state: %s", second.text(got, "document"))
		}
		healed, diags := second.apply(got, yours)
		second.wantFine(diags)
		if !strings.Contains(second.text(healed, "document"), "99m") {
			t.Errorf("healed: %s", second.text(healed, "document"))
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
				b := newBubble(t, falconsim.Options{Readings: falconsim.Readings{"Q39": reading}})
				p, _ := b.run(flowType)
				made, diags := p.apply(p.none(), arguments{"definition": oursBefore})
				p.wantFine(diags)
				changed, diags := p.apply(made, arguments{"definition": oursAfter})
				p.wantFine(diags)
				later, _ := b.run(flowType)
				read, diags := later.read(changed)
				if len(diags) > 0 || !read.value.Equal(changed.value) {
					t.Errorf("got %s, %v", read.value, diags)
				}
			})
		})
	}
}

// A workflow that Falcon marks as invalid is a warning at every refresh.
func TestWorkflowMarkedInvalid(t *testing.T) {
	t.Parallel()
	sim := newSim(t, falconsim.Options{})
	p := newProtocol(t, sim)
	made := p.created(arguments{"definition": sleepDocument, "enabled": false})
	broken := strings.Replace(sleepDocument, "    properties:\n      sleep_time: 1m\n", "", 1)
	if err := sim.ReplaceWorkflow(p.text(made, "id"), []byte(broken)); err != nil {
		t.Fatal(err)
	}
	for round := range 2 {
		read, diags := p.read(made)
		p.wantFine(diags)
		if text := messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "Workflow has validation errors") || !strings.Contains(text, "nap") {
			t.Errorf("refresh %d: %q", round, text)
		}
		made = read
	}
}

// A name that is taken may be held by the object that is being replaced.
func TestWorkflowNameHeldByTheReplacedObject(t *testing.T) {
	t.Parallel()
	sim := newSim(t, falconsim.Options{})
	p := newProtocol(t, sim)
	made := p.created(arguments{"definition": sleepDocument})
	_, diags := p.apply(p.none(), arguments{"definition": sleepDocument})
	text := messages(diags, tfprotov6.DiagnosticSeverityError)
	for _, want := range []string{
		"name: Name already taken", p.text(made, "id"), "the name is held by the object that this resource replaces", "Remove create_before_destroy",
		fmt.Sprintf("terraform import falcon_workflow.this %s", p.text(made, "id")),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("got %q, want %q in it", text, want)
		}
	}
}
