package falcon

import (
	"net/http"
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
			// a4 was deleted between the two calls.
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
