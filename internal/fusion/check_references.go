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
		if numberInPath.MatchString(r.Path) && !c.isQueryEvents(r) {
			c.reportRef("R53", r, "put the index outside the quotes: write data['…'][0].field instead of %s", quoteKey(r.Path))
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

func (c *checker) reportRef(id string, r *Reference, format string, args ...any) {
	c.report(id, r.Line, r.Column, r.spot.at, format, args...)
}

func (c *checker) reportSpot(id string, s *spot, format string, args ...any) {
	c.report(id, s.text.line, s.text.column, s.at, format, args...)
}

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

func (c *checker) variable(r *Reference, declared map[string]bool, names []string) {
	parts := strings.Split(r.Path, ".")
	if len(parts) < 2 || declared[parts[1]] || parts[1] == "" {
		return
	}
	message := fmt.Sprintf("the variable %s is not declared%s", quoteKey(parts[1]), c.nearestTo(parts[1], names))
	if r.spot.key == "output_fields" {
		c.doubt("R52", r.Line, r.Column, r.spot.at, "%s", message)
		return
	}
	c.reportRef("R52", r, "%s", message)
}

func within(path, field string) bool {
	return path == field || strings.HasPrefix(path, field+".")
}

func (c *checker) triggerField(r *Reference, event, pin string) {
	const category = "Trigger.Category.Investigatable"
	switch {
	case event == eventNGSIEM:
		for field, id := range absentOnNGSIEM {
			if within(r.Path, field) {
				c.reportRef(id, r, "the event %s has no %s", event, field)
			}
		}
		if within(r.Path, category) {
			c.reportRef("R57", r, "the event %s has no %s: use the fields under Trigger.Detection", event, category)
		}
	case event == eventEPP && pin != unpinned && within(r.Path, category):
		c.doubt("R57", r.Line, r.Column, r.spot.at, "the event %s at %s may have no %s: use the fields under Trigger.Detection", event, pin, category)
	}
	if !r.quoted && !r.whole && r.spot.lang == inTemplate {
		c.reportRef("R51", r, "inside a longer string, write ${data['%s']}", r.Path)
	}
}

// output checks a reference to a node's output.
func (c *checker) output(r *Reference, n *scopeNode) {
	rest := strings.TrimPrefix(strings.TrimPrefix(r.Path, n.key), ".")
	if n.kind != kindAction || rest == "" {
		return
	}
	lower := strings.ToLower(rest)
	if pin := n.value.get("version_constraint").str(); pin != "" && pin != unpinned {
		for _, namespace := range longOutputs {
			if strings.HasPrefix(lower, namespace) {
				c.reportRef("R58", r, "the action %s is pinned to %s, so its outputs have the short path %s", quoteKey(n.key), pin,
					n.key+"."+rest[len(namespace):])
			}
		}
	}
	first, _, _ := strings.Cut(rest, ".")
	if slices.Contains(strings.Split(rest, "."), "faas") {
		c.reportRef("R59", r, "field names are case-sensitive: write FaaS, not faas")
	}
	if strings.HasPrefix(n.value.get("id").str(), "api_integrations.") && first != "API_Integration" {
		c.reportRef("R61", r, "the outputs of a Foundry API integration begin with %s.API_Integration.Custom_", n.key)
	}
	switch n.value.get("class").str() {
	case classHTTP:
		c.response(r, n, rest, first)
	case classQuery:
		if first == "events" {
			c.reportRef("R75", r, "an event query has no output events: read %s.results", n.key)
		}
	}
}

func (c *checker) isQueryEvents(r *Reference) bool {
	n := c.nodes[r.head()]
	return n != nil && n.value.get("class").str() == classQuery && strings.HasPrefix(r.Path, n.key+".events")
}

func (c *checker) response(r *Reference, n *scopeNode, rest, first string) {
	if strings.HasPrefix(rest, "HTTP.body") {
		c.reportRef("R68", r, "leave HTTP.body out of the path of a response field: write %s", n.key+strings.TrimPrefix(rest, "HTTP.body"))
		return
	}
	if slices.Contains(httpOwnOutputs, first) || !empty(n.value.get("properties").get("http_transaction").get("_cs_inline_output_schema")) {
		return
	}
	message := fmt.Sprintf("%s reads a response that has no schema: describe it in _cs_inline_output_schema of the action %s", quoteKey(r.Path), quoteKey(n.key))
	if strings.HasPrefix(first, "response_") {
		c.doubt("R67", r.Line, r.Column, r.spot.at, "%s", message)
		return
	}
	c.reportRef("R67", r, "%s", message)
}

var (
	shellData   = regexp.MustCompile(`\$\(\s*data\[`)
	shellName   = regexp.MustCompile(`\$([A-Za-z_][A-Za-z0-9_-]*)\.[A-Za-z_]`)
	lateIndex   = regexp.MustCompile(`^\[\d+\]`)
	placeholder = regexp.MustCompile(`PLACEHOLDER_[A-Z_]+|\bcs\.placeholder\.new\(\)`)
)

// dataForm checks the syntax of the references in a text.
func (c *checker) dataForm(s *spot) {
	if s.lang != inTemplate || s.key == "script" || !strings.Contains(s.text.text, "$") {
		return
	}
	text := s.text.text
	if shellData.MatchString(text) {
		c.reportSpot("R50", s, "$(data[…]) is not evaluated: write ${data['…']}")
	}
	for _, m := range shellName.FindAllStringSubmatch(text, -1) {
		if c.nodes[m[1]] != nil || slices.Contains([]string{"Trigger", "WorkflowCustomVariable", "Workflow"}, m[1]) {
			c.reportSpot("R50", s, "$%[1]s.… is not evaluated: write ${data['%[1]s.…']}", m[1])
		}
	}
	found := embedded(text)
	if len(found) < strings.Count(text, "${") && unclosed(text) {
		c.reportSpot("R50", s, "a ${ has no closing brace")
	}
	for _, e := range found {
		if strings.Contains(e.text, "data[") && lateIndex.MatchString(text[e.to:]) {
			c.reportSpot("R50", s, "the index is after the closing brace: write ${data['…'][0]}")
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
func (c *checker) placeholders(v *value, where at) {
	switch v.kind {
	case kindString:
		if found := placeholder.FindString(v.text); found != "" {
			c.report("R05", v.line, v.column, where, "the placeholder %s has not been replaced", found)
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
				c.report("R05", m.value.line, m.value.column, below, "the id %s is a placeholder", quoteKey(m.value.text))
			}
			c.placeholders(m.value, below)
		}
	}
}
