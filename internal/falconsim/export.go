package falconsim

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

const exportHeader = "# This is an exported workflow. Editing this file is not recommended.\n\n"

// exportDocument writes a document as Falcon's export does: a comment, four
// spaces of indent, known keys in a fixed order, everything else sorted
// (wire/documents.md#export-form).
func (s *Server) exportDocument(doc document) ([]byte, error) {
	node, err := ordered(doc, topLevel)
	if err != nil {
		return nil, err
	}
	// GUESS Q45: how text that begins with a line break is written.
	if s.reading("Q45") == "a" {
		eachLeadingBreak(node, func(text *yaml.Node) { text.Style = yaml.DoubleQuotedStyle })
	} else {
		eachLeadingBreak(node, func(text *yaml.Node) { text.Style, text.Value = yaml.LiteralStyle, text.Value[1:] })
	}
	// No folding of long lines, and the quotes of the live export.
	text, err := yaml.Dump(node, yaml.WithV3Defaults(), yaml.WithIndent(4), yaml.WithLineWidth(-1))
	if err != nil {
		return nil, err
	}
	return append([]byte(exportHeader), text...), nil
}

// eachLeadingBreak calls f with every text that begins with a line break.
func eachLeadingBreak(node *yaml.Node, f func(*yaml.Node)) {
	if node.Kind == yaml.ScalarNode && strings.HasPrefix(node.Value, "\n") {
		f(node)
	}
	for _, child := range node.Content {
		eachLeadingBreak(child, f)
	}
}

func ordered(doc document, at *level) (*yaml.Node, error) {
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
	nested, isMap := value.(document)
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
		if inner, ok := nested[name].(document); ok {
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

// sanitisedDocument is a copy without personal data in the actions' properties.
func (s *Server) sanitisedDocument(doc document) document {
	kept := maps.Clone(doc)
	for key, clean := range map[string]func(document) document{"actions": s.sanitisedAction, "loops": s.sanitisedDocument} {
		nodes, ok := doc[key].(document)
		if !ok {
			continue
		}
		nodes = maps.Clone(nodes)
		for name, node := range children(doc, key) {
			nodes[name] = clean(node)
		}
		kept[key] = nodes
	}
	return kept
}

func (s *Server) sanitisedAction(action document) document {
	kept := maps.Clone(action)
	if properties, ok := action["properties"]; ok {
		kept["properties"] = s.sanitised(properties)
	}
	return kept
}

// sanitised is a copy without personal data. That the recipients of a mail are
// emptied is recorded (wire/documents.md#export-form).
func (s *Server) sanitised(value any) any {
	switch v := value.(type) {
	case document:
		kept := document{}
		for key, item := range v {
			switch {
			case key == "to":
				kept[key] = []any{}
			case key == "config_id" && s.reading("Q41") == "a": // GUESS Q41: whether it is left out
			default:
				kept[key] = s.sanitised(item)
			}
		}
		return kept
	case []any:
		kept := make([]any, 0, len(v))
		for _, item := range v {
			kept = append(kept, s.sanitised(item))
		}
		return kept
	}
	return value
}

// acceptsYAML reports whether a caller can be sent YAML: it accepts exactly
// that, or anything. The two lines that gofalcon sends are refused
// (wire/workflows.md#export).
func acceptsYAML(lines []string) bool {
	if len(lines) == 0 {
		return true
	}
	return len(lines) == 1 && (lines[0] == yamlType || slices.ContainsFunc(strings.Split(lines[0], ","), func(part string) bool {
		kind, _, _ := strings.Cut(part, ";")
		return strings.TrimSpace(kind) == "*/*"
	}))
}

func (s *Server) exportWorkflow(c *call) reply {
	if !acceptsYAML(c.r.Header.Values("Accept")) {
		return failed(http.StatusNotAcceptable, "Not Acceptable: only %s is offered", yamlType)
	}
	id := c.get("id")
	if id == "" {
		return failed(http.StatusBadRequest, "id is required")
	}
	sanitize, err := boolParam(c, "sanitize", true)
	if err != nil {
		return failed(http.StatusBadRequest, "%s", err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	versions := s.readable(id)
	if len(versions) == 0 {
		return failed(http.StatusNotFound, "definition with id %s not found", id)
	}
	doc := versions[len(versions)-1].doc
	if text := c.get("version"); text != "" {
		number, err := strconv.Atoi(text)
		if err != nil {
			return failed(http.StatusBadRequest, "invalid version %q", text)
		}
		i := slices.IndexFunc(versions, func(v *workflowVersion) bool { return v.number == number })
		if i < 0 {
			return failed(http.StatusNotFound, "definition with id %s not found", id)
		}
		doc = versions[i].doc
	}
	status := s.exportStatus(doc)
	if sanitize {
		doc = s.sanitisedDocument(doc)
	}
	text, err := s.exportDocument(doc)
	if err != nil {
		return failed(http.StatusInternalServerError, internalError)
	}
	answer := reply{status: status, raw: text, header: http.Header{"Content-Type": {yamlType}}}
	if status == statusWithWarning {
		answer.header.Set("X-Api-Warning", "The workflow has custom trigger or action configuration that may not work in another CID")
	}
	return answer
}

// statusWithWarning is a success with a caveat (wire/workflows.md#export).
const statusWithWarning = 299

// exportStatus is 299 for a workflow that uses the action Python.
func (s *Server) exportStatus(doc document) int {
	isPython := func(action document) bool { return action["class"] == classPython }
	isCustom := func(action document) bool {
		properties, _ := action["properties"].(document)
		return action["inline_configuration"] != nil || properties["config_id"] != nil
	}
	at, _ := doc["trigger"].(document)
	// GUESS Q42: whether other configuration that is not portable is a 299, too.
	if someAction(doc, isPython) || s.reading("Q42") == "b" && (at["webhook_config"] != nil || someAction(doc, isCustom)) {
		return statusWithWarning
	}
	return http.StatusOK
}

// someAction reports whether an action, loops included, fits.
func someAction(doc document, fits func(document) bool) bool {
	for _, action := range children(doc, "actions") {
		if fits(action) {
			return true
		}
	}
	for _, loop := range children(doc, "loops") {
		if someAction(loop, fits) {
			return true
		}
	}
	return false
}
