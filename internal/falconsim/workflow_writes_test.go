package falconsim

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestMalformedDocuments checks which documents an import and a PUT refuse.
func TestMalformedDocuments(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"scalar next of the trigger": strings.Replace(sleepWorkflow("a"), `["wait"]`, `"wait"`, 1),
		"scalar next of an action":   strings.Replace(sleepWorkflow("a"), `"version_constraint"`, `"next": "wait", "version_constraint"`, 1),
		"scalar next in a loop": strings.Replace(sleepWorkflow("a"), `"actions"`,
			`"loops": {"each": {"trigger": {"next": "in"}, "actions": {"in": `+sleep+`}}}, "actions"`, 1),
		"list for else_if":    strings.Replace(sleepWorkflow("a"), `"actions"`, `"conditions": {"if": {"next": ["wait"], "else_if": ["or"]}}, "actions"`, 1),
		"scalar else":         strings.Replace(sleepWorkflow("a"), `"actions"`, `"conditions": {"if": {"next": ["wait"], "else": "wait"}}, "actions"`, 1),
		"numbers in next":     strings.Replace(sleepWorkflow("a"), `["wait"]`, `[1]`, 1),
		"list of actions":     `{"name": "a", "trigger": {"type": "On demand", "next": ["x"]}, "actions": [{"id": "x"}]}`,
		"trigger is a text":   `{"name": "a", "trigger": "On demand"}`,
		"properties a list":   strings.Replace(sleepWorkflow("a"), `{"sleep_time": "1m"}`, `["1m"]`, 1),
		"an action is a text": `{"name": "a", "trigger": {"type": "On demand", "next": ["x"]}, "actions": {"x": "y"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTestClient(t, Options{})
			c.upload(text, "").want(t, 400, "import file must be a valid YAML file")
			c.upload(text, "?validate_only=true").want(t, 400, "import file must be a valid YAML file")
			id := c.importWorkflow(sleepWorkflow("a"))
			if got := c.call(http.MethodPut, definitionsPath, withID(id, text)); got.status != 400 || c.server.Workflows()[0].Version != 1 {
				t.Errorf("PUT: %d %s", got.status, got.text)
			}
		})
	}
	c := newTestClient(t, Options{Readings: Readings{"Q73": "b"}})
	c.importWorkflow(strings.Replace(sleepWorkflow("a"), `"actions"`, `"conditions": {"if": {"next": ["wait"], "else": "wait"}}, "actions"`, 1))
}

// TestTriggerTypes checks R06: an import without a known trigger type is a server error.
func TestTriggerTypes(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	for _, kind := range []string{"On demand", "Signal", "Scheduled", "SubModel", "Inbound webhook"} {
		c.upload(strings.Replace(sleepWorkflow(kind), `"On demand"`, fmt.Sprintf("%q", kind), 1), "").want(t, 200, "")
	}
	for _, kind := range []string{"On_demand", "on demand", ""} {
		text := strings.Replace(sleepWorkflow("x"), `"On demand"`, fmt.Sprintf("%q", kind), 1)
		c.upload(text, "").want(t, 500, "Internal Server Error: Please provide trace-id='")
		c.upload(text, "?validate_only=true").want(t, 500, "Internal Server Error")
	}
	c.upload("name: x", "").want(t, 500, "Internal Server Error")
}

// TestValidateOnlyHidesEvents checks that validating an import does not report error 2003.
func TestValidateOnlyHidesEvents(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	text := strings.Replace(sleepWorkflow("x"), `"On demand"`, `"Signal"`, 1)
	got := c.upload(text, "?validate_only=true")
	if got.want(t, 200, ""); !strings.Contains(got.text, `"resources":[{"parameters":null}]`) {
		t.Errorf("validated: %s", got.text)
	}
	if listed := c.upload(text, "").first(t)["validation_errors"].([]any); len(listed) != 1 {
		t.Errorf("listed: %v", listed)
	}
}

func TestUnknownKeysAreDropped(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	id := c.importWorkflow(`{"name": "a", "odd1": 1, "trigger": {"type": "Scheduled", "event": "Schedule", "odd2": 1, "next": ["wait"],
		"schedule": {"time_cycle": "0 * * * *", "odd3": 1}}, "budget": {"credit_limit": 5, "odd4": 1},
		"conditions": {"if": {"odd5": 1, "default": true, "expression": "x:'1'", "next": ["wait"]}},
		"loops": {"each": {"odd6": 1, "for": {"input": "x", "odd7": 1}, "trigger": {"odd8": 1, "next": ["in"]}, "actions": {"in": {"odd9": 1, "id": "x"}}}},
		"actions": {"wait": {"odd0": 1, "id": "07413ef9ba7c47bf5a242799f59902cc", "properties": {"recipients": ["a@b.example"], "kept": 1}}}}`)
	got := c.export("sanitize=false&id=" + id).text
	for _, kept := range []string{"time_cycle:", "credit_limit: 5", "expression:", "input: x", "kept: 1"} {
		if !strings.Contains(got, kept) {
			t.Errorf("%s is not in\n%s", kept, got)
		}
	}
	for _, dropped := range []string{"odd", "default: true", "recipients"} {
		if strings.Contains(got, dropped) {
			t.Errorf("%s is in\n%s", dropped, got)
		}
	}
}

// TestLargeIntegersStayNumbers covers integers beyond 2^53 and beyond int64, in
// YAML and JSON.
func TestLargeIntegersStayNumbers(t *testing.T) {
	t.Parallel()
	const numbers = `{"a": 9007199254740993, "b": 9223372036854775808, "c": -123456789012345678901234567890}`
	c := newTestClient(t, Options{})
	id := c.importWorkflow(strings.Replace(sleepWorkflow("a"), `{"sleep_time": "1m"}`, numbers, 1))
	for range 2 {
		text := c.export("sanitize=false&id=" + id).text
		for _, line := range []string{"a: 9007199254740993\n", "b: 9223372036854775808\n", "c: -123456789012345678901234567890\n"} {
			if !strings.Contains(text, line) {
				t.Errorf("%q is not in\n%s", line, text)
			}
		}
		listed := c.call(http.MethodGet, listPath, "").text
		for _, value := range []string{`"a":9007199254740993,`, `"b":9223372036854775808,`, `"c":-123456789012345678901234567890}`} {
			if !strings.Contains(listed, value) {
				t.Errorf("%s is not in %s", value, listed)
			}
		}
		c.put(id, strings.Replace(sleepWorkflow("a"), `{"sleep_time": "1m"}`, numbers, 1))
	}
}

func TestReadingsOfImports(t *testing.T) {
	t.Parallel()
	for letter, carries := range map[string]bool{"a": false, "b": true} {
		c := newTestClient(t, Options{Readings: Readings{"Q34": letter}})
		id := c.importWorkflow(sleepWorkflow("a"))
		again := c.upload(sleepWorkflow("a"), "")
		again.want(t, 409, "A workflow by this name already exists. Try a new name.")
		if got := again.doc["errors"].([]any)[0].(map[string]any)["id"]; (got == id) != carries {
			t.Errorf("Q34=%s: %s", letter, again.text)
		}
	}
	for letter, count := range map[string]int{"a": 1, "b": 0} {
		c := newTestClient(t, Options{Readings: Readings{"Q35": letter}})
		got := c.upload(sleepWorkflow("a"), "")
		if got.want(t, 200, ""); len(got.resources()) != count || len(c.server.Workflows()) != 1 {
			t.Errorf("Q35=%s: %s", letter, got.text)
		}
	}
}

func TestReadingsOfUpdates(t *testing.T) {
	t.Parallel()
	broken := strings.Replace(sleepWorkflow("b"), `["wait"]`, `[]`, 1)
	for letter, status := range map[string]int{"a": 400, "b": 200} {
		c := newTestClient(t, Options{Readings: Readings{"Q37": letter}})
		id := c.importWorkflow(sleepWorkflow("a"))
		checked := c.call(http.MethodPut, definitionsPath+"?validate_only=true", withID(id, broken))
		checked.want(t, status, "At least one action or valid loop")
		got := c.call(http.MethodPut, definitionsPath, withID(id, broken))
		if w := c.server.Workflows()[0]; got.status != status || w.Invalid != (status == 200) || w.Version != 1+(400-status)/200 {
			t.Errorf("Q37=%s: %d %s, %+v", letter, got.status, got.text, w)
		}
	}
	alone := ruleDocument{actions: `, "alone": ` + sleep + email(`"to": ["a@b.example"], "msg": "m"`), then: `"mail"`}.text()
	for letter, want := range map[string]string{"a": "[2016 2000]", "b": "[2016]"} {
		c := newTestClient(t, Options{Readings: Readings{"Q38": letter}})
		id := c.importWorkflow(sleepWorkflow("a"))
		got := c.call(http.MethodPut, definitionsPath+"?validate_only=true", withID(id, alone))
		if codes := fmt.Sprint(got.codes()); got.status != 200 || strings.Trim(want, "[]") != strings.Trim(sortedCodes(codes), "[]") {
			t.Errorf("Q38=%s: %d %s", letter, got.status, got.text)
		}
		c.call(http.MethodPut, definitionsPath, withID(id, alone)).want(t, 200, "")
	}
}

// sortedCodes sorts codes, highest first.
func sortedCodes(codes string) string {
	parts := strings.Fields(strings.Trim(codes, "[]"))
	if len(parts) == 2 && parts[0] < parts[1] {
		parts[0], parts[1] = parts[1], parts[0]
	}
	return strings.Join(parts, " ")
}

func TestReadingsOfExports(t *testing.T) {
	t.Parallel()
	okta := `{"name": "o", "trigger": {"type": "On demand", "next": ["x"]}, "actions": {"x": {"id": "5092e629ba5f421abc057b72ea123c59", "properties": {"config_id": "c", "params": {"a": "b"}}}}}`
	python := `{"name": "p", "trigger": {"type": "On demand", "next": ["x"]}, "actions": {"x": {"id": "7fb9eb10b23943efaf1e6082b0ac0338", "class": "Inline.Python", "version_constraint": "~1", "properties": {"runtime": "py0313general", "script": "s"}}}}`
	for letter, left := range map[string]bool{"a": false, "b": true} {
		c := newTestClient(t, Options{Readings: Readings{"Q41": letter}})
		id := c.importWorkflow(okta)
		if got := c.export("id=" + id).text; strings.Contains(got, "config_id: c") != left {
			t.Errorf("Q41=%s: %s", letter, got)
		}
		if got := c.export("sanitize=false&id=" + id).text; !strings.Contains(got, "config_id: c") {
			t.Errorf("Q41=%s, not sanitized: %s", letter, got)
		}
	}
	for letter, status := range map[string]int{"a": 200, "b": 299} {
		c := newTestClient(t, Options{Readings: Readings{"Q42": letter}})
		got := c.export("id=" + c.importWorkflow(okta))
		if got.status != status || (got.header.Get("X-Api-Warning") != "") != (status == 299) {
			t.Errorf("Q42=%s: %d %v", letter, got.status, got.header)
		}
		if got := c.export("id=" + c.importWorkflow(python)); got.status != 299 || got.header.Get("X-Api-Warning") == "" {
			t.Errorf("Q42=%s, Python: %d %v", letter, got.status, got.header)
		}
		if got := c.export("id=" + c.importWorkflow(sleepWorkflow("s"))); got.status != 200 || got.header.Get("X-Api-Warning") != "" {
			t.Errorf("Q42=%s, portable: %d %v", letter, got.status, got.header)
		}
	}
	for letter, want := range map[string]string{"a": `"\nfirst\nsecond"`, "b": "|-\n                first\n                second\n"} {
		c := newTestClient(t, Options{Readings: Readings{"Q45": letter}})
		got := c.export("id=" + c.importWorkflow(strings.Replace(sleepWorkflow("s"), `"1m"`, `"\nfirst\nsecond"`, 1))).text
		if !strings.Contains(got, "sleep_time: "+want) {
			t.Errorf("Q45=%s: %q is not in\n%s", letter, want, got)
		}
	}
}

// TestPutJSONParserMessage checks that a PUT responds with the parser's message.
func TestPutJSONParserMessage(t *testing.T) {
	t.Parallel()
	for _, letter := range []string{"a", "b"} { // of Q57: both keep it
		c := newTestClient(t, Options{Readings: Readings{"Q57": letter}})
		c.call(http.MethodPut, definitionsPath, `{"id": `).want(t, 400, "unexpected end of JSON input")
		c.call(http.MethodPut, definitionsPath, "a: [", "Content-Type", yamlType).want(t, 400, "yaml")
	}
}

// Q100: the status of a successful enable or disable.
func TestReadingsOfActionStatus(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 200, "b": 202} {
		c := newTestClient(t, Options{Readings: Readings{"Q100": letter}})
		id := c.importWorkflow(sleepWorkflow("w"))
		for _, action := range []string{"enable", "disable"} {
			if got := c.act(action, id); got.status != status || len(got.resources()) != 0 {
				t.Errorf("Q100=%s: %s is %d %s", letter, action, got.status, got.text)
			}
		}
		c.act("explode", id).want(t, 400, "invalid action_name")
	}
}
