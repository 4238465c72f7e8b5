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
	"github.com/falcon-integrations/terraform-provider-falcon/internal/suggest"
)

var (
	_ datasource.DataSourceWithConfigure        = (*clientDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*clientDataSource)(nil)
)

// NewDataSource returns the data source falcon_api_client.
func NewDataSource() datasource.DataSource { return &clientDataSource{} }

type clientDataSource struct{ core.DataSourceBase }

// dataModel has no secret: Falcon shows it only when the client is created or the secret is reset.
type dataModel struct {
	ID          types.String   `tfsdk:"id"`
	ClientID    types.String   `tfsdk:"client_id"`
	Name        types.String   `tfsdk:"name"`
	Description types.String   `tfsdk:"description"`
	Scopes      types.Set      `tfsdk:"scopes"`
	Timeouts    timeouts.Value `tfsdk:"timeouts"`
}

func (d *clientDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_api_client"
}

func (d *clientDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads an existing API client by id or name, with its scopes. Falcon does not show its secret.\n\nRequired API scopes: `api-client-mgmt:read`.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "The client id, 32 hexadecimal digits. Exactly one of `id` and `name` is required.",
				Validators:          []validator.String{core.FalconIDValidator()},
			},
			"name": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "Exact name.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"client_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The client id, under the name that other products use for it.",
			},
			"description": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Purpose of the API client. Null if Falcon does not show it.",
			},
			"scopes": schema.SetAttribute{
				Computed:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "Ids of the scopes that the API client has. Null if Falcon does not show them.",
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func (d *clientDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(core.Attribute("id").Expression(), core.Attribute("name").Expression()),
	}
}

func (d *clientDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *dataModel, diags *diag.Diagnostics) {
		find := d.byName
		if !m.ID.IsNull() {
			find = d.byID
		}
		if found := find(ctx, *m, diags); found != nil {
			m.fromAPI(ctx, found, diags)
		}
	})
}

// byID returns the API client with the configured id, or nil after an error.
func (d *clientDataSource) byID(ctx context.Context, m dataModel, diags *diag.Diagnostics) *falcon.APIClient {
	found, err := d.Client.APIClient(ctx, m.ID.ValueString())
	switch {
	case falcon.IsNotFound(err):
		diags.AddAttributeError(core.Attribute("id"), "API client not found",
			fmt.Sprintf("The tenant has no API client with the id %s.", m.ID.ValueString()))
		return nil
	case err != nil:
		diags.AddAttributeError(core.Attribute("id"), "Unable to read API client", core.Sentence(err.Error()))
		return nil
	}
	return found
}

// byName returns the only API client with the configured name, or nil after an error.
func (d *clientDataSource) byName(ctx context.Context, m dataModel, diags *diag.Diagnostics) *falcon.APIClient {
	found, err := d.Client.APIClientsByName(ctx, m.Name.ValueString())
	switch {
	case err != nil:
		diags.AddAttributeError(core.Attribute("name"), "Unable to look up API client", core.Sentence(err.Error()))
	case len(found) == 0:
		diags.AddAttributeError(core.Attribute("name"), "API client not found",
			fmt.Sprintf("The tenant has no API client named %s. Names are compared exactly.%s", core.Quoted(m.Name), d.nearestNames(ctx, m.Name.ValueString())))
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

// nearestNames lists the names of API clients that resemble one, from the listing in which that was looked up.
func (d *clientDataSource) nearestNames(ctx context.Context, name string) string {
	names, err := d.Client.APIClientNames(ctx)
	if err != nil {
		return "" // the name was looked up before: it does not exist, whatever the others are
	}
	near := suggest.Nearest(name, names, 3)
	for i, n := range near {
		near[i] = fmt.Sprintf("%q", n)
	}
	if len(near) == 0 {
		return ""
	}
	return " Nearest: " + strings.Join(near, ", ") + "."
}

func (m *dataModel) fromAPI(ctx context.Context, found *falcon.APIClient, diags *diag.Diagnostics) {
	m.ID, m.ClientID = types.StringValue(found.ID), types.StringValue(found.ID)
	m.Name, m.Description = types.StringPointerValue(found.Name), types.StringPointerValue(found.Description)
	m.Scopes = types.SetNull(types.StringType)
	if found.ScopesShown {
		m.Scopes = stringSet(ctx, found.Scopes, diags)
	}
}
