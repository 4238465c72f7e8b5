package webhook

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// createConfig creates a configuration, or explains how the user can. It returns nil if nothing is known to exist. created
// reports whether Falcon's response proves that this request created the configuration; otherwise it is adopted.
func (r *managedResource) createConfig(ctx context.Context, plan model, secret types.String, h holder, diags *diag.Diagnostics) (config *falcon.PluginConfig, created bool) {
	config, err := r.Client.CreateWebhook(ctx, plan.toAPI(secret.ValueString()))
	var unseen *falcon.WebhookUnverifiedError
	var appeared *falcon.WebhookAppearedError
	switch {
	case errors.As(err, &unseen):
		diags.Append(createdUnseen(unseen))
		config = &falcon.PluginConfig{ID: unseen.ID} // only the state can say later that Terraform created it
	case errors.As(err, &appeared):
		return r.adoptAppeared(ctx, plan, h, appeared, diags), false
	case err != nil:
		diags.Append(r.notCreated(ctx, plan, err)...)
		return nil, false
	}
	r.registry().created(config.ID, h)
	return config, true
}

// adoptAppeared adopts a configuration that may be someone else's: destroy must not delete it, and it may have another key.
func (r *managedResource) adoptAppeared(ctx context.Context, plan model, h holder, appeared *falcon.WebhookAppearedError, diags *diag.Diagnostics) *falcon.PluginConfig {
	if other := r.registry().adopt(ctx, appeared.Config.ID, h).other; other != nil {
		diags.Append(twoResources(plan, *other))
		return nil
	}
	diags.Append(appearedAdopted(plan, appeared))
	return &appeared.Config
}

// notCreated explains a create after which nothing is known to exist.
func (r *managedResource) notCreated(ctx context.Context, plan model, err error) (diags diag.Diagnostics) {
	var unsettled *falcon.UnsettledError
	if errors.As(err, &unsettled) {
		diags.Append(maybeCreated(plan, unsettled))
		return diags
	}
	refusal := refusalOf(err)
	switch {
	case refusal != nil:
		named, hidden := r.namedOrHidden(ctx, plan)
		diags.Append(createRefused(plan, refusal, named, hidden))
	case ctx.Err() != nil:
		diags.Append(nothingCreated(plan, err))
	default:
		core.AddCreateError(&diags, typeName, createFailed, err)
	}
	return diags
}

// namedOrHidden looks for what may be in the way of a create: it returns the ids of the configurations that have the planned
// name, and of those whose names Falcon does not show. There are none if they can't be read.
func (r *managedResource) namedOrHidden(ctx context.Context, plan model) (named, hidden []string) {
	configs, err := r.Client.WebhookConfigs(ctx)
	if err != nil {
		return nil, nil
	}
	named = idsOf(configsWhere(configs, func(c falcon.PluginConfig) bool { return c.Name != nil && *c.Name == plan.Name.ValueString() }))
	return named, idsOf(withoutName(configs))
}

// updateConfig sends a change, or explains how the user can make it. It returns nil after an error.
func (r *managedResource) updateConfig(ctx context.Context, state, plan model, current falcon.PluginConfig, c change, resp *resource.UpdateResponse) *falcon.PluginConfig {
	diags := &resp.Diagnostics
	config, err := r.Client.UpdateWebhook(ctx, current.ID, plan.toAPI(c.secret))
	if err == nil {
		setPrivate(ctx, resp.Private, privateWrites, true, diags)
		setPrivate(ctx, resp.Private, privateGuide, nil, diags)
		return config
	}
	refusal := refusalOf(err)
	if refusal == nil {
		diags.AddError(updateFailed, core.Sentence(err.Error()))
		return nil
	}
	works := state.CreatedByTerraform.ValueBool() || getPrivate[bool](ctx, resp.Private, privateWrites, diags)
	if !onlyInConsole(refusal, works) {
		diags.Append(updateAgain(plan, current, c, refusal))
		return nil
	}
	guide := guideFor(plan, c)
	if f := recordedFingerprint(ctx, resp.Private, privateGuide, diags); f != nil && f.matches(guide) && len(c.differences) == 0 {
		diags.Append(assumedUpdated(plan, c))
		return &current
	}
	recordFingerprint(ctx, resp.Private, privateGuide, guide, false, diags)
	diags.Append(updateInConsole(plan, current, c, refusal))
	return nil
}

// guideFor identifies a change that the user is asked to make in the console. Falcon never shows the secret, and may
// not show other attributes, so when the same change is applied again and nothing visible differs, it is assumed to be
// made. A version set by the user stands for the secret, which may be new in every run.
func guideFor(plan model, c change) string {
	secret := c.secret
	if c.ownVersion {
		secret = strconv.FormatInt(plan.HMACSecretVersion.ValueInt64(), 10)
	}
	return strings.Join([]string{plan.Name.ValueString(), plan.URL.ValueString(), plan.SignatureHeader.ValueString(), secret}, "\x00")
}

// refusalOf returns why the unpublished request cannot be used: it is switched off, not offered, or its response is
// not a success that the list then shows. It returns nil for errors that the console does not help with: no response,
// a response of a proxy or another cloud, an invalid token, a rate limit, or an unknown outcome.
func refusalOf(err error) *falcon.WritesUnavailableError {
	var unavailable *falcon.WritesUnavailableError
	var exists *falcon.ExistsError
	var unsettled *falcon.UnsettledError
	var failure *falcon.Error
	switch {
	case errors.As(err, &unavailable):
		return unavailable
	case errors.As(err, &exists), errors.As(err, &unsettled), falcon.IsNotFound(err), !errors.As(err, &failure),
		failure.WebPage(), failure.Status < http.StatusBadRequest,
		failure.Status == http.StatusUnauthorized, failure.Status == http.StatusTooManyRequests:
		return nil
	}
	refusal := &falcon.WritesUnavailableError{Status: failure.Status, Reason: err.Error()}
	if refusal.Refusal() {
		refusal.Effect = falcon.EffectNone
	}
	return refusal
}

// onlyInConsole reports whether a refused update can only be made in the console. A server error, and any refusal of
// a request that has worked before, may be temporary: to assume that the user made the change in the console could
// record a secret that never reached Falcon.
func onlyInConsole(refusal *falcon.WritesUnavailableError, worked bool) bool {
	return refusal.NotOffered() || !worked && refusal.Status < http.StatusInternalServerError
}
