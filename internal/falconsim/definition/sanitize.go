package definition

import "maps"

// SanitisedDocument is a copy without personal data in the actions' properties.
func (t *Tenant) SanitisedDocument(doc Document) Document {
	kept := maps.Clone(doc)
	for key, clean := range map[string]func(Document) Document{"actions": t.sanitisedAction, "loops": t.SanitisedDocument} {
		nodes, ok := doc[key].(Document)
		if !ok {
			continue
		}
		nodes = maps.Clone(nodes)
		for name, node := range Children(doc, key) {
			nodes[name] = clean(node)
		}
		kept[key] = nodes
	}
	return kept
}

func (t *Tenant) sanitisedAction(action Document) Document {
	kept := maps.Clone(action)
	if properties, ok := action["properties"]; ok {
		kept["properties"] = t.sanitised(properties)
	}
	return kept
}

// sanitised is a copy without personal data. That the recipients of a mail are
// emptied is recorded (wire/documents.md#export-form).
func (t *Tenant) sanitised(value any) any {
	switch v := value.(type) {
	case Document:
		kept := Document{}
		for key, item := range v {
			switch {
			case key == "to":
				kept[key] = []any{}
			case key == "config_id" && t.reading("Q41") == "a": // GUESS Q41: whether it is left out
			default:
				kept[key] = t.sanitised(item)
			}
		}
		return kept
	case []any:
		kept := make([]any, 0, len(v))
		for _, item := range v {
			kept = append(kept, t.sanitised(item))
		}
		return kept
	}
	return value
}

// IsNotPortable reports whether the export of a document warns: that of a workflow that uses the action Python does.
func (t *Tenant) IsNotPortable(doc Document) bool {
	isPython := func(action Document) bool { return action["class"] == classPython }
	isCustom := func(action Document) bool {
		properties, _ := action["properties"].(Document)
		return action["inline_configuration"] != nil || properties["config_id"] != nil
	}
	at, _ := doc["trigger"].(Document)
	// GUESS Q42: whether other configuration that is not portable is a 299, too.
	return someAction(doc, isPython) || t.reading("Q42") == "b" && (at["webhook_config"] != nil || someAction(doc, isCustom))
}

// someAction reports whether an action, loops included, fits.
func someAction(doc Document, fits func(Document) bool) bool {
	for _, action := range Children(doc, "actions") {
		if fits(action) {
			return true
		}
	}
	for _, loop := range Children(doc, "loops") {
		if someAction(loop, fits) {
			return true
		}
	}
	return false
}
