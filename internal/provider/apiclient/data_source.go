package apiclient

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ datasource.DataSourceWithConfigure        = (*apiClientDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*apiClientDataSource)(nil)
)

func NewAPIClientDataSource() datasource.DataSource { return &apiClientDataSource{} }

type apiClientDataSource struct{ core.DataSourceBase }

// apiClientDataModel has no secret: Falcon shows it at a create or reset only.
type apiClientDataModel struct {
	ID          types.String   `tfsdk:"id"`
	ClientID    types.String   `tfsdk:"client_id"`
	Name        types.String   `tfsdk:"name"`
	Description types.String   `tfsdk:"description"`
	Scopes      types.Set      `tfsdk:"scopes"`
	Timeouts    timeouts.Value `tfsdk:"timeouts"`
}

func (d *apiClientDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_api_client"
}

func (d *apiClientDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An existing API client, by id or name, and the scopes that it holds. Never its secret.\n\nRequired API scopes: `api-client-mgmt:read`.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "The client id, 32 hexadecimal digits. Exactly one of `id` and `name` is required.",
				Validators:          []validator.String{core.FalconIDValidator()},
			},
			"name": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Exact name.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"client_id":   schema.StringAttribute{Computed: true, MarkdownDescription: "The client id, under the name that other products ask for."},
			"description": schema.StringAttribute{Computed: true, MarkdownDescription: "What the API client is for. Null where Falcon does not show it."},
			"scopes": schema.SetAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Ids of the scopes that the API client holds. Null where Falcon does not show them.",
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func (d *apiClientDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(core.Attribute("id").Expression(), core.Attribute("name").Expression()),
	}
}

func (d *apiClientDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *apiClientDataModel, diags *diag.Diagnostics) {
		found := d.find(ctx, *m, diags)
		if found == nil {
			return
		}
		m.take(ctx, found, diags)
	})
}

// find looks the client up; nil after an error.
func (d *apiClientDataSource) find(ctx context.Context, m apiClientDataModel, diags *diag.Diagnostics) *falcon.APIClient {
	if !m.ID.IsNull() {
		found, err := d.Client.APIClient(ctx, m.ID.ValueString())
		switch {
		case falcon.IsNotFound(err):
			diags.AddAttributeError(core.Attribute("id"), "API client not found",
				fmt.Sprintf("The tenant has no API client with the id %s.", m.ID.ValueString()))
			return nil
		case err != nil:
			diags.AddAttributeError(core.Attribute("id"), "Could not read the API client", core.Sentence(err.Error()))
			return nil
		}
		return found
	}
	found, err := d.Client.APIClientsByName(ctx, m.Name.ValueString())
	switch {
	case err != nil:
		diags.AddAttributeError(core.Attribute("name"), "Could not look up the API client", core.Sentence(err.Error()))
	case len(found) == 0:
		diags.AddAttributeError(core.Attribute("name"), "API client not found",
			fmt.Sprintf("The tenant has no API client named %s. Names are compared exactly.", core.Quoted(m.Name)))
	case len(found) > 1:
		ids := make([]string, len(found))
		for i, c := range found {
			ids[i] = c.ID
		}
		diags.AddAttributeError(core.Attribute("name"), "Several API clients of this name",
			fmt.Sprintf("The tenant has %d API clients named %s: %s. Set id instead.", len(found), core.Quoted(m.Name), strings.Join(ids, ", ")))
	default:
		return &found[0]
	}
	return nil
}

// take fills in what Falcon shows.
func (m *apiClientDataModel) take(ctx context.Context, found *falcon.APIClient, diags *diag.Diagnostics) {
	m.ID, m.ClientID = types.StringValue(found.ID), types.StringValue(found.ID)
	m.Name, m.Description = types.StringPointerValue(found.Name), types.StringPointerValue(found.Description)
	m.Scopes = types.SetNull(types.StringType)
	if found.ScopesShown {
		m.Scopes = stringSet(ctx, found.Scopes, diags)
	}
}
