package score

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// userAttributes are the attributes of a user. with describes when a large field
// is filled; "" means always.
func userAttributes(with func(include string) string) map[string]schema.Attribute {
	accounts, factors, roles := with(includeAccounts), with(includeRiskFactors), with(includeRoles)
	return map[string]schema.Attribute{
		"entity_id":              computedString("Entity id, a UUID."),
		"display_name":           computedString("Display name."),
		"secondary_display_name": computedString("The name that distinguishes users with the same display name, such as `CORP.EXAMPLE.COM\\ada`."),
		"email":                  computedString("First email address, which integrations that support only one address use; null if the user has none."),
		"emails":                 schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "All email addresses, in Falcon's order."},
		"risk_score":             schema.NumberAttribute{Computed: true, MarkdownDescription: "Risk score, 0 (no risk, or none known) to 1, higher is riskier: the exact decimal that Falcon shows, so that comparisons are correct. Null if Falcon shows none."},
		"risk_percent":           schema.Int64Attribute{Computed: true, MarkdownDescription: "Risk score in whole hundredths, 0 to 100, higher is riskier."},
		"netskope_score":         schema.Int64Attribute{Computed: true, MarkdownDescription: "The risk score as Netskope User Risk Exchange converts it: |1 - score| * 1000, 0 to 1000, higher is safer."},
		"severity":               computedString("`NORMAL`, `MEDIUM` or `HIGH`, as Falcon rates it."),
		"admin":                  schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the user has an administrator role."},
		"archived":               schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the user no longer exists. The other attributes then have the last known values."},
		"enabled":                schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether any account of the user is enabled; null without accounts." + accounts},
		"domain":                 computedString("Domain of the first Active Directory account." + accounts),
		"sam_account_name":       computedString("SAM account name of the first Active Directory account." + accounts),
		"upn":                    computedString("User principal name of the first Active Directory account." + accounts),
		"accounts": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "The user's accounts." + accounts,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"data_source":      computedString("The source of the account, such as `ACTIVE_DIRECTORY`, `AZURE` or `OKTA`."),
				"enabled":          schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the account is enabled."},
				"domain":           computedString("Domain of an Active Directory account; null for other accounts."),
				"sam_account_name": computedString("SAM account name of an Active Directory account; null for other accounts."),
				"upn":              computedString("User principal name of an Active Directory account; null for other accounts."),
			}},
		},
		"risk_factors": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "The risk factors that make up the risk score." + factors,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"type":     computedString("Type of the risk, such as `WEAK_PASSWORD_POLICY`."),
				"severity": computedString("`NORMAL`, `MEDIUM` or `HIGH`."),
				"score":    schema.NumberAttribute{Computed: true, MarkdownDescription: "Its score, 0 to 1, higher is riskier."},
			}},
		},
		"roles": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "The user's roles, such as `DomainAdminsRole`." + roles},
	}
}

var (
	userRowTypes     = attributeTypes(userAttributes(func(string) string { return "" }))
	accountTypes     = elementTypes(userRowTypes["accounts"])
	riskFactorTypes  = elementTypes(userRowTypes["risk_factors"])
	userRowType      = types.ObjectType{AttrTypes: userRowTypes}
	accountType      = types.ObjectType{AttrTypes: accountTypes}
	riskFactorType   = types.ObjectType{AttrTypes: riskFactorTypes}
	nullAccounts     = types.ListNull(accountType)
	nullRiskFactors  = types.ListNull(riskFactorType)
	nullStringsOfRow = types.ListNull(types.StringType)
)

// elementTypes are the attribute types of a list's objects.
func elementTypes(list attr.Type) map[string]attr.Type {
	if l, ok := list.(types.ListType); ok {
		if o, ok := l.ElemType.(types.ObjectType); ok {
			return o.AttrTypes
		}
	}
	return nil
}

// objectTypes are the attribute types of an object, nil for anything else.
func objectTypes(object attr.Type) map[string]attr.Type {
	if o, ok := object.(types.ObjectType); ok {
		return o.AttrTypes
	}
	return nil
}

// userRow is a user in rows_json. The keys are those of userAttributes; the keys
// of large fields exist only if the fields were read.
type userRow struct {
	EntityID             string       `json:"entity_id"`
	DisplayName          *string      `json:"display_name"`
	SecondaryDisplayName *string      `json:"secondary_display_name"`
	Email                *string      `json:"email"`
	Emails               []string     `json:"emails"`
	RiskScore            *json.Number `json:"risk_score"`
	RiskPercent          *int64       `json:"risk_percent"`
	NetskopeScore        *int64       `json:"netskope_score"`
	Severity             *string      `json:"severity"`
	Admin                *bool        `json:"admin"`
	Archived             bool         `json:"archived"`
	*userAccounts
	RiskFactors *[]riskFactorRow `json:"risk_factors,omitempty"`
	Roles       *[]string        `json:"roles,omitempty"`
}

type userAccounts struct {
	Enabled        *bool        `json:"enabled"`
	Domain         *string      `json:"domain"`
	SAMAccountName *string      `json:"sam_account_name"`
	UPN            *string      `json:"upn"`
	Accounts       []accountRow `json:"accounts"`
}

type accountRow struct {
	DataSource     string  `json:"data_source"`
	Enabled        bool    `json:"enabled"`
	Domain         *string `json:"domain"`
	SAMAccountName *string `json:"sam_account_name"`
	UPN            *string `json:"upn"`
}

type riskFactorRow struct {
	Type     string       `json:"type"`
	Severity string       `json:"severity"`
	Score    *json.Number `json:"score"`
}

func newUserRow(u *identity.User, include identity.Include) userRow {
	percent := scorePercent(u.RiskScore)
	row := userRow{
		EntityID: u.EntityID, DisplayName: textOrNil(u.DisplayName), SecondaryDisplayName: textOrNil(u.SecondaryDisplayName),
		Emails: orEmpty(u.Emails), RiskScore: numberOrNil(u.RiskScore), RiskPercent: percent, NetskopeScore: netskopeOf(percent),
		Severity: textOrNil(u.Severity), Admin: u.Admin, Archived: u.Archived,
	}
	if len(u.Emails) > 0 {
		row.Email = &u.Emails[0]
	}
	if include.Accounts {
		row.userAccounts = &userAccounts{
			Enabled: u.Enabled, Domain: textOrNil(u.Domain), SAMAccountName: textOrNil(u.SAMAccountName), UPN: textOrNil(u.UPN),
			Accounts: make([]accountRow, 0, len(u.Accounts)),
		}
		for _, a := range u.Accounts {
			row.Accounts = append(row.Accounts, accountRow{
				DataSource: a.DataSource, Enabled: a.Enabled,
				Domain: textOrNil(a.Domain), SAMAccountName: textOrNil(a.SAMAccountName), UPN: textOrNil(a.UPN),
			})
		}
	}
	if include.RiskFactors {
		factors := make([]riskFactorRow, 0, len(u.RiskFactors))
		for _, f := range u.RiskFactors {
			factors = append(factors, riskFactorRow{Type: f.Type, Severity: f.Severity, Score: numberOrNil(f.Score)})
		}
		row.RiskFactors = &factors
	}
	if include.Roles {
		row.Roles = new(orEmpty(u.Roles))
	}
	return row
}

// values are the user's attributes for Terraform; fields that were not read are null.
func (r userRow) values() map[string]attr.Value {
	values := map[string]attr.Value{
		"entity_id":              types.StringValue(r.EntityID),
		"display_name":           types.StringPointerValue(r.DisplayName),
		"secondary_display_name": types.StringPointerValue(r.SecondaryDisplayName),
		"email":                  types.StringPointerValue(r.Email),
		"emails":                 core.StringList(r.Emails),
		"risk_score":             numberValue(r.RiskScore),
		"risk_percent":           types.Int64PointerValue(r.RiskPercent),
		"netskope_score":         types.Int64PointerValue(r.NetskopeScore),
		"severity":               types.StringPointerValue(r.Severity),
		"admin":                  types.BoolPointerValue(r.Admin),
		"archived":               types.BoolValue(r.Archived),
		"risk_factors":           nullRiskFactors,
		"roles":                  nullStringsOfRow,
	}
	r.addTo(values)
	if r.RiskFactors != nil {
		factors := make([]attr.Value, 0, len(*r.RiskFactors))
		for _, f := range *r.RiskFactors {
			factors = append(factors, types.ObjectValueMust(riskFactorTypes, map[string]attr.Value{
				"type": types.StringValue(f.Type), "severity": types.StringValue(f.Severity), "score": numberValue(f.Score),
			}))
		}
		values["risk_factors"] = types.ListValueMust(riskFactorType, factors)
	}
	if r.Roles != nil {
		values["roles"] = core.StringList(*r.Roles)
	}
	return values
}

func (a *userAccounts) addTo(values map[string]attr.Value) {
	accounts := nullAccounts
	if a == nil {
		a = &userAccounts{}
	} else {
		rows := make([]attr.Value, 0, len(a.Accounts))
		for _, row := range a.Accounts {
			rows = append(rows, types.ObjectValueMust(accountTypes, map[string]attr.Value{
				"data_source":      types.StringValue(row.DataSource),
				"enabled":          types.BoolValue(row.Enabled),
				"domain":           types.StringPointerValue(row.Domain),
				"sam_account_name": types.StringPointerValue(row.SAMAccountName),
				"upn":              types.StringPointerValue(row.UPN),
			}))
		}
		accounts = types.ListValueMust(accountType, rows)
	}
	values["enabled"] = types.BoolPointerValue(a.Enabled)
	values["domain"] = types.StringPointerValue(a.Domain)
	values["sam_account_name"] = types.StringPointerValue(a.SAMAccountName)
	values["upn"] = types.StringPointerValue(a.UPN)
	values["accounts"] = accounts
}

func numberValue(n *json.Number) types.Number {
	if n == nil {
		return types.NumberNull()
	}
	return exactNumber(n.String())
}

func numberOrNil(n json.Number) *json.Number {
	if n == "" {
		return nil
	}
	return &n
}

func textOrNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
