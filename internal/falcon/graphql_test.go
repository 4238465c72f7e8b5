package falcon

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

const graphqlLine = "POST /identity-protection/combined/graphql/v1"

// domainList is a response to domainsOf.
const domainList = `{"data":{"domains":["CORP"]},"extensions":{"remainingPoints":499998,"reset":1796,"consumedPoints":1}}`

// domainsOf runs a query.
func domainsOf(ctx context.Context, c *Client) ([]string, error) {
	var data struct {
		Domains []string `json:"domains"`
	}
	err := c.GraphQL(ctx, GraphQLQuery{
		Doing: "list the domains", Scope: "identity-entities:read",
		Text: "query($sources: [DataSource!]) { domains(dataSources: $sources) }", Variables: map[string]any{"sources": []string{"AZURE"}},
	}, &data)
	return data.Domains, err
}

func TestGraphQLRetriesFaults(t *testing.T) {
	t.Parallel()
	cases := map[string][]step{
		"429":                      {{status: 429, header: map[string]string{"Retry-After": "3"}, body: envelopeError(429, "too many")}},
		"500":                      {refuse(500, "internal")},
		"connection closed":        {{drop: true}},
		"response cut off":         {{status: 200, body: domainList[:20], cut: true}},
		"response cut in a string": {{status: 200, body: domainList[:24]}},
		"token expired":            {refuse(401, "access denied, invalid bearer token")},
		"points exhausted": {{status: 200,
			body: `{"data":null,"errors":[{"message":"query cost limit exceeded"}],"extensions":{"remainingPoints":0,"reset":7000,"consumedPoints":0}}`}},
	}
	for name, steps := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := newScript(t, map[string][]step{graphqlLine: append(steps, step{status: 200, body: domainList})})
			domains, err := domainsOf(t.Context(), c)
			if err != nil || !slices.Equal(domains, []string{"CORP"}) {
				t.Errorf("%v, error %v", domains, err)
			}
			if n := s.count(graphqlLine); n != 2 {
				t.Errorf("%d requests, want 2", n)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			last := s.forms[len(s.forms)-1]
			for _, want := range []string{`"variables":{"sources":["AZURE"]}`, `"query":"query($sources`} {
				if !strings.Contains(last, want) {
					t.Errorf("the request body %s lacks %s", last, want)
				}
			}
		})
	}
	for name, tc := range map[string]struct{ body, want string }{
		"nothing":       {" ", "is empty"},
		"no data":       {`{"data":null}`, "contains no data"},
		"another shape": {`{"data":[]}`, "could not be decoded"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c := newScript(t, map[string][]step{graphqlLine: {{status: 200, body: tc.body}}})
			if _, err := domainsOf(t.Context(), c); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v lacks %q", err, tc.want)
			}
		})
	}
}

func TestGraphQLErrorsAreErrors(t *testing.T) {
	t.Parallel()
	s, c := newScript(t, map[string][]step{graphqlLine: {{
		status: 200, header: map[string]string{"X-Cs-Traceid": "trace-9"},
		body: `{"data":{"domains":[]},"errors":[{"message":"Unknown filter ` + testToken + `"}]}`,
	}}})
	_, err := domainsOf(t.Context(), c)
	if err == nil || s.count(graphqlLine) != 1 {
		t.Fatalf("error %v after %d requests", err, s.count(graphqlLine))
	}
	for _, want := range []string{"the request to list the domains", "Unknown filter", "trace-9"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q lacks %q", err, want)
		}
	}
}

// The budget is Falcon's: the next query waits for the time in the response, and only then.
func TestGraphQLBudget(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		extensions string
		least      time.Duration
	}{
		"plenty":             {`{"remainingPoints":499000,"reset":7000,"consumedPoints":1000}`, 0},
		"none":               {`{"remainingPoints":0,"reset":7000,"consumedPoints":1000}`, 7 * time.Second},
		"too few for a page": {`{"remainingPoints":900,"reset":6000,"consumedPoints":1000}`, 6 * time.Second},
		"no time given":      {`{"remainingPoints":0,"consumedPoints":1}`, pointsRefill},
		"an absurd time":     {`{"remainingPoints":0,"reset":1e15,"consumedPoints":1}`, pointsRefill},
		"nothing said":       {`{}`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := newScript(t, map[string][]step{graphqlLine: {{status: 200, body: `{"data":{"domains":["B","A","B"]},"extensions":` + tc.extensions + `}`}}})
			for range 2 {
				domains, err := domainsOf(t.Context(), c)
				if err != nil || strings.Join(domains, " ") != "B A B" {
					t.Fatal(domains, err)
				}
			}
			var waited time.Duration
			for _, d := range s.waits() {
				waited += d
			}
			if waited < tc.least || waited > tc.least+time.Second {
				t.Errorf("waited %v, want %v", waited, tc.least)
			}
		})
	}
}

func TestGraphQLBudgetWaitEndsWithTheContext(t *testing.T) {
	t.Parallel()
	_, c := newScript(t, map[string][]step{graphqlLine: {{status: 200, body: `{"data":{"domains":[]},"extensions":{"remainingPoints":0,"reset":7000}}`}}})
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := domainsOf(ctx, c); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := domainsOf(ctx, c); err == nil || !strings.Contains(err.Error(), "stopped") {
		t.Errorf("error %v", err)
	}
}

// Falcon does not say which of the two scopes is missing; the error does.
func TestGraphQLMissingScope(t *testing.T) {
	t.Parallel()
	denied := func(w http.ResponseWriter) { refusal(w, http.StatusForbidden, "access denied, scope not permitted") }
	for name, tc := range map[string]struct {
		graphql bool // the scope of the API itself is granted
		want    string
	}{
		"data":    {true, "identity-entities:read"},
		"graphql": {false, "identity-graphql:write"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, map[string]func(http.ResponseWriter, request){graphqlLine: func(w http.ResponseWriter, r request) {
				if tc.graphql && strings.Contains(r.body, "__typename") {
					reply(w, http.StatusOK, `{"data":{"__typename":"Query"}}`)
					return
				}
				denied(w)
			}})
			_, err := domainsOf(t.Context(), c)
			if !IsScopeMissing(err) || !strings.Contains(err.Error(), "lacks the scope "+tc.want) {
				t.Errorf("error %v", err)
			}
			if n := len(f.calls(graphqlLine)); n != 2 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

func TestNoLicenceIsExplained(t *testing.T) {
	t.Parallel()
	s, c := newScript(t, map[string][]step{graphqlLine: {refuse(403, "access denied, authorization failed")}})
	_, err := domainsOf(t.Context(), c)
	if err == nil || !strings.Contains(err.Error(), "not licensed") || s.count(graphqlLine) != 1 {
		t.Errorf("error %v after %d requests", err, s.count(graphqlLine))
	}
}
