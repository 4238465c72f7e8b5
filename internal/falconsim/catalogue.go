package falconsim

import (
	"net/http"
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

// listActivities is a page of the activities that a filter on id or name finds.
func (s *Server) listActivities(c *call) reply {
	list, refusal := filtered(c, s.catalogue.activities, map[string]func(activity) string{
		"id":     func(a activity) string { return a.id },
		"name":   func(a activity) string { return a.name },
		"class":  func(a activity) string { return a.class },
		"vendor": func(a activity) string { return a.vendor },
		"app_id": func(a activity) string { return a.appID },
	})
	if refusal != nil {
		return *refusal
	}
	return s.workflowPage(c, len(list), func(i int) any { return list[i].entity(s.cid) })
}

// listTriggers is a page of the triggers that a filter on id, name or category
// finds. The call knows no sort (wire-api.md 3.1).
func (s *Server) listTriggers(c *call) reply {
	list, refusal := filtered(c, s.catalogue.triggers, map[string]func(trigger) string{
		"id":       func(t trigger) string { return fixedID("trigger/" + t.event) },
		"name":     func(t trigger) string { return t.name },
		"category": func(t trigger) string { return t.event },
	})
	if refusal != nil {
		return *refusal
	}
	return s.workflowPage(c, len(list), func(i int) any { return list[i].entity() })
}

// filtered keeps what the call's filter matches.
func filtered[T any](c *call, list []T, fields map[string]func(T) string) ([]T, *reply) {
	expr, err := parseFQL(c.get("filter"))
	if err == nil {
		err = expr.check(func(t *fqlTerm) error {
			if _, known := fields[t.field]; !known {
				return errUnknownField
			}
			return nil
		})
	}
	if err != nil {
		answer := failed(http.StatusBadRequest, "invalid filter %q: %v", c.get("filter"), err)
		return nil, &answer
	}
	var kept []T
	for _, item := range list {
		if expr.match(func(t *fqlTerm) bool { return matchText(t, fields[t.field](item)) }) {
			kept = append(kept, item)
		}
	}
	return kept, nil
}

// listSeparator joins a property of several values into one text.
const listSeparator = "\n"

// matchText evaluates one comparison of the workflow services. A name is never
// found by equality: name:'exact' gave nothing on a live tenant, name:~'text'
// does (wire-api.md 3.3).
func matchText(t *fqlTerm, text string) bool {
	contains := func(value string) bool {
		return strings.Contains(strings.ToLower(text), strings.ToLower(value))
	}
	equals := func(value string) bool { return slices.Contains(strings.Split(text, listSeparator), value) }
	switch t.op {
	case "~":
		return slices.ContainsFunc(t.values, contains)
	case "!~":
		return !slices.ContainsFunc(t.values, contains)
	case "":
		return t.field != "name" && slices.ContainsFunc(t.values, equals)
	case "!":
		return !slices.ContainsFunc(t.values, equals)
	}
	return false
}

// workflowPage cuts a page out of n items: 1 to 500, and an offset that is a
// number in a string (wire-api.md 3.1).
func (s *Server) workflowPage(c *call, n int, item func(int) any) reply {
	limit, refusal := c.queryNumber("limit", defaultWorkflowLimit, 1, 500)
	if refusal != nil {
		return *refusal
	}
	offset, refusal := c.queryNumber("offset", 0, 0, maxOffset)
	if refusal != nil {
		return *refusal
	}
	items := []any{}
	for i := offset; i < min(offset+limit, n); i++ {
		items = append(items, item(i))
	}
	return succeeded(items).paged(limit, offset, n)
}
