package tenantcheck

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// fault injects a fault into every API request, and not into those for a token.
func fault(t *testing.T, sim *falconsim.Server, f falconsim.Fault) {
	t.Helper()
	f.Match = func(r *http.Request) bool { return !strings.HasPrefix(r.URL.Path, "/oauth2/") }
	f.Times = 1_000_000
	if err := sim.Inject(f); err != nil {
		t.Fatal(err)
	}
}

// Without a token there is nothing to check: the error says what to do.
func TestCheck_signInErrors(t *testing.T) {
	t.Parallel()
	refusesAll := roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") })
	for name, test := range map[string]struct {
		change func(t *testing.T, sim *falconsim.Server, cfg *falcon.Config)
		opts   falconsim.Options
		want   string
	}{
		"unknown client id": {
			change: func(_ *testing.T, _ *falconsim.Server, cfg *falcon.Config) { cfg.ClientID = strings.Repeat("0123", 8) },
			want:   `Falcon does not know the client_id "` + strings.Repeat("0123", 8) + `" in this cloud.`,
		},
		"wrong secret": {
			change: func(_ *testing.T, _ *falconsim.Server, cfg *falcon.Config) { cfg.ClientSecret = "not the secret" },
			want:   "Falcon rejected the client_secret",
		},
		"another cloud": {
			opts: falconsim.Options{Redirect: "https://api.us-2.crowdstrike.com", RedirectCloud: "us-2"},
			want: `The tenant is in the cloud us-2: set cloud = "us-2".`,
		},
		"no network": {
			change: func(_ *testing.T, _ *falconsim.Server, cfg *falcon.Config) { cfg.HTTPTransport = refusesAll },
			want:   "connection refused",
		},
		"proxy page instead of a token": {
			change: func(t *testing.T, sim *falconsim.Server, _ *falcon.Config) {
				t.Helper()
				if err := sim.Inject(falconsim.Fault{Kind: falconsim.FaultHTML, Times: 1000, Match: func(*http.Request) bool { return true }}); err != nil {
					t.Fatal(err)
				}
			},
			want: "The response came from a proxy or another server: check base_url, cloud and the proxy settings.",
		},
		"revoked access token": {
			change: func(_ *testing.T, _ *falconsim.Server, cfg *falcon.Config) {
				cfg.ClientID, cfg.ClientSecret, cfg.AccessToken = "", "", "revoked"
			},
			want: "Falcon rejected the access token; it may have expired.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				sim := falconsim.New(test.opts)
				cfg := configOf(sim, &inProcess{handler: sim})
				if test.change != nil {
					test.change(t, sim, &cfg)
				}
				start := time.Now()
				report, err := Check(t.Context(), Options{Config: cfg})
				if err == nil || report != nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("report %v, error %v", report, err)
				}
				if err != nil && strings.Contains(err.Error(), sim.ClientSecret()) {
					t.Error("the error has the secret")
				}
				if took := time.Since(start); took > 3*time.Minute {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// After the sign-in every fault is part of the report, in bounded time and with few requests.
func TestCheck_faults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault falconsim.Fault
		state State  // of falcon_workflow
		why   string // part of the reason
		note  string // part of the notes
		sent  int    // at most
	}{
		"web pages":       {falconsim.Fault{Kind: falconsim.FaultHTML}, NotChecked, "web page (HTML)", "had no usable response", 10},
		"web pages, 200":  {falconsim.Fault{Kind: falconsim.FaultHTML, Status: 200}, NotChecked, "web page (HTML)", "had no usable response", 10},
		"web pages, 403":  {falconsim.Fault{Kind: falconsim.FaultHTML, Status: 403}, NotChecked, "web page (HTML)", "had no usable response", 10},
		"500 everywhere":  {falconsim.Fault{Status: 500}, NotChecked, "Falcon returned 500", "had no usable response", 10},
		"lost responses":  {falconsim.Fault{Kind: falconsim.FaultDropAfter}, NotChecked, "the connection was closed", "had no usable response", 10},
		"no scope at all": {falconsim.Fault{Status: 403, Body: forbidden("access denied, scope not permitted")}, NotChecked, "needs the scope workflow:read", "", 20},
		"404 everywhere":  {falconsim.Fault{Status: 404, Body: forbidden("404: Page Not Found")}, DoesNot, "this cloud does not have the operations", "", 20},
		"429 for ever":    {falconsim.Fault{Status: 429}, NotChecked, "Falcon returned 429", "had no usable response", 250},
		"stalled":         {falconsim.Fault{Kind: falconsim.FaultDelay, Delay: time.Hour}, NotChecked, "the check ended before", "had no usable response", 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				sim := falconsim.New(falconsim.Options{})
				fault(t, sim, test.fault)
				transport := &inProcess{handler: sim}
				start := time.Now()
				report := checked(t, sim, Options{Config: configOf(sim, transport)})
				if took := time.Since(start); took > lookTime {
					t.Errorf("it took %s", took)
				}
				v := verdictOf(t, report, "falcon_workflow")
				if v.State != test.state || !strings.Contains(v.Why, test.why) {
					t.Errorf("falcon_workflow: %+v", v)
				}
				if !strings.Contains(strings.Join(report.Notes, " "), test.note) {
					t.Errorf("notes: %q", report.Notes)
				}
				if transport.sent > test.sent {
					t.Errorf("%d requests", transport.sent)
				}
				want := StatusNotChecked
				if test.state == DoesNot {
					want = StatusMissing
				}
				if report.Status() != want {
					t.Errorf("exit status %d", report.Status())
				}
				for _, a := range report.Answers {
					if a.Settled() && (a.Question != "Q55" || test.fault.Status != http.StatusTooManyRequests) {
						t.Errorf("%s is settled: %s", a.Question, a.Evidence)
					}
				}
			})
		})
	}
}

func forbidden(message string) string {
	return fmt.Sprintf(`{"meta":{"trace_id":"t"},"errors":[{"code":403,"message":%q}],"resources":[]}`, message)
}

func verdictOf(t *testing.T, r *Report, subject string) Verdict {
	t.Helper()
	for _, v := range r.Verdicts {
		if v.Subject == subject {
			return v
		}
	}
	t.Fatalf("there is no verdict on %s", subject)
	return Verdict{}
}

// A tenant without any of the products: each refusal is about its product.
func TestCheck_withoutProducts(t *testing.T) {
	t.Parallel()
	sim := falconsim.New(falconsim.Options{NoCallWebhook: true, NoSlackConfig: true})
	if err := sim.Inject(falconsim.Fault{Status: 403, Body: forbidden("access denied, authorization failed"), Times: 1000, Match: func(r *http.Request) bool {
		return strings.HasPrefix(r.URL.Path, "/zero-trust-assessment/") || strings.HasPrefix(r.URL.Path, "/identity-protection/")
	}}); err != nil {
		t.Fatal(err)
	}
	report := checked(t, sim, Options{})
	for subject, state := range map[string]State{
		"zscaler_adaptive_access": DoesNot, "zscaler_uvm_identity": DoesNot, "netskope_risk_exchange": DoesNot, "cortex_xsoar": Works,
		"falcon_webhook": DoesNot, "falcon_workflow": Works, "falcon_api_client": Works, "data.falcon_host_score": DoesNot, "data.falcon_user_scores": DoesNot,
	} {
		if v := verdictOf(t, report, subject); v.State != state || state == DoesNot && (v.Why == "" || v.Do == "") {
			t.Errorf("%+v, want %s", v, state)
		}
	}
	if report.Status() != StatusMissing {
		t.Errorf("exit status %d", report.Status())
	}
}

// A 429 in the middle is waited for.
func TestCheck_waitsInTheMiddle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sim := falconsim.New(falconsim.Options{})
		var lines []string
		if err := sim.Inject(falconsim.Fault{Status: 429, Times: 3, Header: http.Header{"Retry-After": {"7"}}, Match: func(r *http.Request) bool {
			return r.URL.Path == triggersPath
		}}); err != nil {
			t.Fatal(err)
		}
		report := checked(t, sim, Options{
			Config: configOf(sim, &inProcess{handler: sim}), Progress: func(line string) { lines = append(lines, line) },
		})
		if a := answerTo(t, report, "Q24"); !a.Settled() {
			t.Errorf("Q24: %s", a.Evidence)
		}
		if n := strings.Count(strings.Join(lines, "\n"), waitingLine+" 7s, as Falcon asks"); n != 3 {
			t.Errorf("%d lines about the wait: %q", n, lines)
		}
	})
}

// 429s without a time in some areas are waited for within a bound in all, and the progress says how long.
func TestCheck_limitedForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sim := falconsim.New(falconsim.Options{})
		if err := sim.Inject(falconsim.Fault{Status: 429, Times: 10_000, Match: func(r *http.Request) bool {
			return strings.HasPrefix(r.URL.Path, "/workflows/") || strings.HasPrefix(r.URL.Path, "/identity-protection/")
		}}); err != nil {
			t.Fatal(err)
		}
		base := &inProcess{handler: sim}
		unnamed := roundTripper(func(req *http.Request) (*http.Response, error) {
			resp, err := base.RoundTrip(req)
			if err == nil {
				resp.Header.Del("X-RateLimit-RetryAfter")
			}
			return resp, err
		})
		var lines []string
		start := time.Now()
		report := checked(t, sim, Options{
			Config: configOf(sim, unnamed), Progress: func(line string) { lines = append(lines, line) },
		})
		if took := time.Since(start); took > 4*time.Minute {
			t.Errorf("it took %s", took)
		}
		text := strings.Join(lines, "\n")
		if !strings.Contains(text, waitingLine+" for 1m30s at most") || !strings.Contains(text, "giving this request up") {
			t.Errorf("progress: %s", text)
		}
		if v := verdictOf(t, report, "falcon_workflow"); v.State != NotChecked || !strings.Contains(v.Why, "429") {
			t.Errorf("%+v", v)
		}
	})
}

// The end of the context ends the check with the report so far.
func TestCheck_interrupted(t *testing.T) {
	t.Parallel()
	sim := falconsim.New(falconsim.Options{})
	ctx, stop := context.WithCancel(t.Context())
	report, err := Check(ctx, Options{Config: configOf(sim, &inProcess{handler: sim}), Progress: func(line string) {
		if line == "Hosts" {
			stop()
		}
	}})
	if !errors.Is(err, context.Canceled) || report == nil || !answerTo(t, report, "Q24").Settled() || answerTo(t, report, "Q101").Settled() {
		t.Errorf("report %v, error %v", report, err)
	}
}

// A large tenant needs no more requests than a small one with the same kinds of objects.
func TestCheck_fewRequests(t *testing.T) {
	t.Parallel()
	const most = 45
	synctest.Test(t, func(t *testing.T) {
		opts := falconsim.Options{Hosts: 2000, Users: 300}
		small, large := richTenant(t, opts), richTenant(t, opts)
		for i := range 1500 {
			if _, err := large.CreateWorkflow(documentOf(t, fmt.Sprintf("Large %d", i), pauseAction, `"sleep_time":"1m"`), false); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 600 {
			if _, _, err := large.CreateClient(fmt.Sprintf("Large %d", i), "", []string{"devices:read"}); err != nil {
				t.Fatal(err)
			}
		}
		var sent []int
		for _, sim := range []*falconsim.Server{small, large} {
			transport := &inProcess{handler: sim}
			report := checked(t, sim, Options{Config: configOf(sim, transport)})
			sent = append(sent, transport.sent)
			for _, id := range []string{"Q10", "Q28", "Q29", "Q30", "Q31", "Q44", "Q51", "Q18"} {
				if a := answerTo(t, report, id); !a.Settled() {
					t.Errorf("%s is not settled: %s", id, a.Evidence)
				}
			}
		}
		if sent[1] > most || sent[1] > sent[0] {
			t.Errorf("%d requests in a small tenant, %d in a large one", sent[0], sent[1])
		}
	})
}
