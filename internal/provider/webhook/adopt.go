package webhook

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// lookup is what Falcon has for a resource that is to be created.
type lookup struct {
	found  *falcon.PluginConfig // the configuration to adopt; nil if there is none
	hidden []string             // ids of the configurations whose names Falcon does not show
}

// lookUp finds the configuration that a create would adopt. The error is that of the request; everything else is in diags.
func (r *managedResource) lookUp(ctx context.Context, plan model, diags *diag.Diagnostics) (lookup, error) {
	candidates, err := r.Client.WebhookCandidates(ctx)
	if err != nil {
		return lookup{}, err
	}
	candidates.Configs = slices.DeleteFunc(candidates.Configs, func(c falcon.PluginConfig) bool { return r.registry().isDeleted(c.ID) })
	found, problem := plan.toAdopt(candidates, r.registry().inState)
	if problem != nil {
		diags.Append(problem)
	}
	return lookup{found, idsOf(withoutName(candidates.Configs))}, nil
}

// adoptExisting returns the configuration that a create adopts, and whether Terraform had created it. It returns nil if
// there is none, or after an error.
func (r *managedResource) adoptExisting(ctx context.Context, plan model, h holder, diags *diag.Diagnostics) (found *falcon.PluginConfig, created bool) {
	id := ""
	for {
		if err := r.registry().awaitDeletions(ctx, id, h.name); err != nil {
			diags.Append(deletionTakesTooLong(plan, err))
			return nil, false
		}
		look, err := r.lookUp(ctx, plan, diags)
		if err != nil {
			diags.Append(nothingCreated(err))
		}
		if diags.HasError() || look.found == nil {
			return nil, false
		}
		if id = look.found.ID; r.registry().isBeingDeleted(id) {
			continue
		}
		if len(plan.differencesFrom(*look.found)) > 0 {
			diags.Append(existsAndDiffers(plan, *look.found))
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
			r.warnAdopted(plan, *look.found, diags)
			return look.found, a.created
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
	switch {
	case len(found) == 0:
		return nil, nil
	case !candidates.AppKnown && (len(found) > 1 || !inState(found[0].ID) && !(candidates.OneApp() && m.isShownBy(found[0]))):
		return nil, maybeOtherApp(m, found, candidates)
	case len(found) > 1:
		return nil, severalOfOneName(m, found)
	}
	return &found[0], nil
}

// isShownBy reports whether Falcon shows the planned name and URL. Such a configuration is a webhook's, whatever its
// app_id is.
func (m model) isShownBy(c falcon.PluginConfig) bool {
	return c.URL != nil && len(m.differencesFrom(c)) == 0
}
