package falconsim

import (
	"fmt"
	"slices"
)

// checkShape refuses a document whose parts have the wrong kind, such as a
// single text for next: R18 and R19 of wire/workflows.md#release-rules. It
// looks at the document as it was sent.
func (t *definitions) checkShape(doc document) error {
	if err := t.checkNode("trigger", doc["trigger"]); err != nil {
		return err
	}
	for _, kind := range []string{"actions", "conditions", "loops"} {
		nodes, ok := doc[kind].(document)
		if !ok && doc[kind] != nil {
			return fmt.Errorf("%s is not a mapping", kind)
		}
		for key, value := range nodes {
			if err := t.checkNode(key, value); err != nil {
				return err
			}
			if loop, ok := value.(document); ok && kind == "loops" {
				if err := t.checkShape(loop); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (t *definitions) checkNode(key string, value any) error {
	node, ok := value.(document)
	if !ok {
		if value == nil {
			return nil
		}
		return fmt.Errorf("%s is not a mapping", key)
	}
	for _, field := range []string{"next", "else"} {
		switch v := node[field].(type) {
		case nil:
		case []any:
			if slices.ContainsFunc(v, func(item any) bool { _, text := item.(string); return !text }) {
				return fmt.Errorf("%s of %s is not a list of names", field, key)
			}
		case string:
			// GUESS Q73: whether else may be a single name, as next may not.
			if field == "next" || t.reading("Q73") == "a" {
				return fmt.Errorf("%s of %s is not a list", field, key)
			}
		default:
			return fmt.Errorf("%s of %s is not a list", field, key)
		}
	}
	for field, is := range map[string]func(any) bool{
		"else_if":    func(v any) bool { _, ok := v.(string); return ok },
		"properties": func(v any) bool { _, ok := v.(document); return ok },
	} {
		if v, given := node[field]; given && v != nil && !is(v) {
			return fmt.Errorf("%s of %s has the wrong kind", field, key)
		}
	}
	return nil
}

// hasTriggerType reports whether the trigger's type is one that Falcon knows.
// An import without one fails: R06.
func hasTriggerType(doc document) bool {
	at, _ := doc["trigger"].(document)
	kind, _ := at["type"].(string)
	return slices.Contains([]string{typeOnDemand, typeSignal, typeScheduled, typeSubModel, typeWebhook}, kind)
}

// firstClassWithoutPin is R34, for the requests that refuse it at once.
func firstClassWithoutPin(doc document) (string, bool) {
	for _, action := range children(doc, "actions") {
		if message, missing := classWithoutPin(action); missing {
			return message, true
		}
	}
	for _, loop := range children(doc, "loops") {
		if message, missing := firstClassWithoutPin(loop); missing {
			return message, true
		}
	}
	return "", false
}
