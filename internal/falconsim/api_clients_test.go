package falconsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
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

// clock is a clock that a test advances.
type clock struct{ at time.Time }

func newClock() *clock { return &clock{time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time             { return c.at }
func (c *clock) pass(ms int)                { c.move(time.Duration(ms) * time.Millisecond) }
func (c *clock) move(d time.Duration)       { c.at = c.at.Add(d) }
func (c *clock) options(r Readings) Options { return Options{Readings: r, Now: c.now} }

// Q01 and Q02: the keys of an API client's secret and id.
func TestReadingsOfClientKeys(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"client_secret", "secret"} {
		for _, id := range []string{"id", "client_id"} {
			c := newTestClient(t, Options{Readings: Readings{
				"Q01": map[string]string{"client_secret": "a", "secret": "b"}[secret], "Q02": map[string]string{"id": "a", "client_id": "b"}[id],
			}})
			made := c.call(http.MethodPost, clientEntities, clientBody("x", "devices:read")).first(t)
			for key, shown := range map[string]bool{"client_secret": secret == "client_secret", "secret": secret == "secret", "id": id == "id", "client_id": id == "client_id"} {
				if (made[key] != nil) != shown {
					t.Errorf("secret as %s, id as %s: created %v", secret, id, made)
				}
			}
			reset := c.call(http.MethodPost, clientActions+"?action_name=reset_secret&ids="+made[id].(string), "").first(t)
			if reset[secret] == nil || reset[secret] == made[secret] {
				t.Errorf("reset %v", reset)
			}
		}
	}
}

// Q05: null in a PATCH request.
func TestReadingsOfNull(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]struct {
		status      int
		description string
		scopes      int
	}{"a": {204, "", 0}, "b": {204, "d", 1}, "c": {400, "d", 1}} {
		c := newTestClient(t, Options{Readings: Readings{"Q05": letter}})
		id := c.call(http.MethodPost, clientEntities, `{"name": "x", "description": "d", "scopes": ["devices:read"]}`).first(t)["id"].(string)
		patched := c.call(http.MethodPatch, clientEntities+"?ids="+id, `{"name": "y", "description": null, "scopes": null}`)
		got := c.call(http.MethodGet, clientEntities+"?ids="+id, "").first(t)
		if patched.status != want.status || got["description"] != want.description || len(got["scopes"].([]any)) != want.scopes {
			t.Errorf("Q05=%s: %d, then %v", letter, patched.status, got)
		}
		c.call(http.MethodPost, clientEntities, `{"name": "z", "description": null, "scopes": []}`).want(t, 201, "")
	}
}

// Q06: writes to an API client that does not exist.
func TestReadingsOfMissingClient(t *testing.T) {
	t.Parallel()
	missing := strings.Repeat("0", 32)
	for letter, want := range map[string][3]int{"a": {400, 400, 400}, "b": {404, 404, 404}, "c": {400, 400, 202}} {
		c := newTestClient(t, Options{Readings: Readings{"Q06": letter}})
		got := [3]int{
			c.call(http.MethodPatch, clientEntities+"?ids="+missing, clientBody("x")).status,
			c.call(http.MethodPost, clientActions+"?action_name=reset_secret&ids="+missing, "").status,
			c.call(http.MethodDelete, clientEntities+"?ids="+missing, "").status,
		}
		if got != want {
			t.Errorf("Q06=%s: update, reset and delete are %v, want %v", letter, got, want)
		}
	}
}

// Q07: two API clients with the same name.
func TestReadingsOfClientNames(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 409, "b": 201} {
		c := newTestClient(t, Options{Readings: Readings{"Q07": letter}})
		c.call(http.MethodPost, clientEntities, clientBody("x")).want(t, 201, "")
		if got := c.call(http.MethodPost, clientEntities, clientBody("x")).status; got != status {
			t.Errorf("Q07=%s: %d, want %d", letter, got, status)
		}
	}
}

// Q08 and Q09: reads that lag behind writes of API clients.
func TestReadingsOfClientDelays(t *testing.T) {
	t.Parallel()
	for letter, delay := range map[string]int{"a": 0, "b": 300, "c": 3000} {
		t.Run("Q09="+letter, func(t *testing.T) {
			t.Parallel()
			now := newClock()
			c := newTestClient(t, now.options(Readings{"Q09": letter}))
			id := c.call(http.MethodPost, clientEntities, clientBody("first")).first(t)["id"].(string)
			name := func() string {
				got := c.call(http.MethodGet, clientEntities+"?ids="+id, "")
				listed := slices.Contains(c.call(http.MethodGet, clientQueries+"?limit=500", "").resources(), any(id))
				if listed != (len(got.resources()) == 1) {
					t.Errorf("listed %v, read %s", listed, got.text)
				}
				if !listed {
					return ""
				}
				return fmt.Sprint(got.first(t)["name"])
			}
			see := func(before, after string) {
				t.Helper()
				if delay > 0 {
					now.pass(delay - 1)
					if got := name(); got != before {
						t.Errorf("before the delay: %q, want %q", got, before)
					}
					now.pass(1)
				}
				if got := name(); got != after {
					t.Errorf("after the delay: %q, want %q", got, after)
				}
			}
			c.call(http.MethodPost, clientEntities, clientBody("first")).want(t, 409, clientNameTaken) // a write sees it at once
			see("", "first")
			c.call(http.MethodPatch, clientEntities+"?ids="+id, clientBody("second")).want(t, 204, "")
			see("first", "second")
			name2 := "edited"
			if err := c.server.EditClient(id, ClientEdit{Name: &name2}); err != nil || name() != name2 {
				t.Errorf("an edit in the console: %v, %q", err, name())
			}
		})
	}
	for letter, delay := range map[string]int{"a": 0, "b": 2000} {
		t.Run("Q08="+letter, func(t *testing.T) {
			t.Parallel()
			now := newClock()
			c := newTestClient(t, now.options(Readings{"Q08": letter}))
			id := c.call(http.MethodPost, clientEntities, clientBody("first")).first(t)["id"].(string)
			c.call(http.MethodDelete, clientEntities+"?ids="+id, "").want(t, 202, "")
			c.call(http.MethodDelete, clientEntities+"?ids="+id, "").want(t, 400, clientNotFound)
			c.call(http.MethodPost, clientEntities, clientBody("first")).want(t, 201, "") // the name is free at once
			read := func() int { return len(c.call(http.MethodGet, clientEntities+"?ids="+id, "").resources()) }
			if delay > 0 {
				now.pass(delay - 1)
				if read() != 1 {
					t.Error("the deleted client is gone too early")
				}
				now.pass(1)
			}
			if read() != 0 {
				t.Error("the deleted client is still shown")
			}
		})
	}
}

// Q10: the largest page of API client ids.
func TestReadingsOfClientPage(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	c.call(http.MethodGet, clientQueries+"?limit=500", "").want(t, 200, "")
	c.call(http.MethodGet, clientQueries+"?limit=501", "").want(t, 400, "invalid limit")
	small := newTestClient(t, Options{Readings: Readings{"Q10": "b"}})
	for i := range 100 {
		small.server.AddClient(fmt.Sprint("client", i), "secret", nil)
	}
	got := small.call(http.MethodGet, clientQueries+"?limit=501", "")
	paging := got.doc["meta"].(map[string]any)["pagination"].(map[string]any)
	if got.status != 200 || len(got.resources()) != 100 || paging["limit"] != 100.0 || paging["total"].(float64) <= 100 {
		t.Errorf("Q10=b: %d ids, paging %v", len(got.resources()), paging)
	}
}

// Q114: the longest URL of a read.
func TestReadingsOfLongReads(t *testing.T) {
	t.Parallel()
	for letter, status := range map[string]int{"a": 200, "b": 414} {
		c := newTestClient(t, Options{Readings: Readings{"Q114": letter}})
		query := "?ids=" + c.server.ClientID()
		c.call(http.MethodGet, clientEntities+query, "").want(t, 200, "")
		if got := c.call(http.MethodGet, clientEntities+query+strings.Repeat("&ids="+c.server.ClientID(), 499), ""); got.status != status {
			t.Errorf("Q114=%s: %d", letter, got.status)
		}
	}
}

// Q11 and Q54: scopes that not every tenant may offer.
func TestReadingsOfScopes(t *testing.T) {
	t.Parallel()
	const scopes = "/api-clients/entities/accessible-scopes/v1"
	for letter, status := range map[string]int{"a": 200, "b": 403} {
		for _, opts := range []Options{{}, {Scopes: []string{"api-client-mgmt:read", "api-client-mgmt:write"}}} {
			opts.Readings = Readings{"Q11": letter}
			c := newTestClient(t, opts)
			for _, target := range []string{scopes, clientQueries} {
				if got := c.call(http.MethodGet, target, ""); got.status != status {
					t.Errorf("Q11=%s: %s is %d", letter, target, got.status)
				}
			}
			if got := c.call(http.MethodPost, clientEntities, clientBody("x")); (got.status == 403) != (status == 403) {
				t.Errorf("Q11=%s: create is %d", letter, got.status)
			}
		}
	}
	for letter, offered := range map[string]bool{"a": true, "b": false} {
		c := newTestClient(t, Options{Readings: Readings{"Q54": letter}})
		if got := c.call(http.MethodGet, scopes, "").text; strings.Contains(got, "identity-detections:read") != offered {
			t.Errorf("Q54=%s: %s", letter, got)
		}
		if got := c.call(http.MethodPost, clientEntities, clientBody("x", "identity-detections:read")); (got.status == 201) != offered {
			t.Errorf("Q54=%s: create is %d", letter, got.status)
		}
	}
}
