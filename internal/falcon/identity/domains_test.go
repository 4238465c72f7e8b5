package identity

import (
	"slices"
	"strings"
	"testing"
)

func TestDomainAssessment(t *testing.T) {
	t.Parallel()
	const good = `{"data":{"securityAssessment":{"domain":"CORP.EXAMPLE.COM","overallScore":0.42,"overallScoreLevel":"MEDIUM","assessmentFactors":[` +
		`{"riskFactorType":"WEAK_PASSWORD_POLICY","label":"L","description":"D","likelihood":"HIGH","severity":"MEDIUM","scoreLevel":"HIGH",` +
		`"lastUpdateTime":"2026-01-02T03:04:05Z","recommendations":[{"text":"T","link":null}]}]}}}`
	for name, tc := range map[string]struct{ response, want string }{
		"good":           {good, ""},
		"another domain": {strings.Replace(good, "CORP", "LAB", 1), `about the domain "LAB.EXAMPLE.COM"`},
		"unknown":        {`{"data":null,"errors":[{"message":"domain not found"}]}`, "domain not found"},
		"none":           {`{"data":{"securityAssessment":null}}`, "no assessment"},
		"no score":       {strings.Replace(good, "0.42", "null", 1), "no assessment"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTestClient(t, func([]byte) string { return tc.response })
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

func TestDomains(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, func([]byte) string { return `{"data":{"domains":["B","A","B"]}}` })
	if domains, err := c.Domains(t.Context(), nil); err != nil || !slices.Equal(domains, []string{"A", "B"}) {
		t.Errorf("%v, error %v", domains, err)
	}
	c = newTestClient(t, func([]byte) string { return `{"data":{"domains":null}}` })
	if _, err := c.Domains(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "no list of domains") {
		t.Errorf("error %v", err)
	}
}
