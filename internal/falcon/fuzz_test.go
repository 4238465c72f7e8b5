package falcon

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// capture answers every call with the same text and keeps the bodies of those for GraphQL.
type capture struct {
	answer string
	bodies [][]byte
}

func (c *capture) RoundTrip(req *http.Request) (*http.Response, error) {
	text := `{"access_token":"t","expires_in":1799}`
	if strings.Contains(req.URL.Path, "graphql") {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		c.bodies, text = append(c.bodies, body), c.answer
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(text)), Request: req,
	}, nil
}

// FuzzGraphQLArguments holds that a value never becomes part of a query: it travels as a variable, whole, and whatever
// it is the query's text is the same.
func FuzzGraphQLArguments(f *testing.F) {
	for _, s := range []string{"zoe", `"`, `\`, `") { entityId } }`, "it's", "line\nbreak", "世界", "$name", "\x00", "a@b", " "} {
		f.Add(s)
	}
	lookUps := map[string]func(context.Context, *Client, string) error{
		"entity id": func(ctx context.Context, c *Client, s string) error { _, err := c.UsersByEntityID(ctx, s); return err },
		"email":     func(ctx context.Context, c *Client, s string) error { _, err := c.UsersByEmail(ctx, s); return err },
		"SAM name": func(ctx context.Context, c *Client, s string) error {
			_, err := c.UsersBySAMAccountName(ctx, s, "")
			return err
		},
	}
	sent := func(t *testing.T, look func(context.Context, *Client, string) error, value string) (query, variables string) {
		wire := &capture{answer: `{"data":{},"extensions":{}}`}
		c, err := New(t.Context(), Config{ClientID: "i", ClientSecret: "s", BaseURL: "https://falcon.example", HTTPTransport: wire})
		if err != nil {
			t.Fatal(err)
		}
		// The answer holds nothing, which is an error; what was asked counts.
		if err := look(t.Context(), c, value); len(wire.bodies) == 0 {
			t.Skipf("refused before it was sent: %v", err)
		}
		var body struct {
			Query     string          `json:"query"`
			Variables json.RawMessage `json:"variables"`
		}
		if err := json.Unmarshal(wire.bodies[0], &body); err != nil {
			t.Fatal(err)
		}
		return body.Query, string(body.Variables)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if value == "" || !utf8.ValidString(value) { // Terraform has no other strings
			return
		}
		for name, look := range lookUps {
			plain, _ := sent(t, look, "plain")
			query, variables := sent(t, look, value)
			if query != plain {
				t.Errorf("by %s, %q changes the query to %s", name, value, query)
			}
			var held any
			if err := json.Unmarshal([]byte(variables), &held); err != nil || !holdsText(held, value) {
				t.Errorf("by %s, %q is not whole in %s", name, value, variables)
			}
		}
	})
}

// holdsText says whether a JSON value has the text somewhere, letter case and outer space aside.
func holdsText(v any, text string) bool {
	switch v := v.(type) {
	case string:
		return strings.EqualFold(strings.TrimSpace(v), strings.TrimSpace(text))
	case []any:
		for _, item := range v {
			if holdsText(item, text) {
				return true
			}
		}
	case map[string]any:
		for _, item := range v {
			if holdsText(item, text) {
				return true
			}
		}
	}
	return false
}

// FuzzNamedWait holds that no header makes a call wait for long, or not at all and again and again.
func FuzzNamedWait(f *testing.F) {
	for _, s := range []string{"", "0", "-1", "1782907201", "1782907201000", "1e300", "NaN", "Inf", "1782907202, 9", "Wed, 01 Jul 2026 12:00:09 GMT", "99999999999999999999"} {
		f.Add(s, s, s)
	}
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, limit, after, date string) {
		h := http.Header{"X-Ratelimit-Retryafter": {limit}, "Retry-After": {after}, "Date": {date}}
		d, ok := namedWait(h, now)
		if ok && (d < namedMin || d > maxNamedWait) || !ok && d != 0 {
			t.Errorf("%s, %t", d, ok)
		}
	})
}
