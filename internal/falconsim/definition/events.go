package definition

import "strings"

// Categories of the host assessment trigger (wire/catalog.md#triggers).
const (
	HostScoreChange    = "ZeroTrust/HostScoreChange"
	OverallScoreChange = HostScoreChange + "/HostOverallScoreChange"
)

// Categories of case events. Only their names are documented.
const (
	CaseCreated       = "Case/Created"
	CaseUpdated       = "Case/Updated"
	CaseStatusChanged = "Case/StatusChanged"
)

// ListensTo reports whether a workflow on an event receives events of a category: its own and its subtypes. Case receives
// Case/Created.
func ListensTo(event, category string) bool {
	return event != "" && (category == event || strings.HasPrefix(category, event+"/"))
}
