package falconsim

import "net/http"

const (
	tokenPath  = "/oauth2/token" //nolint:gosec // a path, no credential
	revokePath = "/oauth2/revoke"
	ccidPath   = "/sensors/queries/installers/ccid/v1"
)

// table lists every operation that the simulator offers, each with the scopes
// that its caller needs.
func (s *Server) table() []route {
	routes := []route{
		{method: http.MethodPost, path: tokenPath, handler: s.issueToken},
		{method: http.MethodPost, path: revokePath, handler: s.revokeToken},
		{method: http.MethodGet, path: ccidPath, scopes: []string{"sensor-installers:read"}, poweredBy: "sensor-download", handler: s.readCCID},
	}
	for _, more := range [][]route{s.apiClientRoutes(), s.pluginRoutes(), s.workflowRoutes(), s.executionRoutes(), s.scoreRoutes(), s.flightControlRoutes()} {
		routes = append(routes, more...)
	}
	return routes
}

// readCCID answers the customer id with checksum (wire/hosts.md#customer-id).
func (s *Server) readCCID(c *call) reply {
	ccid := s.ccid
	if c.cid != s.cid {
		ccid = memberCCID(c.cid)
	}
	return succeeded([]string{ccid})
}
