package falconsim

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestConsole(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{NoSlackConfig: true})
	client := c.call(http.MethodPost, clientEntities, clientBody("x", "devices:read")).first(t)["id"].(string)
	flow := c.importWorkflow(sleepWorkflow("a"))
	host := c.server.Hosts()[0]
	config := ""
	for _, test := range []struct {
		method, target, body string
		status               int
		text                 string
	}{
		{"PATCH", "/api-clients/" + client, `{"scopes": ["devices:read", "alerts:read"], "description": "edited"}`, 200, "ok"},
		{"GET", "/api-clients", "", 200, `"description":"edited","scopes":["alerts:read","devices:read"]`},
		{"POST", "/api-clients", `{"id": "mine", "secret": "s", "scopes": ["devices:read"]}`, 200, "ok"},
		{"POST", "/api-clients", `{"id": "mine"}`, 400, "id and secret are required"},
		{"POST", "/api-clients", `{"name": "by hand", "description": "d", "scopes": ["devices:read"]}`, 200, `"secret":"`},
		{"POST", "/api-clients", `{"name": "by hand"}`, 400, "already exists"},
		{"POST", "/api-clients", `{"scopes": []}`, 400, "name is required"},
		{"GET", "/api-clients", "", 200, `"name":"by hand","description":"d","scopes":["devices:read"]`},
		{"DELETE", "/api-clients/" + client, "", 200, "ok"},
		{"DELETE", "/api-clients/" + client, "", 404, "the object does not exist"},
		{"POST", "/plugin-configs", `{"name": "hook", "url": "https://a.example", "hmac_secret_key": "` + testKey + `"}`, 200, "config_id"},
		{"POST", "/plugin-configs", `{"name": "hook2", "url": "https://a.example", "hmac_secret_key": "short"}`, 400, "at least 32"},
		{"PATCH", "/plugin-configs/CONFIG", `{"url": "https://b.example"}`, 200, "ok"},
		{"PATCH", "/plugin-configs/CONFIG", `{"uri": "https://b.example"}`, 400, "unknown field"},
		{"GET", "/plugin-configs", "", 200, "https://b.example"},
		{"DELETE", "/plugin-configs/CONFIG", "", 200, "ok"},
		{"POST", "/workflows/" + flow + "/enable", "", 200, "ok"},
		{"GET", "/workflows/" + flow, "", 200, `"enabled":true`},
		{"PUT", "/workflows/" + flow, "name: b\ntrigger: {type: On demand}", 200, "ok"},
		{"PUT", "/workflows/" + flow, "name: [", 400, "error"},
		{"POST", "/workflows/" + flow + "/disable", "", 200, "ok"},
		{"GET", "/workflows", "", 200, `"name":"b","enabled":false,"version":4,"has_validation_errors":true`},
		{"DELETE", "/workflows/" + flow, "", 200, "ok"},
		{"GET", "/workflows/" + flow, "", 404, "the object does not exist"},
		{"POST", "/hosts/" + host.Hostname + "/score", `{"overall": 7}`, 200, "ok"},
		{"POST", "/hosts/" + host.Hostname + "/score", `{"overall": 101}`, 400, "not between 0 and 100"},
		{"GET", "/hosts", "", 200, `"overall":7`},
		{"POST", "/users", `{"primary_display_name": "Ada", "email_addresses": ["ada@example.com"]}`, 200, `"entity_id"`},
		{"POST", "/users/ada@example.com/score", `{"risk_score": 0.625}`, 200, "ok"},
		{"GET", "/users", "", 200, `"risk_score":0.625`},
		{"DELETE", "/users/ada@example.com", "", 200, "ok"},
		{"POST", "/cases", `{"title": "t"}`, 200, `"id":`},
		{"PATCH", "/cases/nope", `{"status": "closed"}`, 400, "case nope does not exist"},
		{"GET", "/cases", "", 200, `"title":"t"`},
		{"GET", "/deliveries", "", 200, "[]"},
		{"POST", "/faults", `{"path": "/x", "status": 500, "times": 1, "delay_ms": 5}`, 200, "ok"},
		{"POST", "/faults", `{"kind": "odd"}`, 400, "unknown fault kind"},
		{"GET", "/faults", "", 200, `"delay_ms":5`},
		{"DELETE", "/faults", "", 200, "ok"},
		{"GET", "/requests", "", 200, tokenPath},
		{"DELETE", "/requests", "", 200, "ok"},
		{"POST", "/tokens/expire", "", 200, "ok"},
		{"POST", "/tokens/revoke", "", 200, "ok"},
		{"GET", "/tenant", "", 200, `"cid":"` + c.server.CID()},
		{"GET", "/nowhere", "", 404, "404"},
	} {
		target := consolePath + strings.ReplaceAll(test.target, "CONFIG", config)
		got := c.call(test.method, target, test.body, "Authorization", "")
		if got.status != test.status || !strings.Contains(got.text, test.text) {
			t.Errorf("%s %s: %d %s, want %d %s", test.method, test.target, got.status, got.text, test.status, test.text)
		}
		if id, ok := got.doc["config_id"].(string); ok {
			config = id
		}
	}
	c.call(http.MethodGet, ccidPath, "").want(t, 401, "access denied, invalid bearer token")
	about := c.call(http.MethodGet, consolePath, "").text
	for _, call := range c.server.consoleOperations() {
		if !strings.Contains(about, fmt.Sprintf("%-6s %s%s\n", call.method, consolePath, call.path)) {
			t.Errorf("%s %s is not described", call.method, call.path)
		}
	}
}

func TestDumpIsStableAndHasNoSecret(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{Readings: WebhookWrites()})
	before := string(c.server.Dump())
	client := c.call(http.MethodPost, clientEntities, clientBody("x", "devices:read")).first(t)
	config := c.call(http.MethodPost, pluginWritePath, fullConfig("hook")).first(t)["config_id"].(string)
	flow := c.importWorkflow(sleepWorkflow("a"))
	during := string(c.server.Dump())
	for _, id := range []string{client["id"].(string), config, flow} {
		if !strings.Contains(during, id) {
			t.Errorf("%s is not in the dump", id)
		}
	}
	for _, secret := range []string{client["client_secret"].(string), testKey, c.server.ClientSecret(), c.token} {
		if strings.Contains(during, secret) {
			t.Errorf("the dump shows a secret")
		}
	}
	c.call(http.MethodDelete, clientEntities+"?ids="+client["id"].(string), "").want(t, 202, "")
	c.call(http.MethodDelete, pluginWritePath+"?ids="+config, "").want(t, 200, "")
	c.call(http.MethodDelete, definitionsPath+"?ids="+flow, "").want(t, 200, "")
	if after := string(c.server.Dump()); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
	if again := New(Options{Readings: WebhookWrites()}); again.ClientSecret() != c.server.ClientSecret() || again.CID() != c.server.CID() {
		t.Error("the same seed results in another tenant")
	}
	if other := New(Options{Seed: 2}); other.ClientSecret() == c.server.ClientSecret() || other.CID() == c.server.CID() {
		t.Error("another seed results in the same tenant")
	}
}
