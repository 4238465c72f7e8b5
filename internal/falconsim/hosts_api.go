package falconsim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
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
)

// hostQuery reads filter and sort and returns the hosts in order.
func (s *Server) hostQuery(c *call) ([]*Host, *reply) {
	refuse := func(text string) ([]*Host, *reply) {
		answer := failed(http.StatusBadRequest, "%s", text)
		return nil, &answer
	}
	filter, err := parseFQL(c.get("filter"))
	unknown := slices.ContainsFunc(filter.terms(), func(t *fqlTerm) bool { return hostFields[t.field] == nil })
	if err != nil || unknown {
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
	hosts := slices.DeleteFunc(slices.Clone(s.hosts.index().byID), func(h *Host) bool {
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
	paging := map[string]any{"total": scroll.total, "offset": s.hosts.keepScroll(scroll), "expires_at": scroll.expires.UnixNano()}
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
		next = s.hosts.keepScroll(scroll)
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
		if scroll, known = s.hosts.scroll(scroll.token, s.now()); !known {
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
	found, missing := s.hosts.index().get(ids)
	answer := succeeded(s.devices(c, found))
	if s.reading("Q101") == "b" { // GUESS Q101: one public client expects the 404, the specification has neither
		return answer
	}
	return answer.missing(missing, "device")
}
