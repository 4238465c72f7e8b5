package score

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var _ datasource.DataSourceWithConfigure = (*hostScoreSummaryDataSource)(nil)

func NewHostScoreSummaryDataSource() datasource.DataSource { return &hostScoreSummaryDataSource{} }

// hostScoreSummaryDataSource reads the tenant's averages, which Falcon itself
// works out.
type hostScoreSummaryDataSource struct{ core.DataSourceBase }

type hostScoreSummaryModel struct {
	CID            types.String   `tfsdk:"cid"`
	AverageOverall types.Number   `tfsdk:"average_overall"`
	Hosts          types.Int64    `tfsdk:"hosts"`
	Platforms      types.List     `tfsdk:"platforms"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`
}

func (d *hostScoreSummaryDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_host_score_summary"
}

func (d *hostScoreSummaryDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The tenant's average Zero Trust Assessment scores, as Falcon itself works them out: one call, however many hosts there are.\n\n" +
			"Required API scopes: `zero-trust-assessment:read`.",
		Attributes: map[string]schema.Attribute{
			"cid":             schema.StringAttribute{Computed: true, MarkdownDescription: "CID of the tenant."},
			"average_overall": schema.NumberAttribute{Computed: true, MarkdownDescription: "Average overall score of all hosts, 0 to 100, higher is safer; null if Falcon shows none."},
			"hosts":           schema.Int64Attribute{Computed: true, MarkdownDescription: "How many hosts that is about."},
			"platforms": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The same for each platform, in Falcon's order.",
				NestedObject:        schema.NestedAttributeObject{Attributes: platformAttributes()},
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func platformAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name":            schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the platform, such as `Win`, `Mac` or `Lin`."},
		"average_overall": schema.NumberAttribute{Computed: true, MarkdownDescription: "Average overall score of its hosts, 0 to 100, higher is safer."},
		"hosts":           schema.Int64Attribute{Computed: true, MarkdownDescription: "How many hosts."},
		"audit":           schema.MapAttribute{Computed: true, ElementType: types.NumberType, MarkdownDescription: "Further figures by name, as Falcon shows them. Which ones is not documented."},
	}
}

var platformTypes = attributeTypes(platformAttributes())

func (d *hostScoreSummaryDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *hostScoreSummaryModel, diags *diag.Diagnostics) {
		summary, err := d.Client.HostScoreSummary(ctx)
		if err != nil {
			diags.AddError("Could not read the summary of the host scores", err.Error())
			return
		}
		*m = m.fromAPI(summary)
	})
}

// fromAPI fills in what the audit says.
func (m hostScoreSummaryModel) fromAPI(s *falcon.HostScoreSummary) hostScoreSummaryModel {
	m.CID = core.StringOrNull(s.CID)
	m.AverageOverall = exactNumber(s.AverageOverall.String())
	m.Hosts = types.Int64Value(s.Hosts)
	platforms := make([]attr.Value, 0, len(s.Platforms))
	for _, p := range s.Platforms {
		audit := make(map[string]attr.Value, len(p.Audit))
		for name, figure := range p.Audit {
			audit[name] = exactNumber(figure.String())
		}
		platforms = append(platforms, types.ObjectValueMust(platformTypes, map[string]attr.Value{
			"name":            types.StringValue(p.Name),
			"average_overall": exactNumber(p.AverageOverall.String()),
			"hosts":           types.Int64Value(p.Hosts),
			"audit":           types.MapValueMust(types.NumberType, audit),
		}))
	}
	m.Platforms = types.ListValueMust(types.ObjectType{AttrTypes: platformTypes}, platforms)
	return m
}
