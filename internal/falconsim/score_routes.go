package falconsim

import "net/http"

// deviceAPI is the powered_by of the hosts API. Zero Trust Assessment shows
// none (wire/conventions.md#envelope, wire/hosts.md#queries).
const deviceAPI = "device-api"

// scoreRoutes are the operations on hosts, their assessments and identities.
func (s *Server) scoreRoutes() []route {
	hosts := []string{"devices:read"}
	assessments := []string{"zero-trust-assessment:read"}
	return []route{
		{method: http.MethodGet, path: "/devices/queries/devices/v1", scopes: hosts, poweredBy: deviceAPI, handler: s.queryHosts},
		{method: http.MethodGet, path: "/devices/queries/devices-scroll/v1", scopes: hosts, poweredBy: deviceAPI, handler: s.scrollHosts},
		{method: http.MethodGet, path: "/devices/combined/devices/v1", scopes: hosts, poweredBy: deviceAPI, handler: s.combinedHosts},
		{method: http.MethodGet, path: "/devices/entities/devices/v2", scopes: hosts, poweredBy: deviceAPI, handler: s.readHosts},
		{method: http.MethodPost, path: "/devices/entities/devices/v2", scopes: hosts, poweredBy: deviceAPI, handler: s.readHostsByBody},
		{method: http.MethodGet, path: "/zero-trust-assessment/entities/assessments/v1", scopes: assessments, handler: s.readAssessments},
		{method: http.MethodGet, path: "/zero-trust-assessment/queries/assessments/v1", scopes: assessments, handler: s.listScores},
		{method: http.MethodGet, path: "/zero-trust-assessment/entities/audit/v1", scopes: assessments, handler: s.auditHosts},
		{method: http.MethodPost, path: graphqlPath, scopes: []string{"identity-graphql:write"}, handler: s.serveGraphQL},
	}
}
