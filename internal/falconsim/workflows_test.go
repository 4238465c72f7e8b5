package falconsim

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

const (
	listPath    = "/workflows/combined/definitions/v1"
	exportPath  = "/workflows/entities/definitions/export/v1"
	actionsPath = "/workflows/entities/definition-actions/v1"
)

// sleepWorkflow returns the smallest workflow that can be enabled.
func sleepWorkflow(name string) string {
	return fmt.Sprintf(`{"name": %q, "trigger": {"type": "On demand", "next": ["wait"]}, "actions": {"wait":
		{"id": "4f1af1ae4c13dc1e3bcd725f8dc0f63b", "version_constraint": "~1", "properties": {"sleep_time": "1m"}}}}`, name)
}

func withID(id, document string) string { return `{"id": "` + id + `",` + document[1:] }

func (c *testClient) act(action, id string) apiResponse {
	c.t.Helper()
	return c.call(http.MethodPost, actionsPath+"?action_name="+action, `{"ids": ["`+id+`"]}`)
}

func (c *testClient) export(query string) apiResponse {
	c.t.Helper()
	return c.call(http.MethodGet, exportPath+"?"+query, "", "Accept", yamlType)
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestExportBytes(t *testing.T) {
	t.Parallel()
	const samples = "../testdata/workflows/"
	documents := [][2]string{
		{"testdata/import.yaml", "testdata/export.yaml"},
		{"testdata/export.yaml", "testdata/export.yaml"},
		{"testdata/schema.yaml", "testdata/schema.yaml"},
		{samples + "imported.yaml", samples + "exported.yaml"},
		{samples + "triage-report.yaml", samples + "triage-report.yaml"},
		{samples + "look-up-address.yaml", samples + "look-up-address.yaml"},
	}
	for _, pair := range documents {
		t.Run(filepath.Base(pair[0]), func(t *testing.T) {
			t.Parallel()
			c := newTestClient(t, Options{})
			got := c.export("sanitize=false&id=" + c.importWorkflow(readFile(t, pair[0])))
			_, want, _ := strings.Cut("\n"+readFile(t, pair[1]), "\n# This is an exported")
			if want = "# This is an exported" + want; got.text != want {
				t.Errorf("got\n%s\nwant\n%s", got.text, want)
			}
			if got.header.Get("Content-Type") != yamlType {
				t.Errorf("content type %q", got.header.Get("Content-Type"))
			}
		})
	}
}

func TestExportIsSanitizedByDefault(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	text := strings.Replace(readFile(t, "testdata/import.yaml"), "  mail:\n", "  to:\n", 1) // an action of that name stays
	id := c.importWorkflow(strings.ReplaceAll(text, "- mail", "- to"))
	for query, want := range map[string]string{"": "to: []", "&sanitize=true": "to: []", "&sanitize=false": "- oncall@example.com"} {
		got := c.export("id=" + id + query).text
		if !strings.Contains(got, want) || !strings.Contains(got, "default_name: Send email") {
			t.Errorf("%q: %q is not in\n%s", query, want, got)
		}
	}
}

func TestExportRefusals(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	id := c.importWorkflow(sleepWorkflow("a"))
	for _, accept := range []string{"application/json", "application/json, application/yaml", "application/x-yaml"} {
		c.call(http.MethodGet, exportPath+"?id="+id, "", "Accept", accept).want(t, 406, "Not Acceptable")
	}
	for _, accept := range []string{"", yamlType, "*/*", "text/html, */*;q=0.8"} {
		if got := c.call(http.MethodGet, exportPath+"?id="+id, "", "Accept", accept); got.status != 200 || got.header.Get("Content-Type") != yamlType {
			t.Errorf("Accept %q: %d %s", accept, got.status, got.text)
		}
	}
	if acceptsYAML([]string{"application/json", yamlType}) {
		t.Error("the two lines that gofalcon sends are accepted")
	}
	unknown := strings.Repeat("0", 32)
	c.export("").want(t, 400, "id is required")
	c.export("id="+unknown).want(t, 404, "definition with id "+unknown+" not found")
	c.export("id="+id+"&version=0").want(t, 404, "definition with id "+id+" not found")
	c.export("id="+id+"&version=2").want(t, 404, "definition with id "+id+" not found")
	c.export("id="+id+"&sanitize=maybe").want(t, 400, "invalid sanitize")
}

func TestImport(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	only := c.upload(sleepWorkflow("a"), "?validate_only=true")
	if !strings.Contains(only.text, `"resources":[{"parameters":null}]`) || len(c.server.Workflows()) != 0 {
		t.Errorf("validate_only: %s", only.text)
	}
	c.upload(strings.ReplaceAll(sleepWorkflow("a"), "4f1a", "ffff"), "?validate_only=true").want(t, 200, "")

	id := c.importWorkflow(`{"enabled": true, "version": 7, "unknown": 1,` + sleepWorkflow("a")[1:])
	w, err := c.server.Workflow(id)
	if err != nil || w.Enabled || w.Version != 1 || w.Document["unknown"] != nil {
		t.Errorf("stored %+v, %v", w, err)
	}
	c.upload(sleepWorkflow("a"), "").want(t, 409, "A workflow by this name already exists. Try a new name.")
	c.upload(sleepWorkflow("a"), "?name=b").want(t, 200, "")
	for _, text := range []string{"a: [1\nb: 2", "just a text", "", "a: 1\na: 2"} {
		c.upload(text, "").want(t, 400, "import file must be a valid YAML file")
	}
	c.upload("trigger: {type: On demand}", "").want(t, 400, "name is required")
	c.call(http.MethodPost, "/workflows/entities/definitions/import/v1", sleepWorkflow("c")).want(t, 400, "request Content-Type isn't multipart/form-data")

	invalid := c.upload(`{"name": "i", "trigger": {"type": "Signal", "next": ["x"]}, "actions": {"x": {"id": "unknown"}}}`, "")
	invalid.want(t, 200, "")
	first := invalid.first(t)["validation_errors"].([]any)[0].(map[string]any)
	if first["code"] != 2003.0 || first["message"] != "unknown trigger event named " || first["node_id"] != "trigger" {
		t.Errorf("validation error %v", first)
	}
	listed := c.call(http.MethodGet, listPath+"?filter=id:'"+invalid.first(t)["id"].(string)+"'", "").first(t)
	if listed["has_validation_errors"] != true || listed["enabled"] != false {
		t.Errorf("listed %v", listed)
	}
}

func TestEnableRefusals(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	const slack = `{"id": "184239ceb8a046cfb159228abd7cc67e", "properties": {"json": {"text": "x"}}}`
	for name, test := range map[string]struct {
		options Options
		trigger string
		actions string
		status  int
		codes   []int
	}{
		"no event":                {trigger: `"type": "Signal", "next": ["a"]`, actions: `"a": ` + slack, status: 200, codes: []int{2003}},
		"ends with trigger":       {trigger: `"type": "On demand"`, actions: `"a": ` + slack, status: 200, codes: []int{2017}},
		"no action":               {trigger: `"type": "On demand", "next": ["a"]`, status: 200, codes: []int{2019, 2017}},
		"edge to nowhere":         {trigger: `"type": "On demand", "next": ["b"]`, actions: `"a": ` + slack, status: 200, codes: []int{2017}},
		"missing property":        {trigger: `"type": "On demand", "next": ["a"]`, actions: `"a": {"id": "07413ef9ba7c47bf5a242799f59902cc", "properties": {"to": ["x"], "msg": "m"}}`, status: 200, codes: []int{2016}},
		"plugin not configured":   {options: Options{NoSlackConfig: true}, trigger: `"type": "On demand", "next": ["a"]`, actions: `"a": ` + slack, status: 200, codes: []int{2035}},
		"webhook not configured":  {trigger: `"type": "On demand", "next": ["a"]`, actions: `"a": {"id": "` + definition.CallWebhookID + `", "version_constraint": "~1", "properties": {"_fields": ["x"]}}`, status: 200, codes: []int{2035}},
		"unknown activity":        {trigger: `"type": "On demand", "next": ["a"]`, actions: `"a": {"id": "unknown", "version_constraint": "~3"}`, status: 404, codes: []int{404}},
		"constraint does not fit": {trigger: `"type": "On demand", "next": ["a"]`, actions: `"a": {"id": "4f1af1ae4c13dc1e3bcd725f8dc0f63b", "properties": {"sleep_time": "1m"}}`, status: 200, codes: []int{2018}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTestClient(t, test.options)
			id := c.importWorkflow(`{"name": "w", "trigger": {` + test.trigger + `}, "actions": {` + test.actions + `}}`)
			got := c.act("enable", id)
			if got.status != test.status || !slices.Equal(got.codes(), test.codes) || len(got.resources()) != 0 {
				t.Errorf("%d %s", got.status, got.text)
			}
			if w, err := c.server.Workflow(id); err != nil || w.Enabled || w.Version != 1 {
				t.Errorf("after a refused enable: %+v, %v", w, err)
			}
		})
	}
	c.act("enable", "nope").want(t, 404, "definition with id nope not found")
	id := c.importWorkflow(sleepWorkflow("a"))
	c.act("pause", id).want(t, 400, "invalid action_name")
	c.call(http.MethodPost, actionsPath+"?action_name=enable", "{}").want(t, 400, "ids is required")
}

func TestVersionsRise(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	id := c.importWorkflow(sleepWorkflow("a"))
	version := func() (int, bool) {
		w, err := c.server.Workflow(id)
		if err != nil {
			t.Fatal(err)
		}
		return w.Version, w.Enabled
	}
	enabled := c.act("enable", id)
	enabled.want(t, 200, "")
	if v, on := version(); v != 2 || !on || len(enabled.resources()) != 0 {
		t.Errorf("after enable: version %d, enabled %v, %s", v, on, enabled.text)
	}
	put := c.call(http.MethodPut, definitionsPath, withID(id, `{"enabled": false,`+sleepWorkflow("renamed")[1:]))
	put.want(t, 200, "")
	if v, on := version(); v != 3 || !on || put.resources()[0] != id {
		t.Errorf("after PUT: version %d, enabled %v, %s", v, on, put.text)
	}
	c.act("disable", id).want(t, 200, "")
	if v, on := version(); v != 4 || on {
		t.Errorf("after disable: version %d, enabled %v", v, on)
	}
	for number, name := range map[int]string{1: "name: a\n", 2: "name: a\n", 3: "name: renamed\n"} {
		if got := c.export(fmt.Sprintf("id=%s&version=%d", id, number)); !strings.Contains(got.text, name) {
			t.Errorf("version %d: %s", number, got.text)
		}
	}
	c.call(http.MethodDelete, definitionsPath+"?ids="+id, "").want(t, 200, "")
	c.call(http.MethodDelete, definitionsPath+"?ids="+id, "").want(t, 404, "definition with id "+id+" not found")
}

//nolint:paralleltest // each step depends on the ones before
func TestPutRefusals(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{NoSlackConfig: true})
	c.importWorkflow(sleepWorkflow("taken"))
	id := c.importWorkflow(sleepWorkflow("a"))
	const slack = `{"name": "s", "trigger": {"type": "On demand", "next": ["a"]}, "actions": {"a": {"id": "184239ceb8a046cfb159228abd7cc67e", "properties": {"json": {"text": "x"}}}}}`
	for _, test := range []struct {
		name, kind, query, body string
		status                  int
		message                 string
	}{
		{"the SDK's wrapper", "application/json", "", `{"Definition": ` + sleepWorkflow("b") + `, "id": "` + id + `", "enabled": true}`, 500, "Internal Server Error: Please provide trace-id='"},
		{"other YAML type", "application/x-yaml", "", "id: " + id, 415, "unsupported media type"},
		{"no id", yamlType, "", "name: b", 400, "invalid ID"},
		{"unknown id", yamlType, "", "id: x\nname: b", 404, "definition not found for id"},
		{"malformed YAML", yamlType, "", "id: [", 400, "yaml: "},
		{"YAML sent as JSON", "application/json", "", "id: x", 400, "invalid character"},
		{"name of another", "application/json", "", withID(id, sleepWorkflow("taken")), 409, "A workflow by this name"},
		{"unknown activity", "application/json", "", strings.ReplaceAll(withID(id, sleepWorkflow("b")), "4f1a", "ffff"), 404, "activity not found for id ffff"},
		{"unknown activity, only validated", "application/json", "?validate_only=true", strings.ReplaceAll(withID(id, sleepWorkflow("b")), "4f1a", "ffff"), 404, "activity not found for id ffff"},
		{"unknown event", "application/json", "", strings.ReplaceAll(withID(id, sleepWorkflow("b")), `"On demand"`, `"Signal", "event": "Nope"`), 400, "unknown trigger event named Nope"},
		{"plugin, only validated", "application/json", "?validate_only=true", withID(id, slack), 200, "missing required plugin configuration for 'Slack v2 - Chat PostMessage'"},
		{"valid, only validated", "application/json", "?validate_only=true", withID(id, sleepWorkflow("b")), 200, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := c.call(http.MethodPut, definitionsPath+test.query, test.body, "Content-Type", test.kind)
			got.want(t, test.status, test.message)
			if strings.Contains(got.text, tracePlaceholder) {
				t.Error("the trace id is not filled in")
			}
			if w, err := c.server.Workflow(id); err != nil || w.Version != 1 || w.Name != "a" {
				t.Errorf("the workflow changed: %+v, %v", w, err)
			}
		})
	}
	c.call(http.MethodPut, definitionsPath, withID(id, slack)).want(t, 200, "")
	if w, err := c.server.Workflow(id); err != nil || w.Version != 2 || !w.Invalid {
		t.Errorf("an unconfigured plugin is saved and marked: %+v, %v", w, err)
	}
}

func TestUndocumentedPost(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	got := c.call(http.MethodPost, definitionsPath, `{"enabled": true,`+sleepWorkflow("a")[1:])
	got.want(t, 200, "")
	id := got.resources()[0].(string)
	if w, err := c.server.Workflow(id); err != nil || !w.Enabled {
		t.Errorf("enabled is not respected: %+v, %v", w, err)
	}
	again := c.call(http.MethodPost, definitionsPath, sleepWorkflow("a"))
	again.want(t, 409, "A workflow by this name")
	if again.doc["errors"].([]any)[0].(map[string]any)["id"] != id {
		t.Errorf("the clash does not name the existing one: %s", again.text)
	}
}
