package falcon

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

const (
	routeTriggers   = "GET /workflows/combined/triggers/v1"
	routeActivities = "GET /workflows/combined/activities/v1"
)

func TestTriggersAreReadOnce(t *testing.T) {
	t.Parallel()
	f, c := newFake(t, routes{routeTriggers: func(w http.ResponseWriter, r request) {
		if r.get("offset") == "" {
			list(w, 2, `{"id":"t1","name":"Case > Case Created","category":"Case/Created","version":1,"description":"d","fields":[`+
				`{"name":"Trigger.Case","display":"Case","type":"object","example":{"a":1},"fields":[{"name":"ID","type":"string","example":"x","fields":null}]}]}`)
			return
		}
		list(w, 2, `{"id":"t2","name":"Incident","category":"Incident","fields":null}`)
	}})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got, err := c.Triggers(t.Context())
			if err != nil || len(got) != 2 {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
	wg.Wait()
	got, err := c.Triggers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.calls(routeTriggers)); n != 2 {
		t.Errorf("%d calls", n)
	}
	first := got[0]
	if first.Category != "Case/Created" || first.Version != "1" || first.Fields[0].Example != `{"a":1}` ||
		first.Fields[0].Fields[0].Name != "ID" || first.Fields[0].Fields[0].Example != "x" {
		t.Errorf("got %+v", first)
	}
	got[0].Category = "changed"
	if again, err := c.Triggers(t.Context()); err != nil || again[0].Category != "Case/Created" {
		t.Errorf("the kept list changed: %v, %v", again, err)
	}
}

func TestTriggersAreReadAgainAfterAFailure(t *testing.T) {
	t.Parallel()
	times := 0
	_, c := newFake(t, routes{routeTriggers: func(w http.ResponseWriter, _ request) {
		if times++; times == 1 {
			refusal(w, 403, "access denied, scope not permitted")
			return
		}
		list(w, 1, `{"id":"t1","name":"n","category":"c"}`)
	}})
	if _, err := c.Triggers(t.Context()); !IsScopeMissing(err) || !strings.Contains(err.Error(), "workflow:read") {
		t.Fatal(err)
	}
	if got, err := c.Triggers(t.Context()); err != nil || len(got) != 1 {
		t.Errorf("got %v, %v", got, err)
	}
}

func activityJSON(id, name string) string {
	return fmt.Sprintf(`{"id":%q,"name":%q,"class":"c","app_id":"a1","semantic_version":"1.2.3","has_permission":true,"dependencies":[],`+
		`"input_schema":{"properties":{"config_id":{"title":"Webhook name"}}},"output_schema":null}`, id, name)
}

func TestActivitiesByName(t *testing.T) {
	t.Parallel()
	const all = "name:~'Call webhook'"
	tests := map[string]struct {
		responses map[string][]string // by filter
		status    int
		want      int
		filters   []string // of two lookups
	}{
		"found, and kept": {
			responses: map[string][]string{all: {activityJSON("a1", "Call webhook"), activityJSON("a2", "Call webhook v2")}},
			want:      1, filters: []string{all},
		},
		"several words match nothing": {
			responses: map[string][]string{"name:~'webhook'": {activityJSON("a1", "Call webhook")}},
			want:      1, filters: []string{all, "name:~'webhook'", all},
		},
		"none, and not kept": {filters: []string{all, "name:~'webhook'", all, "name:~'webhook'"}},
		"404 because of an orphan": {
			responses: map[string][]string{all: {activityJSON("a1", "Call webhook")}}, status: 404,
			want: 1, filters: []string{all},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, routes{routeActivities: func(w http.ResponseWriter, r request) {
				status := max(tc.status, 200)
				errs := "[]"
				if status == 404 {
					errs = `[{"code":404,"message":"artifact not found"}]`
				}
				found := tc.responses[r.get("filter")]
				if r.get("offset") != "" {
					found = nil
				}
				reply(w, status, fmt.Sprintf(`{"meta":{"pagination":{"total":%d}},"errors":%s,"resources":[%s]}`,
					len(tc.responses[r.get("filter")])+tc.status/404, errs, strings.Join(found, ",")))
			}})
			for range 2 {
				got, err := c.ActivitiesByName(t.Context(), "Call webhook")
				if err != nil || len(got) != tc.want {
					t.Fatalf("got %v, %v", got, err)
				}
				if tc.want == 1 && (got[0].ID != "a1" || !*got[0].HasPermission || got[0].OutputSchema != nil ||
					!strings.Contains(string(got[0].InputSchema), "Webhook name")) {
					t.Errorf("got %+v", got[0])
				}
			}
			var filters []string
			for _, r := range f.calls(routeActivities) {
				if r.get("offset") == "" {
					filters = append(filters, r.get("filter"))
				}
			}
			if fmt.Sprint(filters) != fmt.Sprint(tc.filters) {
				t.Errorf("filters %q", filters)
			}
		})
	}
}

func TestActivity(t *testing.T) {
	t.Parallel()
	f, c := newFake(t, routes{routeActivities: func(w http.ResponseWriter, r request) {
		if filter := r.get("filter"); filter == "id:'a1'" || filter == "" {
			list(w, 1, activityJSON("a1", "Sleep"))
			return
		}
		list(w, 0)
	}})
	for range 3 {
		if a, err := c.Activity(t.Context(), "a1"); err != nil || a.Name != "Sleep" || a.SemanticVersion != "1.2.3" {
			t.Fatalf("got %+v, %v", a, err)
		}
	}
	if n := len(f.calls(routeActivities)); n != 1 {
		t.Errorf("%d calls", n)
	}
	if _, err := c.Activity(t.Context(), "it's"); !IsNotFound(err) {
		t.Errorf("error %v", err)
	}
	if got := f.calls(routeActivities)[1].get("filter"); got != `id:'it\'s'` {
		t.Errorf("filter %s", got)
	}
}

// No tenant has an empty catalog: such a response does not say that one action is unknown.
func TestActivity_emptyCatalog(t *testing.T) {
	t.Parallel()
	_, c := newFake(t, routes{routeActivities: func(w http.ResponseWriter, _ request) { list(w, 0) }})
	if _, err := c.Activity(t.Context(), "a1"); err == nil || IsNotFound(err) || !strings.Contains(err.Error(), "empty catalog") {
		t.Errorf("error %v", err)
	}
}

func TestActivitiesLike(t *testing.T) {
	t.Parallel()
	f, c := newFake(t, routes{routeActivities: func(w http.ResponseWriter, r request) {
		switch r.get("filter") {
		case "name:~'webhok'", "name:~'Call webhok now'":
			list(w, 0)
		default:
			list(w, 9000, activityJSON("a1", "Call webhook"), activityJSON("a2", "Call API"))
		}
	}})
	got, err := c.ActivitiesLike(t.Context(), "Call webhok now")
	if err != nil || len(got) != 2 {
		t.Fatalf("got %v, %v", got, err)
	}
	if n := len(f.calls(routeActivities)); n != 4 {
		t.Errorf("%d calls: the whole text, then three words", n)
	}
}

// Where the undocumented filter by id finds nothing, the whole catalog is searched, once.
func TestActivityWithoutTheFilterByID(t *testing.T) {
	t.Parallel()
	f, c := newFake(t, routes{routeActivities: func(w http.ResponseWriter, r request) {
		if r.get("filter") != "" || r.get("offset") != "" && r.get("offset") != "0" {
			reply(w, 200, `{"meta":{},"errors":[],"resources":[]}`)
			return
		}
		reply(w, 200, `{"meta":{},"errors":[],"resources":[{"id":"a1","name":"One"},{"id":"b2","name":"Two"}]}`)
	}})
	for id, name := range map[string]string{"a1": "One", "b2": "Two"} {
		a, err := c.Activity(t.Context(), id)
		if err != nil || a.Name != name {
			t.Errorf("%s: got %+v, %v", id, a, err)
		}
	}
	if _, err := c.Activity(t.Context(), "c3"); !IsNotFound(err) {
		t.Errorf("got %v, want not found", err)
	}
	whole := 0
	for _, r := range f.calls(routeActivities) {
		if r.get("filter") == "" && (r.get("offset") == "" || r.get("offset") == "0") {
			whole++
		}
	}
	if whole != 1 {
		t.Errorf("the catalog was read %d times, want once", whole)
	}
}
