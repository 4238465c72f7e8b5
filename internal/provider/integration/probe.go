package integration

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/ephemeral/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/integrations"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// probeTimeout limits a probe whose configuration sets no timeouts. It is short, because a probe runs on every plan and apply.
const probeTimeout = time.Minute

var _ ephemeral.EphemeralResourceWithConfigure = (*probe)(nil)

// NewProbe returns the ephemeral resource falcon_integration_probe.
func NewProbe() ephemeral.EphemeralResource { return &probe{} }

// probe reports what the "Test integration" button of the receiving product will report. It changes nothing, and a failed
// test is a warning, so that it does not block a plan.
type probe struct{ core.EphemeralBase }

type probeModel struct {
	probeResultModel
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// probeResultModel is what the ephemeral resource and the data source have in common.
type probeResultModel struct {
	Integration  types.String `tfsdk:"integration"`
	ClientID     types.String `tfsdk:"client_id"`
	ClientSecret types.String `tfsdk:"client_secret"`
	Recommended  types.Bool   `tfsdk:"recommended"`
	OK           types.Bool   `tfsdk:"ok"`
	Scopes       types.Map    `tfsdk:"scopes"`
	Region       types.String `tfsdk:"region"`
	RateLimit    types.Int64  `tfsdk:"rate_limit"`
	Hint         types.String `tfsdk:"hint"`
}

func (p *probe) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_integration_probe"
}

func (p *probe) Schema(ctx context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	attributes := core.EphemeralAttributes(probeAttributes())
	attributes["timeouts"] = timeouts.Attributes(ctx)
	resp.Schema = schema.Schema{
		MarkdownDescription: "Tests an API client as the receiving product will use it, and reports what its *Test integration* button will report. " +
			"It signs in with the given id and secret, sends at most one harmless read for each read scope of the integration, and revokes its token. " +
			"It runs on every plan and apply, changes nothing in the tenant and never fails: all problems are in one warning.\n\n" +
			"Required API scopes: none for the provider's own API client. The scopes of the integration are tested.",
		Attributes: attributes,
	}
}

func (p *probe) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m probeModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	limit, more := m.Timeouts.Open(ctx, probeTimeout)
	if more.HasError() {
		limit = probeTimeout // the schema validates it
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if m.test(ctx, p.Client, &resp.Diagnostics); !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Result.Set(ctx, m)...)
	}
}

// test sets the result. Without a secret, nothing is tested.
func (m *probeResultModel) test(ctx context.Context, client *falcon.Client, diags *diag.Diagnostics) {
	if m.ClientSecret.ValueString() == "" {
		m.OK, m.Scopes = types.BoolNull(), types.MapNull(types.StringType)
		m.Region, m.RateLimit, m.Hint = types.StringNull(), types.Int64Null(), types.StringNull()
		return
	}
	preset, err := integrations.Find(m.Integration.ValueString())
	if err != nil {
		diags.AddAttributeError(core.Attribute("integration"), "Unknown integration", core.Sentence(err.Error()))
		return
	}
	scopes := preset.Scopes
	if m.Recommended.ValueBool() {
		scopes = slices.Concat(preset.Scopes, preset.Recommended)
	}
	result := client.Probe(ctx, m.ClientID.ValueString(), m.ClientSecret.ValueString(), scopes)
	if len(result.Problems) > 0 {
		diags.AddWarning(probeSummary(preset, result), probeWarning(preset, m.ClientID.ValueString(), result))
	}
	m.fromAPI(result)
}

// fromAPI sets the result of a test.
func (m *probeResultModel) fromAPI(result falcon.ProbeResult) {
	states := make(map[string]attr.Value, len(result.Scopes))
	for _, s := range result.Scopes {
		states[s.ID] = types.StringValue(s.State)
	}
	m.OK, m.Scopes = types.BoolValue(result.OK), types.MapValueMust(types.StringType, states)
	m.Region, m.Hint, m.RateLimit = core.StringOrNull(result.Region), core.StringOrNull(result.Hint), types.Int64Null()
	if result.RateLimit > 0 {
		m.RateLimit = types.Int64Value(result.RateLimit)
	}
}

func probeSummary(preset integrations.Preset, result falcon.ProbeResult) string {
	if result.OK {
		return "Test of " + preset.Title + " did not clean up"
	}
	return preset.Title + " will not work with this API client"
}

func probeWarning(preset integrations.Preset, clientID string, result falcon.ProbeResult) string {
	lines := make([]string, 0, len(result.Problems)+2)
	lines = append(lines, fmt.Sprintf("The API client %s was tested as %s will use it:\n", falcon.ShownClientID(clientID), preset.Title))
	for _, problem := range result.Problems {
		if first, _, _ := strings.Cut(problem, " "); !strings.Contains(first, ":") { // a scope id keeps its case
			problem = core.Sentence(problem)
		}
		lines = append(lines, "  - "+problem)
	}
	if result.Hint != "" {
		lines = append(lines, "\n"+result.Hint)
	}
	return strings.Join(lines, "\n")
}
