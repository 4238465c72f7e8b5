package identity

import (
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/hosts"
)

// User is one user of Identity Protection. Risk scores are from 0 to 1, and higher is riskier (wire/identity.md#scores).
type User struct {
	EntityID             string   `json:"entity_id"`
	PrimaryDisplayName   string   `json:"primary_display_name"`
	SecondaryDisplayName string   `json:"secondary_display_name"`
	EmailAddresses       []string `json:"email_addresses"`
	// RiskScore is unrounded. Responses have two decimals, bounds apply to this.
	RiskScore    float64      `json:"risk_score"`
	RiskFactors  []RiskFactor `json:"risk_factors"`
	Roles        []string     `json:"roles"` // values of EntityRoleType
	Archived     bool         `json:"archived"`
	Learned      bool         `json:"learned"`
	Watched      bool         `json:"watched"`
	Inactive     bool         `json:"inactive"`
	Stale        bool         `json:"stale"`
	Shared       bool         `json:"shared"`
	Created      time.Time    `json:"created"`
	LastActivity time.Time    `json:"last_activity"` // zero: never
	Accounts     []Account    `json:"accounts"`
}

// RiskFactor is one contribution to a risk score.
type RiskFactor struct {
	Type     string  `json:"type"` // a value of RiskFactorType
	Severity string  `json:"severity"`
	Score    float64 `json:"score"`
}

// Account is one account of an entity in a directory.
type Account struct {
	Source         string    `json:"source"` // ACTIVE_DIRECTORY, AZURE or OKTA
	Domain         string    `json:"domain,omitempty"`
	Tenant         string    `json:"tenant,omitempty"`
	SamAccountName string    `json:"sam_account_name,omitempty"`
	UPN            string    `json:"upn,omitempty"`
	ObjectGUID     string    `json:"object_guid"`
	ObjectSID      string    `json:"object_sid,omitempty"`
	OU             string    `json:"ou,omitempty"`
	Department     string    `json:"department,omitempty"`
	Title          string    `json:"title,omitempty"`
	Enabled        bool      `json:"enabled"`
	Archived       bool      `json:"archived"`
	Locked         bool      `json:"locked"`
	Created        time.Time `json:"created"`
	Updated        time.Time `json:"updated"`
	LastActivity   time.Time `json:"last_activity"`
	Expires        time.Time `json:"expires"` // zero: never
	Password       Password  `json:"password"`
	SPNs           []string  `json:"service_principal_names,omitempty"`
}

// Password is what Falcon knows about an account's password.
type Password struct {
	Weak       bool      `json:"weak"`
	Exposed    bool      `json:"exposed"`
	Aged       bool      `json:"aged"`
	NeverEnds  bool      `json:"never_expires"`
	LastChange time.Time `json:"last_change"`
}

// entity is a user or an endpoint. It is immutable.
type entity struct {
	User
	host *hosts.Host // set for an endpoint
}

func (e *entity) kind() string {
	if e.host != nil {
		return "ENDPOINT"
	}
	return "USER"
}

// Thresholds of severities. Falcon does not publish its own (wire/identity.md#scores).
const (
	mediumRisk = 0.4
	highRisk   = 0.7
)

var severities = []string{"NORMAL", "MEDIUM", "HIGH"}

func severityOf(score float64) string {
	switch {
	case score >= highRisk:
		return severities[2]
	case score >= mediumRisk:
		return severities[1]
	}
	return severities[0]
}
