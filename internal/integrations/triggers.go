package integrations

import (
	"slices"
	"strings"
)

// Names of the triggers that notify_webhook knows.
const (
	ScoreChanged   = "score_changed"
	NewIncident    = "new_incident"
	IncidentUpdate = "incident_update"
	NewDetection   = "new_detection"
)

// preference is one catalogue entry that a trigger may be, the best first.
type preference struct {
	// category is the entry's exact category, or with subtypes any category below it.
	category string
	subtypes bool
	// contains must then occur in the entry's category or display name.
	contains string
}

// Which event a trigger stands for is decided by the tenant's own catalogue:
// the strings are from wire/catalog.md#triggers, where some are weakly known.
var preferences = map[string][]preference{
	ScoreChanged: {
		{category: "ZeroTrust/HostScoreChange", subtypes: true, contains: "overall"},
		{category: "ZeroTrust/HostScoreChange"},
	},
	// CrowdScore incidents ended on 2026-01-01; their place is taken by cases.
	NewIncident:    {{category: "Case/Created"}, {category: LegacyIncident}},
	IncidentUpdate: {{category: "Case/Updated"}, {category: "FalconAudit/Incident"}},
	NewDetection:   {{category: "Investigatable"}},
}

// LegacyIncident is the event of CrowdScore incidents, which CrowdStrike
// stopped making on 2026-01-01 (wire/webhooks.md#end-of-life).
const LegacyIncident = "Incident"

// Triggers lists the names of the triggers that notify_webhook knows.
func Triggers() []string {
	return []string{ScoreChanged, NewIncident, IncidentUpdate, NewDetection}
}

// Entry is what choosing needs to know of a trigger catalogue's entry.
type Entry struct{ Category, Name string }

// Choose returns the index of the catalogue entry that the trigger stands for,
// or -1 when the catalogue has none of them.
func Choose(trigger string, catalogue []Entry) int {
	for _, p := range preferences[trigger] {
		if i := slices.IndexFunc(catalogue, p.matches); i >= 0 {
			return i
		}
	}
	return -1
}

// Wanted names the categories that the trigger could be, for an error message.
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
