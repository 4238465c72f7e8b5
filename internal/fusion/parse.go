package fusion

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits of a document. Falcon publishes none; these are far above any real
// workflow and bound what a hostile text can cost.
const (
	maxBytes  = 10 << 20
	maxDepth  = 200
	maxParts  = 1_000_000 // lines, commas and brackets
	maxCopied = 10 << 20  // bytes that aliases and merge keys may add
)

// Parse parses a workflow document in YAML or JSON. Scalars resolve by YAML 1.2's
// core schema; aliases and merge keys are expanded. If there is an error, the
// document is nil. Parse does not check what the document means: see
// [Document.Check].
func Parse(text string) (*Document, Problems) {
	var found problemList
	root := parseText(text, &found)
	if problems := found.sorted(); len(problems.Errors()) > 0 {
		return nil, problems
	}
	return newDocument(root), found.sorted()
}

func parseText(text string, found *problemList) *value {
	if p := unreadable(text); p != nil {
		found.add(*p)
		return nil
	}
	text = strings.TrimPrefix(text, "\ufeff")
	var root *value
	if strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
		// YAML parsers reject surrogate pairs in \u escapes, and tabs in
		// places where JSON allows them, so JSON has its own parser. Text that
		// it rejects may still be YAML in flow style.
		v, problems, syntax := parseJSON(text)
		if syntax == nil {
			found.addAll(problems)
			root = v
		} else if root = parseYAML(text, found); found.errors > 0 && looksLikeJSON(text) {
			*found = problemList{}
			found.add(*syntax)
		}
	} else {
		root = parseYAML(text, found)
	}
	if found.errors > 0 || root == nil {
		return nil
	}
	if root.kind != kindMap {
		found.add(Problem{Line: root.line, Column: root.column, Message: fmt.Sprintf(
			"a workflow document is a mapping with keys such as name, trigger and actions; this is %s", root.kind)})
		return nil
	}
	return root
}

func (l *problemList) addAll(ps Problems) {
	for _, p := range ps {
		l.add(p)
	}
}

// looksLikeJSON distinguishes invalid JSON from YAML in flow style by its first
// key, so that the error is about the language that the user wrote.
func looksLikeJSON(text string) bool {
	rest := strings.TrimLeft(text, " \t\r\n{")
	return strings.HasPrefix(rest, `"`)
}

// unreadable returns the problem of a text that no parser should see: too long,
// or not text.
func unreadable(text string) *Problem {
	if len(text) > maxBytes {
		return &Problem{Message: fmt.Sprintf("the document has %d bytes; the maximum is %d", len(text), maxBytes)}
	}
	if strings.TrimSpace(text) == "" {
		return &Problem{Message: "the document is empty"}
	}
	parts, line, column := 0, 1, 1
	for i, r := range text {
		switch {
		case r == '\n':
			parts++
			line, column = line+1, 0
		case r == ',', r == '[', r == '{':
			parts++
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd"):
			return &Problem{Line: line, Column: column, Message: "the document is not UTF-8 text"}
		case r < ' ' && r != '\t' && r != '\r', r == 0x7f:
			return &Problem{Line: line, Column: column, Message: fmt.Sprintf(
				"the control character U+%04X is not allowed in a document", r)}
		}
		column++
	}
	if parts > maxParts {
		return &Problem{Message: fmt.Sprintf(
			"the document has %d lines, commas and brackets; the maximum is %d", parts, maxParts)}
	}
	return nil
}
