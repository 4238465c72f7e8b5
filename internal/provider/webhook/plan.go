package webhook

import (
	"context"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ModifyPlan reports what a create comes to, finds two resources for one
// configuration, and plans the version of the HMAC secret. The write-only
// attribute itself is read from the configuration and never set.
func (r *webhookResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	diags := &resp.Diagnostics
	if !req.State.Raw.IsNull() {
		r.planExisting(ctx, req, diags)
	}
	if req.Plan.Raw.IsNull() || diags.HasError() {
		return // destroy
	}
	secret := secretFrom(ctx, req.Config, diags)
	explicit := explicitVersion(ctx, req.Config, diags)
	creating, adopts := req.State.Raw.IsNull(), false
	if creating && !diags.HasError() && r.ProviderData != nil {
		adopts = r.planCreate(ctx, req, secret, diags)
	}
	if creating && !adopts && !diags.HasError() {
		secretGiven(secret, diags)
	}
	if diags.HasError() {
		return
	}
	var version types.Int64
	switch {
	case explicit:
		diags.Append(req.Plan.GetAttribute(ctx, core.Attribute("hmac_secret_wo_version"), &version)...)
		if !creating {
			checkRaised(ctx, req, version, secret, diags)
		}
		return
	case creating && secret.IsNull():
		version = types.Int64Null() // adopted as it is
	case creating && secret.IsUnknown():
		version = types.Int64Unknown()
	case creating:
		version = firstVersion(types.Int64Unknown())
	default:
		version = r.planVersion(ctx, req, secret, diags)
	}
	diags.Append(resp.Plan.SetAttribute(ctx, core.Attribute("hmac_secret_wo_version"), version)...)
}

// planVersion is the automatic version of a configuration in the state.
func (r *webhookResource) planVersion(ctx context.Context, req resource.ModifyPlanRequest, secret types.String, diags *diag.Diagnostics) types.Int64 {
	var prior, planned types.Int64
	diags.Append(req.State.GetAttribute(ctx, core.Attribute("hmac_secret_wo_version"), &prior)...)
	diags.Append(req.Plan.GetAttribute(ctx, core.Attribute("hmac_secret_wo_version"), &planned)...)
	recorded := recordedSecret(ctx, req.Private, diags)
	if recorded == nil && !secret.IsNull() {
		var state webhookModel
		diags.Append(req.State.Get(ctx, &state)...)
		diags.AddAttributeWarning(core.Attribute("hmac_secret_wo"), "HMAC key in Falcon is not known", unknownKeyText(state))
	}
	if planned.IsUnknown() && secret.IsNull() {
		// Something else is written, and the key is not: the plan shows that it is no longer managed.
		return types.Int64Null()
	}
	version := nextVersion(prior, recorded, secret)
	// The framework leaves the version unknown when anything else changes. The apply then plans again, and the key may
	// be another one by then, as one of an ephemeral resource or variable: only an unknown version may become any.
	if planned.IsUnknown() && recorded != nil && !secret.IsNull() && version.Equal(prior) {
		return types.Int64Unknown()
	}
	return version
}

// planExisting finds out whether another resource of the run has the same
// configuration, or loses it.
func (r *webhookResource) planExisting(ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) {
	if r.ProviderData == nil {
		return // not configured
	}
	var state, plan webhookModel
	diags.Append(req.State.Get(ctx, &state)...)
	instance := instanceOf(ctx, req.Private, diags)
	destroy := req.Plan.Raw.IsNull()
	if !destroy {
		diags.Append(req.Plan.Get(ctx, &plan)...)
	}
	if diags.HasError() {
		return
	}
	id := state.ID.ValueString()
	replaces := !destroy && !plan.ConfigID.IsUnknown() && plan.ConfigID.ValueString() != id
	var other *webhookHolder
	if destroy || replaces {
		other = core.Shared[webhookRegistry](r.ProviderData).release(id, state.holder(instance))
	} else {
		other = core.Shared[webhookRegistry](r.ProviderData).keep(id, plan.holder(instance))
	}
	if other != nil {
		if destroy {
			plan = state
		}
		addTwice(plan, *other, diags)
	}
}

// checkRaised refuses a new version that comes without a key to send.
func checkRaised(ctx context.Context, req resource.ModifyPlanRequest, version types.Int64, secret types.String, diags *diag.Diagnostics) {
	var prior types.Int64
	diags.Append(req.State.GetAttribute(ctx, core.Attribute("hmac_secret_wo_version"), &prior)...)
	if secret.IsNull() && !version.IsUnknown() && !version.Equal(prior) {
		diags.AddAttributeError(core.Attribute("hmac_secret_wo"), "Missing HMAC secret",
			"hmac_secret_wo_version changed, which asks for the HMAC secret key to be sent, but hmac_secret_wo is not set.")
	}
}

// secretFrom reads the write-only secret, which only the configuration has.
func secretFrom(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) types.String {
	var secret types.String
	diags.Append(config.GetAttribute(ctx, core.Attribute("hmac_secret_wo"), &secret)...)
	return secret
}

// explicitVersion says whether the user gives the version's number.
func explicitVersion(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) bool {
	var version types.Int64
	diags.Append(config.GetAttribute(ctx, core.Attribute("hmac_secret_wo_version"), &version)...)
	return !version.IsNull()
}

// secretGiven demands the secret for a create. It is optional in the schema
// because an imported configuration works without it.
func secretGiven(secret types.String, diags *diag.Diagnostics) bool {
	if !secret.IsNull() {
		return true
	}
	diags.AddAttributeError(core.Attribute("hmac_secret_wo"), "Missing HMAC secret",
		"A webhook configuration needs an HMAC secret key of at least 32 characters when it is created. Set hmac_secret_wo, best from an ephemeral variable; it must be given again when a saved plan is applied.")
	return false
}

// firstVersion is the version at create: the user's own, else 1.
func firstVersion(planned types.Int64) types.Int64 {
	if planned.IsUnknown() || planned.IsNull() {
		return types.Int64Value(1)
	}
	return planned
}

// nextVersion is the automatic version of an existing configuration. It rises
// when the value is known to differ from the recorded one, and starts anew after
// a write without a value. Without a record, as after import, nothing is known of
// the key in Falcon and nothing is planned.
func nextVersion(prior types.Int64, recorded *fingerprint, secret types.String) types.Int64 {
	switch {
	case secret.IsNull() || recorded == nil:
		return prior
	case secret.IsUnknown():
		return types.Int64Unknown()
	case !recorded.Dropped && recorded.matches(secret.ValueString()):
		return prior
	default:
		return types.Int64Value(prior.ValueInt64() + 1)
	}
}
