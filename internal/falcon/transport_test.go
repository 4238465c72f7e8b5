package falcon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

const (
	readLine  = "GET /api-clients/entities/accessible-scopes/v1"
	ccidLine  = "GET /sensors/queries/installers/ccid/v1"
	tokenLine = "POST /oauth2/token"
	postLine  = "POST /api-clients/entities/api-clients/v1"
)

func scopesOK() step {
	return step{status: 200, body: envelopeOK(`[{"id":"devices:read","group":"Hosts"}]`)}
}

// TestRetries checks what is repeated, how often, and with which waits.
func TestRetries(t *testing.T) {
	t.Parallel()
	limitedFor := func(d time.Duration, epoch func(time.Time) int64) step {
		return step{do: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-RateLimit-RetryAfter", fmt.Sprint(epoch(time.Now().Add(d))))
			refuse(429, "API rate limit exceeded.").write(w, r)
		}}
	}
	limited := func(h map[string]string) step {
		s := refuse(429, "API rate limit exceeded.")
		s.header = h
		return s
	}
	many := func(n int, s step) []step {
		all := make([]step, n, n+1)
		for i := range all {
			all[i] = s
		}
		return append(all, scopesOK())
	}
	html := step{status: 502, header: map[string]string{"Content-Type": "text/html"}, body: "<html>Bad gateway</html>"}
	for _, tc := range []struct {
		name    string
		steps   []step
		calls   int           // -1: depends on the random waits
		atLeast time.Duration // all waits together
		atMost  time.Duration
		fails   string // part of the error
	}{
		{name: "fine", steps: many(0, step{}), calls: 1},
		{name: "seconds", steps: many(1, limitedFor(20*time.Second, time.Time.Unix)), calls: 2, atLeast: 18 * time.Second, atMost: 22 * time.Second},
		{name: "milliseconds", steps: many(1, limitedFor(20*time.Second, time.Time.UnixMilli)), calls: 2, atLeast: 18 * time.Second, atMost: 22 * time.Second},
		{name: "named waits are not counted", steps: many(10, limited(map[string]string{"Retry-After": "1"})), calls: 11, atLeast: 10 * time.Second, atMost: 15 * time.Second},
		{name: "absurd future", steps: many(1, limitedFor(1e6*time.Second, time.Time.Unix)), calls: 2, atLeast: 200 * time.Millisecond, atMost: time.Second},
		{name: "absurd past", steps: many(1, limited(map[string]string{"X-RateLimit-RetryAfter": "5"})), calls: 2, atLeast: 200 * time.Millisecond, atMost: time.Second},
		{name: "no number", steps: many(1, limited(map[string]string{"X-RateLimit-RetryAfter": "soon"})), calls: 2, atLeast: 200 * time.Millisecond, atMost: time.Second},
		{name: "absent, for ever", steps: []step{limited(nil)}, calls: -1, atLeast: unhintedLimit, atMost: unhintedLimit + backoffCap + time.Second, fails: ": API rate limit exceeded (trace id trace-err), after "},
		{name: "Retry-After: 0, for ever", steps: []step{limited(map[string]string{"Retry-After": "0"})}, calls: -1, atLeast: unhintedLimit, atMost: unhintedLimit + backoffCap + time.Second, fails: "Falcon returned 429"},
		{name: "a time past, for ever", steps: []step{limitedFor(-30*time.Second, time.Time.Unix)}, calls: -1, atLeast: unhintedLimit, atMost: unhintedLimit + backoffCap + time.Second, fails: "Falcon returned 429"},
		{name: "500 once", steps: many(1, refuse(500, "oops")), calls: 2},
		{name: "500 for ever", steps: []step{refuse(500, "oops")}, calls: 4, fails: ": oops"},
		{name: "503 with Retry-After", steps: many(5, step{status: 503, header: map[string]string{"Retry-After": "2"}}), calls: 6, atLeast: 10 * time.Second, atMost: 15 * time.Second},
		{name: "502 HTML for ever", steps: []step{html}, calls: 4, fails: "returned 502 for the request to list the API scopes that the tenant offers, with a web page (HTML)"},
		{name: "dropped", steps: many(2, step{drop: true}), calls: 3},
		{name: "cut off", steps: many(1, step{status: 200, body: `{"meta":{`, cut: true}), calls: 2},
		{name: "truncated JSON", steps: many(1, step{status: 200, body: `{"resources":[{"id":"dev`}), calls: 2},
		{name: "truncated JSON for ever", steps: []step{{status: 200, body: `{"resources":[`}}, calls: 4, fails: "the response is not JSON"},
		{name: "empty body", steps: many(1, step{status: 200}), calls: 2},
		{name: "HTML 200", steps: []step{{status: 200, header: map[string]string{"Content-Type": "text/html"}, body: "<html>Sign in</html>"}}, calls: 1, fails: "returned 200 for the request to list the API scopes that the tenant offers, with a web page (HTML)"},
		{name: "403", steps: []step{refuse(403, "access denied, scope not permitted")}, calls: 1, fails: `lacks the scope api-client-mgmt:read ("API client management: read" in the console)`},
		{name: "403 address", steps: []step{refuse(403, "access denied, authorization failed")}, calls: 1, fails: "allow list"},
		{name: "404", steps: []step{refuse(404, "404: Page Not Found")}, calls: 1, fails: "Falcon returned 404"},
		{name: "308", steps: []step{{status: 308, header: map[string]string{"Location": "https://api.us-2.crowdstrike.com/", "X-Cs-Region": "us-2"}}}, calls: 1, fails: `set cloud = "us-2"`},
		{name: "wrong types", steps: []step{{status: 200, body: `{"resources":{"id":1}}`}}, calls: 1, fails: "could not be decoded"},
		{name: "no media type", steps: []step{{status: 200, header: map[string]string{"Content-Type": ";;"}, body: envelopeOK(`[{"id":"devices:read"}]`)}}, calls: 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, c := newScript(t, map[string][]step{readLine: tc.steps})
			_, err := c.AccessibleScopes(t.Context())
			switch {
			case tc.fails == "" && err != nil:
				t.Fatalf("failed: %v", err)
			case tc.fails != "" && (err == nil || !strings.Contains(err.Error(), tc.fails)):
				t.Fatalf("got %v, want an error with %q", err, tc.fails)
			case err != nil && !strings.Contains(err.Error(), "the request to list the API scopes that the tenant offers"):
				t.Errorf("the error does not name the request: %v", err)
			}
			if n := s.count(readLine); n != tc.calls && tc.calls >= 0 {
				t.Errorf("%d calls, want %d", n, tc.calls)
			}
			var total time.Duration
			for _, d := range s.waits() {
				total += d
			}
			if total < tc.atLeast || tc.atMost > 0 && total > tc.atMost {
				t.Errorf("waited %s, want %s to %s", total, tc.atLeast, tc.atMost)
			}
			noSecrets(t, append(s.logs, fmt.Sprint(err))...)
		})
	}
}

func TestChangesAreRepeatedOn429Only(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		step  step
		calls int
	}{
		{"429", refuse(429, "slow down"), 2},
		{"500", refuse(500, "oops"), 1},
		{"503", refuse(503, "oops"), 1},
		{"dropped", step{drop: true}, 1},
		{"truncated", step{status: 201, body: `{"res`}, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			created := step{status: 201, body: envelopeOK(`[{"id":"c1","client_secret":"x"}]`)}
			s, c := newScript(t, map[string][]step{postLine: {tc.step, created}})
			_, _, err := c.postAPIClient(t.Context(), APIClientSpec{Name: "n"})
			if n := s.count(postLine); n != tc.calls {
				t.Errorf("%d calls, want %d", n, tc.calls)
			}
			if (tc.calls == 1) != Ambiguous(err) {
				t.Errorf("Ambiguous(%v) = %v", err, Ambiguous(err))
			}
		})
	}
}

// TestStorm checks that requests that wait for one limit wait together, and none fails.
func TestStorm(t *testing.T) {
	t.Parallel()
	var refused atomic.Int32
	response := step{do: func(w http.ResponseWriter, r *http.Request) {
		if refused.Add(1) <= 8 {
			w.Header().Set("X-RateLimit-RetryAfter", fmt.Sprint(time.Now().Add(30*time.Second).UnixMilli()))
			refuse(429, "slow down").write(w, r)
			return
		}
		step{status: 200, body: envelopeOK(`[]`)}.write(w, r)
	}}
	s, c := newScript(t, map[string][]step{"GET /plugins/combined/configs/v1": {response}})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := c.PluginConfigs(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := s.count("GET /plugins/combined/configs/v1"); n > 16 {
		t.Errorf("%d calls, want at most 16", n)
	}
	if n := s.count(tokenLine); n != 1 {
		t.Errorf("%d tokens, want 1", n)
	}
}

// TestUnhintedRateLimitIsRetried: Falcon counts by the minute, so a 429 without a retry time may last for a minute.
func TestUnhintedRateLimitIsRetried(t *testing.T) {
	t.Parallel()
	var s *script
	var c *Client
	var end time.Time
	response := step{do: func(w http.ResponseWriter, r *http.Request) {
		if now := s.clockNow(); now.Before(end) {
			refuse(429, "slow down").write(w, r)
			return
		}
		step{status: 201, body: envelopeOK(`[{"id":"c1","client_secret":"x"}]`)}.write(w, r)
	}}
	s, c = newScript(t, map[string][]step{postLine: {response}}, func(cfg *Config) { cfg.MaxRetries = 0 })
	end = s.clockNow().Add(time.Minute)
	if _, _, err := c.postAPIClient(t.Context(), APIClientSpec{Name: "n"}); err != nil {
		t.Error(err)
	}
	if n := s.count(postLine); n < 3 || n > 20 {
		t.Errorf("%d calls in a minute", n)
	}
}

func TestGateIsSharedAndEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clk := systemClock()
		g := &gate{}
		start := clk.now()
		g.closeUntil(start.Add(time.Minute), nil)
		g.closeUntil(start.Add(time.Second), nil) // never earlier
		if err := g.wait(t.Context(), clk); err != nil || time.Since(start) < time.Minute {
			t.Errorf("open after %s: %v", time.Since(start), err)
		}
		g.closeUntil(clk.now().Add(time.Hour), nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start = clk.now()
		if err := g.wait(ctx, clk); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("ended after %s with %v", time.Since(start), err)
		}
	})
}

func TestCancelEndsAWait(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s, c := newScript(t, map[string][]step{ccidLine: {refuse(429, "slow down")}}, func(cfg *Config) {
		inner := cfg.clock.sleep
		cfg.clock.sleep = func(ctx context.Context, d time.Duration) error {
			cancel() // the user interrupts while the client waits
			<-ctx.Done()
			return inner(ctx, d)
		}
	})
	_, err := c.Tenant(ctx)
	if !errors.Is(err, context.Canceled) || s.count(ccidLine) != 1 {
		t.Errorf("%d calls, error %v", s.count(ccidLine), err)
	}
}

func TestTokenStaysAtItsHost(t *testing.T) {
	t.Parallel()
	s, c := newScript(t, nil)
	_, foreign := newScript(t, nil)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, foreign.BaseURL()+"/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.http.Do(req)
	if err == nil {
		t.Fatal("it was sent", resp.Body.Close())
	}
	if !strings.Contains(err.Error(), "another host") || len(s.lines) != 0 {
		t.Errorf("got %v and calls %v", err, s.lines)
	}
}

func TestConnectionRefusedIsPlain(t *testing.T) {
	t.Parallel()
	_, c := newScript(t, nil, func(cfg *Config) { cfg.BaseURL = "http://127.0.0.1:1" })
	_, _, err := c.postAPIClient(t.Context(), APIClientSpec{Name: "n"})
	if err == nil || !strings.Contains(err.Error(), "127.0.0.1:1 refused the connection") || Ambiguous(err) {
		t.Errorf("got %v", err)
	}
	noSecrets(t, fmt.Sprint(err))
}

func TestAttemptTimesOut(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	hang := step{do: func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-release:
		}
	}}
	s, c := newScript(t, map[string][]step{ccidLine: {hang, {status: 200, body: envelopeOK(`["AB-12"]`)}}})
	t.Cleanup(func() { close(release) })
	c.transport.timeout = 50 * time.Millisecond
	if _, err := c.Tenant(t.Context()); err != nil || s.count(ccidLine) != 2 {
		t.Errorf("%d calls: %v", s.count(ccidLine), err)
	}
}
