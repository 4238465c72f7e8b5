package fusion

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
)

// Notify describes a workflow that sends an event to a webhook, or in a request of
// its own.
type Notify struct {
	Name, Description string
	// Event is the trigger's category, TriggerName its name in the catalog and
	// TriggerVersion its version or pin, or "".
	Event, TriggerName, TriggerVersion string
	// WebhookID is the config_id of the webhook configuration.
	WebhookID string
	// HTTP is the request that is sent instead; nil for a webhook.
	HTTP *HTTPRequest
	// Fields are the data to include, as paths such as Trigger.CID or as
	// references such as ${Trigger.CID}.
	Fields []string
	// Condition is a CEL expression that an event must satisfy; "" sends all events.
	Condition string
	// DataFormat is the format of the delivery; "" is Default.
	DataFormat string
	Action     Action
}

// Action is the activity of the catalog that sends the delivery.
type Action struct {
	// Name is the name in the catalog. The document leaves it out, so the action
	// has the default name.
	ID, Name string
	// Class is the class in the catalog; only an HTTP request has one.
	Class string
	// VersionConstraint is the pin, or a version to pin.
	VersionConstraint string
	// InputSchema is the activity's JSON schema. It decides which keys have the
	// webhook, the format and the fields: they are not published
	// (wire/catalog.md#call-webhook).
	InputSchema json.RawMessage
	// Properties are sent unchanged and override the properties from the schema.
	Properties map[string]any
}

// The keys of the nodes that Compose creates.
const (
	notifyAction    = "CallWebhook"
	notifyCondition = "SendOnlyIf"
)

// defaultDataFormat is the format that the guides of the integrations use
// (wire/catalog.md#call-webhook).
const defaultDataFormat = "Default"

// Compose creates the workflow that sends an event: the trigger, the condition if
// there is one, and the action. It returns an error if the action's
// schema requires something unknown; the error contains the schema and says how to
// set it.
func Compose(n Notify) (*Document, error) {
	switch {
	case n.Name == "":
		return nil, errors.New("a workflow needs a name")
	case n.Event == "":
		return nil, errors.New("a notification workflow needs the event that triggers it")
	case n.Action.ID == "":
		return nil, errors.New("a notification workflow needs the id of the action that sends the delivery")
	}
	actions, conditions := map[string]any{}, map[string]any{}
	first := notifyAction
	if n.HTTP != nil {
		first = requestAction
		if err := requestNodes(n, actions, conditions); err != nil {
			return nil, err
		}
	} else {
		properties, err := notifyProperties(n)
		if err != nil {
			return nil, err
		}
		actions[notifyAction] = map[string]any{
			"id": n.Action.ID, "version_constraint": VersionConstraint(n.Action.VersionConstraint), "properties": properties,
		}
	}
	trigger := map[string]any{
		"type": "Signal", "event": n.Event, "version_constraint": VersionConstraint(n.TriggerVersion),
		"next": []string{first},
	}
	if n.TriggerName != "" {
		trigger["name"] = n.TriggerName
	}
	root := map[string]any{"name": n.Name, "trigger": trigger, "actions": actions}
	if n.Description != "" {
		root["description"] = n.Description
	}
	if n.Condition != "" {
		trigger["next"] = []string{notifyCondition}
		conditions[notifyCondition] = map[string]any{
			"next": []string{first}, "cel_expression": n.Condition,
			// The console uses the expression as the display text.
			"display": []string{n.Condition},
		}
	}
	if len(conditions) > 0 {
		root["conditions"] = conditions
	}
	text, err := json.Marshal(root)
	if err != nil {
		return nil, fmt.Errorf("unable to write the action's properties as JSON: %w", err)
	}
	d, problems := Parse(string(text))
	if d == nil {
		return nil, fmt.Errorf("the composed workflow is not a valid document: %s", problems)
	}
	return d, nil
}

// notifyProperties returns the action's properties: the schema's keys for webhook,
// format and fields, overridden by the caller's properties.
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
		references[i] = fieldReference(f)
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
	maps.Copy(out, n.Action.Properties)
	switch {
	case len(n.Action.Properties) == 0 && webhook == "":
		return nil, schema.unmatched(n.Action, "no property for the webhook")
	case len(n.Action.Properties) == 0 && fields == "" && len(references) > 0:
		return nil, schema.unmatched(n.Action, "no property for the data to include")
	}
	if missing := schema.missing(out); len(missing) > 0 {
		return nil, schema.unmatched(n.Action, "no value for the required "+strings.Join(missing, ", "))
	}
	return out, nil
}

// fieldReference returns a field in the form of Falcon's field lists: ${Trigger.CID}.
func fieldReference(field string) string {
	if strings.HasPrefix(field, "${") {
		return field
	}
	return "${" + field + "}"
}
