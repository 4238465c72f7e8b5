package provider

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

const activitiesPath = "/workflows/combined/activities/v1"

// notifyFlow is a tenant with one webhook configuration, and the arguments of a
// workflow that calls it.
func notifyFlow(t *testing.T, opts falconsim.Options, block arguments) (*falconsim.Running, *protocol, arguments) {
	t.Helper()
	sim := newSim(t, opts)
	id := consoleHook(t, sim, hookURL)
	block = maps.Clone(block)
	if _, given := block["webhook_id"]; !given {
		block["webhook_id"] = id
	}
	return sim, newProtocol(t, sim), arguments{"name": "notify", "notify_webhook": block}
}

// nodeOf is a node of a workflow's document as the tenant has it.
func nodeOf(w falconsim.Workflow, path ...string) map[string]any {
	node := w.Document
	for _, key := range path {
		node, _ = node[key].(map[string]any)
	}
	return node
}

const scorePath = "Trigger.Category.ZeroTrust.EventType.HostScoreChange."

func TestNotifyWorkflow(t *testing.T) {
	t.Parallel()
	cid := []string{"Trigger.CID"}
	for _, tt := range []struct {
		name       string
		opts       falconsim.Options
		block      arguments
		event      string
		properties map[string]any // beside config_id
		condition  string
		warns      string
	}{
		{
			name: "score_changed has default fields", block: arguments{"trigger": "score_changed"},
			event: "ZeroTrust/HostScoreChange/HostOverallScoreChange",
			properties: map[string]any{"data_format": "Default", "_fields": []any{
				"${" + scorePath + "OverallScore}", "${" + scorePath + "PreviousOverallScore}", "${" + scorePath + "OSScore}",
				"${" + scorePath + "SensorScore}", "${" + scorePath + "SensorID}", "${Trigger.CID}",
			}},
		},
		{
			name: "a tenant without the overall subtype", opts: falconsim.Options{Readings: falconsim.Readings{"Q24": "b"}},
			block: arguments{"trigger": "score_changed", "fields": cid}, event: "ZeroTrust/HostScoreChange",
			properties: map[string]any{"data_format": "Default", "_fields": []any{"${Trigger.CID}"}},
		},
		{
			name: "new_incident", block: arguments{"trigger": "new_incident", "fields": cid}, event: "Case/Created",
			properties: map[string]any{"data_format": "Default", "_fields": []any{"${Trigger.CID}"}},
		},
		{
			name: "incident_update", block: arguments{"trigger": "incident_update", "fields": cid}, event: "Case/Updated",
			properties: map[string]any{"data_format": "Default", "_fields": []any{"${Trigger.CID}"}},
		},
		{
			name: "new_incident without cases", opts: falconsim.Options{Readings: falconsim.Readings{"Q25": "b"}},
			block: arguments{"trigger": "new_incident", "fields": cid}, event: "Incident", warns: `2026-01-01.*Case/Created`,
			properties: map[string]any{"data_format": "Default", "_fields": []any{"${Trigger.CID}"}},
		},
		{
			name: "incident_update without cases", opts: falconsim.Options{Readings: falconsim.Readings{"Q25": "b"}},
			block: arguments{"trigger": "incident_update", "fields": cid}, event: "FalconAudit/Incident", warns: `2026-01-01`,
			properties: map[string]any{"data_format": "Default", "_fields": []any{"${Trigger.CID}"}},
		},
		{
			name: "new_detection", block: arguments{"trigger": "new_detection", "fields": []string{"Trigger.Detection.Name", "${Trigger.CID}"}},
			event:      "Investigatable",
			properties: map[string]any{"data_format": "Default", "_fields": []any{"${Trigger.Detection.Name}", "${Trigger.CID}"}},
		},
		{
			name: "event, condition and format", event: "Case/StatusChanged",
			block:      arguments{"event": "Case/StatusChanged", "fields": cid, "condition": "data['Trigger.Case.Severity'] > 3", "data_format": "Custom"},
			properties: map[string]any{"data_format": "Custom", "_fields": []any{"${Trigger.CID}"}},
			condition:  "data['Trigger.Case.Severity'] > 3",
		},
		{
			name: "other property keys", opts: falconsim.Options{Readings: falconsim.Readings{"Q22": "b"}},
			block: arguments{"trigger": "new_incident", "fields": cid}, event: "Case/Created",
			properties: map[string]any{"format": "Default", "data_to_include": []any{"${Trigger.CID}"}},
		},
		{
			name: "own properties", event: "Case/Created",
			block:      arguments{"trigger": "new_incident", "action": arguments{"properties": `{"_fields": ["${Trigger.CID}"], "custom": {"n": 1234567}}`}},
			properties: map[string]any{"data_format": "Default", "_fields": []any{"${Trigger.CID}"}, "custom": map[string]any{"n": json.Number("1234567")}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim, p, config := notifyFlow(t, tt.opts, tt.block)
			planned, diags := p.plan(p.none(), config)
			p.wantFine(diags)
			if warnings := messages(diags, tfprotov6.DiagnosticSeverityWarning); !regexp.MustCompile(tt.warns).MatchString(warnings) || (tt.warns == "") != (warnings == "") {
				t.Errorf("warnings %q, want %q", warnings, tt.warns)
			}
			made := p.created(config)
			if got, want := p.text(made, "document"), p.text(planned, "document"); got != want {
				t.Errorf("document %s\nplanned %s", got, want)
			}
			w := onlyFlow(t, sim)
			if !w.Enabled || w.Invalid {
				t.Errorf("enabled %t, has validation errors %t", w.Enabled, w.Invalid)
			}
			if got := nodeOf(w, "trigger")["event"]; got != tt.event {
				t.Errorf("event %v, want %s", got, tt.event)
			}
			if got := nodeOf(w, "trigger")["version_constraint"]; got != "~1" {
				t.Errorf("trigger's pin %v", got)
			}
			if got := nodeOf(w, "actions", "CallWebhook")["version_constraint"]; got != "~1" {
				t.Errorf("action's pin %v", got)
			}
			key := "config_id"
			if tt.opts.Readings["Q22"] == "b" {
				key = "webhook_config_id"
			}
			want := maps.Clone(tt.properties)
			want[key] = hookNamed(t, sim).ID
			if got := jsonOf(t, nodeOf(w, "actions", "CallWebhook", "properties")); got != jsonOf(t, want) {
				t.Errorf("properties %s\nwant %s", got, jsonOf(t, want))
			}
			condition, _ := nodeOf(w, "conditions", "SendOnlyIf")["cel_expression"].(string)
			if condition != tt.condition {
				t.Errorf("condition %q, want %q", condition, tt.condition)
			}
			p.wantNoop(p.refreshed(made), config)
		})
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestNotifyWorkflow_refusals(t *testing.T) {
	t.Parallel()
	cid := []string{"Trigger.CID"}
	for _, tt := range []struct {
		name, says string
		opts       falconsim.Options
		block      arguments
	}{
		{name: "no fields", block: arguments{"trigger": "new_incident"}, says: `notify_webhook.*fields.*Missing fields.*your decision`},
		{name: "empty fields", block: arguments{"trigger": "new_incident", "fields": []string{}}, says: `at least 1`},
		{name: "trigger and event", block: arguments{"trigger": "score_changed", "event": "Case"}, says: `one of trigger and event, not both`},
		{name: "neither", block: arguments{"fields": cid}, says: `Set trigger \(score_changed, new_incident`},
		{name: "misspelt trigger", block: arguments{"trigger": "score_change", "fields": cid}, says: `score_changed`},
		{name: "no id", block: arguments{"trigger": "score_changed", "webhook_id": "zscaler"}, says: `32 hexadecimal`},
		{name: "no JSON object", block: arguments{"trigger": "new_incident", "action": arguments{"properties": "[]"}}, says: `JSON object`},
		{name: "unknown event", block: arguments{"event": "Case/Craeted", "fields": cid}, says: `event "Case/Craeted"\. Nearest: Case/Created`},
		{
			name: "trigger not offered", opts: falconsim.Options{Readings: falconsim.Readings{"Q25": "b"}}, block: arguments{"event": "Case/Created", "fields": cid},
			says: `no trigger for the event "Case/Created"`,
		},
		{name: "no Call webhook", opts: falconsim.Options{NoCallWebhook: true}, block: arguments{"trigger": "score_changed"}, says: `no action named "Call webhook".*CrowdStrike Store.*action\.id`},
		{
			name: "unknown action id", block: arguments{"trigger": "score_changed", "action": arguments{"id": strings.Repeat("0", 32)}},
			says: `action.*id.*Could not find the action`,
		},
		{
			name:  "an action with other properties",
			block: arguments{"trigger": "score_changed", "action": arguments{"id": "4f1af1ae4c13dc1e3bcd725f8dc0f63b"}},
			says:  `(?s)no property for the webhook.*sleep_time`,
		},
		{
			name: "no configuration of this id", block: arguments{"trigger": "score_changed", "webhook_id": strings.Repeat("0", 32)},
			says: `notify_webhook.*Node "CallWebhook": missing required plugin configuration for 'Call webhook' \(code 2035\)`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim, p, config := notifyFlow(t, tt.opts, tt.block)
			diags := p.validate(config)
			if len(diags) == 0 {
				_, diags = p.apply(p.none(), config)
			}
			got := messages(diags, tfprotov6.DiagnosticSeverityError)
			if !regexp.MustCompile(tt.says).MatchString(got) {
				t.Errorf("got %q\nwant %s", got, tt.says)
			}
			if n := len(sim.Workflows()); n != 0 {
				t.Errorf("%d workflows were left", n)
			}
		})
	}
}

// While a part of the block is unknown, so is the document.
func TestNotifyWorkflow_unknown(t *testing.T) {
	t.Parallel()
	for name, block := range map[string]arguments{
		"webhook_id": {"trigger": "score_changed", "webhook_id": unknown{}},
		"trigger":    {"trigger": unknown{}},
		"fields":     {"trigger": "new_incident", "fields": unknown{}},
		"action":     {"trigger": "new_incident", "action": unknown{}},
		"properties": {"trigger": "new_incident", "action": arguments{"properties": unknown{}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim, p, config := notifyFlow(t, falconsim.Options{}, block)
			p.wantFine(p.validate(config))
			planned, diags := p.plan(p.none(), config)
			p.wantFine(diags)
			known := p.members(planned.value)
			if known["document"].IsKnown() || known["version"].IsKnown() || !known["name"].IsKnown() {
				t.Errorf("planned %v", known)
			}
			if n := calls(sim, http.MethodGet, triggersPath); n != 0 {
				t.Errorf("the catalogue was read %d times for nothing", n)
			}
		})
	}
	t.Run("whole block", func(t *testing.T) {
		t.Parallel()
		p := newProtocol(t, newSim(t, falconsim.Options{}))
		config := arguments{"name": "notify", "notify_webhook": unknown{}}
		p.wantFine(p.validate(config))
		planned, diags := p.plan(p.none(), config)
		p.wantFine(diags)
		if v := p.members(planned.value)["document"]; v.IsKnown() {
			t.Errorf("document is planned as %v", v)
		}
	})
}
