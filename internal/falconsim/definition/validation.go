package definition

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Codes of validation errors (wire/workflows.md#import).
const (
	CodeUnknownEvent     = 2003
	codeMissingProperty  = 2016
	CodeEndsWithTrigger  = 2017
	codeActionNotFound   = 2018
	CodeNoAction         = 2019
	codeMissingPluginCfg = 2035
	// codeUnrecorded is the code of errors of which only the text is recorded.
	codeUnrecorded = 2000
)

// The trigger types (wire/workflows.md#release-rules, Vocabulary).
const (
	TypeOnDemand  = "On demand"
	typeSignal    = "Signal"
	TypeScheduled = "Scheduled"
	typeSubModel  = "SubModel"
	typeWebhook   = "Inbound webhook"
)

// ValidationError is what Falcon finds wrong with a workflow (wire/workflows.md#import).
type ValidationError struct {
	Code        int    `json:"code"`
	Message     string `json:"message"`
	NodeID      string `json:"node_id,omitempty"`
	DisplayName string `json:"display_name,omitempty"`
	Property    string `json:"property,omitempty"`
	Level       string `json:"level,omitempty"`
	CID         string `json:"cid,omitempty"`

	Rule string // of wire/workflows.md#release-rules
}

// KnownActivity is the catalogue's entry that an action names, if its version
// constraint fits.
func (t *Tenant) KnownActivity(action Document) (Activity, bool) {
	id, _ := action["id"].(string)
	constraint, _ := action["version_constraint"].(string)
	known, ok := t.Activity(id)
	return known, ok && known.accepts(constraint)
}

func (t *Tenant) isConfigured(known Activity, properties Document) bool {
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
	return t.settings.IsConfigured(known.AppID, wanted)
}

// IsListed reports whether the catalog has an action, at whatever version.
func (t *Tenant) IsListed(action Document) bool {
	id, _ := action["id"].(string)
	_, listed := t.Activity(id)
	return listed
}

// UnknownActivity is the first action, loops included, that the catalog does
// not have at the version constraint.
func (t *Tenant) UnknownActivity(doc Document) (string, bool) {
	return FirstUnknown(doc, func(action Document) bool { _, known := t.KnownActivity(action); return !known })
}

// FirstUnknown is the text about the first missing action.
func FirstUnknown(doc Document, missing func(Document) bool) (string, bool) {
	actions := Children(doc, "actions")
	for _, name := range slices.Sorted(maps.Keys(actions)) {
		if action := actions[name]; missing(action) {
			id, _ := action["id"].(string)
			constraint, _ := action["version_constraint"].(string)
			constraint = cmp.Or(constraint, "~0")
			return fmt.Sprintf("activity not found for id %s constraint %s", id, constraint), true
		}
	}
	loops := Children(doc, "loops")
	for _, name := range slices.Sorted(maps.Keys(loops)) {
		if message, unknown := FirstUnknown(loops[name], missing); unknown {
			return message, true
		}
	}
	return "", false
}

// Strings reads a list of names, or a single one.
func Strings(value any) []string {
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
