package acctest

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// Scenario is the life of one object, step by step, as an acceptance test of another provider with a like resource goes
// through it. Each step is a run of Terraform of its own.
type Scenario struct {
	Peer, Name string
	// Differs says where our resource does something else than the peer's, and why.
	Differs string
	Steps   []Step
}

// Step is one run of Terraform: refresh, plan, apply, and a second plan that must be empty.
type Step struct {
	// Outside is what someone does in the console before the run.
	Outside func(sim *falconsim.Server, id string) error
	// Config is what the object is to be; nil, without imports: it is destroyed.
	Config Arguments
	// Imports imports the object by its id and compares every attribute with the state, except those in hidden.
	Imports bool
	Hidden  []string
	// Plans is what the plan does: create, update or nothing.
	Plans string
	// Changes are the attributes that the plan of an update shows with another known value; nil: not compared.
	Changes []string
	// Fails is a pattern of the errors: of the plan, or with late of the apply.
	Fails string
	Late  bool
	// Warns is a pattern of the warnings; "": there are none.
	Warns string
	// State is what attributes are afterwards: text bare, other values as Terraform writes them.
	State map[string]string
	// Writes is how many calls the apply makes that change something.
	Writes int
	// Falcon checks what the tenant has; the text is what is wrong.
	Falcon func(sim *falconsim.Server) string
}

// RunScenarios runs a table for one type of resource.
func RunScenarios(t *testing.T, resource string, opts falconsim.Options, scenarios []Scenario) {
	t.Helper()
	for _, s := range scenarios {
		t.Run(s.Peer+"/"+s.Name, func(t *testing.T) {
			t.Parallel()
			WithFakeClock(t, opts, func(t *testing.T, b *Harness) {
				life := &Life{Harness: b, Resource: resource}
				life.State = life.Run().None()
				for i, step := range s.Steps {
					life.At = i + 1
					life.Step(step)
				}
				if b.stays.Load() {
					t.Error("something was left in Falcon")
				}
			})
		})
	}
}

// Life is a scenario under way.
type Life struct {
	*Harness
	Resource string
	State    Instance
	At       int
}

// Run starts a run of Terraform; it fails the test where that cannot sign in.
func (l *Life) Run() *Protocol {
	l.T.Helper()
	p, problem := l.Harness.Run(l.Resource)
	if problem != "" {
		l.T.Fatalf("step %d: %s", l.At, problem)
	}
	return p
}

// Step runs one step and checks what it expects.
func (l *Life) Step(s Step) {
	l.T.Helper()
	p := l.Run()
	if s.Outside != nil {
		if err := s.Outside(l.Sim, p.Text(l.State, "id")); err != nil {
			l.T.Fatalf("step %d: %v", l.At, err)
		}
	}
	l.Sim.ResetRequests()
	switch {
	case s.Imports:
		l.compareImported(p, s.Hidden)
	case s.Config == nil:
		l.destroy(p)
	default:
		l.change(p, s)
	}
	if n := sentChanges(l.Sim); n != s.Writes {
		l.T.Errorf("step %d: %d writes, want %d", l.At, n, s.Writes)
	}
	for name, want := range s.State {
		if got := bare(p.Text(l.State, name)); got != want {
			l.T.Errorf("step %d: %s is %q, want %q", l.At, name, got, want)
		}
	}
	if s.Falcon != nil {
		if wrong := s.Falcon(l.Sim); wrong != "" {
			l.T.Errorf("step %d: %s", l.At, wrong)
		}
	}
}

// change validates, refreshes, plans and applies, and plans once more.
func (l *Life) change(p *Protocol, s Step) {
	l.T.Helper()
	diags := l.validated(p, s.Config)
	prior, planned := l.State, l.State
	if !hasErrors(diags) {
		if !prior.Value.IsNull() {
			prior = p.Refreshed(prior)
		}
		var more []*tfprotov6.Diagnostic
		planned, more = p.Plan(prior, s.Config)
		diags = slices.Concat(diags, more)
	}
	problem := l.Checked(diags)
	if s.Fails != "" && !s.Late {
		if !regexp.MustCompile("(?s)" + s.Fails).MatchString(problem) {
			l.T.Errorf("step %d: got the errors %q, want %s", l.At, problem, s.Fails)
		}
		return
	}
	if problem != "" {
		l.T.Fatalf("step %d: %s", l.At, problem)
	}
	l.comparePlan(p, prior, planned, s)
	l.State = prior
	if !planned.Value.Equal(prior.Value) {
		made, more := p.ApplyPlanned(prior, planned, s.Config)
		diags = slices.Concat(diags, more)
		l.State = made
		problem = l.Checked(more)
	}
	if s.Late != (problem != "") || !regexp.MustCompile("(?s)"+s.Fails).MatchString(problem) {
		l.T.Fatalf("step %d, apply: got the errors %q, want %q", l.At, problem, s.Fails)
	}
	if got := Messages(diags, tfprotov6.DiagnosticSeverityWarning); !regexp.MustCompile("(?s)"+s.Warns).MatchString(got) || s.Warns == "" && got != "" {
		l.T.Errorf("step %d: got the warnings %q, want %q", l.At, got, s.Warns)
	}
	if s.Late {
		return
	}
	next := l.Run()
	l.State = next.Refreshed(l.State)
	next.WantNoop(l.State, s.Config)
}

// validated validates as a Terraform that has write-only arguments.
func (l *Life) validated(p *Protocol, config Arguments) []*tfprotov6.Diagnostic {
	l.T.Helper()
	resp, err := p.Server.ValidateResourceConfig(l.T.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: l.Resource, Config: p.Dynamic(p.ValueOf(p.TypeOf(), config)),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil {
		l.T.Fatal(err)
	}
	return resp.Diagnostics
}

func (l *Life) comparePlan(p *Protocol, prior, planned Instance, s Step) {
	l.T.Helper()
	got := "update"
	switch {
	case prior.Value.IsNull():
		got = "create"
	case planned.Value.Equal(prior.Value):
		got = "nothing"
	case p.Text(planned, "id") != p.Text(prior, "id"):
		got = "another object"
	}
	if got != s.Plans {
		l.T.Errorf("step %d: the plan is %s, want %s", l.At, got, s.Plans)
	}
	if s.Changes == nil {
		return
	}
	var changed []string
	before := p.Members(prior.Value)
	for name, value := range p.Members(planned.Value) {
		if value.IsFullyKnown() && !value.Equal(before[name]) {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	if !slices.Equal(changed, s.Changes) {
		l.T.Errorf("step %d: the plan changes %q, want %q", l.At, changed, s.Changes)
	}
}

func (l *Life) compareImported(p *Protocol, hidden []string) {
	l.T.Helper()
	found, diags := p.Imported(p.Text(l.State, "id"))
	if problem := l.Checked(diags); problem != "" {
		l.T.Fatalf("step %d, import: %s", l.At, problem)
	}
	want := p.Members(l.State.Value)
	got := p.Members(found.Value)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if same := want[name].Equal(got[name]); same == slices.Contains(hidden, name) {
			l.T.Errorf("step %d: %s is %s after an import and was %s; hidden are %q", l.At, name, got[name], want[name], hidden)
		}
	}
}

func (l *Life) destroy(p *Protocol) {
	l.T.Helper()
	id := p.Text(l.State, "id")
	gone, diags := p.Destroy(l.State)
	if problem := l.Checked(diags); problem != "" {
		l.T.Fatalf("step %d, destroy: %s", l.At, problem)
	}
	l.State = gone
	if !gone.Value.IsNull() || l.Holds(l.Resource, id) {
		l.T.Errorf("step %d: the object is still there", l.At)
	}
}

func hasErrors(diags []*tfprotov6.Diagnostic) bool {
	return Messages(diags, tfprotov6.DiagnosticSeverityError) != ""
}

// sentChanges counts the requests that change something.
func sentChanges(sim *falconsim.Server) int {
	n := 0
	for _, r := range sim.Requests() {
		if r.Method != http.MethodGet && !strings.HasPrefix(r.Path, "/oauth2/") && r.Query.Get("validate_only") != "true" {
			n++
		}
	}
	return n
}

var typedValue = regexp.MustCompile(`^tftypes\.\w+<"?([^">]*)"?>$`)

// bare is a value without its type.
func bare(text string) string {
	if m := typedValue.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return strings.TrimSpace(text)
}
