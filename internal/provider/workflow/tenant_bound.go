package workflow

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var tenantBoundType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"kind": types.StringType, "path": types.StringType, "line": types.Int64Type, "value": types.StringType,
	"reference": types.StringType, "reason": types.StringType,
}}

func tenantBoundSchema() schema.Attribute {
	text := func(about string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: about}
	}
	return schema.ListNestedAttribute{
		Computed:            true,
		MarkdownDescription: "The values of the document that belong to this tenant, or may belong to it, in the order of the document. The ones with a `reason` stay as they are in `portable_definition`.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"kind": text("`action`, `trigger`, `config` or `credential`, for which references exist, or what the value appears to be: " +
				"`email`, `host_group`, `user`, `cloud`, `event_query`, `inbound_webhook` or `id`."),
			"path":      text("Path in the document."),
			"line":      schema.Int64Attribute{Computed: true, MarkdownDescription: "Line in `definition`."},
			"value":     text("The value in this tenant."),
			"reference": text("The reference that replaces it; null if there is none."),
			"reason":    text("Why there is no reference, and what to check in the other tenant; null if there is one."),
		}},
	}
}

// setPortable sets the attributes for another tenant.
func (m *dataSourceModel) setPortable(ctx context.Context, client *falcon.Client, export *falcon.Export, diags *diag.Diagnostics) {
	tenant, err := readTenant(ctx, client, export.Document, true)
	if err != nil {
		diags.AddError("Unable to look up what belongs to the tenant", core.Sentence(err.Error()))
		return
	}
	text, bound := export.Document.Portable(export.Text, tenant)
	rows := []attr.Value{}
	for _, b := range bound {
		rows = append(rows, types.ObjectValueMust(tenantBoundType.AttrTypes, map[string]attr.Value{
			"kind": types.StringValue(b.Kind), "path": types.StringValue(b.Path), "line": types.Int64Value(int64(b.Line)),
			"value": types.StringValue(b.Value), "reference": textOrNull(b.Reference), "reason": textOrNull(b.Reason),
		}))
	}
	m.PortableDefinition, m.TenantBound = types.StringValue(text), types.ListValueMust(tenantBoundType, rows)
}

func textOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}
