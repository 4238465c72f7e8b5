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

// Tokens that expire, or are revoked, between any two requests are replaced without an error, even if the clocks differ.
func TestTokens_expireBetweenRequests(t *testing.T) {
	t.Parallel()
	for name, skew := range map[string]time.Duration{"clocks agree": 0, "Falcon's is an hour ahead": time.Hour, "Falcon's is an hour behind": -time.Hour} {
		for cause, end := range map[string]func(*falconsim.Server){"revoked": (*falconsim.Server).RevokeTokens, "expired": (*falconsim.Server).ExpireTokens} {
			t.Run(name+", "+cause, func(t *testing.T) {
				t.Parallel()
				opts := falconsim.Options{Now: func() time.Time { return time.Now().Add(skew) }}
				acctest.WithFakeClock(t, opts, func(t *testing.T, h *acctest.Harness) {
					ended := 0
					h.Transport.SetFault(func(c acctest.SentCall) *acctest.Fault {
						if c.Path != acctest.TokenPath && c.N%2 == 1 { // the repeated call goes through
							ended++
							time.Sleep(5 * time.Second) // Falcon allows an address 15 calls a minute with a token that has ended
							end(h.Sim)
						}
						return nil
					})
					for _, o := range operations {
						if o.Outside == nil && !o.Imports {
							state, problem := o.Do(h, o.Prepare(h))
							if problem != "" {
								t.Errorf("%s: %s", o.Name, problem)
							}
							if p := h.Start(o.Resource); !state.Value.IsNull() {
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

// A token that is valid for seconds only is renewed in time.
func TestTokens_shortLived(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{TokenLifetime: 10 * time.Second, Latency: 4 * time.Second}, func(t *testing.T, h *acctest.Harness) {
		state, problem := operations[0].Do(h, operations[0].Prepare(h))
		if problem != "" {
			t.Fatal(problem)
		}
		operations[0].WantEmptyPlan(h, state)
		for _, r := range h.Sim.Requests() {
			if r.Status == 401 {
				t.Errorf("%s %s was sent with an expired token", r.Method, r.Path)
			}
		}
	})
}

// A plan that was created with one client's credentials is applied with another's, after the first was deleted.
func TestTokens_rotatedBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
		if _, problem := h.TryStartAs(acctest.APIClientType, coretest.OtherConfigID, "first secret"); problem == "" {
			t.Fatal("a wrong secret signs in")
		}
		h.Sim.AddClient(coretest.TestConfigID, "first secret", []string{"api-client-mgmt:read", "api-client-mgmt:write"})
		old, problem := h.TryStartAs(acctest.APIClientType, coretest.TestConfigID, "first secret")
		if problem != "" {
			t.Fatal(problem)
		}
		planned, diags := old.Plan(old.None(), acctest.ClientArguments)
		old.WantNoError(diags)
		if err := h.Sim.DeleteClient(coretest.TestConfigID); err != nil {
			t.Fatal(err)
		}
		// A provider that signed in before reports that; one with the new credentials succeeds.
		_, diags = old.ApplyPlanned(old.None(), planned, acctest.ClientArguments)
		if text := h.CheckDiagnostics(diags); !strings.Contains(text, "client_id") || !strings.Contains(text, coretest.TestConfigID) {
			t.Errorf("the error is %q", text)
		}
		h.Sim.AddClient(coretest.TestConfigID, "second secret", []string{"api-client-mgmt:read", "api-client-mgmt:write"})
		renewed, problem := h.TryStartAs(acctest.APIClientType, coretest.TestConfigID, "second secret")
		if problem != "" {
			t.Fatal(problem)
		}
		state, diags := renewed.ApplyPlanned(renewed.None(), planned, acctest.ClientArguments)
		renewed.WantNoError(diags)
		h.WantWorkingSecret(renewed, state)
	})
}

// Two concurrent applies in one tenant: one creates the object, the other reports that it exists, and nothing is created twice.
func TestConcurrentApplies(t *testing.T) {
	t.Parallel()
	for _, o := range operations {
		if o.Before != nil {
			continue
		}
		t.Run(o.Name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{Latency: 100 * time.Millisecond}, func(t *testing.T, h *acctest.Harness) {
				problems, states := make([]string, 2), make([]acctest.Instance, 2)
				var wg sync.WaitGroup
				for i := range 2 {
					p := h.Start(o.Resource)
					wg.Go(func() {
						time.Sleep(time.Duration(i) * 10 * time.Millisecond) // on the fake clock: during the other's lookup
						var diags []*tfprotov6.Diagnostic
						states[i], diags = p.Apply(p.None(), o.Config(h))
						problems[i] = h.CheckDiagnostics(diags)
					})
				}
				wg.Wait()
				made := 0
				for i, problem := range problems {
					if problem == "" {
						made++
						o.WantEmptyPlan(h, states[i])
					} else if !acctest.ImportCommand.MatchString(problem) {
						t.Errorf("the error recommends no import: %s", problem)
					}
				}
				if made != 1 && o.Resource != acctest.WebhookType { // the second may adopt what the first created
					t.Errorf("%d of 2 applies created it: %q", made, problems)
				}
				if now := h.Sim.Tenant(); len(now.APIClients)+len(now.PluginConfigs)+len(now.Workflows) != 1+len(h.Unmanaged.APIClients)+len(h.Unmanaged.PluginConfigs) {
					t.Errorf("the tenant holds %s", h.DescribeManaged())
				}
			})
		})
	}
}

// A canceled context ends every wait within a second: for a token, for a response, for the rate limit, and between attempts.
// Only the check whether a create without a response succeeded continues, for at most half a minute.
func TestCanceled(t *testing.T) {
	t.Parallel()
	for _, f := range acctest.Faults {
		if f.Harmless {
			continue
		}
		for _, o := range operations {
			t.Run(f.Name+"/"+o.Name, func(t *testing.T) {
				t.Parallel()
				acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
					prior := o.Prepare(h)
					p := h.Start(o.Resource)
					h.Sim.RevokeTokens() // so that a token is requested too
					h.Transport.SetFault(func(acctest.SentCall) *acctest.Fault { return &f })
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
						p.Apply(prior, o.Config(h))
					} else if read, _ := p.Read(prior); o.Config != nil {
						creates = read.Value.IsNull()
						p.Apply(read, o.Config(h))
					} else if !o.Reads {
						p.Destroy(prior)
					}
					synctest.Wait()
					limit := time.Second
					if creates {
						limit += 2 * 30 * time.Second // to settle, and to clean up
					}
					if !stopped.IsZero() && time.Since(stopped) > limit {
						t.Errorf("it continued for %s", time.Since(stopped))
					}
				})
			})
		}
	}
}
