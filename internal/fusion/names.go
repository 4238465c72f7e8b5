package fusion

import (
	"maps"
	"slices"
	"strings"
)

// DefaultName is the name that Falcon assigns to an action without a name. There may
// be several, because actions of the catalog are renamed.
//
// Names of actions are content: another name is a difference. A name that a
// document leaves out equals only the default name, which an export has under
// default_name (wire/documents.md#export-form), and for a second action of the same
// kind the default name and a number, such as "Sleep - 2" (wire/documents.md#labels).
type DefaultName struct {
	// ID is the id of the action.
	ID string `json:"id"`
	// Names are the distinct names.
	Names []string `json:"names"`
}

// DefaultNames returns the known default names by the path of the action, such as
// actions.send_email.
func (d *Document) DefaultNames() map[string]DefaultName { return maps.Clone(d.names) }

// WithDefaultNames returns the document with additional default names. A name for another
// id is ignored.
func (d *Document) WithDefaultNames(names map[string]DefaultName) *Document {
	if len(names) == 0 {
		return d
	}
	all := map[string]DefaultName{}
	maps.Copy(all, d.names)
	more := false
	eachAction(d.root, "", func(path string, action *value) {
		n := names[path]
		if n.ID != action.get("id").str() {
			return
		}
		known := DefaultName{ID: n.ID, Names: slices.Clone(all[path].Names)}
		for _, name := range n.Names {
			if name != "" && !slices.Contains(known.Names, name) {
				known.Names = append(known.Names, name)
				more = true
			}
		}
		if len(known.Names) > 0 {
			all[path] = known
		}
	})
	if !more {
		return d
	}
	return &Document{root: d.root, normal: normalForm(d.root, all), names: all}
}

// WithoutDefaultNames returns the document without the default names that it states itself:
// only those of an export are trustworthy.
func (d *Document) WithoutDefaultNames() *Document {
	if len(d.names) == 0 {
		return d
	}
	return &Document{root: d.root, normal: normalForm(d.root, nil)}
}

// defaultNames returns the default names that the document states itself.
func defaultNames(root *value) map[string]DefaultName {
	var out map[string]DefaultName
	eachAction(root, "", func(path string, action *value) {
		name := strings.Trim(action.get("default_name").str(), "\r\n")
		if name == "" {
			return
		}
		if out == nil {
			out = map[string]DefaultName{}
		}
		out[path] = DefaultName{ID: action.get("id").str(), Names: []string{name}}
	})
	return out
}

// eachAction calls f for every action, including those in loops.
func eachAction(v *value, path string, f func(path string, action *value)) {
	if actions := v.get("actions"); actions != nil {
		under := pathKey(path, "actions")
		for _, m := range actions.members {
			f(pathKey(under, m.key), m.value)
		}
	}
	if loops := v.get("loops"); loops != nil {
		under := pathKey(path, "loops")
		for _, m := range loops.members {
			eachAction(m.value, pathKey(under, m.key), f)
		}
	}
}

// dropDefaultNames removes default names from a normal form.
func dropDefaultNames(normal *value, names map[string]DefaultName) {
	if len(names) == 0 {
		return
	}
	uses := map[string]int{}
	eachAction(normal, "", func(path string, _ *value) {
		for _, def := range names[path].Names {
			uses[def]++
		}
	})
	eachAction(normal, "", func(path string, action *value) {
		name := action.get("name").str()
		if name == "" || !slices.ContainsFunc(names[path].Names, func(def string) bool { return isDefaultName(name, def, uses[def]) }) {
			return
		}
		for i, m := range action.members {
			if m.key == "name" {
				action.members = append(action.members[:i:i], action.members[i+1:]...)
				return
			}
		}
	})
}

// isDefaultName reports whether Falcon assigns this name to one of several actions
// (uses) with the default name def.
func isDefaultName(name, def string, uses int) bool {
	rest, ok := strings.CutPrefix(name, def)
	if !ok || rest == "" {
		return ok
	}
	number, ok := strings.CutPrefix(rest, " - ")
	return ok && uses > 1 && number != "" && strings.Trim(number, "0123456789") == ""
}
