package score

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ datasource.DataSourceWithConfigure      = (*hostScoresDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*hostScoresDataSource)(nil)
)

// NewHostScoresDataSource returns the data source falcon_host_scores.
func NewHostScoresDataSource() datasource.DataSource { return &hostScoresDataSource{} }

// hostScoresDataSource reads the overall scores of many hosts, and a summary.
type hostScoresDataSource struct{ core.DataSourceBase }

// hostScoresModel is the part that the data source and the ephemeral resource share.
type hostScoresModel struct {
	scoreRows
	MinScore       types.Int64  `tfsdk:"min_score"`
	MaxScore       types.Int64  `tfsdk:"max_score"`
	AgentIDs       types.List   `tfsdk:"agent_ids"`
	Detail         types.Bool   `tfsdk:"detail"`
	Sort           types.String `tfsdk:"sort"`
	MaxConcurrency types.Int64  `tfsdk:"max_concurrency"`
	Hosts          types.List   `tfsdk:"hosts"`
	NotFound       types.List   `tfsdk:"not_found"`
	Summary        types.Object `tfsdk:"summary"`
}

type hostScoresData struct {
	hostScoresModel
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// The orders by score: those of Falcon's own listing (wire/zero-trust.md#by-score).
const (
	sortLowestFirst  = "score|asc"
	sortHighestFirst = "score|desc"
)

func (d *hostScoresDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_host_scores"
}

func (d *hostScoresDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := hostScoresAttributes()
	attributes["timeouts"] = timeouts.Attributes(ctx)
	resp.Schema = schema.Schema{
		MarkdownDescription: "The Zero Trust Assessment scores of many hosts: always a summary and, if requested, the hosts themselves.\n\n" +
			"Required API scopes: `zero-trust-assessment:read`.",
		Attributes: attributes,
	}
}

// hostScoresAttributes are those that the data source and the ephemeral resource share.
func hostScoresAttributes() map[string]schema.Attribute {
	score := []validator.Int64{int64validator.Between(0, 100)}
	attributes := map[string]schema.Attribute{
		"min_score": schema.Int64Attribute{Optional: true, Validators: score, MarkdownDescription: "Only hosts with at least this overall score, 0 to 100."},
		"max_score": schema.Int64Attribute{Optional: true, Validators: score, MarkdownDescription: "Only hosts with at most this overall score, 0 to 100."},
		"agent_ids": schema.ListAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Only these hosts, by agent id. An empty list matches no host. Omit the argument for all hosts.",
			Validators:          []validator.List{core.NoNullElements(), listvalidator.ValueStringsAre(agentID())},
		},
		"detail": schema.BoolAttribute{Optional: true, MarkdownDescription: "Whether the rows have the component scores and the properties of the host in addition to the overall score. This reads every returned host. Default `false`."},
		"sort": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Order of the rows: `score|asc` (default, the least safe first) or `score|desc`. Hosts with the same score are sorted by agent id.",
			Validators:          []validator.String{stringvalidator.OneOf(sortLowestFirst, sortHighestFirst)},
		},
		"max_concurrency": maxConcurrencyAttribute(),
		"hosts": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "The hosts, with `rows = \"list\"`; otherwise null.",
			CustomType:          types.ListType{ElemType: hostRowType}, // see rowObject
			NestedObject:        rowObject(hostRowType, hostRowAttributes()),
		},
		"not_found": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Those of `agent_ids` that have no score: unknown to Falcon, or not assessed yet."},
		"summary": schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Summary of all matching hosts, regardless of `rows` and `limit`.",
			Attributes:          hostSummaryAttributes(),
		},
	}
	maps.Copy(attributes, rowAttributes("hosts", "without `detail` only `agent_id` and `overall`."))
	return attributes
}

func (d *hostScoresDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var m hostScoresData
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() {
		m.validate(&resp.Diagnostics)
	}
}

func (m hostScoresModel) validate(diags *diag.Diagnostics) {
	if isKnown(m.MinScore) && isKnown(m.MaxScore) && m.MinScore.ValueInt64() > m.MaxScore.ValueInt64() {
		diags.AddAttributeError(core.Attribute("min_score"), "Contradictory score range", fmt.Sprintf(
			"min_score (%d) is above max_score (%d): no host can match.", m.MinScore.ValueInt64(), m.MaxScore.ValueInt64()))
	}
	m.validateRows(diags)
}

func (d *hostScoresDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *hostScoresData, diags *diag.Diagnostics) {
		m.hostScoresModel = m.fill(ctx, d.Client, diags)
	})
}

func agentID() validator.String {
	return core.CheckString("must be an agent id of 32 hexadecimal digits", "Invalid agent id", func(s string) error {
		if !core.HexIDPattern.MatchString(s) {
			return fmt.Errorf("an agent id has 32 hexadecimal digits, got %q", s)
		}
		return nil
	})
}
