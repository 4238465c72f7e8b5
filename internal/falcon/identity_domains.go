package falcon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// DomainAssessment is the security assessment of one domain (wire/identity.md#assessment).
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
	Text string `json:"text"`
	Link string `json:"link"`
}

// Domains lists the names of the tenant's domains in order, those of the given data sources ("ACTIVE_DIRECTORY",
// "AZURE", …) or, with none, all.
func (c *Client) Domains(ctx context.Context, dataSources []string) ([]string, error) {
	ctx = withCall(ctx, call{doing: "list the domains", scope: scopeEntitiesRead, repeat: safe})
	var data struct {
		Domains *[]string `json:"domains"`
	}
	if err := c.graphqlInto(ctx, domainsQuery(dataSources), &data); err != nil {
		return nil, err
	}
	if data.Domains == nil {
		return nil, pageError(ctx, "the answer lacks a part of what the query asked for")
	}
	slices.Sort(*data.Domains)
	return slices.Compact(*data.Domains), nil
}

// domainsQuery always has a list: only an empty one is known to mean all (wire/identity.md#domains).
func domainsQuery(dataSources []string) *graphqlQuery {
	q := &graphqlQuery{}
	if dataSources == nil {
		dataSources = []string{}
	}
	q.field("domains(dataSources: %s)", q.variable("dataSources", "[DataSource!]", dataSources))
	return q
}

// DomainAssessment reads the security assessment of a domain, in any letter case. How Falcon answers for a domain that
// it does not know is not documented: an error is passed on with Falcon's words.
func (c *Client) DomainAssessment(ctx context.Context, domain string) (*DomainAssessment, error) {
	ctx = withCall(ctx, call{
		doing: fmt.Sprintf("read the security assessment of domain %q", domain), scope: scopeAssessmentRead, repeat: safe,
	})
	if domain == "" {
		return nil, &Error{Doing: callFrom(ctx).doing, Err: errors.New("the name is empty")}
	}
	var data struct {
		Assessment *wireAssessmentOfDomain `json:"securityAssessment"`
	}
	if err := c.graphqlInto(ctx, assessmentQuery(domain), &data); err != nil {
		return nil, err
	}
	if data.Assessment == nil || data.Assessment.OverallScore == "" {
		return nil, pageError(ctx, "the answer holds no assessment")
	}
	// Without a domain Falcon may mean the whole tenant, which must not pass for the domain.
	if !strings.EqualFold(data.Assessment.Domain, domain) {
		return nil, pageError(ctx, "the answer is about the domain %q", data.Assessment.Domain)
	}
	return data.Assessment.assessment(), nil
}

func assessmentQuery(domain string) *graphqlQuery {
	q := &graphqlQuery{}
	q.field("securityAssessment(domain: %s) { domain overallScore overallScoreLevel assessmentFactors { riskFactorType label "+
		"description likelihood severity scoreLevel lastUpdateTime recommendations { text link } } }",
		q.variable("domain", "String", domain))
	return q
}

type wireAssessmentOfDomain struct {
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

func (w *wireAssessmentOfDomain) assessment() *DomainAssessment {
	a := &DomainAssessment{Domain: w.Domain, OverallScore: w.OverallScore, OverallLevel: w.OverallScoreLevel}
	for _, f := range w.AssessmentFactors {
		a.Factors = append(a.Factors, AssessmentFactor(f))
	}
	return a
}
