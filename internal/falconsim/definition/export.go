package definition

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

const exportHeader = "# This is an exported workflow. Editing this file is not recommended.\n\n"

// Export writes a document as Falcon's export does: a comment, four spaces of indentation, known keys in a fixed order, all
// others sorted (wire/documents.md#export-form).
func (t *Tenant) Export(doc Document) ([]byte, error) {
	node, err := ordered(doc, topLevel)
	if err != nil {
		return nil, err
	}
	// GUESS Q45: how text that begins with a line break is written.
	if t.reading("Q45") == "a" {
		eachLeadingBreak(node, func(text *yaml.Node) { text.Style = yaml.DoubleQuotedStyle })
	} else {
		eachLeadingBreak(node, func(text *yaml.Node) { text.Style, text.Value = yaml.LiteralStyle, text.Value[1:] })
	}
	// Long lines are not folded, and quotes are those of a live export.
	text, err := yaml.Dump(node, yaml.WithV3Defaults(), yaml.WithIndent(4), yaml.WithLineWidth(-1))
	if err != nil {
		return nil, err
	}
	return append([]byte(exportHeader), text...), nil
}

// eachLeadingBreak calls f for every text that begins with a line break.
func eachLeadingBreak(node *yaml.Node, f func(*yaml.Node)) {
	if node.Kind == yaml.ScalarNode && strings.HasPrefix(node.Value, "\n") {
		f(node)
	}
	for _, child := range node.Content {
		eachLeadingBreak(child, f)
	}
}

func ordered(doc Document, at *level) (*yaml.Node, error) {
	node := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for _, key := range at.order(doc) {
		value, present := doc[key]
		if !present {
			continue
		}
		child, err := orderedValue(key, value, at)
		if err != nil {
			return nil, err
		}
		node.Content = append(node.Content, scalarNode(key), child)
	}
	return node, nil
}

func orderedValue(key string, value any, at *level) (*yaml.Node, error) {
	nested, isMap := value.(Document)
	if below, ok := at.one[key]; ok && isMap {
		return ordered(nested, below)
	}
	below, ok := at.each[key]
	if !ok || !isMap {
		return anyNode(value)
	}
	node := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for _, name := range slices.Sorted(maps.Keys(nested)) {
		var child *yaml.Node
		var err error
		if inner, ok := nested[name].(Document); ok {
			child, err = ordered(inner, below)
		} else {
			child, err = anyNode(nested[name])
		}
		if err != nil {
			return nil, err
		}
		node.Content = append(node.Content, scalarNode(name), child)
	}
	return node, nil
}

func anyNode(value any) (*yaml.Node, error) {
	node := &yaml.Node{}
	err := node.Encode(value)
	return node, err
}

func scalarNode(text string) *yaml.Node {
	node := &yaml.Node{}
	node.SetString(text)
	return node
}
