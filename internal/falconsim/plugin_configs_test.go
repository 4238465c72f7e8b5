package falconsim

import (
	"net/http"
	"strings"
	"testing"

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
