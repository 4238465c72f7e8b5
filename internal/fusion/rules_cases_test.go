package fusion

import (
	"strings"
	"testing"
)

// Cases in addition to the examples of the rules: what each rule must report, and
// what it must accept.
func TestRuleCases(t *testing.T) {
	t.Parallel()
	signal := func(event, more string) string {
		return "trigger: {type: Signal, event: " + event + ", next: [Print]" + more + "}\n"
	}
	for _, tc := range []struct {
		name, part string
		// want has the violated rules, errors with a !.
		want string
	}{
		{"type in other case", "trigger: {type: on demand, next: [Wait]}", "!R06"},
		{"type with an underscore", "trigger: {type: Inbound_Webhook, version_constraint: 0.0.2, webhook_config: {auth_config: {auth_type: hmac}}, next: [Wait]}", "!R06"},
		{"type that may be new", "trigger: {type: Telepathy, next: [Wait]}", "R06"},
		{"no type", "trigger: {next: [Wait]}", "!R06"},
		{"no type with a schedule", "trigger: {event: Schedule, next: [Wait]}", "R06"},
		{"no type in a Foundry template", "provision_on_install: true\ntrigger: {next: [Wait]}", "R06"},
		{"submodel", "trigger: {type: SubModel, next: [Wait]}", ""},
		{"scheduled with another event", "trigger: {type: Scheduled, event: Case/Created, next: [Wait]}", "!R08"},
		{"caller-scheduled", "trigger: {type: Scheduled, event: Schedule, next: [Wait]}", ""},
		{"cron instead of time_cycle", "trigger: {type: Scheduled, event: Schedule, schedule: {cron: 0 5 * * *, tz: Etc/UTC}, next: [Wait]}", "!R11"},
		{"both wrong keys", "trigger: {type: Scheduled, event: Schedule, schedule: {cron: 0 5 * * *, timezone: Etc/UTC}, next: [Wait]}", "!R11 !R11"},
		{"cron in addition to time_cycle is only dropped", "trigger: {type: Scheduled, event: Schedule, schedule: {cron: 0 5 * * *, time_cycle: 0 5 * * *}, next: [Wait]}", "R03"},
		{"six fields", "trigger: {type: Scheduled, event: Schedule, schedule: {time_cycle: 0 0 5 * * *}, next: [Wait]}", "R12"},
		{"concurrent as text", "trigger: {type: Scheduled, event: Schedule, schedule: {time_cycle: 0 5 * * *, skip_concurrent: 'yes'}, next: [Wait]}", "R13"},
		{"empty parameters of a signal", signal("Case/Created", ", parameters: {}") + says("x"), ""},
		{"number parameter", "trigger: {type: On demand, parameters: {type: object, properties: {n: {type: number}}}, next: [Wait]}", "R15"},
		{"empty next", "trigger: {type: On demand, next: []}\nactions: {}", "!R16"},
		{"inbound webhook with an event and without configuration", "trigger: {type: Inbound webhook, event: x, version_constraint: 0.0.2, next: [Wait]}", "R17 R17"},
		{"next is a mapping", "trigger: {type: On demand, next: {a: Wait}}", "!R18"},
		{"scalar next of an action", "actions:\n  A: {id: x, next: B}\n  B: {id: x}", "!R18"},
		{"scalar else", "conditions:\n  C: {cel_expression: 'true', next: [Print], else: Print}" + printAll, "R19"},
		{"else alone", "conditions:\n  C: {else: [Print]}" + printAll, ""},
		{"else_if alone", "conditions:\n  C: {next: [Print], else_if: D}\n  D: {expression: 'a.b:1', next: [Print]}" + printAll, "!R25"},
		{"FQL expression", "conditions:\n  C: {expression: \"Trigger.Detection.Severity:>3\", next: [Print]}" + printAll, ""},
		{"condition in a loop", loopOver("input: hosts") + "\n    conditions:\n      C: {next: [Inner]}", "!R25 R46"},
		{"default with an expression", "conditions:\n  C: {default: true, expression: 'a.b:1', next: [Print]}" + printAll, ""},
		{"severity by name in FQL", "conditions:\n  C: {expression: \"Trigger.Detection.Severity:'High'\", next: [Print]}" + printAll, "R28"},
		{"severity by name on the left", "conditions:\n  C: {cel_expression: \"'high' == data['Trigger.Detection.Severity']\", next: [Print]}" + printAll, "R28"},
		{"compound ids", "actions:\n  A: {id: 4e173250822e4806b11d8b91fe57b16f~bc2df090c5f5e74635ee1e00aa9b7322, next: [B]}\n  B: {id: 01arz3ndektsv4rrffq69g5fav_0123456789abcdef0123456789abcdef01}", ""},
		{"one letter all over", one("A", "id: "+strings.Repeat("a", 32)), "R31"},
		{"placeholder id", one("A", "id: placeholder"), "R05"},
		{"no id", one("A", "id: ''"), "!R29"},
		{"a Break without a pin", one("A", "id: 0123456789abcdef0123456789abcdef, class: Break"), "R34"},
		{"hyphen in a variable's name", after("id: 702d15788dbbffdf0b68d8e2f3599aa4, class: CreateVariable, version_constraint: ~1, properties: {variable_schema: {properties: {my-host: {type: string}}}}", "${data['WorkflowCustomVariable.my-host']}"), ""},
		{"variable set only", after("id: 6c6eab39063fa3b72d98c82af60deb8a, class: UpdateVariable, version_constraint: ~1, properties: {WorkflowCustomVariable: {host: x}}", "${WorkflowCustomVariable.host}"), ""},
		{"items of a variable", after("id: 6c6eab39063fa3b72d98c82af60deb8a, class: UpdateVariable, version_constraint: ~1, properties: {WorkflowCustomVariable: {hosts: x}}", "${data['WorkflowCustomVariable.hosts.#.name']}"), ""},
		{"undeclared in a condition", "conditions:\n  C: {expression: \"WorkflowCustomVariable.x:'a'\", next: [Print]}" + printAll, "!R52"},
		{"undeclared in output_fields", printAll + "\noutput_fields: [WorkflowCustomVariable.x]", "R52"},
		{"the name in running text", says("set WorkflowCustomVariable.x first"), ""},
		{"unclosed", says("${data['Workflow.Execution.ID']"), "R50"},
		{"index after the brace", after(eventQuery, "${data['First.results']}[0]"), "R50"},
		{"dollar and node", after(eventQuery, "$First.results"), "R50"},
		{"dollars of another language", says("costs $5.00 or $x.y"), ""},
		{"a brace in quotes", says("${data['Workflow.Execution.ID'] + '}'}"), ""},
		{"whole trigger value", says("${Trigger.CID}"), ""},
		{"null-safe index in quotes", after(eventQuery, "${data[?'First.results.0.host'].orValue('')}"), "!R53"},
		{"description on any detection", signal("Investigatable", "") + says("${data['Trigger.Detection.Description']}"), ""},
		{"category on a pinned EPP detection", signal("Investigatable/EPP", ", version_constraint: ~1") + says("${data['Trigger.Category.Investigatable.Name']}"), "R57"},
		{"category on an IDP detection", signal("Investigatable/IDP", ", version_constraint: ~0") + says("${data['Trigger.Category.Investigatable.Name']}"), ""},
		{"a longer name than MITRE's tactic", onNGSIEM("${data['Trigger.Detection.MitreAttack.Tactics']}"), ""},
		{"long path without a pin", after("id: 68ffa99af40c84b36462daa076f535d0", "${data['First.Device.query.devices']}"), ""},
		{"long path at ~0", after("id: 68ffa99af40c84b36462daa076f535d0, version_constraint: ~0", "${data['First.Device.query.devices']}"), ""},
		{"list compared the other way round", onNGSIEM("${'' == data['Trigger.Detection.NGSIEM.UserNames'] ? 'a' : 'b'}"), "!R62"},
		{"an item of a list compared", onNGSIEM("${'a' == data['Trigger.Detection.NGSIEM.UserNames'][0] ? 'a' : 'b'}"), ""},
		{"look-around", after("id: x", "${data['First.a'].matches('(?=x)y') ? 'a' : 'b'}"), "R65"},
		{"question marks in text", after("id: x", "${data['First.a'] == '??' ? 'a' : 'b'}"), ""},
		{"first of untested results", after(eventQuery, "${data['First.results'][0].host}"), "R65"},
		{"decode of Python's output", after("id: x", "${cs.json.decode(data['First.output_stdout']).f}"), ""},
		{"status code without a schema", after(cloudHTTP+"{http_transaction: {"+getURL+"}}", "${data['First.response_status_code']}"), ""},
		{"response body without a schema", after(cloudHTTP+"{http_transaction: {"+getURL+"}}", "${data['First.response_body']}"), "R67"},
		{"HTTP without a transaction", one("Get", cloudHTTP+"{authentication_option: CreateNew}"), "!R66"},
		{"query named as an argument", "actions:\n  S:\n    id: x\n    class: Inline.QueryEvent\n    version_constraint: ~1\n    properties: {query: a}\n    inline_configuration: {config: {search_query: 'a=?query', repo_or_view: r, start: 1d, end: now}}", ""},
		{"query in addition to a complete configuration", "actions:\n  S:\n    id: x\n    class: Inline.QueryEvent\n    version_constraint: ~1\n    properties: {query: a}\n    inline_configuration: {config: {search_query: 'a=1', repo_or_view: r, start: 1d, end: now}}", "R73"},
		{"query in properties, nothing in the configuration", one("S", "id: x, class: Inline.QueryEvent, version_constraint: ~1, properties: {query: a}"), "!R74 !R73"},
		{"no configuration at all", one("S", "id: x, class: Inline.QueryEvent, version_constraint: ~1"), "!R74"},
		{"question marks in quotes and patterns", queryFor(`a="?b" c=/x?d/i`, ""), ""},
		{"question marks in comments", queryFor("aid=* /* ?a */ | tail(1) // any ?host", ""), ""},
		{"held alert with a severity", queryFor("#repo=detections Ngsiem.alert.id=?id severity>3", "    properties: {id: x}\n"), ""},
		{"one recipient as text", one("Mail", sendMail+"{to: soc@corp.internal, subject: a, msg: b}"), ""},
		{"emptied recipients", one("Mail", sendMail+"{to: [], subject: a, msg: b}"), "!R82"},
		{"long script", one("Run", "id: x, class: Inline.Python, version_constraint: ~1, properties: {runtime: r, script: "+strings.Repeat("x", 50_001)+"}"), "R85"},
		{"unknown class of the catalog", one("Run", "id: x, class: Inline.Telepathy, version_constraint: ~1"), ""},
		{"key of Deduplicate with an expression", one("Once", dedupe+"{scope: cid, key: \"${cs.hash.sha1('a b')}\", period: 0}"), ""},
		{"metadata without Deduplicate", one("Set", "id: x, name: Set Deduplicate Entry Metadata, properties: {scope: cid, key: a}"), "R42"},
		{"wait right after Deduplicate", "actions:\n  Once: {" + dedupe + "{scope: cid, key: a, period: 1}, next: [W]}\n  W: {id: x, name: Wait for Deduplicate Entry Metadata, properties: {scope: cid, key: a}}", "R42"},
		{"limits of a Rate Limit", one("Pace", "id: x, name: Rate Limit, properties: {scope: cid, key: a, limit: 0, every: 2d, max_wait: 25h, tolerance: soft}, next: [Shed]") + shed, "R41 R41 R41 R41"},
		{"input of a node", "trigger: {type: On demand, next: [A]}\nactions:\n  A: {id: x, next: [Each]}\nloops:\n  Each: {for: {input: A.results}, trigger: {next: [In]}, actions: {In: {id: x}}}", ""},
		{"completion with a class", one("Ask", "id: "+idCompletion+", class: X, version_constraint: ~0, properties: {user_prompt: a, model_name: b}"), "R87"},
		{"paging with a limit", loopOver("input: '', condition: \"hosts.next:!null\", sequential: true, max_iteration_count: 5"), ""},
		{"paging with Falcon's own limit", loopOver("input: '', condition: \"hosts.next:!null\", sequential: true, max_iteration_count: 0"), "R49"},
		{"paging that counts", loopOver("input: '', cel_condition: \"data['hosts.next'] != null && data['Each.Iteration'] < 10\", sequential: true"), ""},
		{"after a condition", "conditions:\n  C: {expression: 'a.b:1', next: [A], else: [Print]}\nactions:\n  A: {id: x, next: [Print]}\n  Print: {" + printText + "{text_data: \"${data['A.x']}\"}}", "R60"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			problems := mustParse(t, framed(tc.part)).Check(CheckOptions{})
			for _, p := range problems {
				if p.Warning {
					got = append(got, p.Rule)
				} else {
					got = append(got, "!"+p.Rule)
				}
			}
			if strings.Join(got, " ") != tc.want {
				t.Errorf("broken %q, want %q:\n%s", strings.Join(got, " "), tc.want, problems)
			}
		})
	}
}
