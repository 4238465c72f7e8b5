package falconsim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// The query's limit and window, and the scroll's limit (wire/hosts.md#queries).
	maxHostQuery  = 5000
	maxHostWindow = 10_000
	maxHostScroll = 10_000
	maxHostIDs    = 5000
	// defaultHostLimit applies where no limit is given. The combined call
	// documents 100, and the others are taken to have the same; clients always give one.
	defaultHostLimit = 100
	// scrollLifetime is how long a scroll offset can be used. That it expires
	// is recorded, the time is not.
	scrollLifetime = 2 * time.Minute
)

// device is a host as the hosts API shows it (wire/hosts.md#details).
type device struct {
	DeviceID        string   `json:"device_id"`
	CID             string   `json:"cid"`
	AgentVersion    string   `json:"agent_version"`
	FirstSeen       string   `json:"first_seen"`
	Hostname        string   `json:"hostname,omitempty"`
	LastSeen        string   `json:"last_seen"`
	ModifiedTime    string   `json:"modified_timestamp"`
	OSVersion       string   `json:"os_version"`
	PlatformID      string   `json:"platform_id"`
	PlatformName    string   `json:"platform_name"`
	ProductType     string   `json:"product_type"`
	ProductTypeDesc string   `json:"product_type_desc"`
	SerialNumber    string   `json:"serial_number,omitempty"`
	Status          string   `json:"status"`
	Groups          []string `json:"groups"`
	Tags            []string `json:"tags"`
}

// agentVersion is the sensor version of every seeded host.
const agentVersion = "7.28.20006.0"

func (h *Host) device(cid string) device {
	return device{
		DeviceID: h.AgentID, CID: cid, AgentVersion: agentVersion, Hostname: h.Hostname,
		FirstSeen: h.FirstSeen.Format(time.RFC3339), LastSeen: h.LastSeen.Format(time.RFC3339),
		ModifiedTime: h.Modified.Format(time.RFC3339), OSVersion: h.OSVersion,
		PlatformID:   map[string]string{"Windows": "0", "Mac": "1", "Linux": "3"}[h.Platform],
		PlatformName: h.Platform,
		ProductType:  map[string]string{"Workstation": "1", "Domain Controller": "2", "Server": "3"}[h.ProductType],
		SerialNumber: h.SerialNumber, ProductTypeDesc: h.ProductType, Status: "normal",
		Groups: []string{}, Tags: []string{},
	}
}

// hostFields are the properties that a filter or a sort may name.
var hostFields = map[string]func(*Host) string{
	"device_id":          func(h *Host) string { return h.AgentID },
	"hostname":           func(h *Host) string { return h.Hostname },
	"serial_number":      func(h *Host) string { return h.SerialNumber },
	"platform_name":      func(h *Host) string { return h.Platform },
	"product_type_desc":  func(h *Host) string { return h.ProductType },
	"os_version":         func(h *Host) string { return h.OSVersion },
	"agent_version":      func(*Host) string { return agentVersion },
	"status":             func(*Host) string { return "normal" },
	"first_seen":         func(h *Host) string { return h.FirstSeen.Format(time.RFC3339) },
	"last_seen":          func(h *Host) string { return h.LastSeen.Format(time.RFC3339) },
	"modified_timestamp": func(h *Host) string { return h.Modified.Format(time.RFC3339) },
}

// matchHost evaluates one comparison. Equality ignores case, and where words count it also holds for a whole word of the
// hostname, so that hostname:'SRV' finds SRV-00004.
//
// GUESS Q68: that words count is inferred.
func matchHost(h *Host, t *fqlTerm, words bool) bool {
	shown := strings.ToLower(hostFields[t.field](h))
	equal := func(want string) bool {
		if pattern, ok := strings.CutSuffix(want, "*"); ok {
			return strings.HasPrefix(shown, pattern)
		}
		return shown == want || words && t.field == "hostname" &&
			slices.Contains(strings.FieldsFunc(shown, func(r rune) bool { return r == '-' || r == '.' || r == '_' }), want)
	}
	for _, value := range t.values {
		want := strings.ToLower(value)
		var ok bool
		switch t.op {
		case ">":
			ok = shown > want
		case ">=":
			ok = shown >= want
		case "<":
			ok = shown < want
		case "<=":
			ok = shown <= want
		case "~", "!~":
			ok = strings.Contains(shown, want)
		default:
			ok = equal(want)
		}
		if ok {
			return !strings.HasPrefix(t.op, "!")
		}
	}
	return strings.HasPrefix(t.op, "!")
}

// hostQuery reads filter and sort and returns the hosts in order.
func (s *Server) hostQuery(c *call) ([]*Host, *reply) {
	refuse := func(text string) ([]*Host, *reply) {
		answer := failed(http.StatusBadRequest, "%s", text)
		return nil, &answer
	}
	filter, err := parseFQL(c.get("filter"))
	unknown := filter.check(func(t *fqlTerm) error {
		if hostFields[t.field] == nil {
			return errUnknownField
		}
		return nil
	})
	if err != nil || unknown != nil {
		return refuse("Invalid filter expression supplied")
	}
	order := c.get("sort")
	if order == "" {
		order = "device_id.asc"
	}
	field, direction, _ := strings.Cut(strings.ReplaceAll(order, "|", "."), ".")
	value := hostFields[field]
	if value == nil || direction != "" && direction != "asc" && direction != "desc" {
		return refuse("Invalid sort expression supplied")
	}
	words := s.reading("Q68") == "a"
	hosts := slices.DeleteFunc(slices.Clone(s.scores.view().hosts.byID), func(h *Host) bool {
		return !filter.match(func(t *fqlTerm) bool { return matchHost(h, t, words) })
	})
	slices.SortStableFunc(hosts, func(a, b *Host) int {
		if direction == "desc" {
			a, b = b, a
		}
		return strings.Compare(value(a), value(b))
	})
	return hosts, nil
}

// queryNumber reads a whole number of the query. Above the highest, a 400 is documented or observed where a bound is.
//
// GUESS Q60: nothing says what a negative number or a word does.
func (c *call) queryNumber(key string, fallback, lowest, highest int) (int, *reply) {
	text := c.get(key)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text)
	if c.ignoresBadNumbers && (err != nil || n < lowest) {
		return fallback, nil
	}
	if err != nil || n < lowest || n > highest {
		answer := failed(http.StatusBadRequest, "invalid %s %q: expected a number from %d to %d", key, text, lowest, highest)
		return 0, &answer
	}
	return n, nil
}

func (s *Server) queryHosts(c *call) reply {
	limit, refusal := c.queryNumber("limit", defaultHostLimit, 1, maxHostQuery)
	if refusal != nil {
		return *refusal
	}
	offset, refusal := c.queryNumber("offset", 0, 0, maxHostWindow)
	if refusal != nil {
		return *refusal
	}
	if offset+limit > maxHostWindow {
		return failed(http.StatusBadRequest, "invalid offset and limit: together at most %d", maxHostWindow)
	}
	hosts, refusal := s.hostQuery(c)
	if refusal != nil {
		return *refusal
	}
	page := hosts[min(offset, len(hosts)):min(offset+limit, len(hosts))]
	return succeeded(hostIDs(page)).paged(limit, offset, len(hosts))
}

func hostIDs(hosts []*Host) []string {
	ids := make([]string, len(hosts))
	for i, h := range hosts {
		ids[i] = h.AgentID
	}
	return ids
}

// scrollHosts pages with an opaque offset that expires and stays the same from page to page. As recorded, also the last
// page with hosts has it: the end is a page without hosts, with a total of 0 and an empty offset (wire/hosts.md#queries).
func (s *Server) scrollHosts(c *call) reply {
	scroll, refusal := s.hostScroll(c)
	if refusal != nil {
		return *refusal
	}
	page := scroll.next(s.now())
	if len(page) == 0 {
		return reply{status: http.StatusOK, resources: []string{}, paging: map[string]any{"total": 0, "offset": ""}}
	}
	paging := map[string]any{"total": scroll.total, "offset": s.scores.keepScroll(scroll), "expires_at": scroll.expires.UnixNano()}
	return reply{status: http.StatusOK, resources: hostIDs(page), paging: paging}
}

// combinedHosts returns whole devices; fields picks properties. Its next page is named next, which is empty on the last one
// (gofalcon's deviceapi_device_paging_v2).
func (s *Server) combinedHosts(c *call) reply {
	scroll, refusal := s.hostScroll(c)
	if refusal != nil {
		return *refusal
	}
	page := scroll.next(s.now())
	next := ""
	if len(scroll.hosts) > 0 {
		next = s.scores.keepScroll(scroll)
	}
	answer := reply{status: http.StatusOK, resources: s.devices(c, page), paging: map[string]any{
		"total": scroll.total, "limit": scroll.limit, "offset": next, "next": next, "expires_at": scroll.expires.UnixNano(),
	}}
	fields := c.get("fields")
	if fields == "" {
		return answer
	}
	rows := make([]map[string]json.RawMessage, len(page))
	for i, d := range s.devices(c, page) {
		var all map[string]json.RawMessage
		if err := json.Unmarshal(marshal(d), &all); err != nil {
			return failed(http.StatusInternalServerError, "%s", err)
		}
		rows[i] = map[string]json.RawMessage{}
		for field := range strings.SplitSeq(fields, ",") {
			if value, ok := all[field]; ok {
				rows[i][field] = value
			}
		}
	}
	answer.resources = rows
	return answer
}

// hostScroll is the listing that a call begins, or goes on with. The limit of the first call holds until another is given.
func (s *Server) hostScroll(c *call) (*hostScroll, *reply) {
	scroll := &hostScroll{token: c.get("offset"), limit: defaultHostLimit}
	if scroll.token != "" {
		var known bool
		if scroll, known = s.scores.scroll(scroll.token, s.now()); !known {
			answer := failed(http.StatusBadRequest, "invalid or expired offset")
			return nil, &answer
		}
	}
	limit, refusal := c.queryNumber("limit", scroll.limit, 1, maxHostScroll)
	if refusal != nil {
		return nil, refusal
	}
	scroll.limit = limit
	if scroll.token == "" {
		scroll.hosts, refusal = s.hostQuery(c)
		scroll.total = len(scroll.hosts)
	}
	return scroll, refusal
}

func (s *Server) devices(c *call, hosts []*Host) []device {
	list := make([]device, len(hosts))
	for i, h := range hosts {
		list[i] = h.device(c.cid)
	}
	return list
}

func (s *Server) readHosts(c *call) reply {
	return s.hostDetails(c, c.query["ids"])
}

func (s *Server) readHostsByBody(c *call) reply {
	var body struct {
		IDs []string `json:"ids"`
	}
	if err := json.Unmarshal(c.body, &body); err != nil {
		return failed(http.StatusBadRequest, "invalid request body: %s", err)
	}
	return s.hostDetails(c, body.IDs)
}

// hostDetails answers 404 beside the hosts that it found when an id is unknown
// (wire/hosts.md#details).
func (s *Server) hostDetails(c *call, ids []string) reply {
	switch {
	case len(ids) == 0:
		return failed(http.StatusBadRequest, "ids: at least one is required")
	case len(ids) > maxHostIDs:
		return failed(http.StatusBadRequest, "ids: at most %d are allowed", maxHostIDs)
	}
	found, missing := s.scores.view().hosts.get(ids)
	answer := succeeded(s.devices(c, found))
	if s.reading("Q101") == "b" { // GUESS Q101: one public client expects the 404, the specification has neither
		return answer
	}
	return answer.missing(missing, "device")
}
