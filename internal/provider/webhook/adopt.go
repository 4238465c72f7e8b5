package webhook

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// existing is what a create finds in Falcon.
type existing struct {
	config       *falcon.PluginConfig // the configuration that it adopts; nil if there is none
	hidden       []string             // ids of the configurations whose names Falcon does not show
	notInstalled bool                 // the tenant does not have the app
}

// lookUp finds the configuration that a create would adopt. The error is that of the request; everything else is in diags.
func (r *managedResource) lookUp(ctx context.Context, plan model, diags *diag.Diagnostics) (existing, error) {
	candidates, err := r.Client.WebhookCandidates(ctx)
	if err != nil {
		return existing{}, err
	}
	candidates.Configs = slices.DeleteFunc(candidates.Configs, func(c falcon.PluginConfig) bool { return r.registry().deletionOf(c.ID) == succeeded })
	found, problem := plan.toAdopt(candidates, r.registry().inState)
	if problem != nil {
		diags.Append(problem)
	}
	return existing{config: found, hidden: idsOf(withoutName(candidates.Configs)), notInstalled: candidates.NoAction}, nil
}

// adoptExisting returns the configuration that a create adopts, and whether Terraform had created it. It returns nil if
// there is none, or after an error.
func (r *managedResource) adoptExisting(ctx context.Context, plan model, h holder, diags *diag.Diagnostics) (config *falcon.PluginConfig, created bool) {
	id := ""
	for {
		if err := r.registry().awaitDeletions(ctx, id, h.name); err != nil {
			diags.Append(deletionTakesTooLong(plan, err))
			return nil, false
		}
		there, err := r.lookUp(ctx, plan, diags)
		found := there.config
		switch {
		case err != nil:
			diags.Append(nothingCreated(plan, err))
		case found == nil && there.notInstalled && !diags.HasError():
			diags.Append(appNotInstalled(plan))
		}
		if diags.HasError() || found == nil {
			return nil, false
		}
		if id = found.ID; r.registry().deletionOf(id) == underWay {
			continue
		}
		if len(plan.differencesFrom(*found)) > 0 {
			diags.Append(existsAndDiffers(plan, *found))
			return nil, false
		}
		switch a := r.registry().adopt(ctx, id, h); {
		case a.again:
		case a.other != nil:
			diags.Append(twoResources(plan, *a.other))
			return nil, false
		case a.undeleted != nil:
			diags.Append(deletionFailed(plan, id, *a.undeleted))
			return nil, false
		default:
			r.warnAdopted(plan, *found, diags)
			return found, a.created
		}
	}
}

// warnAdopted adds one warning per run and configuration.
func (r *managedResource) warnAdopted(plan model, found falcon.PluginConfig, diags *diag.Diagnostics) {
	d := existingAdopted(plan, found)
	r.Once.WarnOnce(diags, "webhook adopted "+found.ID, d.Summary(), d.Detail())
}

// toAdopt finds the configuration with the plan's config_id, otherwise the one with its name; nil if there is none of
// that name. inState says which configurations the state has, so that they are known to be webhooks.
func (m model) toAdopt(candidates falcon.WebhookCandidates, inState func(id string) bool) (*falcon.PluginConfig, diag.Diagnostic) {
	if id := m.ConfigID.ValueString(); id != "" {
		if found := falcon.ConfigWithID(candidates.Configs, id); found != nil && found.ID == id {
			return found, nil
		}
		if other := falcon.ConfigWithID(candidates.Others, id); other != nil {
			return nil, otherApp("config_id", *other, candidates)
		}
		return nil, unknownConfigID(id, candidates.Configs)
	}
	found := configsWhere(candidates.Configs, func(c falcon.PluginConfig) bool { return c.Name != nil && *c.Name == m.Name.ValueString() })
	if len(found) == 0 {
		return nil, nil
	}
	// A configuration of the only listed app that shows the planned name and URL is a webhook's, whatever its app_id is.
	equal := candidates.OneApp() && found[0].URL != nil && len(m.differencesFrom(found[0])) == 0
	switch {
	case !candidates.AppKnown && (len(found) > 1 || !equal && !inState(found[0].ID)):
		return nil, maybeOtherApp(m, found, candidates)
	case len(found) > 1:
		return nil, severalOfOneName(m, found)
	}
	return &found[0], nil
}
