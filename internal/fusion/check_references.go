package fusion

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// references checks the data that the document reads, and its CEL expressions.
func (c *checker) references() {
	event, pin := c.d.root.get("trigger").get("event").str(), pinOf(c.d.root.get("trigger"))
	declared := c.declaredVariables()
	names := slices.Sorted(maps.Keys(declared))
	for i := range c.refs {
		r := &c.refs[i]
		switch head := r.head(); head {
		case "WorkflowCustomVariable":
			c.variable(r, declared, names)
		case "Trigger":
			c.triggerField(r, event, pin)
		default:
			if n := c.nodes[head]; n != nil {
				c.output(r, n)
			}
		}
		if numberInPath.MatchString(r.path) && !c.isQueryEvents(r) {
			c.report("R53", r.spot.place, "put the index outside the quotes: write data['…'][0].field instead of %s", quoteKey(r.path))
		}
	}
	for i := range c.spots {
		c.dataForm(&c.spots[i])
		for _, code := range c.spots[i].code() {
			c.cel(&c.spots[i], code)
		}
		c.severity(&c.spots[i])
	}
	c.joins()
}

var numberInPath = regexp.MustCompile(`\.\d+\.`)

// declaredVariables returns the names that a variable_schema or a
// WorkflowCustomVariable block declares.
func (c *checker) declaredVariables() map[string]bool {
	out := map[string]bool{}
	var find func(v *value)
	find = func(v *value) {
		if v == nil {
			return
		}
		for _, item := range v.items {
			find(item)
		}
		for _, m := range v.members {
			names := m.value
			if m.key == "variable_schema" {
				names = m.value.get("properties")
			}
			if names != nil && (m.key == "variable_schema" || m.key == "WorkflowCustomVariable") {
				for _, name := range names.members {
					out[name.key] = true
				}
			}
			find(m.value)
		}
	}
	for _, n := range c.nodes {
		if n.kind == kindAction {
			find(n.value.get("properties"))
		}
	}
	return out
}

func (c *checker) variable(r *reference, declared map[string]bool, names []string) {
	parts := strings.Split(r.path, ".")
	if len(parts) < 2 || declared[parts[1]] || parts[1] == "" {
		return
	}
	message := fmt.Sprintf("the variable %s is not declared%s", quoteKey(parts[1]), c.nearestTo(parts[1], names))
	if r.spot.key == "output_fields" {
		c.doubt("R52", r.spot.place, "%s", message)
		return
	}
	c.report("R52", r.spot.place, "%s", message)
}

func within(path, field string) bool {
	return path == field || strings.HasPrefix(path, field+".")
}

// triggerField checks a reference to the trigger's data.
func (c *checker) triggerField(r *reference, event, pin string) {
	if id, field := absentField(event, r.path); id != "" {
		hint := ""
		if field == investigatableCategory {
			hint = ": use the fields under Trigger.Detection"
		}
		c.report(id, r.spot.place, "the event %s has no %s%s", event, field, hint)
	}
	if event == eventEPP && pin != unpinned && within(r.path, investigatableCategory) {
		c.doubt("R57", r.spot.place, "the event %s at %s may have no %s: use the fields under Trigger.Detection", event, pin, investigatableCategory)
	}
	if !r.quoted && !r.whole && r.spot.lang == inTemplate {
		c.report("R51", r.spot.place, "inside a longer string, write ${data['%s']}", r.path)
	}
}

// absentField returns the rule about a field that the event does not have, and
// the field; "" if there is none.
func absentField(event, path string) (id, field string) {
	if event != eventNGSIEM {
		return "", ""
	}
	for field, id := range absentOnNGSIEM {
		if within(path, field) {
			return id, field
		}
	}
	return "", ""
}

// output checks a reference to a node's output.
func (c *checker) output(r *reference, n *scopeNode) {
	rest := strings.TrimPrefix(strings.TrimPrefix(r.path, n.node), ".")
	if n.kind != kindAction || rest == "" {
		return
	}
	lower := strings.ToLower(rest)
	if pin := n.value.get("version_constraint").str(); pin != "" && pin != unpinned {
		for _, namespace := range longOutputs {
			if strings.HasPrefix(lower, namespace) {
				c.report("R58", r.spot.place, "the action %s is pinned to %s, so its outputs have the short path %s", quoteKey(n.node), pin,
					n.node+"."+rest[len(namespace):])
			}
		}
	}
	first, _, _ := strings.Cut(rest, ".")
	if slices.Contains(strings.Split(rest, "."), "faas") {
		c.report("R59", r.spot.place, "field names are case-sensitive: write FaaS, not faas")
	}
	if strings.HasPrefix(n.value.get("id").str(), "api_integrations.") && first != "API_Integration" {
		c.report("R61", r.spot.place, "the outputs of a Foundry API integration begin with %s.API_Integration.Custom_", n.node)
	}
	switch n.value.get("class").str() {
	case classHTTP:
		c.response(r, n, rest, first)
	case classQuery:
		if first == "events" {
			c.report("R75", r.spot.place, "an event query has no output events: read %s.results", n.node)
		}
	}
}

func (c *checker) isQueryEvents(r *reference) bool {
	n := c.nodes[r.head()]
	return n != nil && n.value.get("class").str() == classQuery && strings.HasPrefix(r.path, n.node+".events")
}

func (c *checker) response(r *reference, n *scopeNode, rest, first string) {
	if strings.HasPrefix(rest, "HTTP.body") {
		c.report("R68", r.spot.place, "leave HTTP.body out of the path of a response field: write %s", n.node+strings.TrimPrefix(rest, "HTTP.body"))
		return
	}
	if slices.Contains(httpOwnOutputs, first) || !empty(n.value.get("properties").get("http_transaction").get("_cs_inline_output_schema")) {
		return
	}
	message := fmt.Sprintf("%s reads a response that has no schema: describe it in _cs_inline_output_schema of the action %s", quoteKey(r.path), quoteKey(n.node))
	if strings.HasPrefix(first, "response_") {
		c.doubt("R67", r.spot.place, "%s", message)
		return
	}
	c.report("R67", r.spot.place, "%s", message)
}

var (
	shellData   = regexp.MustCompile(`\$\(\s*data\[`)
	shellName   = regexp.MustCompile(`\$([A-Za-z_][A-Za-z0-9_-]*)\.[A-Za-z_]`)
	lateIndex   = regexp.MustCompile(`^\[\d+\]`)
	placeholder = regexp.MustCompile(`PLACEHOLDER_[A-Z_]+|\bcs\.placeholder\.new\(\)`)
)

// dataForm checks the syntax of the references in a text.
func (c *checker) dataForm(s *spot) {
	if s.lang != inTemplate || s.key == "script" || !strings.Contains(s.text, "$") {
		return
	}
	text := s.text
	if shellData.MatchString(text) {
		c.report("R50", s.place, "$(data[…]) is not evaluated: write ${data['…']}")
	}
	for _, m := range shellName.FindAllStringSubmatch(text, -1) {
		if c.nodes[m[1]] != nil || slices.Contains([]string{"Trigger", "WorkflowCustomVariable", "Workflow"}, m[1]) {
			c.report("R50", s.place, "$%[1]s.… is not evaluated: write ${data['%[1]s.…']}", m[1])
		}
	}
	found := embedded(text)
	if len(found) < strings.Count(text, "${") && unclosed(text) {
		c.report("R50", s.place, "a ${ has no closing brace")
	}
	for _, e := range found {
		if strings.Contains(e.text, "data[") && lateIndex.MatchString(text[e.to:]) {
			c.report("R50", s.place, "the index is after the closing brace: write ${data['…'][0]}")
		}
	}
}

// unclosed reports whether a text has a ${ without its closing brace.
func unclosed(text string) bool {
	for i := strings.Index(text, "${"); i >= 0; {
		end := closing(text, i+1)
		if end < 0 {
			return true
		}
		next := strings.Index(text[end:], "${")
		if next < 0 {
			return false
		}
		i = end + next
	}
	return false
}

// placeholders reports placeholders of a template.
func (c *checker) placeholders(v *value, where place) {
	switch v.kind {
	case kindString:
		if found := placeholder.FindString(v.text); found != "" {
			c.report("R05", where.at(v.position), "the placeholder %s has not been replaced", found)
		}
	case kindList:
		for _, item := range v.items {
			c.placeholders(item, where)
		}
	case kindMap:
		for _, m := range v.members {
			below := where
			below.path = pathKey(where.path, m.key)
			if m.key == "id" && m.value.kind == kindString && isPlaceholder(m.value.text) && !placeholder.MatchString(m.value.text) {
				c.report("R05", below.at(m.value.position), "the id %s is a placeholder", quoteKey(m.value.text))
			}
			c.placeholders(m.value, below)
		}
	}
}
