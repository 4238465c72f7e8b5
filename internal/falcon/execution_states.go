package falcon

import "strings"

// executionState is what Falcon's words for the state of an execution, or of a node in one, mean.
type executionState int

const (
	stateUnknown executionState = iota
	stateRunning
	stateSucceeded
	stateFailed
	stateCanceled
	stateWaiting // for a person
)

// executionStates are the states that are known. Responses were seen with "Completed", "In progress" and "Action
// required", and clients wait for "Succeeded" and "ActionRequired": both vocabularies are understood
// (wire/executions.md#states). What a canceled execution shows is not known.
var executionStates = map[string]executionState{
	"inprogress":     stateRunning,
	"running":        stateRunning,
	"pending":        stateRunning,
	"queued":         stateRunning,
	"completed":      stateSucceeded,
	"succeeded":      stateSucceeded,
	"success":        stateSucceeded,
	"failed":         stateFailed,
	"canceled":       stateCanceled,
	"cancelled":      stateCanceled,
	"actionrequired": stateWaiting,
}

// stateOf compares without regard to case, spaces, underscores and hyphens.
func stateOf(status string) executionState {
	return executionStates[strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(status))]
}
