package fusion

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// textPlace is a string of the document with its place.
type textPlace struct {
	place
	// key is the key of the string, or of the list that it is in.
	key  string
	text string
	// action is the action that contains the string, or nil.
	action *scopeNode
}

// texts returns all strings of the document in the order of the text, at any depth.
func (d *Document) texts() []textPlace {
	nodes := map[string]*scopeNode{}
	for _, s := range d.scopes() {
		for i := range s.nodes {
			nodes[s.nodes[i].path] = &s.nodes[i]
		}
	}
	if m := d.root.member(kindTrigger); m != nil {
		nodes[kindTrigger] = &scopeNode{place{kind: kindTrigger, path: kindTrigger, position: m.position}, m.value}
	}
	var out []textPlace
	var walk func(v *value, at textPlace)
	walk = func(v *value, at textPlace) {
		if n := nodes[at.path]; n != nil {
			at.kind, at.node, at.action = n.kind, n.node, nil
			if n.kind == kindAction {
				at.action = n
			}
		}
		switch v.kind {
		case kindString:
			at.text, at.position = v.text, v.position
			out = append(out, at)
		case kindList:
			for i, item := range v.items {
				below := at
				below.path = fmt.Sprintf("%s[%d]", at.path, i)
				walk(item, below)
			}
		case kindMap:
			for _, m := range v.members {
				below := at
				below.path, below.key = pathKey(at.path, m.key), m.key
				walk(m.value, below)
			}
		}
	}
	walk(d.root, textPlace{})
	return out
}

// Replace returns the document with other strings at the given paths. As far as possible the text keeps its lines, comments
// and quoting, so that positions of problems are those of the text that the user knows.
func (d *Document) Replace(text string, values map[string]string) (string, *Document) {
	if len(values) == 0 {
		return text, d
	}
	root := replaced(d.root, "", values)
	if spliced, ok := splice(text, d.texts(), values); ok {
		if doc, _ := Parse(spliced); doc != nil && writeJSON(doc.root) == writeJSON(root) {
			return spliced, doc
		}
	}
	// A block text, an anchor or a string over several lines cannot be replaced in place.
	var b strings.Builder
	writeYAML(&b, root, 0)
	doc, _ := Parse(b.String())
	return b.String(), doc
}

func replaced(v *value, path string, values map[string]string) *value {
	out := *v
	switch v.kind {
	case kindString:
		if text, ok := values[path]; ok {
			out.text = text
		}
	case kindList:
		out.items = slices.Clone(v.items)
		for i, item := range v.items {
			out.items[i] = replaced(item, fmt.Sprintf("%s[%d]", path, i), values)
		}
	case kindMap:
		out.members = slices.Clone(v.members)
		for i, m := range v.members {
			out.members[i].value = replaced(m.value, pathKey(path, m.key), values)
		}
	}
	return &out
}

// splice replaces strings in the text. It is false if a string's end cannot be seen.
func splice(text string, texts []textPlace, values map[string]string) (string, bool) {
	text = strings.TrimPrefix(text, "\ufeff")
	lines := strings.SplitAfter(text, "\n")
	starts := make([]int, len(lines))
	for i := 1; i < len(lines); i++ {
		starts[i] = starts[i-1] + len(lines[i-1])
	}
	type edit struct {
		end int
		to  string
	}
	edits := map[int]edit{}
	for _, t := range texts {
		to, ok := values[t.path]
		if !ok {
			continue
		}
		if t.line < 1 || t.line > len(lines) {
			return "", false
		}
		from := starts[t.line-1] + runeOffset(lines[t.line-1], t.column-1)
		end := scalarEnd(text, from, t.text)
		if known, seen := edits[from]; end < 0 || seen && known.to != to {
			return "", false
		}
		edits[from] = edit{end, to}
	}
	var b strings.Builder
	at := 0
	for _, from := range slices.Sorted(maps.Keys(edits)) {
		if from < at {
			return "", false
		}
		b.WriteString(text[at:from])
		writeQuoted(&b, edits[from].to)
		at = edits[from].end
	}
	b.WriteString(text[at:])
	return b.String(), true
}

// runeOffset returns the offset of the character with an index.
func runeOffset(line string, index int) int {
	for at := range line {
		if index == 0 {
			return at
		}
		index--
	}
	return len(line)
}

// scalarEnd returns the offset after the string that begins at from, or -1. The caller parses the result, so that an
// incorrect end is noticed.
func scalarEnd(text string, from int, value string) int {
	if from >= len(text) {
		return -1
	}
	quote := text[from]
	if quote != '\'' && quote != '"' {
		if strings.HasPrefix(text[from:], value) {
			return from + len(value)
		}
		return -1
	}
	for i := from + 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
		case text[i] == quote && quote == '\'' && strings.HasPrefix(text[i+1:], "'"):
			i++
		case text[i] == quote:
			return i + 1
		}
	}
	return -1
}
