package falconsim

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

const (
	clientEntities = "/api-clients/entities/api-clients/v1"
	clientQueries  = "/api-clients/queries/api-clients/v1"
	clientActions  = "/api-clients/entities/api-clients-actions/v1"
)

func clientBody(name string, scopes ...string) string {
	body, err := json.Marshal(map[string]any{"name": name, "description": "d", "scopes": scopes})
	if err != nil {
		panic(err)
	}
	return string(body)
}

func TestAPIClientLifeCycle(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	created := c.call(http.MethodPost, clientEntities, clientBody("zscaler", "workflow:read", "devices:read"))
	created.want(t, 201, "")
	entity := created.first(t)
	id, secret := entity["id"].(string), entity["client_secret"].(string)
	if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(id) || len(secret) < 40 {
		t.Errorf("id %q, secret of %d characters", id, len(secret))
	}
	read := func() map[string]any { return c.call(http.MethodGet, clientEntities+"?ids="+id, "").first(t) }
	if _, shown := read()["client_secret"]; shown {
		t.Error("the secret is shown by a read")
	}

	// The new client works, but only within its scopes.
	owner := c.token
	c.token = c.login(id, secret)
	c.call(http.MethodGet, "/workflows/combined/triggers/v1", "").want(t, 200, "")
	c.call(http.MethodGet, ccidPath, "").want(t, 403, "access denied, scope not permitted")
	member := c.token
	c.token = owner

	patched := c.call(http.MethodPatch, clientEntities+"?ids="+id, clientBody("renamed", "sensor-installers:read"))
	patched.want(t, 204, "")
	if patched.text != "" {
		t.Errorf("204 with a body: %s", patched.text)
	}
	if got := read(); got["name"] != "renamed" || len(got["scopes"].([]any)) != 1 {
		t.Errorf("after PATCH: %v", got)
	}
	c.token = c.login(id, secret) // a PATCH does not change the secret
	c.call(http.MethodGet, ccidPath, "").want(t, 200, "")
	c.token = owner

	reset := c.call(http.MethodPost, clientActions+"?action_name=reset_secret&ids="+id, "")
	reset.want(t, 201, "")
	if next := reset.first(t)["client_secret"]; next == secret || next == nil {
		t.Error("reset returned no new secret")
	}
	c.requestToken(map[string][]string{"client_id": {id}, "client_secret": {secret}}).want(t, 403, "Failed to issue")

	c.call(http.MethodDelete, clientEntities+"?ids="+id, "").want(t, 202, "")
	c.token = member
	c.call(http.MethodGet, ccidPath, "").want(t, 401, "access denied, invalid bearer token")
}

func TestAPIClientRefusals(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	one := c.call(http.MethodPost, clientEntities, clientBody("one", "devices:read")).first(t)["id"].(string)
	two := c.call(http.MethodPost, clientEntities, clientBody("two", "devices:read")).first(t)["id"].(string)
	before := len(c.server.Clients())
	for _, test := range []struct {
		name, method, target, body string
		status                     int
		message                    string
	}{
		{"name taken", "POST", clientEntities, clientBody("one"), 409, clientNameTaken},
		{"name taken by rename", "PATCH", clientEntities + "?ids=" + two, clientBody("one"), 409, clientNameTaken},
		{"unknown scope", "POST", clientEntities, clientBody("x", "hosts:read"), 400, "invalid scope: hosts:read"},
		{"retired scope", "POST", clientEntities, clientBody("x", "detects:read"), 400, "invalid scope: detects:read"},
		{"no name", "POST", clientEntities, `{"name": null, "description": "", "scopes": []}`, 400, "name is required"},
		{"no JSON", "POST", clientEntities, "name=x", 400, "invalid request body"},
		{"two ids", "PATCH", clientEntities + "?ids=" + one + "&ids=" + two, clientBody("x"), 400, "exactly one id is required"},
		{"comma-joined ids", "PATCH", clientEntities + "?ids=" + one + "," + two, clientBody("x"), 400, clientNotFound},
		{"unknown action", "POST", clientActions + "?action_name=rotate&ids=" + one, "", 400, "invalid action_name"},
		{"reset without ids", "POST", clientActions + "?action_name=reset_secret", "", 400, "ids is required"},
		{"get without ids", "GET", clientEntities, "", 400, "ids is required"},
		{"delete without ids", "DELETE", clientEntities, "", 400, "ids is required"},
		{"limit too high", "GET", clientQueries + "?limit=501", "", 400, "invalid limit"},
		{"negative offset", "GET", clientQueries + "?offset=-1", "", 400, "invalid offset"},
		{"sort of hosts", "GET", clientQueries + "?sort=name.asc", "", 400, "invalid sort"},
		{"unknown sort", "GET", clientQueries + "?sort=scopes|asc", "", 400, "invalid sort"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c.call(test.method, test.target, test.body).want(t, test.status, test.message)
		})
	}
	t.Cleanup(func() {
		if after := len(c.server.Clients()); after != before {
			t.Errorf("%d clients before, %d after", before, after)
		}
	})
}

func TestAPIClientQuery(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	seen := map[any]bool{}
	for _, target := range []string{clientQueries, clientQueries + "?offset=10"} {
		for _, id := range c.call(http.MethodGet, target, "").resources() {
			seen[id] = true
		}
	}
	if total := len(c.server.Clients()); len(seen) != total || total <= 10 {
		t.Errorf("two pages of the default size hold %d of %d clients", len(seen), total)
	}
	first := func(sort string) any { return c.call(http.MethodGet, clientQueries+"?sort="+sort, "").resources()[0] }
	clients := c.server.Clients()
	if first("created_timestamp|asc") != clients[0].ID || first("name|desc") != clients[0].ID || first("name|asc") != clients[1].ID {
		t.Error("the sorts by name or creation do not hold")
	}
}

func TestAPIClientShapes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		options Options
		missing int // status of a GET of an unknown id
		errors  bool
		check   func(map[string]any) bool
	}{
		{"usual", Options{}, 200, false, func(e map[string]any) bool { return e["scopes"].([]any)[0] == "devices:read" }},
		{"missing with errors", Options{Readings: Readings{"Q04": "b"}}, 200, true, func(map[string]any) bool { return true }},
		{"missing is 404", Options{Readings: Readings{"Q04": "c"}}, 404, true, func(map[string]any) bool { return true }},
		{"other keys", Options{Readings: Readings{"Q01": "b", "Q02": "b"}}, 200, false, func(e map[string]any) bool {
			return e["secret"] != nil && e["client_id"] != nil && e["id"] == nil && e["client_secret"] == nil
		}},
		{"scope objects", Options{Readings: Readings{"Q03": "b"}}, 200, false, func(e map[string]any) bool {
			first := e["scopes"].([]any)[0].(map[string]any)
			return first["id"] == "devices:read" && first["group"] == "Hosts" && first["action"] == "read"
		}},
		{"no scopes", Options{Readings: Readings{"Q03": "c"}}, 200, false, func(e map[string]any) bool { return e["scopes"] == nil }},
		{"retired scopes", Options{RetiredScopes: true}, 200, false, func(map[string]any) bool { return true }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newTestClient(t, test.options)
			entity := c.call(http.MethodPost, clientEntities, clientBody("x", "devices:read")).first(t)
			if !test.check(entity) {
				t.Errorf("unexpected entity %v", entity)
			}
			got := c.call(http.MethodGet, clientEntities+"?ids="+strings.Repeat("0", 32), "")
			if got.status != test.missing || (got.message() != "") != test.errors || len(got.resources()) != 0 {
				t.Errorf("unknown id: %d %s", got.status, got.text)
			}
			offered := c.call(http.MethodGet, "/api-clients/entities/accessible-scopes/v1", "").text
			if strings.Contains(offered, "incidents:read") != test.options.RetiredScopes {
				t.Errorf("retired scopes offered: %v", !test.options.RetiredScopes)
			}
		})
	}
}

// Q56: errors of a successful response.
func TestErrorsOfSuccess(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]string{"a": `"errors":[]`, "b": `"errors":null`, "c": ""} {
		c := newTestClient(t, Options{Readings: Readings{"Q56": letter}})
		for range 4 {
			text := c.call(http.MethodGet, ccidPath, "").text
			if !strings.Contains(text, want) || strings.Contains(text, `"errors"`) != (want != "") {
				t.Errorf("Q56=%s: got %s", letter, text)
			}
		}
	}
}
