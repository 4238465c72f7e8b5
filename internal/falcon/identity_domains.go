package falcon

import (
	"context"
	"encoding/json"
)

// DomainAssessment is the security assessment of one domain (scores.md 3.2).
type DomainAssessment struct {
	// Domain is the name as Falcon writes it, in capitals.
	Domain string
	// OverallScore is 0 (no risk) to 1.
	OverallScore json.Number
	// OverallLevel is "LOW", "MEDIUM" or "HIGH", and so are the levels of the factors.
	OverallLevel string
	Factors      []AssessmentFactor
}

// AssessmentFactor is one risk that an assessment found.
type AssessmentFactor struct {
	// Type is a value of RiskFactorType such as "WEAK_PASSWORD_POLICY".
	Type        string
	Label       string
	Description string
	Likelihood  string
	Severity    string
	Level       string
	// LastUpdate is in RFC 3339 form.
	LastUpdate      string
	Recommendations []Recommendation
}

// Recommendation is what Falcon advises against a factor. Link may be empty.
type Recommendation struct {
	Text string
	Link string
}

// Domains lists the names of the tenant's domains, those of the given data sources ("ACTIVE_DIRECTORY", "AZURE", …)
// or, with none, all.
func (c *Client) Domains(ctx context.Context, dataSources []string) ([]string, error) {
	panic("not yet")
}

// DomainAssessment reads the security assessment of a domain, in any letter case. How Falcon answers for a domain that
// it does not know is not documented: such an answer is an error, with Falcon's words.
func (c *Client) DomainAssessment(ctx context.Context, domain string) (*DomainAssessment, error) {
	panic("not yet")
}
