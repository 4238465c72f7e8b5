package falconsim

import (
	"cmp"
	"slices"
	"strings"
)

// activity is an action that workflows may use (wire/catalog.md#activities).
type activity struct {
	id, name, class, vendor string
	version                 string // semantic_version; "" where Falcon shows none
	// alsoZero says that a version 0 exists beside a later one, so that a
	// workflow that omits version_constraint is accepted (wire/workflows.md#import).
	alsoZero bool
	// appID is the Store app whose configuration the activity needs.
	appID string
	// configKey is the property that must name a configuration; "" with an
	// appID means that some configuration has to exist.
	configKey  string
	properties []property
	outputs    []property
	// droppedKey is a property that Falcon drops.
	droppedKey string
	// integration says that it calls the API of another product, so that its
	// outputs are below API_Integration.Custom_<name>.
	integration bool
}

// property is an input of an activity.
type property struct {
	key, title, kind string // kind as in JSON Schema; "" is string
	required         bool
}

// trigger is an event that workflows may listen to (wire/catalog.md#triggers).
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
	// open says that fields below it exist that are not listed.
	open bool
}

// empty is a value of the property's kind.
func (p property) empty() any {
	switch p.kind {
	case "array":
		return []any{}
	case "object":
		return map[string]any{}
	case "integer":
		return 0
	case "boolean":
		return false
	}
	return ""
}

// fillCatalog sets the activities and triggers that the tenant has.
func (t *definitions) fillCatalog() {
	t.activities = slices.Clone(knownActivities)
	if !t.settings.NoCallWebhook {
		t.activities = append(t.activities, t.callWebhook())
	}
	t.activities = append(t.activities, activity{
		id: triageAgentID(t.settings.CID), name: "Alert triage agent", vendor: crowdStrike, version: "1.0.0",
		properties: []property{need("input", "Input")}, outputs: []property{{key: "response", title: "Response"}},
	})
	t.triggers = slices.DeleteFunc(t.knownTriggers(), func(known trigger) bool {
		// GUESS Q24, Q25: a tenant may not have the newer events yet.
		return t.reading("Q25") == "b" && listensTo("Case", known.event) || t.reading("Q24") == "b" && known.event == overallScoreChange
	})
}

// triageAgentID is the id of an AgentWorks agent, which names its tenant
// (wire/workflows.md#release-rules, R43).
func triageAgentID(cid string) string { return fixedID("activity/agent") + "_" + cid }

// activity finds an activity by id.
func (t *definitions) activity(id string) (activity, bool) {
	for _, a := range t.activities {
		if a.id == id {
			return a, true
		}
	}
	return activity{}, false
}

// trigger finds a trigger by its event.
func (t *definitions) trigger(event string) (trigger, bool) {
	for _, known := range t.triggers {
		if known.event == event {
			return known, true
		}
	}
	return trigger{}, false
}

// accepts says whether a version constraint of the form ~1 or ~1.2 fits. An
// omitted one is ~0 (wire/workflows.md#import).
func (a activity) accepts(constraint string) bool {
	wanted, tilde := strings.CutPrefix(constraint, "~")
	if constraint == "" {
		wanted, tilde = "0", true
	}
	if !tilde {
		return wanted == a.version
	}
	version := a.version
	version = cmp.Or(version, "0.0.0")
	if a.alsoZero && (wanted == "0" || strings.HasPrefix(wanted, "0.")) {
		return true
	}
	return strings.HasPrefix(version+".", wanted+".")
}

func (a activity) schema() map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, p := range a.properties {
		kind := p.kind
		kind = cmp.Or(kind, "string")
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

// entity is an activity as the API shows it; its cid is empty because the
// activity belongs to CrowdStrike, not to a tenant.
func (a activity) entity() map[string]any {
	entity := map[string]any{
		"id": a.id, "name": a.name, "description": a.name, "cid": "", "vendor": a.vendor,
		"namespace": "faas", "disruptive": false, "has_permission": true, "dependencies": []any{}, "use_cases": []any{},
		"input_fields": activityFields(a.properties), "output_fields": activityFields(a.outputs), "input_schema": a.schema(),
		"updated": "2026-01-15T08:00:00Z", "version": 1,
	}
	if len(a.outputs) > 0 {
		entity["output_schema"] = activity{properties: a.outputs}.schema()
	}
	if a.appID != "" {
		entity["dependencies"] = []any{map[string]any{"app_id": a.appID, "app_name": a.vendor, "app_type": "store", "logo_url": ""}}
	}
	for key, value := range map[string]string{"class": a.class, "app_id": a.appID, "semantic_version": a.version} {
		if value != "" {
			entity[key] = value
		}
	}
	return entity
}

func activityFields(properties []property) []any {
	fields := []any{}
	for _, p := range properties {
		kind := p.kind
		kind = cmp.Or(kind, "string")
		fields = append(fields, map[string]any{
			"name": p.key, "display": p.title, "type": kind, "multiple": kind == "array", "fields": nil,
		})
	}
	return fields
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
		kind = cmp.Or(kind, "string")
		list = append(list, map[string]any{
			"name": f.name, "display": f.display, "type": kind, "fields": fieldEntities(f.fields),
		})
	}
	return list
}
