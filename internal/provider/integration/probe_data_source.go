package integration

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/integrations"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var _ datasource.DataSourceWithConfigure = (*probeDataSource)(nil)

// NewProbeDataSource returns the data source falcon_integration_probe.
func NewProbeDataSource() datasource.DataSource { return &probeDataSource{} }

// probeDataSource is the ephemeral resource of the same name for those who want to see that the test succeeded: Terraform
// does not print ephemeral values.
type probeDataSource struct{ core.DataSourceBase }

type probeDataSourceModel struct {
	probeResultModel
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

func (p *probeDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_integration_probe"
}

func (p *probeDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := probeAttributes()
	attributes["timeouts"] = timeouts.Attributes(ctx)
	resp.Schema = schema.Schema{
		MarkdownDescription: "Tests an API client like the ephemeral resource `falcon_integration_probe`, with a result that an output can show. " +
			"It signs in with the given id and secret, makes at most one harmless read for each read scope of the integration, and revokes its token. " +
			"It is read on every plan and changes nothing. A failed test is one warning. The secret is not stored in the state of the data source.\n\n" +
			"Required API scopes: none for the provider.",
		Attributes: attributes,
	}
}

// probeAttributes returns the attributes that the data source and the ephemeral resource have in common.
func probeAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"integration": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "The integration whose scopes to test: `zscaler_adaptive_access`, `cortex_xsoar`, `zscaler_uvm_identity` or `netskope_risk_exchange`.",
			Validators:          []validator.String{stringvalidator.OneOf(integrations.Names()...)},
		},
		"client_id": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "Id of the API client that the receiving product uses.",
		},
		"client_secret": schema.StringAttribute{
			Optional:            true,
			Sensitive:           true,
			MarkdownDescription: "Secret of that API client. If it is null, as after an import or with `secret_recipient`, nothing is tested and `ok` is null.",
		},
		"recommended": schema.BoolAttribute{
			Optional:            true,
			MarkdownDescription: "Whether to also test the scopes that `integration_scopes(name, \"recommended\")` adds. Default: `false`.",
		},
		"ok": schema.BoolAttribute{
			Computed:            true,
			MarkdownDescription: "Whether the API client can sign in and no test failed. Null if there is no secret.",
		},
		"scopes": schema.MapAttribute{
			Computed:            true,
			ElementType:         types.StringType,
			MarkdownDescription: "State of each scope that the integration requires: `works`, `denied`, `retired` (its product is retired: Detections, Incidents, the old IOCs API) or `not_tested` (every other write scope, and scopes without a harmless read). Null if there is no secret.",
		},
		"region": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "Cloud that responded, such as `us-2`.",
		},
		"rate_limit": schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Requests per minute that Falcon allows. Null if Falcon does not state it.",
		},
		"hint": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "What to do about a failure. Null if there is nothing to do.",
		},
	}
}

func (p *probeDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *probeDataSourceModel, diags *diag.Diagnostics) {
		limit, more := m.Timeouts.Read(ctx, probeTimeout)
		if diags.Append(more...); diags.HasError() {
			return
		}
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		m.test(ctx, p.Client, diags)
		m.ClientSecret = types.StringNull() // never in the state
	})
}
