package provider

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/actionvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

var (
	_ action.ActionWithConfigure        = (*runWorkflowAction)(nil)
	_ action.ActionWithConfigValidators = (*runWorkflowAction)(nil)
)

func newRunWorkflowAction() action.Action { return &runWorkflowAction{} }

// runWorkflowAction runs an on-demand workflow and waits for its result.
type runWorkflowAction struct{ actionBase }

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
		MarkdownDescription: "Runs an on-demand Fusion SOAR workflow and waits until it has ended. A run that does not end well is an error that names the node which failed.\n\n" +
			"Required API scopes: `workflow:read` and `workflow:write`.",
		Attributes: map[string]schema.Attribute{
			"workflow_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Id of the workflow. Exactly one of `workflow_id` and `name` is required.",
				Validators:          []validator.String{falconIDValidator()},
			},
			"name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the workflow.",
				Validators:          []validator.String{notBlank()},
			},
			"parameters": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "What the workflow's trigger asks for, a JSON object: `jsonencode({ … })`. Put no secret there: Terraform keeps it in plan files in clear.",
				Validators:          []validator.String{jsonObject()},
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func (a *runWorkflowAction) ConfigValidators(context.Context) []action.ConfigValidator {
	return []action.ConfigValidator{actionvalidator.ExactlyOneOf(attribute("workflow_id").Expression(), attribute("name").Expression())}
}

func (a *runWorkflowAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m runWorkflowModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	parameters := m.parameters(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, m.Timeouts.Invoke, &resp.Diagnostics)
	defer cancel()

	ref := m.ref()
	id, err := a.client.RunWorkflow(ctx, ref, parameters)
	if err != nil {
		addStartError(&resp.Diagnostics, err)
		return
	}
	p := newRunProgress(func(text string) { resp.SendProgress(action.InvokeProgressEvent{Message: text}) })
	p.say(fmt.Sprintf("Started %s as execution %s.", ref, id))
	seen, err := a.client.WaitExecution(ctx, id, p.report)
	switch {
	case err != nil && ctx.Err() != nil:
		addUnendedError(ctx, &resp.Diagnostics, ref, id, seen)
	case err != nil:
		resp.Diagnostics.AddError("Result of the workflow not known",
			fmt.Sprintf("The %s was started as execution %s, but its result could not be read. It may have done its work. %s", ref, id, sentence(err.Error())))
	case !seen.Succeeded():
		resp.Diagnostics.AddError("Workflow failed", failureText(ref, seen))
	}
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
	if err := json.Unmarshal([]byte(m.Parameters.ValueString()), &parameters); err != nil {
		diags.AddAttributeError(attribute("parameters"), "Invalid JSON", sentence(fmt.Sprintf("parameters must be a JSON object: %s", err)))
	}
	return parameters
}

func addStartError(diags *diag.Diagnostics, err error) {
	detail := sentence(err.Error())
	if falcon.Ambiguous(err) {
		detail += "\n\nThe workflow may run all the same: look at its execution log in Fusion SOAR before you run it again."
	}
	diags.AddError("Could not run the workflow", detail)
}
