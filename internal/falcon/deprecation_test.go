package falcon

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// Each operation that Falcon marks as deprecated is reported once, by the operation that found it or by a later one.
func TestDeprecations(t *testing.T) {
	t.Parallel()
	c := clientOn(t, func(req *http.Request) (*http.Response, error) {
		resp := jsonResponse(req, 200, envelopeOK(`[]`))
		if strings.Contains(req.URL.Path, "scopes") {
			resp = jsonResponse(req, 200, envelopeOK(`[{"id":"devices:read"}]`))
		}
		if strings.Contains(req.URL.Path, "configs") {
			resp.Header.Set("x-api-deprecation", "true")
			resp.Header.Set("X-Api-Deprecation-Date", "2027-01-01\x1b[2J")
			resp.Header.Set("X-Api-Deprecation-Hint", "use v2 "+testToken)
			resp.Header.Set("X-Api-Other", "no")
		}
		return resp, nil
	})
	ctx, _ := WatchDeprecations(t.Context()) // its operation ends without a look
	for range 2 {
		if _, err := c.PluginConfigs(ctx); err != nil {
			t.Fatal(err)
		}
	}
	_, idle := WatchDeprecations(t.Context())
	if got := idle(); got != nil {
		t.Errorf("an operation without calls shows %v", got)
	}
	ctx, met := WatchDeprecations(t.Context())
	if _, err := c.AccessibleScopes(ctx); err != nil {
		t.Fatal(err)
	}
	got := met()
	want := []Deprecation{{
		Call:   "GET /plugins/combined/configs/v1",
		Notice: `X-Api-Deprecation: true; X-Api-Deprecation-Date: 2027-01-01\x1b[2J; X-Api-Deprecation-Hint: use v2 (redacted)`,
	}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := c.PluginConfigs(ctx); err != nil || met() != nil {
		t.Errorf("it is reported again, or %v", err)
	}
}
