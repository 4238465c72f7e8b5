package webhook

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// ModifyPlan reports what a create will do, detects two resources for one configuration, and plans the version of the
// HMAC secret. The write-only secret itself is read from the configuration and never set in the plan.
func (r *managedResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	diags := &resp.Diagnostics
	creates, destroys := req.State.Raw.IsNull(), req.Plan.Raw.IsNull()
	var state, plan, config model
	if !creates {
		diags.Append(req.State.Get(ctx, &state)...)
	}
	if !destroys {
		diags.Append(req.Plan.Get(ctx, &plan)...)
		diags.Append(req.Config.Get(ctx, &config)...)
	}
	// When a resource is replaced, the plan of the create has the private state of the old object.
	instance := instanceOf(ctx, req.Private, diags)
	if diags.HasError() {
		return
	}
	needsSecret := false
	switch {
	case creates:
		needsSecret = r.planCreate(ctx, plan, config, instance, diags)
	case destroys:
		r.planRelease(state, state, instance, diags)
	case !plan.ConfigID.IsUnknown() && !plan.ConfigID.Equal(state.ID):
		r.planRelease(plan, state, instance, diags)
	default:
		if other := r.registry().keep(state.ID.ValueString(), plan.holder(instance)); other != nil {
			diags.Append(twoResources(plan, *other))
		}
	}
	if destroys || diags.HasError() {
		return
	}
	secret := config.HMACSecret
	recorded := recordedFingerprint(ctx, req.Private, privateSecret, diags)
	version := plan.HMACSecretVersion
	switch ownVersion := !config.HMACSecretVersion.IsNull(); {
	case needsSecret && secret.IsNull() && r.registry().isGone(plan.holder(instance)):
		// A pipeline without the secret reports the deletion. Terraform plans again during an apply, in another process:
		// that plan is the error, before anything is written.
		diags.Append(secretForRecreation(plan))
		if !ownVersion {
			version = types.Int64Unknown()
		}
	case needsSecret && secret.IsNull():
		diags.Append(missingSecret())
	case !creates && ownVersion && secret.IsNull() && !version.IsUnknown() && !version.Equal(state.HMACSecretVersion):
		diags.Append(versionWithoutSecret())
	case ownVersion:
	case creates:
		version = plannedFirstVersion(secret)
	default:
		if recorded == nil && !secret.IsNull() {
			diags.Append(secretUnknown(state))
		}
		version = plannedVersion(state.HMACSecretVersion, version, recorded, secret)
	}
	diags.Append(resp.Plan.SetAttribute(ctx, core.Attribute("hmac_secret_wo_version"), version)...)
}

// planRelease is the plan of a resource that is destroyed or replaced.
func (r *managedResource) planRelease(m, state model, instance string, diags *diag.Diagnostics) {
	if other := r.registry().release(state.ID.ValueString(), state.holder(instance)); other != nil {
		diags.Append(twoResources(m, *other))
	}
}

// planCreate reports what the create will do. It returns whether the create needs a secret, because it does not adopt a
// configuration. If that is not known, because the name or config_id is not known, or Falcon can't be asked, the apply
// decides by the same rules.
func (r *managedResource) planCreate(ctx context.Context, plan, config model, instance string, diags *diag.Diagnostics) (needsSecret bool) {
	if plan.Name.IsUnknown() || config.ConfigID.IsUnknown() {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, core.PlanCheckTime)
	defer cancel()
	create, other := r.registry().beginCreate(config.ConfigID.ValueString(), plan.holder(instance))
	defer r.registry().endCreate(create)
	if other != nil {
		diags.Append(twoResources(plan, *other))
		return false
	}
	there, err := r.lookUp(ctx, plan, diags)
	if diags.HasError() {
		return false
	}
	found := there.config
	if found != nil {
		other = r.registry().adopts(create, found.ID)
	}
	if other != nil {
		diags.Append(twoResources(plan, *other))
		return false
	}
	switch {
	case err != nil:
		r.Once.WarnOnce(diags, "webhook look-up", "Unable to look up webhook configurations during the plan",
			core.Sentence(err.Error())+" Whether the planned webhook configurations are created or adopted is decided during the apply.")
		return false
	case found == nil:
		r.planNew(plan, config.HMACSecret, there, diags)
		return true
	}
	if config.HMACSecretVersion.IsNull() {
		plan.HMACSecretVersion = plannedFirstVersion(config.HMACSecret)
	}
	return r.planExisting(plan, *found, diags)
}

// planNew reports how a configuration that does not exist will be created.
func (r *managedResource) planNew(plan model, secret types.String, there existing, diags *diag.Diagnostics) {
	switch {
	case there.notInstalled:
		if r.Once.First(callWebhookMissing) {
			diags.Append(appNotInstalled(plan))
		}
	case secret.IsNull(): // has a diagnostic of its own
	case plan.URL.IsUnknown() || plan.SignatureHeader.IsUnknown(): // the values to enter are not known
	case r.WebhookWrites == core.WebhookWritesNever:
		diags.Append(plannedInConsole(plan, there.hidden))
	default:
		diags.Append(plannedByRequest(plan, there.hidden))
	}
}

// callWebhookMissing is the key of the error that the tenant does not have the app. A falcon_workflow with notify_webhook
// uses the same key, so that a run has one such error.
const callWebhookMissing = "no Call webhook"

// planExisting reports what happens to a configuration that exists, and whether a new one may have to be created instead.
func (r *managedResource) planExisting(plan model, found falcon.PluginConfig, diags *diag.Diagnostics) (needsSecret bool) {
	switch {
	case r.registry().inState(found.ID):
		diags.Append(alreadyInState(plan, found))
		return true
	case plan.URL.IsUnknown() || plan.SignatureHeader.IsUnknown(): // it is not known whether they differ
	case len(plan.differencesFrom(found)) > 0:
		diags.Append(existsAndDiffers(plan, found))
	default:
		r.warnAdopted(plan, found, diags)
	}
	return false
}
