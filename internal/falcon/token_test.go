package falcon

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestTokenIsTakenOnce(t *testing.T) {
	t.Parallel()
	s, c := newScript(t, map[string][]step{"GET /plugins/combined/configs/v1": {{status: 200, body: envelopeOK(`null`)}}},
		func(cfg *Config) { cfg.MemberCID = "ABCDEF0123456789ABCDEF0123456789-1F" })
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if _, err := c.PluginConfigs(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := s.count(tokenLine); n != 1 {
		t.Errorf("%d token calls, want 1", n)
	}
	form, err := url.ParseQuery(s.forms[0])
	if err != nil || form.Get("client_id") != testID || form.Get("client_secret") != testSecret ||
		form.Get("member_cid") != "abcdef0123456789abcdef0123456789" || s.auth[0] != "" {
		t.Errorf("the first call sent the form %v with Authorization %q", form, s.auth[0])
	}
	if last := s.auth[len(s.auth)-1]; last != "Bearer "+testToken {
		t.Errorf("Authorization is %q", last)
	}
}

func TestTokenEndsInTheMiddle(t *testing.T) {
	t.Parallel()
	token := func(value string) step {
		return step{status: 201, body: fmt.Sprintf(`{"access_token":%q,"expires_in":1799}`, value)}
	}
	bad := refuse(401, "access denied, invalid bearer token")
	ok := step{status: 200, body: envelopeOK(`["AB-12"]`)}
	for _, tc := range []struct {
		name   string
		steps  []step
		tokens int
		calls  int
		fails  string
	}{
		{"replaced once", []step{bad, ok}, 2, 2, ""},
		{"replaced once only", []step{bad, bad, ok}, 2, 2, "rejected the access token and its replacement"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, c := newScript(t, map[string][]step{tokenLine: {token("one"), token("two"), token("three")}, ccidLine: tc.steps})
			_, err := c.Tenant(t.Context())
			if (err == nil) != (tc.fails == "") || err != nil && !strings.Contains(err.Error(), tc.fails) {
				t.Errorf("got %v", err)
			}
			if s.count(tokenLine) != tc.tokens || s.count(ccidLine) != tc.calls {
				t.Errorf("%d tokens, %d calls", s.count(tokenLine), s.count(ccidLine))
			}
			if last := s.auth[len(s.auth)-1]; last != "Bearer two" {
				t.Errorf("the last call had %q", last)
			}
		})
	}
}

// TestLate401KeepsTheNewToken checks that of many requests with an expired token only the first replaces it.
func TestLate401KeepsTheNewToken(t *testing.T) {
	t.Parallel()
	source := &tokenSource{now: time.Now, fetch: func(context.Context) (accessToken, error) {
		return accessToken{value: "two", lifetime: time.Hour}, nil
	}}
	one := source.keep(accessToken{value: "one", lifetime: time.Hour}, time.Now())
	source.forget(one)
	if got, err := source.get(t.Context()); err != nil || got.value != "two" {
		t.Fatalf("%v %v", got, err)
	}
	source.forget(one)
	if got := source.current(); got == nil || got.value != "two" {
		t.Errorf("the new token is lost: %v", got)
	}
}

func TestTokenIsRenewedBeforeItEnds(t *testing.T) {
	t.Parallel()
	s, c := newScript(t, map[string][]step{"GET /plugins/combined/configs/v1": {{status: 200, body: envelopeOK(`[]`)}}})
	for _, pass := range []time.Duration{0, 1700 * time.Second, 60 * time.Second} {
		s.mu.Lock()
		s.now = s.now.Add(pass)
		s.mu.Unlock()
		if _, err := c.PluginConfigs(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.count(tokenLine); n != 2 {
		t.Errorf("%d tokens, want 2", n)
	}
}

func TestTokenErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		step   step
		member string
		calls  int
		want   []string
	}{
		{"unknown id", refuse(400, "Failed to generate access token for clientID="+testID+"."), "", 1, []string{"Falcon returned 400", "does not know the client_id"}},
		{"wrong secret", refuse(403, "Failed to issue access token - Not Authorized"), "", 1, []string{"rejected the client_secret"}},
		{"wrong child", refuse(403, "Failed to issue access token - Not Authorized"), "abc", 1, []string{"member_cid"}},
		{"address", refuse(403, "access denied, authorization failed"), "", 1, []string{"allow list"}},
		{"wrong cloud", step{status: 308, header: map[string]string{"X-Cs-Region": "eu-1", "Location": "https://x/"}}, "", 1, []string{`set cloud = "eu-1"`}},
		{"proxy", step{status: 407, header: map[string]string{"Content-Type": "text/html"}, body: "<html>"}, "", 1, []string{"web page (HTML)", "proxy"}},
		{"nothing in it", step{status: 201, body: `{}`}, "", 1, []string{"contains no usable access token"}},
		{"echo", refuse(400, "bad "+testSecret+" and "+url.QueryEscape(testSecret)), "", 1, []string{"bad (redacted)"}},
		{"down", refuse(500, "oops"), "", 4, []string{"Falcon returned 500"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, c := newScript(t, map[string][]step{tokenLine: {tc.step}}, func(cfg *Config) { cfg.MemberCID = tc.member })
			err := c.Authenticate(t.Context())
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in %q", want, err)
				}
			}
			if n := s.count(tokenLine); n != tc.calls {
				t.Errorf("%d calls, want %d", n, tc.calls)
			}
			// A create that never got a token was not sent, whatever the result of the token request.
			_, _, err = c.postAPIClient(t.Context(), APIClientSpec{Name: "n"})
			if err == nil || Ambiguous(err) || IsForbidden(err) || s.count(postLine) != 0 {
				t.Errorf("the create: %v", err)
			}
			noSecrets(t, append(s.logs, err.Error())...)
		})
	}
}

func TestFlight(t *testing.T) {
	t.Parallel()
	t.Run("one caller's end does not hurt another", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var f sharedFetch[int]
			release := make(chan struct{})
			fetches := 0
			fetch := func(ctx context.Context) (int, error) {
				fetches++
				select {
				case <-release:
					return 7, nil
				case <-ctx.Done():
					return 0, ctx.Err()
				}
			}
			first, cancel := context.WithCancel(t.Context())
			var firstErr, secondErr error
			var got int
			go func() { _, firstErr = f.do(first, fetch) }()
			synctest.Wait()
			go func() { got, secondErr = f.do(t.Context(), fetch) }()
			synctest.Wait()
			cancel()
			synctest.Wait()
			close(release)
			synctest.Wait()
			if !errors.Is(firstErr, context.Canceled) || secondErr != nil || got != 7 || fetches != 1 {
				t.Errorf("first %v, second %d %v, %d fetches", firstErr, got, secondErr, fetches)
			}
		})
	})
	t.Run("the last caller's end ends the fetch", func(t *testing.T) {
		t.Parallel()
		var f sharedFetch[int]
		ended := make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		_, err := f.do(ctx, func(ctx context.Context) (int, error) {
			cancel()
			<-ctx.Done()
			close(ended)
			return 0, ctx.Err()
		})
		<-ended
		if err == nil {
			t.Error("no error")
		}
	})
}

func TestJoinedKeepsSuccessOnly(t *testing.T) {
	t.Parallel()
	var j fetchedOnce[int]
	fetches := 0
	fetch := func(context.Context) (int, error) {
		fetches++
		if fetches == 1 {
			return 0, errors.New("not this time")
		}
		return fetches, nil
	}
	if _, err := j.get(t.Context(), fetch); err == nil {
		t.Error("the failure was kept as a value")
	}
	for range 3 {
		if v, err := j.get(t.Context(), fetch); v != 2 || err != nil {
			t.Errorf("got %d, %v", v, err)
		}
	}
}

func TestDiscover(t *testing.T) {
	t.Parallel()
	token := func(region string) step {
		h := map[string]string{}
		if region != "" {
			h["X-Cs-Region"] = region
		}
		return step{status: 201, header: h, body: `{"access_token":"` + testToken + `","expires_in":1799}`}
	}
	for _, tc := range []struct {
		name                     string
		first                    step
		cloud                    string
		atFirst, tokens, revokes int // tokens and revokes at home
		fails                    string
	}{
		{"at home", token("us-1"), "us-1", 1, 0, 0, ""},
		{"region not said", token(""), "us-1", 1, 0, 0, ""},
		{"elsewhere", token("us-2"), "us-2", 1, 1, 1, ""},
		{"308", step{status: 308, header: map[string]string{"X-Cs-Region": "us-2", "Location": "https://evil.example/"}}, "us-2", 1, 1, 0, ""},
		{"unknown region", token("mars-1"), "", 1, 0, 0, `"mars-1"`},
		{"wrong id", refuse(400, "Failed to generate access token"), "", 1, 0, 0, "government"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			home, homeClient := newScript(t, map[string][]step{
				"POST /oauth2/revoke": {{status: 200, body: envelopeOK(`[]`)}},
			})
			var cfg Config
			us1, us1Client := newScript(t, map[string][]step{tokenLine: {tc.first}}, func(c *Config) { cfg = *c })
			cfg.BaseURL = ""
			cfg.cloudURLs = map[string]string{"us-1": us1Client.BaseURL(), "us-2": homeClient.BaseURL()}
			c, err := New(t.Context(), cfg)
			if tc.fails != "" {
				if err == nil || !strings.Contains(err.Error(), tc.fails) {
					t.Fatalf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if c.Cloud() != tc.cloud {
				t.Errorf("cloud %q", c.Cloud())
			}
			if err := c.Authenticate(t.Context()); err != nil {
				t.Fatal(err)
			}
			if us1.count(tokenLine) != tc.atFirst || home.count(tokenLine) != tc.tokens || home.count("POST /oauth2/revoke") != tc.revokes {
				t.Errorf("us-1 %v, home %v", us1.lines, home.lines)
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	good := Config{ClientID: "a", ClientSecret: testSecret, Cloud: "us-2"}
	for name, tc := range map[string]struct {
		change func(*Config)
		want   string
	}{
		"misspelt cloud":     {func(c *Config) { c.Cloud = "us2" }, "us-1, us-2"},
		"no secret":          {func(c *Config) { c.ClientSecret = "" }, "client secret is missing"},
		"no id":              {func(c *Config) { c.ClientID = "" }, "client id is missing"},
		"both":               {func(c *Config) { c.AccessToken = "x" }, "not both"},
		"token needs cloud":  {func(c *Config) { *c = Config{AccessToken: "x"} }, "explicit cloud"},
		"token with newline": {func(c *Config) { *c = Config{AccessToken: "x\n", Cloud: "us-1"} }, "line break"},
		"retries":            {func(c *Config) { c.MaxRetries = -1 }, "0 or more"},
		"writes":             {func(c *Config) { c.WebhookWrites = "maybe" }, `"try"`},
		"http base":          {func(c *Config) { c.Cloud, c.BaseURL = "", "http://api.example.com" }, "must be https"},
		"base with path":     {func(c *Config) { c.Cloud, c.BaseURL = "", "https://api.example.com/v1" }, "without a path"},
		"base with user":     {func(c *Config) { c.Cloud, c.BaseURL = "", "https://u:p@api.example.com" }, "user"},
		"base no URL":        {func(c *Config) { c.Cloud, c.BaseURL = "", "api.example.com" }, "complete URL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := good
			tc.change(&cfg)
			_, err := New(t.Context(), cfg)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
			noSecrets(t, fmt.Sprint(err), fmt.Sprintf("%v %+v %#v", cfg, cfg, cfg))
		})
	}
	c, err := New(t.Context(), good)
	if err != nil || c.Cloud() != "us-2" || c.BaseURL() != "https://api.us-2.crowdstrike.com" {
		t.Errorf("%v %v", c, err)
	}
	noSecrets(t, fmt.Sprintf("%v %+v %#v", c, c, c))
	for _, base := range []string{"http://127.0.0.1:80", "http://[::1]:1", "http://localhost", "https://api.example.com/"} {
		if err := ValidateBaseURL(base); err != nil {
			t.Errorf("%s: %v", base, err)
		}
	}
}
