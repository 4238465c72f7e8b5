package falconsim

import (
	"cmp"
	"slices"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// States as the console and the filter field ui_status name them, and as the filter field status names them
// (wire/executions.md#states).
const (
	consoleRunning   = "In progress"
	consoleSucceeded = "Completed"
	consoleWaiting   = "Action required"
	stateSucceeded   = "Succeeded"
	stateFailed      = "Failed"
	stateCanceled    = "Canceled"
	nodePending      = "Pending"
)

// executionTime is how long an execution runs, unless its results are read before: the first read finds it running, the second
// one finds it ended.
const executionTime = time.Second

// settle ends an execution whose time is over. One that waits for a person, or that the console keeps running, does not end.
func (s *Server) settle(run *execution) {
	waits := slices.ContainsFunc(run.inputs, func(input *humanInput) bool { return !input.completed })
	if !run.ended.IsZero() || waits || run.pending > 0 || run.outcome == consoleRunning || run.outcome == consoleWaiting {
		return
	}
	end, now := run.started.Add(executionTime), s.now()
	switch {
	case !now.Before(end):
		run.ended = end
	case run.resultsRead:
		run.ended = now
	}
}

// consoleState is the state as the console names it.
func (s *Server) consoleState(run *execution) string {
	switch {
	case run.canceled:
		// GUESS Q46: the state that a canceled execution shows.
		return map[string]string{"a": "Canceled", "b": "Cancelled", "c": stateFailed}[s.reading("Q46")]
	case run.ended.IsZero():
		if run.outcome == consoleWaiting || len(run.inputs) > 0 {
			return consoleWaiting
		}
		return consoleRunning
	case run.outcome == "" || run.outcome == stateSucceeded:
		return consoleSucceeded
	}
	return run.outcome
}

// filterState is the state as the filter field status names it, which has no name for an execution that waits.
func (s *Server) filterState(run *execution) string {
	switch state := s.consoleState(run); {
	case run.canceled:
		return stateCanceled
	case state == consoleSucceeded:
		return stateSucceeded
	case state == consoleWaiting:
		return consoleRunning
	default:
		return state
	}
}

// shownState is the state in a response.
func (s *Server) shownState(run *execution) string {
	state := s.consoleState(run)
	// GUESS Q47: the vocabulary of responses. Sources conflict.
	if s.reading("Q47") == "b" {
		switch state {
		case consoleSucceeded:
			return stateSucceeded
		case consoleWaiting:
			return "ActionRequired"
		}
	}
	return state
}

// nodeState is the state of a completed node.
func (s *Server) nodeState() string {
	// GUESS Q48: the states of nodes.
	if s.reading("Q48") == "b" {
		return consoleSucceeded
	}
	return stateSucceeded
}

// executionEntity is an execution in a response. skip lists parts that are left out (wire/executions.md#results).
func (s *Server) executionEntity(run *execution, skip []string) any {
	s.settle(run)
	doc := run.workflow.doc
	activities, flows, loops := []any{}, []any{}, []any{}
	if !run.ended.IsZero() || len(run.inputs) > 0 {
		for i, key := range run.actions {
			activities = append(activities, s.activityResult(run, key, i == len(run.actions)-1))
		}
		for _, key := range run.flows {
			condition := definition.Nodes(doc, "conditions")[key]
			flows = append(flows, s.nodeResult(run, key, map[string]any{"condition": condition}))
		}
		for _, key := range run.loops {
			repeat := definition.Object(definition.Nodes(doc, "loops")[key], "for")
			loops = append(loops, s.nodeResult(run, key, map[string]any{
				"input_field": repeat["input"], "outputs": []any{}, "child_executions": []any{},
				"iterations": map[string]any{"total": 0, "completed": 0, "failed": 0, "in_progress": 0, "pending": 0, "is_nonrecoverable": false},
			}))
		}
	}
	started := s.nodeResult(run, "trigger", map[string]any{
		"name": run.workflow.triggerText("name"), "type": run.workflow.triggerText("type"), "ui_status": "Action Performed",
	})
	if len(run.event.parameters) > 0 {
		started["result"] = run.event.parameters
	}
	entity := map[string]any{
		"execution_id": run.id, "definition_id": run.workflow.id, "definition_name": run.workflow.text("name"),
		"definition_version": run.workflow.number, "start_timestamp": formatTime(run.started), "status": s.shownState(run),
		"trigger": started, "activities": activities, "loops": loops, "flows": flows,
		"ancestor_executions": []any{}, "retryable": s.filterState(run) == stateFailed, "contains_mocks": false,
	}
	if !run.ended.IsZero() {
		entity["end_timestamp"] = formatTime(run.ended)
	}
	for _, part := range skip {
		if part == "submodels" {
			part = "loops"
		}
		if slices.Contains([]string{"trigger", "activities", "flows", "loops"}, part) {
			delete(entity, part)
		}
	}
	return entity
}

// nodeResult is the part that the results of all kinds of nodes share.
func (s *Server) nodeResult(run *execution, key string, more map[string]any) map[string]any {
	node := map[string]any{
		"node_id": key, "status": s.nodeState(),
		"start_timestamp": formatTime(run.started), "end_timestamp": formatTime(run.started),
	}
	for name, value := range more {
		node[name] = value
	}
	return node
}

// activityResult is the result of an action. An action without outputs has no key "result".
func (s *Server) activityResult(run *execution, key string, last bool) map[string]any {
	action := definition.Nodes(run.workflow.doc, "actions")[key]
	node := s.nodeResult(run, key, map[string]any{
		"id": action["id"], "name": action["name"], "type": "activity", "references": []any{},
	})
	known, _ := s.definitions.Activity(definition.Text(action, "id"))
	waits := slices.ContainsFunc(run.inputs, func(input *humanInput) bool { return input.node == key && !input.completed })
	switch {
	case waits:
		node["status"] = nodePending
		delete(node, "end_timestamp")
	case last && s.filterState(run) == stateFailed:
		node["status"], node["error_code"], node["error_message"] = stateFailed, 500, cmp.Or(run.failure, "the action failed")
	case len(known.Outputs) > 0:
		result := map[string]any{}
		for _, output := range known.Outputs {
			result[output.Key] = output.Empty()
			if value, given := run.event.values[key+"."+output.Key]; given {
				result[output.Key] = value
			}
		}
		node["result"] = result
	}
	return node
}
