package apiclient

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var _ datasource.DataSourceWithConfigure = (*clientsDataSource)(nil)

// NewClientsDataSource returns the data source falcon_api_clients.
func NewClientsDataSource() datasource.DataSource { return &clientsDataSource{} }

// clientsDataSource lists the API clients of the tenant, for audits.
type clientsDataSource struct{ core.DataSourceBase }

type clientsModel struct {
	NameContains types.String   `tfsdk:"name_contains"`
	Clients      types.List     `tfsdk:"clients"`
	Timeouts     timeouts.Value `tfsdk:"timeouts"`
}

// clientRow is the type of one element of clients.
var clientRow = types.ObjectType{AttrTypes: map[string]attr.Type{
	"id":             types.StringType,
	"name":           types.StringType,
	"description":    types.StringType,
	"scopes":         types.ListType{ElemType: types.StringType},
	"retired_scopes": types.ListType{ElemType: types.StringType},
	"created":        types.StringType,
	"last_modified":  types.StringType,
}}

func (d *clientsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_api_clients"
}

func (d *clientsDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	scopes := func(description string) schema.ListAttribute {
		return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the API clients of the tenant with their scopes, to audit what they may do. Falcon does not show their secrets. " +
			"Two requests read 500 API clients.\n\nRequired API scopes: `api-client-mgmt:read`.",
		Attributes: map[string]schema.Attribute{
			"name_contains": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only API clients with this text in their names. Case is ignored.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"clients": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The API clients, sorted by name.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":             text("The client id, 32 hexadecimal digits."),
					"name":           text("Name. Null if Falcon does not show it."),
					"description":    text("Purpose of the API client. Null if Falcon does not show it."),
					"scopes":         scopes("Ids of the scopes that the API client has, sorted. Null if Falcon does not show them."),
					"retired_scopes": scopes("Those of `scopes` whose products CrowdStrike has retired: Detections (`detects`), Incidents (`incidents`) and the old IOCs API (`iocs`). Null if Falcon does not show scopes."),
					"created":        text("When the API client was created, as Falcon writes it. Null if Falcon does not show it."),
					"last_modified":  text("When the API client was last changed, as Falcon writes it. Null if Falcon does not show it."),
				}},
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func (d *clientsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *clientsModel, diags *diag.Diagnostics) {
		found, err := d.Client.APIClients(ctx)
		if err != nil {
			diags.AddError("Unable to list API clients", core.Sentence(err.Error()))
			return
		}
		m.fromAPI(found)
	})
}

// fromAPI sorts the rows: Falcon guarantees no order of the objects, and without one every plan could show a change.
func (m *clientsModel) fromAPI(found []falcon.APIClient) {
	found = slices.DeleteFunc(found, func(a falcon.APIClient) bool {
		return !core.NameMatches(m.NameContains, core.ShownName(a.Name))
	})
	slices.SortFunc(found, func(a, b falcon.APIClient) int {
		return cmp.Or(cmp.Compare(core.ShownName(a.Name), core.ShownName(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	rows := make([]attr.Value, len(found))
	for i := range found {
		rows[i] = rowFromAPI(&found[i])
	}
	m.Clients = types.ListValueMust(clientRow, rows)
}

func rowFromAPI(a *falcon.APIClient) attr.Value {
	scopes, retired := types.ListNull(types.StringType), types.ListNull(types.StringType)
	if a.ScopesShown {
		scopes = core.StringList(a.Scopes)
		retired = core.StringList(slices.DeleteFunc(slices.Clone(a.Scopes), func(id string) bool {
			_, gone := falcon.RetiredScope(id)
			return !gone
		}))
	}
	return types.ObjectValueMust(clientRow.AttrTypes, map[string]attr.Value{
		"id":             types.StringValue(a.ID),
		"name":           types.StringPointerValue(a.Name),
		"description":    types.StringPointerValue(a.Description),
		"scopes":         scopes,
		"retired_scopes": retired,
		"created":        core.StringOrNull(a.Created),
		"last_modified":  core.StringOrNull(a.LastModified),
	})
}
