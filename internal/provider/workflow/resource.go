package workflow

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ resource.ResourceWithConfigure        = (*workflowResource)(nil)
	_ resource.ResourceWithIdentity         = (*workflowResource)(nil)
	_ resource.ResourceWithConfigValidators = (*workflowResource)(nil)
	_ resource.ResourceWithValidateConfig   = (*workflowResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*workflowResource)(nil)
	_ resource.ResourceWithImportState      = (*workflowResource)(nil)
	_ resource.ResourceWithMoveState        = (*workflowResource)(nil)
)

const workflowTypeName = "falcon_workflow"

func NewWorkflowResource() resource.Resource { return &workflowResource{} }

type workflowResource struct{ core.ResourceBase }

type workflowModel struct {
	ID               types.String   `tfsdk:"id"`
	Name             types.String   `tfsdk:"name"`
	Description      types.String   `tfsdk:"description"`
	Definition       documentValue  `tfsdk:"definition"`
	NotifyWebhook    types.Object   `tfsdk:"notify_webhook"`
	Enabled          types.Bool     `tfsdk:"enabled"`
	Version          types.Int64    `tfsdk:"version"`
	LastModified     types.String   `tfsdk:"last_modified"`
	Document         types.String   `tfsdk:"document"`
	IgnoreRules      types.Set      `tfsdk:"ignore_rules"`
	ValidationErrors types.List     `tfsdk:"validation_errors"`
	Timeouts         timeouts.Value `tfsdk:"timeouts"`

	// names are the default names of actions that the last export showed.
	names map[string]fusion.DefaultName
	// moved says that the last refresh found a workflow that was saved since.
	moved bool
}

func (r *workflowResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_workflow"
}

func (r *workflowResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{
		resourcevalidator.ExactlyOneOf(path.MatchRoot("definition"), path.MatchRoot("notify_webhook")),
	}
}

func (r *workflowResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var m workflowModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !m.NotifyWebhook.IsNull() && !m.NotifyWebhook.IsUnknown() && m.Name.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Missing name",
			"notify_webhook writes the workflow's document itself and so has no name to take over: set name.")
	}
	m.validateDefinition(ctx, &resp.Diagnostics)
	validateNotify(ctx, m.NotifyWebhook, &resp.Diagnostics)
}

func (r *workflowResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan workflowModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()

	doc := plannedDocument(plan, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	w, err := r.Client.CreateWorkflow(ctx, falcon.WorkflowSpec{Document: doc, Enabled: plan.Enabled.ValueBool()})
	if err != nil {
		const summary = "Unable to create workflow"
		if id, detail := leftBehind(err); id != "" {
			// Only the state can say that this workflow is ours.
			resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
			core.SetIdentity(ctx, resp.Identity, types.StringValue(id), &resp.Diagnostics)
			resp.Diagnostics.AddError(summary, detail)
			return
		}
		r.addWorkflowError(ctx, &resp.Diagnostics, doc, plan, summary, err)
		return
	}
	plan.take(w)
	r.takeProblems(ctx, &plan, doc, w.Problems, &resp.Diagnostics)
	core.SetIdentity(ctx, resp.Identity, plan.ID, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, composedKey, composedState(plan))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *workflowResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state workflowModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, state.Timeouts.Read, &resp.Diagnostics)
	defer cancel()

	core.SetIdentity(ctx, resp.Identity, state.ID, &resp.Diagnostics)
	w, err := r.Client.WorkflowSince(ctx, state.ID.ValueString(), state.Version.ValueInt64())
	if falcon.IsNotFound(err) {
		resp.Diagnostics.AddWarning("Workflow deleted outside Terraform",
			fmt.Sprintf("The workflow %q (id %s) no longer exists in Falcon. The next apply creates it again.", state.Name.ValueString(), state.ID.ValueString()))
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.AddError("Unable to read workflow", err.Error())
		return
	}
	r.refresh(ctx, &state, w, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if state.names != nil {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, namesKey, encodeNames(state.names))...)
	}
	r.refreshProblems(ctx, &state, w, &resp.Diagnostics)
	warnInvalid(w, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *workflowResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config, plan, state workflowModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	core.SetIdentity(ctx, resp.Identity, state.ID, &resp.Diagnostics)

	doc := plannedDocument(plan, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	w, warnings, err := r.Client.UpdateWorkflow(ctx, workflowUpdate(doc, state, plan))
	for _, text := range warnings {
		resp.Diagnostics.AddWarning("Workflow was changed by someone else at the same time", text)
	}
	if err == nil {
		plan.take(w)
		r.takeProblems(ctx, &plan, doc, r.problemsOf(ctx, doc, w), &resp.Diagnostics)
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, composedKey, composedState(plan))...)
		forgetMove(ctx, resp.Private, config, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	r.addWorkflowError(ctx, &resp.Diagnostics, doc, plan, "Unable to update workflow", err)
	// Something may have taken effect before the failure: the state tells what
	// Falcon has now. Where that can't be read either, the next refresh does it.
	if w, err = r.Client.Workflow(ctx, state.ID.ValueString()); err != nil {
		return
	}
	var more diag.Diagnostics
	if r.refresh(ctx, &state, w, &more); !more.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

func (r *workflowResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state workflowModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	if err := r.Client.DeleteWorkflow(ctx, state.ID.ValueString()); err != nil && !falcon.IsNotFound(err) {
		resp.Diagnostics.AddError("Unable to delete workflow", err.Error())
	}
}

// ImportState takes a workflow's id, or its name as "name:My Workflow".
func (r *workflowResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	name, byName := strings.CutPrefix(req.ID, "name:")
	if !byName {
		core.ImportByID(ctx, "workflow", `id (or by its name, as "name:My Workflow")`, req, resp)
		return
	}
	if w := workflowNamed(ctx, r.Client, name, &resp.Diagnostics); w != nil {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), w.ID)...)
	}
}
