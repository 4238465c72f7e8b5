package falconsim

import (
	"slices"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/fql"
)

// listActivities lists the activities that a filter finds (wire/catalog.md#activities).
func (s *Server) listActivities(c *apiRequest) reply {
	// The tenant has no Foundry app, so there is nothing to resolve.
	if _, refusal := c.queryBool("skip_artifact_resolution", false); refusal != nil {
		return *refusal
	}
	id, name := func(a definition.Activity) string { return a.ID }, func(a definition.Activity) string { return a.Name }
	class, vendor := func(a definition.Activity) string { return a.Class }, func(a definition.Activity) string { return a.Vendor }
	list, refusal := filtered(c, slices.Clone(s.definitions.Activities), map[string]fql.Matcher[definition.Activity]{
		"id": fql.Is(id), "name": fql.IsFound(name), "description": fql.IsFound(name), "class": fql.Is(class), "vendor": fql.Is(vendor),
		"app_id": fql.Is(definition.Activity.ShownAppID),
	})
	if refusal == nil {
		refusal = sorted(c, list, map[string]func(a, b definition.Activity) int{"id": by(id), "name": by(name), "class": by(class), "vendor": by(vendor)})
	}
	if refusal != nil {
		return *refusal
	}
	return workflowPage(s, c, list, func(a definition.Activity) any { return a.Entity() })
}

// listTriggers lists the triggers that a filter finds (wire/catalog.md#triggers).
func (s *Server) listTriggers(c *apiRequest) reply {
	id, name := func(t definition.Trigger) string { return t.ID }, func(t definition.Trigger) string { return t.Name }
	category := func(t definition.Trigger) string { return t.Event }
	list, refusal := filtered(c, slices.Clone(s.definitions.Triggers), map[string]fql.Matcher[definition.Trigger]{
		"id": fql.Is(id), "name": fql.IsFound(name), "category": fql.Either(fql.Is(category), fql.IsAnalyzed(category)),
	})
	if refusal == nil {
		refusal = sorted(c, list, map[string]func(a, b definition.Trigger) int{"id": by(id), "name": by(name), "category": by(category)})
	}
	if refusal != nil {
		return *refusal
	}
	return workflowPage(s, c, list, func(t definition.Trigger) any { return t.Entity() })
}
