package falconsim

import (
	"net/http"
	"slices"
)

// listActivities is a page of the activities that a filter finds
// (wire/catalog.md#activities).
func (s *Server) listActivities(c *call) reply {
	// Without an app of Foundry there is nothing to resolve.
	if _, err := boolParam(c, "skip_artifact_resolution", false); err != nil {
		return failed(http.StatusBadRequest, "%s", err.Error())
	}
	id, name := func(a activity) string { return a.id }, func(a activity) string { return a.name }
	class, vendor := func(a activity) string { return a.class }, func(a activity) string { return a.vendor }
	list, refusal := filtered(c, slices.Clone(s.definitions.activities), map[string]matcher[activity]{
		"id": is(id), "name": isFound(name), "description": isFound(name), "class": is(class), "vendor": is(vendor),
		"app_id": is(func(a activity) string { return a.appID }),
	})
	if refusal == nil {
		refusal = sorted(c, list, map[string]func(a, b activity) int{"id": by(id), "name": by(name), "class": by(class), "vendor": by(vendor)})
	}
	if refusal != nil {
		return *refusal
	}
	return workflowPage(s, c, list, func(a activity) any { return a.entity() })
}

// listTriggers is a page of the triggers that a filter finds
// (wire/catalog.md#triggers).
func (s *Server) listTriggers(c *call) reply {
	id, name := func(t trigger) string { return fixedID("trigger/" + t.event) }, func(t trigger) string { return t.name }
	category := func(t trigger) string { return t.event }
	list, refusal := filtered(c, slices.Clone(s.definitions.triggers), map[string]matcher[trigger]{
		"id": is(id), "name": isFound(name), "category": either(is(category), isAnalyzed(category)),
	})
	if refusal == nil {
		refusal = sorted(c, list, map[string]func(a, b trigger) int{"id": by(id), "name": by(name), "category": by(category)})
	}
	if refusal != nil {
		return *refusal
	}
	return workflowPage(s, c, list, func(t trigger) any { return t.entity() })
}
