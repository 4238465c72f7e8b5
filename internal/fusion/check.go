package fusion

import (
	"fmt"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/suggest"
)

// Check checks a document against the rules that need no catalog, and returns all
// violations in the order of the text. See [Rules].
func (d *Document) Check(options CheckOptions) Problems {
	c := newChecker(d, options)
	c.object(d.root, workflowGrammar, place{})
	c.top()
	c.trigger()
	for i := range c.scopes {
		c.edgesOfScope(i)
	}
	c.actions()
	c.loops()
	c.references()
	c.placeholders(d.root, place{})
	return c.found.sorted()
}

// checker checks one document.
type checker struct {
	options CheckOptions
	found   problemList

	d      *Document
	scopes []scope
	graphs []graph
	spots  []spot
	refs   []reference
	// nodes are the first nodes of each key, at any depth.
	nodes map[string]*scopeNode
	// empty is true if the document has no nodes, but something like nodes elsewhere.
	empty bool
	// reads has the paths that the document reads, inputs the names of the
	// trigger's parameters; deduplicates is true if there is a Deduplicate action.
	reads        map[string]bool
	inputs       []string
	deduplicates bool
	// elsewhere maps the keys of nodes to their loop, tested has the event queries
	// whose results are counted. Both are built on first use.
	elsewhere map[string]string
	tested    map[string]bool
}

func newChecker(d *Document, options CheckOptions) *checker {
	c := &checker{options: options, d: d, scopes: d.scopes(), nodes: map[string]*scopeNode{}, reads: map[string]bool{}}
	c.spots = d.spots(c.scopes)
	if properties := d.root.get("trigger").get("parameters").get("properties"); properties != nil {
		for _, m := range properties.members {
			c.inputs = append(c.inputs, m.key)
		}
	}
	c.refs = referencesOf(c.spots)
	for _, r := range c.refs {
		c.reads[r.path] = true
	}
	for i := range c.scopes {
		for j := range c.scopes[i].nodes {
			n := &c.scopes[i].nodes[j]
			if c.nodes[n.node] == nil {
				c.nodes[n.node] = n
			}
			c.deduplicates = c.deduplicates || isDeduplicate(n)
		}
	}
	return c
}

// top checks what only the top level of a document has.
func (c *checker) top() {
	root := c.d.root
	if name := root.get("name"); name == nil || name.kind == kindNull || name.kind == kindString && strings.TrimSpace(name.text) == "" {
		where := place{path: "name", position: root.position}
		if m := root.member("name"); m != nil {
			where.position = m.position
		}
		c.report("R01", where, "the workflow has no name")
	}
	if len(c.scopes[0].nodes) > 0 {
		return
	}
	for _, m := range root.members {
		if _, known := workflowGrammar.keys[m.key]; known || !looksLikeNodes(m) {
			continue
		}
		c.empty = true
		c.report("R04", place{path: pathKey("", m.key), position: m.position},
			"Falcon ignores %s, so the workflow is empty: put nodes under actions, conditions or loops", quoteKey(m.key))
	}
}

// looksLikeNodes reports whether an unknown top-level key contains nodes.
func looksLikeNodes(m member) bool {
	switch m.key {
	case "steps", "nodes", "edges":
		return !m.value.absent()
	default:
		return m.value.get("id") != nil || m.value.get("next") != nil
	}
}

// object checks the keys and values of a mapping against its grammar.
func (c *checker) object(v *value, g *grammar, where place) {
	if v.kind == kindNull && g.node != kindAction && g.node != kindCondition && g.node != kindLoop {
		return
	}
	if v.kind != kindMap {
		c.report("P01", where.at(v.position), "%s must be a mapping, not %s", label(where, g), v.kind)
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

// label returns what messages call a mapping.
func label(where place, g *grammar) string {
	if where.node != "" && g.node == where.kind {
		return "the " + where.kind
	}
	return g.what
}

func (c *checker) unknownKey(m member, g *grammar, where place) {
	if c.hasOwnRule(m, g) {
		return
	}
	c.report("R03", where.at(m.position), "%s is not a known key of %s%s", quoteKey(m.key), g.what, c.nearestTo(m.key, g.names()))
}

// hasOwnRule reports whether another rule is about an unknown key.
func (c *checker) hasOwnRule(m member, g *grammar) bool {
	switch {
	case g == workflowGrammar:
		return len(c.scopes[0].nodes) == 0 && looksLikeNodes(m)
	case g.what == "schedule":
		return scheduleKeys[m.key] != "" && c.d.root.get("trigger").get("schedule").get(scheduleKeys[m.key]).absent()
	default:
		return g.node == kindTrigger && m.key == "id" && c.d.root.get("trigger").get("type").str() == triggerSignal
	}
}

// mostCompared bounds how many names a misspelled one is compared with.
const mostCompared = 2000

// nearestTo suggests a known name, unless messages are only counted.
func (c *checker) nearestTo(word string, known []string) string {
	if c.found.warnings >= maxProblems || c.found.full() {
		return ""
	}
	return didYouMean(suggest.Nearest(word, known[:min(len(known), mostCompared)], 1))
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

func (c *checker) field(m member, f field, where place) {
	switch f.role {
	case roleText, roleName, rolePin, roleEdge:
		c.mustBeText(m, f, where)
	case roleEdges:
		c.mustBeEdges(m, where)
	case roleObject:
		if f.of.node == kindTrigger && where.node == "" {
			where.kind = kindTrigger
		}
		c.object(m.value, f.of, where)
	case roleNodes:
		c.nodesOf(m, f.of, where)
	}
}

func (c *checker) mustBeText(m member, f field, where place) {
	switch m.value.kind {
	case kindString, kindNull:
	case kindNumber, kindBool:
		c.report("P01", where.at(m.value.position), "%s must be a string, not %s; put it in quotes", m.key, m.value.kind)
	default:
		id := "P01"
		if f.role == roleEdge {
			id = "R19"
		}
		c.report(id, where.at(m.value.position), "%s must be a string, not %s", m.key, m.value.kind)
	}
}

func (c *checker) nodesOf(m member, g *grammar, where place) {
	if m.value.kind == kindNull || m.value.kind == kindList && len(m.value.items) == 0 {
		return
	}
	if m.value.kind != kindMap {
		c.report("P01", where.at(m.value.position), "%s must be a mapping from node names to nodes, not %s", m.key, m.value.kind)
		return
	}
	for _, n := range m.value.members {
		c.object(n.value, g, place{g.node, n.key, pathKey(where.path, n.key), n.position})
	}
}

// mustBeEdges checks that next or else is a list of node names.
func (c *checker) mustBeEdges(m member, where place) {
	where = where.at(m.value.position)
	switch {
	case m.value.kind == kindNull:
	case m.value.kind == kindString && m.key == "else":
		c.doubt("R19", where, "else is a list in every workflow that Falcon exports: write else: [%s]", m.value.text)
	case m.value.kind == kindString:
		c.report("R18", where, "%[1]s must be a list, even for one node: write %[1]s: [%[2]s]", m.key, m.value.text)
	case m.value.kind != kindList:
		c.report(map[bool]string{true: "R18", false: "P01"}[m.key == "next"], where,
			"%s must be a list of node names, not %s", m.key, m.value.kind)
	default:
		for i, item := range m.value.items {
			if item.kind != kindString {
				below := where
				below.path = fmt.Sprintf("%s[%d]", where.path, i)
				c.report("P01", below.at(item.position), "%s must contain node names, not %s", m.key, item.kind)
			}
		}
	}
}

// condition checks that a condition has an expression or an else, unless the
// installer of a Foundry template configures it.
func (c *checker) condition(v *value, where place) {
	for _, key := range []string{"expression", "cel_expression"} {
		// A value of the wrong kind has its own problem.
		if x := v.get(key); !x.absent() && (x.kind != kindString || strings.TrimSpace(x.text) != "") {
			return
		}
	}
	if x := v.get("else"); !x.absent() && (x.kind != kindString || x.text != "") {
		return
	}
	if c.d.root.get("parameters").get("conditions").get(where.node) != nil {
		return
	}
	if m := v.member("default"); m != nil && m.value.kind == kindBool && m.value.text == "true" {
		c.report("R26", where.below("default").at(m.position), "default: true has no effect: add an expression to the condition, or use the else of the previous condition")
		return
	}
	c.report("R25", where, "the condition needs an expression, a cel_expression or an else")
}
