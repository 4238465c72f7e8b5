package falconsim

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"fmt"
	"net/http/httptest"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/identity"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"
)

func TestGraphQLResponseIsAsRecorded(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{Users: 5, Now: func() time.Time { return random.SeededAt }})
	got := c.do(graphqlPath, `{"query":"{entities(types:[USER],first:2){pageInfo{endCursor} nodes{__typename entityId markTime roles{type confirmed} accounts{__typename ... on ActiveDirectoryAccountDescriptor{domain expirationTime}}}}}","variables":null}`)
	for header, want := range map[string][]string{
		"Content-Type":          {"application/json; charset=utf-8"},
		"X-Powered-By":          {"Express"},
		"X-Ratelimit-Remaining": {"5997", "5997"},
	} {
		if shown := got.header.Values(header); !slices.Equal(shown, want) {
			t.Errorf("%s: %q, want %q", header, shown, want)
		}
	}
	body := got.text
	for _, part := range []string{`"__typename":"UserEntity"`, `"markTime":null`, `"expirationTime":null`, `"remainingPoints":499998`, `"consumedPoints":2`, `"reset":10000`} {
		if !strings.Contains(body, part) {
			t.Errorf("%s is not in %s", part, body)
		}
	}
	if strings.Index(body, `"__typename"`) > strings.Index(body, `"entityId"`) {
		t.Error("fields are not in the order of the query")
	}
}

func TestGraphQLScopes(t *testing.T) {
	t.Parallel()
	const assessment = `{"query":"{domains(dataSources:[]) securityAssessmentGoals{name}}"}`
	const entities = `{"query":"{countEntities(types:[USER])}"}`
	for name, test := range map[string]struct {
		scopes               []string
		assessment, entities int
	}{
		"none":            {[]string{"devices:read"}, 403, 403},
		"GraphQL alone":   {[]string{"identity-graphql:write"}, 403, 403},
		"with entities":   {[]string{"identity-graphql:write", "identity-entities:read"}, 403, 200},
		"with assessment": {[]string{"identity-graphql:write", "identity-assessment:read"}, 200, 403},
	} {
		c := newTestClient(t, Options{Scopes: test.scopes})
		if got := c.do(graphqlPath, assessment).status; got != test.assessment {
			t.Errorf("%s: assessment %d, want %d", name, got, test.assessment)
		}
		got := c.do(graphqlPath, entities)
		if got.status != test.entities {
			t.Errorf("%s: entities %d, want %d", name, got.status, test.entities)
		}
		if got.status == 403 && !strings.Contains(got.text, "access denied, scope not permitted") {
			t.Errorf("%s: %s", name, got.text)
		}
	}
}

func TestGraphQLBudgetRefills(t *testing.T) {
	t.Parallel()
	now := random.SeededAt
	c := newTestClient(t, Options{Users: 10, Now: func() time.Time { return now }})
	c.server.SetGraphQLBudget(10)
	c.ask("{entities(first:10){nodes{entityId}}}").want(t, 200, "")
	got := c.ask("{countEntities}")
	got.want(t, 200, "query cost limit exceeded")
	if got.doc["extensions"].(map[string]any)["remainingPoints"] != 0.0 {
		t.Errorf("after the budget was spent: %s", got.text)
	}
	now = now.Add(identity.BudgetRefill)
	c.ask("{countEntities}").want(t, 200, "")
}

func TestGraphQLBodyHasToBeJSON(t *testing.T) {
	t.Parallel()
	newTestClient(t, Options{}).call(http.MethodPost, graphqlPath, "no JSON").want(t, 400, "invalid request body")
}

func TestEndpointsFollowTheirHosts(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	host, overall := c.server.Hosts()[0], 7
	if err := c.server.SetHostScore(host.AgentID, &overall, nil, nil); err != nil {
		t.Fatal(err)
	}
	result := c.ask(fmt.Sprintf(`{entities(agentIds:[%q],first:1){nodes{...on EndpointEntity{ztaScore cid}}}}`, host.AgentID)).text
	want := fmt.Sprintf(`{"nodes":[{"ztaScore":7,"cid":%q}]}`, c.server.CID())
	if !strings.Contains(result, want) {
		t.Errorf("%s, want %s", result, want)
	}
}

func TestUserConsole(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	id, err := s.PutUser(User{PrimaryDisplayName: "Ada", EmailAddresses: []string{"ada@example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, wrong := range map[string]error{
		"score above 1":   s.SetUserScore(id, 1.1),
		"unknown user":    s.SetUserScore("bob@example.com", 0.1),
		"delete unknown":  s.DeleteUser("bob@example.com"),
		"score of domain": s.SetAssessmentScore("nowhere", 0.1),
	} {
		if wrong == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	if _, err := s.PutUser(User{}); err == nil {
		t.Error("a user without a name was accepted")
	}
	if err := s.SetUserScore("ADA@example.com", 0.5); err != nil || s.Users()[0].RiskScore != 0.5 {
		t.Errorf("%v %+v", err, s.Users())
	}
	if _, err := s.PutUser(User{PrimaryDisplayName: "Other Ada", EmailAddresses: []string{"ada@example.com"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteUser("ada@example.com"); err == nil {
		t.Error("two users share the address, and one was deleted")
	}
	if err := s.DeleteUser(id); err != nil || len(s.Users()) != 1 {
		t.Errorf("%v, %d users left", err, len(s.Users()))
	}
}

func TestScoreConsole(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	mux := http.NewServeMux()
	for _, c := range s.consoleOperations() {
		mux.HandleFunc(c.method+" "+c.path, func(w http.ResponseWriter, r *http.Request) {
			result, err := c.handle(r)
			writeConsole(w, result, err)
		})
	}
	for _, call := range []struct {
		method, path, body string
		ok                 bool
	}{
		{"POST", "/users", `{"primary_display_name":"Ada","email_addresses":["ada@example.com"],"risk_score":0.3}`, true},
		{"POST", "/users", `{"name":"Ada"}`, false},
		{"POST", "/users/ada@example.com/score", `{"risk_score":0.7}`, true},
		{"POST", "/users/ada@example.com/score", `{"risk_score":7}`, false},
		{"POST", "/users/ada@example.com/score", `{}`, false},
		{"POST", "/hosts", `{"hostname":"new-host","overall":50}`, true},
		{"POST", "/hosts", `{"overall":50}`, false},
		{"DELETE", "/hosts/new-host", ``, true},
		{"DELETE", "/hosts/new-host", ``, false},
		{"POST", "/domains/CORP.EXAMPLE.COM/score", `{"risk_score":0.1}`, true},
	} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), call.method, call.path, strings.NewReader(call.body)))
		if (w.Code == http.StatusOK) != call.ok {
			t.Errorf("%s %s %s: %d %s", call.method, call.path, call.body, w.Code, w.Body)
		}
	}
	if users := s.Users(); len(users) != 1 || users[0].RiskScore != 0.7 || len(s.Hosts()) != 3 {
		t.Errorf("%+v, %d hosts", users, len(s.Hosts()))
	}
}
