package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ModifyPlan demands the HMAC secret for a create and plans its version. The
// write-only attribute itself is read from the configuration and never set.
func (r *webhookResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // destroy
	}
	secret := secretFrom(ctx, req.Config, &resp.Diagnostics)
	explicit := explicitVersion(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	creating := req.State.Raw.IsNull()
	if creating && !secretGiven(secret, &resp.Diagnostics) {
		return
	}
	var version types.Int64
	switch {
	case explicit:
		resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, attribute("hmac_secret_wo_version"), &version)...)
		if !creating {
			checkRaised(ctx, req, version, secret, &resp.Diagnostics)
		}
		return
	case creating && secret.IsUnknown():
		version = types.Int64Unknown()
	case creating:
		version = firstVersion(types.Int64Unknown())
	default:
		var prior types.Int64
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, attribute("hmac_secret_wo_version"), &prior)...)
		version = nextVersion(prior, recordedSecret(ctx, req.Private, &resp.Diagnostics), secret)
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, attribute("hmac_secret_wo_version"), version)...)
}

// checkRaised refuses a new version that comes without a key to send.
func checkRaised(ctx context.Context, req resource.ModifyPlanRequest, version types.Int64, secret types.String, diags *diag.Diagnostics) {
	var prior types.Int64
	diags.Append(req.State.GetAttribute(ctx, attribute("hmac_secret_wo_version"), &prior)...)
	if secret.IsNull() && !version.IsUnknown() && !version.Equal(prior) {
		diags.AddAttributeError(attribute("hmac_secret_wo"), "Missing HMAC secret",
			"hmac_secret_wo_version changed, which asks for the HMAC secret key to be sent, but hmac_secret_wo is not set.")
	}
}

// secretFrom reads the write-only secret, which only the configuration has.
func secretFrom(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) types.String {
	var secret types.String
	diags.Append(config.GetAttribute(ctx, attribute("hmac_secret_wo"), &secret)...)
	return secret
}

// explicitVersion says whether the user gives the version's number.
func explicitVersion(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) bool {
	var version types.Int64
	diags.Append(config.GetAttribute(ctx, attribute("hmac_secret_wo_version"), &version)...)
	return !version.IsNull()
}

// secretGiven demands the secret for a create. It is optional in the schema
// because an imported configuration works without it.
func secretGiven(secret types.String, diags *diag.Diagnostics) bool {
	if !secret.IsNull() {
		return true
	}
	diags.AddAttributeError(attribute("hmac_secret_wo"), "Missing HMAC secret",
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
// when the value is known to differ from the recorded one. Without a record, as
// after import, nothing is known of the key in Falcon and nothing is planned.
func nextVersion(prior types.Int64, recorded *fingerprint, secret types.String) types.Int64 {
	switch {
	case secret.IsNull() || recorded == nil:
		return prior
	case secret.IsUnknown():
		return types.Int64Unknown()
	case recorded.matches(secret.ValueString()):
		return prior
	default:
		return types.Int64Value(prior.ValueInt64() + 1)
	}
}
