package fusion

import (
	"fmt"
	"strings"
	"testing"
)

// Documents with the structure of real exports have neither errors nor warnings.
func TestCheckAcceptsRealDocuments(t *testing.T) {
	t.Parallel()
	for name, text := range sampleDocuments(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			problems := mustParse(t, text).Check(CheckOptions{})
			if strings.HasSuffix(name, "sanitized.yaml") {
				// Falcon's default export empties the recipients, and refuses to enable that.
				wantOnly(t, problems, "R82", false)
				return
			}
			if len(problems) > 0 {
				t.Errorf("unexpected problems:\n%s", problems)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	const head = "name: n\ntrigger:\n  type: On demand\n  next: [a]\n"
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"nothing wrong", head + "actions:\n  a: {id: x}\n", nil},
		{"several at once", "trigger:\n  type: Signal\n  next: [a, b]\nactions:\n  a:\n    id: x\n    next: c\n  d:\n    id: y\nconditions:\n  b:\n    display: [x]\n",
			[]string{
				`line 1, column 1: the workflow has no name`,
				`line 1, column 1: trigger: a Signal trigger needs an event, such as event: Case/Created`,
				`line 7, column 11: action "a": next must be a list, even for one node: write next: [c]`,
				`line 7, column 11: action "a": next refers to "c", but the workflow has no node with this name`,
				`line 8, column 3: action "d": this action is unreachable: no next, else or else_if refers to it`,
				`line 11, column 3: condition "b": the condition needs an expression, a cel_expression or an else`,
			}},
		{"scheduled without event", "name: n\ntrigger: {type: Scheduled, event: '', next: [a]}\nactions: {a: {id: x}}\n",
			[]string{`line 2, column 28: trigger: a Scheduled trigger needs an event, such as event: Schedule`}},
		{"no trigger", "name: n\n", []string{`line 1, column 1: the workflow has no trigger, so nothing starts it`}},
		{"empty name", "name: ''\ntrigger: {type: On demand, next: [a]}\nactions: {a: {id: x}}\n", []string{`line 1, column 1: the workflow has no name`}},
		{"name is a number", "name: 12\ntrigger: {type: On demand, next: [a]}\nactions: {a: {id: x}}\n", []string{`line 1, column 7: name must be a string, not a number; put it in quotes`}},
		{"misspelled edge", head + "actions:\n  a:\n    id: x\n    next:\n      - send_emial\n  send_email: {id: y}\n",
			[]string{
				`line 9, column 9: action "a": next refers to "send_emial", but the workflow has no node with this name; did you mean "send_email"?`,
				`line 10, column 3: action "send_email": this action is unreachable: no next, else or else_if refers to it`,
			}},
		{"trigger leads nowhere", "name: n\ntrigger:\n  type: On demand\n  next: [x]\n", []string{`line 4, column 10: trigger: next refers to "x", but the workflow has no node with this name`}},
		{"else and else_if lead on", head + "conditions:\n  a: {expression: 'x:1', else: [b]}\n  b: {cel_expression: 'true', else_if: c}\n  c: {expression: 'z:1', else_if: The last, name: c}\n  d: {name: The last, expression: 'y:1'}\n", nil},
		{"else leads nowhere", head + "conditions:\n  a: {expression: 'x:1', else: [q], else_if: r}\n",
			[]string{
				`line 6, column 33: condition "a": else refers to "q", but the workflow has no node with this name`,
				`line 6, column 46: condition "a": else_if refers to "r", but the workflow has no node with this name`,
			}},
		{"default is not a condition", head + "conditions:\n  a: {default: true, expression: ''}\n",
			[]string{`line 6, column 7: condition "a": default: true has no effect: add an expression to the condition, or use the else of the previous condition`}},
		{"only the head of a chain", head + "actions:\n  a: {id: x}\n  b: {id: x, next: [c]}\n  c: {id: x}\n",
			[]string{`line 7, column 3: action "b": this action is unreachable: no next, else or else_if refers to it`}},
		{"only the head of a chain in reverse order", head + "actions:\n  a: {id: x}\n  c: {id: x}\n  b: {id: x, next: [c]}\n",
			[]string{`line 8, column 3: action "b": this action is unreachable: no next, else or else_if refers to it`}},
		{"only the first node of a cycle", head + "actions:\n  a: {id: x}\n  b: {id: x, next: [c]}\n  c: {id: x, next: [b]}\n  d: {id: x, next: [d]}\n",
			[]string{
				`line 7, column 3: action "b": this action is unreachable: no next, else or else_if refers to it`,
				`line 9, column 3: action "d": this action is unreachable: no next, else or else_if refers to it`,
			}},
		{"loops in loops", head + "loops:\n  a:\n    for: {input: Trigger.x}\n    trigger: {next: [in]}\n    loops:\n      in:\n        trigger: {next: [deep, out]}\n        actions:\n          deep: {id: x, next: [a]}\n          lost: {id: y}\nactions:\n  out: {id: z}\n",
			[]string{
				`line 11, column 32: loop "in": next refers to "out", but that node is outside the loop "in"; an edge can't leave a loop`,
				`line 13, column 32: action "deep": next refers to "a", but that node is outside the loop "in"; an edge can't leave a loop`,
				`line 14, column 11: action "lost": this action is unreachable: no next, else or else_if refers to it`,
				`line 16, column 3: action "out": this action is unreachable: no next, else or else_if refers to it`,
			}},
		{"into a loop", head + "actions:\n  a: {id: x, next: [b]}\nloops:\n  l: {trigger: {next: [b]}, actions: {b: {id: y}}}\n",
			[]string{
				`line 6, column 21: action "a": next refers to "b", but that node is inside the loop "l"; refer to the loop itself`,
			}},
		{"unknown keys", head + "colour: red\nactions:\n  a:\n    id: x\n    proprties: {anything: 1}\n    zzz: 1\n",
			[]string{
				`line 5, column 1: "colour" is not a known key of a workflow`,
				`line 9, column 5: action "a": "proprties" is not a known key of an action; did you mean "properties"?`,
				`line 10, column 5: action "a": "zzz" is not a known key of an action`,
			}},
		{"kinds", "name: n\ntrigger:\n  type: On demand\n  next: {a: 1}\n  version_constraint: 1\nactions:\n  - id: x\nconditions:\n  c: 3\nloops:\n",
			[]string{
				`line 4, column 9: trigger: next must be a list of node names, not a mapping`,
				`line 5, column 23: trigger: version_constraint must be a string, not a number; put it in quotes`,
				`line 7, column 3: actions must be a mapping from node names to nodes, not a list`,
				`line 9, column 6: condition "c": the condition must be a mapping, not a number`,
			}},
		{"edge of the wrong kind", head + "actions:\n  a: {id: x, next: [1]}\n", []string{`line 6, column 21: action "a": next must contain node names, not a number`}},
		{"an empty node", head + "actions:\n  a:\n", []string{`line 6, column 5: action "a": the action must be a mapping, not null`}},
		{"legacy event", "name: n\ntrigger: {type: Signal, event: Incident, next: [a]}\nactions: {a: {id: x}}\n",
			[]string{`line 2, column 32: trigger: CrowdStrike stopped creating CrowdScore incidents on 2026-01-01, so the event Incident no longer occurs; use a case event such as Case/Created`}},
		{"JSON has places too", "{\n\t\"name\": \"n\",\n\t\"trigger\": {\"type\": \"On demand\", \"next\": \"a\"},\n\t\"actions\": {\"a\": {\"id\": \"x\"}}\n}",
			[]string{`line 3, column 43: trigger: next must be a list, even for one node: write next: [a]`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := mustParse(t, tc.text).Check(CheckOptions{}).String()
			if want := strings.Join(tc.want, "\n"); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func TestCheckSeverityAndCodes(t *testing.T) {
	t.Parallel()
	problems := mustParse(t, "name: n\nextra: 1\ntrigger: {type: Signal, next: [a]}\nactions: {a: {id: x}}\n").Check(CheckOptions{})
	if len(problems.Warnings()) != 1 || problems.Warnings()[0].Path != "extra" {
		t.Errorf("warnings: %s", problems.Warnings())
	}
	if errs := problems.Errors(); len(errs) != 1 || errs[0].Code != codeUnknownEvent || errs[0].Path != "trigger.event" {
		t.Errorf("errors: %+v", errs)
	}
}

// Of a document with thousands of problems, the first hundred errors and the first
// hundred warnings are reported.
func TestCheckBoundsItsAnswer(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("name: n\ntrigger: {next: [a0]}\nactions:\n")
	for i := range 5000 {
		fmt.Fprintf(&b, "  a%d: {id: x, next: [nowhere], odd: 1}\n", i)
	}
	problems := mustParse(t, b.String()).Check(CheckOptions{})
	if e, w := len(problems.Errors()), len(problems.Warnings()); e != maxProblems+1 || w != maxProblems+1 {
		t.Errorf("%d errors, %d warnings", e, w)
	}
}
