package score

import (
	"context"
	"fmt"
	"maps"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ datasource.DataSourceWithConfigure      = (*userScoresDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*userScoresDataSource)(nil)
)

// NewUserScoresDataSource returns the data source falcon_user_scores.
func NewUserScoresDataSource() datasource.DataSource { return &userScoresDataSource{} }

// userScoresDataSource reads the risk scores of many users, and a summary.
type userScoresDataSource struct{ core.DataSourceBase }

type userScoresData struct {
	userScoresModel
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// identityScopes describes the scopes that reading users requires (wire/identity.md#transport).
const identityScopes = "Required API scopes: `identity-graphql:write` and `identity-entities:read`."

func (d *userScoresDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user_scores"
}

func (d *userScoresDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := userScoresAttributes()
	attributes["timeouts"] = timeouts.Attributes(ctx)
	resp.Schema = schema.Schema{
		MarkdownDescription: "The Identity Protection risk scores of many users: always a summary and, if requested, the users themselves.\n\n" + identityScopes,
		Attributes:          attributes,
	}
}

// userScoresAttributes are those that the data source and the ephemeral
// resource share.
func userScoresAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"include": schema.ListAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Large fields to read in addition: `accounts` (also fills `enabled`, `domain`, `sam_account_name` and `upn`), `risk_factors`, `roles`. By default none of them is read: they are null in `users` and missing in `rows_json`.",
			Validators: []validator.List{
				core.NoNullElements(), listvalidator.ValueStringsAre(stringvalidator.OneOf(includeAccounts, includeRiskFactors, includeRoles)),
			},
		},
		"sort": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Order of the rows: `entity_id` (default), `score|desc` (the riskiest first) or `score|asc`. Users with the same score are sorted by entity id. Which users `limit` keeps depends on the unrounded score, which Falcon does not show.",
			Validators:          []validator.String{stringvalidator.OneOf(identity.SortEntityID, sortLowestFirst, sortHighestFirst)},
		},
		"max_concurrency": maxConcurrencyAttribute(),
		"average":         schema.BoolAttribute{Optional: true, MarkdownDescription: "Whether to calculate `summary.average`. Falcon can count users but not average their scores, so every matching user is read. Default `false`."},
		"users": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "The users, with `rows = \"list\"`; otherwise null.",
			CustomType:          types.ListType{ElemType: userRowType}, // see rowObject
			NestedObject: rowObject(userRowType, userAttributes(func(include string) string {
				return fmt.Sprintf(" Null unless `include` has `%s`.", include)
			})),
		},
		"summary": schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Summary of all matching users, regardless of `rows` and `limit`. It is counted when the read begins: if users are added or removed meanwhile, its `count` may differ from `matched`.",
			Attributes:          userSummaryAttributes(),
		},
	}
	maps.Copy(attributes, userFilterAttributes())
	maps.Copy(attributes, rowAttributes("users", "those of large fields are there only with `include`."))
	return attributes
}

func userFilterAttributes() map[string]schema.Attribute {
	list := func(description string, values ...validator.String) schema.ListAttribute {
		return schema.ListAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: fmt.Sprintf("Only users %s. At most %d; an empty list matches no user. Omit the argument for all users.", description, identity.MaxFilterValues),
			Validators: []validator.List{
				listvalidator.SizeAtMost(identity.MaxFilterValues), core.NoNullElements(), listvalidator.ValueStringsAre(values...),
			},
		}
	}
	flag := func(description string) schema.BoolAttribute {
		return schema.BoolAttribute{Optional: true, MarkdownDescription: description}
	}
	severity := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.String{stringvalidator.OneOf(severities()...)}}
	}
	score := func(description string) schema.NumberAttribute {
		return schema.NumberAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.Number{riskScore()}}
	}
	return map[string]schema.Attribute{
		"domains":           list("with an account in one of these domains, in any letter case. A domain that Falcon does not know is an error", core.NotBlank()),
		"emails":            list("with one of these email addresses", core.NotBlank()),
		"entity_ids":        list("with one of these entity ids", entityID()),
		"sam_account_names": list("with an account of one of these SAM account names", core.NotBlank()),
		"roles":             list("with one of these roles, or one below it, such as `HumanUserAccountRole`", core.NotBlank()),
		"name_pattern": schema.StringAttribute{
			Optional: true, Validators: []validator.String{core.NotBlank()},
			MarkdownDescription: "Only users whose display name or secondary display name matches this pattern, in any letter case; `*` stands for any text.",
		},
		"severity":      severity("Only users of this severity: `NORMAL`, `MEDIUM` or `HIGH`."),
		"min_severity":  severity("Only users of at least this severity."),
		"max_severity":  severity("Only users of at most this severity."),
		"min_score":     score("Only users with at least this risk score, 0 to 1, as it is shown, with two decimals."),
		"max_score":     score("Only users with at most this risk score, 0 to 1, as it is shown, with two decimals."),
		"archived":      flag("`false`: only users that still exist; `true`: only those that do not. Default: both."),
		"enabled":       flag("`true`: only users with an enabled account; `false`: only users with a disabled one. Default: all."),
		"admin":         flag("`true`: only users with an administrator role; `false`: only those without. Default: all."),
		"require_email": flag("Whether to leave out users without an email address. Default `false`."),
	}
}

var entityIDPattern = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

func entityID() validator.String {
	return core.CheckString("must be an entity id, a UUID", "Invalid entity id", func(s string) error {
		if !entityIDPattern.MatchString(s) {
			return fmt.Errorf("an entity id is a UUID such as 095b6929-44b9-4525-a0cc-9ef4552011f3, got %q", s)
		}
		return nil
	})
}

func (d *userScoresDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var m userScoresData
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() {
		m.Validate(&resp.Diagnostics)
	}
}

func (d *userScoresDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *userScoresData, diags *diag.Diagnostics) {
		m.userScoresModel = m.fill(ctx, identity.New(d.Client), diags)
	})
}
