package definition

import (
	"cmp"
	"fmt"
)

// Codes of validation errors (wire/workflows.md#import).
const (
	CodeUnknownEvent     = 2003
	codeMissingProperty  = 2016
	CodeEndsWithTrigger  = 2017
	codeActionNotFound   = 2018
	CodeNoAction         = 2019
	codeMissingPluginCfg = 2035
	// codeUnrecorded is the code of errors of which only the message is recorded.
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

// ValidationError is a validation error of a workflow (wire/workflows.md#import).
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

// KnownActivity finds the activity of an action, if its version constraint fits.
func (t *Tenant) KnownActivity(action Document) (Activity, bool) {
	known, ok := t.Activity(Text(action, "id"))
	return known, ok && known.accepts(Text(action, "version_constraint"))
}

func (t *Tenant) isConfigured(known Activity, properties Document) bool {
	wanted := Text(properties, cmp.Or(known.configKey, "config_id"))
	// GUESS Q79: whether enabling checks that the configuration exists.
	if wanted != "" && t.reading("Q79") == "b" {
		return true
	}
	if wanted == "" && known.configKey != "" {
		return false
	}
	return t.settings.IsConfigured(known.AppID, wanted)
}

// IsListed reports whether the catalog has an action, at any version.
func (t *Tenant) IsListed(action Document) bool {
	_, listed := t.Activity(Text(action, "id"))
	return listed
}

// UnknownActivity returns the message about the first action that the catalog does not have at its version constraint.
func (t *Tenant) UnknownActivity(doc Document) (string, bool) {
	return FirstUnknown(doc, func(action Document) bool { _, known := t.KnownActivity(action); return !known })
}

// FirstUnknown returns the message about the first action for which missing returns true.
func FirstUnknown(doc Document, missing func(Document) bool) (string, bool) {
	for _, action := range Actions(doc) {
		if missing(action) {
			constraint := cmp.Or(Text(action, "version_constraint"), "~0")
			return fmt.Sprintf("activity not found for id %s constraint %s", Text(action, "id"), constraint), true
		}
	}
	return "", false
}

// Strings returns a list of names, or a single name as a list.
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
