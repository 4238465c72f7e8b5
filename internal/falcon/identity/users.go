package identity

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Severities of a user's risk, the lowest first (wire/identity.md#scores).
const (
	SeverityNormal = "NORMAL"
	SeverityMedium = "MEDIUM"
	SeverityHigh   = "HIGH"
)

// Orders of [Client.Users].
const (
	// SortEntityID is ascending by entity id, which never changes.
	SortEntityID = "entity_id"
	// SortScoreAscending has the least risky users first, users of one shown score by entity id.
	SortScoreAscending = "score|asc"
	// SortScoreDescending has the riskiest users first, users of one shown score by entity id.
	SortScoreDescending = "score|desc"
)

// MaxFilterValues is the most values that one list of a [UserFilter] may have: as many as a public client is known to
// send at once (wire/integrations.md#netskope).
const MaxFilterValues = 1000

// DefaultConcurrency is the number of requests in flight if [UserRead] does not set it.
const DefaultConcurrency = 4

// UserFilter selects users of Identity Protection; all conditions must hold. A nil list or pointer is no condition; an
// empty list that is not nil matches no user.
type UserFilter struct {
	// Domains, in any letter case.
	Domains []string
	// Emails matches users with any of these addresses.
	Emails    []string
	EntityIDs []string
	// Roles are values of EntityRoleType such as "HumanUserAccountRole"; a role includes those below it.
	Roles           []string
	SAMAccountNames []string
	// MinSeverity and MaxSeverity are "", "NORMAL", "MEDIUM" or "HIGH".
	MinSeverity string
	MaxSeverity string
	// Archived users no longer exist; nil is both kinds.
	Archived *bool
	// Enabled matches users with any account in that state.
	Enabled *bool
	// Admin is whether the user has an administrator role.
	Admin *bool
	// RequireEmail leaves out users without an email address.
	RequireEmail bool
	// NamePattern is the display name, or the secondary one, with * for any text; letter case does not count.
	NamePattern string
	// MinScore and MaxScore, 0 to 1, bound the risk score as it is shown, with two decimals, both ends included.
	MinScore *Decimal
	MaxScore *Decimal
}

// Include selects the large fields to read.
type Include struct {
	// Accounts fills Accounts, Domain, SAMAccountName, UPN and Enabled.
	Accounts    bool
	RiskFactors bool
	Roles       bool
}

// IncludeAll is every field.
func IncludeAll() Include { return Include{Accounts: true, RiskFactors: true, Roles: true} }

// UserRead describes what [Client.Users] reads.
type UserRead struct {
	Filter  UserFilter
	Include Include
	// Limit is the maximum number of users to return; 0 is all.
	Limit int
	// Sort is one of SortEntityID (also ""), SortScoreAscending and SortScoreDescending.
	Sort string
	// MaxConcurrency is the maximum number of requests in flight; 0 is DefaultConcurrency.
	MaxConcurrency int
	// Summary requests the summary of all users that match, too.
	Summary bool
}

// UserResult is the result of [Client.Users].
type UserResult struct {
	Users []User
	// Summary is that of [Client.UserSummary] if it was requested. It is counted at the beginning, so it may differ
	// from Matched if users are added or removed while they are read.
	Summary *UserSummary
	// Matched counts the users that match, whether they are in Users or not.
	Matched int64
}

// User is a user of Identity Protection (wire/identity.md#users).
type User struct {
	// EntityID is a UUID in lower case.
	EntityID             string
	DisplayName          string
	SecondaryDisplayName string
	// Emails may be empty; the first counts for integrations that know one address.
	Emails []string
	// RiskScore is 0 (no risk) to 1 with two decimals, as the text in the response; "" if there is none.
	RiskScore json.Number
	// Severity is "NORMAL", "MEDIUM" or "HIGH".
	Severity string
	// Admin is whether the user has an administrator role; nil if Falcon does not return it.
	Admin    *bool
	Archived bool

	// With Include.Accounts: all accounts, and the domain and names of the first Active Directory account. Enabled is
	// whether any account is enabled; nil without accounts.
	Accounts       []UserAccount
	Domain         string
	SAMAccountName string
	UPN            string
	Enabled        *bool

	RiskFactors []RiskFactor // with Include.RiskFactors
	Roles       []string     // values of EntityRoleType, with Include.Roles
}

// UserAccount is one account of a user.
type UserAccount struct {
	// DataSource is e.g. "ACTIVE_DIRECTORY", "AZURE" or "OKTA".
	DataSource string
	Enabled    bool
	// The names are those of an Active Directory account, else "".
	Domain         string
	SAMAccountName string
	UPN            string
}

// RiskFactor is one contribution to a user's risk score.
type RiskFactor struct {
	// Type is a value of RiskFactorType such as "WEAK_PASSWORD_POLICY".
	Type     string
	Severity string
	// Score is 0 to 1.
	Score json.Number
}

// UserSummary is a summary of the users that match a filter.
type UserSummary struct {
	Count          int64
	Normal         int64
	Medium         int64
	High           int64
	Administrators int64
	// WithoutEmail counts users without an email address that match the rest of the filter; with RequireEmail they are
	// not in Count.
	WithoutEmail int64
	// Histogram counts users by tenths of the unrounded score: 0 to below 0.1 first, 0.9 to 1 last.
	Histogram [10]int64
}

// matchesNoUser reports whether an empty list, or a range between two shown scores, makes the filter match no user. Falcon
// gets no request then: it may ignore a filter with an empty list.
func (f UserFilter) matchesNoUser() bool {
	for _, list := range f.lists() {
		if list.values != nil && len(list.values) == 0 {
			return true
		}
	}
	return f.MinScore != nil && f.MaxScore != nil && !ContainsTwoDecimalScore(*f.MinScore, *f.MaxScore)
}

type filterList struct {
	name   string // of the list in EntityQueryInput
	values []string
}

func (f UserFilter) lists() []filterList {
	return []filterList{
		{"domains", f.Domains}, {"emailAddresses", f.Emails}, {"entityIds", f.EntityIDs}, {"roles", f.Roles},
		{"samAccountNames", f.SAMAccountNames},
	}
}

func (f UserFilter) check() error {
	for _, list := range f.lists() {
		if len(list.values) > MaxFilterValues {
			return fmt.Errorf("a user filter may have at most %d values in one list, not %d", MaxFilterValues, len(list.values))
		}
		if slices.Contains(list.values, "") {
			return errors.New("a value of the user filter is empty")
		}
	}
	for _, severity := range []string{f.MinSeverity, f.MaxSeverity} {
		if severity != "" && !slices.Contains(severities(), severity) {
			return fmt.Errorf("%q is not a valid severity: use %s, %s, or %s", severity, SeverityNormal, SeverityMedium, SeverityHigh)
		}
	}
	if f.MinSeverity != "" && f.MaxSeverity != "" &&
		slices.Index(severities(), f.MinSeverity) > slices.Index(severities(), f.MaxSeverity) {
		return fmt.Errorf("no user can match: the minimum severity %s is above the maximum, %s", f.MinSeverity, f.MaxSeverity)
	}
	for _, bound := range []*Decimal{f.MinScore, f.MaxScore} {
		if bound != nil && (bound.Sign() < 0 || bound.Cmp(decimalOne()) > 0) {
			return fmt.Errorf("a risk score is between 0 and 1, not %s", bound)
		}
	}
	if f.MinScore != nil && f.MaxScore != nil && f.MinScore.Cmp(*f.MaxScore) > 0 {
		return fmt.Errorf("no user can match: the minimum risk score %s is above the maximum, %s", f.MinScore, f.MaxScore)
	}
	return nil
}

func severities() []string { return []string{SeverityNormal, SeverityMedium, SeverityHigh} }

// shownMin is the lowest score with two decimals that is not below MinScore, which must be set.
func (f UserFilter) shownMin() Decimal { return newDecimal(f.MinScore.hundredths(true), 100) }

// shownMax is the highest score with two decimals that is not above MaxScore, which must be set.
func (f UserFilter) shownMax() Decimal { return newDecimal(f.MaxScore.hundredths(false), 100) }
