package falconsim

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Codes of validation errors (wire/workflows.md#import).
const (
	codeUnknownEvent     = 2003
	codeMissingProperty  = 2016
	codeEndsWithTrigger  = 2017
	codeActionNotFound   = 2018
	codeNoAction         = 2019
	codeMissingPluginCfg = 2035
	// codeUnrecorded is the code of errors of which only the text is recorded.
	codeUnrecorded = 2000
)

// The trigger types (wire/workflows.md#release-rules, Vocabulary).
const (
	typeOnDemand  = "On demand"
	typeSignal    = "Signal"
	typeScheduled = "Scheduled"
	typeSubModel  = "SubModel"
	typeWebhook   = "Inbound webhook"
)

// validationError is what Falcon finds wrong with a workflow (wire/workflows.md#import).
type validationError struct {
	Code        int    `json:"code"`
	Message     string `json:"message"`
	NodeID      string `json:"node_id,omitempty"`
	DisplayName string `json:"display_name,omitempty"`
	Property    string `json:"property,omitempty"`
	Level       string `json:"level,omitempty"`
	CID         string `json:"cid,omitempty"`

	rule string // of wire/workflows.md#release-rules
}

// knownActivity is the catalogue's entry that an action names, if its version
// constraint fits.
func (t *definitions) knownActivity(action document) (activity, bool) {
	id, _ := action["id"].(string)
	constraint, _ := action["version_constraint"].(string)
	known, ok := t.activity(id)
	return known, ok && known.accepts(constraint)
}

func (t *definitions) isConfigured(known activity, properties document) bool {
	wanted, _ := properties["config_id"].(string)
	if known.configKey != "" {
		wanted, _ = properties[known.configKey].(string)
	}
	// GUESS Q79: whether enabling looks a configuration up.
	if wanted != "" && t.reading("Q79") == "b" {
		return true
	}
	if wanted == "" && known.configKey != "" {
		return false
	}
	return t.settings.IsConfigured(known.appID, wanted)
}

// isListed reports whether the catalog has an action, at whatever version.
func (t *definitions) isListed(action document) bool {
	id, _ := action["id"].(string)
	_, listed := t.activity(id)
	return listed
}

// unknownActivity is the first action, loops included, that the catalog does
// not have at the version constraint.
func (t *definitions) unknownActivity(doc document) (string, bool) {
	return firstUnknown(doc, func(action document) bool { _, known := t.knownActivity(action); return !known })
}

// firstUnknown is the text about the first missing action.
func firstUnknown(doc document, missing func(document) bool) (string, bool) {
	actions := children(doc, "actions")
	for _, name := range slices.Sorted(maps.Keys(actions)) {
		if action := actions[name]; missing(action) {
			id, _ := action["id"].(string)
			constraint, _ := action["version_constraint"].(string)
			constraint = cmp.Or(constraint, "~0")
			return fmt.Sprintf("activity not found for id %s constraint %s", id, constraint), true
		}
	}
	loops := children(doc, "loops")
	for _, name := range slices.Sorted(maps.Keys(loops)) {
		if message, unknown := firstUnknown(loops[name], missing); unknown {
			return message, true
		}
	}
	return "", false
}

// stringsOf reads a list of names, or a single one.
func stringsOf(value any) []string {
	switch v := value.(type) {
	case string:
		if v != "" {
			return []string{v}
		}
	case []any:
		var list []string
		for _, item := range v {
			if text, ok := item.(string); ok {
				list = append(list, text)
			}
		}
		return list
	}
	return nil
}
