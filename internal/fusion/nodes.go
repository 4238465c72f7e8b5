package fusion

import "strings"

// EventRef is a trigger's event and where it stands.
type EventRef struct {
	// Type is the trigger's type: On demand, Signal, Scheduled or SubModel.
	Type string
	// Event is the category of the event, such as Case/StatusChanged, empty
	// where the document names none.
	Event string
	// VersionConstraint is the pin, ~0 where none is written.
	VersionConstraint string
	Line, Column      int
}

// ActionRef is one action and where it stands.
type ActionRef struct {
	// Node is the action's key, Path its place, such as
	// loops.Loop.actions.AddTag.
	Node, Path string
	// ID is the activity's id, empty where the document names none.
	ID    string
	Name  string
	Class string
	// VersionConstraint is the pin, ~0 where none is written.
	VersionConstraint string
	// Properties are those of the document, in its order.
	Properties   []PropertyRef
	Line, Column int
}

// PropertyRef is one property of an action and where it stands.
type PropertyRef struct {
	Key string
	// Value is a string, bool, json.Number, []any, map[string]any or nil.
	Value        any
	Line, Column int
}

// scopeNode is one node of the workflow or of a loop at any depth.
type scopeNode struct {
	kind, key, path string
	value           *value
	line, column    int
}

// scope is the workflow or the body of one loop: the nodes that edges can reach.
type scope struct {
	// loop is the key of the loop, empty for the workflow.
	loop, path string
	value      *value
	// nodes are in the order of the text: actions, conditions and loops as
	// the document lists them.
	nodes []scopeNode
}

// sections are the three mappings of a scope that hold nodes.
var sections = []struct{ key, kind string }{
	{"actions", kindAction}, {"conditions", kindCondition}, {"loops", kindLoop},
}

// scopes lists the workflow and every loop in it, outermost first.
func (d *Document) scopes() []scope {
	out := []scope{newScope("", "", d.root)}
	for i := 0; i < len(out); i++ {
		for _, n := range out[i].nodes {
			if n.kind == kindLoop && n.value.kind == kindMap {
				out = append(out, newScope(n.key, n.path, n.value))
			}
		}
	}
	return out
}

func newScope(loop, path string, v *value) scope {
	s := scope{loop: loop, path: path, value: v}
	for _, section := range sections {
		nodes := v.get(section.key)
		if nodes == nil || nodes.kind != kindMap {
			continue
		}
		under := pathKey(path, section.key)
		for _, m := range nodes.members {
			s.nodes = append(s.nodes, scopeNode{
				kind: section.kind, key: m.key, path: pathKey(under, m.key),
				value: m.value, line: m.line, column: m.column,
			})
		}
	}
	return s
}

// Events gives the event of the workflow's trigger, or none where the document
// has no trigger.
func (d *Document) Events() []EventRef {
	m := d.root.member("trigger")
	if m == nil || m.value.kind != kindMap {
		return nil
	}
	ref := EventRef{
		Type: m.value.get("type").str(), Event: m.value.get("event").str(),
		VersionConstraint: pinOf(m.value), Line: m.line, Column: m.column,
	}
	if event := m.value.get("event"); event != nil {
		ref.Line, ref.Column = event.line, event.column
	}
	return []EventRef{ref}
}

// Actions gives every action, those in loops at any depth included.
func (d *Document) Actions() []ActionRef {
	var out []ActionRef
	for _, s := range d.scopes() {
		for _, n := range s.nodes {
			if n.kind != kindAction {
				continue
			}
			ref := ActionRef{
				Node: n.key, Path: n.path, ID: n.value.get("id").str(), Name: n.value.get("name").str(),
				Class: n.value.get("class").str(), VersionConstraint: pinOf(n.value), Line: n.line, Column: n.column,
			}
			if properties := n.value.get("properties"); properties != nil {
				for _, m := range properties.members {
					ref.Properties = append(ref.Properties, PropertyRef{
						Key: m.key, Value: m.value.plain(), Line: m.line, Column: m.column,
					})
				}
			}
			out = append(out, ref)
		}
	}
	return out
}

func pinOf(node *value) string {
	if pin := node.get("version_constraint").str(); pin != "" {
		return pin
	}
	return unpinned
}

// Position says where a node stands, or one of its properties or keys: the
// place for a validation error of Falcon, which names node_id and property
// (wire/workflows.md#import). A property may be a dotted path. Where the document doesn't
// have the property it is the node's place, and 0, 0 without the node. The node
// "trigger" or "" is the workflow's trigger unless a node has that key.
func (d *Document) Position(node, property string) (line, column int) {
	n := d.node(node)
	if n == nil {
		return 0, 0
	}
	for _, in := range []*value{n.value.get("properties"), n.value} {
		if m := in.dotted(property); m != nil {
			return m.line, m.column
		}
	}
	return n.line, n.column
}

func (d *Document) node(key string) *scopeNode {
	var keyed *scopeNode
	for _, s := range d.scopes() {
		for _, n := range s.nodes {
			if n.key == key && keyed == nil {
				keyed = &n
			}
		}
	}
	if keyed != nil && key != "" {
		return keyed
	}
	if m := d.root.member(kindTrigger); m != nil && (key == "" || key == kindTrigger) {
		return &scopeNode{kind: kindTrigger, path: kindTrigger, value: m.value, line: m.line, column: m.column}
	}
	return keyed // a node may have been left without a key
}

// nodeAround finds the innermost node that a path is in.
func (d *Document) nodeAround(path string) *scopeNode {
	var found *scopeNode
	for _, s := range d.scopes() {
		for _, n := range s.nodes {
			rest, ok := strings.CutPrefix(path, n.path)
			if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
				found = &n
			}
		}
	}
	return found
}
