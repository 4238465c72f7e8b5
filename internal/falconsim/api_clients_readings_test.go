package falconsim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

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
