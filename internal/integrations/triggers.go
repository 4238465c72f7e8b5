package integrations

import (
	"slices"
	"strings"
)

// Names of the triggers of notify_webhook.
const (
	ScoreChanged   = "score_changed"
	NewIncident    = "new_incident"
	IncidentUpdate = "incident_update"
	NewDetection   = "new_detection"
)

// preference selects a catalog entry for a trigger.
type preference struct {
	// category is the exact category, or with subtypes the parent category.
	category string
	subtypes bool
	// contains must then be part of the entry's category or display name.
	contains string
}

// preferences are the events of each trigger, best first: the tenant's catalog
// decides which exists. The sources are in wire/catalog.md#triggers; some are weak.
var preferences = map[string][]preference{
	ScoreChanged: {
		{category: "ZeroTrust/HostScoreChange", subtypes: true, contains: "overall"},
		{category: "ZeroTrust/HostScoreChange"},
	},
	// CrowdScore incidents ended on 2026-01-01; cases replace them.
	NewIncident:    {{category: "Case/Created"}, {category: LegacyIncident}},
	IncidentUpdate: {{category: "Case/Updated"}, {category: "FalconAudit/Incident"}},
	NewDetection:   {{category: "Investigatable"}},
}

// LegacyIncident is the event of CrowdScore incidents, which CrowdStrike
// stopped creating on 2026-01-01 (wire/webhooks.md#end-of-life).
const LegacyIncident = "Incident"

// IsLegacyIncident reports whether only CrowdScore incidents cause an event, such as FalconAudit/Incident.
func IsLegacyIncident(event string) bool {
	return event == LegacyIncident || strings.HasSuffix(event, "/"+LegacyIncident)
}

// Triggers returns the names of the triggers of notify_webhook.
func Triggers() []string {
	return []string{ScoreChanged, NewIncident, IncidentUpdate, NewDetection}
}

// Entry is an entry of the trigger catalog.
type Entry struct{ Category, Name string }

// Choose returns the index of the catalog entry for a trigger, or -1 if the catalog
// has none.
func Choose(trigger string, catalog []Entry) int {
	for _, p := range preferences[trigger] {
		if i := slices.IndexFunc(catalog, p.matches); i >= 0 {
			return i
		}
	}
	return -1
}

// Wanted returns the possible categories of a trigger, for an error message.
func Wanted(trigger string) []string {
	var out []string
	for _, p := range preferences[trigger] {
		c := p.category
		if p.subtypes {
			c += "/…"
		}
		out = append(out, c)
	}
	return out
}

func (p preference) matches(e Entry) bool {
	if !p.subtypes {
		return e.Category == p.category
	}
	return strings.HasPrefix(e.Category, p.category+"/") &&
		(strings.Contains(strings.ToLower(e.Category), p.contains) || strings.Contains(strings.ToLower(e.Name), p.contains))
}
