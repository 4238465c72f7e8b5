package fusion

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Notify is what a workflow is composed from that sends an event to a webhook.
type Notify struct {
	Name, Description string
	// Event is the trigger's category, TriggerName its name in the catalogue
	// and TriggerVersion its version or pin, empty where it has none.
	Event, TriggerName, TriggerVersion string
	// WebhookID is the config id of the webhook configuration.
	WebhookID string
	// Fields are the data to include, as paths such as Trigger.CID or as
	// references such as ${Trigger.CID}.
	Fields []string
	// Condition is a CEL expression that an event must meet; empty sends all.
	Condition string
	// DataFormat is the format of the delivery, Default where it is empty.
	DataFormat string
	Action     Action
}

// Action is the activity of the catalogue that makes the delivery.
type Action struct {
	// Name is what the catalog calls it. The document leaves the name out, so that
	// the action has the name that Falcon gives it.
	ID, Name string
	// VersionConstraint is the pin; a version number is turned into one.
	VersionConstraint string
	// InputSchema is the activity's JSON schema. It decides under which keys
	// the webhook, the format and the fields are sent: those keys are not
	// published (wire/catalog.md#call-webhook).
	InputSchema json.RawMessage
	// Properties are sent as they are and override what the schema asks for.
	Properties map[string]any
}

// The keys of the nodes that Compose makes.
const (
	notifyAction    = "CallWebhook"
	notifyCondition = "SendOnlyIf"
)

// defaultDataFormat is what the integrations' guides say to choose
// (wire/catalog.md#call-webhook).
const defaultDataFormat = "Default"

// Compose makes the workflow that sends an event to a webhook: the trigger, a
// condition if there is one, and the action. It is an error where the action's
// schema asks for something that has no known source; the error prints the
// schema and says how to give it.
func Compose(n Notify) (*Document, error) {
	switch {
	case n.Name == "":
		return nil, errors.New("a workflow needs a name")
	case n.Event == "":
		return nil, errors.New("a notification workflow needs the event that triggers it")
	case n.Action.ID == "":
		return nil, errors.New("a notification workflow needs the id of the action that makes the delivery")
	}
	properties, err := notifyProperties(n)
	if err != nil {
		return nil, err
	}
	action := map[string]any{
		"id": n.Action.ID, "version_constraint": VersionConstraint(n.Action.VersionConstraint), "properties": properties,
	}
	trigger := map[string]any{
		"type": "Signal", "event": n.Event, "version_constraint": VersionConstraint(n.TriggerVersion),
		"next": []string{notifyAction},
	}
	if n.TriggerName != "" {
		trigger["name"] = n.TriggerName
	}
	root := map[string]any{"name": n.Name, "trigger": trigger, "actions": map[string]any{notifyAction: action}}
	if n.Description != "" {
		root["description"] = n.Description
	}
	if n.Condition != "" {
		trigger["next"] = []string{notifyCondition}
		root["conditions"] = map[string]any{notifyCondition: map[string]any{
			"next": []string{notifyAction}, "cel_expression": n.Condition,
			// The console shows an expression as its own display text.
			"display": []string{n.Condition},
		}}
	}
	text, err := json.Marshal(root)
	if err != nil {
		return nil, fmt.Errorf("the action's properties can't be written as JSON: %w", err)
	}
	d, problems := Parse(string(text))
	if d == nil {
		return nil, fmt.Errorf("the composed workflow is no document: %s", problems)
	}
	return d, nil
}

// notifyProperties are the action's properties: what the schema's keys for
// webhook, format and fields are given, and the caller's own on top.
func notifyProperties(n Notify) (map[string]any, error) {
	schema, err := readSchema(n.Action.InputSchema)
	if err != nil {
		return nil, err
	}
	out := map[string]any{}
	format := n.DataFormat
	if format == "" {
		format = defaultDataFormat
	}
	references := make([]string, len(n.Fields))
	for i, f := range n.Fields {
		references[i] = reference(f)
	}
	webhook := schema.match("Webhook name", "config_id")
	if webhook != "" && n.WebhookID != "" {
		out[webhook] = n.WebhookID
	}
	if key := schema.match("Data format", "data_format"); key != "" {
		if out[key], err = schema.choice(key, format); err != nil {
			return nil, err
		}
	} else if n.DataFormat != "" && len(n.Action.Properties) == 0 {
		return nil, schema.unmatched(n.Action, "no property for the data format")
	}
	fields := schema.match("Data to include", "_fields", "data_to_include")
	if fields != "" && len(references) > 0 {
		out[fields] = references
	}
	for key, v := range n.Action.Properties {
		out[key] = v
	}
	switch {
	case len(n.Action.Properties) == 0 && webhook == "":
		return nil, schema.unmatched(n.Action, "no property for the webhook")
	case len(n.Action.Properties) == 0 && fields == "" && len(references) > 0:
		return nil, schema.unmatched(n.Action, "no property for the data to include")
	}
	if missing := schema.missing(out); len(missing) > 0 {
		return nil, schema.unmatched(n.Action, "nothing for the required "+strings.Join(missing, ", "))
	}
	return out, nil
}

// reference writes a field as Falcon's lists of fields have it: ${Trigger.CID}.
func reference(field string) string {
	if strings.HasPrefix(field, "${") {
		return field
	}
	return "${" + field + "}"
}
