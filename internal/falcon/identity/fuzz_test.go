package identity

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// FuzzGraphQLArguments holds that a value never becomes part of a query: it is sent unchanged as a variable, and whatever
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
		var requests [][]byte
		c := newTestClient(t, func(body []byte) string {
			requests = append(requests, body)
			return `{"data":{},"extensions":{}}`
		})
		if err := look(t.Context(), c, value); err == nil || len(requests) != 1 {
			t.Fatalf("%d requests, error %v", len(requests), err) // the response contains nothing, which is an error
		}
		var body struct {
			Query     string          `json:"query"`
			Variables json.RawMessage `json:"variables"`
		}
		if err := json.Unmarshal(requests[0], &body); err != nil {
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
			var decoded any
			if err := json.Unmarshal([]byte(variables), &decoded); err != nil || !containsText(decoded, value) {
				t.Errorf("by %s, %q is not complete in %s", name, value, variables)
			}
		}
	})
}

// containsText reports whether a JSON value has the text somewhere, letter case and outer space aside.
func containsText(v any, text string) bool {
	switch v := v.(type) {
	case string:
		return strings.EqualFold(strings.TrimSpace(v), strings.TrimSpace(text))
	case []any:
		for _, item := range v {
			if containsText(item, text) {
				return true
			}
		}
	case map[string]any:
		for _, item := range v {
			if containsText(item, text) {
				return true
			}
		}
	}
	return false
}

// FuzzResponse holds that no response makes a read panic, go on without an end, or fail with a text that is not one
// plain line.
func FuzzResponse(f *testing.F) {
	for _, body := range []string{
		``, `null`, `{}`, `[]`, `{"data":[]}`, `{"errors":"\u001b[2J\u202e"}`,
		`{"data":{"domains":["A"],"securityAssessment":{"domain":"D","overallScore":1e9}},"extensions":{"remainingPoints":9,"reset":1}}`,
		`{"data":{"count0":9000,"page":{"pageInfo":{"hasNextPage":true,"endCursor":"c"},"nodes":[{"entityId":"a","riskScore":0.1}]},"count1":9000}}`,
		`{"data":{"count0":1,"page":{"pageInfo":{"hasNextPage":false},"nodes":[{"entityId":"\u001b[2J\r\u202e","riskScore":57}]}}}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		requests := 0
		c := newTestClient(t, func([]byte) string {
			if requests++; requests > 20_000 {
				panic("it goes on without an end")
			}
			return body
		})
		for name, read := range map[string]func() error{
			"users":      func() error { _, err := c.Users(t.Context(), UserRead{MaxConcurrency: 1, Summary: true}); return err },
			"domains":    func() error { _, err := c.Domains(t.Context(), nil); return err },
			"assessment": func() error { _, err := c.DomainAssessment(t.Context(), "D"); return err },
		} {
			err := read()
			if err == nil {
				continue
			}
			text := err.Error()
			if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
				t.Errorf("%s: the error is not plain text: %q", name, text)
			}
		}
	})
}
