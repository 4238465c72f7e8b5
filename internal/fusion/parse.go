package fusion

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Limits of a document. Falcon publishes none; these are far above any real
// workflow and keep a hostile text from taking the machine with it.
const (
	maxBytes  = 10 << 20
	maxDepth  = 200
	maxParts  = 1_000_000 // lines, commas and brackets
	maxCopied = 10 << 20  // bytes that aliases and merge keys may add
)

// Parse reads a workflow document, YAML or JSON. Scalars resolve by YAML 1.2's
// core schema; aliases and merge keys are expanded. On an error the document is
// nil and every problem has its line and column. Parse says nothing about what
// the document means: that is Check.
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
		// YAML's readers refuse surrogate pairs in \u escapes, and tabs in
		// places where JSON allows them, so JSON has its own reader. What it
		// refuses may still be YAML in flow style.
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

// looksLikeJSON tells a broken JSON document from YAML in flow style by its
// first key, so that the error speaks of the language the user wrote.
func looksLikeJSON(text string) bool {
	rest := strings.TrimLeft(text, " \t\r\n{")
	return strings.HasPrefix(rest, `"`)
}

// unreadable finds what no reader should see: too much, or bytes that are no text.
func unreadable(text string) *Problem {
	if len(text) > maxBytes {
		return &Problem{Message: fmt.Sprintf("the document has %d bytes; at most %d are read", len(text), maxBytes)}
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
			"the document has %d lines, commas and brackets; at most %d are read", parts, maxParts)}
	}
	return nil
}

func parseYAML(text string, found *problemList) *value {
	node, problem := loadYAML(text)
	if problem != nil {
		found.add(*problem)
		return nil
	}
	c := converter{found: found, open: map[*yaml.Node]bool{}}
	return c.value(node, 0)
}

// loadYAML gives the root node of the one document in text.
func loadYAML(text string) (root *yaml.Node, problem *Problem) {
	// A third-party parser on foreign input: a defect of it must not take
	// Terraform down, so it becomes a problem of the document.
	defer func() {
		if r := recover(); r != nil {
			root, problem = nil, &Problem{Message: fmt.Sprintf("the YAML parser failed on this document: %v", r)}
		}
	}()
	loader, err := yaml.NewLoader(strings.NewReader(text))
	if err != nil {
		return nil, &Problem{Message: "the YAML parser does not start: " + err.Error()}
	}
	var first, second yaml.Node
	if err := loader.Load(&first); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, &Problem{Message: "the document is empty: it has only comments"}
		}
		return nil, syntaxProblem(text, err)
	}
	switch err := loader.Load(&second); {
	case err == nil:
		return nil, &Problem{Line: second.Line, Column: second.Column,
			Message: "a second YAML document begins here; a workflow is one document"}
	case !errors.Is(err, io.EOF):
		return nil, syntaxProblem(text, err)
	}
	if first.Kind != yaml.DocumentNode || len(first.Content) != 1 {
		return nil, &Problem{Message: "the document is empty"}
	}
	return first.Content[0], nil
}

func syntaxProblem(text string, err error) *Problem {
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		return &Problem{Message: "not a YAML document: " + err.Error()}
	}
	p := &Problem{Line: load.Mark.Line, Column: load.Mark.Column}
	switch {
	case tabAt(text, p.Line, p.Column):
		p.Message = "not a YAML document: a tab stands here; YAML is indented with spaces only"
	case load.ContextMsg != "":
		p.Message = fmt.Sprintf("not a YAML document: %s (%s)", load.Message, load.ContextMsg)
	default:
		p.Message = "not a YAML document: " + load.Message
	}
	return p
}

func tabAt(text string, line, column int) bool {
	for n := 1; n < line; n++ {
		_, rest, found := strings.Cut(text, "\n")
		if !found {
			return false
		}
		text = rest
	}
	at, _, _ := strings.Cut(text, "\n")
	runes := []rune(at)
	return column >= 1 && column <= len(runes) && runes[column-1] == '\t'
}
