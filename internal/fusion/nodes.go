package fusion

import "strings"

// EventRef is a trigger's event and its position.
type EventRef struct {
	// Type is the trigger's type: On demand, Signal, Scheduled or SubModel.
	Type string
	// Event is the category of the event, such as Case/StatusChanged, or "".
	Event string
	// VersionConstraint is the pin; ~0 if the document has none.
	VersionConstraint string
	Line, Column      int
}

// ActionRef is an action and its position.
type ActionRef struct {
	// Node is the action's key, Path its path, such as
	// loops.Loop.actions.AddTag.
	Node, Path string
	// ID is the activity's id, or "".
	ID    string
	Name  string
	Class string
	// VersionConstraint is the pin; ~0 if the document has none.
	VersionConstraint string
	// Properties are in the order of the document.
	Properties   []PropertyRef
	Line, Column int
}

// PropertyRef is a property of an action and its position.
type PropertyRef struct {
	Key string
	// Value is a string, bool, json.Number, []any, map[string]any or nil.
	Value        any
	Line, Column int
}

// scopeNode is a node of the workflow or of a loop at any depth.
type scopeNode struct {
	place
	value *value
}

// scope is the workflow or the body of a loop: the nodes that edges can refer to.
type scope struct {
	// loop is the key of the loop, empty for the workflow.
	loop, path string
	value      *value
	// nodes are the actions, then the conditions, then the loops.
	nodes []scopeNode
}

// sections are the three mappings of a scope that contain nodes.
var sections = []struct{ key, kind string }{
	{"actions", kindAction}, {"conditions", kindCondition}, {"loops", kindLoop},
}

// scopes returns the workflow and all its loops, outermost first.
func (d *Document) scopes() []scope {
	out := []scope{newScope("", "", d.root)}
	for i := 0; i < len(out); i++ {
		for _, n := range out[i].nodes {
			if n.kind == kindLoop && n.value.kind == kindMap {
				out = append(out, newScope(n.node, n.path, n.value))
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
			s.nodes = append(s.nodes, scopeNode{place{section.kind, m.key, pathKey(under, m.key), m.position}, m.value})
		}
	}
	return s
}

// Events returns the event of the workflow's trigger, or nothing if the document
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

// Enabled returns the document's own enabled. ok is false if it has none. Falcon ignores it on import.
func (d *Document) Enabled() (enabled, ok bool) {
	v := d.root.get("enabled")
	if v == nil || v.kind != kindBool {
		return false, false
	}
	return v.text == "true", true
}

// Actions returns all actions, including those in loops at any depth.
func (d *Document) Actions() []ActionRef {
	var out []ActionRef
	for _, s := range d.scopes() {
		for _, n := range s.nodes {
			if n.kind != kindAction {
				continue
			}
			ref := ActionRef{
				Node: n.node, Path: n.path, ID: n.value.get("id").str(), Name: n.value.get("name").str(),
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

// Position returns the position of a node, or of one of its properties or keys.
// Falcon's validation errors name node_id and property (wire/workflows.md#import).
// A property may be a dotted path. Without the property, it is the position of the
// node; without the node, it is 0, 0. The node "trigger" or "" is the workflow's
// trigger unless a node has that key.
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
			if n.node == key && keyed == nil {
				keyed = &n
			}
		}
	}
	if keyed != nil && key != "" {
		return keyed
	}
	if m := d.root.member(kindTrigger); m != nil && (key == "" || key == kindTrigger) {
		return &scopeNode{place{kind: kindTrigger, path: kindTrigger, position: m.position}, m.value}
	}
	return keyed // a node may have an empty key
}

// nodeAround finds the innermost node that contains a path.
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
