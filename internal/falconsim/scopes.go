package falconsim

import (
	"slices"
	"strings"
)

// scopeGroup is a row of scopes in the console, with the actions that its scope id has. The ids are those of
// wire/api-clients.md#scopes.
type scopeGroup struct {
	group, id, actions string // actions: r, w or rw
	retired            bool
}

var scopeGroups = []scopeGroup{
	{group: "Alerts", id: "alerts", actions: "rw"},
	{group: "API integrations", id: "api-integrations", actions: "rw"},
	{group: "Api Client Mgmt", id: "api-client-mgmt", actions: "rw"},
	{group: "Assets", id: "discover", actions: "r"},
	{group: "Custom IOA rules", id: "custom-ioa", actions: "rw"},
	{group: "Detections", id: "detects", actions: "rw", retired: true},
	{group: "Device control policies", id: "device-control-policies", actions: "rw"},
	{group: "Event streams", id: "streaming", actions: "r"},
	{group: "Firewall management", id: "firewall-management", actions: "rw"},
	{group: "Flight Control", id: "mssp", actions: "rw"},
	{group: "Host groups", id: "host-group", actions: "rw"},
	{group: "Hosts", id: "devices", actions: "rw"},
	{group: "Identity Protection Assessment", id: "identity-assessment", actions: "r"},
	{group: "Identity Protection Detections", id: "identity-detections", actions: "rw"},
	{group: "Identity Protection Entities", id: "identity-entities", actions: "rw"},
	{group: "Identity Protection GraphQL", id: "identity-graphql", actions: "w"},
	{group: "Identity Protection Health", id: "identity-health", actions: "r"},
	{group: "Identity Protection Policy Rules", id: "identity-policy-rules", actions: "rw"},
	{group: "Identity Protection Timeline", id: "identity-timeline", actions: "r"},
	{group: "Incidents", id: "incidents", actions: "rw", retired: true},
	{group: "Installation tokens", id: "installation-tokens", actions: "rw"},
	{group: "IOA exclusions", id: "self-service-ioa-exclusions", actions: "rw"},
	{group: "IOC Management", id: "ioc", actions: "rw"},
	{group: "IOCs (Indicators of Compromise)", id: "iocs", actions: "r", retired: true},
	{group: "Machine learning exclusions", id: "ml-exclusions", actions: "rw"},
	{group: "NGSIEM", id: "humio-auth-proxy", actions: "rw"},
	{group: "On-demand scans (ODS)", id: "ods", actions: "rw"},
	{group: "Prevention policies", id: "prevention-policies", actions: "rw"},
	{group: "Real time response", id: "real-time-response", actions: "rw"},
	{group: "Real time response (admin)", id: "real-time-response-admin", actions: "w"},
	{group: "Real time response (audit)", id: "real-time-response-audit", actions: "r"},
	{group: "Response policies", id: "response-policies", actions: "rw"},
	{group: "Sensor download", id: "sensor-installers", actions: "r"},
	{group: "Sensor update policies", id: "sensor-update-policies", actions: "rw"},
	{group: "Sensor visibility exclusions", id: "sensor-visibility-exclusions", actions: "rw"},
	{group: "User management", id: "usermgmt", actions: "rw"},
	{group: "Vulnerabilities", id: "spotlight-vulnerabilities", actions: "r"},
	{group: "Workflow", id: "workflow", actions: "rw"},
	{group: "Zero Trust Assessment", id: "zero-trust-assessment", actions: "r"},
}

// scope is an item of accessible-scopes (wire/api-clients.md#scopes).
type scope struct {
	ID     string `json:"id"`
	Group  string `json:"group"`
	Action string `json:"action"`
}

// withholds reports whether the tenant does not offer the scopes of a resource.
//
// GUESS Q11, Q54: the id identity-detections is inferred, and whether every tenant offers api-client-mgmt is not known.
func (s *Server) withholds(resource string) bool {
	return slices.Contains(s.opts.WithoutScopes, resource) ||
		resource == "api-client-mgmt" && s.reading("Q11") == "b" || resource == "identity-detections" && s.reading("Q54") == "b"
}

func (s *Server) accessibleScopes() []scope {
	var list []scope
	for _, g := range scopeGroups {
		if g.retired && !s.opts.RetiredScopes && !s.hasRecordedScopes() || s.withholds(g.id) {
			continue
		}
		if strings.Contains(g.actions, "r") {
			list = append(list, scope{ID: g.id + ":read", Group: g.group, Action: "read"})
		}
		if strings.Contains(g.actions, "w") {
			list = append(list, scope{ID: g.id + ":write", Group: g.group, Action: "write"})
		}
	}
	return s.asRecorded(list)
}

func (s *Server) offeredScopes() []string {
	var ids []string
	for _, sc := range s.accessibleScopes() {
		ids = append(ids, sc.ID)
	}
	slices.Sort(ids)
	return ids
}

// scopeObjects returns scopes in the form of accessible-scopes.
func (s *Server) scopeObjects(ids []string) []scope {
	objects := []scope{}
	for _, sc := range s.accessibleScopes() {
		if slices.Contains(ids, sc.ID) {
			objects = append(objects, sc)
		}
	}
	return objects
}
