package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// DomainAssessment is the security assessment of one domain (wire/identity.md#assessment).
type DomainAssessment struct {
	// Domain is the name as Falcon returns it, in capitals.
	Domain string
	// OverallScore is 0 (no risk) to 1.
	OverallScore json.Number
	// OverallLevel is "LOW", "MEDIUM" or "HIGH", and so are the levels of the factors.
	OverallLevel string
	Factors      []AssessmentFactor
}

// AssessmentFactor is one risk found by an assessment.
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

// Recommendation is Falcon's advice on a factor. Link may be empty.
type Recommendation struct {
	Text string `json:"text"`
	Link string `json:"link"`
}

// Domains lists the names of the tenant's domains in order, those of the given data sources ("ACTIVE_DIRECTORY",
// "AZURE", …) or, without any, all.
func (c *Client) Domains(ctx context.Context, dataSources []string) ([]string, error) {
	o := c.operation("list the domains", falcon.ScopeEntitiesRead, 1)
	var response struct {
		Domains *[]string `json:"domains"`
	}
	if err := o.run(ctx, domainsQuery(dataSources), &response); err != nil {
		return nil, err
	}
	if response.Domains == nil {
		return nil, o.failed(errors.New("the response contains no list of domains"))
	}
	slices.Sort(*response.Domains)
	return slices.Compact(*response.Domains), nil
}

// domainsQuery always sends a list: only an empty list is known to mean all (wire/identity.md#domains).
func domainsQuery(dataSources []string) *query {
	q := &query{}
	if dataSources == nil {
		dataSources = []string{}
	}
	q.field("domains(dataSources: %s)", q.variable("dataSources", "[DataSource!]", dataSources))
	return q
}

// DomainAssessment reads the security assessment of a domain, in any letter case. How Falcon responds for a domain that
// it does not know is not documented: an error is returned with Falcon's words.
func (c *Client) DomainAssessment(ctx context.Context, domain string) (*DomainAssessment, error) {
	o := c.operation(fmt.Sprintf("read the security assessment of domain %q", domain), falcon.ScopeAssessmentRead, 1)
	if domain == "" {
		return nil, o.invalid(errors.New("the name is empty"))
	}
	var response struct {
		Assessment *apiAssessment `json:"securityAssessment"`
	}
	if err := o.run(ctx, assessmentQuery(domain), &response); err != nil {
		return nil, err
	}
	if response.Assessment == nil || response.Assessment.OverallScore == "" {
		return nil, o.failed(errors.New("the response contains no assessment"))
	}
	// Without a domain Falcon may mean the whole tenant, which must not be mistaken for the domain.
	if !strings.EqualFold(response.Assessment.Domain, domain) {
		return nil, o.failed(fmt.Errorf("the response is about the domain %q", response.Assessment.Domain))
	}
	return assessmentFromAPI(response.Assessment), nil
}

func assessmentQuery(domain string) *query {
	q := &query{}
	q.field("securityAssessment(domain: %s) { domain overallScore overallScoreLevel assessmentFactors { riskFactorType label "+
		"description likelihood severity scoreLevel lastUpdateTime recommendations { text link } } }",
		q.variable("domain", "String", domain))
	return q
}

type apiAssessment struct {
	Domain            string      `json:"domain"`
	OverallScore      json.Number `json:"overallScore"`
	OverallScoreLevel string      `json:"overallScoreLevel"`
	AssessmentFactors []struct {
		Type            string           `json:"riskFactorType"`
		Label           string           `json:"label"`
		Description     string           `json:"description"`
		Likelihood      string           `json:"likelihood"`
		Severity        string           `json:"severity"`
		Level           string           `json:"scoreLevel"`
		LastUpdate      string           `json:"lastUpdateTime"`
		Recommendations []Recommendation `json:"recommendations"`
	} `json:"assessmentFactors"`
}

func assessmentFromAPI(w *apiAssessment) *DomainAssessment {
	a := &DomainAssessment{Domain: w.Domain, OverallScore: w.OverallScore, OverallLevel: w.OverallScoreLevel}
	for _, f := range w.AssessmentFactors {
		a.Factors = append(a.Factors, AssessmentFactor(f))
	}
	return a
}
