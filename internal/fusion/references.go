package fusion

import (
	"fmt"
	"regexp"
	"strings"
)

// language is the syntax in which a text refers to data.
type language uint8

const (
	// inTemplate is text with expressions in ${…}.
	inTemplate language = iota
	// inCEL is a CEL expression: data['Node.field'].
	inCEL
	// inFQL is an FQL expression: Node.field:'value'.
	inFQL
	// inPath is a single path: Node.field.
	inPath
)

// spot is a text of a document that may refer to data.
type spot struct {
	place
	text string
	lang language
	// scope is the index of the scope, index that of the node in it, or -1 for
	// the workflow's output_fields.
	scope, index int
	// key is the key of the text.
	key string
}

// reference is a path of data that a document reads, such as
// Trigger.Detection.Name or Node.results.
type reference struct {
	path   string
	spot   *spot
	quoted bool // data['…'], not a bare path
	// whole is true if the bare path with its ${…} is the whole text.
	whole bool
}

// head returns the part of the path before its first dot.
func (r *reference) head() string {
	head, _, _ := strings.Cut(r.path, ".")
	return head
}

var (
	dataPath = regexp.MustCompile(`\bdata\[\s*\??\s*(?:'([^'\n]*)'|"([^"\n]*)")\s*\]`)
	barePath = regexp.MustCompile(`^\s*[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_# -]+)*\s*$`)
	fqlPath  = regexp.MustCompile(`(?:^|[\s+,(])!?([A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_#-]+)+)\s*:`)
)

func referencesOf(spots []spot) []reference {
	var out []reference
	for i := range spots {
		out = spots[i].references(out)
	}
	return out
}

// spots returns the texts of a document that Falcon evaluates.
func (d *Document) spots(scopes []scope) []spot {
	var out []spot
	for si, s := range scopes {
		for ni, n := range s.nodes {
			add := func(v *value, key string, lang language) {
				out = appendSpots(out, v, spot{place: n.below(key), lang: lang, scope: si, index: ni, key: key})
			}
			switch n.kind {
			case kindAction:
				add(n.value.get("properties"), "properties", inTemplate)
				add(n.value.get("inline_configuration").get("config"), "inline_configuration.config", inTemplate)
			case kindCondition:
				add(n.value.get("cel_expression"), "cel_expression", inCEL)
				add(n.value.get("expression"), "expression", inFQL)
			case kindLoop:
				around := n.value.get("for")
				add(around.get("input"), "for.input", inPath)
				add(around.get("cel_condition"), "for.cel_condition", inCEL)
				add(around.get("condition"), "for.condition", inFQL)
				add(n.value.get("output_fields"), "output_fields", inPath)
			}
		}
		if s.loop == "" {
			out = appendSpots(out, s.value.get("output_fields"), spot{place: place{path: "output_fields"}, lang: inPath, index: -1, key: "output_fields"})
		}
	}
	return out
}

// literalKeys are the properties whose text is in another language.
var literalKeys = map[string]bool{"_cs_inline_output_schema": true, "variable_schema": true, "search_query": true, "json_schema": true}

// appendSpots appends the texts in v, at any depth.
func appendSpots(out []spot, v *value, s spot) []spot {
	if v == nil {
		return out
	}
	switch v.kind {
	case kindString:
		s.text, s.position = v.text, v.position
		return append(out, s)
	case kindList:
		for i, item := range v.items {
			below := s
			below.path = fmt.Sprintf("%s[%d]", s.path, i)
			out = appendSpots(out, item, below)
		}
	case kindMap:
		for _, m := range v.members {
			if literalKeys[m.key] {
				continue
			}
			below := s
			below.path = pathKey(s.path, m.key)
			below.key = m.key
			out = appendSpots(out, m.value, below)
		}
	}
	return out
}

// references appends the paths that a text refers to.
func (s *spot) references(out []reference) []reference {
	add := func(path string, quoted, whole bool) {
		out = append(out, reference{path: strings.TrimSpace(path), spot: s, quoted: quoted, whole: whole})
	}
	text := s.text
	switch s.lang {
	case inPath:
		add(text, false, true)
	case inFQL:
		for _, m := range fqlPath.FindAllStringSubmatch(text, -1) {
			add(m[1], false, false)
		}
	case inCEL:
		for _, path := range dataPaths(text) {
			add(path, true, false)
		}
	case inTemplate:
		for _, e := range embedded(text) {
			paths := dataPaths(e.text)
			for _, path := range paths {
				add(path, true, false)
			}
			if len(paths) == 0 && barePath.MatchString(e.text) {
				add(e.text, false, e.from == 0 && e.to == len(strings.TrimRight(text, "\r\n")))
			}
		}
	}
	return out
}

func dataPaths(text string) []string {
	if !strings.Contains(text, "data[") {
		return nil
	}
	var out []string
	for _, m := range dataPath.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1]+m[2])
	}
	return out
}

// expression is the text between ${ and its }.
type expression struct {
	text     string
	from, to int
}

// mostUnclosed bounds how many ${ without an end are looked at.
const mostUnclosed = 20

// embedded returns the ${…} of a text. Braces in quotes are ignored, and a ${
// without its end is left out.
func embedded(text string) []expression {
	var out []expression
	for i, unclosed := 0, 0; unclosed < mostUnclosed; {
		at := strings.Index(text[i:], "${")
		if at < 0 {
			return out
		}
		from := i + at
		end := closing(text, from+1)
		if end < 0 {
			i = from + 2
			unclosed++
			continue
		}
		out = append(out, expression{text: text[from+2 : end], from: from, to: end + 1})
		i = end + 1
	}
	return out
}

// closing returns the index of the brace that closes the one at open, or -1.
func closing(text string, open int) int {
	depth := 0
	var quote byte
	for i := open; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// code returns the CEL expressions of a text.
func (s *spot) code() []string {
	switch s.lang {
	case inCEL:
		return []string{s.text}
	case inTemplate:
		var out []string
		for _, e := range embedded(s.text) {
			out = append(out, e.text)
		}
		return out
	default:
		return nil
	}
}
