package definition

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"
)

// applyRecord replaces catalog entries by those of a recorded tenant. What a record does not have, such as the outputs of an action,
// stays.
func (t *Tenant) applyRecord() {
	for _, recorded := range t.settings.Activities {
		i := slices.IndexFunc(t.Activities, func(a Activity) bool { return a.ID == recorded.ID || a.Name == recorded.Name })
		if i < 0 {
			t.Activities = append(t.Activities, Activity{Vendor: crowdStrike})
			i = len(t.Activities) - 1
		}
		t.Activities[i] = t.Activities[i].asRecorded(recorded)
	}
	if t.settings.Triggers == nil {
		return
	}
	known := t.knownTriggers()
	t.Triggers = nil
	for _, recorded := range t.settings.Triggers {
		var trigger Trigger
		if i := slices.IndexFunc(known, func(k Trigger) bool { return k.Event == recorded.Category }); i >= 0 {
			trigger = known[i]
		}
		trigger.Event, trigger.Name, trigger.version = recorded.Category, recorded.Name, recorded.Version
		if recorded.Fields != nil {
			trigger.unlisted = openPaths(nil, trigger.fields)
			trigger.fields = recordedFields(recorded.Fields)
			for i := range recorded.More { // workflows may use any of those that were left out
				trigger.fields = append(trigger.fields, triggerField{name: fmt.Sprintf("Trigger.Unlisted%d", i+1)})
			}
			if recorded.More > 0 {
				trigger.unlisted = append(trigger.unlisted, open("Trigger", "Trigger"))
			}
		}
		t.Triggers = append(t.Triggers, trigger)
	}
}

func (a Activity) asRecorded(recorded tenantfacts.Activity) Activity {
	titles := map[string]string{}
	for _, p := range a.properties {
		titles[p.Key] = p.title
	}
	a.ID, a.Name, a.Class, a.version = recorded.ID, recorded.Name, recorded.Class, recorded.Version
	a.alsoZero = a.alsoZero || recorded.Version == ""
	a.properties = nil
	for _, p := range recorded.Properties {
		title := cmp.Or(p.Title, titles[p.Key], titleOf(p.Key))
		a.properties = append(a.properties, property{Key: p.Key, title: title, kind: p.Type, required: p.Required})
	}
	if a.Name == callWebhookName {
		a.configKey = recordedKeys(recorded.Properties).Config
	}
	return a
}

func recordedFields(recorded []tenantfacts.Field) []triggerField {
	var fields []triggerField
	for _, field := range recorded {
		fields = append(fields, triggerField{name: field.Path, display: titleOf(field.Path), kind: field.Type})
	}
	return fields
}

// openPaths adds the paths of fields below which the simulator's own catalog does not list all. A record cannot show that there are
// more.
func openPaths(into []triggerField, fields []triggerField) []triggerField {
	for _, f := range fields {
		if f.open {
			into = append(into, open(f.name, f.display))
		}
		into = openPaths(into, f.fields)
	}
	return into
}

// recordedCallWebhook returns the action Call webhook of the record.
func (t *Tenant) recordedCallWebhook() (tenantfacts.Activity, bool) {
	i := slices.IndexFunc(t.settings.Activities, func(a tenantfacts.Activity) bool { return a.Name == callWebhookName })
	if i < 0 {
		return tenantfacts.Activity{}, false
	}
	return t.settings.Activities[i], true
}

// recordedKeys finds the property keys of Call webhook by the title of the configuration, or else by names and types: the data is a
// list, the configuration is required, and the format has that word in its key.
func recordedKeys(properties []tenantfacts.Property) callWebhookKeys {
	var keys callWebhookKeys
	for _, p := range properties {
		switch {
		case p.Title == "Webhook name":
			keys.Config = p.Key
		case p.Type == "array" && keys.Fields == "":
			keys.Fields = p.Key
		case strings.Contains(p.Key, "format") && keys.format == "":
			keys.format = p.Key
		case keys.Config == "" && (p.Required || strings.Contains(p.Key, "config")):
			keys.Config = p.Key
		}
	}
	return keys
}
