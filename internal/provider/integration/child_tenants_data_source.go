package integration

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var _ datasource.DataSourceWithConfigure = (*childTenantsDataSource)(nil)

// NewChildTenantsDataSource returns the data source falcon_child_tenants.
func NewChildTenantsDataSource() datasource.DataSource { return &childTenantsDataSource{} }

// childTenantsDataSource lists the Flight Control children of the tenant.
type childTenantsDataSource struct{ core.DataSourceBase }

type childTenantsModel struct {
	Children types.List     `tfsdk:"children"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// childRow is the type of one element of children.
var childRow = types.ObjectType{AttrTypes: map[string]attr.Type{
	"cid": types.StringType, "ccid": types.StringType, "name": types.StringType, "status": types.StringType, "parent_cid": types.StringType,
}}

func (d *childTenantsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_child_tenants"
}

func (d *childTenantsDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the child tenants of a Flight Control parent. The provider has to be signed in to the parent, without `member_cid`.\n\n" +
			"Required API scopes: `mssp:read`.",
		Attributes: map[string]schema.Attribute{
			"children": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The child tenants, sorted by CID.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"cid":        text("Customer ID, 32 hexadecimal digits in lower case: the value for the provider's `member_cid`."),
					"ccid":       text("Customer ID with checksum, as the console shows it. Null if Falcon does not show the checksum."),
					"name":       text("Name. Null if Falcon does not show it."),
					"status":     text("Status as Falcon writes it, such as `active`. Null if Falcon does not show it."),
					"parent_cid": text("Customer ID of the tenant to which the child is linked. Null if Falcon does not show it."),
				}},
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func (d *childTenantsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *childTenantsModel, diags *diag.Diagnostics) {
		children, err := d.Client.ChildTenants(ctx)
		if err != nil {
			diags.AddError("Unable to list child tenants", core.Sentence(err.Error())+d.notParentHint(err))
			return
		}
		m.fromAPI(children)
	})
}

// notParentHint explains a 403 that is not about a scope: most likely the tenant is not a parent (wire/open-questions.md#q103).
func (d *childTenantsDataSource) notParentHint(err error) string {
	fe, ok := errors.AsType[*falcon.Error](err)
	switch {
	case !ok || !falcon.IsForbidden(err) || fe.MissingScope != "":
		return ""
	case d.Client.MemberCID() != "":
		return " The provider is signed in to the child tenant " + d.Client.MemberCID() + ". Its parent lists the children: use a provider without member_cid."
	}
	return " A tenant that is not a Flight Control parent may respond like this too."
}

// fromAPI sorts the children: Falcon's order changes when one of them is changed.
func (m *childTenantsModel) fromAPI(children []falcon.ChildTenant) {
	slices.SortFunc(children, func(a, b falcon.ChildTenant) int { return cmp.Compare(a.CID, b.CID) })
	rows := make([]attr.Value, len(children))
	for i, child := range children {
		rows[i] = types.ObjectValueMust(childRow.AttrTypes, map[string]attr.Value{
			"cid": types.StringValue(child.CID), "ccid": core.StringOrNull(child.CCID), "name": core.StringOrNull(child.Name),
			"status": core.StringOrNull(child.Status), "parent_cid": core.StringOrNull(child.ParentCID),
		})
	}
	m.Children = types.ListValueMust(childRow, rows)
}
