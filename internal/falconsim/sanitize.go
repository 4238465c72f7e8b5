package falconsim

import "maps"

// sanitisedDocument is a copy without personal data in the actions' properties.
func (t *definitions) sanitisedDocument(doc document) document {
	kept := maps.Clone(doc)
	for key, clean := range map[string]func(document) document{"actions": t.sanitisedAction, "loops": t.sanitisedDocument} {
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

func (t *definitions) sanitisedAction(action document) document {
	kept := maps.Clone(action)
	if properties, ok := action["properties"]; ok {
		kept["properties"] = t.sanitised(properties)
	}
	return kept
}

// sanitised is a copy without personal data. That the recipients of a mail are
// emptied is recorded (wire/documents.md#export-form).
func (t *definitions) sanitised(value any) any {
	switch v := value.(type) {
	case document:
		kept := document{}
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

// isNotPortable reports whether the export of a document warns: that of a workflow that uses the action Python does.
func (t *definitions) isNotPortable(doc document) bool {
	isPython := func(action document) bool { return action["class"] == classPython }
	isCustom := func(action document) bool {
		properties, _ := action["properties"].(document)
		return action["inline_configuration"] != nil || properties["config_id"] != nil
	}
	at, _ := doc["trigger"].(document)
	// GUESS Q42: whether other configuration that is not portable is a 299, too.
	return someAction(doc, isPython) || t.reading("Q42") == "b" && (at["webhook_config"] != nil || someAction(doc, isCustom))
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
