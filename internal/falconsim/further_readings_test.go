package falconsim

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Q85: the state of a configuration in use, and of one that is not.
func TestReadingsOfConfigurationState(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string][2]any{"a": {"active", "inactive"}, "b": {"enabled", "disabled"}, "c": {nil, nil}} {
		c := newCaller(t, Options{Readings: WebhookWrites().With(Readings{"Q85": letter})})
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

// Q100: the status of a successful enable or disable.
func TestReadingsOfActionStatus(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 200, "b": 202} {
		c := newCaller(t, Options{Readings: Readings{"Q100": letter}})
		id := c.imported(sleeper("w"))
		for _, action := range []string{"enable", "disable"} {
			if got := c.act(action, id); got.status != status || len(got.resources()) != 0 {
				t.Errorf("Q100=%s: %s is %d %s", letter, action, got.status, got.text)
			}
		}
		c.act("explode", id).want(t, 400, "invalid action_name")
	}
}

// Q101: unknown ids in a request for the details of hosts.
func TestReadingsOfUnknownHosts(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 404, "b": 200} {
		c := newCaller(t, Options{Hosts: 1, Readings: Readings{"Q101": letter}})
		known := c.server.Hosts()[0].AgentID
		for _, ids := range []string{known + `","` + strings.Repeat("0", 32), known} {
			wanted := status
			if ids == known {
				wanted = 200
			}
			got := c.do("/devices/entities/devices/v2", `{"ids":["`+ids+`"]}`)
			if got.status != wanted || !strings.Contains(got.text, `"device_id":"`+known) {
				t.Errorf("Q101=%s: %s is %d %s", letter, ids, got.status, got.text)
			}
		}
	}
}

// Q102: the refusal of a GraphQL query whose data need another scope.
func TestReadingsOfDataScope(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 403, "b": 200} {
		c := newCaller(t, Options{Readings: Readings{"Q102": letter}, Scopes: []string{"identity-graphql:write"}})
		for query, wanted := range map[string]int{"{countEntities}": status, "{__typename}": 200} {
			got := c.call(http.MethodPost, graphqlPath, `{"query":"`+query+`"}`)
			if refused := strings.Contains(got.text, "scope not permitted"); got.status != wanted || refused != (query == "{countEntities}") {
				t.Errorf("Q102=%s: %s is %d %s", letter, query, got.status, got.text)
			}
		}
	}
}
