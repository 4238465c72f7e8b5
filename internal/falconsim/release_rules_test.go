package falconsim

import (
	"cmp"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// ruleDocument is a document that breaks one rule. Its parts replace those of a workflow that can be enabled.
type ruleDocument struct {
	rule       string
	readings   Readings
	trigger    string // keys and values of the trigger, without next
	next       string // names
	actions    string // in addition to "go", which sleeps and is followed by then
	then       string // names
	conditions string
	loops      string
	// want is the expected refusal: the status of an import, or the first error of an attempt to enable. "" is none.
	importStatus int
	want         string
}

func (d ruleDocument) text() string {
	d.trigger = cmp.Or(d.trigger, `"type": "On demand"`)
	d.next = cmp.Or(d.next, `"go"`)
	return fmt.Sprintf(`{"name": "w", "trigger": {%s, "next": [%s]}, "conditions": {%s}, "loops": {%s}, "actions": {
		"go": {"id": "4f1af1ae4c13dc1e3bcd725f8dc0f63b", "version_constraint": "~1", "properties": {"sleep_time": "1m"}, "next": [%s]}%s}}`,
		d.trigger, d.next, d.conditions, d.loops, d.then, d.actions)
}

const (
	onNGSIEM = `"type": "Signal", "event": "Investigatable/NGSIEM", "version_constraint": "~1"`
	onEPP    = `"type": "Signal", "event": "Investigatable/EPP", "version_constraint": "~1"`
	query    = `{"id": "cdf5c3e0d69f156eaaf56c1f5d3f1b66", "class": "Inline.QueryEvent", "version_constraint": "~1", %s"inline_configuration": {"config": {%s}}}`
	config   = `"search_query": "#repo=x", "repo_or_view": "search-all", "start": "1d", "end": "now"`
)

// sleep is an action that sleeps.
const sleep = `{"id": "4f1af1ae4c13dc1e3bcd725f8dc0f63b", "version_constraint": "~1", "properties": {"sleep_time": "1m"}}`

// logs is an action "log" that writes a text to the log.
func logs(text string) string {
	return fmt.Sprintf(`, "log": {"id": "04c59ceb6dff9e6cd89e5f5cf13121ab", "version_constraint": "~1", "properties": {"custom_json": {"x": %q}}}`, text)
}

func request(transaction, next string) string {
	return fmt.Sprintf(`, "call": {"id": "1ba474f407d9228fc8fa02cdce8ae8ef", "class": "Inline.HTTPRequest", "version_constraint": "~1", "next": [%s],
		"properties": {"http_transaction": {"request_url": "https://api.example.com/"%s}}}`, next, transaction)
}

const complete = `, "request_http_method": "GET", "request_content_type": "NONE"`

func email(properties string) string {
	return `, "mail": {"id": "07413ef9ba7c47bf5a242799f59902cc", "version_constraint": "~1", "properties": {` + properties + `}}`
}

func unknownVariable(property, path string) string {
	return fmt.Sprintf(`property %q contains unknown variable %q`, property, path)
}

const custom = "Custom JSON"

var ruleDocuments = []ruleDocument{
	{rule: "none of them"},
	// What an import refuses.
	{rule: "R06, no type", trigger: `"event": "Schedule"`, importStatus: 500},
	{rule: "R06, On_demand", trigger: `"type": "On_demand"`, importStatus: 500},
	{rule: "R34", actions: `, "v": {"id": "702d15788dbbffdf0b68d8e2f3599aa4", "class": "CreateVariable", "properties": {"variable_schema": {"properties": {"x": {"type": "string"}}}}}`, then: `"v"`, importStatus: 400},
	{rule: "R34, listed", readings: Readings{"Q74": "b"}, actions: `, "v": {"id": "702d15788dbbffdf0b68d8e2f3599aa4", "class": "CreateVariable", "properties": {"variable_schema": {"properties": {"x": {"type": "string"}}}}}`, then: `"v"`, want: "version constraint required for activity class 'CreateVariable'"},

	// The trigger.
	{rule: "R04", trigger: `"steps": [1], "type": "On demand"`, next: `"first"`, want: "At least one action or valid loop should be defined after the trigger"},
	{rule: "R07", trigger: `"type": "Signal"`, want: "unknown trigger event named "},
	{rule: "R08", trigger: `"type": "Scheduled"`, want: "unknown trigger event named "},
	{rule: "R08, event of signals", trigger: `"type": "Scheduled", "event": "Case"`, want: "unknown trigger event named Case"},
	{rule: "R09", trigger: `"type": "Signal", "event": "Case/Opened"`, want: "unknown trigger event named Case/Opened"},
	{rule: "R10", trigger: `"type": "Signal", "id": "0123456789abcdef0123456789abcdef"`, want: "unknown trigger event named "},
	{rule: "R11", trigger: `"type": "Scheduled", "event": "Schedule", "schedule": {"cron": "0 * * * *", "timezone": "UTC"}`, want: "missing timer_event_definition or schedule parameters for trigger"},
	{rule: "R12", trigger: `"type": "Scheduled", "event": "Schedule", "schedule": {}`, want: "missing timer_event_definition or schedule parameters for trigger"},
	{rule: "R12, four fields", trigger: `"type": "Scheduled", "event": "Schedule", "schedule": {"time_cycle": "0 * * *", "tz": "UTC"}`, want: "time_cycle"},
	{rule: "R12, five odd fields are fine", trigger: `"type": "Scheduled", "event": "Schedule", "schedule": {"time_cycle": "0 0/1 * * *", "tz": "UTC"}`},
	{rule: "R12, a template is fine", trigger: `"type": "Scheduled", "event": "Schedule"`},
	{rule: "R14", trigger: `"type": "Signal", "event": "Case", "parameters": {"type": "object"}`, want: "Signal triggers do not support parameters"},
	{rule: "R16", next: " ", want: "At least one action or valid loop should be defined after the trigger"},

	// The graph.
	{rule: "R20 is the console's", then: `"nowhere"`},
	{rule: "R21", actions: `, "alone": ` + sleep, want: "disjoint node alone"},
	{rule: "R22", actions: `, "back": ` + strings.Replace(sleep, `"properties"`, `"next": ["go"], "properties"`, 1), then: `"back"`, want: "cycle through back"},
	{rule: "R24", loops: `"each": {"for": {"input": "x"}, "trigger": {"next": ["in"]}, "actions": {"in": ` + sleep + `}}`, then: `"each", "in"`, want: "edge from go to in crosses the border of a loop"},
	{rule: "R25", conditions: `"if": {"next": ["end"]}`, actions: `, "end": ` + sleep, then: `"if"`, want: "exclusive gateway 'if' outgoing flow 'end' has no condition set and is not marked as default"},
	{rule: "R25, in a loop", loops: `"each": {"for": {"input": "x"}, "trigger": {"next": ["if"]}, "conditions": {"if": {"next": ["in"]}}, "actions": {"in": ` + sleep + `}}`, then: `"each"`, want: "exclusive gateway 'if' outgoing flow 'in' has no"},
	{rule: "R26", conditions: `"if": {"next": ["end"], "default": true}`, actions: `, "end": ` + sleep, then: `"if"`, want: "exclusive gateway 'if'"},
	{rule: "R27", conditions: `"if": {"next": ["end"], "expression": "x:'1'", "else_if": "or"}, "or": {"cel_expression": "data['x'] == '2'", "next": ["end"], "else": ["other"]}`,
		actions: `, "end": ` + sleep + `, "other": ` + sleep, then: `"if"`},
	{rule: "R46", loops: `"each": {"for": {"input": "x"}, "trigger": {}, "actions": {"in": ` + sleep + `}}`, then: `"each"`, want: "loop each has nothing after its trigger"},

	// Actions.
	{rule: "R32, R33", actions: `, "old": {"id": "4f1af1ae4c13dc1e3bcd725f8dc0f63b", "version_constraint": "~2", "properties": {"sleep_time": "1m"}}`, then: `"old"`, want: "Action was not found, please select a new action."},
	{rule: "R37", actions: email(`"to": ["a@b.example"], "msg": "m"`), then: `"mail"`, want: `A value is required for the property "subject"`},
	{rule: "R38", actions: `, "okta": {"id": "5092e629ba5f421abc057b72ea123c59", "version_constraint": "~0", "properties": {"config_id": "00000000000000000000000000000000", "params": {"a": "b"}}}`, then: `"okta"`, want: "missing required plugin configuration for 'Okta - Revoke Sessions'"},
	{rule: "R39", actions: `, "once": {"id": "f6f68f316170550b2777aec3dc3c85e1", "version_constraint": "~2", "properties": {"scope": "workflow", "key": "k"}}`, then: `"once"`, want: "scope workflow is neither"},
	{rule: "R39, a scope that is fine", actions: `, "once": {"id": "f6f68f316170550b2777aec3dc3c85e1", "version_constraint": "~2", "properties": {"scope": "cid", "key": "k"}}`, then: `"once"`},
	{rule: "R43", actions: `, "agent": {"id": "AGENT", "version_constraint": "~1", "properties": {}}`, then: `"agent"`, want: `A value is required for the property "input"`},
	{rule: "R43, complete", actions: `, "agent": {"id": "AGENT", "version_constraint": "~1", "properties": {"input": "x"}}`, then: `"agent"`},
	{rule: "R66", actions: request("", ""), then: `"call"`, want: "HTTP Request actions missing required fields request_http_method and request_content_type"},
	{rule: "R73", actions: `, "query": ` + fmt.Sprintf(query, `"properties": {"query": "#repo=x", "repo": "search-all", "time_range": "1d"}, `, `"tags": []`), then: `"query"`, want: "Missing repo or view; Missing search start time; Missing search end time"},
	{rule: "R74", actions: `, "query": ` + fmt.Sprintf(query, "", strings.Replace(config, `, "end": "now"`, "", 1)), then: `"query"`, want: "Missing search end time"},
	{rule: "R82", actions: email(`"recipients": ["a@b.example"], "subject": "s", "msg": "m"`), then: `"mail"`, want: `A value is required for the property "to"`},
	{rule: "R84", actions: `, "py": {"id": "7fb9eb10b23943efaf1e6082b0ac0338", "class": "Inline.Python", "version_constraint": "~1", "properties": {"runtime": "py0313general"}}`, then: `"py"`, want: `A value is required for the property "script"`},
	{rule: "R86", actions: `, "ai": {"id": "bdfecafafdb44919a458fcf51d6b93a7_98dec86072334d24b37dd798098cfd63", "version_constraint": "~0", "properties": {"user_prompt": "p"}}`, then: `"ai"`, want: `A value is required for the property "model_name"`},

	// References.
	{rule: "R50, no brace at the end", actions: logs("${data['x']"), then: `"log"`, want: "property \"Custom JSON\" has a malformed reference: ${"},
	{rule: "R50, parentheses", actions: logs("$(data['x'])"), then: `"log"`, want: "property \"Custom JSON\" has a malformed reference: $(data["},
	{rule: "R50, index outside", actions: logs("${data['x']}[0]"), then: `"log"`, want: "property \"Custom JSON\" has a malformed reference: }[0]"},
	{rule: "R50, no braces", actions: logs("$go.field"), then: `"log"`, want: "property \"Custom JSON\" has a malformed reference: $go.f"},
	{rule: "R50, a word with a dollar", actions: logs("$host.name costs $5 ${data['x'] + '}'}"), then: `"log"`},
	{rule: "R50, a program", actions: `, "py": {"id": "7fb9eb10b23943efaf1e6082b0ac0338", "class": "Inline.Python", "version_constraint": "~1", "properties": {"runtime": "py0313general", "script": "print('${')"}}`, then: `"py"`},
	{rule: "R51", readings: Readings{"Q75": "b"}, trigger: onEPP, actions: logs("at ${Trigger.Detection.Name}"), then: `"log"`, want: unknownVariable(custom, "Trigger.Detection.Name")},
	{rule: "R51, the whole value", readings: Readings{"Q75": "b"}, trigger: onEPP, actions: logs("${Trigger.Detection.Name}"), then: `"log"`},
	{rule: "R52", actions: logs("${data['WorkflowCustomVariable.x']}"), then: `"log"`, want: unknownVariable(custom, "WorkflowCustomVariable.x")},
	{rule: "R52, in FQL", conditions: `"if": {"next": ["log"], "expression": "WorkflowCustomVariable.x:true"}`, actions: logs("x"), then: `"if"`, want: unknownVariable("expression", "WorkflowCustomVariable.x")},
	{rule: "R52, declared", actions: `, "v": {"id": "702d15788dbbffdf0b68d8e2f3599aa4", "class": "CreateVariable", "version_constraint": "~1", "next": ["log"],
		"properties": {"variable_schema": {"properties": {"x-y": {"type": "string"}}}}}` + logs("${data['WorkflowCustomVariable.x-y']}"), then: `"v"`},
	{rule: "R53", actions: `, "query": ` + fmt.Sprintf(query, `"next": ["log"], `, config) + logs("${data['query.results.0.f']}"), then: `"query"`, want: `variable "query.results.0.f" not found`},
	{rule: "R53, outside", actions: `, "query": ` + fmt.Sprintf(query, `"next": ["log"], `, config) + logs("${data['query.results'][0].f}"), then: `"query"`},
	{rule: "R54", trigger: onNGSIEM, actions: request(complete+`, "request_query": {"u": {"name": "ip", "value": "${data['Trigger.Detection.NGSIEM.RemoteIP']}"}}`, ""), then: `"call"`, want: unknownVariable("HTTP Transaction", "Trigger.Detection.NGSIEM.RemoteIP")},
	{rule: "R54, fields that exist", trigger: onNGSIEM, actions: logs("${data['Trigger.Detection.NGSIEM.SourceIPs.#']} ${data['Trigger.ObservedTime']} ${data['Trigger.Detection.Severity']}"), then: `"log"`},
	{rule: "R55", trigger: onNGSIEM, actions: logs("${data['Trigger.Detection.Product']}"), then: `"log"`, want: unknownVariable(custom, "Trigger.Detection.Product")},
	{rule: "R55, on every detection", trigger: `"type": "Signal", "event": "Investigatable", "version_constraint": "~1"`, actions: logs("${data['Trigger.Detection.Product']} ${data['Trigger.Detection.Description']}"), then: `"log"`},
	{rule: "R56", trigger: onNGSIEM, actions: logs("${data['Trigger.Detection.MitreAttack.Tactic']}"), then: `"log"`, want: unknownVariable(custom, "Trigger.Detection.MitreAttack.Tactic")},
	{rule: "R57", trigger: onNGSIEM, actions: logs("${Trigger.Category.Investigatable.Product.Name}"), then: `"log"`, want: unknownVariable(custom, "Trigger.Category.Investigatable.Product.Name")},
	{rule: "R57, elsewhere", trigger: onEPP, actions: logs("${Trigger.Category.Investigatable.Product.EPP.Sensor.Hostname}"), then: `"log"`},
	{rule: "R58", actions: `, "hosts": {"id": "68ffa99af40c84b36462daa076f535d0", "version_constraint": "~1", "next": ["log"], "properties": {}}` + logs("${data['hosts.Device.query.devices']}"), then: `"hosts"`, want: unknownVariable(custom, "hosts.Device.query.devices")},
	{rule: "R58, short", actions: `, "hosts": {"id": "68ffa99af40c84b36462daa076f535d0", "version_constraint": "~1", "next": ["log"], "properties": {}}` + logs("${data['hosts.devices']}"), then: `"hosts"`},
	{rule: "R58, unpinned", actions: `, "hosts": {"id": "68ffa99af40c84b36462daa076f535d0", "next": ["log"], "properties": {}}` + logs("${data['hosts.devices']}"), then: `"hosts"`, want: unknownVariable(custom, "hosts.devices")},
	{rule: "R58, unpinned and long", actions: `, "hosts": {"id": "68ffa99af40c84b36462daa076f535d0", "next": ["log"], "properties": {}}` + logs("${data['hosts.Device.query.devices']}"), then: `"hosts"`},
	{rule: "R59", actions: logs("${data['go.faas.x.y']}"), then: `"log"`, want: unknownVariable(custom, "go.faas.x.y")},
	{rule: "R60", actions: `, "a": ` + strings.Replace(sleep, `"properties"`, `"next": ["log"], "properties"`, 1) + `, "b": ` + strings.Replace(sleep, `"properties"`, `"next": ["log"], "properties"`, 1) + logs("${data['a.output']}"), then: `"a", "b"`, want: unknownVariable(custom, "a.output")},
	{rule: "R60, before the fork", actions: `, "a": ` + strings.Replace(sleep, `"properties"`, `"next": ["log"], "properties"`, 1) + `, "b": ` + strings.Replace(sleep, `"properties"`, `"next": ["log"], "properties"`, 1) + logs("${data['go.output']}"), then: `"a", "b"`},
	{rule: "R61", actions: `, "ip": {"id": "de8e170284874b63808e84511baa8b16", "next": ["log"], "properties": {"params": {"a": "b"}}}` + logs("${data['ip.body.data']}"), then: `"ip"`, want: unknownVariable(custom, "ip.body.data")},
	{rule: "R62", trigger: onNGSIEM, conditions: `"if": {"next": ["log"], "cel_expression": "data['Trigger.Detection.NGSIEM.SourceIPs'] != ''"}`, actions: logs("x"), then: `"if"`, want: "found no matching overload for '_!=_' applied to '(list(string), string)'"},
	{rule: "R62, by size", trigger: onNGSIEM, conditions: `"if": {"next": ["log"], "cel_expression": "data['Trigger.Detection.NGSIEM.SourceIPs'].size() > 0"}`, actions: logs("x"), then: `"if"`},
	{rule: "R63", conditions: `"if": {"next": ["log"], "cel_expression": "has(data['x'])"}`, actions: logs("x"), then: `"if"`, want: "Q0910: invalid argument to has() macro"},
	{rule: "R63, of a field", conditions: `"if": {"next": ["log"], "cel_expression": "has(data['x'].f)"}`, actions: logs("x"), then: `"if"`},
	{rule: "R64", actions: `, "py": {"id": "7fb9eb10b23943efaf1e6082b0ac0338", "class": "Inline.Python", "version_constraint": "~1", "next": ["log"], "properties": {"runtime": "py0313general", "script": "s"}}` + logs("${cs.json.decode(data['py.output_stdout']).f}"), then: `"py"`},
	{rule: "R67", actions: request(complete, `"log"`) + logs("${data['call.json.id']}"), then: `"call"`, want: unknownVariable(custom, "call.json.id")},
	{rule: "R67, with a schema", actions: request(complete+`, "_cs_inline_output_schema": "{}"`, `"log"`) + logs("${data['call.json.id']}"), then: `"call"`},
	{rule: "R67, the status", actions: request(complete, `"log"`) + logs("${data['call.response_status_code']}"), then: `"call"`},
	{rule: "R68", actions: request(complete+`, "_cs_inline_output_schema": "{}"`, `"log"`) + logs("${data['call.HTTP.body.id']}"), then: `"call"`, want: unknownVariable(custom, "call.HTTP.body.id")},
	{rule: "R75", actions: `, "query": ` + fmt.Sprintf(query, `"next": ["log"], `, config) + logs("${data['query.events']}"), then: `"query"`, want: unknownVariable(custom, "query.events")},

	// Readings of the questions about rules.
	{rule: "R63, accepted", readings: Readings{"Q76": "b"}, conditions: `"if": {"next": ["log"], "cel_expression": "has(data['x'])"}`, actions: logs("x"), then: `"if"`},
	{rule: "R84, accepted", readings: Readings{"Q77": "b"}, actions: `, "py": {"id": "7fb9eb10b23943efaf1e6082b0ac0338", "class": "Inline.Python", "version_constraint": "~1", "properties": {}}`, then: `"py"`},
	{rule: "R50, kept as written", readings: Readings{"Q78": "b"}, actions: logs("${data['x']"), then: `"log"`},
	{rule: "R51, accepted", trigger: onEPP, actions: logs("at ${Trigger.Detection.Name}"), then: `"log"`},
	{rule: "R38, not resultsRead up", readings: Readings{"Q79": "b"}, actions: `, "okta": {"id": "5092e629ba5f421abc057b72ea123c59", "version_constraint": "~0", "properties": {"config_id": "00000000000000000000000000000000", "params": {"a": "b"}}}`, then: `"okta"`},
}

// TestReleaseRules breaks one rule at a time. A document that only enabling refuses is stored by an import and stays disabled.
func TestReleaseRules(t *testing.T) {
	t.Parallel()
	for _, d := range ruleDocuments {
		t.Run(d.rule, func(t *testing.T) {
			t.Parallel()
			c := newTestClient(t, Options{Readings: d.readings})
			text := strings.ReplaceAll(d.text(), "AGENT", definition.TriageAgentID(c.server.CID()))
			got := c.upload(text, "")
			if d.importStatus != 0 {
				if got.status != d.importStatus || len(c.server.Workflows()) != 0 {
					t.Errorf("import: %d %s", got.status, got.text)
				}
				return
			}
			id := got.first(t)["id"].(string)
			if w, err := c.server.Workflow(id); err != nil || w.Invalid != (d.want != "") {
				t.Errorf("has_validation_errors is %v, %v", w.Invalid, err)
			}
			enabled := c.act("enable", id)
			if enabled.status != http.StatusOK || !strings.HasPrefix(enabled.message(), d.want) || (d.want == "") != (enabled.message() == "") || len(enabled.codes()) > 2 {
				t.Errorf("want %q, got %d %s", d.want, enabled.status, enabled.text)
			}
			if w, err := c.server.Workflow(id); err != nil || w.Enabled != (d.want == "") {
				t.Errorf("enabled is %v, %v", w.Enabled, err)
			}
		})
	}
}

// TestReadingsOfValidationErrors checks Q36, Q57, and Q72.
func TestReadingsOfValidationErrors(t *testing.T) {
	t.Parallel()
	// The document breaks R07, which has a code, and R21 and R22, which do not.
	text := ruleDocument{
		trigger: `"type": "Signal"`, then: `"back"`,
		actions: `, "alone": ` + sleep + `, "back": ` + strings.Replace(sleep, `"properties"`, `"next": ["go"], "properties"`, 1),
	}.text()
	for _, test := range []struct {
		readings Readings
		want     string
	}{
		{nil, "unknown trigger event named "},
		{Readings{"Q36": "b"}, ""},
		{Readings{"Q36": "c"}, "unknown trigger event named |disjoint node alone|cycle through back"},
		{Readings{"Q36": "c", "Q57": "b"}, "unknown trigger event named |disjoint node alone|"},
		{Readings{"Q36": "c", "Q72": "b"}, "unknown trigger event named "},
	} {
		var messages []string
		for _, item := range newTestClient(t, Options{Readings: test.readings}).upload(text, "").first(t)["validation_errors"].([]any) {
			messages = append(messages, item.(map[string]any)["message"].(string))
		}
		if got := strings.Join(messages, "|"); got != test.want {
			t.Errorf("%v: %q, want %q", test.readings, got, test.want)
		}
	}
	for letter, want := range map[string]bool{"a": true, "b": false} {
		c := newTestClient(t, Options{Readings: Readings{"Q72": letter}})
		id := c.importWorkflow(ruleDocument{actions: `, "alone": ` + sleep}.text())
		if w, err := c.server.Workflow(id); err != nil || w.Invalid != want {
			t.Errorf("Q72=%s: %v, %v", letter, w.Invalid, err)
		}
		c.act("enable", id).want(t, 200, "disjoint node alone")
	}
}

// TestReadingsOfUnknownActions checks Q71.
func TestReadingsOfUnknownActions(t *testing.T) {
	t.Parallel()
	unknown := ruleDocument{actions: `, "x": {"id": "unknown", "version_constraint": "~1"}`, then: `"x"`}.text()
	otherPin := ruleDocument{actions: `, "x": {"id": "4f1af1ae4c13dc1e3bcd725f8dc0f63b", "version_constraint": "~2", "properties": {"sleep_time": "1m"}}`, then: `"x"`}.text()
	const missing, select2018 = "activity not found for id ", "Action was not found, please select a new action."
	for _, test := range []struct {
		letter, text string
		status       int
		message      string
	}{
		{"a", unknown, 404, missing}, {"a", otherPin, 200, select2018},
		{"b", unknown, 404, missing}, {"b", otherPin, 404, missing},
		{"c", unknown, 200, select2018}, {"c", otherPin, 200, select2018},
	} {
		c := newTestClient(t, Options{Readings: Readings{"Q71": test.letter}})
		c.act("enable", c.importWorkflow(test.text)).want(t, test.status, test.message)
	}
}

// TestConsoleExportsCanBeEnabled checks that the rules do not refuse documents as the console exports them: conditions in both
// languages, else, nested loops, parallel branches, custom variables, and actions without a version constraint.
func TestConsoleExportsCanBeEnabled(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/shapes/*.yaml")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d documents, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			c := newTestClient(t, Options{})
			c.act("enable", c.importWorkflow(readFile(t, file))).want(t, 200, "")
		})
	}
}
