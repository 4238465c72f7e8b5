package fusion

import (
	"encoding/json"
	"strings"
	"testing"
)

// guessedSchema is a guess of the action's schema. The tests check that the keys
// come from titles, not from this guess.
const guessedSchema = `{
  "type": "object",
  "properties": {
    "config_id": {"type": "string", "title": "Webhook name"},
    "data_format": {"type": "string", "title": "Data format", "enum": ["default", "custom"]},
    "_fields": {"type": "array", "title": "Data to include", "items": {"type": "string"}}
  },
  "required": ["config_id", "_fields"]
}`

func notify(change func(*Notify)) Notify {
	n := Notify{
		Name: "Scores", Event: "ZeroTrust/HostScoreChange", TriggerName: "Host assessment change", TriggerVersion: "1.2.0",
		WebhookID: "0123456789abcdef0123456789abcdef", Fields: []string{"Trigger.CID", "${Trigger.SourceEventID}"},
		Action: Action{ID: "ab", Name: "Call webhook", VersionConstraint: "1.0.3", InputSchema: json.RawMessage(guessedSchema)},
	}
	change(&n)
	return n
}

func TestCompose(t *testing.T) {
	t.Parallel()
	const trigger = `"trigger":{"event":"ZeroTrust/HostScoreChange","next":["CallWebhook"],"type":"Signal","version_constraint":"~1"}`
	action := func(properties string) string {
		return `{"actions":{"CallWebhook":{"id":"ab","properties":{` + properties + `},"version_constraint":"~1"}},"name":"Scores",` + trigger + `}`
	}
	const fields = `["${Trigger.CID}","${Trigger.SourceEventID}"]`
	const webhook = `"0123456789abcdef0123456789abcdef"`
	for _, tc := range []struct {
		name   string
		change func(*Notify)
		want   string
	}{
		{"by title and key", func(*Notify) {}, action(`"_fields":` + fields + `,"config_id":` + webhook + `,"data_format":"default"`)},
		{"other keys by title", func(n *Notify) {
			n.Action.InputSchema = json.RawMessage(`{"properties":{"w":{"title":"Webhook name"},"f":{"title":"data format"},"d":{"title":"Data to include"},"config_id":{}},"required":["w","d"]}`)
		}, action(`"d":` + fields + `,"f":"Default","w":` + webhook)},
		{"by key without titles", func(n *Notify) {
			n.Action.InputSchema = json.RawMessage(`{"properties":{"config_id":{},"data_to_include":{}}}`)
		}, action(`"config_id":` + webhook + `,"data_to_include":` + fields)},
		{"a choice by its title", func(n *Notify) {
			n.DataFormat = "Custom JSON"
			n.Action.InputSchema = json.RawMessage(`{"properties":{"config_id":{},"_fields":{},"data_format":{"oneOf":[{"const":"a","title":"Default"},{"const":"b","title":"Custom JSON"}]}}}`)
		}, action(`"_fields":` + fields + `,"config_id":` + webhook + `,"data_format":"b"`)},
		{"overrides", func(n *Notify) {
			n.Action.Properties = map[string]any{"config_id": "mine", "custom": map[string]any{"n": json.Number("12345678901234567890")}}
		}, action(`"_fields":` + fields + `,"config_id":"mine","custom":{"n":12345678901234567890},"data_format":"default"`)},
		{"overrides without a schema", func(n *Notify) {
			n.Action.InputSchema, n.Action.Properties = nil, map[string]any{"hook": "mine"}
		}, action(`"hook":"mine"`)},
		{"a default serves a required property", func(n *Notify) {
			n.Action.InputSchema = json.RawMessage(`{"properties":{"config_id":{},"_fields":{},"x":{"default":1}},"required":["x"]}`)
		}, action(`"_fields":` + fields + `,"config_id":` + webhook)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d, err := Compose(notify(tc.change))
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Canonical(); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			if problems := d.Check(CheckOptions{}); len(problems) > 0 {
				t.Errorf("problems: %s", problems)
			}
		})
	}
}

func TestComposeCondition(t *testing.T) {
	t.Parallel()
	d, err := Compose(notify(func(n *Notify) {
		n.Condition, n.Description = "data['Trigger.Score'] < 50 && true", "what"
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"conditions":{"SendOnlyIf":{"cel_expression":"data['Trigger.Score'] < 50 && true","display":["data['Trigger.Score'] < 50 && true"],"next":["CallWebhook"]}}`,
		`"next":["SendOnlyIf"]`, `"description":"what"`,
	} {
		if !strings.Contains(d.Canonical(), want) {
			t.Errorf("%s is missing in %s", want, d.Canonical())
		}
	}
	if problems := d.Check(CheckOptions{}); len(problems) > 0 {
		t.Errorf("problems: %s", problems)
	}
}

func TestComposeErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*Notify)
		want   []string
	}{
		{"no name", func(n *Notify) { n.Name = "" }, []string{"needs a name"}},
		{"no event", func(n *Notify) { n.Event = "" }, []string{"needs the event"}},
		{"no action", func(n *Notify) { n.Action.ID = "" }, []string{"needs the id of the action"}},
		{"broken schema", func(n *Notify) { n.Action.InputSchema = json.RawMessage(`{`) }, []string{"input schema"}},
		{"required and unmatched", func(n *Notify) {
			n.Action.InputSchema = json.RawMessage(`{"properties":{"config_id":{},"_fields":{},"channel":{}},"required":["channel","config_id"]}`)
		}, []string{`"Call webhook" has no value for the required channel`, "action = { properties", `"channel": {}`}},
		{"fields required and none given", func(n *Notify) { n.Fields = nil }, []string{"no value for the required _fields"}},
		{"webhook required and none given", func(n *Notify) { n.WebhookID = "" }, []string{"no value for the required config_id"}},
		{"no schema", func(n *Notify) { n.Action.InputSchema = nil }, []string{"no property for the webhook", "Its input schema: none"}},
		{"no place for the fields", func(n *Notify) { n.Action.InputSchema = json.RawMessage(`{"properties":{"config_id":{}}}`) }, []string{"no property for the data to include"}},
		{"no place for the format", func(n *Notify) {
			n.DataFormat, n.Action.InputSchema = "Custom", json.RawMessage(`{"properties":{"config_id":{},"_fields":{}}}`)
		}, []string{"no property for the data format"}},
		{"format not offered", func(n *Notify) { n.DataFormat = "XML" }, []string{`data_format "XML" is not available`, "default, custom"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d, err := Compose(notify(tc.change))
			if err == nil {
				t.Fatalf("composed %s", d.Canonical())
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing in: %s", want, err)
				}
			}
		})
	}
}
