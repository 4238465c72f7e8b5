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

// readCCID responds with the customer id and its checksum (wire/hosts.md#customer-id).
func (s *Server) readCCID(*apiRequest) reply {
	return succeeded([]string{s.ccid})
}

// route is one API operation.
type route struct {
	method, path string
	// scopes that the API client must have, all of them.
	scopes []string
	// poweredBy is shown as meta.powered_by; "" leaves it out.
	poweredBy string
	// handler runs without s.mu held and locks it as needed.
	handler func(*apiRequest) reply
}
