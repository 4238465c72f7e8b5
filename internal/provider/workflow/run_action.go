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
	_ action.ActionWithConfigure        = (*runAction)(nil)
	_ action.ActionWithConfigValidators = (*runAction)(nil)
)

// NewRunAction returns the action falcon_run_workflow.
func NewRunAction() action.Action { return &runAction{} }

type runAction struct{ core.ActionBase }

type runModel struct {
	WorkflowID types.String   `tfsdk:"workflow_id"`
	Name       types.String   `tfsdk:"name"`
	Parameters types.String   `tfsdk:"parameters"`
	Timeouts   timeouts.Value `tfsdk:"timeouts"`
}

func (a *runAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_run_workflow"
}

func (a *runAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Runs an on-demand or scheduled Fusion SOAR workflow and waits for its result. A run that fails is an error that names the node that failed. " +
			"A run that waits for someone to decide in the console is an error, too.\n\n" +
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
				MarkdownDescription: "Parameters of the workflow's trigger, a JSON object: `jsonencode({ … })`. They are checked against the trigger's schema before the workflow is started. " +
					"Do not use secrets here: Terraform stores the parameters in plan files in plain text.",
				Validators: []validator.String{core.JSONObject()},
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func (a *runAction) ConfigValidators(context.Context) []action.ConfigValidator {
	return []action.ConfigValidator{actionvalidator.ExactlyOneOf(path.MatchRoot("workflow_id"), path.MatchRoot("name"))}
}

func (a *runAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m runModel
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
	p.send(fmt.Sprintf("Started %s as execution %s.", ref, id))
	seen, err := a.Client.WaitExecution(ctx, id, p.report)
	switch {
	case err != nil && ctx.Err() != nil:
		addInterruptedError(ctx, &resp.Diagnostics, ref, id, seen)
	case err != nil:
		resp.Diagnostics.AddError("Unable to read result of workflow",
			fmt.Sprintf("The %s was started as execution %s and may have completed. %s", ref, id, core.Sentence(err.Error())))
	case seen.Waiting:
		resp.Diagnostics.AddError("Workflow waits for a decision",
			fmt.Sprintf("The execution %s of the %s has the status %q. It continues after someone decides in the Falcon console, and Terraform does not wait for that. "+
				"Open the execution in Fusion SOAR > Workflows > Execution log and decide there. Do not run the action again: that starts another execution.", id, ref, seen.Status))
	case !seen.Succeeded():
		resp.Diagnostics.AddError("Workflow failed", failureText(ref, seen))
	}
}

// source returns the path of the argument that names the workflow.
func (m runModel) source() path.Path {
	if m.WorkflowID.IsNull() {
		return path.Root("name")
	}
	return path.Root("workflow_id")
}

func (m runModel) ref() falcon.WorkflowRef {
	return falcon.WorkflowRef{ID: m.WorkflowID.ValueString(), Name: m.Name.ValueString()}
}

// parameters decodes the parameters. It repeats the check of the validator, because the value may have been unknown then.
func (m runModel) parameters(diags *diag.Diagnostics) map[string]any {
	if m.Parameters.IsNull() {
		return nil
	}
	var parameters map[string]any
	decoder := json.NewDecoder(strings.NewReader(m.Parameters.ValueString()))
	decoder.UseNumber() // large numbers are sent as they are written
	err := decoder.Decode(&parameters)
	if err == nil && !json.Valid([]byte(m.Parameters.ValueString())) {
		err = errors.New("there is text after the object")
	}
	if err != nil {
		diags.AddAttributeError(path.Root("parameters"), "Invalid JSON", core.Sentence(fmt.Sprintf("parameters must be a JSON object: %s", err)))
	}
	return parameters
}

// addStartError reports a run that was not started. A 400 is about the parameters (wire/executions.md#execute).
func addStartError(diags *diag.Diagnostics, m runModel, err error) {
	const summary = "Unable to run workflow"
	detail := core.Sentence(err.Error())
	if falcon.Ambiguous(err) {
		detail += "\n\nThe workflow may be running: look at its execution log in Fusion SOAR before you run it again."
	}
	var refusal *falcon.Error
	switch {
	case errors.As(err, &refusal) && refusal.Status == http.StatusBadRequest && !m.Parameters.IsNull():
		diags.AddAttributeError(path.Root("parameters"), summary, detail)
	case errors.As(err, &refusal) && (refusal.Status == http.StatusPreconditionFailed || falcon.IsNotFound(err)):
		diags.AddAttributeError(m.source(), summary, detail)
	default:
		diags.AddError(summary, detail)
	}
}
