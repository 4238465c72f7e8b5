package identity

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"
)

// assessmentGoal is a goal that a query can limit an assessment to.
type assessmentGoal struct {
	id, name string
}

// assessmentGoals are the goals of every tenant. Their names and the first digits of their ids are public
// (wire/identity.md#assessment); the other digits are made up.
var assessmentGoals = []assessmentGoal{
	{"a48477ba-2f5e-4d0c-9b1e-6c1f0a7d3e51", "Privileged User Management"},
	{"c9d1c1a3-7be4-4a39-8d02-93f5b2e86c17", "Penetration Testing Readiness"},
}

func (*assessmentGoal) typeName() string { return "SecurityAssessmentGoal" }

func (g *assessmentGoal) fieldValue(_ *Query, f *selectedField) any {
	if f.name == "name" {
		return g.name
	}
	return g.id
}

// assessmentFactor is one risk of a domain.
type assessmentFactor struct {
	kind, label, advice  string
	severity, likelihood string
	goal                 string
	domain               any
	updated              time.Time
}

// possibleFactors are the factors that a seeded domain can have. Their types are values of RiskFactorType; labels and advice
// are made up.
var possibleFactors = []assessmentFactor{
	{kind: "WEAK_PASSWORD_POLICY", label: "Weak password policy", advice: "Raise the minimum length of passwords"},
	{kind: "AGED_PASSWORD", label: "Aged passwords", advice: "Have passwords changed that are older than the policy allows"},
	{kind: "EXPOSED_PASSWORD", label: "Compromised passwords", advice: "Have users with compromised passwords change them", goal: assessmentGoals[1].id},
	{kind: "STEALTHY_PRIVILEGES", label: "Stealthy privileges", advice: "Remove privileges that are not given by a group", goal: assessmentGoals[0].id},
	{kind: "SMB_SIGNING_DISABLED", label: "SMB signing disabled", advice: "Require SMB signing", goal: assessmentGoals[1].id},
	{kind: "INACTIVE_ACCOUNT", label: "Inactive accounts", advice: "Disable accounts that are not used", goal: assessmentGoals[0].id},
	{kind: "UNMANAGED_HOST", label: "Unmanaged endpoints", advice: "Install the sensor"},
}

var levels = []string{"LOW", "MEDIUM", "HIGH"}

func (*assessmentFactor) typeName() string { return "SecurityAssessmentFactor" }

func (a *assessmentFactor) fieldValue(_ *Query, f *selectedField) any {
	switch f.name {
	case "description":
		return a.label + " found in the domain"
	case "domain":
		return a.domain
	case "label":
		return a.label
	case "lastUpdateTime":
		return a.updated
	case "likelihood":
		return a.likelihood
	case "severity":
		return a.severity
	case "scoreLevel":
		return levels[max(slices.Index(levels, a.severity), slices.Index(levels, a.likelihood))]
	case "riskFactorType":
		return a.kind
	case "recommendations":
		return []graphObject{recommendation(a.advice)}
	}
	return nil
}

// recommendation is the advice for a factor.
type recommendation string

func (recommendation) typeName() string { return "SecurityAssessmentFactorRecommendation" }

func (r recommendation) fieldValue(_ *Query, f *selectedField) any {
	if f.name == "text" {
		return string(r)
	}
	return nil
}

// assessment is the security assessment of a domain, of a tenant, or of everything.
type assessment struct {
	domain, tenant any
	score          float64
	factors        []assessmentFactor
}

func (*assessment) typeName() string { return "SecurityAssessment" }

func (a *assessment) fieldValue(_ *Query, f *selectedField) any {
	switch f.name {
	case "domain":
		return a.domain
	case "tenant":
		return a.tenant
	case "overallScore":
		return a.score
	case "overallScoreLevel":
		return levels[slices.Index(severities, severityOf(a.score))]
	}
	return objects(a.factors, func(factor *assessmentFactor) graphObject { return factor })
}

// securityAssessment assesses a domain or tenant, named in upper or lower case. An unknown one is an error.
//
// GUESS Q67: the schema requires neither, and what a query without them assesses is not published.
func (x *Query) securityAssessment(args map[string]any) (any, error) {
	result := &assessment{}
	name := "*"
	if args["domain"] == nil && args["tenant"] == nil && x.reading("Q67") == "b" {
		return nil, errors.New("a domain or a tenant is required")
	}
	if domain, given := args["domain"].(string); given {
		known, found := findDirectory(domain)
		if !found {
			return nil, fmt.Errorf("domain %q was not found", domain)
		}
		name, result.domain = known.name, known.name
	}
	if tenant, given := args["tenant"].(string); given {
		if !strings.EqualFold(tenant, azureTenant) {
			return nil, fmt.Errorf("tenant %q was not found", tenant)
		}
		name, result.tenant = azureTenant, azureTenant
	}
	goals := listOf(args["goalIds"])
	kinds, err := enumList("RiskFactorType", args["riskFactorTypes"])
	if err != nil {
		return nil, err
	}
	for _, factor := range x.tenant.factorsOf(name) {
		if (len(goals) == 0 || slices.Contains(goals, factor.goal)) && (len(kinds) == 0 || slices.Contains(kinds, factor.kind)) {
			factor.domain = result.domain
			result.factors = append(result.factors, factor)
		}
	}
	result.score = x.tenant.assessedScore(name)
	return result, nil
}

// factorsOf returns the seeded factors of a domain.
func (t *Tenant) factorsOf(domain string) []assessmentFactor {
	d := random.NewStream(t.seed, "assessment/"+domain, 0)
	factors := []assessmentFactor{}
	for i, factor := range possibleFactors {
		factor.severity, factor.likelihood = random.Pick(d, levels), random.Pick(d, levels)
		factor.updated = random.SeededAt.Add(-time.Duration(d.Below(86_400)) * time.Second)
		if i == 0 || d.Chance(600) {
			factors = append(factors, factor)
		}
	}
	return factors
}

// assessedScore returns the overall score of a domain, 0 to 1: the one that was set, or a seeded one.
func (t *Tenant) assessedScore(domain string) float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if score, set := t.assessed[domain]; set {
		return score
	}
	return rounded(random.NewStream(t.seed, "assessed/"+domain, 0).Fraction(), 2)
}

// SetAssessmentScore sets the overall score of a domain's security assessment.
func (t *Tenant) SetAssessmentScore(domain string, score float64) error {
	known, found := findDirectory(domain)
	if !found {
		return fmt.Errorf("no domain is named %q", domain)
	}
	if score < 0 || score > 1 {
		return fmt.Errorf("score %v is not between 0 and 1", score)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.assessed[known.name] = score
	return nil
}

// findDirectory finds a domain by name, in upper or lower case.
func findDirectory(domain string) (directory, bool) {
	i := slices.IndexFunc(tenantDirectories, func(d directory) bool { return strings.EqualFold(d.name, domain) })
	if i < 0 {
		return directory{}, false
	}
	return tenantDirectories[i], true
}
