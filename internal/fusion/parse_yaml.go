package fusion

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"
)

func parseYAML(text string, found *problemList) *value {
	node, problem := loadYAML(text)
	if problem != nil {
		found.add(*problem)
		return nil
	}
	c := converter{found: found, open: map[*yaml.Node]bool{}}
	return c.value(node, 0)
}

// loadYAML returns the root node of the only document in text.
func loadYAML(text string) (root *yaml.Node, problem *Problem) {
	// A panic of the parser must not crash Terraform: it becomes a problem of
	// the document.
	defer func() {
		if r := recover(); r != nil {
			root, problem = nil, &Problem{Message: fmt.Sprintf("the YAML parser failed on this document: %v", r)}
		}
	}()
	loader, err := yaml.NewLoader(strings.NewReader(text))
	if err != nil {
		return nil, &Problem{Message: "the YAML parser failed to start: " + err.Error()}
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
		return &Problem{Message: "invalid YAML: " + err.Error()}
	}
	p := &Problem{Line: load.Mark.Line, Column: load.Mark.Column}
	switch {
	case tabAt(text, p.Line, p.Column):
		p.Message = "invalid YAML: found a tab; indent with spaces only"
	case load.ContextMsg != "":
		p.Message = fmt.Sprintf("invalid YAML: %s (%s)", load.Message, load.ContextMsg)
	default:
		p.Message = "invalid YAML: " + load.Message
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

// converter converts YAML nodes to values. It stops at the first exceeded limit.
type converter struct {
	found *problemList
	// open are the anchored nodes being converted: an alias to one of them
	// would be an infinite recursion.
	open map[*yaml.Node]bool
	// inAlias is the depth of aliases; copied is the size of what they add.
	inAlias, copied int
	stopped         bool
}

// fail records a problem at a node and returns null for it.
func (c *converter) fail(n *yaml.Node, format string, args ...any) *value {
	c.found.add(Problem{Line: n.Line, Column: n.Column, Message: fmt.Sprintf(format, args...)})
	return &value{position: position{n.Line, n.Column}}
}

// stop is fail for an exceeded limit: nothing after it is converted.
func (c *converter) stop(n *yaml.Node, format string, args ...any) *value {
	if c.stopped {
		return &value{}
	}
	c.stopped = true
	return c.fail(n, format, args...)
}

func (c *converter) value(n *yaml.Node, depth int) *value {
	if c.stopped {
		return &value{}
	}
	if depth > maxDepth {
		return c.stop(n, "the document is nested deeper than %d levels", maxDepth)
	}
	if c.inAlias > 0 {
		const perValue = 16
		c.copied += perValue + len(n.Value)
		if c.copied > maxCopied {
			return c.stop(n, "the aliases of this document expand to more than %d bytes", maxCopied)
		}
	}
	if n.Anchor != "" {
		c.open[n] = true
		defer delete(c.open, n)
	}
	switch n.Kind {
	case yaml.AliasNode:
		return c.alias(n, depth)
	case yaml.ScalarNode:
		return c.scalar(n)
	case yaml.SequenceNode:
		return c.list(n, depth)
	case yaml.MappingNode:
		return c.mapping(n, depth)
	default:
		return c.fail(n, "this YAML node has an unknown kind")
	}
}

func (c *converter) alias(n *yaml.Node, depth int) *value {
	if n.Alias == nil || c.open[n.Alias] {
		return c.stop(n, "the alias *%s is inside the value that it refers to", n.Value)
	}
	c.inAlias++
	defer func() { c.inAlias-- }()
	return c.value(n.Alias, depth)
}

func (c *converter) list(n *yaml.Node, depth int) *value {
	if n.Style&yaml.TaggedStyle != 0 && n.ShortTag() != "!!seq" {
		return c.fail(n, "the tag %s is not part of YAML's core schema", n.Tag)
	}
	v := &value{kind: kindList, position: position{n.Line, n.Column}, items: make([]*value, 0, len(n.Content))}
	for _, item := range n.Content {
		v.items = append(v.items, c.value(item, depth+1))
	}
	return v
}

const quotedStyles = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle

func (c *converter) scalar(n *yaml.Node) *value {
	v := &value{kind: kindString, text: n.Value, position: position{n.Line, n.Column}}
	if n.Style&yaml.TaggedStyle == 0 && (n.Style&quotedStyles != 0 || n.Tag == "!") {
		return v
	}
	var ok bool
	v.kind, v.text, ok = resolvePlain(n.Value)
	if n.Style&yaml.TaggedStyle != 0 {
		want, known := map[string]kind{
			"!!str": kindString, "!!null": kindNull, "!!bool": kindBool, "!!int": kindNumber, "!!float": kindNumber,
		}[n.ShortTag()]
		switch {
		case !known:
			return c.fail(n, "the tag %s is not part of YAML's core schema", n.Tag)
		case want == kindString:
			v.kind, v.text, ok = kindString, n.Value, true
		case want != v.kind:
			return c.fail(n, "%s does not match its tag %s", quoteKey(n.Value), n.Tag)
		}
	}
	if !ok {
		return c.fail(n, "JSON can't represent the number %s; put it in quotes if it is a string", quoteKey(n.Value))
	}
	return v
}

func (c *converter) mapping(n *yaml.Node, depth int) *value {
	if n.Style&yaml.TaggedStyle != 0 && n.ShortTag() != "!!map" {
		return c.fail(n, "the tag %s is not part of YAML's core schema", n.Tag)
	}
	v := &value{kind: kindMap, position: position{n.Line, n.Column}}
	keys := newKeySet(c.found)
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content) && !c.stopped; i += 2 {
		keyNode, valueNode := n.Content[i], n.Content[i+1]
		if isMerge(keyNode) {
			merged = append(merged, valueNode)
			continue
		}
		name := keyNode
		if name.Kind == yaml.AliasNode && name.Alias != nil {
			name = name.Alias
		}
		if name.Kind != yaml.ScalarNode {
			c.fail(keyNode, "a key must be a string, not a list or a mapping")
			continue
		}
		m := member{key: name.Value, position: position{keyNode.Line, keyNode.Column}}
		if !keys.add(m) {
			continue
		}
		m.value = c.value(valueNode, depth+1)
		v.members = append(v.members, m)
	}
	for _, from := range merged {
		c.merge(v, keys, from, depth)
	}
	return v
}

func isMerge(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && key.Value == "<<" && key.Style&quotedStyles == 0 && key.ShortTag() == "!!merge"
}

// merge adds the keys of a << value that v does not have. In a list, earlier
// mappings win, as YAML's definition of the merge key says.
func (c *converter) merge(v *value, keys *keySet, from *yaml.Node, depth int) {
	source := c.value(from, depth+1)
	sources := []*value{source}
	if source.kind == kindList {
		sources = source.items
	}
	for _, s := range sources {
		if s.kind != kindMap {
			if !c.stopped {
				c.fail(from, "<< takes a mapping or a list of mappings, not %s", s.kind)
			}
			return
		}
		for _, m := range s.members {
			if !keys.has(m.key) {
				keys.seen[m.key] = m
				v.members = append(v.members, m)
			}
		}
	}
}

// keySet finds duplicate keys of a mapping.
type keySet struct {
	found *problemList
	seen  map[string]member
}

func newKeySet(found *problemList) *keySet {
	return &keySet{found: found, seen: map[string]member{}}
}

func (k *keySet) has(key string) bool {
	_, ok := k.seen[key]
	return ok
}

// add returns false and records a problem for a duplicate key.
func (k *keySet) add(m member) bool {
	if first, ok := k.seen[m.key]; ok {
		k.found.add(Problem{Line: m.line, Column: m.column, Message: fmt.Sprintf(
			"duplicate key %s: first at line %d, column %d", quoteKey(m.key), first.line, first.column)})
		return false
	}
	k.seen[m.key] = m
	return true
}
