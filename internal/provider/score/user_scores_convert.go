package score

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// userScoresModel is the part that the data source and the ephemeral resource share.
type userScoresModel struct {
	scoreRows
	Domains         types.List   `tfsdk:"domains"`
	Emails          types.List   `tfsdk:"emails"`
	EntityIDs       types.List   `tfsdk:"entity_ids"`
	SAMAccountNames types.List   `tfsdk:"sam_account_names"`
	Roles           types.List   `tfsdk:"roles"`
	NamePattern     types.String `tfsdk:"name_pattern"`
	Severity        types.String `tfsdk:"severity"`
	MinSeverity     types.String `tfsdk:"min_severity"`
	MaxSeverity     types.String `tfsdk:"max_severity"`
	MinScore        types.Number `tfsdk:"min_score"`
	MaxScore        types.Number `tfsdk:"max_score"`
	Archived        types.Bool   `tfsdk:"archived"`
	Enabled         types.Bool   `tfsdk:"enabled"`
	Admin           types.Bool   `tfsdk:"admin"`
	RequireEmail    types.Bool   `tfsdk:"require_email"`
	Include         types.List   `tfsdk:"include"`
	Sort            types.String `tfsdk:"sort"`
	MaxConcurrency  types.Int64  `tfsdk:"max_concurrency"`
	Average         types.Bool   `tfsdk:"average"`
	Users           types.List   `tfsdk:"users"`
	Summary         types.Object `tfsdk:"summary"`
}

// userReader is the part of the client that the list of users needs.
type userReader interface {
	Users(ctx context.Context, read identity.UserRead) (*identity.UserResult, error)
	UserSummary(ctx context.Context, filter identity.UserFilter) (*identity.UserSummary, error)
	UserAverage(ctx context.Context, filter identity.UserFilter, maxConcurrency int) (*big.Rat, error)
	Domains(ctx context.Context, dataSources []string) ([]string, error)
}

// userScoresResult is the result of a read.
type userScoresResult struct {
	users   []identity.User
	matched int64
	summary identity.UserSummary
	average *big.Rat
}

// Validate reports filters that no user can match, and arguments that would make every plan slow.
func (m userScoresModel) Validate(diags *diag.Diagnostics) {
	m.scoreRows.Validate(diags)
	if isKnown(m.Severity) && (isKnown(m.MinSeverity) || isKnown(m.MaxSeverity)) {
		diags.AddAttributeError(core.Attribute("severity"), "Contradictory severities",
			"severity asks for exactly one severity: set either severity, or min_severity and max_severity.")
	}
	if isKnown(m.MinSeverity) && isKnown(m.MaxSeverity) {
		order := severities()
		if slices.Index(order, m.MinSeverity.ValueString()) > slices.Index(order, m.MaxSeverity.ValueString()) {
			diags.AddAttributeError(core.Attribute("min_severity"), "Contradictory severities", fmt.Sprintf(
				"min_severity (%s) is above max_severity (%s): no user can match.", m.MinSeverity.ValueString(), m.MaxSeverity.ValueString()))
		}
	}
	m.validateScores(diags)
}

func (m userScoresModel) validateScores(diags *diag.Diagnostics) {
	if !isKnown(m.MinScore) || !isKnown(m.MaxScore) {
		return
	}
	low, high := m.MinScore.ValueBigFloat(), m.MaxScore.ValueBigFloat()
	if low.Cmp(high) > 0 {
		diags.AddAttributeError(core.Attribute("min_score"), "Contradictory score range", fmt.Sprintf(
			"min_score (%s) is above max_score (%s): no user can match.", low.Text('g', 10), high.Text('g', 10)))
		return
	}
	least, most, err := m.scores()
	if err != nil {
		diags.AddAttributeError(core.Attribute("min_score"), "Invalid score range", core.Sentence(err.Error()))
		return
	}
	if !identity.ContainsTwoDecimalScore(*least, *most) {
		diags.AddAttributeError(core.Attribute("min_score"), "Contradictory score range", fmt.Sprintf(
			"Falcon shows risk scores with two decimals, and none lies between min_score (%s) and max_score (%s): no user can match.", least, most))
	}
}

func severities() []string {
	return []string{identity.SeverityNormal, identity.SeverityMedium, identity.SeverityHigh}
}

func (m userScoresModel) scores() (least, most *identity.Decimal, err error) {
	if least, err = scoreBound(m.MinScore); err != nil {
		return nil, nil, fmt.Errorf("min_score: %w", err)
	}
	if most, err = scoreBound(m.MaxScore); err != nil {
		return nil, nil, fmt.Errorf("max_score: %w", err)
	}
	return least, most, nil
}

// toAPI converts the filter.
func (m userScoresModel) toAPI() (identity.UserFilter, error) {
	least, most, err := m.scores()
	if err != nil {
		return identity.UserFilter{}, err
	}
	f := identity.UserFilter{
		Domains: stringsOf(m.Domains), Emails: stringsOf(m.Emails), EntityIDs: stringsOf(m.EntityIDs),
		SAMAccountNames: stringsOf(m.SAMAccountNames), Roles: stringsOf(m.Roles), NamePattern: m.NamePattern.ValueString(),
		MinSeverity: m.MinSeverity.ValueString(), MaxSeverity: m.MaxSeverity.ValueString(), MinScore: least, MaxScore: most,
		Archived: m.Archived.ValueBoolPointer(), Enabled: m.Enabled.ValueBoolPointer(), Admin: m.Admin.ValueBoolPointer(),
		RequireEmail: m.RequireEmail.ValueBool(),
	}
	if !m.Severity.IsNull() {
		f.MinSeverity, f.MaxSeverity = m.Severity.ValueString(), m.Severity.ValueString()
	}
	return f, nil
}

// The large fields, which are read only if they are included.
const (
	includeAccounts    = "accounts"
	includeRiskFactors = "risk_factors"
	includeRoles       = "roles"
)

func (m userScoresModel) include() identity.Include {
	asked := stringsOf(m.Include)
	return identity.Include{
		Accounts:    slices.Contains(asked, includeAccounts),
		RiskFactors: slices.Contains(asked, includeRiskFactors),
		Roles:       slices.Contains(asked, includeRoles),
	}
}

// fill reads the users and the summary.
func (m userScoresModel) fill(ctx context.Context, client userReader, diags *diag.Diagnostics) userScoresModel {
	filter, err := m.toAPI()
	if err != nil {
		diags.AddError("Invalid score range", core.Sentence(err.Error()))
		return m
	}
	if !checkDomains(ctx, client, filter.Domains, diags) {
		return m
	}
	result, err := m.read(ctx, client, filter)
	if err != nil {
		diags.AddError("Unable to read user scores", err.Error())
		return m
	}
	filled, err := m.fromAPI(result)
	if err != nil {
		diags.AddError("Unable to encode user scores", err.Error())
		return m
	}
	filled.warn("users", diags)
	return filled
}

func (m userScoresModel) read(ctx context.Context, client userReader, filter identity.UserFilter) (userScoresResult, error) {
	var r userScoresResult
	atOnce := int(m.MaxConcurrency.ValueInt64())
	summary, err := (*identity.UserSummary)(nil), error(nil)
	if m.rows() == rowsNone {
		if summary, err = client.UserSummary(ctx, filter); err != nil {
			return r, err
		}
		r.matched = summary.Count
	} else {
		found, err := client.Users(ctx, identity.UserRead{
			Filter: filter, Include: m.include(), Limit: m.atMost(), Sort: m.Sort.ValueString(), MaxConcurrency: atOnce, Summary: true,
		})
		if err != nil {
			return r, err
		}
		// Users may be added and removed between the two reads: matched is about the rows.
		summary, r.users, r.matched = found.Summary, found.Users, found.Matched
	}
	r.summary = *summary
	switch {
	case !m.Average.ValueBool():
	case m.rows() != rowsNone && int64(len(r.users)) >= r.matched:
		r.average, err = identity.AverageScore(r.users) // the rows are all users, so no second scan is needed
	default:
		r.average, err = client.UserAverage(ctx, filter, atOnce)
	}
	return r, err
}

// fromAPI fills in what was read.
func (m userScoresModel) fromAPI(r userScoresResult) (userScoresModel, error) {
	m.count(r.matched, int64(len(r.users)))
	m.Summary = userSummary(r)
	m.Users = types.ListNull(userRowType)
	include := m.include()
	switch m.rows() {
	case rowsList:
		m.Users = rowsAsList(userRowType, len(r.users), func(i int) map[string]attr.Value {
			return newUserRow(&r.users[i], include).values()
		})
	case rowsJSON:
		var err error
		m.RowsJSON, err = rowsAsJSON(len(r.users), func(i int) any {
			user := r.users[i]
			r.users[i] = identity.User{} // so that not all users and the complete text are in memory at the same time
			return newUserRow(&user, include)
		})
		return m, err
	}
	return m, nil
}
