package falconsim

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/hosts"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"
)

const (
	hostQueryPath  = "/devices/queries/devices/v1"
	hostScrollPath = "/devices/queries/devices-scroll/v1"
	hostDetailPath = "/devices/entities/devices/v2"
)

func TestHostRefusals(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	rateLimited := `{"ids":["` + strings.Repeat(`a","`, maxHostIDs) + `a"]}`
	for name, call := range map[string]struct {
		target, body string
		status       int
	}{
		"limit too high":        {hostQueryPath + "?limit=5001", "", 400},
		"limit zero":            {hostQueryPath + "?limit=0", "", 400},
		"window":                {hostQueryPath + "?limit=5000&offset=5001", "", 400},
		"scroll limit":          {hostScrollPath + "?limit=10001", "", 400},
		"unknown scroll offset": {hostScrollPath + "?offset=never-given", "", 400},
		"broken filter":         {hostQueryPath + "?filter=" + url.QueryEscape("hostname:'x"), "", 400},
		"unknown property":      {hostQueryPath + "?filter=" + url.QueryEscape("host_name:'x'"), "", 400},
		"unknown sort":          {hostQueryPath + "?sort=color.asc", "", 400},
		"bad direction":         {hostQueryPath + "?sort=hostname.up", "", 400},
		"no ids":                {hostDetailPath, "", 400},
		"ids not JSON":          {hostDetailPath, "ids", 400},
		"too many ids":          {hostDetailPath, rateLimited, 400},
		"empty filter":          {hostQueryPath + "?filter=", "", 200},
		"pipe in sort":          {hostQueryPath + "?sort=hostname%7Cdesc", "", 200},
	} {
		if got := c.do(call.target, call.body).status; got != call.status {
			t.Errorf("%s: status %d, want %d", name, got, call.status)
		}
	}
}

func TestHostQueryFindsByName(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{Hosts: 20})
	all := c.server.Hosts()
	name := all[4].Hostname
	older := Host{Hostname: name, LastSeen: random.SeededAt.AddDate(-1, 0, 0)}
	if _, err := c.server.PutHost(older); err != nil {
		t.Fatal(err)
	}
	for filter, want := range map[string]int{
		"hostname:'" + name + "'":                                                 2,
		"hostname:'" + strings.ToLower(name) + "'":                                2,
		"device_id:'" + all[4].AgentID + "'":                                      1,
		"device_id:['" + all[0].AgentID + "','" + all[1].AgentID + "']":           2,
		"hostname:'" + name + "'+last_seen:<'2026-01-01T00:00:00Z'":               1,
		"hostname:'no-such-host'":                                                 0,
		"(device_id:'" + all[0].AgentID + "',device_id:'" + all[1].AgentID + "')": 2,
		"hostname:!'" + name + "'":                                                19,
	} {
		response := c.read(hostQueryPath+"?sort=last_seen.desc&filter="+url.QueryEscape(filter), "")
		if response.Status != 200 || len(response.Resources) != want || response.Meta.Pagination.Total != want {
			t.Errorf("%s: status %d, %d ids, total %d, want %d", filter, response.Status, len(response.Resources), response.Meta.Pagination.Total, want)
		}
		if want == 2 && strings.HasPrefix(filter, "hostname") {
			if first := fmt.Sprintf("%q", all[4].AgentID); string(response.Resources[0]) != first {
				t.Errorf("%s: first is %s, want the one seen last, %s", filter, response.Resources[0], first)
			}
		}
	}
}

// wire/hosts.md#queries, as recorded: every page with hosts has the same offset, and the end is an empty page with a total of 0
// and an empty offset. The limit of the first request applies.
func TestHostScroll(t *testing.T) {
	t.Parallel()
	now := newClock()
	c := newTestClient(t, Options{Hosts: 25, Now: now.now})
	var ids []string
	var offset string
	target := hostScrollPath + "?limit=10"
	for _, want := range []int{10, 10, 5, 0} {
		response := c.read(target, "")
		for _, id := range response.Resources {
			ids = append(ids, string(id))
		}
		paging := response.Meta.Pagination
		next, _ := paging.Offset.(string)
		if len(response.Resources) != want || (paging.Total == 25) != (want > 0) || (paging.Expires == 0) != (want == 0) || (next == "") != (want == 0) {
			t.Fatalf("%d hosts, want %d; paging %+v", len(response.Resources), want, paging)
		}
		if offset != "" && next != "" && next != offset {
			t.Errorf("the offset changes from %s to %s", offset, next)
		}
		offset, target = next, hostScrollPath+"?offset="+next
		now.pass(100_000) // each request renews it
	}
	slices.Sort(ids)
	if got := len(slices.Compact(ids)); got != 25 {
		t.Errorf("%d different hosts, want 25", got)
	}
	begun, _ := c.read(hostScrollPath+"?limit=10", "").Meta.Pagination.Offset.(string)
	now.move(hosts.ScrollLifetime)
	if status := c.do(hostScrollPath+"?limit=10&offset="+begun, "").status; status != 400 {
		t.Errorf("expired offset: status %d, want 400", status)
	}
}

func TestHostDetailsWithUnknownIDs(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	known := c.server.Hosts()[0]
	unknown := strings.Repeat("0", 32)
	for name, response := range map[string]envelope{
		"POST": c.read(hostDetailPath, fmt.Sprintf(`{"ids":[%q,%q]}`, known.AgentID, unknown)),
		"GET":  c.read(hostDetailPath+"?ids="+known.AgentID+"&ids="+unknown, ""),
	} {
		if response.Status != 404 || len(response.Resources) != 1 || len(response.Errors) != 1 || response.Errors[0].ID != unknown {
			t.Errorf("%s: %+v", name, response)
		}
	}
	response := c.read(hostDetailPath, fmt.Sprintf(`{"ids":[%q]}`, known.AgentID))
	var got hosts.Device
	if err := json.Unmarshal(response.Resources[0], &got); err != nil {
		t.Fatal(err)
	}
	if response.Status != 200 || got.Hostname != known.Hostname || got.CID != c.server.CID() || *response.Meta.PoweredBy != deviceAPI {
		t.Errorf("status %d, device %+v", response.Status, got)
	}
}

func TestCombinedHostsPicksFields(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, Options{})
	response := c.read("/devices/combined/devices/v1?limit=2&fields=hostname,device_id", "")
	var row map[string]any
	if err := json.Unmarshal(response.Resources[0], &row); err != nil {
		t.Fatal(err)
	}
	if len(row) != 2 || row["hostname"] == nil || response.Meta.Pagination.Next == "" {
		t.Errorf("row %v, paging %+v", row, response.Meta.Pagination)
	}
}
