package fusion

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// edit replaces a part of testdata/loops.yaml. want has the paths that then
// differ, if any.
type edit struct {
	name, old, new string
	want           []string
}

// harmful are edits that someone can make in the console: each is a difference,
// on either side.
var harmful = []edit{
	{"workflow renamed", "name: Tag new detections", "name: Tag old detections", []string{"name"}},
	{"description changed", "description: Tags the", "description: Marks the", []string{"description"}},
	{"description removed", "description: Tags the hosts of a detection, one after the other, and tells the team.\n", "", []string{"description"}},
	{"summary changed", "summary: tags", "summary: tag", []string{"summary"}},
	{"label added", "    - detections\n", "    - detections\n    - hosts\n", []string{"labels"}},
	{"unknown key added", "summary: tags", "summary: tags\ncolour: red", []string{"colour"}},
	{"name left out where no default is known", "                        name: Add tag to alert\n", "", []string{"loops.Loop.loops.Inner.actions.AddTag.name"}},
	{"output field changed", "- Query.event_count", "- Query.file_csv", []string{"output_fields[0]"}},
	{"output field added", "    - Query.event_count", "    - Query.event_count\n    - x", []string{"output_fields"}},
	{"trigger event", "event: Investigatable/EPP", "event: Investigatable", []string{"trigger.event"}},
	{"trigger type", "type: Signal", "type: Scheduled", []string{"trigger.type"}},
	{"trigger pin", "type: Signal\n    version_constraint: ~1", "type: Signal\n    version_constraint: ~2", []string{"trigger.version_constraint"}},
	{"trigger pin removed", "type: Signal\n    version_constraint: ~1", "type: Signal", []string{"trigger.version_constraint"}},
	{"schedule added", "type: Signal", "type: Signal\n    schedule: {tz: UTC}", []string{"trigger.schedule"}},
	{"trigger leads elsewhere", "        - is_severe\n    event", "        - Wait\n    event", []string{"trigger.next[0]"}},
	{"trigger parameters added", "type: Signal", "type: Signal\n    parameters: {type: object}", []string{"trigger.parameters"}},
	{"action added", "    Wait:\n", "    Extra: {id: x}\n    Wait:\n", []string{"actions.Extra"}},
	{"action without anything added", "    Wait:\n", "    Extra: {}\n    Wait:\n", []string{"actions.Extra"}},
	{"action key renamed", "    Query:\n", "    Query2:\n", []string{"actions.Query", "actions.Query2"}},
	{"action id", "id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b", "id: 4f1af1ae4c13dc1e3bcd725f8dc0f63c", []string{"actions.Wait.id"}},
	{"action name", "name: Send email to the team", "name: Send email to all", []string{"actions.SendEmail.name"}},
	{"action class", "class: Inline.QueryEvent", "class: Inline.HTTPRequest", []string{"actions.Query.class"}},
	{"action pin", "sleep_time: 10s\n        version_constraint: ~1", "sleep_time: 10s\n        version_constraint: ~2", []string{"actions.Wait.version_constraint"}},
	{"action pin removed", "sleep_time: 10s\n        version_constraint: ~1", "sleep_time: 10s", []string{"actions.Wait.version_constraint"}},
	{"continue_on_error off", "continue_on_error: true", "continue_on_error: false", []string{"actions.SendEmail.continue_on_error"}},
	{"continue_on_error removed", "        continue_on_error: true\n", "", []string{"actions.SendEmail.continue_on_error"}},
	{"edge moved", "            - SendEmail\n", "            - Query\n", []string{"actions.Wait.next[0]"}},
	{"edge added", "            - SendEmail\n", "            - SendEmail\n            - Query\n", []string{"actions.Wait.next"}},
	{"edge removed", "        next:\n            - SendEmail\n", "", []string{"actions.Wait.next"}},
	{"text property", "sleep_time: 10s", "sleep_time: 11s", []string{"actions.Wait.properties.sleep_time"}},
	{"whole number property", "retries: 3", "retries: 4", []string{"actions.SendEmail.properties.retries"}},
	{"decimal property", "threshold: 0.75", "threshold: 0.750001", []string{"actions.SendEmail.properties.threshold"}},
	{"flag property", "urgent: false", "urgent: true", []string{"actions.SendEmail.properties.urgent"}},
	{"false is not absent", "            urgent: false\n", "", []string{"actions.SendEmail.properties.urgent"}},
	{"an empty property is not absent", "            subject: ''\n", "", []string{"actions.SendEmail.properties.subject"}},
	{"number as text", "retries: 3", "retries: '3'", []string{"actions.SendEmail.properties.retries"}},
	{"flag as text", "urgent: false", "urgent: no", []string{"actions.SendEmail.properties.urgent"}},
	{"property added", "retries: 3", "retries: 3\n            cc: x", []string{"actions.SendEmail.properties.cc"}},
	{"property removed", "            msg_type: text\n", "", []string{"actions.SendEmail.properties.msg_type"}},
	{"property renamed", "msg_type: text", "message_type: text", []string{"actions.SendEmail.properties.message_type", "actions.SendEmail.properties.msg_type"}},
	{"line within a text", "A detection came in.", "A detection came in!", []string{"actions.SendEmail.properties.msg"}},
	{"list reordered", "                - soc@corp.internal\n                - lead@corp.internal", "                - lead@corp.internal\n                - soc@corp.internal",
		[]string{"actions.SendEmail.properties.to[0]", "actions.SendEmail.properties.to[1]"}},
	{"list emptied", "            to:\n                - soc@corp.internal\n                - lead@corp.internal\n", "            to: []\n", []string{"actions.SendEmail.properties.to"}},
	{"field removed from _fields", "                - ${Trigger.Detection.Name}\n", "", []string{"actions.SendEmail.properties._fields"}},
	{"inline configuration", "start: 24h", "start: 6h", []string{"actions.Query.inline_configuration.config.start"}},
	{"inline schema", "                    - host", "                    - user", []string{"actions.Query.inline_configuration.input_schema.required[0]"}},
	{"CEL condition", "Severity'] > 3", "Severity'] > 4", []string{"conditions.is_severe.cel_expression"}},
	{"FQL condition", "expression: Trigger.Detection.Severity:2", "expression: Trigger.Detection.Severity:1", []string{"conditions.is_medium.expression"}},
	{"condition added", "    is_medium:\n", "    other: {expression: x}\n    is_medium:\n", []string{"conditions.other"}},
	{"else moved", "            - Query\n        else_if", "            - Wait\n        else_if", []string{"conditions.is_severe.else[0]"}},
	{"else_if removed", "        else_if: is_medium\n", "", []string{"conditions.is_severe.else_if"}},
	{"display text", "Severity is equal to 2", "Severity is equal to 3", []string{"conditions.is_medium.display[0]"}},
	{"loop input", "input: Trigger.Detection.EPP.Sensor.Hostname\n", "input: Trigger.Detection.EPP.Sensor.SensorID\n", []string{"loops.Loop.for.input"}},
	{"loop order", "sequential: true", "sequential: false", []string{"loops.Loop.for.sequential"}},
	{"loop flag removed", "            sequential: true\n", "", []string{"loops.Loop.for.sequential"}},
	{"loop limit", "max_iteration_count: 100", "max_iteration_count: 10", []string{"loops.Loop.for.max_iteration_count"}},
	{"loop in a loop", "input: Trigger.Detection.EPP.Sensor.SensorID", "input: Trigger.Detection.EPP.Sensor.Hostname", []string{"loops.Loop.loops.Inner.for.input"}},
	{"action in a loop in a loop", "tag: seen", "tag: unseen", []string{"loops.Loop.loops.Inner.actions.AddTag.properties.tag"}},
	{"name in a loop in a loop", "name: Add tag to alert", "name: Add a tag", []string{"loops.Loop.loops.Inner.actions.AddTag.name"}},
	{"loop renamed", "        name: For each host; Sequentially", "        name: For every host", []string{"loops.Loop.name"}},
	{"a renamed action's name left out", "        name: Send email to the team\n", "", []string{"actions.SendEmail.name"}},
}

// harmless are edits that define the same workflow.
var harmless = []edit{
	{"comment", "summary: tags", "# why\nsummary: tags # so", nil},
	{"header removed", "# This is an exported workflow. Editing this file is not recommended.\n\n", "", nil},
	{"order of keys", "            retries: 3\n            threshold: 0.75\n", "            threshold: 0.75\n            retries: 3\n", nil},
	{"quoting", "sleep_time: 10s", `"sleep_time": "10s"`, nil},
	{"escapes", "sleep_time: 10s", `sleep_time: "\u0031\x30s"`, nil},
	{"pin in quotes", "type: Signal\n    version_constraint: ~1", "type: Signal\n    version_constraint: '~1'", nil},
	{"block style", "            to:\n                - soc@corp.internal\n                - lead@corp.internal\n", "            to: [soc@corp.internal, lead@corp.internal]\n", nil},
	{"folding", "            msg: |\n                A detection came in.\n                Look at it.\n", "            msg: \"A detection came in.\\nLook at it.\\n\"\n", nil},
	{"indentation", "        properties:\n            sleep_time: 10s", "        properties:\n         sleep_time: 10s", nil},
	{"whole number as a decimal", "retries: 3", "retries: 3.0", nil},
	{"whole number with exponent", "retries: 3", "retries: 0.3e+1", nil},
	{"whole number in octal", "retries: 3", "retries: 0o3", nil},
	{"leading zero", "retries: 3", "retries: 003", nil},
	{"decimal digits", "threshold: 0.75", "threshold: .7500", nil},
	{"spelling of false", "urgent: false", "urgent: FALSE", nil},
	{"trigger name", "name: Detection > EPP Detection", "name: Detection", nil},
	{"trigger name removed", "    name: Detection > EPP Detection\n", "", nil},
	{"default_name removed", "        default_name: Send email\n", "", nil},
	{"name left out where it is the default", "        name: Sleep\n", "", nil},
	{"id, version and enabled", "summary: tags", "summary: tags\nid: abc\nversion: 3\nenabled: true", nil},
	{"~0 written out", "                        name: Add tag to alert\n", "                        name: Add tag to alert\n                        version_constraint: ~0\n", nil},
	{"display without escapes", "data[&#39;Trigger.Detection.Severity&#39;] &gt; 3 &amp;&amp; data[&#39;Trigger.CID&#39;] != &#34;&#34;",
		`data['Trigger.Detection.Severity'] > 3 && data['Trigger.CID'] != ""`, nil},
	{"display escaped twice", "&#39;Trigger.CID&#39;", "&amp;#39;Trigger.CID&amp;#39;", nil},
	{"display of a loop escaped", "        display: For each host; Sequentially", "        display: For each host&#59; Sequentially", nil},
	{"empty list added", "retries: 3", "retries: 3\n            cc: []", nil},
	{"empty mapping added", "retries: 3", "retries: 3\n            cc: {}", nil},
	{"null added", "retries: 3", "retries: 3\n            cc:", nil},
	{"nested emptiness added", "retries: 3", "retries: 3\n            cc: {a: {b: []}}", nil},
	{"empty list removed", "                tags: []\n", "", nil},
	{"empty next added", "        class: Inline.QueryEvent\n", "        class: Inline.QueryEvent\n        next: []\n", nil},
	{"empty text of the grammar", "        class: Inline.QueryEvent\n", "        class: Inline.QueryEvent\n        next: ~\n", nil},
	{"empty expression", "        else_if: is_medium\n", "        else_if: is_medium\n        expression: ''\n", nil},
	{"trailing newline", "            msg: |\n", "            msg: |-\n", nil},
	{"many trailing newlines", "sleep_time: 10s", `sleep_time: "10s\n\r\n"`, nil},
	{"aliases", "            to:\n                - soc@corp.internal\n", "            to:\n                - &soc soc@corp.internal\n", nil},
	{"merge key", "            msg_type: text\n            retries: 3\n", "            <<: {retries: 3, msg_type: text, urgent: true}\n", nil},
	{"a bare key", "retries: 3", "'retries': 3", nil},
}

func applyEdit(t *testing.T, base string, e edit) string {
	t.Helper()
	if strings.Count(base, e.old) != 1 {
		t.Fatalf("%q is %d times in the base document", e.old, strings.Count(base, e.old))
	}
	return strings.Replace(base, e.old, e.new, 1)
}

func TestEdits(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/loops.yaml")
	if err != nil {
		t.Fatal(err)
	}
	base := mustParse(t, string(text))
	for _, e := range slices.Concat(harmful, harmless) {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			edited := mustParse(t, applyEdit(t, string(text), e))
			for _, direction := range []struct {
				name string
				a, b *Document
			}{
				{"edit", base, edited},
				{"undone", edited, base},
				// What Terraform keeps is the canonical form: comparing
				// with it must give the same answers.
				{"kept", mustParse(t, base.Canonical()), edited},
				{"kept, undone", mustParse(t, edited.Canonical()), base},
			} {
				if got := Differences(direction.a, direction.b); !slices.Equal(got, e.want) {
					t.Errorf("%s: differences %q, want %q", direction.name, got, e.want)
				}
				if got := Equal(direction.a, direction.b); got != (len(e.want) == 0) {
					t.Errorf("%s: Equal is %v", direction.name, got)
				}
			}
			if same := edited.CanonicalLike(base) == base.Canonical(); same != (len(e.want) == 0) {
				t.Errorf("CanonicalLike returns the base's form: %v\n%s\n%s", same, edited.CanonicalLike(base), base.Canonical())
			}
		})
	}
}
