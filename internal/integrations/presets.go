package integrations

import (
	"fmt"
	"slices"
	"strings"
)

// Preset is a supported integration.
type Preset struct {
	// Name is the name in configurations, such as zscaler_adaptive_access.
	Name string
	// Title is the receiving product's name for it.
	Title string
	// Scopes are the scope ids that the product's page documents, including those of
	// retired products (Detections, Incidents, the old IOCs API): new tenants do not
	// have them, and old tenants may still have some.
	Scopes []string
	// Recommended are scope ids that the product needs but its page leaves out.
	Recommended []string
	// Triggers are the triggers of the workflows that the product needs, see [Triggers].
	Triggers []string
}

var presets = []Preset{
	{
		Name:  "zscaler_adaptive_access",
		Title: "Zscaler Adaptive Access Engine",
		// The union of the page as first published and of the page of 2026-06-26 (which adds Hosts).
		Scopes: []string{
			"detects:read", "device-control-policies:read", "incidents:read", "spotlight-vulnerabilities:read",
			"iocs:read", "prevention-policies:read", "response-policies:read", "workflow:read",
			"api-integrations:read", "zero-trust-assessment:read", "devices:read",
		},
		Triggers: []string{ScoreChanged, NewIncident, IncidentUpdate},
	},
	{
		Name:  "cortex_xsoar",
		Title: "Palo Alto Networks Cortex XSOAR / XSIAM, CrowdStrike Falcon",
		Scopes: slices.Concat(
			readWrite("real-time-response", "alerts", "ioc", "self-service-ioa-exclusions", "ml-exclusions", "detects",
				"devices", "host-group", "incidents", "ods", "identity-entities", "identity-detections"),
			[]string{"spotlight-vulnerabilities:read", "usermgmt:read", "identity-timeline:read", "identity-assessment:read"},
		),
		// Its identity commands send GraphQL; its workflow commands of May 2026, such as cs-falcon-workflow-execute, read and
		// run workflows (wire/integrations.md#cortex-xsoar). The page lists neither scope.
		Recommended: []string{"identity-graphql:write", "workflow:read", "workflow:write"},
	},
	{
		Name:   "zscaler_uvm_identity",
		Title:  "Zscaler Unified Vulnerability Management, CrowdStrike Identity Protection",
		Scopes: []string{"identity-assessment:read", "identity-graphql:write", "identity-entities:read"},
	},
	{
		Name:   "netskope_risk_exchange",
		Title:  "Netskope Cloud Exchange, User Risk Exchange",
		Scopes: []string{"identity-graphql:write"},
		// Other products that send the same query document this scope (wire/integrations.md#netskope).
		Recommended: []string{"identity-entities:read"},
	},
}

func readWrite(resources ...string) []string {
	var out []string
	for _, r := range resources {
		out = append(out, r+":read", r+":write")
	}
	return out
}

// Names returns the names of the presets.
func Names() []string {
	out := make([]string, len(presets))
	for i, p := range presets {
		out[i] = p.Name
	}
	return out
}

// Find returns the preset with this name. The error lists the existing names.
func Find(name string) (Preset, error) {
	for _, p := range presets {
		if p.Name == name {
			return p, nil
		}
	}
	return Preset{}, fmt.Errorf("%q is not a supported integration: it must be one of %s", name, strings.Join(Names(), ", "))
}
