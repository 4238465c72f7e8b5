package fusion

import (
	"encoding/json"
	"slices"
	"strings"
)

type kind uint8

const (
	kindNull kind = iota
	kindBool
	kindNumber
	kindString
	kindList
	kindMap
)

func (k kind) String() string {
	return [...]string{"null", "a boolean", "a number", "a string", "a list", "a mapping"}[k]
}

// value is a part of a document. Values never change once a
// Document has them; derived forms share equal parts.
type value struct {
	kind kind
	// text is the string, the number in the form of canonicalNumber, or the
	// word true or false.
	text    string
	items   []*value
	members []member
	position
}

// member is one key of a mapping, in the order of the text.
type member struct {
	key   string
	value *value
	position
}

// get returns the value of a key, or nil.
func (v *value) get(key string) *value {
	if m := v.member(key); m != nil {
		return m.value
	}
	return nil
}

func (v *value) member(key string) *member {
	if v == nil {
		return nil
	}
	for i := range v.members {
		if v.members[i].key == key {
			return &v.members[i]
		}
	}
	return nil
}

// str returns the text of a string, and "" for every other value.
func (v *value) str() string {
	if v == nil || v.kind != kindString {
		return ""
	}
	return v.text
}

// absent reports whether v is missing, null, {} or [].
func (v *value) absent() bool {
	if v == nil {
		return true
	}
	switch v.kind {
	case kindNull:
		return true
	case kindList:
		return len(v.items) == 0
	case kindMap:
		return len(v.members) == 0
	default:
		return false
	}
}

// with returns a copy of the mapping v in which key has the value to. A new key
// is inserted at index at.
func (v *value) with(key string, to *value, at int) *value {
	out := *v
	out.members = slices.Clone(v.members)
	if old := out.member(key); old != nil {
		to.position = old.value.position
		old.value = to
		return &out
	}
	to.position = v.position
	at = min(at, len(out.members))
	out.members = slices.Insert(out.members, at, member{key: key, value: to, position: v.position})
	return &out
}

// pathKey appends a key to a path: actions.send_email, properties["a.b"].
func pathKey(path, key string) string {
	plain := key != "" && strings.IndexFunc(key, func(r rune) bool {
		return r != '_' && r != '-' && r != '$' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0
	switch {
	case !plain:
		return path + "[" + quoteKey(key) + "]"
	case path == "":
		return key
	default:
		return path + "." + key
	}
}

// dotted finds the member at a path such as params.query.host. Keys that contain
// dots are tried first.
func (v *value) dotted(path string) *member {
	if v == nil || path == "" {
		return nil
	}
	if m := v.member(path); m != nil {
		return m
	}
	for i := range path {
		if path[i] != '.' {
			continue
		}
		if m := v.member(path[:i]); m != nil {
			if below := m.value.dotted(path[i+1:]); below != nil {
				return below
			}
		}
	}
	return nil
}

// plain returns the value as encoding/json decodes it with UseNumber.
func (v *value) plain() any {
	switch v.kind {
	case kindBool:
		return v.text == "true"
	case kindNumber:
		return json.Number(v.text)
	case kindString:
		return v.text
	case kindList:
		out := make([]any, len(v.items))
		for i, item := range v.items {
			out[i] = item.plain()
		}
		return out
	case kindMap:
		out := make(map[string]any, len(v.members))
		for _, m := range v.members {
			out[m.key] = m.value.plain()
		}
		return out
	default:
		return nil
	}
}
