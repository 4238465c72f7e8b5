package falconsim

import (
	"net/http"
	"slices"
)

const (
	tokenPath  = "/oauth2/token" //nolint:gosec // a path, no credential
	revokePath = "/oauth2/revoke"
	ccidPath   = "/sensors/queries/installers/ccid/v1"
)

// allRoutes lists every operation that the simulator offers.
func (s *Server) allRoutes() []route {
	return slices.Concat(
		[]route{
			{http.MethodPost, tokenPath, nil, "", s.issueToken},
			{http.MethodPost, revokePath, nil, "", s.revokeToken},
			{http.MethodGet, ccidPath, []string{"sensor-installers:read"}, "sensor-download", s.readCCID},
			{http.MethodPost, graphqlPath, []string{"identity-graphql:write"}, "", s.serveGraphQL},
		},
		s.apiClientRoutes(), s.pluginRoutes(), s.workflowRoutes(), s.executionRoutes(), s.hostRoutes(), s.assessmentRoutes(),
		s.flightControlRoutes(),
	)
}

// readCCID answers the customer id with checksum (wire/hosts.md#customer-id).
func (s *Server) readCCID(c *apiRequest) reply {
	ccid := s.ccid
	if c.cid != s.cid {
		ccid = memberCCID(c.cid)
	}
	return succeeded([]string{ccid})
}

// route is one API operation. The table in routes.go holds them all.
type route struct {
	method, path string
	// scopes that the caller's client must have, all of them.
	scopes []string
	// poweredBy is shown as meta.powered_by; "" leaves it out.
	poweredBy string
	// handler runs without s.mu held: it locks what it touches.
	handler func(*apiRequest) reply
}
