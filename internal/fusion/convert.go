package fusion

import (
	"fmt"

	"go.yaml.in/yaml/v4"
)

// converter turns YAML nodes into values. After the first hard limit it stops.
type converter struct {
	found *problemList
	// open are the anchored nodes being converted: an alias to one of them
	// would never end.
	open map[*yaml.Node]bool
	// inAlias is above 0 inside of an alias; copied counts what those add.
	inAlias, copied int
	stopped         bool
}

// fail records a problem at a node and gives null in its place.
func (c *converter) fail(n *yaml.Node, format string, args ...any) *value {
	c.found.add(Problem{Line: n.Line, Column: n.Column, Message: fmt.Sprintf(format, args...)})
	return &value{line: n.Line, column: n.Column}
}

// stop is fail for a limit: nothing after it is converted.
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
		return c.fail(n, "this is no YAML value")
	}
}

func (c *converter) alias(n *yaml.Node, depth int) *value {
	if n.Alias == nil || c.open[n.Alias] {
		return c.stop(n, "the alias *%s stands inside of what it refers to, and would never end", n.Value)
	}
	c.inAlias++
	defer func() { c.inAlias-- }()
	return c.value(n.Alias, depth)
}

func (c *converter) list(n *yaml.Node, depth int) *value {
	if n.Style&yaml.TaggedStyle != 0 && n.ShortTag() != "!!seq" {
		return c.fail(n, "the tag %s is not part of YAML's core schema", n.Tag)
	}
	v := &value{kind: kindList, line: n.Line, column: n.Column, items: make([]*value, 0, len(n.Content))}
	for _, item := range n.Content {
		v.items = append(v.items, c.value(item, depth+1))
	}
	return v
}

const quotedStyles = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle

func (c *converter) scalar(n *yaml.Node) *value {
	v := &value{kind: kindString, text: n.Value, line: n.Line, column: n.Column}
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
			return c.fail(n, "%s is not what its tag %s says", quoteKey(n.Value), n.Tag)
		}
	}
	if !ok {
		return c.fail(n, "%s is a number that JSON cannot hold; put it in quotes if it is text", quoteKey(n.Value))
	}
	return v
}

func (c *converter) mapping(n *yaml.Node, depth int) *value {
	if n.Style&yaml.TaggedStyle != 0 && n.ShortTag() != "!!map" {
		return c.fail(n, "the tag %s is not part of YAML's core schema", n.Tag)
	}
	v := &value{kind: kindMap, line: n.Line, column: n.Column}
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
			c.fail(keyNode, "a key must be one word or text, not a list or a mapping")
			continue
		}
		m := member{key: name.Value, line: keyNode.Line, column: keyNode.Column}
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

// merge adds the keys of a << value that v doesn't have itself. Of a list the
// earlier mapping wins, as the merge key's definition says.
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

// keySet finds keys that one mapping has twice.
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

// add is false, and a problem recorded, for a key that was there before.
func (k *keySet) add(m member) bool {
	if first, ok := k.seen[m.key]; ok {
		k.found.add(Problem{Line: m.line, Column: m.column, Message: fmt.Sprintf(
			"the key %s is here twice: first at line %d, column %d", quoteKey(m.key), first.line, first.column)})
		return false
	}
	k.seen[m.key] = m
	return true
}
