package falconsim

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

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
