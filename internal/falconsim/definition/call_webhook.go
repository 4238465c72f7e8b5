package definition

import "github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"

// CallWebhookID is the id of the Call webhook action, which is the same in every simulated tenant. The real one is not public.
var CallWebhookID = random.FixedID("activity/call-webhook")

// callWebhookKeys are the property keys of the Call webhook action; format "" means that it has no such property.
type callWebhookKeys struct {
	Config, format, Fields string
}

// GUESS Q22: only the titles of the properties are public.
func (t *Tenant) CallWebhookKeys() callWebhookKeys {
	switch t.reading("Q22") {
	case "b":
		return callWebhookKeys{Config: "webhook_config_id", format: "format", Fields: "data_to_include"}
	case "c":
		return callWebhookKeys{Config: "config_id", Fields: "_fields"}
	}
	return callWebhookKeys{Config: "config_id", format: "data_format", Fields: "_fields"}
}

// GUESS Q23: no version of the action is public. It decides the version constraint.
func (t *Tenant) callWebhookVersion() string {
	return map[string]string{"a": "1.0.3", "c": "2.1.0"}[t.reading("Q23")]
}

// callWebhook is the catalog entry of the Call webhook action.
func (t *Tenant) callWebhook() Activity {
	keys := t.CallWebhookKeys()
	properties := []property{{Key: keys.Config, title: "Webhook name", required: true}}
	if keys.format != "" {
		properties = append(properties, property{Key: keys.format, title: "Data format"})
	}
	return Activity{
		ID: CallWebhookID, Name: "Call webhook", Vendor: crowdStrike, version: t.callWebhookVersion(),
		AppID: WebhookAppID(), configKey: keys.Config,
		properties: append(properties, property{Key: keys.Fields, title: "Data to include", kind: "array", required: true}),
	}
}

// WebhookAppID is the id of the Store app CrowdStrike Webhook. It is the same in every simulated tenant, as an app of the Store
// is the same for every customer.
func WebhookAppID() string { return random.FixedID("app/crowdstrike-webhook") }

// IsCallWebhook reports whether an action of a document is Call webhook.
func IsCallWebhook(action Document) bool {
	id, _ := action["id"].(string)
	return id == CallWebhookID
}
