package falconsim

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

const (
	activitiesPath = "/workflows/combined/activities/v1"
	triggersPath   = "/workflows/combined/triggers/v1"
)

func TestCatalogSortsAndPages(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	first := func(path, query, key string) any { return c.call(http.MethodGet, path+"?"+query, "").first(t)[key] }
	if a, z := first(activitiesPath, "sort=name.asc&limit=1", "name"), first(activitiesPath, "sort=name&limit=1", "name"); a != "APIVoid - Enrich Domain" || z != "ZScaler - Add URL or IP to Blacklist" {
		t.Errorf("sorted: %v, %v", a, z)
	}
	if got := first(triggersPath, "sort=category.asc&limit=1", "category"); got != "Case" {
		t.Errorf("sorted: %v", got)
	}
	for _, path := range []string{activitiesPath, triggersPath, "/workflows/combined/activity-content/v1"} {
		for query, message := range map[string]string{
			"sort=color.asc": "invalid sort", "sort=name|asc": "invalid sort", "limit=501": "invalid limit", "limit=0": "invalid limit",
			"filter=color:'x'": "Invalid FQL: fql: color is an unknown property",
		} {
			c.call(http.MethodGet, path+"?"+query, "").want(t, 400, message)
		}
		if got := c.call(http.MethodGet, path+"?limit=3&offset=2", ""); len(got.resources()) != 3 {
			t.Errorf("%s: %s", path, got.text)
		}
	}
	c.call(http.MethodGet, activitiesPath+"?skip_artifact_resolution=true", "").want(t, 200, "")
	c.call(http.MethodGet, activitiesPath+"?skip_artifact_resolution=x", "").want(t, 400, "invalid skip_artifact_resolution")
}

func TestReadingsOfTheCatalog(t *testing.T) {
	t.Parallel()
	webhook := func(c *testClient) map[string]any {
		return c.call(http.MethodGet, activitiesPath+"?filter="+url.QueryEscape("name:'Call webhook'"), "").first(t)
	}
	keys := func(c *testClient) string {
		properties := webhook(c)["input_schema"].(map[string]any)["properties"].(map[string]any)
		return strings.Join(slices.Sorted(maps.Keys(properties)), " ")
	}
	version := func(c *testClient) string { text, _ := webhook(c)["semantic_version"].(string); return text }
	category := func(filter string) func(*testClient) string {
		return func(c *testClient) string {
			var found []string
			for _, item := range c.call(http.MethodGet, triggersPath+"?filter="+url.QueryEscape(filter), "").resources() {
				found = append(found, item.(map[string]any)["category"].(string))
			}
			return strings.Join(found, " ")
		}
	}
	fields := func(c *testClient) string {
		var names []string
		for _, item := range c.call(http.MethodGet, triggersPath+"?filter="+url.QueryEscape("category:'ZeroTrust/HostScoreChange'"), "").first(t)["fields"].([]any) {
			if name, ok := strings.CutPrefix(item.(map[string]any)["name"].(string), "Trigger.Category.ZeroTrust.EventType.HostScoreChange."); ok {
				names = append(names, name)
			}
		}
		return strings.Join(names, " ")
	}
	updates := func(c *testClient) string {
		for _, event := range []string{definition.CaseUpdated, definition.CaseStatusChanged} {
			c.importEnabled(strings.Replace(sleepWorkflow(event), `"On demand"`, `"Signal", "event": "`+event+`"`, 1))
		}
		id, status := c.server.CreateCase("x"), "closed"
		c.update(id, CaseUpdate{Status: &status})
		var ran []string
		for _, run := range c.server.Executions() {
			ran = append(ran, run.WorkflowName)
		}
		return strings.Join(ran, " ")
	}
	for _, test := range []struct {
		id   string
		show func(*testClient) string
		want map[string]string
	}{
		{"Q22", keys, map[string]string{"a": "_fields config_id data_format", "b": "data_to_include format webhook_config_id", "c": "_fields config_id"}},
		{"Q23", version, map[string]string{"a": "1.0.3", "b": "", "c": "2.1.0"}},
		{"Q24", category("category:~'ZeroTrust'"), map[string]string{"a": definition.HostScoreChange + " " + definition.OverallScoreChange, "b": definition.HostScoreChange}},
		{"Q25", category("category:'Incident',category:'Case/Created',category:'Case/Updated'"), map[string]string{"a": "Incident Case/Created Case/Updated", "b": "Incident"}},
		{"Q26", fields, map[string]string{"a": "OverallScore PreviousOverallScore OSScore SensorScore SensorID Hostname Timestamp", "b": "OverallScore"}},
		{"Q27", updates, map[string]string{"a": "Case/Updated Case/StatusChanged", "b": "Case/StatusChanged"}},
	} {
		for letter, want := range test.want {
			if got := test.show(newTestClient(t, Options{Readings: Readings{test.id: letter}})); got != want {
				t.Errorf("%s=%s: %q, want %q", test.id, letter, got, want)
			}
		}
	}
}

func TestCatalog(t *testing.T) {
	t.Parallel()
	const activities, triggers = "/workflows/combined/activities/v1?filter=", "/workflows/combined/triggers/v1?filter="
	c := newTestClient(t, Options{})
	found := c.call(http.MethodGet, activities+url.QueryEscape("name:~'call webhook'"), "").first(t)
	schema := found["input_schema"].(map[string]any)
	if found["name"] != "Call webhook" || found["app_id"] != definition.WebhookAppID() || !strings.HasPrefix(found["semantic_version"].(string), "1.0.") {
		t.Errorf("Call webhook is %v", found)
	}
	if fields := schema["properties"].(map[string]any)["_fields"].(map[string]any); fields["title"] != "Data to include" {
		t.Errorf("schema %v", schema)
	}
	if n := len(c.call(http.MethodGet, activities+"&limit=500", "").resources()); n < 30 {
		t.Errorf("only %d activities", n)
	}
	for _, test := range []struct {
		options Options
		target  string
		want    int
	}{
		{Options{}, activities + "name:'Call+webhook'", 1},
		{Options{}, activities + "name:'email'", 2},
		{Options{}, activities + "name:'emai'", 0},
		{Options{NoCallWebhook: true}, activities + "name:~'webhook'", 0},
		{Options{}, triggers + "category:~'ZeroTrust'", 2},
		{Options{Readings: Readings{"Q24": "b"}}, triggers + "category:~'ZeroTrust'", 1},
		{Options{}, triggers + "category:'Case/Created'", 1},
		{Options{}, triggers + "category:'Investigatable'", 1},
		{Options{}, triggers + "category:~'Investigatable'", 6},
		{Options{Readings: Readings{"Q25": "b"}}, triggers + "category:~'Case'", 0},
	} {
		if got := newTestClient(t, test.options).call(http.MethodGet, test.target, ""); got.status != 200 || len(got.resources()) != test.want {
			t.Errorf("%+v %s: %d resources, want %d", test.options, test.target, len(got.resources()), test.want)
		}
	}
	renamed := newTestClient(t, Options{Readings: Readings{"Q22": "b"}})
	if got := renamed.call(http.MethodGet, activities+"name:~'webhook'", "").text; !strings.Contains(got, `"data_to_include":{`) || strings.Contains(got, "_fields\":{") {
		t.Errorf("renamed keys: %s", got)
	}
	if got := c.call(http.MethodGet, triggers+"name:~'overall'", "").first(t); !strings.Contains(c.call(http.MethodGet, triggers, "").text, "Trigger.Category.ZeroTrust.EventType.HostScoreChange.OverallScore") || got["category"] != definition.OverallScoreChange {
		t.Errorf("trigger %v", got)
	}
}
