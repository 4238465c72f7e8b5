package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

const (
	createFailed = "Unable to create webhook configuration"
	inConsole    = "Webhook configuration has to be created in the Falcon console"
)

// webhookLook is what Falcon has for a resource that is to be created.
type webhookLook struct {
	found      *falcon.PluginConfig // the configuration of that name or config_id; nil: there is none
	candidates falcon.WebhookCandidates
}

// look finds the configuration that a create would adopt. An error that no diagnostic describes is that of the listing.
func (r *webhookResource) look(ctx context.Context, plan webhookModel, diags *diag.Diagnostics) (webhookLook, error) {
	candidates, err := r.Client.WebhookCandidates(ctx)
	if err != nil {
		return webhookLook{}, err
	}
	candidates.Configs = slices.DeleteFunc(candidates.Configs, func(c falcon.PluginConfig) bool { return core.Shared[webhookRegistry](r.ProviderData).isGone(c.ID) })
	return webhookLook{plan.pick(candidates, core.Shared[webhookRegistry](r.ProviderData).inState, diags), candidates}, nil
}

// planCreate looks what a create comes to, and reports it in the plan. adopts says that it needs no key, because
// nothing is sent.
func (r *webhookResource) planCreate(ctx context.Context, req resource.ModifyPlanRequest, secret types.String, diags *diag.Diagnostics) (adopts bool) {
	var plan, config webhookModel
	diags.Append(req.Plan.Get(ctx, &plan)...)
	diags.Append(req.Config.Get(ctx, &config)...)
	// A resource that is replaced has the private state of its present object in this second plan.
	instance := instanceOf(ctx, req.Private, diags)
	if diags.HasError() {
		return false
	}
	if plan.Name.IsUnknown() || config.ConfigID.IsUnknown() {
		return false // decided during the apply, by the same rules
	}
	if other := core.Shared[webhookRegistry](r.ProviderData).planCreate(plan.holder(instance), config.ConfigID.ValueString()); other != nil {
		addTwice(plan, *other, diags)
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, core.PlanCheckTime)
	defer cancel()
	look, err := r.look(ctx, plan, diags)
	switch {
	case diags.HasError():
		return false
	case err != nil:
		r.Once.WarnOnce(diags, "webhook look", "Webhook configurations could not be looked up before the apply",
			"What happens to the planned webhook configurations is decided during the apply: "+core.Sentence(err.Error()))
		return false
	case look.found == nil:
		r.reportCreate(plan, look, secret, diags)
		return false
	}
	return r.reportFound(plan, instance, *look.found, diags)
}

// reportCreate says how a configuration that does not exist will be created.
func (r *webhookResource) reportCreate(plan webhookModel, look webhookLook, secret types.String, diags *diag.Diagnostics) {
	switch {
	case secret.IsNull(): // that is the error to read first
	case plan.URL.IsUnknown() || plan.SignatureHeader.IsUnknown(): // the values to enter are known during the apply
	case r.WebhookWrites == core.WebhookWritesNever:
		diags.AddWarning(inConsole, createGuide(plan, &falcon.WritesUnavailableError{}, hiddenNames(look.candidates.Configs)))
	default:
		diags.AddWarning("Webhook configuration is created by an unpublished request", fmt.Sprintf(
			"Falcon has no webhook configuration named %q. CrowdStrike publishes no request that creates one, so the apply tries the one that would belong to the published listing. "+
				"If the tenant refuses it, nothing is created, and the apply ends with an error that lists the values to enter in the Falcon console.", plan.Name.ValueString()))
	}
}

// reportFound says what becomes of a configuration that exists, and whether it will be adopted.
func (r *webhookResource) reportFound(plan webhookModel, instance string, found falcon.PluginConfig, diags *diag.Diagnostics) (adopts bool) {
	other, inState := core.Shared[webhookRegistry](r.ProviderData).planAdopt(found.ID, plan.holder(instance))
	switch {
	case other != nil:
		addTwice(plan, *other, diags)
	case inState:
		diags.AddWarning("Webhook configuration is in this state already", fmt.Sprintf(
			"Falcon has the configuration %s (id %s), and a resource in this state has it: the object that is being replaced, or one that was renamed. If that is deleted first, a new configuration is created. "+
				"Otherwise this resource adopts it as it is, and it is removed from the state of the other without being deleted. To rename a resource, use a moved block: it keeps the configuration and its id.",
			core.Quoted(plan.Name), found.ID))
	case plan.URL.IsUnknown() || plan.SignatureHeader.IsUnknown(): // what differs is known during the apply
	case len(plan.differences(found)) > 0:
		addDiffers(plan, found, diags)
	default:
		r.warnAdopted(plan, found, diags)
		return true
	}
	return false
}

// warnAdopted says once per run that a configuration is adopted.
func (r *webhookResource) warnAdopted(plan webhookModel, found falcon.PluginConfig, diags *diag.Diagnostics) {
	r.Once.WarnOnce(diags, "webhook adopted "+found.ID, "Existing webhook configuration is adopted", adoptedWarning(plan, found))
}

func addTwice(m webhookModel, other webhookHolder, diags *diag.Diagnostics) {
	diags.AddAttributeError(core.Attribute("name"), "Two resources for one webhook configuration", twiceText(m, other))
}

func addDiffers(plan webhookModel, found falcon.PluginConfig, diags *diag.Diagnostics) {
	diags.AddAttributeError(core.Attribute("name"), "Webhook configuration exists and differs", differsText(plan, found))
}

func (r *webhookResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan webhookModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	secret := secretFrom(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()

	holder := plan.holder(newInstance(ctx, resp.Private, &resp.Diagnostics))
	found, created := r.adoptExisting(ctx, plan, holder, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	adopted := found != nil
	if !adopted {
		if found = r.create(ctx, plan, holder, secret, resp); found == nil {
			return
		}
		created = true
	}
	if !secret.IsNull() {
		plan.HMACSecretVersion = firstVersion(plan.HMACSecretVersion)
	}
	state := plan.stateAfterWrite(*found)
	state.CreatedByTerraform = types.BoolValue(created)
	core.SetIdentity(ctx, resp.Identity, state.ID, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	switch {
	case secret.IsNull():
	case adopted:
		recordSeen(ctx, resp.Private, secret.ValueString(), &resp.Diagnostics)
	default:
		recordSecret(ctx, resp.Private, secret.ValueString(), &resp.Diagnostics)
	}
}

// adoptExisting returns the configuration that the resource adopts, and whether Terraform had created it; nil without
// an error: there is none to adopt.
func (r *webhookResource) adoptExisting(ctx context.Context, plan webhookModel, holder webhookHolder, resp *resource.CreateResponse) (found *falcon.PluginConfig, created bool) {
	diags := &resp.Diagnostics
	for {
		if err := core.Shared[webhookRegistry](r.ProviderData).awaitDeletions(ctx, holder.name); err != nil {
			diags.AddError(createFailed, stoppedWaiting(holder, err))
			return nil, false
		}
		look, err := r.look(ctx, plan, diags)
		if err != nil {
			diags.AddError(createFailed, core.Sentence(err.Error())+" Nothing was created.")
		}
		if diags.HasError() || look.found == nil {
			return nil, false
		}
		a := adoption{ended: core.Shared[webhookRegistry](r.ProviderData).deletionUnderWay(look.found.ID)}
		if a.ended == nil {
			if len(plan.differences(*look.found)) > 0 {
				addDiffers(plan, *look.found, diags)
				return nil, false
			}
			a = core.Shared[webhookRegistry](r.ProviderData).adopt(ctx, look.found.ID, holder)
		}
		switch {
		case a.other != nil:
			addTwice(plan, *a.other, diags)
			return nil, false
		case a.undeleted != nil:
			diags.AddError(createFailed, fmt.Sprintf("The webhook configuration %s (id %s) still belongs to %s, whose deletion failed in this run. Nothing was created. Apply again.", core.Quoted(plan.Name), look.found.ID, a.undeleted))
			return nil, false
		case a.ended == nil:
			r.warnAdopted(plan, *look.found, diags)
			return look.found, a.created
		}
		select {
		case <-a.ended:
		case <-ctx.Done():
			diags.AddError(createFailed, stoppedWaiting(holder, context.Cause(ctx)))
			return nil, false
		}
	}
}

func stoppedWaiting(holder webhookHolder, err error) string {
	return fmt.Sprintf("Another resource of this run is deleting the webhook configuration %q, and it did not end in time (%s). Nothing was created. Apply again.", holder.name, err)
}

// create creates a configuration, or explains how the user can. It returns nil after an error.
func (r *webhookResource) create(ctx context.Context, plan webhookModel, holder webhookHolder, secret types.String, resp *resource.CreateResponse) *falcon.PluginConfig {
	if !secretGiven(secret, &resp.Diagnostics) {
		return nil
	}
	config, err := r.Client.CreateWebhook(ctx, plan.spec(secret.ValueString()))
	if err == nil {
		core.Shared[webhookRegistry](r.ProviderData).made(config.ID, holder)
		return config
	}
	var made *falcon.WebhookUnverifiedError
	var unsettled *falcon.UnsettledError
	refused := writeRefused(err)
	switch {
	case ctx.Err() != nil && !errors.As(err, &unsettled) && !errors.As(err, &made) && refused == nil:
		resp.Diagnostics.AddError(createFailed, core.Sentence(err.Error())+" Nothing was created.")
	case errors.As(err, &made):
		// Only the state can say that this configuration is ours.
		core.Shared[webhookRegistry](r.ProviderData).made(made.ID, holder)
		state := plan.madeUnseen(made.ID)
		core.SetIdentity(ctx, resp.Identity, state.ID, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		recordSecret(ctx, resp.Private, secret.ValueString(), &resp.Diagnostics)
		resp.Diagnostics.AddError(createFailed, core.Sentence(made.Error())+
			"\n\nThe state keeps its id, and marks it to be replaced: the next apply deletes it and creates the configuration anew.")
	case errors.As(err, &unsettled):
		resp.Diagnostics.AddError(createFailed, unsettledText(plan, unsettled))
	case refused != nil && refused.Status == http.StatusConflict:
		resp.Diagnostics.AddAttributeError(core.Attribute("name"), "Name already taken", takenText(plan, refused, r.hidden(ctx)))
	case refused != nil:
		resp.Diagnostics.AddError(inConsole, createGuide(plan, refused, r.hidden(ctx)))
	default:
		core.AddCreateError(&resp.Diagnostics, webhookType, createFailed, err)
	}
	return nil
}

// hidden are the ids of the configurations whose names Falcon does not show; none where that can't be read.
func (r *webhookResource) hidden(ctx context.Context) []string {
	configs, err := r.Client.WebhookConfigs(ctx)
	if err != nil {
		return nil
	}
	return hiddenNames(configs)
}
