package fusion

import (
	"fmt"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/suggest"
)

// edge is a reference from a node or the trigger to the key of a node.
type edge struct {
	to, key, path string
	position
}

// edgesOf returns the edges of a node. A string instead of a list counts, and a
// list instead of a string: the wrong kind is reported once, and not again as
// unreachable nodes.
func edgesOf(v *value, path string) []edge {
	var out []edge
	for _, key := range []string{"next", "else", "else_if"} {
		x := v.get(key)
		if x == nil {
			continue
		}
		under := pathKey(path, key)
		if x.kind == kindString && x.text != "" {
			out = append(out, edge{to: x.text, key: key, path: under, position: x.position})
		}
		for i, item := range x.items {
			if item.kind == kindString {
				out = append(out, edge{
					to: item.text, key: key, path: fmt.Sprintf("%s[%d]", under, i), position: item.position,
				})
			}
		}
	}
	return out
}

// graph is a scope with its edges resolved.
type graph struct {
	scope
	byKey map[string]int
	// byName maps the names of conditions, built on first use.
	byName map[string]int
	// from are the nodes that the trigger refers to, leads those that each node refers to.
	from  []int
	leads [][]int
}

// edgesOfScope checks the edges of the workflow or of a loop's body.
func (c *checker) edgesOfScope(index int) {
	s := c.scopes[index]
	g := graph{scope: s, byKey: map[string]int{}, leads: make([][]int, len(s.nodes))}
	for i, n := range s.nodes {
		if _, ok := g.byKey[n.node]; !ok {
			g.byKey[n.node] = i
		}
		if first := c.nodes[n.node]; first.path != n.path {
			c.report("R23", n.place,
				"another node has the same name: see line %d", first.line)
		}
	}
	trigger := place{kind: kindTrigger}
	if s.loop != "" {
		trigger = place{kind: kindLoop, node: s.loop}
	}
	start := s.value.get("trigger")
	g.from = c.resolve(&g, start, pathKey(s.path, "trigger"), trigger)
	for i, n := range s.nodes {
		g.leads[i] = c.resolve(&g, n.value, n.path, n.place)
	}
	c.graphs = append(c.graphs, g)
	if len(edgesOf(start, "")) > 0 {
		c.reachable(&g)
	}
	c.cycles(&g)
}

// reachable reports unreachable nodes. In a loop it is a warning: no source says
// that Falcon checks loops.
func (c *checker) reachable(g *graph) {
	for _, i := range g.unreached() {
		n := g.nodes[i]
		id := "R21"
		if g.loop != "" {
			id = "R46"
		}
		c.report(id, n.place,
			"this %s is unreachable: no next, else or else_if refers to it", n.kind)
	}
}

// cycles reports edges that form a cycle, among the nodes that the trigger reaches.
func (c *checker) cycles(g *graph) {
	const (
		unseen = iota
		open
		done
	)
	state := make([]int, len(g.nodes))
	type step struct{ node, edge int }
	for _, from := range g.from {
		if state[from] != unseen {
			continue
		}
		state[from] = open
		way := []step{{node: from}}
		for len(way) > 0 {
			last := &way[len(way)-1]
			if last.edge == len(g.leads[last.node]) {
				state[last.node] = done
				way = way[:len(way)-1]
				continue
			}
			to := g.leads[last.node][last.edge]
			last.edge++
			switch state[to] {
			case unseen:
				state[to] = open
				way = append(way, step{node: to})
			case open:
				n := g.nodes[last.node]
				c.report("R22", n.place,
					"this %s leads back to %s, which leads to it: edges can't form a cycle", n.kind, quoteKey(g.nodes[to].node))
			}
		}
	}
}

// resolve returns the nodes that v refers to, and reports edges to missing nodes.
func (c *checker) resolve(g *graph, v *value, path string, where place) []int {
	var out []int
	for _, e := range edgesOf(v, path) {
		i, ok := g.byKey[e.to]
		if !ok && e.key == "else_if" {
			i, ok = g.conditionNamed(e.to)
		}
		if ok {
			out = append(out, i)
			continue
		}
		if c.empty && g.loop == "" {
			continue
		}
		id, why := c.whyMissing(g, e.to)
		c.report(id, place{where.kind, where.node, e.path, e.position}, "%s refers to %s, but %s", e.key, quoteKey(e.to), why)
		// An edge into a loop is one problem: the loop is not unreachable as well.
		if i, ok := g.byKey[c.elsewhere[e.to]]; ok && g.nodes[i].node != where.node {
			out = append(out, i)
		}
	}
	return out
}

// conditionNamed finds a condition by its name: else_if contains "the name of
// another condition" (wire/documents.md#nodes), and whether that is the key or the
// name is not published.
func (g *graph) conditionNamed(name string) (int, bool) {
	if g.byName == nil {
		g.byName = map[string]int{}
		for i, n := range g.nodes {
			if n.kind == kindCondition {
				g.byName[n.value.get("name").str()] = i
			}
		}
	}
	i, ok := g.byName[name]
	return i, ok && name != ""
}

// whyMissing returns the rule that an edge to a missing node violates, and where
// that node is. It does not search once problems are only counted.
func (c *checker) whyMissing(g *graph, key string) (id, why string) {
	here := "the workflow"
	if g.loop != "" {
		here = "the loop " + quoteKey(g.loop)
	}
	if c.found.full() {
		return "R20", here + " has no node with this name"
	}
	if c.elsewhere == nil {
		c.elsewhere = map[string]string{}
		for _, s := range c.scopes {
			for _, n := range s.nodes {
				c.elsewhere[n.node] = s.loop
			}
		}
	}
	if loop, ok := c.elsewhere[key]; ok {
		if loop == "" {
			return "R24", fmt.Sprintf("that node is outside the loop %s; an edge can't leave a loop", quoteKey(g.loop))
		}
		return "R24", fmt.Sprintf("that node is inside the loop %s; refer to the loop itself", quoteKey(loop))
	}
	keys := make([]string, 0, min(len(g.nodes), mostCompared))
	for _, n := range g.nodes[:min(len(g.nodes), mostCompared)] {
		keys = append(keys, n.node)
	}
	return "R20", here + " has no node with this name" + didYouMean(suggest.Nearest(key, keys, 2))
}

// unreached returns the nodes that the trigger does not reach: only the first node
// of a chain, and of a cycle only the node that is first in the text.
func (g *graph) unreached() []int {
	reached := make([]bool, len(g.nodes))
	for _, i := range g.from {
		g.reach(i, reached)
	}
	led := make([]bool, len(g.nodes))
	for i := range g.nodes {
		if reached[i] {
			continue
		}
		for _, to := range g.leads[i] {
			led[to] = led[to] || to != i
		}
	}
	var out []int
	for _, alsoLed := range []bool{false, true} {
		for i := range g.nodes {
			if !reached[i] && (alsoLed || !led[i]) {
				out = append(out, i)
				g.reach(i, reached)
			}
		}
	}
	return out
}

// reach marks a node and all nodes that it leads to.
func (g *graph) reach(from int, reached []bool) {
	todo := []int{from}
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !reached[i] {
			reached[i] = true
			todo = append(todo, g.leads[i]...)
		}
	}
}
