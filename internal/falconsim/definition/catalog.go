package definition

import (
	"cmp"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"
)

// Activity is an action of the catalog (wire/catalog.md#activities).
type Activity struct {
	ID, Name, Class, Vendor string
	version                 string // semantic_version; "" if Falcon shows none
	// alsoZero says that a version 0 exists in addition to a later one, so that a workflow without a version_constraint is
	// accepted (wire/workflows.md#import).
	alsoZero bool
	// AppID is the Store app whose configuration the activity needs.
	AppID string
	// configKey is the property that has the id of a configuration. Without it, an activity with an AppID needs any
	// configuration.
	configKey  string
	properties []property
	Outputs    []property
	// droppedKey is a property that Falcon drops.
	droppedKey string
	// integration says that the action calls the API of another product, and that its outputs are below
	// API_Integration.Custom_<name>.
	integration bool
	// shownAppID is AppID as the tenant shows it.
	shownAppID string
	// isForbidden says that the API client may not use the activity.
	isForbidden bool
}

// property is an input or output of an activity.
type property struct {
	Key, title, kind string // the type in JSON Schema; "" is string
	required         bool
}

// Trigger is an event of the catalog (wire/catalog.md#triggers).
type Trigger struct {
	// ID is the id of the catalog entry.
	ID                   string
	Name, Event, version string
	scope                string
	fields               []triggerField
	// unlisted are further fields, which the catalog does not show.
	unlisted []triggerField
}

// triggerField is a value of an event. Its name is the path by which workflows refer to it.
type triggerField struct {
	name, display, kind string
	fields              []triggerField
	// open says that there are fields below this one that are not listed.
	open bool
}

// Empty returns an empty value of the property's type.
func (p property) Empty() any {
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

// fillCatalog sets the activities and triggers of the tenant.
func (t *Tenant) fillCatalog() {
	t.Activities = slices.Clone(knownActivities)
	if !t.settings.NoCallWebhook {
		t.Activities = append(t.Activities, t.callWebhook())
	}
	t.Activities = append(t.Activities, Activity{
		ID: TriageAgentID(t.settings.CID), Name: "Alert triage agent", Vendor: crowdStrike, version: "1.0.0",
		properties: []property{need("input", "Input")}, Outputs: []property{{Key: "response", title: "Response"}},
	})
	t.Activities = slices.DeleteFunc(t.Activities, func(known Activity) bool { return slices.Contains(t.settings.Without, known.Name) })
	t.Triggers = slices.DeleteFunc(t.knownTriggers(), func(known Trigger) bool {
		// GUESS Q24, Q25: a tenant may not have the newer events.
		return t.reading("Q25") == "b" && ListensTo("Case", known.Event) || t.reading("Q24") == "b" && known.Event == OverallScoreChange
	})
	t.applyRecord()
	t.customize()
}

// triggerID is the id of a trigger in a tenant with the usual ids.
func triggerID(event string) string { return random.FixedID("trigger/" + event) }

// TriageAgentID returns the id of an AgentWorks agent, which contains the customer id (wire/workflows.md#release-rules, R43).
func TriageAgentID(cid string) string { return random.FixedID("activity/agent") + "_" + cid }

// ShownAppID is the app_id of the activity's Store app as the tenant shows it.
func (a Activity) ShownAppID() string { return a.shownAppID }

// Activity finds an activity by id.
func (t *Tenant) Activity(id string) (Activity, bool) {
	for _, a := range t.Activities {
		if a.ID == id {
			return a, true
		}
	}
	return Activity{}, false
}

// Trigger finds a trigger by its event.
func (t *Tenant) Trigger(event string) (Trigger, bool) {
	for _, known := range t.Triggers {
		if known.Event == event {
			return known, true
		}
	}
	return Trigger{}, false
}

// accepts reports whether a version constraint such as ~1 or ~1.2 allows the activity. An omitted one is ~0
// (wire/workflows.md#import).
func (a Activity) accepts(constraint string) bool {
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

func (a Activity) schema() map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, p := range a.properties {
		entry := map[string]any{"type": cmp.Or(p.kind, "string"), "title": p.title}
		if p.kind == "array" {
			entry["items"] = map[string]any{"type": "string"}
		}
		properties[p.Key] = entry
		if p.required {
			required = append(required, p.Key)
		}
	}
	return map[string]any{
		"$schema": "https://json-schema.org/draft-07/schema", "type": "object",
		"properties": properties, "required": required,
	}
}

// Entity is the activity as the API shows it. Its cid is empty because it belongs to CrowdStrike and not to a tenant.
func (a Activity) Entity() map[string]any {
	entity := map[string]any{
		"id": a.ID, "name": a.Name, "description": a.Name, "cid": "", "vendor": a.Vendor,
		"namespace": "faas", "disruptive": false, "has_permission": !a.isForbidden, "dependencies": []any{}, "use_cases": []any{},
		"input_fields": activityFields(a.properties), "output_fields": activityFields(a.Outputs), "input_schema": a.schema(),
		"updated": "2026-01-15T08:00:00Z", "version": 1,
	}
	if len(a.Outputs) > 0 {
		entity["output_schema"] = Activity{properties: a.Outputs}.schema()
	}
	if a.AppID != "" {
		entity["dependencies"] = []any{map[string]any{"app_id": a.shownAppID, "app_name": a.Vendor, "app_type": "store", "logo_url": ""}}
	}
	for key, value := range map[string]string{"class": a.Class, "app_id": a.shownAppID, "semantic_version": a.version} {
		if value != "" {
			entity[key] = value
		}
	}
	return entity
}

func activityFields(properties []property) []any {
	fields := []any{}
	for _, p := range properties {
		fields = append(fields, map[string]any{
			"name": p.Key, "display": p.title, "type": cmp.Or(p.kind, "string"), "multiple": p.kind == "array", "fields": nil,
		})
	}
	return fields
}

// Entity is the trigger as the API shows it.
func (t Trigger) Entity() map[string]any {
	return map[string]any{
		"id": t.ID, "name": t.Name, "category": t.Event, "version": t.version,
		"api_scope": t.scope, "description": t.Name, "fields": fieldEntities(t.fields),
	}
}

func fieldEntities(fields []triggerField) []any {
	list := []any{}
	for _, f := range fields {
		list = append(list, map[string]any{
			"name": f.name, "display": f.display, "type": cmp.Or(f.kind, "string"), "fields": fieldEntities(f.fields),
		})
	}
	return list
}
