package workflow

import (
	"context"
	"errors"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/list/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var _ list.ListResourceWithConfigure = (*listResource)(nil)

// NewListResource returns the list resource falcon_workflow.
func NewListResource() list.ListResource { return &listResource{} }

type listResource struct{ core.ListBase }

type listModel struct {
	NameContains types.String   `tfsdk:"name_contains"`
	Enabled      types.Bool     `tfsdk:"enabled"`
	Timeouts     timeouts.Value `tfsdk:"timeouts"`
}

func (l *listResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_workflow"
}

func (l *listResource) ListResourceConfigSchema(ctx context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	attributes := core.ListAttributes(ctx, "workflows")
	attributes["enabled"] = schema.BoolAttribute{
		Optional:            true,
		MarkdownDescription: "Lists only workflows that are enabled (`true`) or disabled (`false`).",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The Fusion SOAR workflows of the tenant, to find those that are not in code yet and to import them. With `include_resource = true`, as for generated configuration, each workflow's document is exported, one request per workflow.\n\n" +
			"Required API scopes: `workflow:read`.",
		Attributes: attributes,
	}
}

// List filters by name in Falcon as far as its filter is reliable, and compares the names again.
func (l *listResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var m listModel
	if !core.ListConfig(ctx, req, &m, stream) {
		return
	}
	stream.Results = core.Listing[falcon.Workflow]{
		Summary: "Unable to list workflows",
		Timeout: m.Timeouts.List,
		Objects: func(ctx context.Context) iter.Seq2[falcon.Workflow, error] {
			return l.Client.EachWorkflow(ctx, m.NameContains.ValueString())
		},
		Keep: func(w falcon.Workflow) bool { return m.Enabled.IsNull() || m.Enabled.ValueBool() == w.Enabled },
		ID:   func(w falcon.Workflow) string { return w.ID },
		Name: func(w falcon.Workflow) string { return w.Name },
		Fill: l.stateFromAPI,
	}.Results(ctx, req)
}

// stateFromAPI exports the workflow, as the refresh after an import does. A workflow that cannot be exported is skipped.
func (l *listResource) stateFromAPI(ctx context.Context, w falcon.Workflow, into *tfsdk.Resource, diags *diag.Diagnostics) (skip bool) {
	var m model
	diags.Append(into.Get(ctx, &m)...)
	if diags.HasError() {
		return false
	}
	export, err := l.Client.ExportWorkflow(ctx, w.ID)
	var kept *falcon.NotExportableError
	switch {
	case falcon.IsNotFound(err): // deleted since it was listed
		return true
	case errors.As(err, &kept):
		diags.AddWarning("Workflow not listed", core.Sentence(err.Error()))
		return true
	case err != nil:
		diags.AddError("Unable to export workflow", core.Sentence(err.Error()))
		return false
	}
	m.fromAPI(&w)
	m.stateFromExport(&w, export, diags)
	if !w.HasValidationErrors { // their texts would take a request per workflow
		m.setValidationErrors(ctx, l.Client, nil, nil, diags)
	}
	core.KeepModel(ctx, m, into, diags)
	return false
}
