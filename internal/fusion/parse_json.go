package fusion

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// jsonReader builds values from JSON tokens and their positions.
type jsonReader struct {
	text  string
	dec   *json.Decoder
	found *problemList
	// at is the offset of the position.
	at int
	position
}

// errTooDeep stops the reader at maxDepth.
var errTooDeep = errors.New("too deep")

// parseJSON parses a JSON document. The [Problem] is a syntax error; the
// [Problems] are errors in well-formed JSON, such as duplicate keys.
func parseJSON(text string) (*value, Problems, *Problem) {
	found := &problemList{}
	r := &jsonReader{text: text, dec: json.NewDecoder(strings.NewReader(text)), found: found, position: position{1, 1}}
	r.dec.UseNumber()
	v, err := r.value(0)
	if err == nil {
		r.begin()
		if _, extra := r.dec.Token(); !errors.Is(extra, io.EOF) {
			return nil, nil, &Problem{Line: r.line, Column: r.column, Message: "invalid JSON: text follows the end of the document"}
		}
		return v, found.sorted(), nil
	}
	if errors.Is(err, errTooDeep) {
		return nil, found.sorted(), nil
	}
	return nil, nil, r.syntaxProblem(err)
}

func (r *jsonReader) syntaxProblem(err error) *Problem {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		// The offset of a syntax error is one past the invalid byte.
		r.advance(max(r.at, int(syntax.Offset)-1))
		return &Problem{Line: r.line, Column: r.column, Message: "invalid JSON: " + syntax.Error()}
	}
	r.advance(len(r.text))
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &Problem{Line: r.line, Column: r.column, Message: "invalid JSON: unexpected end of the document"}
	}
	return &Problem{Line: r.line, Column: r.column, Message: "invalid JSON: " + err.Error()}
}

// advance moves the counted position forward to an offset in the text.
func (r *jsonReader) advance(to int) {
	to = min(to, len(r.text))
	for r.at < to {
		c, size := utf8.DecodeRuneInString(r.text[r.at:])
		r.at += size
		if c == '\n' {
			r.line, r.column = r.line+1, 1
		} else {
			r.column++
		}
	}
}

// begin moves to the first byte of the next token.
func (r *jsonReader) begin() {
	to := int(r.dec.InputOffset())
	for to < len(r.text) && strings.IndexByte(" \t\r\n,:", r.text[to]) >= 0 {
		to++
	}
	r.advance(to)
}

func (r *jsonReader) value(depth int) (*value, error) {
	r.begin()
	v := &value{position: r.position}
	if depth > maxDepth {
		r.found.add(Problem{Line: v.line, Column: v.column, Message: fmt.Sprintf(
			"the document is nested deeper than %d levels", maxDepth)})
		return nil, errTooDeep
	}
	token, err := r.dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			return v, r.object(v, depth)
		}
		return v, r.array(v, depth)
	case bool:
		v.kind, v.text = kindBool, fmt.Sprint(t)
	case string:
		v.kind, v.text = kindString, t
	case json.Number:
		text, ok := canonicalNumber(t.String())
		if !ok {
			r.found.add(Problem{Line: v.line, Column: v.column, Message: fmt.Sprintf(
				"JSON can't represent the number %s; put it in quotes if it is a string", quoteKey(t.String()))})
		}
		v.kind, v.text = kindNumber, text
	}
	return v, nil
}

func (r *jsonReader) object(v *value, depth int) error {
	v.kind = kindMap
	keys := newKeySet(r.found)
	for r.dec.More() {
		r.begin()
		m := member{position: r.position}
		token, err := r.dec.Token()
		if err != nil {
			return err
		}
		m.key = fmt.Sprint(token)
		if m.value, err = r.value(depth + 1); err != nil {
			return err
		}
		if keys.add(m) {
			v.members = append(v.members, m)
		}
	}
	_, err := r.dec.Token()
	return err
}

func (r *jsonReader) array(v *value, depth int) error {
	v.kind = kindList
	for r.dec.More() {
		item, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		v.items = append(v.items, item)
	}
	_, err := r.dec.Token()
	return err
}
