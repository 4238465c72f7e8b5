package webhook_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// A configuration is not deleted when another resource of the same run has adopted it: a resource was renamed without a
// moved block, or is replaced with create_before_destroy.
func TestAdoptedConfigurationIsNotDeleted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		create, destroy time.Duration // when each begins
		deleteTakes     time.Duration
		fails           string // fault of the DELETE
		created         bool   // created_by_terraform of the new resource
		id              string // "same" or "new"
		warning         string
	}{
		"the create comes first":              {destroy: 100 * time.Millisecond, created: true, id: "same", warning: "now belongs to another resource"},
		"both at once":                        {created: true},
		"the delete comes first, and is slow": {create: time.Second, deleteTakes: 5 * time.Second, created: true, id: "new"},
		"create_before_destroy":               {destroy: 10 * time.Second, id: "same", warning: "created_by_terraform is false there"},
		"the delete is not offered":           {create: 100 * time.Millisecond, fails: "404, HTML"},
		"the delete is refused":               {create: time.Second, fails: "403", created: true, id: "same", warning: "stays in Falcon"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
				old := b.CreateWebhook(acctest.WebhookArguments)
				p := b.Start(acctest.WebhookType)
				before := p.Text(old, "id")
				if tt.deleteTakes > 0 {
					b.DelayDeletes(tt.deleteTakes)
				} else if tt.fails != "" {
					b.Transport.SetFault(acctest.FaultAt(acctest.SentCall{Method: http.MethodDelete, Path: acctest.ConfigsPath, N: 1}, *acctest.FindFault(tt.fails), true))
				}
				state := p.None()
				var created, deleted []*tfprotov6.Diagnostic
				coretest.Together(
					coretest.Timed{After: tt.create, Do: func() { state, created = p.Apply(p.None(), acctest.WebhookArguments) }},
					coretest.Timed{After: tt.destroy, Do: func() { old, deleted = p.Destroy(old) }},
				)
				if tt.fails == "404, HTML" { // an error of the delete: the old resource keeps the configuration
					wantError(t, created, "whose deletion failed", "Apply again")
					wantError(t, deleted, "Unable to delete")
					return
				}
				p.WantNoError(created)
				p.WantNoError(deleted)
				left := b.ManagedWebhooks()
				if len(left) != 1 || left[0].ID != p.Text(state, "id") {
					t.Fatalf("the state has %s, Falcon %v", p.Text(state, "id"), left)
				}
				if tt.id != "" && (tt.id == "same") != (left[0].ID == before) {
					t.Errorf("the id is %s and was %s", left[0].ID, before)
				}
				if got := strings.Contains(p.Text(state, "created_by_terraform"), "true"); got != tt.created {
					t.Errorf("created_by_terraform is %t", got)
				}
				if text := acctest.Messages(deleted, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, tt.warning) {
					t.Errorf("%q lacks %q", text, tt.warning)
				}
				b.Transport.SetFault(nil)
				_, diags := b.Start(acctest.WebhookType).Destroy(state)
				p.WantNoError(diags)
				if left := len(b.ManagedWebhooks()); (left == 0) != tt.created {
					t.Errorf("%d are left after the destroy", left)
				}
			})
		})
	}
}

// A configuration that is deleted is not adopted, although a list that was read before or during the delete shows it.
func TestDeletedConfigurationIsNotAdopted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		deleteTakes time.Duration
		url         string
	}{
		"the delete has ended":                 {url: acctest.WebhookURL},
		"the delete is under way":              {deleteTakes: 10 * time.Second, url: acctest.WebhookURL},
		"the delete has ended, another URL":    {url: acctest.MovedURL},
		"the delete is under way, another URL": {deleteTakes: 10 * time.Second, url: acctest.MovedURL},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
				old := b.CreateWebhook(acctest.WebhookArguments)
				p := b.Start(acctest.WebhookType)
				_, diags := p.Apply(p.None(), acctest.WebhookArguments.With(acctest.Arguments{"name": "another one"})) // from now on, every look-up reads the list again
				p.WantNoError(diags)
				old, diags = p.Read(old)
				p.WantNoError(diags)
				config := acctest.WebhookArguments.With(acctest.Arguments{"url": tt.url})
				planned, diags := p.Plan(p.None(), config)
				p.WantNoError(diags)
				late := &acctest.Fault{Do: func(w *acctest.Transport, req *http.Request) (*http.Response, error) {
					resp, err := w.Send(req)
					time.Sleep(5 * time.Second) // on the fake clock: the list is out of date when it arrives
					return resp, err
				}}
				slow := &acctest.Fault{Do: func(w *acctest.Transport, req *http.Request) (*http.Response, error) {
					time.Sleep(tt.deleteTakes) // on the fake clock
					return w.Send(req)
				}}
				b.Transport.SetFault(func(c acctest.SentCall) *acctest.Fault {
					switch {
					case c.Path == acctest.ConfigsListPath && c.N == 1:
						return late
					case c.Method == http.MethodDelete:
						return slow
					}
					return nil
				})
				state := p.None()
				var created []*tfprotov6.Diagnostic
				coretest.Together(
					coretest.Timed{After: 0, Do: func() { state, created = p.ApplyPlanned(p.None(), planned, config) }},
					coretest.Timed{After: time.Second, Do: func() { _, diags := p.Destroy(old); p.WantNoError(diags) }},
				)
				p.WantNoError(created)
				if left := b.ManagedWebhooks(); len(left) != 1 || left[0].ID != p.Text(state, "id") {
					t.Errorf("the state has %s, Falcon %v", p.Text(state, "id"), left)
				}
			})
		})
	}
}

// Two resources for one configuration are an error that names both, as soon as it is known.
func TestTwoResourcesForOneConfiguration(t *testing.T) {
	t.Parallel()
	const twice = "Two resources for one webhook configuration"
	moved := acctest.WebhookArguments.With(acctest.Arguments{"url": acctest.MovedURL})
	// adopted is a second resource for a configuration, as two runs with -target leave it.
	adopted := func(b *acctest.Harness) (first, second acctest.Instance) {
		first = b.CreateWebhook(acctest.WebhookArguments)
		return first, b.CreateWebhook(acctest.WebhookArguments)
	}
	for name, run := range map[string]func(b *acctest.Harness){
		"both new": func(b *acctest.Harness) {
			p := b.Start(acctest.WebhookType)
			b.Transport.SetFault(func(acctest.SentCall) *acctest.Fault { return acctest.Delay(5*time.Second, func() {}) })
			var first, second []*tfprotov6.Diagnostic
			coretest.Together(
				coretest.Timed{Do: func() { _, first = p.Plan(p.None(), acctest.WebhookArguments) }},
				coretest.Timed{After: time.Second, Do: func() { _, second = p.Plan(p.None(), moved) }},
			)
			p.WantNoError(first)
			wantError(b.T, second, twice, acctest.WebhookURL, acctest.MovedURL, `"zscaler"`)
		},
		"one new that is planned again, as by terraform test": func(b *acctest.Harness) {
			p := b.Start(acctest.WebhookType)
			for range 2 {
				_, diags := p.Plan(p.None(), acctest.WebhookArguments)
				p.WantNoError(diags)
			}
			state, diags := p.Apply(p.None(), acctest.WebhookArguments)
			p.WantNoError(diags)
			p.WantEmptyPlan(p.Refresh(state), acctest.WebhookArguments)
		},
		"both new, the name known during the apply only": func(b *acctest.Harness) {
			p := b.Start(acctest.WebhookType)
			_, diags := p.Apply(p.None(), acctest.WebhookArguments)
			p.WantNoError(diags)
			_, diags = p.Apply(p.None(), moved)
			wantError(b.T, diags, twice, acctest.WebhookURL, acctest.MovedURL)
			if n := b.CountRequests(http.MethodPatch, acctest.ConfigsPath); n != 0 {
				b.T.Errorf("%d updates", n)
			}
		},
		"both in the state": func(b *acctest.Harness) {
			first, second := adopted(b)
			p := b.Start(acctest.WebhookType)
			read, diags := p.Read(first)
			p.WantNoError(diags)
			_, diags = p.Plan(read, acctest.WebhookArguments)
			p.WantNoError(diags)
			read, diags = p.Read(second)
			p.WantNoError(diags)
			_, diags = p.Plan(read, moved)
			wantError(b.T, diags, twice, acctest.WebhookURL, acctest.MovedURL, "terraform state rm")
		},
		"one in the state is kept, then the other is destroyed": func(b *acctest.Harness) {
			first, second := adopted(b)
			p := b.Start(acctest.WebhookType)
			_, diags := p.Plan(second, acctest.WebhookArguments)
			p.WantNoError(diags)
			_, diags = p.Destroy(first)
			wantError(b.T, diags, twice)
		},
		"one in the state is destroyed, then the other is kept": func(b *acctest.Harness) {
			first, second := adopted(b)
			p := b.Start(acctest.WebhookType)
			p.WantPlanDestroy(first)
			_, diags := p.Plan(second, acctest.WebhookArguments)
			wantError(b.T, diags, twice)
		},
		"both are destroyed": func(b *acctest.Harness) {
			first, second := adopted(b)
			p := b.Start(acctest.WebhookType)
			p.WantPlanDestroy(first)
			p.WantPlanDestroy(second)
			p = b.Start(acctest.WebhookType)
			for _, state := range []acctest.Instance{first, second} {
				_, diags := p.Destroy(state)
				p.WantNoError(diags)
			}
		},
		"one in the state, one new": func(b *acctest.Harness) {
			state := b.CreateWebhook(acctest.WebhookArguments)
			p := b.Start(acctest.WebhookType)
			_, diags := p.Plan(state, acctest.WebhookArguments)
			p.WantNoError(diags)
			_, diags = p.Plan(p.None(), acctest.WebhookArguments)
			wantError(b.T, diags, twice)
		},
		"one new, one in the state": func(b *acctest.Harness) {
			state := b.CreateWebhook(acctest.WebhookArguments)
			p := b.Start(acctest.WebhookType)
			_, diags := p.Plan(p.None(), acctest.WebhookArguments)
			p.WantNoError(diags)
			_, diags = p.Plan(state, acctest.WebhookArguments)
			wantError(b.T, diags, twice)
		},
		"one new that was applied, one in the state": func(b *acctest.Harness) {
			state := b.CreateWebhook(acctest.WebhookArguments)
			p := b.Start(acctest.WebhookType)
			_, diags := p.Apply(p.None(), acctest.WebhookArguments)
			p.WantNoError(diags)
			_, diags = p.Plan(state, moved)
			wantError(b.T, diags, twice)
		},
		"one in the state is replaced by another configuration, one new adopts the old one": func(b *acctest.Harness) {
			state := b.CreateWebhook(acctest.WebhookArguments)
			other, err := b.Sim.CreatePluginConfig("other", acctest.MovedURL, acctest.SecondKey, "")
			if err != nil {
				b.T.Fatal(err)
			}
			p := b.Start(acctest.WebhookType)
			_, diags := p.Plan(state, moved.With(acctest.Arguments{"name": "other", "config_id": other}))
			p.WantNoError(diags)
			_, diags = p.Plan(p.None(), acctest.WebhookArguments)
			p.WantNoError(diags)
		},
		"replaced: the second plan has the private state of the first": func(b *acctest.Harness) {
			state := b.CreateWebhook(acctest.WebhookArguments)
			p := b.Start(acctest.WebhookType)
			planned, diags := p.Plan(state, moved)
			p.WantNoError(diags)
			_, diags = p.Plan(acctest.Instance{Value: p.None().Value, Private: planned.Private}, moved)
			p.WantNoError(diags)
		},
		"tainted: Terraform reads it and plans a create": func(b *acctest.Harness) {
			state := b.CreateWebhook(acctest.WebhookArguments)
			p := b.Start(acctest.WebhookType)
			_, diags := p.Read(state)
			p.WantNoError(diags)
			planned, diags := p.Plan(p.None(), moved)
			p.WantNoError(diags)
			if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(text, "is already in this state") {
				b.T.Errorf("the warnings are %q", text)
			}
			p = b.Start(acctest.WebhookType)
			_, diags = p.Destroy(state)
			p.WantNoError(diags)
			made, diags := p.ApplyPlanned(p.None(), planned, moved)
			p.WantNoError(diags)
			if left := b.ManagedWebhooks(); len(left) != 1 || left[0].ID != p.Text(made, "id") {
				b.T.Errorf("Falcon has %v", left)
			}
		},
		"planned twice, as itself": func(b *acctest.Harness) {
			state := b.CreateWebhook(acctest.WebhookArguments)
			p := b.Start(acctest.WebhookType)
			for range 2 {
				_, diags := p.Plan(state, moved)
				p.WantNoError(diags)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(_ *testing.T, b *acctest.Harness) { run(b) })
		})
	}
}
