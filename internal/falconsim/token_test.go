package falconsim

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestToken(t *testing.T) {
	t.Parallel()
	child := strings.Repeat("c", 32)
	c := newTestClient(t, Options{MemberCIDs: []string{child}})
	id, secret := c.server.ClientID(), c.server.ClientSecret()
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
	for _, test := range []struct {
		name, basic string
		form        url.Values
		status      int
		message     string
	}{
		{"form", "", url.Values{"client_id": {id}, "client_secret": {secret}}, 201, ""},
		{"basic header", basic, url.Values{"grant_type": {"client_credentials"}}, 201, ""},
		{"unknown id", "", url.Values{"client_id": {"nobody"}, "client_secret": {secret}}, 400, "Failed to generate access token for clientID=nobody."},
		{"no credentials", "", nil, 400, "Failed to generate access token for clientID=."},
		{"bad secret", "", url.Values{"client_id": {id}, "client_secret": {"wrong"}}, 403, "Failed to issue access token - Not Authorized"},
		{"child", basic, url.Values{"member_cid": {strings.ToUpper(child)}}, 201, ""},
		{"foreign child", basic, url.Values{"member_cid": {strings.Repeat("d", 32)}}, 403, "access denied, authorization failed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := c.call(http.MethodPost, tokenPath, test.form.Encode(), "Authorization", test.basic, "Content-Type", "application/x-www-form-urlencoded")
			got.want(t, test.status, test.message)
			if test.status == 201 && (got.doc["token_type"] != "bearer" || got.doc["expires_in"] != 1799.0) {
				t.Errorf("unexpected token response %s", got.text)
			}
		})
	}
}

func TestTokenLimits(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	c := newTestClient(t, Options{Now: func() time.Time { return now }})
	const invalid = "access denied, invalid bearer token"
	ccid := func() apiResponse { return c.call(http.MethodGet, ccidPath, "") }
	ccid().want(t, 200, "")
	c.call(http.MethodGet, ccidPath, "", "Authorization", "").want(t, 401, invalid)
	c.call(http.MethodGet, ccidPath, "", "Authorization", "Bearer nonsense").want(t, 401, invalid)
	now = now.Add(1799 * time.Second)
	ccid().want(t, 401, invalid)

	c.token = c.login(c.server.ClientID(), c.server.ClientSecret())
	ccid().want(t, 200, "")
	c.server.ExpireTokens()
	ccid().want(t, 401, invalid)

	c.token = c.login(c.server.ClientID(), c.server.ClientSecret())
	c.server.RevokeTokens()
	ccid().want(t, 401, invalid)

	c.token = c.login(c.server.ClientID(), c.server.ClientSecret())
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(c.server.ClientID()+":"+c.server.ClientSecret()))
	c.call(http.MethodPost, revokePath, "token="+c.token, "Authorization", "basic"+basic[5:]).want(t, 200, "")
	ccid().want(t, 401, invalid)
}

func TestScopesAreEnforcedOnEveryRoute(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{Readings: WebhookWrites(), Scopes: []string{}})
	routes := c.server.allRoutes()
	if len(routes) < 25 {
		t.Fatalf("only %d routes", len(routes))
	}
	for _, r := range routes {
		if r.path == tokenPath || r.path == revokePath {
			continue
		}
		t.Run(r.method+" "+r.path, func(t *testing.T) {
			t.Parallel()
			if len(r.scopes) == 0 {
				t.Fatal("no scope is asked for")
			}
			for _, scope := range r.scopes {
				if !slices.Contains(c.server.offeredScopes(), scope) {
					t.Errorf("the tenant does not offer %s", scope)
				}
			}
			c.call(r.method, r.path, "").want(t, 403, "access denied, scope not permitted")
		})
	}
}

func TestCCIDAndUnknownPaths(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{Cloud: "eu-1"})
	got := c.call(http.MethodGet, ccidPath, "")
	ccid := got.resources()[0].(string)
	if ccid != c.server.CCID() || strings.ToLower(ccid[:32]) != c.server.CID() || len(ccid) != 35 {
		t.Errorf("ccid %q of cid %q", ccid, c.server.CID())
	}
	for key, want := range map[string]string{"X-Cs-Region": "eu-1", "X-Ratelimit-Limit": "6000", "Content-Type": "application/json"} {
		if got.header.Get(key) != want {
			t.Errorf("%s: %q, want %q", key, got.header.Get(key), want)
		}
	}
	meta := got.doc["meta"].(map[string]any)
	if meta["trace_id"] != got.header.Get("X-Cs-Traceid") {
		t.Error("trace id of body and header differ")
	}
	for _, path := range []string{"/nowhere", "/plugins/entities/configs/v1", "/workflows/combined/definitions/v2"} {
		c.call(http.MethodPost, path, "{}").want(t, 404, "404: Page Not Found")
	}
}

func TestRedirectAndRateLimit(t *testing.T) {
	t.Parallel()
	moved := &testClient{t: t, server: New(Options{Redirect: "https://home.example/"})}
	for _, target := range []string{tokenPath, ccidPath + "?a=b"} {
		got := moved.call(http.MethodPost, target, "")
		if got.status != 308 || got.header.Get("Location") != "https://home.example"+target || got.header.Get("X-Cs-Region") != "sim-2" || got.text != "" {
			t.Errorf("%s: %d %v %q", target, got.status, got.header, got.text)
		}
	}

	now := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	for letter, want := range map[string]string{"a": "1790812801", "b": "1790812801000", "c": ""} {
		c := newTestClient(t, Options{RateLimit: 2, Readings: Readings{"Q55": letter}, Now: func() time.Time { return now }})
		c.call(http.MethodGet, ccidPath, "").want(t, 200, "")
		got := c.call(http.MethodGet, ccidPath, "")
		got.want(t, 429, "API rate limit exceeded.")
		if got.header.Get("X-RateLimit-RetryAfter") != want {
			t.Errorf("retry after %q, want %q", got.header.Get("X-RateLimit-RetryAfter"), want)
		}
	}
}
