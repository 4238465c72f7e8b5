package definition

import "github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"

// callWebhookName is the name by which the action is found: its id is not public.
const callWebhookName = "Call webhook"

// CallWebhookID is the id of the action Call webhook in a tenant with the usual ids and without a record. The real one is
// not public.
var CallWebhookID = random.FixedID("activity/call-webhook")

// callWebhookKeys are the property keys of the action Call webhook. Without a format, the action has no such property.
type callWebhookKeys struct {
	Config, format, Fields string
}

// CallWebhookKeys returns the property keys of the action Call webhook.
//
// GUESS Q22: only the titles of the properties are public.
func (t *Tenant) CallWebhookKeys() callWebhookKeys {
	if recorded, ok := t.recordedCallWebhook(); ok {
		return recordedKeys(recorded.Properties)
	}
	switch t.reading("Q22") {
	case "b":
		return callWebhookKeys{Config: "webhook_config_id", format: "format", Fields: "data_to_include"}
	case "c":
		return callWebhookKeys{Config: "config_id", Fields: "_fields"}
	}
	return callWebhookKeys{Config: "config_id", format: "data_format", Fields: "_fields"}
}

// callWebhookVersion is the version of the action Call webhook, which decides the version constraint.
//
// GUESS Q23: no version is public.
func (t *Tenant) callWebhookVersion() string {
	return map[string]string{"a": "1.0.3", "c": "2.1.0"}[t.reading("Q23")]
}

// callWebhook is the action Call webhook.
func (t *Tenant) callWebhook() Activity {
	keys := t.CallWebhookKeys()
	properties := []property{{Key: keys.Config, title: "Webhook name", required: true}}
	if keys.format != "" {
		properties = append(properties, property{Key: keys.format, title: "Data format"})
	}
	return Activity{
		ID: CallWebhookID, Name: callWebhookName, Vendor: crowdStrike, version: t.callWebhookVersion(),
		AppID: WebhookAppID(), configKey: keys.Config,
		properties: append(properties, property{Key: keys.Fields, title: "Data to include", kind: "array", required: true}),
	}
}

// WebhookAppID returns the id of the Store app CrowdStrike Webhook, which is the same for every customer.
func WebhookAppID() string { return random.FixedID("app/crowdstrike-webhook") }

// IsCallWebhook reports whether an action is Call webhook.
func (t *Tenant) IsCallWebhook(action Document) bool { return action["id"] == t.CallWebhookActionID() }

// CallWebhookActionID returns the tenant's id of the action Call webhook.
func (t *Tenant) CallWebhookActionID() string {
	if recorded, ok := t.recordedCallWebhook(); ok {
		return t.OwnID(recorded.ID)
	}
	return t.OwnID(CallWebhookID)
}
