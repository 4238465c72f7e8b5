package webhook

import (
	"context"
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
	_ resource.ResourceWithConfigure   = (*managedResource)(nil)
	_ resource.ResourceWithIdentity    = (*managedResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*managedResource)(nil)
	_ resource.ResourceWithImportState = (*managedResource)(nil)
)

// NewResource returns the resource falcon_webhook.
func NewResource() resource.Resource { return &managedResource{} }

type managedResource struct{ core.ResourceBase }

type model struct {
	Name               types.String   `tfsdk:"name"`
	URL                types.String   `tfsdk:"url"`
	HMACSecret         types.String   `tfsdk:"hmac_secret_wo"` // write-only: null in plan and state
	HMACSecretVersion  types.Int64    `tfsdk:"hmac_secret_wo_version"`
	SignatureHeader    types.String   `tfsdk:"signature_header"`
	ConfigID           types.String   `tfsdk:"config_id"`
	ID                 types.String   `tfsdk:"id"`
	DefinitionID       types.String   `tfsdk:"definition_id"`
	State              types.String   `tfsdk:"state"`
	CreatedByTerraform types.Bool     `tfsdk:"created_by_terraform"`
	Timeouts           timeouts.Value `tfsdk:"timeouts"`
}

func (r *managedResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_webhook"
}

func (r *managedResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	fromState := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A configuration of the *CrowdStrike Webhook* Store app: where Fusion SOAR workflows send their events, and how these are signed.\n\n" +
			"CrowdStrike publishes a request that lists these configurations, and none that writes them. The resource adopts an existing configuration of this name if everything that Falcon shows equals it. " +
			"Otherwise it tries an unpublished request (see `webhook_writes` of the provider). If the tenant refuses that, the error lists what to enter in the console, and the next apply adopts the result. " +
			"A create never overwrites an existing configuration.\n\n" +
			"Required API scopes: `api-integrations:read` and `workflow:read`; `api-integrations:write` to write.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the configuration. The *Call webhook* action of a workflow shows it.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"url": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "URL that receives the events: `https` (`http` only for a loopback address).",
				Validators:          []validator.String{core.WebhookURL()},
			},
			"hmac_secret_wo": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				WriteOnly:           true,
				MarkdownDescription: "HMAC secret key that signs each delivery, at least 32 characters. Write-only: it is never in state, plan or logs. Required when a configuration is created; null leaves the key of an existing one unchanged, and a plan without it still shows that a deleted configuration will be created again. Set it from an ephemeral variable, which is not stored in plan files either.",
				Validators:          []validator.String{hmacSecret()},
			},
			"hmac_secret_wo_version": schema.Int64Attribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "Rises automatically when the value of `hmac_secret_wo` changes, so that the plan shows that the key will be replaced. Known after apply when anything else changes, or null if there is no value then. " +
					"A number set here replaces the automatic one: the key is then sent when the number changes. Use it if the value is new in every run, such as one of `ephemeral \"random_password\"`. Null after import.",
				Validators: []validator.Int64{int64validator.AtLeast(1)},
			},
			"signature_header": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(defaultSignatureHeader),
				MarkdownDescription: "Name of the header that carries the signature. Default `" + defaultSignatureHeader + "`.",
				Validators:          []validator.String{core.HeaderName(defaultSignatureHeader)},
			},
			"config_id": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "Id of the configuration to adopt, if several have the same name or Falcon does not show its name. Equal to `id` otherwise.",
				Validators:          []validator.String{configID()},
				PlanModifiers: []planmodifier.String{
					stringplanmodifier.UseStateForUnknown(),
					stringplanmodifier.RequiresReplaceIf(isOtherConfig, "Replaces the resource if it names another configuration.", "Replaces the resource if it names another configuration."),
				},
			},
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Config id of 32 hexadecimal digits, which workflows refer to.",
				PlanModifiers:       fromState,
			},
			"definition_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Id of the app's definition that the configuration belongs to.",
				PlanModifiers:       fromState,
			},
			"state": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "State of the configuration as Falcon shows it.",
				PlanModifiers:       fromState,
			},
			"created_by_terraform": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "Whether Falcon's response to the create proves that Terraform created the configuration. Destroy deletes only these; an adopted or imported configuration stays in Falcon, and so does one that was found in the list after a failed create.",
				PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{Create: true, Read: true, Update: true, Delete: true}),
		},
	}
}

// isOtherConfig requires a replacement only if config_id is known to name another configuration: an unknown one is most
// likely the same as before.
func isOtherConfig(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = !req.ConfigValue.IsNull() && !req.PlanValue.IsUnknown() && !req.PlanValue.Equal(req.StateValue)
}

func (r *managedResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()

	secret := config.HMACSecret
	h := plan.holder(newInstance(ctx, resp.Private, &resp.Diagnostics))
	found, created := r.adoptExisting(ctx, plan, h, &resp.Diagnostics)
	adopted := found != nil // and so its key is not known
	if !adopted && secret.IsNull() && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(missingSecret())
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if !adopted {
		if found, created = r.createConfig(ctx, plan, secret, h, &resp.Diagnostics); found == nil {
			return
		}
		adopted = !created
	}
	if !secret.IsNull() {
		plan.HMACSecretVersion = firstVersion(plan.HMACSecretVersion)
		recordFingerprint(ctx, resp.Private, privateSecret, secret.ValueString(), adopted, &resp.Diagnostics)
	}
	state := plan.stateFromWrite(*found)
	state.CreatedByTerraform = types.BoolValue(created)
	core.SetIdentity(ctx, resp.Identity, state.ID, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *managedResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	instance := instanceOf(ctx, req.Private, &resp.Diagnostics)
	if instance == "" {
		instance = newInstance(ctx, resp.Private, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	r.registry().read(state.ID.ValueString(), state.holder(instance))
	ctx, cancel := core.WithTimeout(ctx, state.Timeouts.Read, &resp.Diagnostics)
	defer cancel()

	config := r.find(ctx, state, readFailed, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	core.SetIdentity(ctx, resp.Identity, state.ID, &resp.Diagnostics)
	if config == nil {
		r.registry().foundGone(state.holder(instance))
		resp.Diagnostics.Append(goneAtRead(state))
		resp.State.RemoveResource(ctx)
		return
	}
	state = state.stateFromRead(*config)
	if config.Disabled() {
		resp.Diagnostics.Append(switchedOff(state))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// find returns the configuration in the state as Falcon shows it; nil if it is gone, or after an error.
func (r *managedResource) find(ctx context.Context, state model, summary string, diags *diag.Diagnostics) *falcon.PluginConfig {
	config, err := r.Client.PluginConfig(ctx, state.ID.ValueString())
	if err != nil && !falcon.IsNotFound(err) {
		diags.AddError(summary, core.Sentence(err.Error()))
	}
	return config
}

func (r *managedResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	recorded := recordedFingerprint(ctx, req.Private, privateSecret, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.ConfigID.IsUnknown() && plan.ConfigID.ValueString() != state.ID.ValueString() {
		resp.Diagnostics.Append(configIDChanged(plan, state))
		return
	}
	ctx, cancel := core.WithTimeout(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()

	secret, ownVersion := config.HMACSecret, !config.HMACSecretVersion.IsNull()
	if plan.HMACSecretVersion.IsUnknown() {
		plan.HMACSecretVersion = nextVersion(state.HMACSecretVersion, recorded, secret)
	}
	current := r.find(ctx, state, updateFailed, &resp.Diagnostics)
	if current == nil && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(goneBeforeUpdate(state))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	c := planChange(state, plan, *current, secret, ownVersion, recorded.sent(secret))
	if c.needed() {
		current = r.updateConfig(ctx, state, plan, *current, c, resp)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	next := plan.stateFromWrite(*current)
	next.CreatedByTerraform = state.CreatedByTerraform
	core.SetIdentity(ctx, resp.Identity, state.ID, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, next)...)
	switch {
	case c.secret != "", recorded == nil && !secret.IsNull():
		recordFingerprint(ctx, resp.Private, privateSecret, secret.ValueString(), c.secret == "", &resp.Diagnostics)
	case recorded != nil && secret.IsNull() && !ownVersion: // the next secret in the configuration is sent as the first
		recorded.Dropped = true
		setPrivate(ctx, resp.Private, privateSecret, recorded, &resp.Diagnostics)
	}
}

func (r *managedResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	instance := instanceOf(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.ID.ValueString()
	if heir, handedOver := r.registry().beginDelete(id, state.holder(instance)); heir != nil {
		resp.Diagnostics.Append(adoptedByOther(state, *heir, handedOver))
		return
	}
	outcome := failed
	defer func() { r.registry().endDelete(id, outcome) }()
	if !state.CreatedByTerraform.ValueBool() {
		outcome = refused
		resp.Diagnostics.Append(staysInFalcon(state, "It is not known to be created by Terraform (created_by_terraform is false)."))
		return
	}
	ctx, cancel := core.WithTimeout(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()

	err := r.Client.DeleteWebhook(ctx, id)
	refusal := refusalOf(err)
	switch {
	case refusal != nil && refusal.Status < http.StatusInternalServerError:
		outcome = refused
		resp.Diagnostics.Append(staysInFalcon(state, core.Sentence(refusal.Error())))
	case err != nil && !falcon.IsNotFound(err):
		resp.Diagnostics.AddError(deleteFailed, core.Sentence(err.Error()))
	default:
		outcome = succeeded
	}
}

func (r *managedResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	core.ImportByID(ctx, "webhook configuration", "config id", req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	var id types.String
	resp.Diagnostics.Append(resp.State.GetAttribute(ctx, core.Attribute("id"), &id)...)
	ctx, cancel := context.WithTimeout(ctx, core.DefaultTimeout)
	defer cancel()
	candidates, err := r.Client.WebhookCandidates(ctx)
	if err != nil {
		resp.Diagnostics.AddError("Unable to import webhook configuration", core.Sentence(err.Error()))
		return
	}
	if other := falcon.ConfigWithID(candidates.Others, id.ValueString()); other != nil {
		resp.Diagnostics.Append(otherApp("id", *other, candidates))
	} else if !candidates.AppKnown && falcon.ConfigWithID(candidates.Configs, id.ValueString()) != nil {
		resp.Diagnostics.Append(importedOfUnknownApp(id.ValueString(), candidates))
	}
}
