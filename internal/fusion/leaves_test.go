package fusion

import (
	"slices"
	"strings"
	"testing"
)

// leafEdits returns copies of v with one leaf changed, and with one removed, each
// with the path of the leaf.
func leafEdits(v *value, path string, give func(path string, edited *value, removed bool)) {
	for i, m := range v.members {
		at := pathKey(path, m.key)
		leafEdits(m.value, at, func(p string, edited *value, removed bool) {
			out := *v
			out.members = slices.Clone(v.members)
			if removed && edited == nil {
				out.members = slices.Delete(out.members, i, i+1)
			} else {
				out.members[i].value = edited
			}
			give(p, &out, removed)
		})
	}
	for i, item := range v.items {
		leafEdits(item, path, func(p string, edited *value, removed bool) {
			out := *v
			out.items = slices.Clone(v.items)
			if removed && edited == nil {
				out.items = slices.Delete(out.items, i, i+1)
			} else {
				out.items[i] = edited
			}
			give(p, &out, removed)
		})
	}
	if v.kind == kindMap || v.kind == kindList || v.kind == kindNull {
		return
	}
	give(path, nil, true)
	changed := *v
	switch v.kind {
	case kindBool:
		changed.text = map[string]string{"true": "false", "false": "true"}[v.text]
	case kindNumber:
		changed.text = "1" + v.text
	default:
		changed.text += "!"
	}
	give(path, &changed, false)
}

// A change or removal of any leaf of a real document is a difference in both
// directions, unless Falcon owns the leaf.
func TestEveryLeafCounts(t *testing.T) {
	t.Parallel()
	for file, text := range sampleDocuments(t) {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			d := mustParse(t, text)
			leafEdits(d.root, "", func(path string, edited *value, removed bool) {
				other := newDocument(edited)
				same := Equal(d, other)
				if Equal(other, d) != same {
					t.Errorf("%s: not the same in both directions", path)
				}
				if harmless := harmlessLeaf(d, path, removed); same != harmless {
					t.Errorf("%s, removed %v: equal %v", path, removed, same)
				}
			})
		})
	}
}

// harmlessLeaf reports whether a leaf can be removed without a difference.
func harmlessLeaf(d *Document, path string, removed bool) bool {
	last := path[strings.LastIndexByte(path, '.')+1:]
	switch {
	case path == "trigger.name", last == "default_name":
		return true
	case strings.HasSuffix(path, ".for.input") && removed:
		// A while loop has the input "".
		return strings.Contains(path, "Loop1")
	case last == "version_constraint" && removed:
		return pinOf(d.nodeAt(path)) == unpinned
	case last == "name" && removed:
		action, uses := d.nodeAt(path), 0
		def := action.get("default_name").str()
		eachAction(d.root, "", func(_ string, other *value) {
			if other.get("default_name").str() == def {
				uses++
			}
		})
		return def != "" && isDefaultName(action.get("name").str(), def, uses)
	case removed && slices.Contains([]string{"continue_on_error", "sequential", "continue_on_partial_execution", "skip_concurrent"}, last):
		node := d.nodeAt(path)
		for _, in := range []*value{node, node.get("for"), node.get("schedule")} {
			if v := in.get(last); v != nil {
				return v.text == "false"
			}
		}
		return false
	default:
		return false
	}
}

// nodeAt returns the node that contains the key at a path.
func (d *Document) nodeAt(path string) *value {
	if n := d.nodeAround(path); n != nil {
		return n.value
	}
	return d.root.get("trigger")
}
