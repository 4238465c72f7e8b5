package falcon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// badTokenLimit is how many requests with a bad token Falcon accepts from one address per minute
// (wire/conventions.md#rate-limits).
const badTokenLimit = 15

// tokenGateway is a Falcon on a fake clock that issues numbered tokens and accepts those that accept says.
type tokenGateway struct {
	accept func(token, path string) bool
	refuse string // the 401's message

	mu     sync.Mutex
	issued int
	calls  int
	bad    int
}

func (g *tokenGateway) RoundTrip(req *http.Request) (*http.Response, error) {
	time.Sleep(50 * time.Millisecond) // on the fake clock
	g.mu.Lock()
	defer g.mu.Unlock()
	status, body := 200, envelopeOK(`["AB-12"]`)
	if strings.Contains(req.URL.Path, "assessments") {
		body = `{"meta":{"pagination":{"total":1,"after":""}},"resources":[{"aid":"a","score":1}]}`
	}
	if req.URL.Path == "/oauth2/token" {
		g.issued++
		status, body = 201, fmt.Sprintf(`{"access_token":"token-%d","expires_in":1799}`, g.issued)
	} else if g.calls++; !g.accept(strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer "), req.URL.Path) {
		g.bad++
		status, body = 401, envelopeError(401, g.refuse)
	}
	return jsonResponse(req, status, body), nil
}

func (g *tokenGateway) client(t *testing.T, change func(*Config)) *Client {
	t.Helper()
	cfg := Config{ClientID: testID, ClientSecret: testSecret, BaseURL: "https://falcon.example", HTTPTransport: g, MaxRetries: 5}
	if change != nil {
		change(&cfg)
	}
	c, err := New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// read is one read that no other caller shares.
func (c *Client) readOne(ctx context.Context, i int) error {
	_, _, err := c.HostScores(ctx, HostScoreRead{Limit: i + 1})
	return err
}

const invalidToken = "access denied, invalid bearer token"

func withGivenToken(cfg *Config) {
	cfg.ClientID, cfg.ClientSecret, cfg.AccessToken = "", "", "given"
}

// When Falcon rejects the token and its replacement, everything in flight stops long before the address is locked out.
func TestRefusedTokensStopEverything(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		message string
		change  func(*Config)
		most    int // rejected requests
		tokens  int
		says    string
	}{
		{"client credentials", invalidToken, nil, maxUntried + 1, 2, "and its replacement"},
		{"no word about the token", "unauthorized", nil, maxUntried + 1, 2, "and its replacement"},
		{"no message", "", nil, maxUntried + 1, 2, "and its replacement"},
		{"access token", invalidToken, withGivenToken, maxUntried, 0, "Set a new access_token"},
		{"access token, no word about it", "unauthorized", withGivenToken, maxUntried + maxRejections - 1, 0, "Set a new access_token"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := &tokenGateway{refuse: tc.message, accept: func(string, string) bool { return false }}
				c := g.client(t, tc.change)
				const parallel = 100
				errs := make([]error, parallel)
				var wg sync.WaitGroup
				for i := range parallel {
					wg.Go(func() { errs[i] = c.readOne(t.Context(), i) })
				}
				wg.Wait()
				if g.bad > tc.most || g.issued != tc.tokens {
					t.Errorf("%d refused calls and %d tokens, want at most %d and %d", g.bad, g.issued, tc.most, tc.tokens)
				}
				plain := 0
				for _, err := range errs {
					if err == nil {
						t.Fatal("a call succeeded")
					}
					if strings.Contains(err.Error(), tc.says) && strings.Contains(err.Error(), "No further requests are sent") {
						plain++
					}
					if Ambiguous(err) {
						t.Errorf("ambiguous: %v", err)
					}
				}
				if plain < parallel-maxUntried {
					t.Errorf("%d errors of %d say why, e.g. %v", plain, parallel, errs[0])
				}
				// More requests in the same minute send nothing.
				for i := range 50 {
					if c.readOne(t.Context(), i) == nil {
						t.Fatal("a call succeeded")
					}
				}
				if g.bad > tc.most {
					t.Errorf("%d refused calls in the minute", g.bad)
				}
			})
		})
	}
}

// Even a run of an hour stays below the limit in each minute, and continues when Falcon accepts tokens again.
func TestRefusedTokensAreTriedAgain(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Config){"client credentials": nil, "access token": withGivenToken} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				healed := time.Now().Add(30 * time.Minute)
				g := &tokenGateway{refuse: invalidToken, accept: func(string, string) bool { return time.Now().After(healed) }}
				c := g.client(t, change)
				for time.Now().Before(healed) {
					before, until := g.bad, time.Now().Add(time.Minute)
					var wg sync.WaitGroup
					for i := range 20 {
						wg.Go(func() {
							for time.Now().Before(until) {
								if c.readOne(t.Context(), i) == nil {
									t.Error("a call succeeded")
								}
								time.Sleep(time.Second)
							}
						})
					}
					wg.Wait()
					if n := g.bad - before; n > badTokenLimit {
						t.Fatalf("%d refused calls in a minute", n)
					}
				}
				time.Sleep(tokenPause)
				var wg sync.WaitGroup
				for i := range 20 {
					wg.Go(func() {
						if err := c.readOne(t.Context(), i); err != nil {
							t.Error(err)
						}
					})
				}
				wg.Wait()
			})
		})
	}
}

// A token that expires in the middle is replaced for all requests in flight, and none fails.
func TestManyCallsMeetTheEndOfAToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended := false
		g := &tokenGateway{refuse: invalidToken, accept: func(token, _ string) bool { return !ended || token != "token-1" }}
		c := g.client(t, nil)
		if err := c.readOne(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		ended = true
		var wg sync.WaitGroup
		for i := range 10 { // Terraform's default
			wg.Go(func() {
				if err := c.readOne(t.Context(), i); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if g.bad > 10 || g.issued != 2 || g.calls != 1+g.bad+10 {
			t.Errorf("%d refused of %d calls, %d tokens", g.bad, g.calls, g.issued)
		}
	})
}

// The 401 of one operation, such as a request for a second factor, says nothing about the token that others use.
func TestOneOperationIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &tokenGateway{refuse: "a second factor is required", accept: func(_, path string) bool { return !strings.Contains(path, "/installers/") }}
		c := g.client(t, nil)
		for i := range 5 {
			if err := c.readOne(t.Context(), i); err != nil {
				t.Fatal(err)
			}
			if _, err := c.Tenant(t.Context()); err == nil || !strings.Contains(err.Error(), "second factor") || strings.Contains(err.Error(), "No further requests") {
				t.Fatalf("error %v", err)
			}
		}
	})
}

// A request that waits for the outcome of another ends with its own context.
func TestWaitForAnUntriedTokenEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := staticToken("given", time.Now)
		for range maxUntried {
			if _, err := source.acquire(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := source.acquire(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		source.release(source.current(), nil)
		if _, err := source.acquire(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// However long Falcon limits the token requests, the operation ends with its timeout and says what it waited for.
func TestTokenLimitEndsWithTheOperation(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]map[string]string{
		"a time is named": {"Retry-After": "250"}, "no time is named": nil, "for ever": {"Retry-After": "299"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				limited := roundTripper(func(req *http.Request) (*http.Response, error) {
					calls++
					resp := jsonResponse(req, 429, envelopeError(429, "API rate limit exceeded."))
					for k, v := range header {
						resp.Header.Set(k, v)
					}
					return resp, nil
				})
				c, err := New(t.Context(), Config{ClientID: testID, ClientSecret: testSecret, BaseURL: "https://falcon.example", HTTPTransport: limited, MaxRetries: 20})
				if err != nil {
					t.Fatal(err)
				}
				// All at once, and once more before Falcon's retry time.
				reads := []func(context.Context) error{
					c.Authenticate,
					func(ctx context.Context) error { _, err := c.Tenant(ctx); return err },
					func(ctx context.Context) error { _, err := c.AccessibleScopes(ctx); return err },
					func(ctx context.Context) error { return c.readOne(ctx, 0) },
				}
				for range 2 {
					var wg sync.WaitGroup
					for i, do := range reads {
						wg.Go(func() {
							start := time.Now()
							ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
							err := do(ctx)
							cancel()
							if took := time.Since(start); took != time.Minute {
								t.Errorf("read %d ended after %s", i, took)
							}
							if err == nil || !strings.Contains(err.Error(), "API rate limit exceeded") || !strings.Contains(err.Error(), "stopped while waiting") ||
								!errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "get an access token") {
								t.Errorf("read %d: error %v", i, err)
							}
						})
					}
					wg.Wait()
					synctest.Wait() // fetches for which no caller waits any more have ended
				}
				if calls > 40 {
					t.Errorf("%d token calls", calls)
				}
			})
		})
	}
}
