package apiclient

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var _ datasource.DataSourceWithConfigure = (*scopesDataSource)(nil)

// NewScopesDataSource returns the data source falcon_api_scopes.
func NewScopesDataSource() datasource.DataSource { return &scopesDataSource{} }

type scopesDataSource struct{ core.DataSourceBase }

type scopesModel struct {
	Group    types.String   `tfsdk:"group"`
	Action   types.String   `tfsdk:"action"`
	IDs      types.Set      `tfsdk:"ids"`
	Scopes   types.List     `tfsdk:"scopes"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

var scopeType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"id": types.StringType, "group": types.StringType, "action": types.StringType,
}}

func (d *scopesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_api_scopes"
}

func (d *scopesDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the scopes that the tenant offers to API clients. They differ by subscription, and scopes of retired products disappear: `setintersection` with `ids` reduces a list to the scopes that the tenant offers.\n\nRequired API scopes: `api-client-mgmt:read`.",
		Attributes: map[string]schema.Attribute{
			"group": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Lists only scopes of this group, such as `Hosts`. Case is ignored.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"action": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Lists only scopes for this action: `read` or `write`.",
				Validators:          []validator.String{stringvalidator.OneOf("read", "write")},
			},
			"ids": schema.SetAttribute{
				Computed:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "Ids of the scopes, such as `devices:read`.",
			},
			"scopes": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The scopes, sorted by id.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "Id, such as `devices:read`.",
					},
					"group": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "Falcon's name of the group to which the scope belongs, such as `Hosts`. May be empty.",
					},
					"action": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "`read` or `write`.",
					},
				}},
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func (d *scopesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *scopesModel, diags *diag.Diagnostics) {
		offered, err := d.Client.AccessibleScopes(ctx)
		if err != nil {
			diags.AddError("Unable to list scopes of the tenant", core.Sentence(err.Error()))
			return
		}
		m.fromAPI(ctx, offered, diags)
	})
}

// fromAPI keeps the scopes that match the filters, in Falcon's order.
func (m *scopesModel) fromAPI(ctx context.Context, offered []falcon.Scope, diags *diag.Diagnostics) {
	ids, rows := []string{}, []attr.Value{}
	for _, s := range offered {
		if !m.Group.IsNull() && !strings.EqualFold(s.Group, m.Group.ValueString()) ||
			!m.Action.IsNull() && s.Action != m.Action.ValueString() {
			continue
		}
		ids = append(ids, s.ID)
		rows = append(rows, types.ObjectValueMust(scopeType.AttrTypes, map[string]attr.Value{
			"id": types.StringValue(s.ID), "group": types.StringValue(s.Group), "action": types.StringValue(s.Action),
		}))
	}
	m.IDs = stringSet(ctx, ids, diags)
	m.Scopes = types.ListValueMust(scopeType, rows)
}
