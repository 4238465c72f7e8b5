package score

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ datasource.DataSourceWithConfigure      = (*hostScoresDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*hostScoresDataSource)(nil)
)

func NewHostScoresDataSource() datasource.DataSource { return &hostScoresDataSource{} }

// hostScoresDataSource reads the overall scores of many hosts and sums them up.
type hostScoresDataSource struct{ core.DataSourceBase }

// hostScoresModel is what the data source and the ephemeral resource share.
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
		MarkdownDescription: "The Zero Trust Assessment scores of many hosts: always a summary, and on request the hosts themselves.\n\n" +
			"Required API scopes: `zero-trust-assessment:read`.",
		Attributes: attributes,
	}
}

// hostScoresAttributes are those that the data source and the ephemeral
// resource share.
func hostScoresAttributes() map[string]schema.Attribute {
	score := []validator.Int64{int64validator.Between(0, 100)}
	attributes := map[string]schema.Attribute{
		"min_score": schema.Int64Attribute{Optional: true, Validators: score, MarkdownDescription: "Only hosts with at least this overall score, 0 to 100."},
		"max_score": schema.Int64Attribute{Optional: true, Validators: score, MarkdownDescription: "Only hosts with at most this overall score, 0 to 100."},
		"agent_ids": schema.ListAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Only these hosts, by agent id. An empty list is no host at all; leave the argument out for all hosts.",
			Validators:          []validator.List{core.NoNullElements(), listvalidator.ValueStringsAre(agentID())},
		},
		"detail": schema.BoolAttribute{Optional: true, MarkdownDescription: "Whether the rows carry the component scores and the facts of the host beside the overall score. It takes a further read of every returned host. Default `false`."},
		"sort": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Order of the rows: `score|asc` (default, the least safe first) or `score|desc`. Hosts of one score are in the order of their agent ids.",
			Validators:          []validator.String{stringvalidator.OneOf(sortLowestFirst, sortHighestFirst)},
		},
		"max_concurrency": maxConcurrencyAttribute(),
		"hosts": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "The hosts, with `rows = \"list\"`; else null.",
			CustomType:          types.ListType{ElemType: hostRowType}, // see rowObject
			NestedObject:        rowObject(hostRowType, hostRowAttributes()),
		},
		"not_found": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Those of `agent_ids` that have no score: unknown to Falcon, or not assessed yet."},
		"summary":   hostSummaryAttribute(),
	}
	maps.Copy(attributes, rowAttributes("hosts", "without `detail` only `agent_id` and `overall`."))
	return attributes
}

func (d *hostScoresDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var m hostScoresData
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() {
		m.Validate(&resp.Diagnostics)
	}
}

func (m hostScoresModel) Validate(diags *diag.Diagnostics) {
	if isKnown(m.MinScore) && isKnown(m.MaxScore) && m.MinScore.ValueInt64() > m.MaxScore.ValueInt64() {
		diags.AddAttributeError(core.Attribute("min_score"), "Contradictory score range", fmt.Sprintf(
			"min_score (%d) is above max_score (%d): no host can match.", m.MinScore.ValueInt64(), m.MaxScore.ValueInt64()))
	}
	m.scoreRows.Validate(diags)
}

func (d *hostScoresDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *hostScoresData, diags *diag.Diagnostics) {
		m.hostScoresModel = m.fill(ctx, d.Client, diags)
	})
}

// fill reads what is asked for.
func (m hostScoresModel) fill(ctx context.Context, client scoreReader, diags *diag.Diagnostics) hostScoresModel {
	result, err := m.read(ctx, client)
	if err != nil {
		diags.AddError("Could not read the host scores", err.Error())
		return m
	}
	filled, err := m.fromAPI(result)
	if err != nil {
		diags.AddError("Could not encode the host scores", err.Error())
		return m
	}
	filled.warn("hosts", diags)
	const bareShown = 5
	if n := len(result.bare); n > 0 {
		diags.AddAttributeWarning(core.Attribute("detail"), "Hosts without details", fmt.Sprintf(
			"Falcon gave no assessment of %d of the %d returned hosts, though it lists their scores: their details are null. The first: %s. "+
				"A host that has just left the tenant is the usual reason.", n, len(result.rows), strings.Join(result.bare[:min(n, bareShown)], ", ")))
	}
	return filled
}

// scoreReader is what the data source needs of the client.
type scoreReader interface {
	HostScores(ctx context.Context, read falcon.HostScoreRead) ([]falcon.HostScore, int64, error)
	HostAssessmentsOf(ctx context.Context, aids []string, read falcon.AssessmentRead) ([]falcon.HostAssessment, []string, error)
}

// hostScoresResult is what was read: all matched scores, and the assessments of
// the rows where they are known.
type hostScoresResult struct {
	matched  []falcon.HostScore
	rows     []falcon.HostScore
	details  map[string]falcon.HostAssessment
	bare     []string // returned hosts that Falcon gave no details of
	notFound []string
}

func (m hostScoresModel) read(ctx context.Context, client scoreReader) (hostScoresResult, error) {
	var r hostScoresResult
	var err error
	if m.AgentIDs.IsNull() {
		// The summary is about all matched hosts, so the listing is read whole.
		r.matched, _, err = client.HostScores(ctx, falcon.HostScoreRead{
			Least: m.MinScore.ValueInt64Pointer(), Most: m.MaxScore.ValueInt64Pointer(), MaxConcurrency: m.atOnce(),
		})
	} else {
		r, err = m.readByID(ctx, client)
	}
	if err != nil {
		return r, err
	}
	m.order(r.matched)
	r.rows = m.cut(r.matched)
	if m.Detail.ValueBool() && r.details == nil && len(r.rows) > 0 {
		aids := make([]string, 0, len(r.rows))
		for _, row := range r.rows {
			aids = append(aids, row.AID)
		}
		// A host that left the tenant since the listing keeps its score and has no details.
		found, missing, err := client.HostAssessmentsOf(ctx, aids, falcon.AssessmentRead{MaxConcurrency: m.atOnce()})
		if err != nil {
			return r, err
		}
		r.details, r.bare = byAgent(found), missing
	}
	return r, nil
}

// readByID reads the hosts asked for by id: a few reads, where the listing
// would go through the whole tenant.
func (m hostScoresModel) readByID(ctx context.Context, client scoreReader) (hostScoresResult, error) {
	r := hostScoresResult{details: map[string]falcon.HostAssessment{}}
	aids := m.wanted()
	if len(aids) == 0 {
		return r, nil
	}
	found, _, err := client.HostAssessmentsOf(ctx, aids, falcon.AssessmentRead{MaxConcurrency: m.atOnce()})
	if err != nil {
		return r, err
	}
	r.details = byAgent(found)
	for _, aid := range aids {
		a, ok := r.details[aid]
		switch {
		case !ok || a.Overall == nil:
			r.notFound = append(r.notFound, aid)
		case m.inRange(*a.Overall):
			r.matched = append(r.matched, falcon.HostScore{AID: aid, Score: *a.Overall})
		}
	}
	return r, nil
}

func byAgent(found []falcon.HostAssessment) map[string]falcon.HostAssessment {
	out := make(map[string]falcon.HostAssessment, len(found))
	for _, a := range found {
		out[a.AID] = a
	}
	return out
}
