package falconsim

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/hosts"
)

const (
	// Limits of the query, of its window, and of the scroll (wire/hosts.md#queries).
	maxHostQuery  = 5000
	maxHostWindow = 10_000
	maxHostScroll = 10_000
	maxHostIDs    = 5000
	// defaultHostLimit applies without a limit. It is documented for the combined operation only; public clients always send a
	// limit.
	defaultHostLimit = 100
)

// deviceAPI is the powered_by of the hosts API (wire/hosts.md#queries).
const deviceAPI = "device-api"

func (s *Server) hostRoutes() []route {
	const details = "/devices/entities/devices/v2"
	scopes := []string{"devices:read"}
	return []route{
		{http.MethodGet, "/devices/queries/devices/v1", scopes, deviceAPI, s.queryHosts},
		{http.MethodGet, "/devices/queries/devices-scroll/v1", scopes, deviceAPI, s.scrollHosts},
		{http.MethodGet, "/devices/combined/devices/v1", scopes, deviceAPI, s.combinedHosts},
		{http.MethodGet, details, scopes, deviceAPI, s.readHosts},
		{http.MethodPost, details, scopes, deviceAPI, s.readHostsByBody},
	}
}

// hostQuery returns the hosts that the request's filter matches, in the order of its sort.
func (s *Server) hostQuery(c *apiRequest) ([]*Host, *reply) {
	// GUESS Q68: that a filter also finds words of a hostname is inferred.
	found, err := s.hosts.Index().Query(c.get("filter"), c.get("sort"), s.reading("Q68") == "a")
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "%s", err.Error())
	}
	return found, nil
}

func (s *Server) queryHosts(c *apiRequest) reply {
	limit, offset, refusal := c.window(defaultHostLimit, maxHostQuery, maxHostWindow)
	if refusal != nil {
		return *refusal
	}
	if offset+limit > maxHostWindow {
		return failed(http.StatusBadRequest, "invalid offset and limit: together at most %d", maxHostWindow)
	}
	found, refusal := s.hostQuery(c)
	if refusal != nil {
		return *refusal
	}
	return succeeded(hostIDs(page(found, limit, offset))).paged(limit, offset, len(found))
}

func hostIDs(list []*Host) []string {
	ids := make([]string, len(list))
	for i, h := range list {
		ids[i] = h.AgentID
	}
	return ids
}

// scrollHosts pages with an opaque offset that expires and is the same for every page. As recorded, the last page with hosts
// has it too: the end is a page without hosts, with a total of 0 and an empty offset (wire/hosts.md#queries).
func (s *Server) scrollHosts(c *apiRequest) reply {
	scroll, refusal := s.hostScroll(c)
	if refusal != nil {
		return *refusal
	}
	page := scroll.Next(s.now())
	if len(page) == 0 {
		return reply{status: http.StatusOK, resources: []string{}, paging: map[string]any{"total": 0, "offset": ""}}
	}
	paging := map[string]any{"total": scroll.Total, "offset": s.hosts.KeepScroll(scroll), "expires_at": scroll.Expires.UnixNano()}
	return reply{status: http.StatusOK, resources: hostIDs(page), paging: paging}
}

// combinedHosts returns complete devices, or the properties in fields. Its token for the next page is next, which is empty on
// the last page (gofalcon's deviceapi_device_paging_v2).
func (s *Server) combinedHosts(c *apiRequest) reply {
	scroll, refusal := s.hostScroll(c)
	if refusal != nil {
		return *refusal
	}
	page := scroll.Next(s.now())
	next := ""
	if len(scroll.Hosts) > 0 {
		next = s.hosts.KeepScroll(scroll)
	}
	response := reply{status: http.StatusOK, resources: s.devices(c, page), paging: map[string]any{
		"total": scroll.Total, "limit": scroll.Limit, "offset": next, "next": next, "expires_at": scroll.Expires.UnixNano(),
	}}
	fields := c.get("fields")
	if fields == "" {
		return response
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
	response.resources = rows
	return response
}

// hostScroll returns the listing that a request begins or continues. The limit of the first request applies until another one
// is sent.
func (s *Server) hostScroll(c *apiRequest) (*hosts.Scroll, *reply) {
	scroll := &hosts.Scroll{Token: c.get("offset"), Limit: defaultHostLimit}
	if scroll.Token != "" {
		var known bool
		if scroll, known = s.hosts.Scroll(scroll.Token, s.now()); !known {
			return nil, refuse(http.StatusBadRequest, "invalid or expired offset")
		}
	}
	limit, refusal := c.queryNumber("limit", scroll.Limit, 1, maxHostScroll)
	if refusal != nil {
		return nil, refusal
	}
	scroll.Limit = limit
	if scroll.Token == "" {
		scroll.Hosts, refusal = s.hostQuery(c)
		scroll.Total = len(scroll.Hosts)
	}
	return scroll, refusal
}

func (s *Server) devices(c *apiRequest, list []*Host) []hosts.Device {
	shown := make([]hosts.Device, len(list))
	for i, h := range list {
		shown[i] = h.Device(c.cid)
	}
	return shown
}

func (s *Server) readHosts(c *apiRequest) reply {
	return s.hostDetails(c, c.query["ids"])
}

func (s *Server) readHostsByBody(c *apiRequest) reply {
	var body struct {
		IDs []string `json:"ids"`
	}
	if err := json.Unmarshal(c.body, &body); err != nil {
		return failed(http.StatusBadRequest, "invalid request body: %s", err)
	}
	return s.hostDetails(c, body.IDs)
}

// hostDetails responds with 404 and the hosts that it found if an id is unknown (wire/hosts.md#details).
func (s *Server) hostDetails(c *apiRequest, ids []string) reply {
	switch {
	case len(ids) == 0:
		return failed(http.StatusBadRequest, "ids: at least one is required")
	case len(ids) > maxHostIDs:
		return failed(http.StatusBadRequest, "ids: at most %d are allowed", maxHostIDs)
	}
	found, missing := s.hosts.Index().Get(ids)
	response := succeeded(s.devices(c, found))
	if s.reading("Q101") == "b" { // GUESS Q101: one public client expects the 404, the specification has neither
		return response
	}
	return response.withMissing(missing, "device")
}
