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
	_ datasource.DataSourceWithConfigure        = (*workflowDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*workflowDataSource)(nil)
)

func NewWorkflowDataSource() datasource.DataSource { return &workflowDataSource{} }

type workflowDataSource struct{ core.DataSourceBase }

type workflowDataModel struct {
	ID                  types.String   `tfsdk:"id"`
	Name                types.String   `tfsdk:"name"`
	Description         types.String   `tfsdk:"description"`
	Enabled             types.Bool     `tfsdk:"enabled"`
	Version             types.Int64    `tfsdk:"version"`
	LastModified        types.String   `tfsdk:"last_modified"`
	HasValidationErrors types.Bool     `tfsdk:"has_validation_errors"`
	Definition          types.String   `tfsdk:"definition"`
	Document            types.String   `tfsdk:"document"`
	Timeouts            timeouts.Value `tfsdk:"timeouts"`
}

func (d *workflowDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_workflow"
}

func (d *workflowDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An existing Fusion SOAR workflow, by id or name, with its document: the way from a workflow that was built in the console to code.\n\nRequired API scopes: `workflow:read`.",
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
			"enabled":               schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the workflow is on."},
			"version":               schema.Int64Attribute{Computed: true, MarkdownDescription: "Version: one more with every change."},
			"last_modified":         schema.StringAttribute{Computed: true, MarkdownDescription: "When the workflow was last changed, RFC 3339."},
			"has_validation_errors": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether Falcon has stored the workflow but would refuse to enable it."},
			"definition":            schema.StringAttribute{Computed: true, MarkdownDescription: "The document as Falcon exports it, YAML. Write it to a file to manage the workflow from there."},
			"document":              schema.StringAttribute{Computed: true, MarkdownDescription: "The same as canonical JSON, which `jsondecode` reads."},
			"timeouts":              timeouts.Attributes(ctx),
		},
	}
}

func (d *workflowDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"))}
}

func (d *workflowDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	core.ReadData(ctx, req, resp, func(ctx context.Context, m *workflowDataModel, diags *diag.Diagnostics) {
		w := d.find(ctx, *m, diags)
		if w == nil {
			return
		}
		export, err := d.Client.ExportWorkflow(ctx, w.ID)
		if err != nil {
			diags.AddError("Could not export the workflow", core.Sentence(err.Error()))
			return
		}
		if export.Warning != "" {
			diags.AddWarning("Workflow not portable as it is",
				fmt.Sprintf("Falcon exported the workflow %q with a caveat: %s", w.Name, export.Warning))
		}
		doc := export.Document
		if doc == nil {
			diags.AddError("Could not read the exported workflow", export.Problems.String())
			return
		}
		m.ID, m.Name, m.Description = types.StringValue(w.ID), types.StringValue(w.Name), types.StringValue(w.Description)
		m.Enabled, m.HasValidationErrors = types.BoolValue(w.Enabled), types.BoolValue(w.HasValidationErrors)
		m.Version, m.LastModified = types.Int64Value(w.Version), types.StringValue(w.LastModified)
		m.Definition, m.Document = types.StringValue(export.Text), types.StringValue(doc.Canonical())
	})
}

// find looks the workflow up; nil after an error.
func (d *workflowDataSource) find(ctx context.Context, m workflowDataModel, diags *diag.Diagnostics) *falcon.Workflow {
	if !m.ID.IsNull() {
		w, err := d.Client.Workflow(ctx, m.ID.ValueString())
		if err != nil {
			diags.AddAttributeError(path.Root("id"), "Could not read the workflow", core.Sentence(err.Error()))
			return nil
		}
		return w
	}
	return workflowNamed(ctx, d.Client, m.Name.ValueString(), diags)
}

// workflowNamed looks the one workflow of a name up; nil after an error.
func workflowNamed(ctx context.Context, client *falcon.Client, name string, diags *diag.Diagnostics) *falcon.Workflow {
	found, err := client.WorkflowsByName(ctx, name)
	if err != nil {
		diags.AddAttributeError(path.Root("name"), "Could not look up the workflow", core.Sentence(err.Error()))
		return nil
	}
	if len(found) == 1 {
		return &found[0]
	}
	detail := fmt.Sprintf("The tenant has %d workflows named %q, expected one. Names are compared exactly.", len(found), name)
	// The names that there are only make the message better: without them it is still right.
	if all, err := client.Workflows(ctx); err == nil && len(found) == 0 {
		names := make([]string, len(all))
		for i, w := range all {
			names[i] = fmt.Sprintf("%q", w.Name)
		}
		detail += nearestHint(fmt.Sprintf("%q", name), names)
	}
	diags.AddAttributeError(path.Root("name"), "Workflow not found", detail)
	return nil
}
