package falconsim

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// wire/conventions.md#rate-limits: 300 token requests per minute and address, shown by X-Ratelimit-Limit.
func TestTokenRequestsAreLimited(t *testing.T) {
	t.Parallel()
	now := newClock()
	c := &testClient{t: t, server: New(now.options(nil))}
	form := map[string][]string{"client_id": {c.server.ClientID()}, "client_secret": {c.server.ClientSecret()}}
	for i := range tokenLimit {
		got := c.requestToken(form)
		if want := [2]string{"300", strconv.Itoa(tokenLimit - 1 - i)}; got.status != 201 || got.limits() != want {
			t.Fatalf("call %d: %d %v, want %v", i+1, got.status, got.limits(), want)
		}
		now.pass(100) // 30 seconds in total
	}
	refused := c.requestToken(form)
	refused.want(t, 429, "API rate limit exceeded.")
	if got := refused.header.Get("X-Ratelimit-Retryafter"); refused.limits() != [2]string{"300", "0"} || got != strconv.FormatInt(newClock().at.Unix()+60, 10) {
		t.Errorf("refused with %v, retry after %s", refused.limits(), got)
	}
	bad := map[string][]string{"client_id": form["client_id"], "client_secret": {"wrong"}}
	c.requestToken(bad).want(t, 429, "API rate limit exceeded.")
	now.pass(30_000) // the first request leaves the window
	c.requestToken(bad).want(t, 403, "Failed to issue access token - Not Authorized")
	c.requestToken(form).want(t, 429, "API rate limit exceeded.")
}

// wire/conventions.md#rate-limits: 15 requests per minute and address with a missing, malformed, or expired token.
func TestRequestsWithInvalidTokensAreLimited(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 200, "b": 429} {
		now := newClock()
		c := newTestClient(t, now.options(Readings{"Q69": letter}))
		good := c.token
		for i := range badTokenLimit {
			c.token = []string{"", "malformed token", "unknown"}[i%3]
			got := c.call(http.MethodGet, ccidPath, "")
			if want := [2]string{"15", strconv.Itoa(badTokenLimit - 1 - i)}; got.status != 401 || got.limits() != want {
				t.Fatalf("call %d: %d %v, want %v", i+1, got.status, got.limits(), want)
			}
		}
		for range 3 { // refused requests do not count
			got := c.call(http.MethodGet, ccidPath, "")
			got.want(t, 429, "API rate limit exceeded.")
			if got.limits() != [2]string{"15", "0"} || got.header.Get("X-Ratelimit-Retryafter") == "" {
				t.Errorf("refused with %v", got.header)
			}
		}
		c.token = good
		if got := c.call(http.MethodGet, ccidPath, ""); got.status != status || got.limits()[0] != "6000" {
			t.Errorf("Q69=%s: a call with a good token is %d %v", letter, got.status, got.limits())
		}
		now.pass(60_000)
		c.call(http.MethodGet, ccidPath, "").want(t, 200, "")
		c.token = "unknown"
		c.call(http.MethodGet, ccidPath, "").want(t, 401, "access denied, invalid bearer token")
	}
}

// wire/authentication.md#clouds: redirected requests have a limit of 15.
func TestRedirectedRequestsAreLimited(t *testing.T) {
	t.Parallel()
	now := newClock()
	opts := now.options(nil)
	opts.Redirect = "https://home.example"
	c := &testClient{t: t, server: New(opts)}
	for range badTokenLimit {
		if got := c.call(http.MethodGet, ccidPath, ""); got.status != 308 || got.limits()[0] != "15" || got.text != "" {
			t.Fatalf("%d %v %q", got.status, got.header, got.text)
		}
	}
	c.call(http.MethodGet, ccidPath, "").want(t, 429, "API rate limit exceeded.")
}

// The limit of the account is shared by a tenant and its children, and slides.
func TestAccountLimit(t *testing.T) {
	t.Parallel()
	for letter, later := range map[string]int{"a": http.StatusOK, "b": http.StatusTooManyRequests} { // Q117
		now := time.Unix(1_800_000_000, 0)
		cid := strings.Repeat("a", 32)
		c := newTestClient(t, Options{AccountLimit: 3, MemberCIDs: []string{cid}, Readings: Readings{"Q117": letter}, Now: func() time.Time { return now }})
		child := *c
		got := c.requestToken(url.Values{"client_id": {c.server.ClientID()}, "client_secret": {c.server.ClientSecret()}, "member_cid": {cid}})
		child.token, _ = got.doc["access_token"].(string)
		list := func(c *testClient) int { return c.call(http.MethodGet, clientQueries, "").status }
		for i, want := range []int{200, 200, 200, 429, 429, 429} {
			from := c
			if i%2 == 0 {
				from = &child
			}
			if got := list(from); got != want {
				t.Errorf("Q117=%s, request %d: %d, want %d", letter, i+1, got, want)
			}
			now = now.Add(10 * time.Second)
		}
		now = now.Add(time.Second) // the first one has left the window; those that were refused may be in it
		if got := list(c); got != later {
			t.Errorf("Q117=%s: %d a minute later, want %d", letter, got, later)
		}
	}
}
