package fusion

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Canonical is the normal form as JSON: keys sorted, no spaces, the same for
// documents that mean the same, as far as the default names of their actions are
// known. Parsing it again gives a document that equals exactly what d equals.
func (d *Document) Canonical() string { return writeJSON(d.normal) }

// CanonicalLike is Canonical with what prior knows of default names, so that the
// two differ only where the workflows do. A nil prior changes nothing.
func (d *Document) CanonicalLike(prior *Document) string {
	if prior == nil {
		return d.Canonical()
	}
	return d.Knowing(prior.names).Canonical()
}

// FlatJSON is the body of the update call: the document's keys and a top-level
// id, as JSON, without version and enabled (wire/workflows.md#update). The id must not
// be empty.
func (d *Document) FlatJSON(id string) ([]byte, error) {
	if id == "" {
		return nil, errors.New("an update of a workflow needs its id")
	}
	body := sentForm(d.root, workflowGrammar).with("id", &value{kind: kindString, text: id}, 0)
	return []byte(writeJSON(body)), nil
}

// ImportYAML is the document as YAML for the import call, without the keys that
// Falcon ignores. Every text that any YAML version could take for something
// else is quoted.
func (d *Document) ImportYAML() ([]byte, error) {
	if d.Name() == "" {
		return nil, errors.New("a workflow needs a name")
	}
	var b strings.Builder
	writeYAML(&b, sentForm(d.root, workflowGrammar), 0)
	return []byte(b.String()), nil
}

// sentForm is what Falcon gets: the user's values, with display texts as a
// person would write them (Falcon escapes them itself, wire/documents.md#export-form)
// and without id, version and enabled.
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
// scalar of YAML, which allows fewer bare characters.
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
