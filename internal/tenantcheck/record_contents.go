package tenantcheck

import (
	"slices"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"
)

// recordedContents says roughly how much the tenant holds. The questions that reads settle depend on it: a tenant with five workflows
// does not show the size of a page.
func recordedContents(r *Report) tenantfacts.Contents {
	contents := tenantfacts.Contents{Versions: 1}
	contents.APIClients = r.observed.size(apiClientIDsPath)
	contents.Configurations = r.observed.size(configsPath)
	contents.Workflows = r.observed.size(workflowsPath)
	if r.observed.hasVersions() {
		contents.Versions = 2
	}
	if contents.Configurations != nil {
		contents.Webhooks = new(tenantfacts.Size(len(r.observed.webhookConfigs())))
	}
	contents.Hosts = larger(r.observed.size(hostIDsPath), r.observed.size(scoresPath))
	if count, asked := r.observed.last(probeUserCount); asked && count.hasData() {
		users, _ := number(count.body, "data", "countEntities")
		contents.Users = new(tenantfacts.Size(users))
	}
	return contents
}

// larger returns the larger of two sizes, of which either may not be known.
func larger(a, b *int) *int {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}

// size is how many objects a listing has, rounded down; nil if it was not read.
func (o *observations) size(path string) *int {
	found := -1
	for _, r := range o.responses {
		if apiPath(r.path) == path && r.ok() && (r.query.Get("filter") == "" || path == scoresPath) {
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
		return apiPath(r.path) == workflowsPath && r.ok() && slices.ContainsFunc(r.objects(), func(row map[string]any) bool {
			version, _ := number(row, "version")
			return version > 1
		})
	})
}
