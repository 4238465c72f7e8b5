package falconsim

// callWebhookID is the id of the Call webhook action, which is the same in every simulated tenant. The real one is not public.
var callWebhookID = fixedID("activity/call-webhook")

// callWebhookKeys are the property keys of the Call webhook action; format "" means that it has no such property.
type callWebhookKeys struct {
	config, format, fields string
}

// GUESS Q22: only the titles of the properties are public.
func (t *definitions) callWebhookKeys() callWebhookKeys {
	switch t.reading("Q22") {
	case "b":
		return callWebhookKeys{config: "webhook_config_id", format: "format", fields: "data_to_include"}
	case "c":
		return callWebhookKeys{config: "config_id", fields: "_fields"}
	}
	return callWebhookKeys{config: "config_id", format: "data_format", fields: "_fields"}
}

// GUESS Q23: no version of the action is public. It decides the version constraint.
func (t *definitions) callWebhookVersion() string {
	return map[string]string{"a": "1.0.3", "c": "2.1.0"}[t.reading("Q23")]
}

// callWebhook is the catalog entry of the Call webhook action.
func (t *definitions) callWebhook() activity {
	keys := t.callWebhookKeys()
	properties := []property{{key: keys.config, title: "Webhook name", required: true}}
	if keys.format != "" {
		properties = append(properties, property{key: keys.format, title: "Data format"})
	}
	return activity{
		id: callWebhookID, name: "Call webhook", vendor: crowdStrike, version: t.callWebhookVersion(),
		appID: webhookAppID(), configKey: keys.config,
		properties: append(properties, property{key: keys.fields, title: "Data to include", kind: "array", required: true}),
	}
}

// webhookAppID is the id of the Store app CrowdStrike Webhook. It is the same in every simulated tenant, as an app of the Store
// is the same for every customer.
func webhookAppID() string { return fixedID("app/crowdstrike-webhook") }

// isCallWebhook reports whether an action of a document is Call webhook.
func isCallWebhook(action document) bool {
	id, _ := action["id"].(string)
	return id == callWebhookID
}
