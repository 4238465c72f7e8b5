package identity

import (
	"encoding/json"
	"slices"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity/scan"
)

const roleAdmin = "AdminAccountRole" // every administrator role is below it (wire/identity.md#users)

// condition is an EntityQueryInput of the schema: all its fields must hold.
type condition = scan.Condition

// selection selects users: args are arguments of `entities` and `countEntities`, and all are conditions that must hold
// too. Filters that public clients are known to send as arguments are sent as arguments.
type selection struct {
	args condition
	all  []condition
}

// and returns a selection with more conditions.
func (s selection) and(conditions ...condition) selection {
	return selection{args: s.args, all: slices.Concat(s.all, conditions)}
}

// argumentTypes are the GraphQL types of the arguments (wire/identity.md#entities).
var argumentTypes = map[string]string{
	"archived":             "Boolean",
	"domains":              "[String!]",
	"emailAddresses":       "[String!]",
	"enabled":              "Boolean",
	"entityIds":            "[UUID!]",
	"maxRiskScoreSeverity": "ScoreSeverity",
	"minRiskScoreSeverity": "ScoreSeverity",
	"roles":                "[EntityRoleType!]",
	"samAccountNames":      "[String!]",
}

// toAPI returns what Falcon selects by. Its score range is wider than the shown scores, see [UserFilter.shows].
func (f UserFilter) toAPI() selection {
	s := selection{args: condition{}}
	for _, list := range f.lists() {
		if list.values != nil {
			s.args[list.name] = list.values
		}
	}
	for name, severity := range map[string]string{"minRiskScoreSeverity": f.MinSeverity, "maxRiskScoreSeverity": f.MaxSeverity} {
		if severity != "" {
			s.args[name] = severity
		}
	}
	for name, flag := range map[string]*bool{"archived": f.Archived, "enabled": f.Enabled} {
		if flag != nil {
			s.args[name] = *flag
		}
	}
	if f.Admin != nil {
		isAdmin := condition{"roles": []string{roleAdmin}}
		if !*f.Admin {
			isAdmin = condition{"not": isAdmin}
		}
		s.all = append(s.all, isAdmin)
	}
	if f.RequireEmail {
		s.all = append(s.all, condition{"hasEmailAddress": true}) // exists only here (wire/identity.md#entities)
	}
	if f.NamePattern != "" {
		s.all = append(s.all, condition{"any": []condition{
			{"primaryDisplayNamePattern": f.NamePattern}, {"secondaryDisplayNamePattern": f.NamePattern},
		}})
	}
	lower, upper := f.bounds()
	if lower != nil || upper != nil {
		s.all = append(s.all, scoreBounds(lower, upper))
	}
	return s
}

// scoreBounds selects by the unrounded score: lower <= score < upper (wire/identity.md#scores); nil is no bound.
func scoreBounds(lower, upper *Decimal) condition {
	c := condition{}
	if lower != nil {
		c["riskScoreLowerBound"] = json.Number(lower.String())
	}
	if upper != nil {
		c["riskScoreUpperBound"] = json.Number(upper.String())
	}
	return c
}

// bounds returns bounds of the unrounded score that include every user whose shown score is in the range. Falcon compares
// the unrounded score (wire/identity.md#scores), which differs from the shown one by up to 0.005. It is not known whether
// a score exactly between two shown ones is rounded up or down, so the upper bound, which is exclusive, is 0.001 wider.
func (f UserFilter) bounds() (lower, upper *Decimal) {
	if f.MinScore != nil && f.shownMin().Sign() > 0 {
		lower = new(f.shownMin().Sub(newDecimal(5, 1000)))
	}
	if f.MaxScore != nil && f.shownMax().Cmp(decimalOne()) < 0 {
		upper = new(f.shownMax().Add(newDecimal(6, 1000)))
	}
	return lower, upper
}

// band is a narrow range of unrounded scores at an end of the filter's range: users in it may have a shown score outside
// of the range. tenth is the bar of the histogram that the band is in.
type band struct {
	selection selection
	tenth     int
}

// bands are the ranges in which the bounds may select users whose shown score is out of range.
func (f UserFilter) bands() []band {
	lower, upper := f.bounds()
	width := newDecimal(1, 1000)
	var starts []Decimal
	if lower != nil {
		starts = append(starts, *lower)
	}
	if upper != nil {
		starts = append(starts, upper.Sub(width))
	}
	var list []band
	for _, start := range starts {
		list = append(list, band{
			selection: f.toAPI().and(scoreBounds(&start, new(start.Add(width)))),
			tenth:     int(start.hundredths(false) / 10),
		})
	}
	return list
}

// shows reports whether a user's shown score is in the filter's range.
func (f UserFilter) shows(u *User) bool {
	if f.MinScore == nil && f.MaxScore == nil {
		return true
	}
	score, err := ParseDecimal(u.RiskScore.String())
	return err == nil && (f.MinScore == nil || score.Cmp(*f.MinScore) >= 0) && (f.MaxScore == nil || score.Cmp(*f.MaxScore) <= 0)
}
