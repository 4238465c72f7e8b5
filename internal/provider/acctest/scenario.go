package acctest

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// Scenario is the life of one object, step by step, modeled on an acceptance test of another provider for a similar
// resource. Each step is a separate run of Terraform.
type Scenario struct {
	// Peer is the other provider.
	Peer, Name string
	// Differs says where our resource behaves differently from the peer's, and why.
	Differs string
	Steps   []Step
}

// Step is one run of Terraform: refresh, plan, apply, and a second plan that must be empty.
type Step struct {
	// Outside is what someone does in the console before the run.
	Outside func(sim *falconsim.Server, id string) error
	// Config is the configuration; nil, unless Imports is set, to destroy the object.
	Config Arguments
	// Imports imports the object by its id and compares every attribute with the state. Those in Hidden must differ.
	Imports bool
	Hidden  []string
	// Plans is the action of the plan: create, update, replace or nothing.
	Plans string
	// Changes are the attributes whose known planned value differs from the state; nil to skip the comparison.
	Changes []string
	// Fails is a pattern of the errors: of the plan or, with Late, of the apply.
	Fails string
	Late  bool
	// Warns is a pattern of the warnings; "" for none.
	Warns string
	// State is the expected values of attributes afterwards, without quotes.
	State map[string]string
	// Writes is how many requests of the step change something.
	Writes int
	// Falcon checks the tenant; the text is what is wrong.
	Falcon func(sim *falconsim.Server) string
}

// RunScenarios runs a table of scenarios for one type of resource.
func RunScenarios(t *testing.T, resource string, opts falconsim.Options, scenarios []Scenario) {
	t.Helper()
	for _, s := range scenarios {
		t.Run(s.Peer+"/"+s.Name, func(t *testing.T) {
			t.Parallel()
			WithFakeClock(t, opts, func(t *testing.T, h *Harness) {
				run := &ScenarioRun{Harness: h, Resource: resource}
				run.State = run.NewRun().None()
				for i, step := range s.Steps {
					run.At = i + 1
					run.Step(step)
				}
				if h.leftBehind.Load() {
					t.Error("an object was left in Falcon")
				}
			})
		})
	}
}

// ScenarioRun is a scenario in progress.
type ScenarioRun struct {
	*Harness
	Resource string
	State    Instance
	// At is the number of the step, from 1.
	At int
}

// NewRun starts a run of the provider.
func (r *ScenarioRun) NewRun() *Protocol {
	r.T.Helper()
	p, problem := r.TryStart(r.Resource)
	if problem != "" {
		r.T.Fatalf("step %d: %s", r.At, problem)
	}
	return p
}

// Step runs one step and checks what it expects.
func (r *ScenarioRun) Step(s Step) {
	r.T.Helper()
	p := r.NewRun()
	if s.Outside != nil {
		if err := s.Outside(r.Sim, p.Text(r.State, "id")); err != nil {
			r.T.Fatalf("step %d: %v", r.At, err)
		}
	}
	r.Sim.ResetRequests()
	switch {
	case s.Imports:
		r.compareImported(p, s.Hidden)
	case s.Config == nil:
		r.destroy(p)
	default:
		r.change(p, s)
	}
	writes := count(r.Sim.Requests(), func(sent falconsim.Request) bool {
		return isWrite(sent.Method, sent.Path) && sent.Query.Get("validate_only") != "true"
	})
	if writes != s.Writes {
		r.T.Errorf("step %d: %d writes, want %d", r.At, writes, s.Writes)
	}
	for name, want := range s.State {
		if got := unquote(p.Text(r.State, name)); got != want {
			r.T.Errorf("step %d: %s is %q, want %q", r.At, name, got, want)
		}
	}
	if s.Falcon != nil {
		if wrong := s.Falcon(r.Sim); wrong != "" {
			r.T.Errorf("step %d: %s", r.At, wrong)
		}
	}
}

// change validates, refreshes, plans, applies and plans again.
func (r *ScenarioRun) change(p *Protocol, s Step) {
	r.T.Helper()
	diags := p.Validate(s.Config)
	prior, planned := r.State, r.State
	if !hasErrors(diags) {
		if !prior.Value.IsNull() {
			prior = p.Refresh(prior)
		}
		var more []*tfprotov6.Diagnostic
		planned, more = p.Plan(prior, s.Config)
		diags = slices.Concat(diags, more)
	}
	problem := r.CheckDiagnostics(diags)
	if s.Fails != "" && !s.Late {
		if !regexp.MustCompile("(?s)" + s.Fails).MatchString(problem) {
			r.T.Errorf("step %d: got the errors %q, want %s", r.At, problem, s.Fails)
		}
		return
	}
	if problem != "" {
		r.T.Fatalf("step %d: %s", r.At, problem)
	}
	r.comparePlan(p, prior, planned, s)
	r.State = prior
	if !planned.Value.Equal(prior.Value) {
		applied, more := p.ApplyPlanned(prior, planned, s.Config)
		diags = slices.Concat(diags, more)
		r.State = applied
		problem = r.CheckDiagnostics(more)
	}
	if s.Late != (problem != "") || !regexp.MustCompile("(?s)"+s.Fails).MatchString(problem) {
		r.T.Fatalf("step %d, apply: got the errors %q, want %q", r.At, problem, s.Fails)
	}
	if got := Messages(diags, tfprotov6.DiagnosticSeverityWarning); !regexp.MustCompile("(?s)"+s.Warns).MatchString(got) || s.Warns == "" && got != "" {
		r.T.Errorf("step %d: got the warnings %q, want %q", r.At, got, s.Warns)
	}
	if s.Late {
		return
	}
	next := r.NewRun()
	r.State = next.Refresh(r.State)
	next.WantEmptyPlan(r.State, s.Config)
}

func (r *ScenarioRun) comparePlan(p *Protocol, prior, planned Instance, s Step) {
	r.T.Helper()
	got := "update"
	switch {
	case prior.Value.IsNull():
		got = "create"
	case planned.Value.Equal(prior.Value):
		got = "nothing"
	case p.Text(planned, "id") != p.Text(prior, "id"):
		got = "replace"
	}
	if got != s.Plans {
		r.T.Errorf("step %d: the plan is %s, want %s", r.At, got, s.Plans)
	}
	if s.Changes == nil {
		return
	}
	var changed []string
	before := p.Attributes(prior.Value)
	for name, value := range p.Attributes(planned.Value) {
		if value.IsFullyKnown() && !value.Equal(before[name]) {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	if !slices.Equal(changed, s.Changes) {
		r.T.Errorf("step %d: the plan changes %q, want %q", r.At, changed, s.Changes)
	}
}

func (r *ScenarioRun) compareImported(p *Protocol, hidden []string) {
	r.T.Helper()
	found, diags := p.Import(p.Text(r.State, "id"))
	if problem := r.CheckDiagnostics(diags); problem != "" {
		r.T.Fatalf("step %d, import: %s", r.At, problem)
	}
	want := p.Attributes(r.State.Value)
	got := p.Attributes(found.Value)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if same := want[name].Equal(got[name]); same == slices.Contains(hidden, name) {
			r.T.Errorf("step %d: %s is %s after an import and was %s; hidden are %q", r.At, name, got[name], want[name], hidden)
		}
	}
}

func (r *ScenarioRun) destroy(p *Protocol) {
	r.T.Helper()
	id := p.Text(r.State, "id")
	gone, diags := p.Destroy(r.State)
	if problem := r.CheckDiagnostics(diags); problem != "" {
		r.T.Fatalf("step %d, destroy: %s", r.At, problem)
	}
	r.State = gone
	if !gone.Value.IsNull() || r.Exists(r.Resource, id) {
		r.T.Errorf("step %d: the object is still there", r.At)
	}
}

var typedValue = regexp.MustCompile(`^tftypes\.\w+<"?([^">]*)"?>$`)

// unquote returns the value in the text of a typed value.
func unquote(text string) string {
	if m := typedValue.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return strings.TrimSpace(text)
}
