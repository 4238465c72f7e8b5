package falcon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

const (
	idsLine    = "GET /api-clients/queries/api-clients/v1"
	getLine    = "GET /api-clients/entities/api-clients/v1"
	patchLine  = "PATCH /api-clients/entities/api-clients/v1"
	deleteLine = "DELETE /api-clients/entities/api-clients/v1"
	resetLine  = "POST /api-clients/entities/api-clients-actions/v1"
	newSecret  = "the-new-secret-of-a-client"
)

// ok is a 200 with these resources and their number.
func ok(resources string) step {
	var items []json.RawMessage
	if err := json.Unmarshal([]byte(resources), &items); err != nil {
		panic(err)
	}
	return step{status: 200, body: fmt.Sprintf(
		`{"meta":{"query_time":0.1,"pagination":{"total":%d},"trace_id":"trace-ok"},"errors":[],"resources":%s}`, len(items), resources)}
}

func wireClient(id, name, description string, scopes ...string) string {
	b, err := json.Marshal(map[string]any{"id": id, "name": name, "description": description, "scopes": scopes})
	if err != nil {
		panic(err)
	}
	return string(b)
}

var clientSpec = APIClientSpec{Name: "zia", Description: "d", Scopes: []string{"workflow:read", "devices:read"}}

func TestReadAPIClient(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		step   step
		ids    string // the listing, which confirms that it does not exist
		want   string
		gone   bool
		failed bool
	}{
		{name: "strings", step: ok("[" + wireClient("c1", "zia", "d", "workflow:read", "devices:read") + "]"), want: "zia d [devices:read workflow:read] true"},
		{name: "objects", step: ok(`[{"client_id":"c1","name":"zia","description":"","scopes":[{"id":"devices:read","group":"Hosts"}]}]`), want: "zia  [devices:read] true"},
		{name: "hidden", step: ok(`[{"id":"c1","name":"zia"}]`), want: "zia nil [] false"},
		{name: "null scopes", step: ok(`[{"id":"c1","name":"zia","scopes":null}]`), want: "zia nil [] false"},
		{name: "odd scopes", step: ok(`[{"id":"c1","name":"zia","scopes":[5,{}]}]`), want: "zia nil [] false"},
		{name: "none", step: ok(`[]`), gone: true},
		{name: "null", step: ok(`null`), gone: true},
		{name: "none, but listed", step: ok(`[]`), ids: `["c2","c1"]`, failed: true},
		{name: "foreign", step: ok("[" + wireClient("c2", "x", "") + "]"), gone: true},
		{name: "errors in a 200", step: refuse(200, "not found"), gone: true},
		{name: "404", step: refuse(404, "client not found"), gone: true},
		{name: "the gateway's 404", step: refuse(404, "404: Page Not Found"), failed: true},
		{name: "a proxy's 404", step: step{status: 404, header: map[string]string{"Content-Type": "text/html"}, body: "<html>"}, failed: true},
		{name: "500 in a 200", step: step{status: 200, body: envelopeError(500, "oops")}, failed: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if tc.ids == "" {
				tc.ids = `["c2"]`
			}
			_, c := newScript(t, map[string][]step{getLine: {tc.step}, idsLine: {ok(tc.ids)}})
			a, err := c.APIClient(t.Context(), "c1")
			if IsNotFound(err) != tc.gone || (err != nil) != (tc.gone || tc.failed) {
				t.Fatalf("got %v", err)
			}
			if a == nil {
				return
			}
			description := "nil"
			if a.Description != nil {
				description = *a.Description
			}
			if got := fmt.Sprint(*a.Name, " ", description, " ", a.Scopes, " ", a.ScopesShown); got != tc.want || a.ID != "c1" {
				t.Errorf("got %q of %s, want %q", got, a.ID, tc.want)
			}
		})
	}
}

func TestAPIClientsByNameReadsAllPages(t *testing.T) {
	t.Parallel()
	const total = 700
	ids := make([]string, total)
	for i := range ids {
		ids[i] = fmt.Sprintf("id%03d", i)
	}
	pageOf := step{do: func(w http.ResponseWriter, r *http.Request) {
		from, upTo := 0, 0
		if _, err := fmt.Sscan(r.URL.Query().Get("offset"), &from); err != nil {
			t.Error(err)
		}
		upTo = min(from+300, total) // Falcon returns fewer than the 500 requested
		page, err := json.Marshal(ids[from:upTo])
		if err != nil {
			t.Error(err)
		}
		step{status: 200, body: fmt.Sprintf(`{"meta":{"pagination":{"total":%d}},"errors":[],"resources":%s}`, total, page)}.write(w, r)
	}}
	entities := step{do: func(w http.ResponseWriter, r *http.Request) {
		var all []string
		for _, id := range r.URL.Query()["ids"] {
			name := "other"
			if id == "id010" || id == "id699" {
				name = "zia"
			}
			all = append(all, wireClient(id, name, ""))
		}
		ok("["+strings.Join(all, ",")+"]").write(w, r)
	}}
	s, c := newScript(t, map[string][]step{idsLine: {pageOf}, getLine: {entities}})
	found, err := c.APIClientsByName(t.Context(), "zia")
	if err != nil || !slices.Equal(apiClientIDs(found), []string{"id010", "id699"}) {
		t.Errorf("%v %v", found, err)
	}
	if s.count(idsLine) != 3 || s.count(getLine) != 2 {
		t.Errorf("%d listings, %d reads", s.count(idsLine), s.count(getLine))
	}
}

// TestCreateAPIClient checks what is sent, and the result for each kind of response. ours is Falcon's listing after the
// create.
func TestCreateAPIClient(t *testing.T) {
	t.Parallel()
	created := step{status: 201, body: envelopeOK(`[{"id":"c1","name":"zia","client_secret":"` + newSecret + `"}]`)}
	reset := step{status: 201, body: envelopeOK(`[{"id":"c1","secret":"` + newSecret + `"}]`)}
	same := ok("[" + wireClient("c1", "zia", "d", "devices:read", "workflow:read") + "]")
	other := ok("[" + wireClient("c9", "zia", "someone else's", "devices:read") + "]")
	hidden := ok(`[{"id":"c9","name":"zia"}]`)
	conflict := refuse(409, "name is taken")
	const adopted = "with the id c1. It did not exist before, has the requested description and scopes, and is assumed to be the new one. " +
		"If someone else created it at the same time, its former secret has stopped working for them. Falcon shows a secret only once, so the secret was reset."
	for _, tc := range []struct {
		name    string
		before  string // ids that are listed before
		posts   []step
		after   step // entities that are listed after; a zero step means that the listing stays empty
		resets  []step
		id      string
		secret  string
		warns   string
		exists  []string
		unknown []string // ids of an UnsettledError
		fails   string
		nPosts  int
		nResets int
	}{
		{name: "fine", after: same, posts: []step{created}, id: "c1", secret: newSecret, nPosts: 1},
		{name: "secret under its other name", after: same, posts: []step{reset}, id: "c1", secret: newSecret, nPosts: 1},
		{name: "name taken", before: `["c9"]`, after: other, exists: []string{"c9"}, nPosts: 0},
		{name: "paced", after: same, posts: []step{refuse(429, "slow"), created}, id: "c1", secret: newSecret, nPosts: 2},
		{name: "conflict at first", posts: []step{conflict}, after: same, exists: []string{"c1"}, nPosts: 1},
		{name: "conflict after 429, ours", posts: []step{refuse(429, "slow"), conflict}, after: same, resets: []step{reset}, id: "c1", secret: newSecret, warns: adopted, nPosts: 2, nResets: 1},
		{name: "conflict after 429, another's", posts: []step{refuse(429, "slow"), conflict}, after: other, exists: []string{"c9"}, nPosts: 2},
		{name: "dropped after", posts: []step{{drop: true}}, after: same, resets: []step{reset}, id: "c1", secret: newSecret, warns: adopted, nPosts: 1, nResets: 1},
		{name: "dropped before", posts: []step{{drop: true}}, unknown: []string{}, fails: "was closed before", nPosts: 1},
		{name: "dropped, another's", posts: []step{{drop: true}}, after: other, exists: []string{"c9"}, nPosts: 1},
		{name: "dropped, not comparable", posts: []step{{drop: true}}, after: hidden, unknown: []string{"c9"}, nPosts: 1},
		{name: "dropped, list fails", posts: []step{{drop: true}}, after: refuse(500, "oops"), unknown: []string{}, nPosts: 1},
		{name: "500", posts: []step{refuse(500, "oops")}, unknown: []string{}, fails: "may appear later", nPosts: 1},
		{name: "502 after", posts: []step{{status: 502, header: map[string]string{"Content-Type": "text/html"}, body: "<html>"}}, after: same, resets: []step{reset}, id: "c1", secret: newSecret, warns: adopted, nPosts: 1, nResets: 1},
		{name: "truncated", posts: []step{{status: 201, body: `{"resources":[{"id":"c1","client_se`}}, after: same, resets: []step{reset}, id: "c1", secret: newSecret, warns: adopted, nPosts: 1, nResets: 1},
		{name: "empty", posts: []step{{status: 201}}, after: same, resets: []step{reset}, id: "c1", secret: newSecret, warns: adopted, nPosts: 1, nResets: 1},
		{name: "no secret", after: same, posts: []step{ok(`[{"id":"c1"}]`)}, resets: []step{reset}, id: "c1", secret: newSecret, warns: "contained no secret. Falcon shows a secret only once, so the secret was reset", nPosts: 1, nResets: 1},
		{name: "secret lost for good", after: same, posts: []step{ok(`[{"id":"c1"}]`)}, resets: []step{refuse(403, "access denied, scope not permitted")}, id: "c1", warns: "resetting it failed", nPosts: 1, nResets: 1},
		{name: "reset dropped once", after: same, posts: []step{ok(`[{"id":"c1"}]`)}, resets: []step{{drop: true}, reset}, id: "c1", secret: newSecret, warns: "contained no secret. Falcon shows a secret only once, so the secret was reset", nPosts: 1, nResets: 2},
		{name: "created with a remark", after: same, posts: []step{{status: 201, body: `{"errors":[{"code":1,"message":"odd"}],"resources":[{"id":"c1","client_secret":"` + newSecret + `"}]}`}}, id: "c1", secret: newSecret, warns: "odd", nPosts: 1},
		{name: "unknown scope", posts: []step{refuse(400, "invalid scope")}, fails: ": invalid scope", nPosts: 1},
		{name: "no scope", posts: []step{refuse(403, "access denied, scope not permitted")}, fails: "lacks the scope api-client-mgmt:write", nPosts: 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if tc.before == "" {
				tc.before = `[]`
			}
			later := ok(`[]`)
			if tc.after.status != 0 {
				later = ok(fmt.Sprintf("[%q]", append(slices.Concat(tc.exists, tc.unknown), "c1")[0]))
			}
			s, c := newScript(t, map[string][]step{
				idsLine: {ok(tc.before), later}, getLine: {tc.after}, postLine: tc.posts, resetLine: tc.resets,
			})
			client, warnings, err := c.CreateAPIClient(t.Context(), clientSpec)
			if s.count(postLine) != tc.nPosts || s.count(resetLine) != tc.nResets {
				t.Errorf("%d creates and %d resets, want %d and %d", s.count(postLine), s.count(resetLine), tc.nPosts, tc.nResets)
			}
			checkCreateError(t, err, tc.exists, tc.unknown, tc.fails)
			if tc.id == "" {
				if err == nil || client != nil {
					t.Fatalf("got %v, %v", client, err)
				}
				return
			}
			if err != nil || client.ID != tc.id || client.Secret != tc.secret {
				t.Fatalf("got %v with secret %q, %v", client, client.Secret, err)
			}
			if all := strings.Join(warnings, "\n"); (tc.warns == "") != (all == "") || !strings.Contains(all, tc.warns) {
				t.Errorf("warnings %q", all)
			}
			shown := fmt.Sprintf("%v %+v %#v %s", client, *client, *client, client.LogValue())
			if strings.Contains(shown+strings.Join(s.logs, "")+strings.Join(warnings, ""), newSecret) {
				t.Errorf("the secret shows: %s", shown)
			}
		})
	}
}

func checkCreateError(t *testing.T, err error, exists, unknown []string, text string) {
	t.Helper()
	e, isExists := errors.AsType[*ExistsError](err)
	u, isUnsettled := errors.AsType[*UnsettledError](err)
	if isExists != (exists != nil) || isUnsettled != (unknown != nil) {
		t.Fatalf("got the error %v", err)
	}
	if isExists && !slices.Equal(e.IDs, exists) || isUnsettled && !slices.Equal(u.IDs, unknown) {
		t.Errorf("ids in %v", err)
	}
	if text != "" && (err == nil || !strings.Contains(err.Error(), text)) {
		t.Errorf("%v lacks %q", err, text)
	}
}

// TestCreateSettlesAfterCancel checks that an interrupt during the create does not leave an unknown client.
func TestCreateSettlesAfterCancel(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	post := step{do: func(w http.ResponseWriter, r *http.Request) {
		cancel()
		step{drop: true}.write(w, r)
	}}
	s, c := newScript(t, map[string][]step{
		idsLine: {ok(`[]`), ok(`["c1"]`)}, postLine: {post},
		getLine:   {ok("[" + wireClient("c1", "zia", "d", "devices:read", "workflow:read") + "]")},
		resetLine: {{status: 201, body: envelopeOK(`[{"id":"c1","client_secret":"` + newSecret + `"}]`)}},
	})
	client, _, err := c.CreateAPIClient(ctx, clientSpec)
	if err != nil || client.Secret != newSecret || s.count(postLine) != 1 {
		t.Errorf("%v, %v", client, err)
	}
}

func TestCreateSendsAllThree(t *testing.T) {
	t.Parallel()
	s, c := newScript(t, map[string][]step{
		idsLine: {ok(`null`)}, postLine: {{status: 201, body: envelopeOK(`[{"id":"c1","client_secret":"x"}]`)}},
		getLine:   {ok("[" + wireClient("c1", "zia", "") + "]")},
		patchLine: {{status: 204}},
	})
	if _, _, err := c.CreateAPIClient(t.Context(), APIClientSpec{Name: "zia"}); err != nil {
		t.Fatal(err)
	}
	if err := c.UpdateAPIClient(t.Context(), "c1", APIClientSpec{Name: "zia"}); err != nil {
		t.Fatal(err)
	}
	bodies := slices.DeleteFunc(slices.Clone(s.forms), func(body string) bool { return !strings.HasPrefix(strings.TrimSpace(body), "{") })
	if len(bodies) != 2 {
		t.Errorf("%d bodies were sent", len(bodies))
	}
	for _, body := range bodies {
		if strings.TrimSpace(body) != `{"description":"","name":"zia","scopes":[]}` {
			t.Errorf("sent %s", body)
		}
	}
}

func TestDeleteAPIClient(t *testing.T) {
	t.Parallel()
	accepted := step{status: 202, body: envelopeOK(`[]`)}
	there := ok("[" + wireClient("c1", "zia", "") + "]")
	for _, tc := range []struct {
		name    string
		deletes []step
		reads   []step
		fails   string
		n, r    int
	}{
		{"at once", []step{accepted}, []step{ok(`[]`)}, "", 1, 1},
		{"in the end", []step{accepted}, []step{there, there, there, refuse(404, "no such client")}, "", 1, 4},
		{"gone already", []step{refuse(404, "no such client")}, nil, "", 1, 0},
		{"gone in a 202", []step{{status: 202, body: envelopeError(404, "no such client")}}, []step{ok(`[]`)}, "", 1, 1},
		{"lost response", []step{{drop: true}, refuse(404, "no such client")}, nil, "", 2, 0},
		{"empty 202", []step{{status: 202}}, []step{ok(`[]`)}, "", 1, 1},
		{"may not read", []step{accepted}, []step{refuse(403, "access denied, scope not permitted")}, "", 1, 1},
		{"never gone", []step{accepted}, []step{there}, "still shows the client", 1, maxGonePolls},
		{"refused", []step{refuse(403, "access denied, scope not permitted")}, nil, "api-client-mgmt:write", 1, 0},
		{"refused in a 202", []step{{status: 202, body: envelopeError(403, "no")}}, nil, ": no", 1, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, c := newScript(t, map[string][]step{deleteLine: tc.deletes, getLine: tc.reads})
			err := c.DeleteAPIClient(t.Context(), "c1")
			if (err == nil) != (tc.fails == "") || err != nil && !strings.Contains(err.Error(), tc.fails) {
				t.Errorf("got %v", err)
			}
			if s.count(deleteLine) != tc.n || s.count(getLine) != tc.r {
				t.Errorf("%d deletes, %d reads", s.count(deleteLine), s.count(getLine))
			}
		})
	}
}

func TestRefusedScopesAreAskedForOnce(t *testing.T) {
	t.Parallel()
	s, c := newScript(t, map[string][]step{readLine: {refuse(403, "access denied, scope not permitted")}})
	for range 3 {
		if _, err := c.AccessibleScopes(t.Context()); !IsScopeMissing(err) {
			t.Errorf("got %v", err)
		}
	}
	if n := s.count(readLine); n != 1 {
		t.Errorf("%d calls", n)
	}
}

func TestTenantAndScopesAreReadOnce(t *testing.T) {
	t.Parallel()
	s, c := newScript(t, map[string][]step{
		ccidLine: {refuse(403, "access denied, scope not permitted"), ok(`["0123456789ABCDEF0123456789ABCDEF-1F"]`)},
		readLine: {ok(`[{"id":"workflow:read","group":"Workflow"},{"id":"devices:read","group":"Hosts","action":"read"},null,{}]`)},
	})
	if _, err := c.Tenant(t.Context()); !IsScopeMissing(err) || !strings.Contains(err.Error(), "sensor-installers:read") {
		t.Errorf("got %v", err)
	}
	for range 3 {
		tenant, err := c.Tenant(t.Context())
		if err != nil || tenant.CID != "0123456789abcdef0123456789abcdef" || tenant.CCID != "0123456789ABCDEF0123456789ABCDEF-1F" {
			t.Errorf("%v %v", tenant, err)
		}
		scopes, err := c.AccessibleScopes(t.Context())
		if err != nil || len(scopes) != 2 || scopes[0] != (Scope{"devices:read", "Hosts", "read"}) || scopes[1].Action != "read" {
			t.Errorf("%v %v", scopes, err)
		}
	}
	if s.count(ccidLine) != 2 || s.count(readLine) != 1 {
		t.Errorf("calls: %v", s.lines)
	}
	for id, want := range map[string]string{"devices:read": "Hosts: read", "x:read": "x:read", "devices": "devices"} {
		if got := ScopeTitle(id); got != want {
			t.Errorf("%s: %s", id, got)
		}
	}
}
