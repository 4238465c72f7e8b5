package definition

import "maps"

// Sanitize returns a copy without personal data in the properties of actions.
func (t *Tenant) Sanitize(doc Document) Document {
	kept := maps.Clone(doc)
	for key, clean := range map[string]func(Document) Document{"actions": t.sanitizeAction, "loops": t.Sanitize} {
		nodes, ok := doc[key].(Document)
		if !ok {
			continue
		}
		nodes = maps.Clone(nodes)
		for name, node := range Nodes(doc, key) {
			nodes[name] = clean(node)
		}
		kept[key] = nodes
	}
	return kept
}

func (t *Tenant) sanitizeAction(action Document) Document {
	kept := maps.Clone(action)
	if properties, ok := action["properties"]; ok {
		kept["properties"] = t.sanitizeValue(properties)
	}
	return kept
}

// sanitizeValue returns a copy without personal data. That the recipients of an email are emptied is recorded
// (wire/documents.md#export-form).
func (t *Tenant) sanitizeValue(value any) any {
	switch v := value.(type) {
	case Document:
		kept := Document{}
		for key, item := range v {
			switch {
			case key == "to":
				kept[key] = []any{}
			case key == "config_id" && t.reading("Q41") == "a": // GUESS Q41: whether it is left out
			default:
				kept[key] = t.sanitizeValue(item)
			}
		}
		return kept
	case []any:
		kept := make([]any, 0, len(v))
		for _, item := range v {
			kept = append(kept, t.sanitizeValue(item))
		}
		return kept
	}
	return value
}

// IsNotPortable reports whether the export of a document has a warning, as with the action Python.
func (t *Tenant) IsNotPortable(doc Document) bool {
	isPython := func(action Document) bool { return action["class"] == classPython }
	isCustom := func(action Document) bool {
		properties := Object(action, "properties")
		return action["inline_configuration"] != nil || properties["config_id"] != nil
	}
	at := Object(doc, "trigger")
	// GUESS Q42: whether other configuration that is not portable has a warning too.
	return anyAction(doc, isPython) || t.reading("Q42") == "b" && (at["webhook_config"] != nil || anyAction(doc, isCustom))
}

// anyAction reports whether an action fits, including those in loops.
func anyAction(doc Document, fits func(Document) bool) bool {
	for _, action := range Actions(doc) {
		if fits(action) {
			return true
		}
	}
	return false
}
