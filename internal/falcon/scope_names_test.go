package falcon

import (
	"slices"
	"testing"
)

func TestScopeGroupID(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Hosts": "devices", "hosts": "devices", "Host": "devices", "devices": "devices",
		"Host groups": "host-group", "host_groups": "host-group", "HostGroups": "host-group",
		"IOC Management": "ioc", "IOC Manager": "ioc", "IOCs": "iocs", "Indicators of Compromise": "iocs",
		"IOCs (Indicators of Compromise)": "iocs",
		"On-demand scans":                 "ods", "On demand scan": "ods", "ODS": "ods", "On-demand scans (ODS)": "ods",
		"Spotlight vulnerabilities": "spotlight-vulnerabilities", "Vulnerability": "spotlight-vulnerabilities",
		"Real time response": "real-time-response", "Real-Time Response (RTR)": "real-time-response",
		"Real time response (admin)": "real-time-response-admin", "Real time response - audit": "real-time-response-audit",
		"Workflows": "workflow", "API Integrations": "api-integrations", "API integration scope": "api-integrations",
		"Api Client Mgmt": "api-client-mgmt", "Zero Trust Assessment": "zero-trust-assessment",
		"Device Control Policies": "device-control-policies", "Machine learning exclusions": "ml-exclusions",
		"Identity Protection GraphQL": "identity-graphql", "Quick Scan": "quick-scan", "Detections": "detects",
	} {
		if got, _, ok := ScopeGroupID(name); !ok || got != want {
			t.Errorf("%q: got %q, %v, want %q", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "()", "Hots", "Policies", "Exclusions", "Identity Protection"} {
		if got, _, ok := ScopeGroupID(name); ok {
			t.Errorf("%q was taken for %q", name, got)
		}
	}
}

func TestEveryScopeGroupIsFoundByEachOfItsSpellings(t *testing.T) {
	t.Parallel()
	for _, g := range scopeGroups {
		for _, name := range g.spellings() {
			if got, _, ok := ScopeGroupID(name); !ok || got != g.id {
				t.Errorf("%q: got %q, %v, want %q", name, got, ok, g.id)
			}
		}
	}
	if names := ScopeGroupNames(); len(names) != len(scopeGroups) || !slices.IsSorted(names) {
		t.Errorf("%d names of %d groups, sorted: %v", len(names), len(scopeGroups), slices.IsSorted(names))
	}
}

func TestScopeTitle(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{"devices:read": "Hosts: read", "fdr:read": "fdr:read", "new-thing:write": "new-thing:write", "devices": "devices"} {
		if got := ScopeTitle(id); got != want {
			t.Errorf("%s: got %q, want %q", id, got, want)
		}
	}
}

// Falcon may list a scope more than once; a Terraform set must not have duplicates.
func TestOfferedScopesAreDistinct(t *testing.T) {
	t.Parallel()
	_, c := newScript(t, map[string][]step{readLine: {ok(
		`[{"id":"workflow:read"},{"id":"devices:read","group":"","action":"read"},{"id":"devices:read","group":"Hosts"},{"id":"workflow:read","group":"Workflow"}]`)}})
	scopes, err := c.AccessibleScopes(t.Context())
	want := []Scope{{"devices:read", "Hosts", "read"}, {"workflow:read", "Workflow", "read"}}
	if err != nil || !slices.Equal(scopes, want) {
		t.Errorf("got %v, %v", scopes, err)
	}
}
