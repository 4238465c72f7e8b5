package falcon

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/crowdstrike/gofalcon/falcon/client/api_clients"
)

// The scopes of the API that manages API clients (wire-api.md 2.1).
const (
	scopeClientsRead  = "api-client-mgmt:read"
	scopeClientsWrite = "api-client-mgmt:write"
)

// Scope is one permission that the tenant offers to API clients.
type Scope struct {
	ID     string // e.g. "devices:read"
	Group  string // Falcon's name of the group, e.g. "Hosts"; may be empty
	Action string // "read" or "write"
}

// wireScope is a scope as an id or as an object: API clients may show either (wire-api.md 2.3).
type wireScope struct {
	ID     looseString `json:"id"`
	Group  looseString `json:"group"`
	Action looseString `json:"action"`
}

// AccessibleScopes lists the scopes that the tenant offers, sorted by id; read once. Scope api-client-mgmt:read.
func (c *Client) AccessibleScopes(ctx context.Context) ([]Scope, error) {
	scopes, err := c.scopes.get(ctx, c.readScopes)
	return slices.Clone(scopes), err
}

func (c *Client) readScopes(ctx context.Context) ([]Scope, error) {
	ctx = withCall(ctx, call{doing: "list the API scopes that the tenant offers", scope: scopeClientsRead, repeat: safe})
	var a answer
	_, err := c.apiClients.GetAccessibleScopes(api_clients.NewGetAccessibleScopesParamsWithContext(ctx),
		a.as(api_clients.NewGetAccessibleScopesOK()))
	env, err := checkedEnvelope(ctx, &a, err)
	if err != nil {
		return nil, err
	}
	items, err := resources[wireScope](ctx, env)
	if err != nil {
		return nil, err
	}
	scopes := make([]Scope, 0, len(items))
	for _, item := range items {
		if item.ID == "" {
			continue
		}
		s := Scope{ID: string(item.ID), Group: string(item.Group), Action: string(item.Action)}
		if _, action, ok := strings.Cut(s.ID, ":"); ok && s.Action == "" {
			s.Action = action
		}
		scopes = append(scopes, s)
	}
	slices.SortFunc(scopes, func(a, b Scope) int { return cmp.Compare(a.ID, b.ID) })
	return scopes, nil
}

// ScopeTitle is the name of a scope in Falcon's console, e.g. "Hosts: read" for "devices:read" (wire-api.md 2.4).
// An id that is not known is returned as it is.
func ScopeTitle(id string) string {
	name, action, ok := strings.Cut(id, ":")
	if group, known := scopeGroups[name]; ok && known {
		return group + ": " + action
	}
	return id
}

// scopeGroups are the console's names of the scopes' first halves; they follow no rule.
var scopeGroups = map[string]string{
	"alerts":                       "Alerts",
	"api-client-mgmt":              "API client management",
	"api-integrations":             "API integrations",
	"app-logs":                     "Foundry logs",
	"custom-ioa":                   "Custom IOA rules",
	"custom-storage":               "Foundry storage",
	"detects":                      "Detections",
	"device-control-policies":      "Device control policies",
	"devices":                      "Hosts",
	"discover":                     "Assets",
	"firewall-management":          "Firewall management",
	"host-group":                   "Host groups",
	"humio-auth-proxy":             "NGSIEM",
	"identity-assessment":          "Identity Protection Assessment",
	"identity-automation":          "Identity Protection Automation",
	"identity-detections":          "Identity Protection Detections",
	"identity-entities":            "Identity Protection Entities",
	"identity-graphql":             "Identity Protection GraphQL",
	"identity-health":              "Identity Protection Health",
	"identity-policy-rules":        "Identity Protection Policy Rules",
	"identity-timeline":            "Identity Protection Timeline",
	"incidents":                    "Incidents",
	"installation-tokens":          "Installation tokens",
	"ioc":                          "IOC Management",
	"iocs":                         "IOCs (Indicators of Compromise)",
	"ml-exclusions":                "Machine learning exclusions",
	"mssp":                         "Flight Control",
	"ods":                          "On-demand scans (ODS)",
	"prevention-policies":          "Prevention policies",
	"real-time-response":           "Real time response",
	"real-time-response-admin":     "Real time response (admin)",
	"real-time-response-audit":     "Real time response (audit)",
	"response-policies":            "Response policies",
	"self-service-ioa-exclusions":  "IOA exclusions",
	"sensor-installers":            "Sensor download",
	"sensor-update-policies":       "Sensor update policies",
	"sensor-visibility-exclusions": "Sensor visibility exclusions",
	"spotlight-vulnerabilities":    "Vulnerabilities",
	"streaming":                    "Event streams",
	"usermgmt":                     "User management",
	"workflow":                     "Workflow",
	"zero-trust-assessment":        "Zero Trust Assessment",
}
