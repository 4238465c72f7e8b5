package definition

import (
	"fmt"
	"slices"
)

// CheckShape refuses a document whose parts have the wrong type, such as a string for next: R18 and R19 of
// wire/workflows.md#release-rules. It checks the document as it was sent.
func (t *Tenant) CheckShape(doc Document) error {
	if err := t.checkNode("trigger", doc["trigger"]); err != nil {
		return err
	}
	for _, kind := range []string{"actions", "conditions", "loops"} {
		nodes, ok := doc[kind].(Document)
		if !ok && doc[kind] != nil {
			return fmt.Errorf("%s is not a mapping", kind)
		}
		for key, value := range nodes {
			if err := t.checkNode(key, value); err != nil {
				return err
			}
			if loop, ok := value.(Document); ok && kind == "loops" {
				if err := t.CheckShape(loop); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (t *Tenant) checkNode(key string, value any) error {
	node, ok := value.(Document)
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
			// GUESS Q73: whether else may be a single name. next may not.
			if field == "next" || t.reading("Q73") == "a" {
				return fmt.Errorf("%s of %s is not a list", field, key)
			}
		default:
			return fmt.Errorf("%s of %s is not a list", field, key)
		}
	}
	for field, is := range map[string]func(any) bool{
		"else_if":    func(v any) bool { _, ok := v.(string); return ok },
		"properties": func(v any) bool { _, ok := v.(Document); return ok },
	} {
		if v, given := node[field]; given && v != nil && !is(v) {
			return fmt.Errorf("%s of %s has the wrong type", field, key)
		}
	}
	return nil
}

// HasTriggerType reports whether Falcon knows the trigger's type. An import without a known one fails: R06.
func HasTriggerType(doc Document) bool {
	at := Object(doc, "trigger")
	kind := Text(at, "type")
	return slices.Contains([]string{TypeOnDemand, typeSignal, TypeScheduled, typeSubModel, typeWebhook}, kind)
}

// FirstClassWithoutPin is R34, for requests that refuse such a document.
func FirstClassWithoutPin(doc Document) (string, bool) {
	for _, action := range Actions(doc) {
		if message, missing := classWithoutPin(action); missing {
			return message, true
		}
	}
	return "", false
}
