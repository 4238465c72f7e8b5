package definition

import "strings"

// Categories of the host assessment trigger (wire/catalog.md#triggers).
const (
	HostScoreChange    = "ZeroTrust/HostScoreChange"
	OverallScoreChange = HostScoreChange + "/HostOverallScoreChange"
)

// The categories of case events are documented by name only.
const (
	CaseCreated       = "Case/Created"
	CaseUpdated       = "Case/Updated"
	CaseStatusChanged = "Case/StatusChanged"
)

// ListensTo says whether a workflow on event gets events of category: its own
// and those of sub-types, so that Case gets Case/Created.
func ListensTo(event, category string) bool {
	return event != "" && (category == event || strings.HasPrefix(category, event+"/"))
}
