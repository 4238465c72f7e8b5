package falconsim

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	executePath    = "/workflows/entities/execute/v1"
	resultsPath    = "/workflows/entities/execution-results/v1"
	executionsPath = "/workflows/combined/executions/v1"
	inputsPath     = "/workflows/entities/human-inputs/v1"
)

// importEnabled imports and enables a workflow.
func (c *testClient) importEnabled(text string) string {
	c.t.Helper()
	id := c.importWorkflow(text)
	c.act("enable", id).want(c.t, 200, "")
	return id
}

// execute runs a workflow and returns the execution's id.
func (c *testClient) execute(query, body string) string {
	c.t.Helper()
	got := c.call(http.MethodPost, executePath+"?"+query, body)
	got.want(c.t, 200, "")
	return got.resources()[0].(string)
}

func (c *testClient) result(id string) map[string]any {
	c.t.Helper()
	got := c.call(http.MethodGet, resultsPath+"?ids="+id, "")
	got.want(c.t, 200, "")
	return got.first(c.t)
}

// humanInputWorkflow requests human input and then sleeps.
const humanInputWorkflow = `{"name": "ask", "trigger": {"type": "On demand", "next": ["ask"]}, "actions": {
	"ask": {"id": "d6731c10b24834e2e0f4bd9d390a29c8", "version_constraint": "~1", "next": ["wait"], "properties": {"to": ["a@b.example"], "allowed_responses": ["Approve", "Decline"]}},
	"wait": {"id": "4f1af1ae4c13dc1e3bcd725f8dc0f63b", "version_constraint": "~1", "properties": {"sleep_time": "1m"}}}}`

func TestExecuteRefusals(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	off, needy := c.importWorkflow(sleepWorkflow("off")), c.importEnabled(readFile(t, "testdata/schema.yaml"))
	signal := c.importEnabled(strings.Replace(sleepWorkflow("signal"), `"On demand"`, `"Signal", "event": "Case/Created"`, 1))
	scheduled := c.importEnabled(strings.Replace(sleepWorkflow("scheduled"), `"On demand"`, `"Scheduled", "event": "Schedule", "schedule": {"time_cycle": "0 * * * *"}`, 1))
	for _, test := range []struct {
		query, body string
		status      int
		message     string
	}{
		{"", "{}", 400, "definition_id or name is required"},
		{"definition_id=nope", "{}", 404, "definition with id nope not found"},
		{"name=nope", "{}", 404, "definition with name nope not found"},
		{"definition_id=" + off, "{}", 412, "workflow definition " + off + " is disabled, re-enable to allow running on-demand"},
		{"definition_id=" + signal, "{}", 412, "workflow definition " + signal + " is not an On-demand or schedule triggered workflow"},
		{"definition_id=" + needy, "{}", 400, "failed JSON schema validation: [/required:ticket is invalid, missing property 'ticket']"},
		{"definition_id=" + needy, "[]", 400, "invalid request body"},
		{"definition_id=" + scheduled + "&depth=5", "{}", 400, "invalid depth"},
		{"definition_id=" + scheduled + "&depth=x", "{}", 400, "invalid depth"},
	} {
		got := c.call(http.MethodPost, executePath+"?"+test.query, test.body)
		got.want(t, test.status, test.message)
		if codes := got.codes(); codes[0] != test.status {
			t.Errorf("%s: code %v", test.query, codes)
		}
	}
	if runs := c.server.Executions(); len(runs) != 0 {
		t.Errorf("a refused execution ran: %+v", runs)
	}
	c.execute("definition_id="+scheduled+"&depth=4", "{}")
	c.execute("name="+url.QueryEscape("scheduled"), "{}")
	wrong := c.execute("definition_id="+needy, `{"ticket": ["a wrong type"]}`)
	if got := c.result(wrong); fmt.Sprint(got["trigger"].(map[string]any)["result"]) != "map[ticket:[a wrong type]]" {
		t.Errorf("a wrong type is accepted and starts a run: %v", got)
	}
}

func TestExecuteWithKey(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	id := c.importEnabled(sleepWorkflow("a"))
	first := c.execute("definition_id="+id+"&key=k", "{}")
	if again := c.execute("definition_id="+id+"&key=k", "{}"); again != first {
		t.Errorf("the same key started %s after %s", again, first)
	}
	if other := c.execute("definition_id="+id+"&key=l", "{}"); other == first {
		t.Error("another key did not start a run")
	}
	if without := c.execute("definition_id="+id, "{}"); without == first || len(c.server.Executions()) != 3 {
		t.Errorf("executions %+v", c.server.Executions())
	}
}

func TestExecutionResults(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	id := c.importEnabled(`{"name": "a", "trigger": {"type": "On demand", "next": ["is"]},
		"conditions": {"is": {"cel_expression": "data['x'] == 'y'", "display": ["x"], "next": ["wait"]}},
		"actions": {
			"wait": {"id": "4f1af1ae4c13dc1e3bcd725f8dc0f63b", "version_constraint": "~1", "next": ["query"], "properties": {"sleep_time": "1m"}},
			"query": {"id": "cdf5c3e0d69f156eaaf56c1f5d3f1b66", "class": "Inline.QueryEvent", "version_constraint": "~1", "next": ["each"],
				"inline_configuration": {"config": {"search_query": "x", "repo_or_view": "search-all", "start": "1d", "end": "now"}}}},
		"loops": {"each": {"for": {"input": "query.results"}, "trigger": {"next": ["inner"]}, "actions": {
			"inner": {"id": "4f1af1ae4c13dc1e3bcd725f8dc0f63b", "version_constraint": "~1", "properties": {"sleep_time": "1m"}}}}}}`)
	run := c.execute("definition_id="+id, `{"x": "y"}`)
	if got := c.result(run); got["status"] != "In progress" || got["end_timestamp"] != nil || len(got["activities"].([]any)) != 0 {
		t.Errorf("first look: %v", got)
	}
	got := c.result(run)
	if got["status"] != "Completed" || got["end_timestamp"] == nil || got["definition_id"] != id || got["definition_version"] != 2.0 {
		t.Errorf("second look: %v", got)
	}
	results := map[string]any{}
	for _, item := range got["activities"].([]any) {
		node := item.(map[string]any)
		results[node["node_id"].(string)] = node["result"]
		if _, has := node["result"]; has != (node["node_id"] == "query") || node["status"] != "Succeeded" {
			t.Errorf("node %v", node)
		}
	}
	if results["query"].(map[string]any)["results"] == nil || len(got["flows"].([]any)) != 1 || len(got["loops"].([]any)) != 1 {
		t.Errorf("result %v", got)
	}
	for skip, left := range map[string]string{"trigger": "trigger", "activities": "activities", "flows": "flows", "submodels": "loops"} {
		lean := c.call(http.MethodGet, resultsPath+"?ids="+run+"&skip_fields="+skip, "").first(t)
		if _, there := lean[left]; there || len(lean) != len(got)-1 {
			t.Errorf("without %s: %v", skip, lean)
		}
	}
	c.call(http.MethodGet, resultsPath, "").want(t, 400, "ids: 1 to 500 are required")
	c.call(http.MethodGet, resultsPath+"?ids="+run+"&ids=nope", "").want(t, 404, "execution with id nope not found")
	c.call(http.MethodGet, resultsPath+"?"+strings.Repeat("ids="+run+"&", 500), "").want(t, 200, "")
	c.call(http.MethodGet, resultsPath+"?"+strings.Repeat("ids="+run+"&", 501), "").want(t, 400, "ids: 1 to 500")
}

func TestExecutionsCombined(t *testing.T) {
	t.Parallel()
	clock := newClock()
	c := newTestClient(t, Options{Now: clock.now})
	a, b := c.importEnabled(sleepWorkflow("a")), c.importEnabled(sleepWorkflow("b run"))
	ask := c.importEnabled(humanInputWorkflow)
	first := c.execute("definition_id="+a, "{}")
	clock.move(time.Minute)
	if err := c.server.SetOutcome(b, "Failed"); err != nil {
		t.Fatal(err)
	}
	second := c.execute("definition_id="+b, "{}")
	clock.move(time.Minute)
	third := c.execute("definition_id="+ask, "{}")
	names := map[string]string{first: "1", second: "2", third: "3"}
	for _, test := range []struct{ filter, more, want string }{
		{"", "", "3 2 1"},
		{"id:'" + first + "'", "", "1"},
		{"definition_id:'" + b + "'", "", "2"},
		{"definition_name:'b run'", "", "2"},
		{"definition_name:~'run'", "", "2"},
		{"definition_version:>=2", "", "3 2 1"},
		{"started_timestamp:>'now-90s'", "", "3 2"},
		{"completed_timestamp:>'2020-01-01'", "", "2 1"},
		{"ui_status:'Completed'", "", "1"},
		{"ui_status:'Action required'", "", "3"},
		{"status:'Succeeded'", "", "1"},
		{"status:'Completed'", "", ""},
		{"status:'Failed'", "", "2"},
		{"status:'In progress'", "", "3"},
		{"status:['Failed','Succeeded']", "", "2 1"},
		{"", "&sort=started_timestamp.asc", "1 2 3"},
		{"", "&sort=definition_name", "2 3 1"},
		{"", "&sort=ui_status.asc&limit=1", "3"},
		{"", "&sort=status,id&offset=2", "2"},
	} {
		got := c.call(http.MethodGet, executionsPath+"?filter="+url.QueryEscape(test.filter)+test.more, "")
		got.want(t, 200, "")
		var found []string
		for _, item := range got.resources() {
			found = append(found, names[item.(map[string]any)["execution_id"].(string)])
		}
		if strings.Join(found, " ") != test.want {
			t.Errorf("%s %s: %q, want %q", test.filter, test.more, found, test.want)
		}
	}
	for query, message := range map[string]string{
		"filter=execution_id:'x'":     "Invalid FQL: fql: execution_id is an unknown property",
		"filter=start_timestamp:>'x'": "Invalid FQL: fql: start_timestamp is an unknown property",
		"filter=end_timestamp:>'x'":   "Invalid FQL: fql: end_timestamp is an unknown property",
		"sort=start_timestamp.asc":    "invalid sort", "sort=id|asc": "invalid sort", "limit=501": "invalid limit",
	} {
		c.call(http.MethodGet, executionsPath+"?"+query, "").want(t, 400, message)
	}
}

func TestExecutionTotalStops(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	id := c.importEnabled(sleepWorkflow("a"))
	c.server.mu.Lock()
	for range 10001 {
		c.server.addExecution(c.server.workflows[id], firedEvent{})
	}
	c.server.mu.Unlock()
	got := c.call(http.MethodGet, executionsPath+"?limit=1", "")
	if total := got.doc["meta"].(map[string]any)["pagination"].(map[string]any)["total"]; total != 10000.0 {
		t.Errorf("total %v", total)
	}
}

func TestHumanInput(t *testing.T) {
	t.Parallel()
	clock := newClock()
	c := newTestClient(t, Options{Now: clock.now})
	run := c.execute("definition_id="+c.importEnabled(humanInputWorkflow), "{}")
	clock.move(time.Minute)
	for range 2 {
		got := c.result(run)
		node := got["activities"].([]any)[0].(map[string]any)
		if got["status"] != "Action required" || got["end_timestamp"] != nil || node["status"] != "Pending" || len(got["activities"].([]any)) != 1 {
			t.Errorf("waiting: %v", got)
		}
	}
	id := c.server.Executions()[0].HumanInputs[0]
	if got := c.call(http.MethodGet, inputsPath+"?ids="+id, "").first(t); got["id"] != id || got["completed"] != false {
		t.Errorf("input %v", got)
	}
	c.call(http.MethodGet, inputsPath+"?ids=nope", "").want(t, 404, "human input with id nope not found")
	c.call(http.MethodPatch, inputsPath+"?id="+id, `{"input": "Maybe", "note": ""}`).want(t, 400, `input "Maybe" is not allowed`)
	c.call(http.MethodPatch, inputsPath+"?id="+id, `{"input": "Approve"}`).want(t, 400, "input and note are required")
	c.call(http.MethodPatch, inputsPath+"?id="+id, `{"input": "Approve", "note": ""}`).want(t, 200, "")
	c.call(http.MethodPatch, inputsPath+"?id="+id, `{"input": "Approve", "note": ""}`).want(t, 400, "human input with id")
	if got := c.result(run); got["status"] != "Completed" || len(got["activities"].([]any)) != 2 {
		t.Errorf("decided: %v", got)
	}
	if got := c.call(http.MethodGet, inputsPath+"?ids="+id, "").first(t); got["input"] != "Approve" || got["completed_at"] == nil {
		t.Errorf("input %v", got)
	}
}

func TestReadingsOfExecutionStates(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		readings Readings
		want     []string // of a canceled, a completed, a failed, an odd, and a waiting one
		node     string
	}{
		{nil, []string{"Canceled", "Completed", "Failed", "Odd", "Action required"}, "Succeeded"},
		{Readings{"Q46": "b"}, []string{"Cancelled", "Completed", "Failed", "Odd", "Action required"}, "Succeeded"},
		{Readings{"Q46": "c"}, []string{"Failed", "Completed", "Failed", "Odd", "Action required"}, "Succeeded"},
		{Readings{"Q47": "b", "Q48": "b"}, []string{"Canceled", "Succeeded", "Failed", "Odd", "ActionRequired"}, "Completed"},
	} {
		clock := newClock()
		c := newTestClient(t, Options{Readings: test.readings, Now: clock.now})
		id, ask := c.importEnabled(sleepWorkflow("a")), c.importEnabled(humanInputWorkflow)
		var runs []string
		for i, outcome := range []string{"", "Completed", "Failed", "Odd"} {
			if err := c.server.SetOutcome(id, outcome); err != nil {
				t.Fatal(err)
			}
			runs = append(runs, c.execute("definition_id="+id, "{}"))
			if i == 0 {
				c.call(http.MethodPost, "/workflows/entities/execution-actions/v1?action_name=cancel", `{"ids": ["`+runs[0]+`"]}`).want(t, 200, "")
			}
		}
		runs = append(runs, c.execute("definition_id="+ask, "{}"))
		clock.move(time.Second)
		var got []string
		for _, run := range runs {
			got = append(got, c.result(run)["status"].(string))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%v: %q, want %q", test.readings, got, test.want)
		}
		if node := c.result(runs[1])["activities"].([]any)[0].(map[string]any)["status"]; node != test.node {
			t.Errorf("%v: node %v", test.readings, node)
		}
		found := c.call(http.MethodGet, executionsPath+"?filter=status:'Canceled'", "").resources()
		if len(found) != 1 || found[0].(map[string]any)["execution_id"] != runs[0] {
			t.Errorf("%v: canceled %v", test.readings, found)
		}
	}
}

func TestCancelAndResume(t *testing.T) {
	t.Parallel()
	const actions = "/workflows/entities/execution-actions/v1?action_name="
	c := newTestClient(t, Options{})
	id := c.importEnabled(humanInputWorkflow)
	one, two := c.execute("definition_id="+id, "{}"), c.execute("definition_id="+id, "{}")
	c.call(http.MethodPost, actions+"cancel", `{"ids": ["nope"]}`).want(t, 404, "execution with id nope not found")
	c.call(http.MethodPost, actions+"cancel", `{}`).want(t, 400, "ids is required")
	c.call(http.MethodPost, actions+"stop", `{"ids": ["`+one+`"]}`).want(t, 400, "invalid action_name")
	c.call(http.MethodPost, actions+"resume", `{"ids": ["`+one+`"]}`).want(t, 200, "")
	if got := c.result(one)["status"]; got != "Action required" {
		t.Errorf("resumed: %v", got)
	}
	c.call(http.MethodPost, actions+"cancel", `{"ids": ["`+one+`"]}`).want(t, 200, "")
	if a, b := c.result(one)["status"], c.result(two)["status"]; a != "Canceled" || b != "Action required" {
		t.Errorf("canceled: %v, the other: %v", a, b)
	}
	c.act("cancel", id).want(t, 200, "") // all of the definition
	if b := c.result(two)["status"]; b != "Canceled" {
		t.Errorf("all canceled: %v", b)
	}
}

func TestReadingsOfExecutionReads(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 200, "b": 404} {
		clock := newClock()
		c := newTestClient(t, Options{Now: clock.now, Readings: Readings{"Q49": letter}})
		run := c.execute("definition_id="+c.importEnabled(sleepWorkflow("a")), "{}")
		clock.move(time.Second - 1)
		listed := len(c.call(http.MethodGet, executionsPath, "").resources())
		if got := c.call(http.MethodGet, resultsPath+"?ids="+run, "").status; got != status || listed != map[int]int{200: 1}[status] {
			t.Errorf("Q49=%s: %d and %d listed", letter, got, listed)
		}
		clock.move(1)
		c.result(run)
	}
}
