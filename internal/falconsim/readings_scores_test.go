package falconsim

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

// Q51: after on the last page of assessments by score. Every other page has a token.
func TestReadingsOfLastPage(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]string{"a": `"after":""`, "b": "", "c": `"after":null`} {
		c := newScoreClient(t, Options{Readings: Readings{"Q51": letter}})
		first := c.do(scoreListPath+"?limit=2&filter="+url.QueryEscape("score:>=0"), "").Body.String()
		if !strings.Contains(first, `"after":"`) || strings.Contains(first, `"after":""`) {
			t.Errorf("Q51=%s: a page before the last is %s", letter, first)
		}
		last := c.do(scoreListPath+"?filter="+url.QueryEscape("score:>=0"), "").Body.String()
		if !strings.Contains(last, want) || strings.Contains(last, `"after"`) != (want != "") {
			t.Errorf("Q51=%s: the last page is %s", letter, last)
		}
	}
}

// Q52: what a range of risk scores includes.
func TestReadingsOfScoreBounds(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]map[string]int{
		// The scores are 0.3, 0.304, 0.5, 0.504 and 0.496.
		"a": {"0.3,0.5": 3, "0.5,0.6": 2, "0.2,0.3": 0},
		"b": {"0.3,0.5": 4, "0.5,0.6": 2, "0.2,0.3": 1},
		"c": {"0.3,0.5": 5, "0.5,0.6": 3, "0.2,0.3": 2},
	} {
		c := newScoreClient(t, Options{Readings: Readings{"Q52": letter}})
		for name, score := range map[string]float64{"a": 0.3, "b": 0.304, "c": 0.5, "d": 0.504, "e": 0.496} {
			if _, err := c.server.PutUser(User{PrimaryDisplayName: name, RiskScore: score}); err != nil {
				t.Fatal(err)
			}
		}
		for bounds, count := range want {
			lower, upper, _ := strings.Cut(bounds, ",")
			if got := c.count("types:[USER],all:[{riskScoreLowerBound:" + lower + ",riskScoreUpperBound:" + upper + "}]"); got != count {
				t.Errorf("Q52=%s: %d users in [%s], want %d", letter, got, bounds, count)
			}
		}
	}
}

// Q53: the status of a GraphQL request with an error.
func TestReadingsOfGraphQLStatus(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 200, "b": 400} {
		c := newScoreClient(t, Options{Readings: Readings{"Q53": letter}})
		for _, query := range []string{"{entities(", "{nothing}", "{entities(first:1001){nodes{entityId}}}"} {
			w := c.do(graphqlPath, string(marshal(map[string]string{"query": query})))
			var result graphqlResult
			if err := json.Unmarshal(w.Body.Bytes(), &result); err != nil || w.Code != status || len(result.Errors) == 0 {
				t.Errorf("Q53=%s: %s is %d %s, %v", letter, query, w.Code, w.Body, err)
			}
		}
		if c.count("types:[USER]") != 0 {
			t.Error("a good query fails")
		}
	}
}

// Q61: a query beyond the query-cost budget.
func TestReadingsOfQueryBudget(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 200, "b": 429} {
		now := newClock()
		c := newScoreClient(t, now.options(Readings{"Q61": letter}))
		c.server.SetGraphQLBudget(1)
		c.count("types:[USER]")
		w := c.do(graphqlPath, `{"query": "{countEntities}"}`)
		if w.Code != status || !strings.Contains(w.Body.String(), `"errors":[{`) || (w.Header().Get("X-Ratelimit-Retryafter") != "") != (status == 429) {
			t.Errorf("Q61=%s: %d %s", letter, w.Code, w.Body)
		}
		now.pass(10_000)
		c.count("types:[USER]")
	}
}

// Q63 and Q64: filters that are left empty.
func TestReadingsOfEmptyFilters(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]int{"a": 20, "b": 0} {
		c := newScoreClient(t, Options{Users: 20, Readings: Readings{"Q63": letter}})
		for _, filter := range []string{"domains:[]", "emailAddresses:[]", "all:[{domains:[]}]"} {
			if got := c.count("types:[USER]," + filter); got != want {
				t.Errorf("Q63=%s: %s matches %d, want %d", letter, filter, got, want)
			}
		}
		if got := c.count("types:[USER],domains:null,all:[]"); got != 20 {
			t.Errorf("Q63=%s: null matches %d", letter, got)
		}
	}
	domains := func(c *scoreClient, arguments string) string {
		return string(c.graphql("{domains"+arguments+"}", nil).Data["domains"])
	}
	all, directory := newScoreClient(t, Options{}), newScoreClient(t, Options{Readings: Readings{"Q64": "b"}})
	for _, arguments := range []string{"", "(dataSources:[])", "(dataSources:null)"} {
		if domains(all, arguments) != domains(all, "(dataSources:[ACTIVE_DIRECTORY,AZURE,OKTA])") {
			t.Errorf("Q64=a: domains%s are %s", arguments, domains(all, arguments))
		}
		if got := domains(directory, arguments); got != domains(all, "(dataSources:[ACTIVE_DIRECTORY])") || got == domains(all, "") {
			t.Errorf("Q64=b: domains%s are %s", arguments, got)
		}
	}
}

// Q65: the scopes that a GraphQL query needs.
func TestReadingsOfGraphQLScopes(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 403, "b": 200} {
		c := newScoreClient(t, Options{Scopes: []string{"identity-graphql:write"}, Readings: Readings{"Q65": letter}})
		for _, query := range []string{"{countEntities}", "{domains}", "{securityAssessmentGoals{name}}"} {
			if got := c.do(graphqlPath, string(marshal(map[string]string{"query": query}))).Code; got != status {
				t.Errorf("Q65=%s: %s is %d, want %d", letter, query, got, status)
			}
		}
	}
}

// Q66: the total of a large tenant.
func TestReadingsOfScoreTotal(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]int{"a": 10_020, "b": 10_000} {
		c := newScoreClient(t, Options{Hosts: 10_020, Readings: Readings{"Q66": letter}})
		if got := c.read(scoreListPath+"?limit=1&filter="+url.QueryEscape("score:>=0"), "").Meta.Pagination.Total; got != want {
			t.Errorf("Q66=%s: total %d, want %d", letter, got, want)
		}
	}
}

// Q67: an assessment of nothing in particular.
func TestReadingsOfBareAssessment(t *testing.T) {
	t.Parallel()
	for letter, fails := range map[string]bool{"a": false, "b": true} {
		c := newScoreClient(t, Options{Readings: Readings{"Q67": letter}})
		result := c.graphql("{securityAssessment{overallScore}}", nil)
		if (len(result.Errors) > 0) != fails || (string(result.Data["securityAssessment"]) != "") == fails {
			t.Errorf("Q67=%s: %+v", letter, result)
		}
	}
}

// Q68: what a hostname in a filter finds.
func TestReadingsOfHostname(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string][2]int{"a": {1, 1}, "b": {0, 1}} {
		c := newScoreClient(t, Options{Readings: Readings{"Q68": letter}})
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

// Q60: numbers of the query that are none.
func TestReadingsOfBadNumbers(t *testing.T) {
	t.Parallel()
	score := "filter=" + url.QueryEscape("score:>=0")
	for letter, status := range map[string]int{"a": 400, "b": 200} {
		c := newScoreClient(t, Options{Readings: Readings{"Q60": letter}})
		for _, target := range []string{
			clientQueries + "?limit=-1", clientQueries + "?offset=x", configsPath + "?limit=ten", configsPath + "?offset=-1", configsPath + "?limit=0",
			hostQueryPath + "?limit=-1", scoreListPath + "?limit=1.5&" + score, "/workflows/combined/triggers/v1?limit=x",
		} {
			if got := c.do(target, "").Code; got != status {
				t.Errorf("Q60=%s: %s is %d, want %d", letter, target, got, status)
			}
		}
		for _, target := range []string{configsPath + "?limit=501", scoreListPath + "?limit=1001&" + score, hostQueryPath + "?limit=5001"} {
			if got := c.do(target, "").Code; got != 400 {
				t.Errorf("Q60=%s: %s is %d: the largest page is documented", letter, target, got)
			}
		}
	}
}
