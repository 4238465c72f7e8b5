package workflow

import (
	"context"
	"errors"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/list/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var _ list.ListResourceWithConfigure = (*workflowList)(nil)

func NewWorkflowList() list.ListResource { return &workflowList{} }

// workflowList lists the Fusion SOAR workflows of the tenant for terraform query.
type workflowList struct{ core.ListBase }

type workflowListModel struct {
	NameContains types.String   `tfsdk:"name_contains"`
	Enabled      types.Bool     `tfsdk:"enabled"`
	Timeouts     timeouts.Value `tfsdk:"timeouts"`
}

func (l *workflowList) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_workflow"
}

func (l *workflowList) ListResourceConfigSchema(ctx context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	attributes := core.ListAttributes(ctx, "workflows")
	attributes["enabled"] = schema.BoolAttribute{
		Optional:            true,
		MarkdownDescription: "Lists only workflows that are on (`true`), or off (`false`).",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The Fusion SOAR workflows of the tenant, to see which are not in code yet and to take them in. With `include_resource = true`, as for generated configuration, the document of each is exported, one call each.\n\n" +
			"Required API scopes: `workflow:read`.",
		Attributes: attributes,
	}
}

// List filters by name in Falcon as far as its filter can be relied on, and compares the names here again.
func (l *workflowList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var m workflowListModel
	if !core.ListConfig(ctx, req, &m, stream) {
		return
	}
	stream.Results = core.Listing[falcon.Workflow]{
		Summary: "Could not list the workflows",
		Timeout: m.Timeouts.List,
		Objects: func(ctx context.Context) iter.Seq2[falcon.Workflow, error] {
			return l.Client.EachWorkflow(ctx, m.NameContains.ValueString())
		},
		Keep: func(w falcon.Workflow) bool { return m.Enabled.IsNull() || m.Enabled.ValueBool() == w.Enabled },
		ID:   func(w falcon.Workflow) string { return w.ID },
		Name: func(w falcon.Workflow) string { return w.Name },
		Fill: l.fill,
	}.Results(ctx, req)
}

// fill exports the workflow, as the refresh after an import does.
func (l *workflowList) fill(ctx context.Context, w falcon.Workflow, into *tfsdk.Resource, diags *diag.Diagnostics) (skip bool) {
	var model workflowModel
	diags.Append(into.Get(ctx, &model)...)
	if diags.HasError() {
		return false
	}
	export, err := l.Client.ExportWorkflow(ctx, w.ID)
	var kept *falcon.NotExportableError
	switch {
	case falcon.IsNotFound(err): // deleted since it was listed
		return true
	case errors.As(err, &kept):
		diags.AddWarning("Workflow left out", core.Sentence(err.Error()))
		return true
	case err != nil:
		diags.AddError("Could not export the workflow", core.Sentence(err.Error()))
		return false
	}
	model.takeListed(&w)
	model.takeExport(&w, export, diags)
	if !w.HasValidationErrors { // their texts would take a request per workflow
		model.ValidationErrors = types.ListValueMust(validationErrorType, []attr.Value{})
	}
	core.KeepModel(ctx, model, into, diags)
	return false
}
