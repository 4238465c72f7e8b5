package workflow

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ datasource.DataSourceWithConfigure        = (*dataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*dataSource)(nil)
)

// NewDataSource returns the data source falcon_workflow.
func NewDataSource() datasource.DataSource { return &dataSource{} }

type dataSource struct{ core.DataSourceBase }

type dataSourceModel struct {
	ID                  types.String   `tfsdk:"id"`
	Name                types.String   `tfsdk:"name"`
	Description         types.String   `tfsdk:"description"`
	Enabled             types.Bool     `tfsdk:"enabled"`
	Version             types.Int64    `tfsdk:"version"`
	LastModified        types.String   `tfsdk:"last_modified"`
	HasValidationErrors types.Bool     `tfsdk:"has_validation_errors"`
	Definition          types.String   `tfsdk:"definition"`
	Document            types.String   `tfsdk:"document"`
	PortableDefinition  types.String   `tfsdk:"portable_definition"`
	TenantBound         types.List     `tfsdk:"tenant_bound"`
	Timeouts            timeouts.Value `tfsdk:"timeouts"`
}

func (d *dataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_workflow"
}

func (d *dataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An existing Fusion SOAR workflow, by id or name, with its document. Use it to bring a workflow that was built in the console into code.\n\nRequired API scopes: `workflow:read`.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Id, 32 hexadecimal digits. Exactly one of `id` and `name` is required.",
				Validators:          []validator.String{core.FalconIDValidator()},
			},
			"name": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Exact name.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"description":           schema.StringAttribute{Computed: true, MarkdownDescription: "Description."},
			"enabled":               schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the workflow is enabled."},
			"version":               schema.Int64Attribute{Computed: true, MarkdownDescription: "Version, one more with every change."},
			"last_modified":         schema.StringAttribute{Computed: true, MarkdownDescription: "When the workflow was last changed, RFC 3339."},
			"has_validation_errors": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether Falcon has stored the workflow but refuses to enable it."},
			"definition":            schema.StringAttribute{Computed: true, MarkdownDescription: "The document as Falcon exports it, YAML. Write it to a file to manage the workflow from that file."},
			"document":              schema.StringAttribute{Computed: true, MarkdownDescription: "The document as canonical JSON, for `jsondecode`."},
			"portable_definition": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "The document with references in place of this tenant's ids. The data source `falcon_workflow_document` looks them up in another tenant. " +
					"Configurations of Store apps are named only with the scope `api-integrations:read`; without it, their ids stay.",
			},
			"tenant_bound": tenantBoundSchema(),
			"timeouts":     timeouts.Attributes(ctx),
		},
	}
}

func (d *dataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"))}
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *dataSourceModel, diags *diag.Diagnostics) {
		w := d.find(ctx, *m, diags)
		if w == nil {
			return
		}
		export, err := d.Client.ExportWorkflow(ctx, w.ID)
		if err != nil {
			diags.AddError("Unable to export workflow", core.Sentence(err.Error()))
			return
		}
		if export.Document == nil {
			diags.AddError(unreadableExport(w, export))
			return
		}
		if export.Warning != "" {
			d.Once.WarnOnce(diags, "not portable "+w.ID, "Workflow not portable as it is", fmt.Sprintf(
				"Falcon exported the workflow %q with a warning: %s Before you create a workflow from this document in another tenant, replace what belongs to this one.", w.Name, core.Sentence(export.Warning)))
		}
		m.fromAPI(w, export)
		m.setPortable(ctx, d.Client, export, diags)
	})
}

// find returns the workflow, or nil after an error.
func (d *dataSource) find(ctx context.Context, m dataSourceModel, diags *diag.Diagnostics) *falcon.Workflow {
	if m.ID.IsNull() {
		return workflowByName(ctx, d.Client, m.Name.ValueString(), diags)
	}
	w, err := d.Client.Workflow(ctx, m.ID.ValueString())
	if err != nil {
		diags.AddAttributeError(path.Root("id"), "Unable to read workflow", core.Sentence(err.Error()))
		return nil
	}
	return w
}

func (m *dataSourceModel) fromAPI(w *falcon.Workflow, export *falcon.Export) {
	m.ID, m.Name, m.Description = types.StringValue(w.ID), types.StringValue(w.Name), types.StringValue(w.Description)
	m.Enabled, m.HasValidationErrors = types.BoolValue(w.Enabled), types.BoolValue(w.HasValidationErrors)
	m.Version, m.LastModified = types.Int64Value(w.Version), types.StringValue(w.LastModified)
	m.Definition, m.Document = types.StringValue(export.Text), types.StringValue(export.Document.Canonical())
}
