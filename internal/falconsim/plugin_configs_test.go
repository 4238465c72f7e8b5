package falconsim

import (
	"net/http"
	"strings"
	"testing"

	"net/url"
	"slices"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

const configsPath = "/plugins/combined/configs/v1"

var testKey = strings.Repeat("k", minKeyLength)

func configBody(rest string) string {
	return `{"resources": [{"config": {` + rest + `}}]}`
}

func fullConfig(name string) string {
	return configBody(`"name": "` + name + `", "url": "https://example.com/hook", "hmac_secret_key": "` + testKey + `"`)
}

func TestPluginConfigList(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		options Options
		shown   []string
		hidden  []string
	}{
		{"usual", Options{}, []string{`"name":"hook"`, `"url":"https://example.com"`, `"signature_header_name":"X-Sig"`}, nil},
		{"no names", Options{Readings: Readings{"Q14": "b"}}, []string{`"url":`}, []string{`"name":`}},
		{"names only", Options{Readings: Readings{"Q15": "b", "Q16": "b"}}, []string{`"name":"hook"`}, []string{`"url":`, "X-Sig"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newTestClient(t, test.options)
			id, err := c.server.CreatePluginConfig("hook", "https://example.com", testKey, "X-Sig")
			if err != nil {
				t.Fatal(err)
			}
			got := c.call(http.MethodGet, configsPath, "")
			first := got.first(t) // newest first
			if first["config_id"] != id || first["app_id"] != definition.WebhookAppID() || len(got.resources()) != 2 {
				t.Errorf("list %s", got.text)
			}
			for _, text := range test.shown {
				if !strings.Contains(got.text, text) {
					t.Errorf("%s is not shown in %s", text, got.text)
				}
			}
			for _, text := range append(test.hidden, testKey) {
				if strings.Contains(got.text, text) {
					t.Errorf("%s is shown in %s", text, got.text)
				}
			}
		})
	}
	c := newTestClient(t, Options{NoSlackConfig: true})
	if got := c.call(http.MethodGet, configsPath, ""); len(got.resources()) != 0 {
		t.Errorf("an empty tenant lists %s", got.text)
	}
	for _, query := range []string{"limit=501", "filter=name:'x'", "sort=name"} {
		if got := c.call(http.MethodGet, configsPath+"?"+query, ""); got.status != 400 || got.message() == "" {
			t.Errorf("%s: %d %s", query, got.status, got.text)
		}
	}
}

//nolint:paralleltest // the steps build on each other
func TestPluginWrites(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{Readings: WebhookWrites()})
	created := c.call(http.MethodPost, pluginWritePath, fullConfig("hook"))
	created.want(t, 200, "")
	id := created.first(t)["config_id"].(string)
	if strings.Contains(created.text, testKey) {
		t.Error("the key is shown")
	}
	slack := c.server.PluginConfigs()[0].ID
	patch := func(id, rest string) string {
		return strings.Replace(configBody(rest), `{"config"`, `{"config_id": "`+id+`", "config"`, 1)
	}
	for _, test := range []struct {
		name, method, target, body string
		status                     int
		message                    string
	}{
		{"name taken", "POST", pluginWritePath, fullConfig("hook"), 409, "a configuration with this name"},
		{"short key", "POST", pluginWritePath, strings.ReplaceAll(fullConfig("b"), testKey, testKey[1:]), 400, "the HMAC secret key must have at least 32"},
		{"no url", "POST", pluginWritePath, configBody(`"name": "b"`), 400, "must provide a value"},
		{"two resources", "POST", pluginWritePath, `{"resources": [{}, {}]}`, 400, "invalid request body"},
		{"other app", "POST", pluginWritePath, `{"resources": [{"app_id": "x"}]}`, 400, "invalid app_id"},
		{"unknown config", "PATCH", pluginWritePath, patch("x", ""), 404, "config not found"},
		{"short new key", "PATCH", pluginWritePath, patch(id, `"hmac_secret_key": "x"`), 400, "the HMAC secret key"},
		{"delete unknown", "DELETE", pluginWritePath + "?ids=x", "", 404, "config not found"},
		{"delete another app's", "DELETE", pluginWritePath + "?ids=" + slack, "", 404, "config not found"},
		{"delete without ids", "DELETE", pluginWritePath, "", 400, "ids is required"},
		{"change url", "PATCH", pluginWritePath, patch(id, `"url": "https://example.com/new"`), 200, ""},
		{"delete", "DELETE", pluginWritePath + "?ids=" + id, "", 200, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c.call(test.method, test.target, test.body).want(t, test.status, test.message)
		})
	}
	if left := c.server.PluginConfigs(); len(left) != 1 || left[0].ID != slack {
		t.Errorf("left: %+v", left)
	}
}

func TestPluginWritesNotOffered(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]struct {
		status  int
		message string
	}{
		"a": {404, "404: Page Not Found"}, "c": {403, "access denied, authorization failed"}, "d": {405, "Method Not Allowed"},
		"e": {400, "Bad Request"}, "f": {415, "Unsupported Media Type"}, "g": {500, "Internal Server Error"},
	} {
		c := newTestClient(t, Options{Readings: Readings{"Q12": letter}})
		for _, method := range []string{"POST", "PATCH", "DELETE"} {
			c.call(method, pluginWritePath, fullConfig("hook")).want(t, want.status, want.message)
		}
		if len(c.server.PluginConfigs()) != 1 {
			t.Error("a refused write took effect")
		}
	}
}

// Q13: the response of the request that writes webhook configurations.
func TestReadingsOfWriteResponse(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 200, "b": 201, "c": 200, "d": 200} {
		c := newTestClient(t, Options{Readings: WebhookWrites().With(Readings{"Q13": letter})})
		created := c.call(http.MethodPost, pluginWritePath, fullConfig("hook"))
		id := c.server.PluginConfigs()[1].ID
		patched := c.call(http.MethodPatch, pluginWritePath, strings.Replace(fullConfig("hook"), `{"config"`, `{"config_id": "`+id+`", "config"`, 1))
		for name, got := range map[string]apiResponse{"POST": created, "PATCH": patched} {
			var ok bool
			switch letter {
			case "a", "b":
				ok = got.first(t)["config_id"] == id
			case "c":
				ok = slices.Equal(got.resources(), []any{id})
			case "d":
				ok = len(got.resources()) == 0
			}
			if wanted := map[string]int{"POST": status, "PATCH": 200}[name]; got.status != wanted || !ok {
				t.Errorf("Q13=%s: %s is %d %s", letter, name, got.status, got.text)
			}
		}
		if deleted := c.call(http.MethodDelete, pluginWritePath+"?ids="+id, ""); deleted.status != 200 || (len(deleted.resources()) == 0) != (letter == "d") {
			t.Errorf("Q13=%s: DELETE is %d %s", letter, deleted.status, deleted.text)
		}
	}
}

// Q14 to Q18: what the list shows of a webhook configuration.
func TestReadingsOfConfigurationList(t *testing.T) {
	t.Parallel()
	type shown struct{ entity, config map[string]any }
	for _, test := range []struct {
		choice string
		holds  func(shown) bool
	}{
		{"Q14=a", func(s shown) bool { return s.config["name"] == "hook" && s.entity["name"] == nil }},
		{"Q14=b", func(s shown) bool { return s.config["name"] == nil && s.entity["name"] == nil }},
		{"Q14=c", func(s shown) bool { return s.config["name"] == nil && s.entity["name"] == "hook" }},
		{"Q15=a", func(s shown) bool { return s.config["url"] == "https://example.com" }},
		{"Q15=b", func(s shown) bool { return s.config["url"] == nil && s.config["webhook_url"] == nil }},
		{"Q15=c", func(s shown) bool { return s.config["url"] == nil && s.config["webhook_url"] == "https://example.com" }},
		{"Q16=a", func(s shown) bool { return s.config["signature_header_name"] == "X-Sig" }},
		{"Q16=b", func(s shown) bool { return s.config["signature_header_name"] == nil }},
		{"Q17=a", func(s shown) bool { _, there := s.config["hmac_secret_key"]; return !there }},
		{"Q17=b", func(s shown) bool { return s.config["hmac_secret_key"] == "********" }},
		{"Q17=c", func(s shown) bool { return s.config["hmac_secret_key"] == testKey }},
		{"Q18=a", func(s shown) bool { return s.entity["app_id"] == definition.WebhookAppID() }},
		{"Q18=b", func(s shown) bool {
			return s.entity["app_id"] != definition.WebhookAppID() && s.entity["app_id"] != nil
		}},
	} {
		id, letter, err := ParseReading(test.choice)
		if err != nil {
			t.Fatal(err)
		}
		c := newTestClient(t, Options{Readings: WebhookWrites().With(Readings{id: letter})})
		if _, err := c.server.CreatePluginConfig("hook", "https://example.com", testKey, "X-Sig"); err != nil {
			t.Fatal(err)
		}
		entity := c.call(http.MethodGet, configsPath, "").first(t)
		config, _ := entity["config"].(map[string]any)
		if !test.holds(shown{entity, config}) {
			t.Errorf("%s: %v", test.choice, entity)
		}
		listed := entity["app_id"].(string)
		catalog := c.call(http.MethodGet, "/workflows/combined/activities/v1?filter="+url.QueryEscape("name:~'call webhook'"), "").first(t)["app_id"].(string)
		if (listed == catalog) != (test.choice != "Q18=b") {
			t.Errorf("%s: app_id %s in the list, %s in the catalog", test.choice, listed, catalog)
		}
		for _, app := range []string{listed, catalog} { // which one a write needs is not known either
			made := strings.Replace(fullConfig("of "+app), `{"config"`, `{"app_id": "`+app+`", "config"`, 1)
			if got := c.call(http.MethodPost, pluginWritePath, made).status; got != 200 && got != 409 {
				t.Errorf("%s: a write with app_id %s is %d", test.choice, app, got)
			}
		}
	}
}

// Q19: two webhook configurations with the same name.
func TestReadingsOfConfigurationNames(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 409, "b": 200} {
		c := newTestClient(t, Options{Readings: WebhookWrites().With(Readings{"Q19": letter})})
		c.call(http.MethodPost, pluginWritePath, fullConfig("hook")).want(t, 200, "")
		if got := c.call(http.MethodPost, pluginWritePath, fullConfig("hook")).status; got != status {
			t.Errorf("Q19=%s: %d, want %d", letter, got, status)
		}
	}
}

// Q20 and Q21: lists that lag behind writes of webhook configurations.
func TestReadingsOfConfigurationDelays(t *testing.T) {
	t.Parallel()
	name := func(c *testClient) string {
		for _, item := range c.call(http.MethodGet, configsPath, "").resources() {
			if entity := item.(map[string]any); entity["app_id"] == definition.WebhookAppID() {
				return entity["config"].(map[string]any)["name"].(string)
			}
		}
		return ""
	}
	for letter, delay := range map[string]int{"a": 0, "b": 300, "c": 3000} {
		now := newClock()
		c := newTestClient(t, now.options(WebhookWrites().With(Readings{"Q20": letter})))
		see := func(before, after string) {
			t.Helper()
			if delay > 0 {
				now.pass(delay - 1)
				if got := name(c); got != before {
					t.Errorf("Q20=%s: before the delay: %q, want %q", letter, got, before)
				}
				now.pass(1)
			}
			if got := name(c); got != after {
				t.Errorf("Q20=%s: after the delay: %q, want %q", letter, got, after)
			}
		}
		c.call(http.MethodPost, pluginWritePath, fullConfig("hook")).want(t, 200, "")
		id := c.server.PluginConfigs()[1].ID
		c.call(http.MethodPost, pluginWritePath, fullConfig("hook")).want(t, 409, errConfigNameTaken.Error()) // a write sees it at once
		see("", "hook")
		c.call(http.MethodPatch, pluginWritePath, strings.Replace(fullConfig("moved"), `{"config"`, `{"config_id": "`+id+`", "config"`, 1)).want(t, 200, "")
		see("hook", "moved")
	}
	for letter, delay := range map[string]int{"a": 0, "b": 2000} {
		now := newClock()
		c := newTestClient(t, now.options(WebhookWrites().With(Readings{"Q21": letter})))
		c.call(http.MethodPost, pluginWritePath, fullConfig("hook")).want(t, 200, "")
		id := c.server.PluginConfigs()[1].ID
		c.call(http.MethodDelete, pluginWritePath+"?ids="+id, "").want(t, 200, "")
		c.call(http.MethodDelete, pluginWritePath+"?ids="+id, "").want(t, 404, "config not found")
		if delay > 0 {
			now.pass(delay - 1)
			if name(c) != "hook" {
				t.Errorf("Q21=%s: gone too early", letter)
			}
			now.pass(1)
		}
		if got := name(c); got != "" {
			t.Errorf("Q21=%s: %q is still shown", letter, got)
		}
	}
}

// Q58 and Q59: body and signature of a delivery.
func TestReadingsOfDelivery(t *testing.T) {
	t.Parallel()
	for choice, want := range map[string]struct {
		body   []string
		absent string
		size   int // of the signature
	}{
		"Q58=a": {[]string{`"data":{`, `"Trigger.CID":"`, `"meta":{`}, `"CID":"`, 44},
		"Q58=b": {[]string{`"data":{`, `"CID":"`}, `"meta":`, 44},
		"Q59=a": {[]string{`"Trigger.CID":"`}, `"CID":"`, 44},
		"Q59=b": {[]string{`"Trigger.CID":"`}, `"CID":"`, 64},
	} {
		id, letter, err := ParseReading(choice)
		if err != nil {
			t.Fatal(err)
		}
		hook := newReceiver(t)
		c := newTestClient(t, Options{Readings: Readings{id: letter}})
		config, err := c.server.CreatePluginConfig("hook", hook.URL, testKey, "")
		if err != nil {
			t.Fatal(err)
		}
		c.act("enable", c.importWorkflow(webhookWorkflow("cases", definition.CaseCreated, config, ""))).want(t, 200, "")
		c.server.CreateCase("Odd logon")
		delivery := c.deliveries()[0]
		for _, text := range want.body {
			if !strings.Contains(delivery.BodyText, text) {
				t.Errorf("%s: %s is not in %s", choice, text, delivery.BodyText)
			}
		}
		if strings.Contains(delivery.BodyText, want.absent) {
			t.Errorf("%s: %s is in %s", choice, want.absent, delivery.BodyText)
		}
		signature := delivery.Header.Get("X-Cs-Primary-Signature")
		if len(signature) != want.size {
			t.Errorf("%s: signature %q", choice, signature)
		}
	}
}

// Q62: filters and sorts of the list of configurations.
func TestReadingsOfConfigurationFilter(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]struct{ found, unknown int }{"a": {1, 400}, "b": {-1, 400}, "c": {2, 200}} {
		c := newTestClient(t, Options{Readings: Readings{"Q62": letter}})
		id, err := c.server.CreatePluginConfig("hook", "https://example.com", testKey, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, filter := range []string{"config_id:'" + id + "'", "app_id:'" + definition.WebhookAppID() + "'", "state:'active'+definition_id:'" + webhookDefinitionID() + "'"} {
			got := c.call(http.MethodGet, configsPath+"?filter="+url.QueryEscape(filter), "")
			if found := len(got.resources()); got.status == 200 && found != want.found || (got.status == 400) != (want.found < 0) {
				t.Errorf("Q62=%s: %s is %d with %d configurations", letter, filter, got.status, found)
			}
		}
		for _, query := range []string{"filter=color:'x'", "sort=color", "sort=state.up", "filter=state"} {
			if got := c.call(http.MethodGet, configsPath+"?"+query, ""); got.status != want.unknown {
				t.Errorf("Q62=%s: %s is %d", letter, query, got.status)
			}
		}
		for _, sort := range []string{"config_id", "config_id|asc", "config_id.asc"} {
			got := c.call(http.MethodGet, configsPath+"?sort="+url.QueryEscape(sort), "")
			if (got.status == 400) != (letter == "b") {
				t.Errorf("Q62=%s: sort=%s is %d", letter, sort, got.status)
			}
			if ids := got.resources(); letter == "a" && ids[0].(map[string]any)["config_id"].(string) > ids[1].(map[string]any)["config_id"].(string) {
				t.Errorf("Q62=a: sort=%s does not sort", sort)
			}
		}
	}
}

// Q85: the state of an active and of an inactive configuration.
func TestReadingsOfConfigurationState(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string][2]any{"a": {"active", "inactive"}, "b": {"enabled", "disabled"}, "c": {nil, nil}} {
		c := newTestClient(t, Options{Readings: WebhookWrites().With(Readings{"Q85": letter})})
		c.call(http.MethodPost, pluginWritePath, fullConfig("hook"))
		hook := c.server.configByID(c.server.PluginConfigs()[1].ID)
		for i, state := range []string{configState, "inactive"} {
			hook.state = state
			listed := c.call(http.MethodGet, configsPath+"?filter="+url.QueryEscape("config_id:'"+hook.configID+"'"), "")
			if got := listed.first(t)["state"]; got != want[i] {
				t.Errorf("Q85=%s: %s is shown as %v, want %v", letter, state, got, want[i])
			}
		}
	}
}
