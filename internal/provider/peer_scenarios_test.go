package provider

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

// Other providers have resources that are like ours. What their acceptance tests go through is done here with our
// resources, one table per resource. Where we differ on purpose, the row says so and why.

// peerScenario is the life of one object, step by step. Each step is a run of Terraform of its own.
type peerScenario struct {
	peer, name string
	// differs says where our resource does something else than the peer's, and why.
	differs string
	steps   []peerStep
}

// peerStep is one run of Terraform: refresh, plan, apply, and a second plan that must be empty.
type peerStep struct {
	// outside is what someone does in the console before the run.
	outside func(sim *falconsim.Server, id string) error
	// config is what the object is to be; nil, without imports: it is destroyed.
	config arguments
	// imports imports the object by its id and compares every attribute with the state, except those in hidden.
	imports bool
	hidden  []string
	// plans is what the plan does: create, update or nothing.
	plans string
	// changes are the attributes that the plan of an update shows with another known value; nil: not compared.
	changes []string
	// fails is a pattern of the errors: of the plan, or with late of the apply.
	fails string
	late  bool
	// warns is a pattern of the warnings; "": there are none.
	warns string
	// state is what attributes are afterwards: text bare, other values as Terraform writes them.
	state map[string]string
	// writes is how many calls the apply makes that change something.
	writes int
	// falcon checks what the tenant has; the text is what is wrong.
	falcon func(sim *falconsim.Server) string
}

// runPeerScenarios runs a table for one type of resource.
func runPeerScenarios(t *testing.T, resource string, opts falconsim.Options, scenarios []peerScenario) {
	t.Helper()
	for _, s := range scenarios {
		t.Run(s.peer+"/"+s.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, opts, func(t *testing.T, b *bubble) {
				life := &peerLife{bubble: b, resource: resource}
				life.state = life.run().none()
				for i, step := range s.steps {
					life.at = i + 1
					life.step(step)
				}
				if b.stays.Load() {
					t.Error("something was left in Falcon")
				}
			})
		})
	}
}

// peerLife is a scenario under way.
type peerLife struct {
	*bubble
	resource string
	state    instance
	at       int
}

func (l *peerLife) run() *protocol {
	l.t.Helper()
	p, problem := l.bubble.run(l.resource)
	if problem != "" {
		l.t.Fatalf("step %d: %s", l.at, problem)
	}
	return p
}

func (l *peerLife) step(s peerStep) {
	l.t.Helper()
	p := l.run()
	if s.outside != nil {
		if err := s.outside(l.sim, p.text(l.state, "id")); err != nil {
			l.t.Fatalf("step %d: %v", l.at, err)
		}
	}
	l.sim.ResetRequests()
	switch {
	case s.imports:
		l.compareImported(p, s.hidden)
	case s.config == nil:
		l.destroy(p)
	default:
		l.change(p, s)
	}
	if n := sentChanges(l.sim); n != s.writes {
		l.t.Errorf("step %d: %d writes, want %d", l.at, n, s.writes)
	}
	for name, want := range s.state {
		if got := bare(p.text(l.state, name)); got != want {
			l.t.Errorf("step %d: %s is %q, want %q", l.at, name, got, want)
		}
	}
	if s.falcon != nil {
		if wrong := s.falcon(l.sim); wrong != "" {
			l.t.Errorf("step %d: %s", l.at, wrong)
		}
	}
}

// change validates, refreshes, plans and applies, and plans once more.
func (l *peerLife) change(p *protocol, s peerStep) {
	l.t.Helper()
	diags := l.validated(p, s.config)
	prior, planned := l.state, l.state
	if !hasErrors(diags) {
		if !prior.value.IsNull() {
			prior = p.refreshed(prior)
		}
		var more []*tfprotov6.Diagnostic
		planned, more = p.plan(prior, s.config)
		diags = slices.Concat(diags, more)
	}
	problem := l.checked(diags)
	if s.fails != "" && !s.late {
		if !regexp.MustCompile("(?s)" + s.fails).MatchString(problem) {
			l.t.Errorf("step %d: got the errors %q, want %s", l.at, problem, s.fails)
		}
		return
	}
	if problem != "" {
		l.t.Fatalf("step %d: %s", l.at, problem)
	}
	l.comparePlan(p, prior, planned, s)
	l.state = prior
	if !planned.value.Equal(prior.value) {
		made, more := p.applyPlanned(prior, planned, s.config)
		diags = slices.Concat(diags, more)
		l.state = made
		problem = l.checked(more)
	}
	if s.late != (problem != "") || !regexp.MustCompile("(?s)"+s.fails).MatchString(problem) {
		l.t.Fatalf("step %d, apply: got the errors %q, want %q", l.at, problem, s.fails)
	}
	wantEach(l.t, messages(diags, tfprotov6.DiagnosticSeverityWarning), patterns(s.warns))
	if s.late {
		return
	}
	next := l.run()
	l.state = next.refreshed(l.state)
	next.wantNoop(l.state, s.config)
}

// validated validates as a Terraform that has write-only arguments.
func (l *peerLife) validated(p *protocol, config arguments) []*tfprotov6.Diagnostic {
	l.t.Helper()
	resp, err := p.server.ValidateResourceConfig(l.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: l.resource, Config: p.dynamic(p.valueOf(p.typeOf(), config)),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return resp.Diagnostics
}

func (l *peerLife) comparePlan(p *protocol, prior, planned instance, s peerStep) {
	l.t.Helper()
	got := "update"
	switch {
	case prior.value.IsNull():
		got = "create"
	case planned.value.Equal(prior.value):
		got = "nothing"
	case p.text(planned, "id") != p.text(prior, "id"):
		got = "another object"
	}
	if got != s.plans {
		l.t.Errorf("step %d: the plan is %s, want %s", l.at, got, s.plans)
	}
	if s.changes == nil {
		return
	}
	var changed []string
	before := p.members(prior.value)
	for name, value := range p.members(planned.value) {
		if value.IsFullyKnown() && !value.Equal(before[name]) {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	if !slices.Equal(changed, s.changes) {
		l.t.Errorf("step %d: the plan changes %q, want %q", l.at, changed, s.changes)
	}
}

func (l *peerLife) compareImported(p *protocol, hidden []string) {
	l.t.Helper()
	found, diags := p.imported(p.text(l.state, "id"))
	if problem := l.checked(diags); problem != "" {
		l.t.Fatalf("step %d, import: %s", l.at, problem)
	}
	want := p.members(l.state.value)
	got := p.members(found.value)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if same := want[name].Equal(got[name]); same == slices.Contains(hidden, name) {
			l.t.Errorf("step %d: %s is %s after an import and was %s; hidden are %q", l.at, name, got[name], want[name], hidden)
		}
	}
}

func (l *peerLife) destroy(p *protocol) {
	l.t.Helper()
	id := p.text(l.state, "id")
	gone, diags := p.destroy(l.state)
	if problem := l.checked(diags); problem != "" {
		l.t.Fatalf("step %d, destroy: %s", l.at, problem)
	}
	l.state = gone
	if !gone.value.IsNull() || l.holds(l.resource, id) {
		l.t.Errorf("step %d: the object is still there", l.at)
	}
}

func hasErrors(diags []*tfprotov6.Diagnostic) bool {
	return messages(diags, tfprotov6.DiagnosticSeverityError) != ""
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

func patterns(pattern string) []string {
	if pattern == "" {
		return nil
	}
	return []string{pattern}
}

var typedValue = regexp.MustCompile(`^tftypes\.\w+<"?([^">]*)"?>$`)

// bare is a value without its type.
func bare(text string) string {
	if m := typedValue.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return strings.TrimSpace(text)
}
