package falconsim

import "strings"

// Categories of the host assessment trigger (wire/catalog.md#triggers).
const (
	hostScoreChange    = "ZeroTrust/HostScoreChange"
	overallScoreChange = hostScoreChange + "/HostOverallScoreChange"
)

// The categories of case events are documented by name only.
const (
	caseCreated       = "Case/Created"
	caseUpdated       = "Case/Updated"
	caseStatusChanged = "Case/StatusChanged"
)

// listensTo says whether a workflow on event gets events of category: its own
// and those of sub-types, so that Case gets Case/Created.
func listensTo(event, category string) bool {
	return event != "" && (category == event || strings.HasPrefix(category, event+"/"))
}
