package falcon

import (
	"slices"
	"strings"
	"unicode"
)

// scopeGroup is what Falcon's console offers under one name (wire/api-clients.md#scopes). The names follow no rule.
type scopeGroup struct {
	// id is the first half of the scope ids; title the console's name, "" where it is not known.
	id, title string
	// also are other spellings in use: in the documentation, on pages of integrations, abbreviations.
	also []string
	// only is the single action that the API specification has for it; "" where both exist or that is not certain.
	only string
	// retired says what happened to the product, "" for one in use. New tenants are not offered such scopes.
	retired string
}

var scopeGroups = []scopeGroup{
	{id: "alerts", title: "Alerts"},
	{id: "api-client-mgmt", title: "API client management", also: []string{"Api Client Mgmt", "API clients"}},
	{id: "api-integrations", title: "API integrations", also: []string{"API integration scope"}},
	{id: "app-logs", title: "Foundry logs"},
	{id: "custom-ioa", title: "Custom IOA rules"},
	{id: "custom-storage", title: "Foundry storage"},
	{id: "detects", title: "Detections", also: []string{"Legacy detects"}, retired: "CrowdStrike shut down the Detections API on 2025-09-30"},
	{id: "device-control-policies", title: "Device control policies", also: []string{"Device control"}},
	{id: "devices", title: "Hosts"},
	{id: "discover", title: "Assets", also: []string{"Falcon Discover", "Assets/Discover"}, only: "read"},
	{id: "firewall-management", title: "Firewall management", also: []string{"Firewall"}},
	{id: "host-group", title: "Host groups"},
	{id: "humio-auth-proxy", title: "NGSIEM", also: []string{"Next-Gen SIEM"}},
	{id: "identity-assessment", title: "Identity Protection Assessment"},
	{id: "identity-automation", title: "Identity Protection Automation"},
	{id: "identity-detections", title: "Identity Protection Detections"},
	{id: "identity-entities", title: "Identity Protection Entities"},
	{id: "identity-graphql", title: "Identity Protection GraphQL", only: "write"},
	{id: "identity-health", title: "Identity Protection Health"},
	{id: "identity-policy-rules", title: "Identity Protection Policy Rules"},
	{id: "identity-timeline", title: "Identity Protection Timeline"},
	{id: "incidents", title: "Incidents", retired: "CrowdStrike shut down the Incidents API on 2026-03-09"},
	{id: "installation-tokens", title: "Installation tokens"},
	{id: "ioc", title: "IOC Management", also: []string{"IOC Manager"}},
	{id: "iocs", title: "IOCs (Indicators of Compromise)", also: []string{"Indicators of Compromise"}, retired: "the old IOCs API was replaced by IOC Management (ioc)"},
	{id: "ml-exclusions", title: "Machine learning exclusions"},
	{id: "mssp", title: "Flight Control"},
	{id: "ods", title: "On-demand scans (ODS)"},
	{id: "prevention-policies", title: "Prevention policies"},
	{id: "real-time-response", title: "Real time response", also: []string{"RTR", "Real time response (RTR)"}},
	{id: "real-time-response-admin", title: "Real time response (admin)", also: []string{"RTR admin"}, only: "write"},
	{id: "real-time-response-audit", title: "Real time response (audit)", also: []string{"RTR audit"}, only: "read"},
	{id: "response-policies", title: "Response policies"},
	{id: "self-service-ioa-exclusions", title: "IOA exclusions"},
	{id: "sensor-installers", title: "Sensor download", only: "read"},
	{id: "sensor-update-policies", title: "Sensor update policies"},
	{id: "sensor-visibility-exclusions", title: "Sensor visibility exclusions"},
	{id: "spotlight-vulnerabilities", title: "Vulnerabilities", also: []string{"Spotlight", "Vulnerabilities (Spotlight)"}, only: "read"},
	{id: "streaming", title: "Event streams", only: "read"},
	{id: "usermgmt", title: "User management"},
	{id: "workflow", title: "Workflow"},
	{id: "zero-trust-assessment", title: "Zero Trust Assessment", also: []string{"ZTA"}, only: "read"},

	// Only the ids of these are known.
	{id: "cspm-registration"}, {id: "d4c-registration"}, {id: "falcon-container-image"}, {id: "falconx-actors"},
	{id: "falconx-indicators"}, {id: "falconx-reports"}, {id: "falconx-rules"}, {id: "falconx-sandbox"}, {id: "fdr"}, {id: "fim"},
	{id: "kubernetes-protection"}, {id: "malquery"}, {id: "message-center"}, {id: "quarantine"}, {id: "quick-scan"},
	{id: "recon-monitoring-rules"}, {id: "samplestore"}, {id: "scheduled-report"}, {id: "tailored-intelligence"},
}

// ScopeTitle is the name of a scope in Falcon's console, e.g. "Hosts: read" for "devices:read" (wire/api-clients.md#scopes).
// An unknown id is returned as is.
func ScopeTitle(id string) string {
	name, action, ok := strings.Cut(id, ":")
	if g := groupWithID(name); ok && g != nil && g.title != "" {
		if g.retired != "" {
			return g.title + " (retired): " + action
		}
		return g.title + ": " + action
	}
	return id
}

// RetiredScope reports whether the product of a scope id is retired, and what happened to it. New tenants are not offered
// such a scope; pages of integrations still list it (wire/integrations.md#common).
func RetiredScope(id string) (why string, retired bool) {
	name, _, _ := strings.Cut(id, ":")
	if g := groupWithID(name); g != nil && g.retired != "" {
		return g.retired, true
	}
	return "", false
}

// NamedScope is a scope under the console's name, as in "hosts:read".
type NamedScope struct {
	ID      string // the id that is meant, "devices:read"; "" if the product is retired
	Name    string // the console's name of it, "Hosts"
	Retired string // what happened to the product, "" for one in use
}

// ScopeMeant returns the scope for an id that contains the console's name instead, and false for any other id. The names that
// the tenant offers come first (wire/api-clients.md#scopes).
func ScopeMeant(id string, offered []Scope) (NamedScope, bool) {
	name, action, _ := strings.Cut(id, ":")
	action = lettersOnly(action)
	if name == "" || groupWithID(name) != nil || action != "read" && action != "write" {
		return NamedScope{}, false
	}
	for _, o := range offered {
		if o.Action == action && o.Group != "" && lettersOnly(o.Group) == lettersOnly(name) {
			return NamedScope{ID: o.ID, Name: o.Group}, true
		}
	}
	group, only, ok := ScopeGroupID(name)
	if !ok || singular(group) == singular(name) { // a misspelled id, not a name
		return NamedScope{}, false
	}
	meant := NamedScope{Name: groupWithID(group).spellings()[0]}
	if why, retired := RetiredScope(group); retired {
		meant.Retired = why
		return meant, true
	}
	if only != "" {
		action = only
	}
	meant.ID = group + ":" + action
	return meant, true
}

func groupWithID(id string) *scopeGroup {
	i := slices.IndexFunc(scopeGroups, func(g scopeGroup) bool { return g.id == id })
	if i < 0 {
		return nil
	}
	return &scopeGroups[i]
}

// ScopeGroupID returns the first half of the scope ids, e.g. "devices", for the console's name of a scope, e.g. "Hosts".
// Case, spaces, punctuation, a plural s and text in parentheses are ignored where that leaves one meaning. The id itself is
// a name too. only is the single action ("read" or "write") that exists for it, "" for both.
func ScopeGroupID(name string) (id, only string, ok bool) {
	for _, spell := range []func(string) string{lettersOnly, singular, func(s string) string { return singular(withoutParentheses(s)) }} {
		var found []*scopeGroup
		for i := range scopeGroups {
			if slices.ContainsFunc(scopeGroups[i].spellings(), func(s string) bool { return spell(s) == spell(name) }) {
				found = append(found, &scopeGroups[i])
			}
		}
		if len(found) == 1 && spell(name) != "" {
			return found[0].id, found[0].only, true
		}
	}
	return "", "", false
}

// ScopeGroupNames lists the names for [ScopeGroupID]: the console's, and the ids where there is none.
func ScopeGroupNames() []string {
	names := make([]string, len(scopeGroups))
	for i, g := range scopeGroups {
		names[i] = g.spellings()[0]
	}
	slices.Sort(names)
	return names
}

// ScopeIDs returns the ids of the known scopes that are not retired.
func ScopeIDs() []string {
	var ids []string
	for _, g := range scopeGroups {
		for _, action := range []string{"read", "write"} {
			if g.retired == "" && (g.only == "" || g.only == action) {
				ids = append(ids, g.id+":"+action)
			}
		}
	}
	return ids
}

// spellings are all names, the console's first.
func (g scopeGroup) spellings() []string {
	if g.title == "" {
		return []string{g.id}
	}
	return append([]string{g.title, g.id}, g.also...)
}

// lettersOnly keeps letters and digits, in lower case.
func lettersOnly(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// singular is lettersOnly without the plural s of each word.
func singular(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		w = strings.ToLower(w)
		if strings.HasSuffix(w, "ies") {
			w = strings.TrimSuffix(w, "ies") + "y"
		} else if !strings.HasSuffix(w, "ss") {
			w = strings.TrimSuffix(w, "s")
		}
		words[i] = w
	}
	return strings.Join(words, "")
}

func withoutParentheses(name string) string {
	before, rest, ok := strings.Cut(name, "(")
	if !ok {
		return name
	}
	_, after, _ := strings.Cut(rest, ")")
	return before + after
}
