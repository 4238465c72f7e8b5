package fusion

import (
	"html"
	"slices"
	"strings"
)

// normalForm returns the normal form of a document. Two documents define the same
// workflow if their normal forms are the same tree:
//
//   - Keys are sorted. Keys owned by Falcon are left out: trigger.name, the
//     default_name of actions, and id, version and enabled at the top.
//   - The name of an action is left out if it is the default name (names.go).
//   - null, {} and [] are left out at any depth; in a list they become null. So is
//     "" where the grammar has a string. In properties "" is a value, as it may
//     clear a field. false and 0 are values, except for the switches and limits of
//     the grammar, which Falcon leaves out.
//   - A node is never left out: an action without any key is still an action.
//   - version_constraint ~0 is left out (wire/workflows.md#import).
//   - Strings have no line breaks at the start and end: an export may
//     lose the first one (wire/documents.md#export-form).
//   - Display texts have no HTML escapes.
//   - A number with a fraction is rounded to a 64-bit float, as JSON parsers do.
//     Otherwise numbers already have one form, and keys are already strings.
func normalForm(root *value, names map[string]DefaultName) *value {
	out := normalObject(root, workflowGrammar)
	dropDefaultNames(out, names)
	return out
}

func normalObject(v *value, g *grammar) *value {
	if v.kind != kindMap {
		return normalFree(v)
	}
	out := &value{kind: kindMap, position: v.position}
	for _, m := range v.members {
		f, known := g.keys[m.key]
		if !known {
			f = free
		}
		n := normalField(m.value, f)
		if n == nil {
			continue
		}
		m.value = n
		out.members = append(out.members, m)
	}
	sortMembers(out)
	return out
}

// normalField returns nil for a key that is left out.
func normalField(v *value, f field) *value {
	var out *value
	switch f.role {
	case roleServer, roleDropped:
		return nil
	case roleNodes:
		return normalNodes(v, f.of)
	case roleObject:
		out = normalObject(v, f.of)
	case roleDisplay:
		out = normalFree(unescaped(v))
	default:
		out = normalFree(v)
	}
	if out.absent() || f.isDefault(out) {
		return nil
	}
	return out
}

// isDefault reports whether a value means the same as a missing key.
func (f field) isDefault(v *value) bool {
	switch f.role {
	case roleText, roleName, roleEdge, roleDisplay:
		return v.kind == kindString && v.text == ""
	case rolePin:
		return v.kind == kindString && (v.text == "" || v.text == unpinned)
	case roleSwitch:
		return v.kind == kindBool && v.text == "false"
	case roleLimit:
		return v.kind == kindNumber && v.text == "0"
	default:
		return false
	}
}

// normalNodes keeps every node, even an empty one.
func normalNodes(v *value, g *grammar) *value {
	if v.kind != kindMap {
		if out := normalFree(v); !out.absent() {
			return out
		}
		return nil
	}
	if len(v.members) == 0 {
		return nil
	}
	out := &value{kind: kindMap, position: v.position}
	for _, m := range v.members {
		node := normalObject(m.value, g)
		if node.absent() {
			node = &value{kind: kindMap, position: m.position}
		}
		m.value = node
		out.members = append(out.members, m)
	}
	sortMembers(out)
	return out
}

// normalFree returns the normal form of a value that no grammar describes.
func normalFree(v *value) *value {
	switch v.kind {
	case kindString:
		if trimmed := strings.TrimLeft(strings.TrimRight(v.text, "\r\n"), "\n"); trimmed != v.text {
			return &value{kind: kindString, text: trimmed, position: v.position}
		}
		return v
	case kindList:
		out := &value{kind: kindList, position: v.position, items: make([]*value, 0, len(v.items))}
		for _, item := range v.items {
			n := normalFree(item)
			if n.absent() {
				n = &value{position: item.position}
			}
			out.items = append(out.items, n)
		}
		return out
	case kindMap:
		out := &value{kind: kindMap, position: v.position}
		for _, m := range v.members {
			if m.value = normalFree(m.value); !m.value.absent() {
				out.members = append(out.members, m)
			}
		}
		sortMembers(out)
		return out
	case kindNumber:
		if text := roundFraction(v.text); text != v.text {
			return &value{kind: kindNumber, text: text, position: v.position}
		}
		return v
	default:
		return v
	}
}

func sortMembers(v *value) {
	slices.SortFunc(v.members, func(a, b member) int { return strings.Compare(a.key, b.key) })
}

// unescaped removes HTML escapes from a display text or a list of them.
func unescaped(v *value) *value {
	switch v.kind {
	case kindString:
		if text := unescapeHTML(v.text); text != v.text {
			out := *v
			out.text = text
			return &out
		}
	case kindList:
		out := *v
		out.items = make([]*value, len(v.items))
		for i, item := range v.items {
			out.items[i] = unescaped(item)
		}
		return &out
	}
	return v
}

// unescapeHTML removes all levels of escaping: a text that was exported, imported
// and exported again may be escaped twice. A text with more levels than the bound
// is hostile, and is returned unchanged.
func unescapeHTML(s string) string {
	const mostRounds = 8
	out := s
	for range mostRounds {
		next := html.UnescapeString(out)
		if next == out {
			return out
		}
		out = next
	}
	return s
}
