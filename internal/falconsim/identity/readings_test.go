package identity

import (
	"strings"
	"testing"
)

// Q52: what a range of risk scores includes.
func TestReadingsOfScoreBounds(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]map[string]int{
		// The scores are 0.3, 0.304, 0.5, 0.504 and 0.496.
		"a": {"0.3,0.5": 3, "0.5,0.6": 2, "0.2,0.3": 0},
		"b": {"0.3,0.5": 4, "0.5,0.6": 2, "0.2,0.3": 1},
		"c": {"0.3,0.5": 5, "0.5,0.6": 3, "0.2,0.3": 2},
	} {
		c := newTester(t, tenantOptions{readings: map[string]string{"Q52": letter}})
		for name, score := range map[string]float64{"a": 0.3, "b": 0.304, "c": 0.5, "d": 0.504, "e": 0.496} {
			if _, err := c.putUser(User{PrimaryDisplayName: name, RiskScore: score}); err != nil {
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

// Q63 and Q64: empty filters.
func TestReadingsOfEmptyFilters(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]int{"a": 20, "b": 0} {
		c := newTester(t, tenantOptions{users: 20, readings: map[string]string{"Q63": letter}})
		for _, filter := range []string{"domains:[]", "emailAddresses:[]", "all:[{domains:[]}]"} {
			if got := c.count("types:[USER]," + filter); got != want {
				t.Errorf("Q63=%s: %s matches %d, want %d", letter, filter, got, want)
			}
		}
		if got := c.count("types:[USER],domains:null,all:[]"); got != 20 {
			t.Errorf("Q63=%s: null matches %d", letter, got)
		}
	}
	domains := func(c *tester, arguments string) string {
		return string(c.graphql("{domains"+arguments+"}", nil).Data["domains"])
	}
	all, directory := newTester(t, tenantOptions{}), newTester(t, tenantOptions{readings: map[string]string{"Q64": "b"}})
	for _, arguments := range []string{"", "(dataSources:[])", "(dataSources:null)"} {
		if domains(all, arguments) != domains(all, "(dataSources:[ACTIVE_DIRECTORY,AZURE,OKTA])") {
			t.Errorf("Q64=a: domains%s are %s", arguments, domains(all, arguments))
		}
		if got := domains(directory, arguments); got != domains(all, "(dataSources:[ACTIVE_DIRECTORY])") || got == domains(all, "") {
			t.Errorf("Q64=b: domains%s are %s", arguments, got)
		}
	}
}

// Q67: an assessment without a domain and a tenant.
func TestReadingsOfBareAssessment(t *testing.T) {
	t.Parallel()
	for letter, fails := range map[string]bool{"a": false, "b": true} {
		c := newTester(t, tenantOptions{readings: map[string]string{"Q67": letter}})
		result := c.graphql("{securityAssessment{overallScore}}", nil)
		if (len(result.Errors) > 0) != fails || (string(result.Data["securityAssessment"]) != "") == fails {
			t.Errorf("Q67=%s: %+v", letter, result)
		}
	}
}
