package fusion

import (
	"slices"
	"strings"
	"testing"
)

// Values are replaced where they are: nothing else in the text changes, in any style.
func TestReplace(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"plain":         {"name: a # one\nactions:\n  x:\n    id: old   # keep\n", "name: a # one\nactions:\n  x:\n    id: \"new's\"   # keep\n"},
		"single quotes": {"name: ä\nactions: {x: {id: 'o''ld', name: b}} # c", "name: ä\nactions: {x: {id: \"new's\", name: b}} # c"},
		"double quotes": {"actions:\n  ä: {id: \"a\"}\n  x: {name: \"öö\", id: \"o\\\"ld\"}\n", "actions:\n  ä: {id: \"a\"}\n  x: {name: \"öö\", id: \"new's\"}\n"},
		"JSON":          {"{\"actions\": {\"x\": {\"name\": \"\\u00e4\",\t\"id\":\"old\"}}}", "{\"actions\": {\"x\": {\"name\": \"\\u00e4\",\t\"id\":\"new's\"}}}"},
		"line breaks":   {"actions:\r\n  x:\r\n    id: old\r\n", "actions:\r\n  x:\r\n    id: \"new's\"\r\n"},
		"byte order":    {"\ufeffactions: {x: {id: old}}", "actions: {x: {id: \"new's\"}}"},
		"block":         {"actions: # lost\n  x:\n    id: |\n      old\n", "actions:\n  x:\n    id: \"new's\"\n"},
		"anchor":        {"actions:\n  w: {id: &a old}\n  x: {id: *a}\n", "actions:\n  w:\n    id: old\n  x:\n    id: \"new's\"\n"},
		"several lines": {"actions:\n  x:\n    id: old\n      text\n", "actions:\n  x:\n    id: \"new's\"\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, problems := Parse(tt.text)
			if doc == nil {
				t.Fatal(problems)
			}
			got, replaced := doc.Replace(tt.text, map[string]string{"actions.x.id": "new's"})
			if got != tt.want {
				t.Errorf("%s\nwant:\n%s", got, tt.want)
			}
			if again, _ := Parse(got); again == nil || !Equal(again, replaced) || replaced.Actions()[len(replaced.Actions())-1].ID != "new's" {
				t.Errorf("the text is not the document: %s", got)
			}
		})
	}
}

// A value that is replaced twice by different ones, because an alias repeats it, is written out.
func TestReplace_alias(t *testing.T) {
	t.Parallel()
	text := "actions:\n  w: {id: &a old}\n  x: {id: *a}\n"
	doc, _ := Parse(text)
	_, replaced := doc.Replace(text, map[string]string{"actions.w.id": "one", "actions.x.id": "two"})
	if ids := []string{replaced.Actions()[0].ID, replaced.Actions()[1].ID}; !slices.Equal(ids, []string{"one", "two"}) {
		t.Error(ids)
	}
}

// testTenant has an app whose configurations are known, and another one.
func testTenant() Tenant {
	return Tenant{
		Actions: []TenantAction{
			{ID: "a1", Name: "Post", Vendor: "Chat", Version: "2.1.0", AppID: "chat", AppName: "Chat app"},
			{ID: "a1", Name: "Post", Vendor: "Chat", Version: "10.0.0", AppID: "chat", AppName: "Chat app"},
			{ID: "a2", Name: "Query", Vendor: "X", Class: "Inline.QueryEvent"}, {ID: "a3", Name: "Query", Vendor: "X"},
			{ID: "a4", Name: "Call", Vendor: "CrowdStrike", AppID: "hook"},
		},
		Triggers: []TenantTrigger{{"Case", "Case", "1.0.0"}, {"Twice", "T/1", ""}, {"Twice", "T/2", ""}, {"Own", "Own/" + strings.Repeat("a", 32), ""}},
		Configs: []TenantConfig{
			{ID: "c1", DefinitionID: "d1", AppID: "chat", Name: new("SOC")}, {ID: "c2", AppID: "hook", Name: new("SOC")},
			{ID: "c3", DefinitionID: "d3", AppID: "http", Name: new("Login")}, {ID: "c4", AppID: "http", Name: nil},
		},
	}
}

func TestTenant_find(t *testing.T) {
	t.Parallel()
	tenant := testTenant()
	post := tenant.actionsWithID("A1")
	for text, want := range map[string]string{
		"falcon::action('Post').id":                             "a1",
		"falcon::action('Post').version_constraint":             "~10",
		"falcon::action('Query', class='Inline.QueryEvent').id": "a2",
		"falcon::action('Query').id":                            "error: several actions",
		"falcon::action('Post', vendor='Other').id":             `error: it has "Post" of Chat (a1)`,
		"falcon::action('Past').id":                             `error: similar name: "Post" of Chat`,
		"falcon::trigger('Case').version_constraint":            "~1",
		"falcon::trigger('Twice').event":                        "error: several triggers \"Twice\": T/1, T/2",
		"falcon::trigger('case').event":                         "error: it has Case",
		"falcon::config('SOC').id":                              "c1",
		"falcon::config('SOC', app='chat').id":                  "c1",
		"falcon::config('SOC', app='chat app').definition_id":   "d1",
		"falcon::config('SOC', app='Hook').id":                  "error: belongs to the app Chat app, not to Hook",
		"falcon::config('None').id":                             `error: no configuration "None"; it has "SOC"`,
		"falcon::credential('Login').id":                        "c3",
		"falcon::credential('SOC').id":                          `error: lists no credentials; it lists "Login"`,
		"falcon::text('falcon::')":                              "falcon::",
	} {
		l, err := ParseLookup(text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := tenant.find(l, post)
		if problem, isError := strings.CutPrefix(want, "error: "); isError {
			if err == nil || !strings.Contains(err.Error(), problem) {
				t.Errorf("%s: %q, %v, want %s", text, got, err, problem)
			}
		} else if err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", text, got, err, want)
		}
	}
}

// Where Falcon's two lists of apps have different ids, a configuration is found among all that are not known to be another
// app's. Where they have the same ids, an app without configuration never gets another app's.
func TestTenant_appsOfConfigurations(t *testing.T) {
	t.Parallel()
	l := Lookup{Kind: LookupConfig, Name: "SOC", Attribute: "id"}
	other := Tenant{Actions: testTenant().Actions, Configs: []TenantConfig{{ID: "c1", AppID: "list-chat", Name: new("SOC")}, {ID: "c9", AppID: "list-hook", Name: new("Z")}}}
	if got, err := other.find(l, other.actionsWithID("a1")); err != nil || got != "c1" {
		t.Error(got, err)
	}
	same := Tenant{Actions: testTenant().Actions, Configs: []TenantConfig{{ID: "c2", AppID: "hook", Name: new("SOC")}, {ID: "c5", AppID: "third", Name: new("SOC")}}}
	if got, err := same.find(l, same.actionsWithID("a1")); err == nil || !strings.Contains(err.Error(), "none of this app") {
		t.Error(got, err)
	}
}

// A trigger whose event has an id is looked up by name; what the tenant does not name keeps its id, with the reason.
func TestPortable(t *testing.T) {
	t.Parallel()
	own := strings.Repeat("a", 32)
	text := "name: x\ntrigger: {type: Signal, event: Own/" + own + ", webhook_config: {name: in}}\nactions:\n" +
		"  a: {id: a1, properties: {config_id: c1}}\n  b: {id: functions.f.g}\n  c: {id: a9}\n  d: {id: a2}\n" +
		"  e: {id: a4, properties: {config_id: c77, hook: c2}}\n  f: {id: a9, class: Inline.HTTPRequest, properties: {config_id: c4, url: \"@@x@@\"}}\n  g: {id: a3}\n"
	doc, problems := Parse(text)
	if doc == nil {
		t.Fatal(problems)
	}
	tenant := testTenant()
	got, bound := doc.Portable(text, tenant)
	for _, want := range []string{
		`event: "falcon::trigger('Own').event"`, `id: "falcon::action('Post', vendor='Chat').id"`, `config_id: "falcon::config('SOC', app='Chat app').id"`,
		"id: functions.f.g", "id: a9", `id: "falcon::action('Query', vendor='X', class='Inline.QueryEvent').id"`, "config_id: c77",
		`hook: "falcon::config('SOC', app='CrowdStrike').id"`, "config_id: c4", "id: a3",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing:\n%s", want, got)
		}
	}
	reasons := map[string]string{}
	for _, b := range bound {
		reasons[b.Path] = b.Reason
	}
	for path, want := range map[string]string{
		"actions.b.id": "Foundry", "actions.c.id": "no action with this id", "actions.e.properties.config_id": "does not list a configuration",
		"actions.f.properties.config_id": "does not show the name of this credential", "actions.g.id": "several actions", "trigger.webhook_config": "inbound",
	} {
		if !strings.Contains(reasons[path], want) {
			t.Errorf("%s: %q, want %q", path, reasons[path], want)
		}
	}
	if len(bound) != 13 {
		t.Errorf("%d rows: %v", len(bound), bound)
	}
	tenant.ConfigsUnread = "no permission"
	if got, _ = doc.Portable(text, tenant); !strings.Contains(got, `Chat').id", properties: {config_id: c1}`) && !strings.Contains(got, "config_id: c1}") {
		t.Errorf("a configuration was named that could not be read:\n%s", got)
	}
}
