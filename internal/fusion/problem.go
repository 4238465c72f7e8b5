package fusion

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// maxProblems bounds how many problems are reported: each message may cost a
// search for the nearest name.
const maxProblems = 100

// Problem is an error or a warning about a workflow document.
type Problem struct {
	// Rule is the id of the violated rule, such as R18; see [Rules]. It is empty
	// for text that can't be parsed.
	Rule string
	// Warning is true if the document can be used despite the problem.
	Warning bool
	// Line and Column are the position, both from 1, columns in characters. They
	// are 0 if the position is unknown.
	Line, Column int
	// Kind is the kind of node: trigger, action, condition or loop. It is empty
	// outside of nodes.
	Kind string
	// Node is the key of the node. It is empty for the workflow's trigger.
	Node string
	// Path is the path in the document, such as actions.send_email.next.
	Path string
	// Code is Falcon's code for the same problem, such as 2003, or ""
	// (wire/workflows.md#import).
	Code string
	// Message says what is wrong and what to do.
	Message string
}

// String returns the position, the node and the message on one line.
func (p Problem) String() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "line %d, column %d: ", p.Line, p.Column)
	}
	switch {
	case p.Kind != "" && p.Node != "":
		fmt.Fprintf(&b, "%s %s: ", p.Kind, quoteKey(p.Node))
	case p.Kind != "":
		b.WriteString(p.Kind + ": ")
	}
	b.WriteString(p.Message)
	return b.String()
}

// Problems are problems in the order of the text.
type Problems []Problem

// Errors returns the problems that are errors.
func (ps Problems) Errors() Problems { return ps.pick(false) }

// Warnings returns the problems that are warnings.
func (ps Problems) Warnings() Problems { return ps.pick(true) }

func (ps Problems) pick(warning bool) Problems {
	var out Problems
	for _, p := range ps {
		if p.Warning == warning {
			out = append(out, p)
		}
	}
	return out
}

// String returns one line per problem.
func (ps Problems) String() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// problemList collects problems up to maxProblems of each severity, so that
// many warnings never hide an error.
type problemList struct {
	found            Problems
	errors, warnings int
}

func (l *problemList) add(p Problem) {
	count := &l.errors
	if p.Warning {
		count = &l.warnings
	}
	*count++
	if *count <= maxProblems {
		l.found = append(l.found, p)
	}
}

// full reports whether further errors are only counted: callers then skip expensive hints.
func (l *problemList) full() bool { return l.errors >= maxProblems }

// sorted returns the problems in the order of the text.
func (l *problemList) sorted() Problems {
	slices.SortStableFunc(l.found, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	out := l.found
	for _, more := range []struct {
		count   int
		warning bool
		what    string
	}{{l.errors, false, "errors"}, {l.warnings, true, "warnings"}} {
		if more.count > maxProblems {
			out = append(out, Problem{
				Warning: more.warning,
				Message: fmt.Sprintf("%d more %s are not shown", more.count-maxProblems, more.what),
			})
		}
	}
	return out
}

// quoteKey quotes a key of the document for a message and shortens it if necessary.
func quoteKey(key string) string {
	const longest = 100
	if runes := []rune(key); len(runes) > longest {
		key = string(runes[:longest]) + "…"
	}
	return fmt.Sprintf("%q", key)
}
