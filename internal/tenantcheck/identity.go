package tenantcheck

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	probeGraphQL        = "identity.typename"
	probeUserCount      = "identity.count"
	probeGoals          = "identity.assessment_goals"
	probeSyntax         = "identity.syntax_error"
	probeEmptyFilter    = "identity.empty_filter"
	probeDomains        = "identity.domains"
	probeBareAssessment = "identity.bare_assessment"
	probeUsers          = "identity.users"
	probeBounds         = "identity.score_bounds"
)

// checkIdentity sends queries that only read.
func checkIdentity(ctx context.Context, s *session) {
	if !s.graphql(ctx, probeGraphQL, scopeGraphQL, "{ __typename }").ok() {
		return
	}
	s.graphql(ctx, probeSyntax, scopeGraphQL, "{")
	s.graphql(ctx, probeDomains, scopeEntities,
		"{ a: domains b: domains(dataSources: []) all: domains(dataSources: [SNIFFER, ACTIVE_DIRECTORY, ADFS, OKTA, AZURE, PING_IDENTITY, AWS]) ad: domains(dataSources: [ACTIVE_DIRECTORY]) }")
	if s.graphql(ctx, probeGoals, scopeIdentityAssess, "{ securityAssessmentGoals { goalId } }").hasData() {
		s.graphql(ctx, probeBareAssessment, scopeIdentityAssess, "{ securityAssessment { overallScore } }")
	}
	if !s.graphql(ctx, probeUserCount, scopeEntities, "{ countEntities(types: [USER]) }").hasData() {
		return
	}
	s.graphql(ctx, probeEmptyFilter, scopeEntities, "{ countEntities(types: [USER], domains: []) }")
	users := s.graphql(ctx, probeUsers, scopeEntities, "{ entities(types: [USER], first: 100) { nodes { riskScore ... on UserEntity { riskScoreWithoutLinkedAccounts } } } }")
	if query := boundsQuery(scoresOf(users)); query != "" {
		s.graphql(ctx, probeBounds, scopeEntities, query)
	}
}

var identityQuestions = []question{
	{"Q52", read, settleScoreBounds},
	{"Q53", read, settleGraphQLStatus},
	{"Q63", read, settleEmptyFilter},
	{"Q64", read, settleDomains},
	{"Q65", read, settleGraphQLAlone},
	{"Q67", read, settleBareAssessment},
	{"Q102", read, settleGraphQLRefusal},
}

// hasData reports whether a query was answered without an error.
func (r response) hasData() bool {
	data, _ := r.at("data")
	return r.ok() && data != nil && len(r.errorItems()) == 0
}

// userScore is the score of one user as the API shows it.
type userScore struct {
	shown float64 // rounded to two decimals (wire/identity.md#scores)
	exact float64 // the score without linked accounts, of four decimals; usually nearer to the unrounded score
}

func scoresOf(users response) []userScore {
	found, _ := users.at("data", "entities", "nodes")
	list, _ := found.([]any)
	var out []userScore
	for _, item := range list {
		shown, ok := fraction(item, "riskScore")
		exact, ok4 := fraction(item, "riskScoreWithoutLinkedAccounts")
		if ok && ok4 {
			out = append(out, userScore{shown, exact})
		}
	}
	return out
}

func fraction(value any, key string) (float64, bool) {
	v, _ := at(value, key)
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return f, err == nil
}

// boundScores are the distinct shown scores that the query of bounds uses.
func boundScores(scores []userScore) []float64 {
	const most = 15 // each costs three counts
	var out []float64
	for _, s := range scores {
		if s.shown > 0.01 && s.shown < 0.99 && !slices.Contains(out, s.shown) && len(out) < most {
			out = append(out, s.shown)
		}
	}
	return out
}

// boundsQuery counts the users just above, just below and around each shown score; "" without a score.
func boundsQuery(scores []userScore) string {
	const tiny, half = 1e-9, 0.005
	var query strings.Builder
	for i, x := range boundScores(scores) {
		for name, ends := range map[string][2]float64{"up": {x, x + tiny}, "down": {x - tiny, x}, "around": {x - half, x + half}} {
			fmt.Fprintf(&query, " %s%d: countEntities(types: [USER], all: [{riskScoreLowerBound: %s, riskScoreUpperBound: %s}])",
				name, i, decimal(ends[0]), decimal(ends[1]))
		}
	}
	if query.Len() == 0 {
		return ""
	}
	return "{" + query.String() + " }"
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', 10, 64) }

// settleScoreBounds looks for users whose score is exactly at a bound of two decimals. "up" counts them under every reading, "down"
// only if the upper bound is included; if bounds act on rounded scores, both count everyone who is around.
func settleScoreBounds(o *observations) finding {
	r, _ := o.last(probeBounds)
	users, _ := o.last(probeUsers)
	scores := scoresOf(users)
	if !r.hasData() {
		return open(o.needsIdentity("users with a score"))
	}
	lowerOnly, both, finer, unrounded := 0, 0, 0, 0
	for i, x := range boundScores(scores) {
		up, _ := number(r.body, "data", fmt.Sprintf("up%d", i))
		down, _ := number(r.body, "data", fmt.Sprintf("down%d", i))
		around, _ := number(r.body, "data", fmt.Sprintf("around%d", i))
		switch {
		case up < around:
			finer++ // there is someone near the bound who is not at it
		case slices.ContainsFunc(scores, func(s userScore) bool { return s.shown == x && s.exact != x && s.exact-x < 0.005 && x-s.exact < 0.005 }):
			unrounded++ // a user near the bound counts as at it
		}
		if up > 0 && down == 0 {
			lowerOnly++
		}
		if up > 0 && down == up {
			both++
		}
	}
	switch {
	case lowerOnly > 0 && both == 0:
		return settled("a", fmt.Sprintf("at %d scores, users at the lower bound are counted and users at the upper bound are not", lowerOnly))
	case lowerOnly > 0:
		return open("none of the readings: users at the upper bound are counted at some scores only")
	case both > 0 && finer > 0:
		return settled("b", fmt.Sprintf("at %d scores, users at either bound are counted, and only those", both))
	case both > 0 && unrounded >= 3:
		return settled("c", fmt.Sprintf("at %d scores, users at either bound are counted, and also those whose unrounded score is not at it", both))
	}
	return open(o.needsIdentity("users with a score of exactly two decimals, and others near it"))
}

func (o *observations) needsIdentity(what string) string {
	for _, p := range []struct{ probe, scope string }{{probeGraphQL, scopeGraphQL}, {probeUserCount, scopeEntities}} {
		if missing := o.needsUnlessGranted(p.probe, p.scope, "query Identity Protection"); missing != "" {
			return missing
		}
	}
	return "needs " + what
}

func settleGraphQLStatus(o *observations) finding {
	r, asked := o.last(probeSyntax)
	switch {
	case asked && r.status == http.StatusOK && len(r.errorItems()) > 0:
		return settled("a", "a query with a syntax error is a 200 with errors")
	case asked && r.status == http.StatusBadRequest && len(r.errorItems()) > 0:
		return settled("b", "a query with a syntax error is a 400 with errors")
	}
	return open(o.needsIdentity("a query with an error"))
}

func settleEmptyFilter(o *observations) finding {
	plain, _ := o.last(probeUserCount)
	filtered, _ := o.last(probeEmptyFilter)
	all, counted := number(plain.body, "data", "countEntities")
	with, countedToo := number(filtered.body, "data", "countEntities")
	switch {
	case !counted || !countedToo || all == 0:
	case with == all:
		return settled("a", fmt.Sprintf("domains: [] counts all %d users", all))
	case with == 0:
		return settled("b", fmt.Sprintf("domains: [] counts none of %d users", all))
	}
	return open(o.needsIdentity("users"))
}

func settleDomains(o *observations) finding {
	r, _ := o.last(probeDomains)
	names := func(key string) []string {
		found, _ := r.at("data", key)
		list, _ := found.([]any)
		var out []string
		for _, item := range list {
			if name, ok := item.(string); ok {
				out = append(out, name)
			}
		}
		slices.Sort(out)
		return out
	}
	without, all, directory := names("a"), names("all"), names("ad")
	switch {
	case !r.hasData():
		return open(o.needsIdentity("a query of domains"))
	case slices.Equal(all, directory):
		return open("needs a domain of another data source than Active Directory")
	case slices.Equal(without, all):
		return settled("a", fmt.Sprintf("domains without data sources has the %d domains of all", len(all)))
	case slices.Equal(without, directory):
		return settled("b", fmt.Sprintf("domains without data sources has the %d domains of Active Directory, not all %d", len(directory), len(all)))
	}
	return open("none of the readings: domains without data sources has neither all domains nor those of Active Directory")
}

func settleBareAssessment(o *observations) finding {
	r, asked := o.last(probeBareAssessment)
	switch {
	case asked && r.hasData():
		return settled("a", "a security assessment without a domain has a score")
	case asked && len(r.errorItems()) > 0 && r.status <= http.StatusBadRequest:
		return settled("b", "a security assessment without a domain is an error")
	}
	goals := o.needsUnlessGranted(probeGoals, scopeIdentityAssess, "read assessments")
	if goals == "" {
		goals = "needs Identity Protection"
	}
	return open(goals)
}

// dataRefused reports whether a query of data was refused although the API itself is open to the client.
func (o *observations) dataRefused() (response, bool) {
	api, _ := o.last(probeGraphQL)
	for _, probe := range []string{probeUserCount, probeGoals, probeDomains} {
		if r, _ := o.last(probe); api.hasData() && !r.hasData() && r.says("scope not permitted") {
			return r, true
		}
	}
	return response{}, false
}

const needsNarrowClient = "needs an API client with identity-graphql:write and without identity-entities:read, whose scopes can be read"

func settleGraphQLAlone(o *observations) finding {
	if _, is := o.dataRefused(); is {
		return settled("a", "a query of data is refused, one without data is not")
	}
	held, known := o.held()
	for _, needed := range []struct{ probe, scope string }{{probeUserCount, scopeEntities}, {probeGoals, scopeIdentityAssess}} {
		if r, _ := o.last(needed.probe); known && !slices.Contains(held, needed.scope) && r.hasData() {
			return settled("b", "the API client lacks "+needed.scope+", and a query that needs it works")
		}
	}
	return open(needsNarrowClient)
}

func settleGraphQLRefusal(o *observations) finding {
	r, is := o.dataRefused()
	switch {
	case is && r.status == http.StatusForbidden:
		return settled("a", "a query of data is refused with 403")
	case is && (r.status == http.StatusOK || r.status == http.StatusBadRequest): // the status of every query with an error (Q53)
		return settled("b", "a query of data is refused as every query with an error is")
	}
	return open(needsNarrowClient)
}
