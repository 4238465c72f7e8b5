package falconsim

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Q51: after on the last page of assessments by score. Every other page has a token.
func TestReadingsOfLastPage(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]string{"a": `"after":""`, "b": "", "c": `"after":null`} {
		c := newTestClient(t, Options{Readings: Readings{"Q51": letter}})
		first := c.do(scoreListPath+"?limit=2&filter="+url.QueryEscape("score:>=0"), "").text
		if !strings.Contains(first, `"after":"`) || strings.Contains(first, `"after":""`) {
			t.Errorf("Q51=%s: a page before the last is %s", letter, first)
		}
		last := c.do(scoreListPath+"?filter="+url.QueryEscape("score:>=0"), "").text
		if !strings.Contains(last, want) || strings.Contains(last, `"after"`) != (want != "") {
			t.Errorf("Q51=%s: the last page is %s", letter, last)
		}
	}
}

// Q53: the status of a GraphQL request with an error.
func TestReadingsOfGraphQLStatus(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 200, "b": 400} {
		c := newTestClient(t, Options{Readings: Readings{"Q53": letter}})
		for _, query := range []string{"{entities(", "{nothing}", "{entities(first:1001){nodes{entityId}}}"} {
			if got := c.ask(query); got.status != status || got.message() == "" {
				t.Errorf("Q53=%s: %s is %d %s", letter, query, got.status, got.text)
			}
		}
		c.ask("{countEntities}").want(t, 200, "")
	}
}

// Q61: a query beyond the query-cost budget.
func TestReadingsOfQueryBudget(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 200, "b": 429} {
		now := newClock()
		c := newTestClient(t, now.options(Readings{"Q61": letter}))
		c.server.SetGraphQLBudget(1)
		c.ask("{countEntities}").want(t, 200, "")
		got := c.ask("{countEntities}")
		if got.status != status || got.message() == "" || (got.header.Get("X-Ratelimit-Retryafter") != "") != (status == 429) {
			t.Errorf("Q61=%s: %d %s", letter, got.status, got.text)
		}
		now.pass(10_000)
		c.ask("{countEntities}").want(t, 200, "")
	}
}

// Q65: the scopes that a GraphQL query needs.
func TestReadingsOfGraphQLScopes(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 403, "b": 200} {
		c := newTestClient(t, Options{Scopes: []string{"identity-graphql:write"}, Readings: Readings{"Q65": letter}})
		for _, query := range []string{"{countEntities}", "{domains}", "{securityAssessmentGoals{name}}"} {
			if got := c.ask(query).status; got != status {
				t.Errorf("Q65=%s: %s is %d, want %d", letter, query, got, status)
			}
		}
	}
}

// Q66: the total of a large tenant.
func TestReadingsOfScoreTotal(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]int{"a": 10_020, "b": 10_000} {
		c := newTestClient(t, Options{Hosts: 10_020, Readings: Readings{"Q66": letter}})
		if got := c.read(scoreListPath+"?limit=1&filter="+url.QueryEscape("score:>=0"), "").Meta.Pagination.Total; got != want {
			t.Errorf("Q66=%s: total %d, want %d", letter, got, want)
		}
	}
}

// Q68: what a hostname in a filter finds.
func TestReadingsOfHostname(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string][2]int{"a": {1, 1}, "b": {0, 1}} {
		c := newTestClient(t, Options{Readings: Readings{"Q68": letter}})
		if _, err := c.server.PutHost(Host{Hostname: "build-box.corp"}); err != nil {
			t.Fatal(err)
		}
		var got [2]int
		for i, name := range []string{"box", "BUILD-box.corp"} {
			got[i] = len(c.read(hostQueryPath+"?filter="+url.QueryEscape("hostname:'"+name+"'"), "").Resources)
		}
		if got != want {
			t.Errorf("Q68=%s: %v, want %v", letter, got, want)
		}
	}
}

// Q60: invalid numbers in the query.
func TestReadingsOfBadNumbers(t *testing.T) {
	t.Parallel()
	score := "filter=" + url.QueryEscape("score:>=0")
	for letter, status := range map[string]int{"a": 400, "b": 200} {
		c := newTestClient(t, Options{Readings: Readings{"Q60": letter}})
		for _, target := range []string{
			clientQueries + "?limit=-1", clientQueries + "?offset=x", configsPath + "?limit=ten", configsPath + "?offset=-1", configsPath + "?limit=0",
			hostQueryPath + "?limit=-1", scoreListPath + "?limit=1.5&" + score, "/workflows/combined/triggers/v1?limit=x",
		} {
			if got := c.do(target, "").status; got != status {
				t.Errorf("Q60=%s: %s is %d, want %d", letter, target, got, status)
			}
		}
		for _, target := range []string{configsPath + "?limit=501", scoreListPath + "?limit=1001&" + score, hostQueryPath + "?limit=5001"} {
			if got := c.do(target, "").status; got != 400 {
				t.Errorf("Q60=%s: %s is %d: the largest page is documented", letter, target, got)
			}
		}
	}
}

// Q101: unknown ids in a request for the details of hosts.
func TestReadingsOfUnknownHosts(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 404, "b": 200} {
		c := newTestClient(t, Options{Hosts: 1, Readings: Readings{"Q101": letter}})
		known := c.server.Hosts()[0].AgentID
		for _, ids := range []string{known + `","` + strings.Repeat("0", 32), known} {
			wanted := status
			if ids == known {
				wanted = 200
			}
			got := c.do("/devices/entities/devices/v2", `{"ids":["`+ids+`"]}`)
			if got.status != wanted || !strings.Contains(got.text, `"device_id":"`+known) {
				t.Errorf("Q101=%s: %s is %d %s", letter, ids, got.status, got.text)
			}
		}
	}
}

// Q102: the refusal of a GraphQL query whose data needs another scope.
func TestReadingsOfDataScope(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 403, "b": 200} {
		c := newTestClient(t, Options{Readings: Readings{"Q102": letter}, Scopes: []string{"identity-graphql:write"}})
		for query, wanted := range map[string]int{"{countEntities}": status, "{__typename}": 200} {
			got := c.call(http.MethodPost, graphqlPath, `{"query":"`+query+`"}`)
			if refused := strings.Contains(got.text, "scope not permitted"); got.status != wanted || refused != (query == "{countEntities}") {
				t.Errorf("Q102=%s: %s is %d %s", letter, query, got.status, got.text)
			}
		}
	}
}
