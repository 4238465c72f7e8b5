package falconsim

import (
	"slices"
	"strings"
)

// activity is an action that workflows may use (wire-api.md 3.8).
type activity struct {
	id, name, class, vendor string
	version                 string // semantic_version; "" where Falcon shows none
	// alsoZero says that a version 0 exists beside a later one, so that a
	// workflow that omits version_constraint is accepted (wire-api.md 3.2).
	alsoZero bool
	// appID is the Store app whose configuration the activity needs.
	appID string
	// configKey is the property that must name a configuration; "" with an
	// appID means that some configuration has to exist.
	configKey  string
	properties []property
}

// property is an input of an activity.
type property struct {
	key, title, kind string // kind as in JSON Schema; "" is string
	required         bool
}

// trigger is an event that workflows may listen to (fusion-workflows.md B).
type trigger struct {
	name, event, version string
	scope                string
	fields               []triggerField
}

// triggerField is a value of an event. Its name is the path that a workflow
// refers to.
type triggerField struct {
	name, display, kind string
	fields              []triggerField
}

// catalogue is what the tenant's workflows may be built of.
type catalogue struct {
	activities []activity
	triggers   []trigger
}

func newCatalogue(s *Server) *catalogue {
	c := &catalogue{activities: slices.Clone(knownActivities), triggers: knownTriggers()}
	if !s.opts.NoCallWebhook {
		c.activities = append(c.activities, s.callWebhook())
	}
	c.triggers = slices.DeleteFunc(c.triggers, func(t trigger) bool {
		// GUESS Q24, Q25: a tenant may not have the newer events yet.
		return s.reading("Q25") == "b" && listensTo("Case", t.event) || s.reading("Q24") == "b" && t.event == overallScoreChange
	})
	return c
}

func (c *catalogue) activity(id string) (activity, bool) {
	for _, a := range c.activities {
		if a.id == id {
			return a, true
		}
	}
	return activity{}, false
}

func (c *catalogue) trigger(event string) (trigger, bool) {
	for _, t := range c.triggers {
		if t.event == event {
			return t, true
		}
	}
	return trigger{}, false
}

// accepts says whether a version constraint of the form ~1 or ~1.2 fits. An
// omitted one is ~0 (wire-api.md 3.2).
func (a activity) accepts(constraint string) bool {
	wanted, tilde := strings.CutPrefix(constraint, "~")
	if constraint == "" {
		wanted, tilde = "0", true
	}
	if !tilde {
		return wanted == a.version
	}
	version := a.version
	setDefault(&version, "0.0.0")
	if a.alsoZero && (wanted == "0" || strings.HasPrefix(wanted, "0.")) {
		return true
	}
	return strings.HasPrefix(version+".", wanted+".")
}

func (a activity) schema() map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, p := range a.properties {
		kind := p.kind
		setDefault(&kind, "string")
		entry := map[string]any{"type": kind, "title": p.title}
		if kind == "array" {
			entry["items"] = map[string]any{"type": "string"}
		}
		properties[p.key] = entry
		if p.required {
			required = append(required, p.key)
		}
	}
	return map[string]any{
		"$schema": "https://json-schema.org/draft-07/schema", "type": "object",
		"properties": properties, "required": required,
	}
}

func (a activity) entity(cid string) map[string]any {
	fields := []any{}
	for _, p := range a.properties {
		kind := p.kind
		setDefault(&kind, "string")
		fields = append(fields, map[string]any{
			"name": p.key, "display": p.title, "type": kind, "multiple": kind == "array", "fields": nil,
		})
	}
	entity := map[string]any{
		"id": a.id, "name": a.name, "description": a.name, "cid": cid, "vendor": a.vendor,
		"namespace": "faas", "disruptive": false, "has_permission": true, "dependencies": []any{}, "use_cases": []any{},
		"input_fields": fields, "output_fields": []any{}, "input_schema": a.schema(),
	}
	for key, value := range map[string]string{"class": a.class, "app_id": a.appID, "semantic_version": a.version} {
		if value != "" {
			entity[key] = value
		}
	}
	return entity
}

func (t trigger) entity() map[string]any {
	return map[string]any{
		"id": fixedID("trigger/" + t.event), "name": t.name, "category": t.event, "version": t.version,
		"api_scope": t.scope, "description": t.name, "fields": fieldEntities(t.fields),
	}
}

func fieldEntities(fields []triggerField) []any {
	list := []any{}
	for _, f := range fields {
		kind := f.kind
		setDefault(&kind, "string")
		list = append(list, map[string]any{
			"name": f.name, "display": f.display, "type": kind, "fields": fieldEntities(f.fields),
		})
	}
	return list
}

// listActivities is a page of the activities that a filter finds.
func (s *Server) listActivities(c *call) reply {
	list, refusal := filtered(s, c, s.catalogue.activities, map[string]matcher[activity]{
		"id":     is(func(a activity) string { return a.id }),
		"name":   isFound(func(a activity) string { return a.name }),
		"class":  is(func(a activity) string { return a.class }),
		"vendor": is(func(a activity) string { return a.vendor }),
		"app_id": is(func(a activity) string { return a.appID }),
	})
	if refusal != nil {
		return *refusal
	}
	return workflowPage(s, c, list, func(a activity) any { return a.entity(s.cid) })
}

// listTriggers is a page of the triggers that a filter finds. The operation has no sort.
func (s *Server) listTriggers(c *call) reply {
	category := func(t trigger) string { return t.event }
	list, refusal := filtered(s, c, s.catalogue.triggers, map[string]matcher[trigger]{
		"id":       is(func(t trigger) string { return fixedID("trigger/" + t.event) }),
		"name":     isFound(func(t trigger) string { return t.name }),
		"category": either(is(category), isAnalyzed(category)),
	})
	if refusal != nil {
		return *refusal
	}
	return workflowPage(s, c, list, func(t trigger) any { return t.entity() })
}
