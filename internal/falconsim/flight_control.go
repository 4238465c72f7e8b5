package falconsim

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/fql"
)

// flightControlRoutes are the operations that read a parent's child tenants (wire/flight-control.md#children).
func (s *Server) flightControlRoutes() []route {
	const powered = "mssp-api"
	read := []string{"mssp:read"}
	return []route{
		{http.MethodGet, "/mssp/queries/children/v1", read, powered, s.queryChildren},
		{http.MethodPost, "/mssp/entities/children/GET/v2", read, powered, s.readChildrenByBody},
		{http.MethodGet, "/mssp/entities/children/v1", read, powered, s.readChildren},
	}
}

// refuseUnlessParent refuses requests to a tenant that is not a parent.
//
// GUESS Q103: such a tenant does not have the product, but no response is recorded.
func (s *Server) refuseUnlessParent() *reply {
	if len(s.opts.MemberCIDs) > 0 || s.reading("Q103") == "b" {
		return nil
	}
	return refuse(http.StatusForbidden, "access denied, authorization failed")
}

// childPage is the largest page of child ids.
//
// GUESS Q115: a public client allows 5,000; no limit is documented.
const childPage = 5000

// queryChildren lists the ids of children, by default the one added last first.
func (s *Server) queryChildren(c *apiRequest) reply {
	if refusal := s.refuseUnlessParent(); refusal != nil {
		return *refusal
	}
	limit, offset, refusal := c.window(10, childPage, maxOffset)
	if refusal != nil {
		return *refusal
	}
	if s.reading("Q115") == "b" {
		limit = min(limit, 100)
	}
	list, refusal := filtered(c, slices.Clone(s.opts.MemberCIDs), map[string]fql.Matcher[string]{"cid": fql.Is(strings.ToLower)})
	if refusal != nil {
		return *refusal
	}

	switch order := c.get("sort"); order {
	case "", "last_modified_timestamp|desc":
		slices.Reverse(list)
	case "last_modified_timestamp|asc":
	default:
		return failed(http.StatusBadRequest, "invalid sort %q", order)
	}
	ids := append([]string{}, page(list, limit, offset)...)
	return succeeded(ids).paged(limit, offset, len(list))
}

func (s *Server) readChildrenByBody(c *apiRequest) reply {
	var body struct {
		IDs []string `json:"ids"`
	}
	if err := json.Unmarshal(c.body, &body); err != nil {
		return failed(http.StatusBadRequest, "invalid request body")
	}
	return s.childLinks(body.IDs)
}

func (s *Server) readChildren(c *apiRequest) reply { return s.childLinks(c.query["ids"]) }

// childLinks responds with children. If an id is unknown, the status is 207, which is in the specification.
func (s *Server) childLinks(ids []string) reply {
	if refusal := s.refuseUnlessParent(); refusal != nil {
		return *refusal
	}
	if len(ids) == 0 {
		return failed(http.StatusBadRequest, "ids is required")
	}
	links := []any{}
	response := reply{status: http.StatusOK}
	for _, id := range ids {
		child := s.members[strings.ToLower(id)]
		if child == nil {
			response.status = http.StatusMultiStatus
			response.errors = append(response.errors, apiError{Code: http.StatusNotFound, Message: "child not found", ID: id})
			continue
		}
		links = append(links, s.childLink(child))
	}
	response.resources = links
	return response
}

// childLink returns a child as its parent shows it. The checksum is that of the customer id.
func (s *Server) childLink(child *Server) map[string]any {
	link := map[string]any{
		"child_cid": child.cid, "child_of": s.cid, "checksum": strings.ToLower(child.ccid[len(child.cid)+1:]), "domains": []string{},
	}
	// GUESS Q116: the specification does not require the two, and no response is recorded.
	if s.reading("Q116") == "a" {
		own := s.opts.Children[child.cid]
		link["name"] = cmp.Or(own.Name, "child "+child.cid[:6])
		link["status"] = cmp.Or(own.Status, "active")
	}
	return link
}
