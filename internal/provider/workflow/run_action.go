package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/actionvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ action.ActionWithConfigure        = (*runWorkflowAction)(nil)
	_ action.ActionWithConfigValidators = (*runWorkflowAction)(nil)
)

func NewRunWorkflowAction() action.Action { return &runWorkflowAction{} }

// runWorkflowAction runs an on-demand workflow and waits for its result.
type runWorkflowAction struct{ core.ActionBase }

type runWorkflowModel struct {
	WorkflowID types.String   `tfsdk:"workflow_id"`
	Name       types.String   `tfsdk:"name"`
	Parameters types.String   `tfsdk:"parameters"`
	Timeouts   timeouts.Value `tfsdk:"timeouts"`
}

func (a *runWorkflowAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_run_workflow"
}

func (a *runWorkflowAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Runs an on-demand or scheduled Fusion SOAR workflow and waits until it has ended. A run that fails is an error that names the node which failed. " +
			"So is a run that waits for a person to decide in the console.\n\n" +
			"Required API scopes: `workflow:read` and `workflow:write`.",
		Attributes: map[string]schema.Attribute{
			"workflow_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Id of the workflow. Exactly one of `workflow_id` and `name` is required.",
				Validators:          []validator.String{core.FalconIDValidator()},
			},
			"name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the workflow.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"parameters": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What the workflow's trigger asks for, a JSON object: `jsonencode({ … })`. It is checked against the trigger's own schema before the workflow is started. " +
					"Put no secret there: Terraform keeps it in plan files in plain text.",
				Validators: []validator.String{core.JSONObject()},
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func (a *runWorkflowAction) ConfigValidators(context.Context) []action.ConfigValidator {
	return []action.ConfigValidator{actionvalidator.ExactlyOneOf(core.Attribute("workflow_id").Expression(), core.Attribute("name").Expression())}
}

func (a *runWorkflowAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m runWorkflowModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	parameters := m.parameters(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, m.Timeouts.Invoke, &resp.Diagnostics)
	defer cancel()

	ref := m.ref()
	w, err := a.Client.Runnable(ctx, ref)
	if err != nil {
		resp.Diagnostics.AddAttributeError(m.source(), "Unable to run workflow", core.Sentence(err.Error()))
		return
	}
	if checkParameters(w, parameters, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	id, err := a.Client.RunWorkflow(ctx, falcon.WorkflowRef{ID: w.ID}, parameters)
	if err != nil {
		addStartError(&resp.Diagnostics, m, err)
		return
	}
	p := newRunProgress(func(text string) { resp.SendProgress(action.InvokeProgressEvent{Message: text}) })
	p.say(fmt.Sprintf("Started %s as execution %s.", ref, id))
	seen, err := a.Client.WaitExecution(ctx, id, p.report)
	switch {
	case err != nil && ctx.Err() != nil:
		addUnendedError(ctx, &resp.Diagnostics, ref, id, seen)
	case err != nil:
		resp.Diagnostics.AddError("Result of the workflow not known",
			fmt.Sprintf("The %s was started as execution %s, but its result could not be read. It may have done its work. %s", ref, id, core.Sentence(err.Error())))
	case seen.Waiting:
		resp.Diagnostics.AddError("Workflow waits for a decision",
			fmt.Sprintf("The execution %s of the %s has the status %q: it goes on when a person has decided in the Falcon console, and Terraform does not wait for that. "+
				"Open Fusion SOAR > Workflows > Execution log, find the execution and decide there. Do not run the action again for it: that starts another execution.", id, ref, seen.Status))
	case !seen.Succeeded():
		resp.Diagnostics.AddError("Workflow failed", failureText(ref, seen))
	}
}

// source is the argument that names the workflow.
func (m runWorkflowModel) source() path.Path {
	if m.WorkflowID.IsNull() {
		return core.Attribute("name")
	}
	return core.Attribute("workflow_id")
}

func (m runWorkflowModel) ref() falcon.WorkflowRef {
	return falcon.WorkflowRef{ID: m.WorkflowID.ValueString(), Name: m.Name.ValueString()}
}

// parameters checks again what the validator has checked: the value may have been unknown then.
func (m runWorkflowModel) parameters(diags *diag.Diagnostics) map[string]any {
	if m.Parameters.IsNull() {
		return nil
	}
	var parameters map[string]any
	decoder := json.NewDecoder(strings.NewReader(m.Parameters.ValueString()))
	decoder.UseNumber() // large numbers are sent as they are written
	err := decoder.Decode(&parameters)
	if err == nil && !json.Valid([]byte(m.Parameters.ValueString())) {
		err = errors.New("there is text behind the object")
	}
	if err != nil {
		diags.AddAttributeError(core.Attribute("parameters"), "Invalid JSON", core.Sentence(fmt.Sprintf("parameters must be a JSON object: %s", err)))
	}
	return parameters
}

// addStartError explains why a run was not started. A 400 is about the parameters (wire/executions.md#execute).
func addStartError(diags *diag.Diagnostics, m runWorkflowModel, err error) {
	const summary = "Unable to run workflow"
	detail := core.Sentence(err.Error())
	if falcon.Ambiguous(err) {
		detail += "\n\nThe workflow may run all the same: look at its execution log in Fusion SOAR before you run it again."
	}
	var refusal *falcon.Error
	switch {
	case errors.As(err, &refusal) && refusal.Status == http.StatusBadRequest && !m.Parameters.IsNull():
		diags.AddAttributeError(core.Attribute("parameters"), summary, detail)
	case errors.As(err, &refusal) && (refusal.Status == http.StatusPreconditionFailed || falcon.IsNotFound(err)):
		diags.AddAttributeError(m.source(), summary, detail)
	default:
		diags.AddError(summary, detail)
	}
}
