package tenantcheck

import (
	"slices"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"
)

// recordedContents says roughly how much the tenant holds. The questions that reads settle depend on it: a tenant with five workflows
// does not show the size of a page.
func recordedContents(r *Report) tenantfacts.Contents {
	contents := tenantfacts.Contents{Versions: 1}
	contents.APIClients = r.observed.size("/api-clients/queries/api-clients/v1")
	contents.Configurations = r.observed.size("/plugins/combined/configs/v1")
	contents.Workflows = r.observed.size(definitionsPath)
	if r.observed.hasVersions() {
		contents.Versions = 2
	}
	if contents.Configurations != nil && r.Facts.CallWebhook != nil {
		contents.Webhooks = r.observed.webhooks(r.Facts.CallWebhook.AppID)
	}
	return contents
}

// size is how many objects a listing has, rounded down; nil if it was not read.
func (o *observations) size(path string) *int {
	found := -1
	for _, r := range o.responses {
		if apiPath(r.path) == path && r.ok() && r.query.Get("filter") == "" {
			total, _ := r.total()
			found = max(found, total, len(r.resources()))
		}
	}
	if found < 0 {
		return nil
	}
	return new(tenantfacts.Size(found))
}

// hasVersions reports whether a listing shows a workflow with a version other than the first.
func (o *observations) hasVersions() bool {
	return slices.ContainsFunc(o.responses, func(r response) bool {
		return apiPath(r.path) == definitionsPath && r.ok() && slices.ContainsFunc(r.objects(), func(row map[string]any) bool {
			version, _ := number(row, "version")
			return version > 1
		})
	})
}

// webhooks is how many configurations the app CrowdStrike Webhook has, rounded down.
func (o *observations) webhooks(appID string) *int {
	ids := map[string]bool{}
	for _, r := range o.responses {
		if apiPath(r.path) != "/plugins/combined/configs/v1" || !r.ok() {
			continue
		}
		for _, row := range r.objects() {
			if text(row, "app_id") == appID {
				ids[text(row, "config_id")] = true
			}
		}
	}
	return new(tenantfacts.Size(len(ids)))
}
