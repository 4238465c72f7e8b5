package workflow

import (
	"context"
	"slices"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// callWebhookName is the action of the CrowdStrike Webhook app. Its entry shows which configurations are that app's.
const callWebhookName = "Call webhook"

// readTenant reads what a document needs of the tenant. byName also reads all actions that have the name of one of the
// document's, so that it is known whether the name is unique.
func readTenant(ctx context.Context, client *falcon.Client, doc *fusion.Document, byName bool) (fusion.Tenant, error) {
	needs := doc.Needs()
	r := tenantReader{client: client, seen: map[fusion.TenantAction]bool{}}
	for _, id := range needs.ActionIDs {
		found, err := client.ActivityVersions(ctx, id)
		switch {
		case falcon.IsNotFound(err):
			if err = r.likeNodes(ctx, doc, id); err != nil {
				return r.tenant, err
			}
		case err != nil:
			return r.tenant, err
		case byName:
			needs.ActionNames = append(needs.ActionNames, found[0].Name)
		}
		r.add(found)
	}
	slices.Sort(needs.ActionNames)
	for _, name := range slices.Compact(needs.ActionNames) {
		if err := r.named(ctx, name); err != nil {
			return r.tenant, err
		}
	}
	if needs.Triggers {
		triggers, err := client.Triggers(ctx)
		if err != nil {
			return r.tenant, err
		}
		for _, t := range triggers {
			r.tenant.Triggers = append(r.tenant.Triggers, fusion.TenantTrigger{Name: t.Name, Event: t.Category, Version: t.Version})
		}
	}
	if needs.Configs || slices.ContainsFunc(r.tenant.Actions, func(a fusion.TenantAction) bool { return a.AppID != "" }) {
		return r.tenant, r.configs(ctx)
	}
	return r.tenant, nil
}

// tenantReader collects what was read of a tenant.
type tenantReader struct {
	client *falcon.Client
	tenant fusion.Tenant
	seen   map[fusion.TenantAction]bool
}

func (r *tenantReader) add(activities []falcon.Activity) {
	for _, a := range activities {
		entry := fusion.TenantAction{
			ID: a.ID, Name: a.Name, Vendor: a.Vendor, Class: a.Class, Version: a.SemanticVersion, AppID: a.AppID, AppName: a.AppName,
			NotPermitted: a.HasPermission != nil && !*a.HasPermission,
		}
		if !r.seen[entry] {
			r.seen[entry] = true
			r.tenant.Actions = append(r.tenant.Actions, entry)
		}
	}
}

// named reads the actions of a name, or otherwise those with similar names, which the error lists.
func (r *tenantReader) named(ctx context.Context, name string) error {
	found, err := r.client.ActivitiesByName(ctx, name)
	if err == nil && len(found) == 0 {
		found, err = r.client.ActivitiesLike(ctx, name)
	}
	r.add(found)
	return err
}

// likeNodes reads the actions with the names of the document's actions that have an unknown id.
func (r *tenantReader) likeNodes(ctx context.Context, doc *fusion.Document, id string) error {
	for _, a := range doc.Actions() {
		if a.ID != id {
			continue
		}
		names := doc.DefaultNames()[a.Path].Names
		if len(names) == 0 && a.Name != "" {
			names = []string{a.Name}
		}
		for _, name := range names {
			if err := r.named(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// configs reads the configurations of all apps. An API client without permission is not an error: the references to
// configurations report it.
func (r *tenantReader) configs(ctx context.Context) error {
	found, err := r.client.PluginConfigs(ctx)
	if falcon.IsForbidden(err) {
		r.tenant.ConfigsUnread = core.Sentence(err.Error())
		return nil
	}
	if err != nil {
		return err
	}
	for _, c := range found {
		r.tenant.Configs = append(r.tenant.Configs, fusion.TenantConfig{ID: c.ID, DefinitionID: c.DefinitionID, AppID: c.AppID, Name: c.Name})
	}
	webhook, err := r.client.ActivitiesByName(ctx, callWebhookName)
	r.add(webhook)
	return err
}
