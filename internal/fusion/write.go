package fusion

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Canonical returns the normal form as JSON: sorted keys, no spaces, the same text
// for documents that define the same workflow, as far as the default names of their
// actions are known. Parsing it returns a document equal to d.
func (d *Document) Canonical() string { return writeJSON(d.normal) }

// CanonicalLike is [Document.Canonical] with the default names that prior knows, so
// that the two texts differ only where the workflows do. prior may be nil.
func (d *Document) CanonicalLike(prior *Document) string {
	if prior == nil {
		return d.Canonical()
	}
	return d.WithDefaultNames(prior.names).Canonical()
}

// FlatJSON returns the body of the update request: the document's keys and a
// top-level id, as JSON, without version and enabled (wire/workflows.md#update). The
// id must not be empty.
func (d *Document) FlatJSON(id string) ([]byte, error) {
	if id == "" {
		return nil, errors.New("an update of a workflow needs its id")
	}
	body := sentForm(d.root, workflowGrammar).with("id", &value{kind: kindString, text: id}, 0)
	return []byte(writeJSON(body)), nil
}

// ImportYAML returns the document as YAML for the import request, without the keys
// that Falcon ignores. Every string that any version of YAML could resolve to
// another type is quoted.
func (d *Document) ImportYAML() ([]byte, error) {
	if d.Name() == "" {
		return nil, errors.New("a workflow needs a name")
	}
	var b strings.Builder
	writeYAML(&b, sentForm(d.root, workflowGrammar), 0)
	return []byte(b.String()), nil
}

// sentForm is what is sent to Falcon: the user's values without id, version and
// enabled, and with display texts unescaped (Falcon escapes them itself,
// wire/documents.md#export-form).
func sentForm(v *value, g *grammar) *value {
	if v.kind != kindMap {
		return v
	}
	out := *v
	out.members = make([]member, 0, len(v.members))
	for _, m := range v.members {
		switch f := g.keys[m.key]; f.role {
		case roleDropped:
			continue
		case roleDisplay:
			m.value = unescaped(m.value)
		case roleObject:
			m.value = sentForm(m.value, f.of)
		case roleNodes:
			m.value = sentNodes(m.value, f.of)
		}
		out.members = append(out.members, m)
	}
	return &out
}

func sentNodes(v *value, g *grammar) *value {
	if v.kind != kindMap {
		return v
	}
	out := *v
	out.members = slices.Clone(v.members)
	for i, m := range out.members {
		out.members[i].value = sentForm(m.value, g)
	}
	return &out
}

func writeJSON(v *value) string {
	var b strings.Builder
	appendJSON(&b, v)
	return b.String()
}

func appendJSON(b *strings.Builder, v *value) {
	switch v.kind {
	case kindNull:
		b.WriteString("null")
	case kindString:
		writeQuoted(b, v.text)
	case kindList:
		b.WriteByte('[')
		for i, item := range v.items {
			if i > 0 {
				b.WriteByte(',')
			}
			appendJSON(b, item)
		}
		b.WriteByte(']')
	case kindMap:
		b.WriteByte('{')
		for i, m := range v.members {
			if i > 0 {
				b.WriteByte(',')
			}
			writeQuoted(b, m.key)
			b.WriteByte(':')
			appendJSON(b, m.value)
		}
		b.WriteByte('}')
	default:
		b.WriteString(v.text)
	}
}

// writeQuoted writes a string that is valid both in JSON and as a double-quoted
// YAML scalar, which allows fewer unescaped characters.
func writeQuoted(b *strings.Builder, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < ' ', r >= 0x7f && r <= 0x9f, r == '\u2028', r == '\u2029', r == '\ufeff', r == '\ufffe', r == '\uffff':
			fmt.Fprintf(b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}
