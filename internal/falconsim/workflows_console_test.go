package falconsim

import (
	"net/http"
	"strings"
	"testing"
)

// A workflow that a person created in the console is like one that was imported: it can be listed, exported, and enabled.
func TestConsoleCreatesWorkflows(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{Readings: Readings{"Q39": "c"}}) // writes through the API are seen late
	post := func(query, document string) apiResponse {
		return c.call(http.MethodPost, consolePath+"/workflows"+query, document, "Authorization", "")
	}
	document := readFile(t, "testdata/import.yaml")
	id, ok := post("", document).doc["id"].(string)
	if !ok {
		t.Fatal("no id")
	}
	row := c.get("/workflows/combined/definitions/v1?filter=id:'" + id + "'").first(t)
	if row["enabled"] != false || row["version"] != 1.0 || row["has_validation_errors"] != false {
		t.Errorf("the list shows %v", row)
	}
	_, want, _ := strings.Cut("\n"+readFile(t, "testdata/export.yaml"), "\n# This is an exported")
	if got := c.export("sanitize=false&id=" + id); got.text != "# This is an exported"+want {
		t.Errorf("export\n%s", got.text)
	}
	c.act("enable", id).want(t, 200, "")

	enabled, ok := post("?enabled=true", sleepWorkflow("second")).doc["id"].(string)
	if workflow, err := c.server.Workflow(enabled); !ok || err != nil || !workflow.Enabled || workflow.Version != 1 {
		t.Errorf("enabled: %v, %v", workflow, err)
	}
	unfinished := strings.Replace(sleepWorkflow("third"), `"next": ["wait"]`, `"next": ["nowhere"]`, 1)
	for _, test := range []struct{ query, document, says string }{
		{"", sleepWorkflow("second"), `already named \"second\"`},
		{"", "name: [", "error"},
		{"", `{"name": "x", "trigger": {"next": "wait"}}`, "error"},
		{"", `{"name": "x", "trigger": {}}`, "no trigger with a type"},
		{"", `{"trigger": {"type": "On demand"}}`, "no name"},
		{"?enabled=maybe", sleepWorkflow("x"), "true or false"},
		{"?enabled=true", unfinished, "cannot be enabled"},
	} {
		if got := post(test.query, test.document); got.status != 400 || !strings.Contains(got.text, test.says) {
			t.Errorf("%s %s: %d %s", test.query, test.document, got.status, got.text)
		}
	}
	draft, ok := post("", unfinished).doc["id"].(string)
	if workflow, err := c.server.Workflow(draft); !ok || err != nil || !workflow.Invalid || len(c.server.Workflows()) != 3 {
		t.Errorf("a draft: %v, %v", workflow, err)
	}
}
