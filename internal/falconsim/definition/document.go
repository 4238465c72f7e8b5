package definition

import (
	"errors"
	"fmt"
	"html"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"
)

// Document is a workflow definition as plain values: maps, lists, strings, booleans, int64, float64, bigNumber, and nil.
type Document = map[string]any

// level has the keys that Falcon knows at one place of a document, in the order of an export (wire/documents.md#top-level,
// wire/documents.md#nodes, wire/documents.md#export-form).
type level struct {
	keys []string
	// one has the levels of keys with an object, and each those of keys with a map of objects.
	one, each map[string]*level
	// keepEmpty keeps empty values, which are otherwise dropped. keepBlocks are keys whose empty objects are kept.
	keepEmpty  bool
	keepBlocks []string
	// open keeps unknown keys. An export has them last, sorted.
	open bool
}

// order returns the keys of a document at this level in the order of an export.
func (at *level) order(doc Document) []string {
	if !at.open {
		return at.keys
	}
	keys := slices.Clone(at.keys)
	for _, key := range slices.Sorted(maps.Keys(doc)) {
		if !slices.Contains(at.keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// schemaLevel is a JSON Schema, with the key order of published exports.
var schemaLevel = func() *level {
	schema := &level{open: true, keepEmpty: true, keys: []string{"$schema", "properties", "items", "required", "type", "title", "description", "format", "default"}}
	schema.one, schema.each = map[string]*level{"items": schema}, map[string]*level{"properties": schema}
	return schema
}()

// topLevel is a whole document. Keys that are not in its levels are dropped without an error, as by Falcon
// (wire/workflows.md#import).
var topLevel = func() *level {
	trigger := &level{keys: []string{"next", "event", "name", "parameters", "schedule", "type", "version_constraint", "webhook_config"}}
	schedule := &level{keepEmpty: true, keys: []string{"end_date", "skip_concurrent", "start_date", "time_cycle", "tz"}}
	trigger.one, trigger.keepBlocks = map[string]*level{"parameters": schemaLevel, "schedule": schedule}, []string{"schedule"}
	budget := &level{keepEmpty: true, keys: []string{"active_time_limit", "credit_limit", "total_time_limit"}}
	inline := &level{open: true, keepEmpty: true, keys: []string{"config"}, one: map[string]*level{"input_schema": schemaLevel, "output_schema": schemaLevel}}
	action := &level{one: map[string]*level{"inline_configuration": inline}, keys: []string{"id", "default_name", "class", "continue_on_error", "name", "next", "properties", "version_constraint", "inline_configuration"}}
	condition := &level{keys: []string{"name", "next", "cel_expression", "expression", "display", "else", "else_if"}}
	repeat := &level{keepEmpty: true, keys: []string{
		"input", "cel_condition", "condition", "condition_display", "continue_on_partial_execution",
		"max_execution_seconds", "max_iteration_count", "sequential",
	}}
	loop := &level{keys: []string{"display", "name", "next", "for", "trigger", "actions", "conditions", "loops", "output_fields"}}
	nodes := map[string]*level{"actions": action, "conditions": condition, "loops": loop}
	loop.one, loop.each = map[string]*level{"for": repeat, "trigger": trigger}, nodes
	return &level{
		keys: []string{
			"name", "description", "summary", "labels", "use_cases", "vendors", "type", "parameters", "multi_instance",
			"provision_on_install", "budget", "trigger", "actions", "conditions", "loops", "output_fields", "disconnected_nodes",
		},
		one: map[string]*level{"budget": budget, "trigger": trigger}, each: nodes,
	}
}()

var (
	errNoMapping = errors.New("the document is not a mapping")
	errTooLarge  = errors.New("the document has too many nodes")
)

// maxNodes limits how far aliases can expand a document.
const maxNodes = 200_000

// Parse parses YAML or JSON. Scalars follow the core schema of YAML 1.2, so that a date stays a string.
func Parse(text []byte) (Document, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, err
	}
	budget := maxNodes
	value, err := plain(&root, &budget)
	if err != nil {
		return nil, err
	}
	doc, ok := value.(Document)
	if !ok {
		return nil, errNoMapping
	}
	return doc, nil
}

func plain(n *yaml.Node, budget *int) (any, error) {
	if *budget--; *budget < 0 {
		return nil, errTooLarge
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return plain(n.Content[0], budget)
	case yaml.AliasNode:
		return plain(n.Alias, budget)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			value, err := plain(item, budget)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		return list, nil
	case yaml.MappingNode:
		doc := Document{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			if _, twice := doc[key.Value]; twice {
				return nil, fmt.Errorf("line %d: mapping key %q already defined", key.Line, key.Value)
			}
			value, err := plain(n.Content[i+1], budget)
			if err != nil {
				return nil, err
			}
			doc[key.Value] = value
		}
		return doc, nil
	case yaml.ScalarNode:
		return plainScalar(n), nil
	}
	return nil, nil // an empty document
}

func plainScalar(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return n.Value == "true" || n.Value == "True" || n.Value == "TRUE"
	case "!!int":
		if i, err := strconv.ParseInt(n.Value, 0, 64); err == nil {
			return i
		}
		if big, ok := asBigNumber(n.Value); ok {
			return big
		}
	case "!!float":
		if big, ok := asBigNumber(n.Value); ok { // the parser takes a large integer for a float
			return big
		}
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
			return f
		}
	}
	return n.Value
}

// Normalize returns a document in the form in which Falcon stores it: unknown keys and empty values are dropped, names and
// default names are filled in from the catalog, and display texts are HTML-escaped (wire/documents.md#export-form).
func (t *Tenant) Normalize(doc Document) Document {
	kept := prune(doc, topLevel)
	t.complete(kept)
	if at, ok := kept["trigger"].(Document); ok {
		event := Text(at, "event")
		if known, ok := t.Trigger(event); ok && event != "" {
			at["name"] = known.Name
		} else if at["name"] == nil && at["type"] != nil {
			at["name"] = at["type"]
		}
	}
	return kept
}

func prune(doc Document, at *level) Document {
	pruned := Document{}
	for _, key := range at.order(doc) {
		value, present := doc[key]
		_, isBlock := value.(Document)
		kept := at.keepEmpty || isBlock && slices.Contains(at.keepBlocks, key)
		if !present || !kept && isEmpty(value) {
			continue
		}
		if below, ok := at.one[key]; ok {
			if child, ok := value.(Document); ok {
				value = prune(child, below)
			}
		} else if below, ok := at.each[key]; ok {
			value = pruneEach(value, below)
		}
		pruned[key] = value
	}
	return pruned
}

func pruneEach(value any, at *level) any {
	children, ok := value.(Document)
	if !ok {
		return value
	}
	kept := Document{}
	for name, child := range children {
		if node, ok := child.(Document); ok {
			child = prune(node, at)
		}
		kept[name] = child
	}
	return kept
}

func isEmpty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case []any:
		return len(v) == 0
	case Document:
		return len(v) == 0
	}
	return false
}

// complete fills in names and escapes display texts, including those in loops.
func (t *Tenant) complete(doc Document) {
	for _, action := range Nodes(doc, "actions") {
		id := Text(action, "id")
		known, ok := t.Activity(id)
		if !ok {
			continue
		}
		action["default_name"] = known.Name
		if properties, ok := action["properties"].(Document); ok && known.droppedKey != "" {
			delete(properties, known.droppedKey)
		}
		if action["name"] == nil {
			action["name"] = known.Name
		}
	}
	for _, condition := range Nodes(doc, "conditions") {
		escape(condition, "display")
	}
	for _, loop := range Nodes(doc, "loops") {
		escape(loop, "display", "name")
		if repeat, ok := loop["for"].(Document); ok {
			escape(repeat, "condition_display")
		}
		t.complete(loop)
	}
}

// Object returns the object under a key, nil if there is none.
func Object(doc Document, key string) Document {
	object, _ := doc[key].(Document)
	return object
}

// Text returns the string under a key, "" if there is none.
func Text(doc Document, key string) string {
	text, _ := doc[key].(string)
	return text
}

// Actions returns all actions by key, those of loops included, in a stable order.
func Actions(doc Document) iter.Seq2[string, Document] {
	return func(yield func(string, Document) bool) { eachAction(doc, yield) }
}

func eachAction(doc Document, yield func(string, Document) bool) bool {
	actions, loops := Nodes(doc, "actions"), Nodes(doc, "loops")
	for _, key := range slices.Sorted(maps.Keys(actions)) {
		if !yield(key, actions[key]) {
			return false
		}
	}
	for _, key := range slices.Sorted(maps.Keys(loops)) {
		if !eachAction(loops[key], yield) {
			return false
		}
	}
	return true
}

// Nodes returns the objects below a key by name.
func Nodes(doc Document, key string) map[string]Document {
	nodes := map[string]Document{}
	below := Object(doc, key)
	for name, child := range below {
		if node, ok := child.(Document); ok {
			nodes[name] = node
		}
	}
	return nodes
}

// escape HTML-escapes texts. Those that are escaped already, as in an export, do not change.
func escape(node Document, keys ...string) {
	once := func(text string) string { return html.EscapeString(html.UnescapeString(text)) }
	for _, key := range keys {
		switch v := node[key].(type) {
		case string:
			node[key] = once(v)
		case []any:
			escaped := slices.Clone(v)
			for i, item := range escaped {
				if text, ok := item.(string); ok {
					escaped[i] = once(text)
				}
			}
			node[key] = escaped
		}
	}
}

// ActivityIDs returns the ids of all actions, including those in loops.
func ActivityIDs(doc Document) []string {
	var ids []string
	for _, action := range Actions(doc) {
		if id, ok := action["id"].(string); ok {
			ids = append(ids, id)
		}
	}
	return ids
}
