package provider

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// inBubble runs a test on the fake clock.
func inBubble(t *testing.T, opts falconsim.Options, do func(t *testing.T, b *bubble)) {
	t.Helper()
	if _, err := providerSchema(); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) { do(t, newBubble(t, opts)) })
}

// Tokens that end, or are revoked, between any two calls are replaced without the user noticing, whatever the clocks say.
func TestTokens_endInTheMiddle(t *testing.T) {
	t.Parallel()
	for name, skew := range map[string]time.Duration{"clocks agree": 0, "Falcon's is an hour ahead": time.Hour, "Falcon's is an hour behind": -time.Hour} {
		for cause, end := range map[string]func(*falconsim.Server){"revoked": (*falconsim.Server).RevokeTokens, "expired": (*falconsim.Server).ExpireTokens} {
			t.Run(name+", "+cause, func(t *testing.T) {
				t.Parallel()
				opts := falconsim.Options{Now: func() time.Time { return time.Now().Add(skew) }}
				inBubble(t, opts, func(t *testing.T, b *bubble) {
					ended := 0
					b.wire.arm(func(c sentCall) *fault {
						if c.path != tokenPath && c.n%2 == 1 { // the repeated call goes through
							ended++
							time.Sleep(5 * time.Second) // Falcon allows an address 15 calls a minute with a token that has ended
							end(b.sim)
						}
						return nil
					})
					for _, o := range operations {
						if o.outside == nil && !o.imports {
							state, problem := o.do(b, o.prepare(b))
							if problem != "" {
								t.Errorf("%s: %s", o.name, problem)
							}
							if p, _ := b.run(o.resource); !state.value.IsNull() {
								if _, diags := p.destroy(state); messages(diags, tfprotov6.DiagnosticSeverityError) != "" {
									t.Errorf("%s: %s", o.name, messages(diags, tfprotov6.DiagnosticSeverityError))
								}
							}
						}
					}
					if ended < 50 {
						t.Errorf("only %d tokens ended", ended)
					}
				})
			})
		}
	}
}

// A token that Falcon lets live for seconds only is renewed in time.
func TestTokens_shortLived(t *testing.T) {
	t.Parallel()
	inBubble(t, falconsim.Options{TokenLifetime: 10 * time.Second, Latency: 4 * time.Second}, func(t *testing.T, b *bubble) {
		state, problem := operations[0].do(b, operations[0].prepare(b))
		if problem != "" {
			t.Fatal(problem)
		}
		operations[0].wantQuiet(b, state)
		for _, r := range b.sim.Requests() {
			if r.Status == 401 {
				t.Errorf("%s %s met an ended token", r.Method, r.Path)
			}
		}
	})
}

// A plan that was made with one client's credentials is applied with another's, after the first has gone.
func TestTokens_rotatedBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
		if _, problem := b.runAs(apiClientType, otherConfigID, "first secret"); problem == "" {
			t.Fatal("a wrong secret signs in")
		}
		b.sim.AddClient(testConfigID, "first secret", []string{"api-client-mgmt:read", "api-client-mgmt:write"})
		old, problem := b.runAs(apiClientType, testConfigID, "first secret")
		if problem != "" {
			t.Fatal(problem)
		}
		planned, diags := old.plan(old.none(), aClient)
		old.wantFine(diags)
		if err := b.sim.DeleteClient(testConfigID); err != nil {
			t.Fatal(err)
		}
		// A provider that signed in before says so plainly; one of the apply with the new credentials does it.
		_, diags = old.applyPlanned(old.none(), planned, aClient)
		if text := b.checked(diags); !strings.Contains(text, "client_id") || !strings.Contains(text, testConfigID) {
			t.Errorf("the error is %q", text)
		}
		b.sim.AddClient(testConfigID, "second secret", []string{"api-client-mgmt:read", "api-client-mgmt:write"})
		renewed, problem := b.runAs(apiClientType, testConfigID, "second secret")
		if problem != "" {
			t.Fatal(problem)
		}
		state, diags := renewed.applyPlanned(renewed.none(), planned, aClient)
		renewed.wantFine(diags)
		b.wantSecret(renewed, state)
	})
}

// Two applies at once against one tenant: one makes the object, the other is told that it exists, and nothing is doubled.
func TestTwoAppliesAtOnce(t *testing.T) {
	t.Parallel()
	for _, o := range operations {
		if o.before != nil {
			continue
		}
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, falconsim.Options{Latency: 100 * time.Millisecond}, func(t *testing.T, b *bubble) {
				problems, states := make([]string, 2), make([]instance, 2)
				var wg sync.WaitGroup
				for i := range 2 {
					p, problem := b.run(o.resource)
					if problem != "" {
						t.Fatal(problem)
					}
					wg.Go(func() {
						time.Sleep(time.Duration(i) * 10 * time.Millisecond) // by the fake clock: in the middle of the other's look-up
						var diags []*tfprotov6.Diagnostic
						states[i], diags = p.apply(p.none(), o.config(b))
						problems[i] = b.checked(diags)
					})
				}
				wg.Wait()
				made := 0
				for i, problem := range problems {
					if problem == "" {
						made++
						o.wantQuiet(b, states[i])
					} else if !importCommand.MatchString(problem) {
						t.Errorf("the error names no import: %s", problem)
					}
				}
				if made != 1 && o.resource != webhookType { // the second of these may adopt what the first made
					t.Errorf("%d of 2 applies made it: %q", made, problems)
				}
				if now := b.sim.Tenant(); len(now.APIClients)+len(now.PluginConfigs)+len(now.Workflows) != 1+len(b.strangers.APIClients)+len(b.strangers.PluginConfigs) {
					t.Errorf("the tenant holds %s", b.holdings())
				}
			})
		})
	}
}

// A cancelled context ends every wait within a second: for a token, for Falcon's answer, for the limit to pass, and
// between attempts. What settles a create whose answer was lost goes on, for half a minute at most.
func TestCancelled(t *testing.T) {
	t.Parallel()
	for _, f := range faults {
		if f.harmless {
			continue
		}
		for _, o := range operations {
			t.Run(f.name+"/"+o.name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
					prior := o.prepare(b)
					p, problem := b.run(o.resource)
					if problem != "" {
						t.Fatal(problem)
					}
					b.sim.RevokeTokens() // so that a token is waited for, too
					b.wire.arm(func(sentCall) *fault { return &f })
					ctx, cancel := context.WithCancel(t.Context())
					p.ctx = ctx
					var stopped time.Time
					timer := time.AfterFunc(1500*time.Millisecond, func() {
						stopped = time.Now()
						cancel()
					})
					defer timer.Stop()
					defer cancel()
					creates := prior.value.IsNull()
					if creates {
						p.apply(prior, o.config(b))
					} else if read, _ := p.read(prior); o.config != nil {
						creates = read.value.IsNull()
						p.apply(read, o.config(b))
					} else if !o.reads {
						p.destroy(prior)
					}
					synctest.Wait()
					limit := time.Second
					if creates {
						limit += 2 * 30 * time.Second // to settle, and to clean up
					}
					if !stopped.IsZero() && time.Since(stopped) > limit {
						t.Errorf("it went on for %s", time.Since(stopped))
					}
				})
			})
		}
	}
}
