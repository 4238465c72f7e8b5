// Package integrations is what each supported integration asks of a Falcon
// tenant: the scopes of its API client and the events that its workflows
// listen to. Pure data; the receivers' own pages are its source
// (wire/integrations.md#common), the scope ids come from wire/api-clients.md#scopes.
package integrations

import (
	"fmt"
	"slices"
	"strings"
)

// Preset is one supported integration.
type Preset struct {
	// Name is the preset's name in configurations, such as zscaler_adaptive_access.
	Name string
	// Title is the receiver's own name for it.
	Title string
	// Scopes are the scope ids that the receiver's page documents, those of
	// retired products included (Detections, Incidents, the old IOCs API): new
	// tenants are not offered them, and which of them an old tenant still offers
	// is the tenant's to say.
	Scopes []string
	// Recommended are scope ids that the receiver's page leaves out although
	// what the receiver does needs them.
	Recommended []string
	// Triggers are the workflows that the receiver asks for, as names of [Triggers].
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
		// Its identity commands post GraphQL; its workflow commands of May 2026, such as cs-falcon-workflow-execute, read and
		// run workflows (wire/integrations.md#cortex-xsoar). The page lists neither.
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
		// Other readers of the same query declare it (wire/integrations.md#netskope).
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

// Names lists the presets' names.
func Names() []string {
	out := make([]string, len(presets))
	for i, p := range presets {
		out[i] = p.Name
	}
	return out
}

// Find returns the preset of the name; the error lists the names that exist.
func Find(name string) (Preset, error) {
	for _, p := range presets {
		if p.Name == name {
			return p, nil
		}
	}
	return Preset{}, fmt.Errorf("%q is no supported integration: it must be one of %s", name, strings.Join(Names(), ", "))
}
