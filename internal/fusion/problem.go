package fusion

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// maxProblems bounds how many problems one call reports: a document that is
// wrong everywhere needs no ten thousand messages, and each message may cost a
// search for the nearest name.
const maxProblems = 100

// Problem is one finding in a workflow document.
type Problem struct {
	// Rule is the id of the rule that the document breaks, such as R18; Rules
	// describes it. It is empty for a text that can't be read at all.
	Rule string
	// Warning is true for a finding that doesn't make the document unusable.
	Warning bool
	// Line and Column say where, both from 1, columns in characters. They are
	// 0 where no place is known.
	Line, Column int
	// Kind is the kind of node the problem is at: trigger, action, condition
	// or loop. It is empty outside of nodes.
	Kind string
	// Node is the key of that node, and empty for the workflow's own trigger.
	Node string
	// Path names the part of the document, such as actions.send_email.next.
	Path string
	// Code is Falcon's code for the same problem where there is one, such as
	// 2003 (wire/workflows.md#import).
	Code string
	// Message says in plain English what is wrong and what to do.
	Message string
}

// String gives the place, the node and the message on one line.
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

// Problems are findings in the order of the text.
type Problems []Problem

// Errors are the problems that make a document unusable.
func (ps Problems) Errors() Problems { return ps.pick(false) }

// Warnings are the problems that are no errors.
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

// String gives one problem a line.
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

// full reports that further errors are only counted: callers skip costly hints.
func (l *problemList) full() bool { return l.errors >= maxProblems }

// sorted gives the problems in the order of the text.
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

// quoteKey quotes a key of the document for a message, shortened if it is long.
func quoteKey(key string) string {
	const longest = 100
	if runes := []rune(key); len(runes) > longest {
		key = string(runes[:longest]) + "…"
	}
	return fmt.Sprintf("%q", key)
}
