package webhook

import (
	"context"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ resource.ResourceWithConfigure   = (*webhookResource)(nil)
	_ resource.ResourceWithIdentity    = (*webhookResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*webhookResource)(nil)
	_ resource.ResourceWithImportState = (*webhookResource)(nil)
)

const webhookType = "falcon_webhook"

func NewWebhookResource() resource.Resource { return &webhookResource{} }

// webhookResource is a configuration of the CrowdStrike Webhook Store app.
// Falcon publishes a list call for these and no write call (wire/webhooks.md#writing),
// so it adopts what exists, tries the unpublished write call, and otherwise
// says what to do in the console.
type webhookResource struct{ core.ResourceBase }

func (r *webhookResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_webhook"
}

func (r *webhookResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A configuration of the *CrowdStrike Webhook* Store app: where Fusion SOAR workflows send their events, and how these are signed.\n\n" +
			"CrowdStrike publishes a request that lists these configurations and none that writes them. The resource adopts the configuration of this name if everything that Falcon shows equals it, " +
			"otherwise tries the request that would belong to the list (see `webhook_writes` of the provider), otherwise says what to enter in the console and adopts the result on the next apply. " +
			"It never overwrites an existing configuration on create.\n\n" +
			"Required API scopes: `api-integrations:read` and `workflow:read`; `api-integrations:write` to write.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the configuration. The *Call webhook* action of a workflow shows it.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"url": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Where the events go: `https` (`http` only for a loopback address).",
				Validators:          []validator.String{core.WebhookURL()},
			},
			"hmac_secret_wo": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				WriteOnly:           true,
				MarkdownDescription: "HMAC secret key that signs each delivery, at least 32 characters. Write-only: it is never in state, plan or logs. Needed when a configuration is created; null leaves the key of an existing one alone. Set it from an ephemeral variable, which plan files leave out, too.",
				Validators:          []validator.String{hmacSecret()},
			},
			"hmac_secret_wo_version": schema.Int64Attribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "Rises automatically when the value of `hmac_secret_wo` changes, which makes the plan show that the key will be replaced; known after apply when something else changes, or null if there is no value then. " +
					"A number set here switches that off: then the key is sent when the number changes. Do that where the value is new in every run, such as one of `ephemeral \"random_password\"`. Null after import.",
				Validators: []validator.Int64{int64validator.AtLeast(1)},
			},
			"signature_header": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(defaultSignatureHeader),
				MarkdownDescription: "Name of the header that carries the signature. Default `" + defaultSignatureHeader + "`.",
				Validators:          []validator.String{headerName()},
			},
			"config_id": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "Picks the configuration to adopt by its id: for one of several of the same name, or one whose name Falcon does not show. Equal to `id` otherwise.",
				Validators:          []validator.String{configID()},
				PlanModifiers: []planmodifier.String{
					stringplanmodifier.UseStateForUnknown(),
					stringplanmodifier.RequiresReplaceIf(anotherConfig, "Another configuration is another object.", "Another configuration is another object."),
				},
			},
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Config id, 32 hexadecimal digits, which workflows refer to.",
				PlanModifiers:       keep,
			},
			"definition_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Id of the app's definition that the configuration belongs to.",
				PlanModifiers:       keep,
			},
			"state": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "State of the configuration as Falcon shows it.",
				PlanModifiers:       keep,
			},
			"created_by_terraform": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "Whether Terraform created the configuration. Only then does destroy delete it; an adopted or imported one stays in Falcon.",
				PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{Create: true, Read: true, Update: true, Delete: true}),
		},
	}
}

// anotherConfig asks for a replacement only when config_id is known to name
// another configuration: an unknown one is most likely the same as before.
func anotherConfig(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = !req.ConfigValue.IsNull() && !req.PlanValue.IsUnknown() && !req.PlanValue.Equal(req.StateValue)
}

func (r *webhookResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state webhookModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	instance := instanceOf(ctx, req.Private, &resp.Diagnostics)
	if instance == "" {
		instance = newInstance(ctx, resp.Private, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	core.Shared[webhookRegistry](r.ProviderData).read(state.ID.ValueString(), state.holder(instance))
	ctx, cancel := core.WithTimeout(ctx, state.Timeouts.Read, &resp.Diagnostics)
	defer cancel()

	config := r.find(ctx, state.ID.ValueString(), "Could not read the webhook configuration", &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if config == nil {
		resp.Diagnostics.AddWarning("Webhook configuration is gone", fmt.Sprintf(
			"The webhook configuration %s (id %s) no longer exists in Falcon and will be created again. Workflows that use it need the new id.", core.Quoted(state.Name), state.ID.ValueString()))
		core.SetIdentity(ctx, resp.Identity, state.ID, &resp.Diagnostics)
		resp.State.RemoveResource(ctx)
		return
	}
	state = state.refreshed(*config)
	if config.Disabled() {
		resp.Diagnostics.AddWarning("Webhook configuration is switched off", switchedOffText(state))
	}
	core.SetIdentity(ctx, resp.Identity, state.ID, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// find reads one configuration; nil without an error: there is none of this id.
func (r *webhookResource) find(ctx context.Context, id, summary string, diags *diag.Diagnostics) *falcon.PluginConfig {
	config, err := r.Client.PluginConfig(ctx, id)
	if err != nil && !falcon.IsNotFound(err) {
		diags.AddError(summary, err.Error())
	}
	return config
}

func (r *webhookResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state webhookModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	secret := secretFrom(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()

	if plan.HMACSecretVersion.IsUnknown() {
		plan.HMACSecretVersion = nextVersion(state.HMACSecretVersion, recordedSecret(ctx, req.Private, &resp.Diagnostics), secret)
	}
	if !plan.ConfigID.IsUnknown() && plan.ConfigID.ValueString() != state.ID.ValueString() {
		resp.Diagnostics.AddAttributeError(core.Attribute("config_id"), "Another webhook configuration", fmt.Sprintf(
			"config_id turned out to be %s only during the apply, but this resource is the configuration %s. Plan again: the resource will then be replaced.", plan.ConfigID.ValueString(), state.ID.ValueString()))
		return
	}
	explicit := explicitVersion(ctx, req.Config, &resp.Diagnostics)
	current := r.find(ctx, state.ID.ValueString(), "Could not update the webhook configuration", &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if current == nil {
		resp.Diagnostics.AddError("Webhook configuration is gone", fmt.Sprintf(
			"The webhook configuration %s (id %s) was deleted after the plan was made. Plan again: it will be created again.", core.Quoted(state.Name), state.ID.ValueString()))
		return
	}
	recorded := recordedSecret(ctx, req.Private, &resp.Diagnostics)
	change := planChange(state, plan, *current, secret, explicit, recorded.sent(secret))
	if change.needed() {
		current = r.write(ctx, state, plan, *current, change, resp)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	next := plan.stateAfterWrite(*current)
	next.CreatedByTerraform = state.CreatedByTerraform
	core.SetIdentity(ctx, resp.Identity, state.ID, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, next)...)
	switch {
	case change.sendSecret:
		recordSecret(ctx, resp.Private, secret.ValueString(), &resp.Diagnostics)
	case recorded == nil && !secret.IsNull():
		recordSeen(ctx, resp.Private, secret.ValueString(), &resp.Diagnostics)
	case recorded != nil && secret.IsNull() && !explicit:
		recordDropped(ctx, resp.Private, *recorded, &resp.Diagnostics)
	}
}

// write sends a change, or explains how the user can make it.
func (r *webhookResource) write(ctx context.Context, state, plan webhookModel, current falcon.PluginConfig, change webhookChange, resp *resource.UpdateResponse) *falcon.PluginConfig {
	config, err := r.Client.UpdateWebhook(ctx, current.ID, plan.spec(change.key))
	if err == nil {
		recordWrites(ctx, resp.Private, &resp.Diagnostics)
		forgetGuide(ctx, resp.Private, &resp.Diagnostics)
		return config
	}
	refused := writeRefused(err)
	if refused == nil {
		resp.Diagnostics.AddError("Could not update the webhook configuration", err.Error())
		return nil
	}
	onlyConsole := leavesConsole(refused, writesWork(ctx, resp.Private, state, &resp.Diagnostics))
	if onlyConsole && len(change.differences) == 0 && guided(ctx, resp.Private, plan, change, &resp.Diagnostics) {
		resp.Diagnostics.AddWarning("Webhook configuration taken as changed in the console", takenWarning(plan, change))
		forgetGuide(ctx, resp.Private, &resp.Diagnostics)
		return &current
	}
	summary := "Could not update the webhook configuration"
	if onlyConsole {
		summary = "Webhook configuration has to be changed in the Falcon console"
		recordGuide(ctx, resp.Private, plan, change, &resp.Diagnostics)
	}
	resp.Diagnostics.AddError(summary, updateGuide(plan, current, change, refused, onlyConsole))
	return nil
}

func (r *webhookResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state webhookModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	deletion := core.Shared[webhookRegistry](r.ProviderData).beginDelete(state.ID.ValueString(), state.holder(instanceOf(ctx, req.Private, &resp.Diagnostics)))
	if deletion.heir != nil {
		resp.Diagnostics.AddWarning("Webhook configuration belongs to another resource now", adoptedAwayText(state, deletion))
		return
	}
	if !state.CreatedByTerraform.ValueBool() {
		deletion.ended(configStays)
		resp.Diagnostics.AddWarning("Webhook configuration stays in Falcon", staysWarning(state, "Terraform did not create it."))
		return
	}
	ctx, cancel := core.WithTimeout(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()

	err := r.Client.DeleteWebhook(ctx, state.ID.ValueString())
	refused := writeRefused(err)
	switch {
	case refused != nil && refused.Status < http.StatusInternalServerError:
		deletion.ended(configStays)
		resp.Diagnostics.AddWarning("Webhook configuration stays in Falcon", staysWarning(state, core.Sentence(refused.Error())))
	case err != nil && !falcon.IsNotFound(err):
		deletion.ended(deleteFails)
		resp.Diagnostics.AddError("Could not delete the webhook configuration", err.Error())
	default:
		deletion.ended(configGone)
	}
}

func (r *webhookResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	core.ImportByID(ctx, "webhook configuration", "config id", req, resp)
	var id types.String
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.GetAttribute(ctx, core.Attribute("id"), &id)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, core.DefaultTimeout)
	defer cancel()
	candidates, err := r.Client.WebhookCandidates(ctx)
	if err != nil {
		resp.Diagnostics.AddError("Could not import the webhook configuration", err.Error())
		return
	}
	if other := falcon.ConfigWithID(candidates.Others, id.ValueString()); other != nil {
		resp.Diagnostics.AddError("Configuration of another app", otherApp(*other, candidates))
	}
}
