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
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ resource.ResourceWithConfigure        = (*managedResource)(nil)
	_ resource.ResourceWithIdentity         = (*managedResource)(nil)
	_ resource.ResourceWithConfigValidators = (*managedResource)(nil)
	_ resource.ResourceWithValidateConfig   = (*managedResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*managedResource)(nil)
	_ resource.ResourceWithImportState      = (*managedResource)(nil)
	_ resource.ResourceWithMoveState        = (*managedResource)(nil)
)

// NewResource returns the resource falcon_workflow.
func NewResource() resource.Resource { return &managedResource{} }

type managedResource struct{ core.ResourceBase }

type model struct {
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
}

func (r *managedResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_workflow"
}

func (r *managedResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A Fusion SOAR workflow: defined by a workflow document, or by a block that sends events to a webhook without any YAML.\n\n" +
			"Required API scopes: `workflow:read` and `workflow:write`.",
		Attributes: map[string]schema.Attribute{
			"definition": schema.StringAttribute{
				CustomType: documentType{},
				Optional:   true,
				MarkdownDescription: "The workflow document, YAML or JSON, best read from a file with `file()`. Exactly one of `definition` and `notify_webhook` is required. " +
					"Fusion's `${…}` must be written `$${…}` in Terraform strings, heredocs and templates; with `file()` it stays as it is. " +
					"Comments, the order of keys, quoting and what Falcon adds to a document are not changes. " +
					"When someone changes the workflow in the console, the next refresh stores Falcon's document here; `document` shows the difference.",
			},
			"notify_webhook": notifySchema(),
			"name": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Name, unique in the tenant. Overrides the name in the document. Required with `notify_webhook`.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"description": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Description. Overrides the description in the document.",
			},
			"enabled": schema.BoolAttribute{
				Optional: true, Computed: true,
				Default:             booldefault.StaticBool(true),
				MarkdownDescription: "Whether the workflow is enabled, default `true`. A workflow runs only while it is enabled.",
			},
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Id, 32 hexadecimal digits.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"version": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "Version: 1 when created, and one more with every change, including enabling and disabling.",
			},
			"last_modified": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the workflow was last changed, RFC 3339.",
			},
			"document": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "The workflow in Falcon as canonical JSON. Terraform shows JSON key by key and hides what is unchanged, so this attribute shows " +
					"what a plan changes, and what someone changed in the console.",
			},
			"ignore_rules":      ignoreRulesSchema(),
			"validation_errors": validationErrorsSchema(),
			"timeouts":          timeouts.AttributesAll(ctx),
		},
	}
}

func (r *managedResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{
		resourcevalidator.ExactlyOneOf(path.MatchRoot("definition"), path.MatchRoot("notify_webhook")),
	}
}

func (r *managedResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !m.NotifyWebhook.IsNull() && !m.NotifyWebhook.IsUnknown() && m.Name.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Missing name",
			"The provider writes the document of a workflow with notify_webhook, and takes its name from the argument name. Set name.")
	}
	if m.NotifyWebhook.IsNull() || m.NotifyWebhook.IsUnknown() { // with both, that is the error
		m.validateDefinition(ctx, &resp.Diagnostics)
	}
	validateNotify(ctx, m.NotifyWebhook, &resp.Diagnostics)
}

func (r *managedResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()

	doc := plan.plannedDocument(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	w, err := r.Client.CreateWorkflow(ctx, falcon.WorkflowSpec{Document: doc, Enabled: plan.Enabled.ValueBool()})
	if err != nil {
		const summary = "Unable to create workflow"
		if id, detail := leftInFalcon(err); id != "" {
			// Only the state records that this workflow is ours.
			resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
			core.SetIdentity(ctx, resp.Identity, types.StringValue(id), &resp.Diagnostics)
			resp.Diagnostics.AddError(summary, detail)
			return
		}
		plan.addError(ctx, r.Client, doc, summary, err, &resp.Diagnostics)
		return
	}
	plan.stateFromWrite(w)
	plan.setValidationErrors(ctx, r.Client, doc, w.Problems, &resp.Diagnostics)
	plan.warnValidationErrors(ctx, r.Client, doc, w.Problems, &resp.Diagnostics)
	core.SetIdentity(ctx, resp.Identity, plan.ID, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, composedKey, composedState(plan.NotifyWebhook, plan.Document))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *managedResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
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
		resp.Diagnostics.AddError("Unable to read workflow", core.Sentence(err.Error()))
		return
	}
	exported := state.stateFromRead(ctx, r.Client, w, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if names := encodeDefaultNames(exported); names != nil {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, defaultNamesKey, names)...)
	}
	state.refreshValidationErrors(ctx, r.Client, w, exported, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *managedResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config, plan, state model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	core.SetIdentity(ctx, resp.Identity, state.ID, &resp.Diagnostics)

	doc := plan.plannedDocument(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	w, warnings, err := r.Client.UpdateWorkflow(ctx, plan.toAPI(state, doc))
	for _, text := range warnings {
		resp.Diagnostics.AddWarning("Someone else changed the workflow at the same time", text)
	}
	if err == nil {
		plan.stateFromWrite(w)
		found := readValidationErrors(ctx, r.Client, doc, w)
		plan.setValidationErrors(ctx, r.Client, doc, found, &resp.Diagnostics)
		plan.warnValidationErrors(ctx, r.Client, doc, found, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, composedKey, composedState(plan.NotifyWebhook, plan.Document))...)
		forgetMove(ctx, resp.Private, config, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	plan.addError(ctx, r.Client, doc, "Unable to update workflow", err, &resp.Diagnostics)
	// A part may have taken effect before the failure, so the state gets what Falcon has now. If that cannot be read, the
	// next refresh does it.
	if w, err = r.Client.Workflow(ctx, state.ID.ValueString()); err != nil {
		return
	}
	var more diag.Diagnostics
	if state.stateFromRead(ctx, r.Client, w, &more); !more.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

func (r *managedResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	if err := r.Client.DeleteWorkflow(ctx, state.ID.ValueString()); err != nil && !falcon.IsNotFound(err) {
		resp.Diagnostics.AddError("Unable to delete workflow", core.Sentence(err.Error()))
	}
}

// ImportState accepts a workflow's id, or its name as "name:My Workflow".
func (r *managedResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	name, byName := strings.CutPrefix(req.ID, "name:")
	if !byName {
		core.ImportByID(ctx, "workflow", `id (or by its name, as "name:My Workflow")`, req, resp)
		return
	}
	if w := workflowByName(ctx, r.Client, name, &resp.Diagnostics); w != nil {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), w.ID)...)
	}
}
