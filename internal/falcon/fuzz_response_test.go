package falcon

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"
)

// everyRead has the operations of this package that change nothing, and the writes whose response is decoded.
func everyRead(ctx context.Context, c *Client) map[string]func() error {
	return map[string]func() error{
		"tenant":      func() error { _, err := c.Tenant(ctx); return err },
		"scopes":      func() error { _, err := c.AccessibleScopes(ctx); return err },
		"api client":  func() error { _, err := c.APIClient(ctx, "c1"); return err },
		"reset":       func() error { _, err := c.ResetAPIClientSecret(ctx, "c1"); return err },
		"by name":     func() error { _, err := c.APIClientsByName(ctx, "n"); return err },
		"create":      func() error { _, _, err := c.postAPIClient(ctx, APIClientSpec{Name: "n"}); return err },
		"configs":     func() error { _, err := c.PluginConfigs(ctx); return err },
		"workflows":   func() error { _, err := c.Workflows(ctx); return err },
		"export":      func() error { _, err := c.ExportWorkflow(ctx, "w1"); return err },
		"triggers":    func() error { _, err := c.Triggers(ctx); return err },
		"activities":  func() error { _, err := c.ActivitiesByName(ctx, "n"); return err },
		"execution":   func() error { _, err := c.execution(ctx, "e1"); return err },
		"hosts":       func() error { _, err := c.HostsByName(ctx, "h"); return err },
		"assessments": func() error { _, _, err := c.HostAssessments(ctx, []string{"a", "b"}); return err },
		"scores":      func() error { _, _, err := c.HostScores(ctx, HostScoreRead{}); return err },
		"audit":       func() error { _, err := c.HostScoreSummary(ctx); return err },
		"graphql":     func() error { _, err := domainsOf(ctx, c); return err },
		"token":       func() error { _, err := c.NewAccessToken(ctx, ""); return err },
	}
}

// FuzzResponse checks that no response makes a read panic, never end, or fail with a text that cannot be displayed.
func FuzzResponse(f *testing.F) {
	for _, body := range []string{
		``, `null`, `{}`, `[]`, `{"resources":null}`, `{"resources":[null]}`, `{"resources":[{"id":1}],"errors":[{"code":400}]}`,
		`{"meta":{"pagination":{"total":5,"after":"x","offset":"y"}},"resources":["a"]}`, domainList,
		`{"meta":{"pagination":{"total":-1,"after":1}},"resources":[{"aid":"a","score":1}]}`,
		`{"data":{"domains":["A"],"securityAssessment":{"domain":"D","overallScore":1e9}},"extensions":{"remainingPoints":0,"reset":1}}`,
		`{"access_token":"t","expires_in":"1"}`, "name: n\n", `<html>`, `{"errors":"\u001b[2J\u202e"}`, `{"resources":[[[[[{}]]]]]}`,
	} {
		for _, status := range []int{200, 401, 404, 429, 500} {
			f.Add(status, body, "0")
		}
	}
	f.Add(429, `{}`, "1e400")
	f.Add(200, domainList, "\x1b[2J\xff\u202e")
	f.Fuzz(func(t *testing.T, status int, body, header string) {
		if status < 100 || status > 999 {
			return
		}
		calls := 0
		var mu sync.Mutex
		network := roundTripper(func(req *http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			if calls++; calls > 20_000 {
				panic("it goes on for ever")
			}
			resp := jsonResponse(req, status, body)
			for _, name := range []string{"X-Cs-Traceid", "X-Cs-Region", "X-Ratelimit-Retryafter", "Retry-After", "X-Api-Deprecation", "X-Api-Warning", "Content-Type", "Location"} {
				resp.Header.Set(name, header)
			}
			return resp, nil
		})
		ctx, met := WatchDeprecations(t.Context())
		for name, cfg := range map[string]Config{
			"given": {AccessToken: testToken}, "own": {ClientID: testID, ClientSecret: testSecret},
		} {
			cfg.BaseURL, cfg.HTTPTransport, cfg.clock, cfg.MaxRetries = "https://falcon.example", network, instantClock(time.Minute), 1
			c, err := New(t.Context(), cfg)
			if err != nil {
				t.Fatal(name, err)
			}
			for _, read := range everyRead(ctx, c) {
				mu.Lock()
				calls = 0
				mu.Unlock()
				if err := read(); err != nil {
					plainLine(t, err.Error())
				}
			}
		}
		for _, d := range met() {
			plainLine(t, d.Call+" "+d.Notice)
		}
	})
}
