package workflow

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
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
	_ datasource.DataSourceWithConfigure        = (*triggerDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*triggerDataSource)(nil)
)

// NewTriggerDataSource returns the data source falcon_workflow_trigger.
func NewTriggerDataSource() datasource.DataSource { return &triggerDataSource{} }

type triggerDataSource struct{ core.DataSourceBase }

type triggerModel struct {
	Name              types.String   `tfsdk:"name"`
	Event             types.String   `tfsdk:"event"`
	ID                types.String   `tfsdk:"id"`
	Description       types.String   `tfsdk:"description"`
	Version           types.String   `tfsdk:"version"`
	VersionConstraint types.String   `tfsdk:"version_constraint"`
	Fields            types.List     `tfsdk:"fields"`
	Timeouts          timeouts.Value `tfsdk:"timeouts"`
}

var triggerFieldType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"path": types.StringType, "display": types.StringType, "type": types.StringType,
}}

func (d *triggerDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_workflow_trigger"
}

func (d *triggerDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A trigger of the tenant's catalog, with the fields of its events. The catalog is read once per run.\n\nRequired API scopes: `workflow:read`.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Exact display name, such as `Case > Case Created`. Exactly one of `name` and `event` is required.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"event": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Exact category, such as `Case/Created`. A document contains it as `trigger.event`.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"id":                 schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the catalog entry."},
			"description":        schema.StringAttribute{Computed: true, MarkdownDescription: "Description."},
			"version":            schema.StringAttribute{Computed: true, MarkdownDescription: "Version in the catalog."},
			"version_constraint": schema.StringAttribute{Computed: true, MarkdownDescription: "Version constraint for a document, such as `~1`."},
			"fields": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The fields of an event.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"path":    schema.StringAttribute{Computed: true, MarkdownDescription: "Path for documents and for `notify_webhook.fields`, such as `Trigger.CID`."},
					"display": schema.StringAttribute{Computed: true, MarkdownDescription: "Display name."},
					"type":    schema.StringAttribute{Computed: true, MarkdownDescription: "Type, as the catalog calls it."},
				}},
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func (d *triggerDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("name"), path.MatchRoot("event"))}
}

func (d *triggerDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *triggerModel, diags *diag.Diagnostics) {
		triggers, err := d.Client.Triggers(ctx)
		if err != nil {
			diags.AddError("Unable to read triggers", core.Sentence(err.Error()))
			return
		}
		by, wanted, of := "name", m.Name.ValueString(), func(t falcon.Trigger) string { return t.Name }
		if m.Name.IsNull() {
			by, wanted, of = "event", m.Event.ValueString(), func(t falcon.Trigger) string { return t.Category }
		}
		var found []falcon.Trigger
		var known []string
		for _, t := range triggers {
			known = append(known, of(t))
			if of(t) == wanted {
				found = append(found, t)
			}
		}
		if len(found) != 1 {
			diags.AddAttributeError(path.Root(by), "Trigger not found",
				fmt.Sprintf("The tenant's catalog has %d triggers with the %s %q, expected one.%s", len(found), by, wanted, nearestHint(wanted, known)))
			return
		}
		m.fromAPI(found[0])
	})
}

func (m *triggerModel) fromAPI(t falcon.Trigger) {
	m.ID, m.Name, m.Event = types.StringValue(t.ID), types.StringValue(t.Name), types.StringValue(t.Category)
	m.Description, m.Version = types.StringValue(t.Description), types.StringValue(t.Version)
	m.VersionConstraint = types.StringValue(fusion.VersionConstraint(t.Version))
	rows := []attr.Value{}
	for _, f := range t.Leaves() {
		rows = append(rows, types.ObjectValueMust(triggerFieldType.AttrTypes, map[string]attr.Value{
			"path": types.StringValue(f.Name), "display": types.StringValue(f.Display), "type": types.StringValue(f.Type),
		}))
	}
	m.Fields = types.ListValueMust(triggerFieldType, rows)
}
