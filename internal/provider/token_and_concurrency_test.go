package provider_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// Tokens that expire or are revoked between two requests are replaced without the user noticing, whatever the clocks say.
func TestTokens_endInTheMiddle(t *testing.T) {
	t.Parallel()
	for name, skew := range map[string]time.Duration{"clocks agree": 0, "Falcon's is an hour ahead": time.Hour, "Falcon's is an hour behind": -time.Hour} {
		for cause, end := range map[string]func(*falconsim.Server){"revoked": (*falconsim.Server).RevokeTokens, "expired": (*falconsim.Server).ExpireTokens} {
			t.Run(name+", "+cause, func(t *testing.T) {
				t.Parallel()
				opts := falconsim.Options{Now: func() time.Time { return time.Now().Add(skew) }}
				acctest.WithFakeClock(t, opts, func(t *testing.T, b *acctest.Harness) {
					ended := 0
					b.Transport.Arm(func(c acctest.SentCall) *acctest.Fault {
						if c.Path != acctest.TokenPath && c.N%2 == 1 { // the repeated call goes through
							ended++
							time.Sleep(5 * time.Second) // Falcon allows an address 15 calls a minute with a token that has ended
							end(b.Sim)
						}
						return nil
					})
					for _, o := range operations {
						if o.Outside == nil && !o.Imports {
							state, problem := o.Do(b, o.Prepare(b))
							if problem != "" {
								t.Errorf("%s: %s", o.Name, problem)
							}
							if p, _ := b.Run(o.Resource); !state.Value.IsNull() {
								if _, diags := p.Destroy(state); acctest.Messages(diags, tfprotov6.DiagnosticSeverityError) != "" {
									t.Errorf("%s: %s", o.Name, acctest.Messages(diags, tfprotov6.DiagnosticSeverityError))
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

// A token with a lifetime of a few seconds is renewed in time.
func TestTokens_shortLived(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{TokenLifetime: 10 * time.Second, Latency: 4 * time.Second}, func(t *testing.T, b *acctest.Harness) {
		state, problem := operations[0].Do(b, operations[0].Prepare(b))
		if problem != "" {
			t.Fatal(problem)
		}
		operations[0].WantQuiet(b, state)
		for _, r := range b.Sim.Requests() {
			if r.Status == 401 {
				t.Errorf("%s %s met an ended token", r.Method, r.Path)
			}
		}
	})
}

// A plan that was created with one client's credentials is applied with another's, after the first was deleted.
func TestTokens_rotatedBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
		if _, problem := b.RunAs(acctest.APIClientType, coretest.OtherConfigID, "first secret"); problem == "" {
			t.Fatal("a wrong secret signs in")
		}
		b.Sim.AddClient(coretest.TestConfigID, "first secret", []string{"api-client-mgmt:read", "api-client-mgmt:write"})
		old, problem := b.RunAs(acctest.APIClientType, coretest.TestConfigID, "first secret")
		if problem != "" {
			t.Fatal(problem)
		}
		planned, diags := old.Plan(old.None(), acctest.ClientArguments)
		old.WantNoError(diags)
		if err := b.Sim.DeleteClient(coretest.TestConfigID); err != nil {
			t.Fatal(err)
		}
		// A provider that signed in before reports it. The provider of the apply, with the new credentials, succeeds.
		_, diags = old.ApplyPlanned(old.None(), planned, acctest.ClientArguments)
		if text := b.Checked(diags); !strings.Contains(text, "client_id") || !strings.Contains(text, coretest.TestConfigID) {
			t.Errorf("the error is %q", text)
		}
		b.Sim.AddClient(coretest.TestConfigID, "second secret", []string{"api-client-mgmt:read", "api-client-mgmt:write"})
		renewed, problem := b.RunAs(acctest.APIClientType, coretest.TestConfigID, "second secret")
		if problem != "" {
			t.Fatal(problem)
		}
		state, diags := renewed.ApplyPlanned(renewed.None(), planned, acctest.ClientArguments)
		renewed.WantNoError(diags)
		b.WantSecret(renewed, state)
	})
}

// Two applies at once against one tenant: one creates the object, the other reports that it exists, and none is created twice.
func TestTwoAppliesAtOnce(t *testing.T) {
	t.Parallel()
	for _, o := range operations {
		if o.Before != nil {
			continue
		}
		t.Run(o.Name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{Latency: 100 * time.Millisecond}, func(t *testing.T, b *acctest.Harness) {
				problems, states := make([]string, 2), make([]acctest.Instance, 2)
				var wg sync.WaitGroup
				for i := range 2 {
					p, problem := b.Run(o.Resource)
					if problem != "" {
						t.Fatal(problem)
					}
					wg.Go(func() {
						time.Sleep(time.Duration(i) * 10 * time.Millisecond) // by the fake clock: in the middle of the other's look-up
						var diags []*tfprotov6.Diagnostic
						states[i], diags = p.Apply(p.None(), o.Config(b))
						problems[i] = b.Checked(diags)
					})
				}
				wg.Wait()
				made := 0
				for i, problem := range problems {
					if problem == "" {
						made++
						o.WantQuiet(b, states[i])
					} else if !acctest.ImportCommand.MatchString(problem) {
						t.Errorf("the error names no import: %s", problem)
					}
				}
				if made != 1 && o.Resource != acctest.WebhookType { // the second of these may adopt what the first made
					t.Errorf("%d of 2 applies made it: %q", made, problems)
				}
				if now := b.Sim.Tenant(); len(now.APIClients)+len(now.PluginConfigs)+len(now.Workflows) != 1+len(b.Strangers.APIClients)+len(b.Strangers.PluginConfigs) {
					t.Errorf("the tenant holds %s", b.Holdings())
				}
			})
		})
	}
}

// A cancelled context ends every wait within a second: for a token, for Falcon's response, for the limit to pass, and
// between attempts. The look-up after a create whose response was lost continues, for at most 30 seconds.
func TestCancelled(t *testing.T) {
	t.Parallel()
	for _, f := range acctest.Faults {
		if f.Harmless {
			continue
		}
		for _, o := range operations {
			t.Run(f.Name+"/"+o.Name, func(t *testing.T) {
				t.Parallel()
				acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
					prior := o.Prepare(b)
					p, problem := b.Run(o.Resource)
					if problem != "" {
						t.Fatal(problem)
					}
					b.Sim.RevokeTokens() // so that a token is waited for, too
					b.Transport.Arm(func(acctest.SentCall) *acctest.Fault { return &f })
					ctx, cancel := context.WithCancel(t.Context())
					p.Ctx = ctx
					var stopped time.Time
					timer := time.AfterFunc(1500*time.Millisecond, func() {
						stopped = time.Now()
						cancel()
					})
					defer timer.Stop()
					defer cancel()
					creates := prior.Value.IsNull()
					if creates {
						p.Apply(prior, o.Config(b))
					} else if read, _ := p.Read(prior); o.Config != nil {
						creates = read.Value.IsNull()
						p.Apply(read, o.Config(b))
					} else if !o.Reads {
						p.Destroy(prior)
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
