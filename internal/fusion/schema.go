package fusion

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// inputSchema is the part of an activity's JSON schema that this package uses.
type inputSchema struct {
	Properties map[string]schemaProperty `json:"properties"`
	Required   []string                  `json:"required"`
}

type schemaProperty struct {
	Title   string          `json:"title"`
	Default json.RawMessage `json:"default"`
	Enum    []any           `json:"enum"`
	OneOf   []schemaChoice  `json:"oneOf"`
}

type schemaChoice struct {
	Const any    `json:"const"`
	Title string `json:"title"`
}

func readSchema(text json.RawMessage) (inputSchema, error) {
	var out inputSchema
	if len(bytes.TrimSpace(text)) == 0 {
		return out, nil
	}
	if err := json.Unmarshal(text, &out); err != nil {
		return out, fmt.Errorf("unable to read the input schema of the action: %w", err)
	}
	return out, nil
}

// match returns the key of the property with this title, otherwise the first of
// keys that the schema has, otherwise "".
func (s inputSchema) match(title string, keys ...string) string {
	for _, key := range slices.Sorted(maps.Keys(s.Properties)) {
		if strings.EqualFold(strings.TrimSpace(s.Properties[key].Title), title) {
			return key
		}
	}
	for _, key := range keys {
		if _, ok := s.Properties[key]; ok {
			return key
		}
	}
	return ""
}

// choice returns the schema's value for what the user wrote: the enumerated value,
// in any case, or the one with this title. A property without enumerated values
// accepts anything.
func (s inputSchema) choice(key, want string) (any, error) {
	p := s.Properties[key]
	choices := slices.Clone(p.OneOf)
	for _, v := range p.Enum {
		choices = append(choices, schemaChoice{Const: v})
	}
	if len(choices) == 0 {
		return want, nil
	}
	var offered []string
	for _, c := range choices {
		name := fmt.Sprint(c.Const)
		if strings.EqualFold(name, want) || strings.EqualFold(c.Title, want) {
			return c.Const, nil
		}
		if c.Title != "" {
			name = c.Title
		}
		offered = append(offered, name)
	}
	return nil, fmt.Errorf("data_format %q is not available; the action offers %s", want, strings.Join(offered, ", "))
}

// missing returns the required properties that have neither a value nor a default.
func (s inputSchema) missing(have map[string]any) []string {
	var out []string
	for _, key := range s.Required {
		if _, ok := have[key]; ok || len(s.Properties[key].Default) > 0 {
			continue
		}
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

// unmatched is the error for a schema that Compose can't satisfy.
func (s inputSchema) unmatched(a Action, what string) error {
	schema := "none"
	var indented bytes.Buffer
	if json.Indent(&indented, a.InputSchema, "", "  ") == nil && indented.Len() > 0 {
		schema = "\n" + indented.String()
	}
	name := a.Name
	if name == "" {
		name = a.ID
	}
	return fmt.Errorf("the action %q has %s. Set its properties with action = "+
		"{ properties = jsonencode({...}) }. Its input schema: %s", name, what, schema)
}
