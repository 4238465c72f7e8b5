package falcon

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

const onePage = `{"data":{"matched":1,"page":{"pageInfo":{"hasNextPage":false,"endCursor":null},"nodes":[{"entityId":"A1","riskScore":0.70,` +
	`"riskScoreSeverity":"HIGH","emailAddresses":[],"isAdmin":null}]}},"extensions":{"remainingPoints":499998,"reset":1796,"consumedPoints":1}}`

// oneAtATime reads without parts, so that the answers' order is known.
var oneAtATime = UserRead{MaxConcurrency: 1}

func TestGraphQLRidesOutFaults(t *testing.T) {
	t.Parallel()
	cases := map[string][]step{
		"429":                    {{status: 429, header: map[string]string{"Retry-After": "3"}, body: envelopeError(429, "too many")}},
		"500":                    {refuse(500, "internal")},
		"connection closed":      {{drop: true}},
		"answer cut off":         {{status: 200, body: onePage[:50], cut: true}},
		"answer cut in a string": {{status: 200, body: onePage[:100]}},
		"token expired":          {refuse(401, "access denied, invalid bearer token")},
		"points exhausted": {{status: 200,
			body: `{"data":null,"errors":[{"message":"query cost limit exceeded"}],"extensions":{"remainingPoints":0,"reset":7000,"consumedPoints":0}}`}},
	}
	for name, steps := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := newScript(t, map[string][]step{graphqlLine: append(steps, step{status: 200, body: onePage})})
			result, err := c.Users(t.Context(), oneAtATime)
			if err != nil {
				t.Fatal(err)
			}
			u := result.Users[0]
			if u.EntityID != "a1" || u.RiskScore != "0.70" || u.Admin != nil || u.Enabled != nil || len(u.Emails) != 0 {
				t.Errorf("%+v", u)
			}
			if n := s.count(graphqlLine); n != 2 {
				t.Errorf("%d requests, want 2", n)
			}
		})
	}
}

func TestGraphQLErrorsAreErrors(t *testing.T) {
	t.Parallel()
	s, c := newScript(t, map[string][]step{graphqlLine: {{
		status: 200, header: map[string]string{"X-Cs-Traceid": "trace-9"},
		body: `{"data":{"matched":0,"page":{"pageInfo":{"hasNextPage":false},"nodes":[]}},"errors":[{"message":"Unknown filter ` + testToken + `"}]}`,
	}}})
	_, err := c.Users(t.Context(), oneAtATime)
	if err == nil || s.count(graphqlLine) != 1 {
		t.Fatalf("error %v after %d requests", err, s.count(graphqlLine))
	}
	for _, want := range []string{"could not read the users' risk scores", "Unknown filter", "trace-9"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q lacks %q", err, want)
		}
	}
}

// The budget is Falcon's: what the answer says is waited for before the next query, and only then.
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
				domains, err := c.Domains(t.Context(), nil)
				if err != nil || strings.Join(domains, " ") != "A B" {
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
	if _, err := c.Domains(ctx, nil); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := c.Domains(ctx, nil); err == nil || !strings.Contains(err.Error(), "stopped") {
		t.Errorf("error %v", err)
	}
}

// Falcon does not say which of the two scopes is missing; the error does.
func TestGraphQLMissingScope(t *testing.T) {
	t.Parallel()
	denied := func(w http.ResponseWriter) { refusal(w, http.StatusForbidden, "access denied, scope not permitted") }
	for name, tc := range map[string]struct {
		graphql bool // the scope of the API itself is there
		call    func(c *Client) error
		want    string
	}{
		"entities":   {true, func(c *Client) error { _, err := c.Users(t.Context(), UserRead{}); return err }, "identity-entities:read"},
		"assessment": {true, func(c *Client) error { _, err := c.DomainAssessment(t.Context(), "D"); return err }, "identity-assessment:read"},
		"graphql":    {false, func(c *Client) error { _, err := c.UserSummary(t.Context(), UserFilter{}); return err }, "identity-graphql:write"},
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
			err := tc.call(c)
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
	_, err := c.UserSummary(t.Context(), UserFilter{})
	if err == nil || !strings.Contains(err.Error(), "not licensed") || s.count(graphqlLine) != 1 {
		t.Errorf("error %v after %d requests", err, s.count(graphqlLine))
	}
}

func TestDomainAssessment(t *testing.T) {
	t.Parallel()
	const good = `{"data":{"securityAssessment":{"domain":"CORP.EXAMPLE.COM","overallScore":0.42,"overallScoreLevel":"MEDIUM","assessmentFactors":[` +
		`{"riskFactorType":"WEAK_PASSWORD_POLICY","label":"L","description":"D","likelihood":"HIGH","severity":"MEDIUM","scoreLevel":"HIGH",` +
		`"lastUpdateTime":"2026-01-02T03:04:05Z","recommendations":[{"text":"T","link":null}]}]}}}`
	for name, tc := range map[string]struct{ answer, want string }{
		"good":           {good, ""},
		"another domain": {strings.Replace(good, "CORP", "LAB", 1), `about the domain "LAB.EXAMPLE.COM"`},
		"unknown":        {`{"data":null,"errors":[{"message":"domain not found"}]}`, "domain not found"},
		"none":           {`{"data":{"securityAssessment":null}}`, "no assessment"},
		"no score":       {strings.Replace(good, "0.42", "null", 1), "no assessment"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c := newScript(t, map[string][]step{graphqlLine: {{status: 200, body: tc.answer}}})
			a, err := c.DomainAssessment(t.Context(), "corp.example.com")
			if tc.want != "" {
				if err == nil || !strings.Contains(err.Error(), tc.want) {
					t.Errorf("error %v lacks %q", err, tc.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			f := a.Factors[0]
			if a.OverallScore != "0.42" || a.OverallLevel != "MEDIUM" || f.Type != "WEAK_PASSWORD_POLICY" || f.Level != "HIGH" ||
				f.Severity != "MEDIUM" || f.Recommendations[0] != (Recommendation{Text: "T"}) {
				t.Errorf("%+v", a)
			}
		})
	}
}

func TestHostScoreSummary(t *testing.T) {
	t.Parallel()
	const line = "GET /zero-trust-assessment/entities/audit/v1"
	for name, tc := range map[string]struct{ resources, want string }{
		"one": {`[{"cid":"c","average_overall_score":49.59,"num_aids":3,"platforms":[{"name":"Win","average_overall_score":50,` +
			`"num_aids":2,"audit":{"x":1.5,"y":null}}]}]`, ""},
		"no hosts": {`[]`, ""},
		"nothing":  {`null`, "neither a list nor a count"},
		"two":      {`[{"num_aids":1},{"num_aids":1}]`, "2 audits"},
		"no count": {`[{"cid":"c"}]`, "1 audits"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c := newScript(t, map[string][]step{line: {{status: 200, body: envelopeOK(tc.resources)}}})
			got, err := c.HostScoreSummary(t.Context())
			switch {
			case tc.want != "":
				if err == nil || !strings.Contains(err.Error(), tc.want) {
					t.Errorf("error %v lacks %q", err, tc.want)
				}
			case err != nil:
				t.Fatal(err)
			case name == "one":
				p := got.Platforms[0]
				if got.AverageOverall != "49.59" || got.Hosts != 3 || p.Name != "Win" || p.AverageOverall != "50" || p.Hosts != 2 ||
					len(p.Audit) != 1 || p.Audit["x"] != "1.5" {
					t.Errorf("%+v", got)
				}
			case got.Hosts != 0 || got.AverageOverall != "":
				t.Errorf("%+v", got)
			}
		})
	}
}
