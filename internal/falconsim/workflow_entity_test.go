package falconsim

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

func TestListShape(t *testing.T) {
	t.Parallel()
	for letter, objects := range map[string]bool{"a": false, "b": true} {
		c := newCaller(t, Options{Readings: Readings{"Q43": letter}})
		id := c.imported(readFile(t, "testdata/import.yaml"))
		got := c.call(http.MethodGet, listPath+"?filter=", "").first(t)
		if got["id"] != id || got["version"] != 1.0 || got["enabled"] != false || got["last_modified_timestamp"] == "" {
			t.Errorf("unexpected entity %v", got)
		}
		if _, isList := got["disconnected_nodes"].([]any); isList != objects {
			t.Errorf("disconnected_nodes %v", got["disconnected_nodes"])
		}
		mail := got["actions"].(map[string]any)["mail"].(map[string]any)
		if mail["default_name"] != "Send email" || mail["note"] != nil {
			t.Errorf("action %v", mail)
		}
	}
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	const activities, triggers = "/workflows/combined/activities/v1?filter=", "/workflows/combined/triggers/v1?filter="
	c := newCaller(t, Options{})
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
		if got := newCaller(t, test.options).call(http.MethodGet, test.target, ""); got.status != 200 || len(got.resources()) != test.want {
			t.Errorf("%+v %s: %d resources, want %d", test.options, test.target, len(got.resources()), test.want)
		}
	}
	renamed := newCaller(t, Options{Readings: Readings{"Q22": "b"}})
	if got := renamed.call(http.MethodGet, activities+"name:~'webhook'", "").text; !strings.Contains(got, `"data_to_include":{`) || strings.Contains(got, "_fields\":{") {
		t.Errorf("renamed keys: %s", got)
	}
	if got := c.call(http.MethodGet, triggers+"name:~'overall'", "").first(t); !strings.Contains(c.call(http.MethodGet, triggers, "").text, "Trigger.Category.ZeroTrust.EventType.HostScoreChange.OverallScore") || got["category"] != definition.OverallScoreChange {
		t.Errorf("trigger %v", got)
	}
}
