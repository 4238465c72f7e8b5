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
