package integration

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var _ datasource.DataSourceWithConfigure = (*tenantDataSource)(nil)

// NewTenantDataSource returns the data source falcon_tenant.
func NewTenantDataSource() datasource.DataSource { return &tenantDataSource{} }

type tenantDataSource struct{ core.DataSourceBase }

type tenantModel struct {
	CID      types.String   `tfsdk:"cid"`
	CCID     types.String   `tfsdk:"ccid"`
	Cloud    types.String   `tfsdk:"cloud"`
	BaseURL  types.String   `tfsdk:"base_url"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

func (d *tenantDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_tenant"
}

func (d *tenantDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads the Falcon tenant to which the provider is signed in: what other products require in addition to an API client.\n\nRequired API scopes: `sensor-installers:read`.",
		Attributes: map[string]schema.Attribute{
			"cid": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Customer ID: 32 hexadecimal digits, in lower case.",
			},
			"ccid": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Customer ID with checksum, as the console shows it: 32 hexadecimal digits, a dash and two more digits.",
			},
			"cloud": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Name of the tenant's cloud, such as `us-2`. Null if the provider's `base_url` is not that of a known cloud.",
			},
			"base_url": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Base URL of the tenant's API, such as `https://api.us-2.crowdstrike.com`.",
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func (d *tenantDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *tenantModel, diags *diag.Diagnostics) {
		tenant, err := d.Client.Tenant(ctx)
		if err != nil {
			diags.AddError("Unable to read tenant", core.Sentence(err.Error()))
			return
		}
		m.fromAPI(tenant, d.Client.Cloud(), d.Client.BaseURL())
	})
}

func (m *tenantModel) fromAPI(tenant falcon.Tenant, cloud, baseURL string) {
	m.CID, m.CCID = types.StringValue(tenant.CID), types.StringValue(tenant.CCID)
	m.Cloud, m.BaseURL = core.StringOrNull(cloud), types.StringValue(baseURL)
}
