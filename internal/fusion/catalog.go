package fusion

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/suggest"
)

// CatalogTrigger is a trigger of the tenant's catalog.
type CatalogTrigger struct {
	// Event is the trigger's category, Version its version.
	Event, Version string
	Fields         []CatalogField
}

// CatalogField is a field of a trigger's data.
type CatalogField struct {
	// Path is a path such as Trigger.Detection.Name, Type the catalog's type.
	Path, Type string
}

// CatalogAction is an action of the tenant's catalog.
type CatalogAction struct {
	Name, Class, Namespace, Version string
	// InputSchema is the JSON schema of the properties.
	InputSchema json.RawMessage
}

// CheckTrigger checks the event and the fields that the document reads against the
// triggers of the tenant's catalog.
func (d *Document) CheckTrigger(triggers []CatalogTrigger, options CheckOptions) Problems {
	c := newChecker(d, options)
	for _, e := range d.Events() {
		if e.Type != triggerSignal || e.Event == "" {
			continue
		}
		known := make([]string, 0, len(triggers))
		var offered []CatalogTrigger
		for _, t := range triggers {
			known = append(known, t.Event)
			if t.Event == e.Event {
				offered = append(offered, t)
			}
		}
		if len(offered) == 0 {
			c.report("R09", place{kind: kindTrigger, path: "trigger.event", position: position{e.Line, e.Column}}, "the tenant has no trigger for the event %s%s",
				quoteKey(e.Event), didYouMean(suggest.Nearest(e.Event, known, 3)))
			continue
		}
		c.triggerFields(e, offered)
	}
	return c.found.sorted()
}

// triggerFields checks the trigger fields that the document reads. Another major
// version has other fields. A trigger without fields is not checked.
func (c *checker) triggerFields(e EventRef, offered []CatalogTrigger) {
	var fields []CatalogField
	for _, t := range offered {
		if VersionConstraint(t.Version) == e.VersionConstraint {
			fields = append(fields, t.Fields...)
		}
	}
	if len(fields) == 0 {
		return
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Path
	}
	seen := map[string]bool{}
	for i := range c.refs {
		r := &c.refs[i]
		path := strings.TrimRight(strings.ReplaceAll(r.path, ".#", ""), ".")
		if r.head() != "Trigger" || path == "Trigger" || seen[r.path+r.spot.path] || resolves(path, fields) {
			continue
		}
		if id, _ := absentField(e.Event, path); id != "" {
			continue // Check reports it
		}
		seen[r.path+r.spot.path] = true
		message := fmt.Sprintf("the event %s has no %s%s", e.Event, path, c.nearestTo(path, names))
		// Published workflows read fields that a catalog may not list, also by the names of older pins. A catalog that lists fields with
		// such names, as that of the host assessment does, lists all of them.
		older := within(path, triggerCategory) && !slices.ContainsFunc(names, func(name string) bool { return within(name, triggerCategory) })
		if anyWithin(path, publishedFields[e.Event]) || older {
			c.doubt("R54", r.spot.place, "%s", message)
			continue
		}
		c.report("R54", r.spot.place, "%s", message)
	}
}

// triggerCategory is the first part of the paths of older pins. The host assessment has no others.
const triggerCategory = "Trigger.Category"

// anyWithin reports whether a path is one of the fields, or inside one of them.
func anyWithin(path string, fields []string) bool {
	return slices.ContainsFunc(fields, func(field string) bool { return within(path, field) })
}

// scalars are the types of fields that contain no other fields.
var scalars = []string{"string", "integer", "int", "long", "number", "float", "double", "boolean", "bool", "date", "datetime", "timestamp"}

// resolves reports whether a path is one of the fields, contains some of them, or
// is inside one that may contain others.
func resolves(path string, fields []CatalogField) bool {
	if anyWithin(path, systemPaths) {
		return true
	}
	return slices.ContainsFunc(fields, func(f CatalogField) bool {
		return path == f.Path || strings.HasPrefix(f.Path, path+".") ||
			strings.HasPrefix(path, f.Path+".") && !slices.Contains(scalars, strings.ToLower(f.Type))
	})
}

// CheckAction checks an action against the tenant's catalog entries with its id,
// usually one.
func (d *Document) CheckAction(a ActionRef, versions []CatalogAction, options CheckOptions) Problems {
	c := newChecker(d, options)
	n := d.nodeAround(a.Path)
	if n == nil || len(versions) == 0 {
		return nil
	}
	entry := c.pinned(n, a, versions)
	if class := n.value.get("class").str(); class != entry.Class && entry.Class != classBreak {
		switch {
		case class == "":
			c.report("R36", n.on("class"), "the action %s has the class %s in the catalog: add it", quoteKey(entry.Name), entry.Class)
		case entry.Class == "":
			c.report("R36", n.on("class"), "the action %s has no class in the catalog: remove %s", quoteKey(entry.Name), class)
		default:
			c.report("R36", n.on("class"), "the action %s has the class %s in the catalog, not %s", quoteKey(entry.Name), entry.Class, class)
		}
	}
	for _, key := range requiredProperties(entry.InputSchema) {
		if c.checkedOffline(a, key) || !empty(n.value.get("properties").get(key)) {
			continue
		}
		c.report("R37", n.on("properties", key), "the action %s requires the property %s", quoteKey(entry.Name), quoteKey(key))
	}
	c.agent(n, a, entry)
	return c.found.sorted()
}

// pinned returns the entry for the action's pin, and reports a pin that no entry
// has. ~0, explicit or not, matches any entry (wire/catalog.md#activities).
func (c *checker) pinned(n *scopeNode, a ActionRef, versions []CatalogAction) CatalogAction {
	offered := make([]string, 0, len(versions))
	for _, v := range versions {
		pin := VersionConstraint(v.Version)
		if pin == a.VersionConstraint {
			return v
		}
		if !slices.Contains(offered, pin) {
			offered = append(offered, pin)
		}
	}
	if a.VersionConstraint != unpinned {
		c.report("R33", n.on("version_constraint"), "the tenant has the action %s at %s, not at %s", quoteKey(versions[0].Name),
			strings.Join(offered, " and "), a.VersionConstraint)
	}
	return versions[0]
}

// requiredProperties returns the required properties of a schema that have no
// default, or nothing if the schema can't be parsed.
func requiredProperties(schema json.RawMessage) []string {
	s, err := readSchema(schema)
	if err != nil {
		return nil
	}
	return s.missing(nil)
}

// checkedOffline reports whether a property is checked by other rules, or by
// Falcon, whose code 2035 names a plugin without configuration.
func (c *checker) checkedOffline(a ActionRef, key string) bool {
	if key == "config_id" || c.d.root.get("parameters").get("actions").get("configuration").get(a.Node) != nil {
		return true
	}
	switch {
	case a.ID == idSendEmail || a.ID == idHumanInput:
		return key == "to"
	case a.Class == classHTTP:
		return key == "http_transaction"
	default:
		return slices.Contains(requiredOf[a.ID], key) || slices.Contains(requiredOf[a.Class], key)
	}
}

// agent checks the action of an AgentWorks agent.
func (c *checker) agent(n *scopeNode, a ActionRef, entry CatalogAction) {
	namespace := strings.ToLower(entry.Namespace)
	if !strings.Contains(namespace, "agentworks") && !strings.Contains(namespace, "ai_agent") {
		return
	}
	if empty(n.value.get("properties").get("input")) && !slices.Contains(requiredProperties(entry.InputSchema), "input") {
		c.report("R43", n.on("properties", "input"), "an agent needs the property input")
	}
	for i := range c.refs {
		r := &c.refs[i]
		if rest, ok := strings.CutPrefix(r.path, a.Node+"."); ok && !within(rest, "response") {
			c.doubt("R43", r.spot.place, "the output of an agent is response, not %s", rest)
		}
	}
}
