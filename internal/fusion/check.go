package fusion

import (
	"fmt"
	"strings"
)

// codeUnknownEvent is Falcon's code for a trigger event it doesn't know, an
// absent one included (wire-api.md 3.2).
const codeUnknownEvent = "2003"

// Check finds what is wrong with a document as far as the document alone tells,
// all of it at once, in the order of the text: values of the wrong kind, edges
// that lead nowhere, nodes that nothing reaches, conditions without a condition,
// a trigger without its event, a missing name. Unknown keys are warnings: Falcon
// publishes no grammar, and says itself only later what it dropped.
func (d *Document) Check() Problems {
	c := checker{}
	c.object(d.root, workflowGrammar, at{})
	c.workflow(d)
	for _, s := range d.scopes() {
		c.scope(s, d)
	}
	return c.found.sorted()
}

// checker collects what Check finds.
type checker struct {
	found problemList
	// elsewhere gives for a node's key the loop it is in, built on first use.
	elsewhere map[string]string
}

// at is the node and path that a check is in, and where the node's key stands.
type at struct {
	kind, node, path string
	line, column     int
}

func (c *checker) errorAt(line, column int, where at, format string, args ...any) {
	c.found.add(Problem{
		Line: line, Column: column, Kind: where.kind, Node: where.node, Path: where.path,
		Message: fmt.Sprintf(format, args...),
	})
}

// workflow checks what only the top of a document has.
func (c *checker) workflow(d *Document) {
	if name := d.root.get("name"); name == nil || name.kind == kindNull || name.kind == kindString && strings.TrimSpace(name.text) == "" {
		p := Problem{Line: d.root.line, Column: d.root.column, Path: "name", Message: "the workflow has no name"}
		if m := d.root.member("name"); m != nil {
			p.Line, p.Column = m.line, m.column
		}
		c.found.add(p)
	}
	trigger := d.root.member("trigger")
	if trigger == nil || trigger.value.kind == kindNull {
		c.errorAt(d.root.line, d.root.column, at{path: kindTrigger}, "the workflow has no trigger, so nothing ever starts it")
		return
	}
	where := at{kind: kindTrigger, path: kindTrigger}
	event := trigger.value.get("event")
	if event.str() == "" {
		c.missingEvent(trigger, where)
		return
	}
	if e := event.str(); e == "Incident" || strings.HasPrefix(e, "Incident/") {
		c.found.add(Problem{
			Warning: true, Line: event.line, Column: event.column, Kind: kindTrigger, Path: "trigger.event",
			Message: fmt.Sprintf("CrowdStrike stopped making CrowdScore incidents on 2026-01-01, so the event %s "+
				"never comes any more; use a case event such as Case/Created", e),
		})
	}
}

func (c *checker) missingEvent(trigger *member, where at) {
	example := map[string]string{"Signal": "Case/Created", "Scheduled": "Schedule"}[trigger.value.get("type").str()]
	if example == "" {
		return
	}
	line, column := trigger.line, trigger.column
	if m := trigger.value.member("event"); m != nil {
		if m.value.kind != kindNull && m.value.kind != kindString {
			return // The wrong kind is a problem of its own.
		}
		line, column = m.line, m.column
	}
	c.found.add(Problem{
		Line: line, Column: column, Kind: where.kind, Path: "trigger.event", Code: codeUnknownEvent,
		Message: fmt.Sprintf("a %s trigger needs an event, such as event: %s", trigger.value.get("type").str(), example),
	})
}

// object checks the keys of a mapping against its grammar, and what they hold.
func (c *checker) object(v *value, g *grammar, where at) {
	if v.kind == kindNull && g.node != kindAction && g.node != kindCondition && g.node != kindLoop {
		return
	}
	if v.kind != kindMap {
		c.errorAt(v.line, v.column, where, "%s must be a mapping of keys, not %s", label(where, g), v.kind)
		return
	}
	for _, m := range v.members {
		below := where
		below.path = pathKey(where.path, m.key)
		f, known := g.keys[m.key]
		if !known {
			c.unknownKey(m, g, below)
			continue
		}
		c.field(m, f, below)
	}
	if g.node == kindCondition {
		c.condition(v, where)
	}
}

// label names a mapping of the grammar in a message.
func label(where at, g *grammar) string {
	if where.node != "" && g.node == where.kind {
		return "the " + where.kind
	}
	return g.what
}

func (c *checker) unknownKey(m member, g *grammar, where at) {
	message := fmt.Sprintf("%s is not a known key of %s", quoteKey(m.key), g.what)
	if c.found.warnings < maxProblems {
		message += didYouMean(Nearest(m.key, g.names(), 1))
	}
	c.found.add(Problem{
		Warning: true, Line: m.line, Column: m.column, Kind: where.kind, Node: where.node, Path: where.path, Message: message,
	})
}

func didYouMean(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quoteKey(name)
	}
	if len(quoted) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(quoted, " or ") + "?"
}

func (c *checker) field(m member, f field, where at) {
	switch f.role {
	case roleText, roleName, rolePin, roleEdge:
		if m.value.kind != kindString && m.value.kind != kindNull {
			hint := ""
			if m.value.kind == kindNumber || m.value.kind == kindBool {
				hint = "; put it in quotes"
			}
			c.errorAt(m.value.line, m.value.column, where, "%s must be text, not %s%s", m.key, m.value.kind, hint)
		}
	case roleEdges:
		c.edges(m, where)
	case roleObject:
		if f.of.node == kindTrigger && where.node == "" {
			where.kind = kindTrigger
		}
		c.object(m.value, f.of, where)
	case roleNodes:
		c.nodes(m, f.of, where)
	}
}

func (c *checker) nodes(m member, g *grammar, where at) {
	if m.value.kind == kindNull || m.value.kind == kindList && len(m.value.items) == 0 {
		return
	}
	if m.value.kind != kindMap {
		c.errorAt(m.value.line, m.value.column, where, "%s must be a mapping from node names to nodes, not %s", m.key, m.value.kind)
		return
	}
	for _, n := range m.value.members {
		c.object(n.value, g, at{
			kind: g.node, node: n.key, path: pathKey(where.path, n.key), line: n.line, column: n.column,
		})
	}
}

// edges checks that next or else is a list of node names.
func (c *checker) edges(m member, where at) {
	switch {
	case m.value.kind == kindNull:
	case m.value.kind == kindString:
		c.errorAt(m.value.line, m.value.column, where, "%s must be a list, even for one node: write %s: [%s]",
			m.key, m.key, m.value.text)
	case m.value.kind != kindList:
		c.errorAt(m.value.line, m.value.column, where, "%s must be a list of node names, not %s", m.key, m.value.kind)
	default:
		for i, item := range m.value.items {
			if item.kind != kindString {
				below := where
				below.path = fmt.Sprintf("%s[%d]", where.path, i)
				c.errorAt(item.line, item.column, below, "%s must name nodes, and this is %s", m.key, item.kind)
			}
		}
	}
}

// condition checks that a condition has something to decide by. A default key
// doesn't count: Falcon ignores it (fusion-workflows.md C2).
func (c *checker) condition(v *value, where at) {
	for _, key := range []string{"expression", "cel_expression", "else_if"} {
		// What is there with the wrong kind is a problem of its own.
		if x := v.get(key); !x.absent() && (x.kind != kindString || strings.TrimSpace(x.text) != "") {
			return
		}
	}
	c.errorAt(where.line, where.column, where, "the condition has none of expression, cel_expression and else_if")
}
