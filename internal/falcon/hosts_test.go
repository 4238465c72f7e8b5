package falcon

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

const (
	routeHostQuery   = "GET /devices/queries/devices/v1"
	routeHostDetails = "POST /devices/entities/devices/v2"
)

func TestHostsByName(t *testing.T) {
	t.Parallel()
	f, c := newFake(t, routes{
		routeHostQuery: func(w http.ResponseWriter, _ request) { list(w, 4, `"a1"`, `"a2"`, `"a3"`, `"a4"`) },
		routeHostDetails: func(w http.ResponseWriter, _ request) {
			// a4 was deleted between the two requests.
			reply(w, 404, `{"meta":{},"errors":[{"code":404,"message":"a4 not found"}],"resources":[`+
				`{"device_id":"a1","hostname":"web-1","last_seen":"2026-01-01T00:00:00Z","platform_name":"Linux"},`+
				`{"device_id":"a2","hostname":"WEB-1","last_seen":"2026-02-01T00:00:00Z","platform_name":"Linux"},`+
				`{"device_id":"a3","hostname":"web-10","last_seen":"2026-03-01T00:00:00Z"}]}`)
		},
	})
	got, err := c.HostsByName(t.Context(), "web-1")
	if err != nil || len(got) != 2 || got[0].AID != "a2" || got[1].AID != "a1" || got[1].Platform != "Linux" {
		t.Fatalf("got %+v, %v", got, err)
	}
	if r := f.calls(routeHostQuery)[0]; r.get("filter") != "hostname:'web-1'" || r.get("sort") != "last_seen.desc" {
		t.Errorf("query %v", r.query)
	}
	if r := f.calls(routeHostDetails)[0]; strings.TrimSpace(r.body) != `{"ids":["a1","a2","a3","a4"]}` {
		t.Errorf("body %s", r.body)
	}
}

func TestHostsByNameWithoutAHost(t *testing.T) {
	t.Parallel()
	f, c := newFake(t, routes{routeHostQuery: func(w http.ResponseWriter, _ request) { list(w, 0) }})
	got, err := c.HostsByName(t.Context(), "it's")
	if err != nil || len(got) != 0 || f.lines() != "GET devices" {
		t.Errorf("got %v, %v after %s", got, err, f.lines())
	}
	if r := f.calls(routeHostQuery)[0]; r.get("filter") != `hostname:'it\'s'` {
		t.Errorf("query %v", r.query)
	}
}

func TestHostReadsAreRepeated(t *testing.T) {
	t.Parallel()
	times := 0
	_, c := newFake(t, routes{routeHostDetails: func(w http.ResponseWriter, _ request) {
		if times++; times == 1 {
			drop()
		}
		list(w, 1, `{"device_id":"a1","hostname":"h"}`)
	}})
	if got, err := c.Hosts(t.Context(), []string{"a1"}); err != nil || len(got) != 1 {
		t.Errorf("got %v, %v", got, err)
	}
}

// The hosts of a name may be on any page of those that match it; a listing that ends early or never is an error.
func TestHostsByNameOnSeveralPages(t *testing.T) {
	t.Parallel()
	ids := func(from, n int) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprintf(`"h%d"`, from+i))
		}
		return list
	}
	for name, tc := range map[string]struct {
		page  func(offset int) (total int, ids []string)
		calls int
		hosts int
		says  string
	}{
		"two pages":    {func(o int) (int, []string) { return 5003, ids(o, min(hostPage, 5003-o)) }, 2, 5003, ""},
		"short pages":  {func(o int) (int, []string) { return 5, ids(o, min(2, 5-o)) }, 3, 5, ""},
		"ends early":   {func(o int) (int, []string) { return 5003, ids(o, max(0, 100-o)) }, 2, 0, "should have 5003 entries, but ended after 100"},
		"too many":     {func(o int) (int, []string) { return 20_000, ids(o, hostPage) }, 2, 0, "lists no more than 10000"},
		"without end":  {func(o int) (int, []string) { return o + 9999, ids(o, 1000) }, 10, 0, "lists no more than 10000"},
		"without list": {func(int) (int, []string) { return 7, nil }, 1, 0, "should have 7 entries, but ended after 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, routes{
				routeHostQuery: func(w http.ResponseWriter, r request) {
					offset, _ := strconv.Atoi(r.get("offset"))
					total, page := tc.page(offset)
					list(w, total, page...)
				},
				routeHostDetails: func(w http.ResponseWriter, r request) {
					var body struct{ IDs []string }
					if err := json.Unmarshal([]byte(r.body), &body); err != nil {
						t.Error(err)
					}
					var found []string
					for _, id := range body.IDs {
						found = append(found, fmt.Sprintf(`{"device_id":%q,"hostname":"web"}`, id))
					}
					list(w, len(found), found...)
				},
			})
			got, err := c.HostsByName(t.Context(), "web")
			if (err == nil) != (tc.says == "") || !strings.Contains(fmt.Sprint(err), tc.says) || len(got) != tc.hosts {
				t.Errorf("%d hosts, %v", len(got), err)
			}
			if n := len(f.calls(routeHostQuery)); n != tc.calls {
				t.Errorf("%d calls, want %d", n, tc.calls)
			}
		})
	}
}
