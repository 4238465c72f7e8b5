package tenantcheck

import (
	"bytes"
	"slices"
	"strings"

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
	contents.Executions = r.observed.size(executionsPath)
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

// size is how many objects a listing has, rounded down; nil if it was not read. A page that has all rows shows it best: several rows of
// one object count once.
func (o *observations) size(path string) *int {
	found, whole := -1, false
	for _, r := range o.responses {
		if isWriteProbe(r.probe) || apiPath(r.path) != path || !r.ok() || r.query.Get("filter") != "" && path != scoresPath {
			continue
		}
		total, _ := r.total()
		rows := len(r.resources())
		switch {
		case total <= rows:
			found, whole = distinct(r), true
		case !whole:
			found = max(found, total)
		}
	}
	if found < 0 {
		return nil
	}
	return new(tenantfacts.Size(found))
}

// isOwnID reports whether an id is one of the tenant's: it is in a response other than those of the catalog, and of the workflows that
// name its entries.
func (o *observations) isOwnID(id string) bool {
	for _, r := range o.responses {
		path := apiPath(r.path)
		if strings.HasPrefix(path, "/workflows/") || !bytes.Contains(bytes.ToLower(r.raw), []byte(strings.ToLower(id))) {
			continue
		}
		return true
	}
	return false
}

// distinct is how many objects the rows of a response are about.
func distinct(r response) int {
	if apiPath(r.path) != workflowsPath {
		return len(r.resources())
	}
	ids := map[string]bool{}
	for _, row := range r.objects() {
		ids[text(row, "id")] = true
	}
	return len(ids)
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
