package provider

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// webhookRun starts a run, or a phase of a run, for falcon_webhook.
func (b *bubble) webhookRun() *protocol {
	b.t.Helper()
	p, problem := b.run(webhookType)
	if problem != "" {
		b.t.Fatal(problem)
	}
	return p
}

// webhookState applies a falcon_webhook that is created, in a run of its own.
func (b *bubble) webhookState(config arguments) instance {
	b.t.Helper()
	p := b.webhookRun()
	state, diags := p.apply(p.none(), config)
	p.wantFine(diags)
	return state
}

// count is how often a request was sent since the wire was last armed.
func (b *bubble) count(method, path string) int {
	n := 0
	for _, c := range b.wire.calls() {
		if c.method == method && c.path == path {
			n++
		}
	}
	return n
}

// ours are the configurations besides those of others.
func (b *bubble) ours() []falconsim.PluginConfig {
	var ours []falconsim.PluginConfig
	for _, c := range b.sim.PluginConfigs() {
		if c.Name == "zscaler" {
			ours = append(ours, c)
		}
	}
	return ours
}

// deleteTakes delays every DELETE.
func (b *bubble) deleteTakes(d time.Duration) {
	slow := slowly(d, func() {})
	b.wire.arm(func(c sentCall) *fault {
		if c.method == http.MethodDelete {
			return slow
		}
		return nil
	})
}

// steps of an apply that runs next to others, after a delay.
type timed struct {
	after time.Duration
	do    func()
}

func together(steps ...timed) {
	var wg sync.WaitGroup
	for _, s := range steps {
		wg.Go(func() {
			time.Sleep(s.after) // on the fake clock
			s.do()
		})
	}
	wg.Wait()
}

// A live configuration is never deleted when another resource of the same run has adopted it: a resource was renamed
// without a moved block, or is replaced with create_before_destroy. The same holds while a DELETE is slow.
func TestWebhookLiveConfigurationIsNotDeleted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		create, destroy time.Duration // when each begins
		deleteTakes     time.Duration
		fails           string // fault of the DELETE
		created         bool   // created_by_terraform of the new resource
		id              string // "same" or "new"
		warning         string
	}{
		"the create comes first":              {destroy: 100 * time.Millisecond, created: true, id: "same", warning: "belongs to another resource now"},
		"both at once":                        {created: true},
		"the delete comes first, and is slow": {create: time.Second, deleteTakes: 5 * time.Second, created: true, id: "new"},
		"create_before_destroy":               {destroy: 10 * time.Second, id: "same", warning: "created_by_terraform is false there"},
		"the delete is not offered":           {create: 100 * time.Millisecond, fails: "404, HTML"},
		"the delete is refused":               {create: time.Second, fails: "403", created: true, id: "same", warning: "stays in Falcon"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
				old := b.webhookState(aWebhook)
				p := b.webhookRun()
				before := p.text(old, "id")
				if tt.deleteTakes > 0 {
					b.deleteTakes(tt.deleteTakes)
				} else if tt.fails != "" {
					b.wire.arm(strikes(sentCall{method: http.MethodDelete, path: configsPath, n: 1}, *faultNamed(tt.fails), true))
				}
				state := p.none()
				var created, deleted []*tfprotov6.Diagnostic
				together(
					timed{tt.create, func() { state, created = p.apply(p.none(), aWebhook) }},
					timed{tt.destroy, func() { old, deleted = p.destroy(old) }},
				)
				if tt.fails == "404, HTML" { // an error of the delete: the old resource keeps the configuration
					refusal(t, created, "whose deletion failed", "Apply again")
					refusal(t, deleted, "Could not delete")
					return
				}
				p.wantFine(created)
				p.wantFine(deleted)
				left := b.ours()
				if len(left) != 1 || left[0].ID != p.text(state, "id") {
					t.Fatalf("the state has %s, Falcon %v", p.text(state, "id"), left)
				}
				if tt.id != "" && (tt.id == "same") != (left[0].ID == before) {
					t.Errorf("the id is %s and was %s", left[0].ID, before)
				}
				if got := strings.Contains(p.text(state, "created_by_terraform"), "true"); got != tt.created {
					t.Errorf("created_by_terraform is %t", got)
				}
				if text := messages(deleted, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, tt.warning) {
					t.Errorf("%q lacks %q", text, tt.warning)
				}
				b.wire.arm(nil)
				_, diags := b.webhookRun().destroy(state)
				p.wantFine(diags)
				if left := len(b.ours()); (left == 0) != tt.created {
					t.Errorf("%d are left after the destroy", left)
				}
			})
		})
	}
}

// A list that was read before or during a delete does not bring a dead configuration back.
func TestWebhookAdoptsNothingDeleted(t *testing.T) {
	t.Parallel()
	for name, deleteTakes := range map[string]time.Duration{"the delete has ended": 0, "the delete is under way": 10 * time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
				old := b.webhookState(aWebhook)
				p := b.webhookRun()
				_, diags := p.apply(p.none(), aWebhook.with(arguments{"name": "another one"})) // from then on each look is a new one
				p.wantFine(diags)
				planned, diags := p.plan(p.none(), aWebhook)
				p.wantFine(diags)
				late := &fault{do: func(w *wire, req *http.Request) (*http.Response, error) {
					resp, err := w.carry(req)
					time.Sleep(5 * time.Second) // on the fake clock: the list is old when it arrives
					return resp, err
				}}
				slow := &fault{do: func(w *wire, req *http.Request) (*http.Response, error) {
					time.Sleep(deleteTakes) // on the fake clock
					return w.carry(req)
				}}
				b.wire.arm(func(c sentCall) *fault {
					switch {
					case c.path == configsListPath && c.n == 1:
						return late
					case c.method == http.MethodDelete:
						return slow
					}
					return nil
				})
				state := p.none()
				var created []*tfprotov6.Diagnostic
				together(
					timed{0, func() { state, created = p.applyPlanned(p.none(), planned, aWebhook) }},
					timed{time.Second, func() { _, diags := p.destroy(old); p.wantFine(diags) }},
				)
				p.wantFine(created)
				if left := b.ours(); len(left) != 1 || left[0].ID != p.text(state, "id") {
					t.Errorf("the state has %s, Falcon %v", p.text(state, "id"), left)
				}
			})
		})
	}
}

// Two resources that are one configuration are an error that names both, whenever that shows.
func TestWebhookTwoResourcesForOne(t *testing.T) {
	t.Parallel()
	const twice = "Two resources for one webhook configuration"
	moved := aWebhook.with(arguments{"url": movedURL})
	// adopted is a second resource for a configuration, as two runs with -target leave it.
	adopted := func(b *bubble) (first, second instance) {
		first = b.webhookState(aWebhook)
		return first, b.webhookState(aWebhook)
	}
	for name, run := range map[string]func(b *bubble){
		"both new": func(b *bubble) {
			p := b.webhookRun()
			_, diags := p.plan(p.none(), aWebhook)
			p.wantFine(diags)
			_, diags = p.plan(p.none(), moved)
			refusal(b.t, diags, twice, hookURL, movedURL, `"zscaler"`)
		},
		"both new, the name known during the apply only": func(b *bubble) {
			p := b.webhookRun()
			_, diags := p.apply(p.none(), aWebhook)
			p.wantFine(diags)
			_, diags = p.apply(p.none(), moved)
			refusal(b.t, diags, twice, hookURL, movedURL)
			if n := b.count(http.MethodPatch, configsPath); n != 0 {
				b.t.Errorf("%d updates", n)
			}
		},
		"both in the state": func(b *bubble) {
			first, second := adopted(b)
			p := b.webhookRun()
			read, diags := p.read(first)
			p.wantFine(diags)
			_, diags = p.plan(read, aWebhook)
			p.wantFine(diags)
			read, diags = p.read(second)
			p.wantFine(diags)
			_, diags = p.plan(read, moved)
			refusal(b.t, diags, twice, hookURL, movedURL, "terraform state rm")
		},
		"one in the state is kept, then the other is destroyed": func(b *bubble) {
			first, second := adopted(b)
			p := b.webhookRun()
			_, diags := p.plan(second, aWebhook)
			p.wantFine(diags)
			_, diags = p.destroy(first)
			refusal(b.t, diags, twice)
		},
		"one in the state is destroyed, then the other is kept": func(b *bubble) {
			first, second := adopted(b)
			p := b.webhookRun()
			b.planDestroy(p, first)
			_, diags := p.plan(second, aWebhook)
			refusal(b.t, diags, twice)
		},
		"both are destroyed": func(b *bubble) {
			first, second := adopted(b)
			p := b.webhookRun()
			b.planDestroy(p, first)
			b.planDestroy(p, second)
			p = b.webhookRun()
			for _, state := range []instance{first, second} {
				_, diags := p.destroy(state)
				p.wantFine(diags)
			}
		},
		"one in the state, one new": func(b *bubble) {
			state := b.webhookState(aWebhook)
			p := b.webhookRun()
			_, diags := p.plan(state, aWebhook)
			p.wantFine(diags)
			_, diags = p.plan(p.none(), aWebhook)
			refusal(b.t, diags, twice)
		},
		"one new, one in the state": func(b *bubble) {
			state := b.webhookState(aWebhook)
			p := b.webhookRun()
			_, diags := p.plan(p.none(), aWebhook)
			p.wantFine(diags)
			_, diags = p.plan(state, aWebhook)
			refusal(b.t, diags, twice)
		},
		"replaced: the second plan has the private state of the first": func(b *bubble) {
			state := b.webhookState(aWebhook)
			p := b.webhookRun()
			planned, diags := p.plan(state, moved)
			p.wantFine(diags)
			_, diags = p.plan(instance{p.none().value, planned.private}, moved)
			p.wantFine(diags)
		},
		"tainted: Terraform reads it and plans a create": func(b *bubble) {
			state := b.webhookState(aWebhook)
			p := b.webhookRun()
			_, diags := p.read(state)
			p.wantFine(diags)
			planned, diags := p.plan(p.none(), moved)
			p.wantFine(diags)
			if text := messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "is in this state already") {
				b.t.Errorf("the warnings are %q", text)
			}
			p = b.webhookRun()
			_, diags = p.destroy(state)
			p.wantFine(diags)
			made, diags := p.applyPlanned(p.none(), planned, moved)
			p.wantFine(diags)
			if left := b.ours(); len(left) != 1 || left[0].ID != p.text(made, "id") {
				b.t.Errorf("Falcon has %v", left)
			}
		},
		"planned twice, as itself": func(b *bubble) {
			state := b.webhookState(aWebhook)
			p := b.webhookRun()
			for range 2 {
				_, diags := p.plan(state, moved)
				p.wantFine(diags)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, falconsim.Options{}, func(_ *testing.T, b *bubble) { run(b) })
		})
	}
}

// planDestroy plans a destroy, which must be fine.
func (b *bubble) planDestroy(p *protocol, prior instance) {
	b.t.Helper()
	nothing := p.dynamic(p.none().value)
	plan, err := p.server.PlanResourceChange(p.context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: p.resource, Config: nothing, PriorPrivate: prior.private, PriorState: p.dynamic(prior.value), ProposedNewState: nothing,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	p.wantFine(plan.Diagnostics)
}
