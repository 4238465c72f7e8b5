package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

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
	_ datasource.DataSourceWithConfigure        = (*workflowActionDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*workflowActionDataSource)(nil)
)

func NewWorkflowActionDataSource() datasource.DataSource { return &workflowActionDataSource{} }

type workflowActionDataSource struct{ core.DataSourceBase }

type workflowActionModel struct {
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

func (d *workflowActionDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_workflow_action"
}

func (d *workflowActionDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := func(about string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: about}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "An action of the tenant's catalogue, with its pin and the properties that it takes. What was read is kept for the run.\n\nRequired API scopes: `workflow:read`.",
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
				MarkdownDescription: "Vendor: tells actions of one `name` apart.",
				Validators:          []validator.String{core.NotBlank(), stringvalidator.ConflictsWith(path.MatchRoot("id"))},
			},
			"description":        text("Description."),
			"class":              text("Class, which some actions must repeat in a document; may be empty."),
			"namespace":          text("Namespace."),
			"app_id":             text("Id of the Store app that the action belongs to; may be empty."),
			"semantic_version":   text("Version."),
			"version_constraint": text("The pin for a document: `~` and the major version, `~0` where there is none."),
			"has_permission": schema.BoolAttribute{
				Computed: true, MarkdownDescription: "Whether the provider's API client may use the action; null where Falcon does not say.",
			},
			"input_schema":  text("JSON schema of the properties."),
			"output_schema": text("JSON schema of what the action gives to later nodes."),
			"properties": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The properties that the action takes, by name.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name":     text("Key in the document's `properties`."),
					"title":    text("Title, as the console shows it."),
					"type":     text("JSON type."),
					"required": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the action needs it."},
				}},
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func (d *workflowActionDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"))}
}

func (d *workflowActionDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *workflowActionModel, diags *diag.Diagnostics) {
		activity := d.find(ctx, *m, diags)
		if activity == nil {
			return
		}
		m.take(*activity)
	})
}

// find looks the action up; nil after an error.
func (d *workflowActionDataSource) find(ctx context.Context, m workflowActionModel, diags *diag.Diagnostics) *falcon.Activity {
	if !m.ID.IsNull() {
		activity, err := d.Client.Activity(ctx, m.ID.ValueString())
		if err != nil {
			diags.AddAttributeError(path.Root("id"), "Could not find the action", core.Sentence(err.Error()))
			return nil
		}
		return activity
	}
	name := m.Name.ValueString()
	found, err := d.Client.ActivitiesByName(ctx, name)
	if err != nil {
		diags.AddAttributeError(path.Root("name"), "Could not look up the action", core.Sentence(err.Error()))
		return nil
	}
	if !m.Vendor.IsNull() {
		found = slices.DeleteFunc(found, func(a falcon.Activity) bool { return !strings.EqualFold(a.Vendor, m.Vendor.ValueString()) })
	}
	switch len(found) {
	case 1:
		return &found[0]
	case 0:
		detail := fmt.Sprintf("The tenant's catalogue has no action named %q. Names are compared exactly.", name)
		like, err := d.Client.ActivitiesLike(ctx, name)
		if err == nil && len(like) > 0 {
			detail += " Actions with a similar name: " + activityList(like) + "."
		}
		diags.AddAttributeError(path.Root("name"), "Action not found", detail)
	default:
		diags.AddAttributeError(path.Root("name"), "Several actions of one name",
			fmt.Sprintf("The tenant's catalogue has %d actions named %q: %s. Choose one with id or vendor.", len(found), name, activityList(found)))
	}
	return nil
}

func (m *workflowActionModel) take(a falcon.Activity) {
	m.ID, m.Name, m.Vendor = types.StringValue(a.ID), types.StringValue(a.Name), types.StringValue(a.Vendor)
	m.Description, m.Class, m.Namespace = types.StringValue(a.Description), types.StringValue(a.Class), types.StringValue(a.Namespace)
	m.AppID, m.SemanticVersion = types.StringValue(a.AppID), types.StringValue(a.SemanticVersion)
	m.VersionConstraint = types.StringValue(fusion.VersionConstraint(a.SemanticVersion))
	m.HasPermission = types.BoolPointerValue(a.HasPermission)
	m.InputSchema, m.OutputSchema = types.StringValue(string(a.InputSchema)), types.StringValue(string(a.OutputSchema))
	m.Properties = types.ListValueMust(actionPropertyType, propertyRows(a.InputSchema))
}

// propertyRows lists the properties of a JSON schema by name.
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
		return rows // input_schema itself still has whatever the catalogue says
	}
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		p := s.Properties[name]
		kind, ok := p.Type.(string)
		if !ok && p.Type != nil {
			kind = fmt.Sprint(p.Type) // JSON schema allows a list of types
		}
		rows = append(rows, types.ObjectValueMust(actionPropertyType.AttrTypes, map[string]attr.Value{
			"name": types.StringValue(name), "title": types.StringValue(p.Title), "type": types.StringValue(kind),
			"required": types.BoolValue(slices.Contains(s.Required, name)),
		}))
	}
	return rows
}
