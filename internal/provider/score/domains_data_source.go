package score

import (
	"context"
	"slices"

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

var _ datasource.DataSourceWithConfigure = (*domainsDataSource)(nil)

// NewDomainsDataSource returns the data source falcon_domains.
func NewDomainsDataSource() datasource.DataSource { return &domainsDataSource{} }

// domainsDataSource lists the domains in Identity Protection.
type domainsDataSource struct{ core.DataSourceBase }

type domainsModel struct {
	DataSources types.List     `tfsdk:"data_sources"`
	Domains     types.List     `tfsdk:"domains"`
	Timeouts    timeouts.Value `tfsdk:"timeouts"`
}

func (d *domainsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_domains"
}

func (d *domainsDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	// The values of the enum DataSource (wire/identity.md#domains).
	sources := stringvalidator.OneOf("SNIFFER", "ACTIVE_DIRECTORY", "ADFS", "OKTA", "AZURE", "PING_IDENTITY", "AWS")
	resp.Schema = schema.Schema{
		MarkdownDescription: "The domains in Falcon Identity Protection.\n\n" + identityScopes,
		Attributes: map[string]schema.Attribute{
			"data_sources": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Only domains from one of these sources: `ACTIVE_DIRECTORY`, `AZURE`, `OKTA`, `ADFS`, `PING_IDENTITY`, `AWS`, `SNIFFER`. Default all.",
				Validators:          []validator.List{listvalidator.SizeAtLeast(1), core.NoNullElements(), listvalidator.ValueStringsAre(sources)},
			},
			"domains":  schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Names of the domains, in capitals as Falcon shows them, sorted."},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func (d *domainsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *domainsModel, diags *diag.Diagnostics) {
		domains, err := identity.New(d.Client).Domains(ctx, stringsOf(m.DataSources))
		if err != nil {
			diags.AddError("Unable to read domains", err.Error())
			return
		}
		// Falcon does not guarantee an order; without one, every plan could show a change.
		m.Domains = core.StringList(slices.Sorted(slices.Values(domains)))
	})
}
