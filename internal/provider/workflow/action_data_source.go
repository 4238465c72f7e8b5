package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ datasource.DataSourceWithConfigure        = (*actionDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*actionDataSource)(nil)
)

// NewActionDataSource returns the data source falcon_workflow_action.
func NewActionDataSource() datasource.DataSource { return &actionDataSource{} }

type actionDataSource struct{ core.DataSourceBase }

type actionModel struct {
	ID                types.String   `tfsdk:"id"`
	Name              types.String   `tfsdk:"name"`
	Vendor            types.String   `tfsdk:"vendor"`
	Description       types.String   `tfsdk:"description"`
	Class             types.String   `tfsdk:"class"`
	Namespace         types.String   `tfsdk:"namespace"`
	AppID             types.String   `tfsdk:"app_id"`
	SemanticVersion   types.String   `tfsdk:"semantic_version"`
	VersionConstraint types.String   `tfsdk:"version_constraint"`
	HasPermission     types.Bool     `tfsdk:"has_permission"`
	InputSchema       types.String   `tfsdk:"input_schema"`
	OutputSchema      types.String   `tfsdk:"output_schema"`
	Properties        types.List     `tfsdk:"properties"`
	Timeouts          timeouts.Value `tfsdk:"timeouts"`
}

var actionPropertyType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"name": types.StringType, "title": types.StringType, "type": types.StringType, "required": types.BoolType,
}}

func (d *actionDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_workflow_action"
}

func (d *actionDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := func(about string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: about}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "An action of the tenant's catalog, with its version constraint and its properties. It is read once per run.\n\nRequired API scopes: `workflow:read`.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Id. Exactly one of `id` and `name` is required.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"name": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Exact name, such as `Call webhook`.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"vendor": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Vendor, to choose between actions of the same `name`.",
				Validators:          []validator.String{core.NotBlank(), stringvalidator.ConflictsWith(path.MatchRoot("id"))},
			},
			"description":        text("Description."),
			"class":              text("Class, which a document must contain for some actions; may be empty."),
			"namespace":          text("Namespace."),
			"app_id":             text("Id of the Store app that the action belongs to; may be empty."),
			"semantic_version":   text("Version."),
			"version_constraint": text("Version constraint for a document: `~` and the major version, or `~0` for an action without a version."),
			"has_permission": schema.BoolAttribute{
				Computed: true, MarkdownDescription: "Whether the provider's API client has permission to use the action; null if Falcon does not say.",
			},
			"input_schema":  text("JSON Schema of the properties."),
			"output_schema": text("JSON Schema of the action's output, which later nodes can use."),
			"properties": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The action's properties, sorted by name.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name":     text("Key in the document's `properties`."),
					"title":    text("Title in the console."),
					"type":     text("JSON type."),
					"required": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the action requires it."},
				}},
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func (d *actionDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"))}
}

func (d *actionDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *actionModel, diags *diag.Diagnostics) {
		if activity := d.find(ctx, *m, diags); activity != nil {
			m.fromAPI(*activity)
		}
	})
}

// find returns the action, or nil after an error.
func (d *actionDataSource) find(ctx context.Context, m actionModel, diags *diag.Diagnostics) *falcon.Activity {
	if !m.ID.IsNull() {
		return actionByID(ctx, d.Client, path.Root("id"), m.ID.ValueString(), diags)
	}
	return actionByName(ctx, d.Client, actionQuery{
		at: path.Root("name"), name: m.Name.ValueString(), vendor: m.Vendor.ValueString(),
		ifMissing: "Names are compared exactly.",
		ifSeveral: "Set id or vendor to choose one.",
	}, diags)
}

func (m *actionModel) fromAPI(a falcon.Activity) {
	m.ID, m.Name, m.Vendor = types.StringValue(a.ID), types.StringValue(a.Name), types.StringValue(a.Vendor)
	m.Description, m.Class, m.Namespace = types.StringValue(a.Description), types.StringValue(a.Class), types.StringValue(a.Namespace)
	m.AppID, m.SemanticVersion = types.StringValue(a.AppID), types.StringValue(a.SemanticVersion)
	m.VersionConstraint = types.StringValue(fusion.VersionConstraint(a.SemanticVersion))
	m.HasPermission = types.BoolPointerValue(a.HasPermission)
	m.InputSchema, m.OutputSchema = types.StringValue(string(a.InputSchema)), types.StringValue(string(a.OutputSchema))
	m.Properties = types.ListValueMust(actionPropertyType, propertyRows(a.InputSchema))
}

// propertyRows returns the properties in a JSON Schema, sorted by name.
func propertyRows(schema json.RawMessage) []attr.Value {
	var s struct {
		Properties map[string]struct {
			Title string `json:"title"`
			Type  any    `json:"type"`
		} `json:"properties"`
		Required []string `json:"required"`
	}
	rows := []attr.Value{}
	if len(schema) == 0 || json.Unmarshal(schema, &s) != nil {
		return rows // input_schema still has what the catalog says
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		kind, ok := p.Type.(string)
		if !ok && p.Type != nil {
			kind = fmt.Sprint(p.Type) // JSON Schema allows a list of types
		}
		rows = append(rows, types.ObjectValueMust(actionPropertyType.AttrTypes, map[string]attr.Value{
			"name": types.StringValue(name), "title": types.StringValue(p.Title), "type": types.StringValue(kind),
			"required": types.BoolValue(slices.Contains(s.Required, name)),
		}))
	}
	return rows
}
