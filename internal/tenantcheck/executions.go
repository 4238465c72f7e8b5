package tenantcheck

import (
	"slices"
	"strings"
)

// statesOf are the distinct states of runs or nodes.
func statesOf(items []map[string]any) []string {
	var out []string
	for _, item := range items {
		if s := text(item, "status"); s != "" {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// settleStates settles a question about words: each word belongs to a reading, all that were seen must belong to one.
func settleStates(seen []string, words map[string]string, where, needed string) finding {
	var letter string
	var used []string
	for _, state := range seen {
		l, known := words[state]
		switch {
		case !known:
			continue
		case letter != "" && l != letter:
			return open("none of the readings: " + where + " are " + strings.Join(seen, ", "))
		}
		letter, used = l, append(used, state)
	}
	if letter == "" {
		return open(needed)
	}
	return settled(letter, where+" have "+strings.Join(used, ", "))
}

func settleExecutionStates(o *observations) finding {
	r, _ := o.last(probeExecutions)
	return settleStates(statesOf(r.objects()),
		map[string]string{"Completed": "a", "Action required": "a", "Succeeded": "b", "ActionRequired": "b"},
		"states of executions", o.needsWorkflows("an execution that succeeded or waits for a person"))
}

func settleNodeStates(o *observations) finding {
	r, _ := o.last(probeExecutions)
	var nodes []map[string]any
	for _, run := range r.objects() {
		for _, part := range []string{"activities", "flows", "loops"} {
			found, _ := at(run, part)
			list, _ := found.([]any)
			for _, item := range list {
				if node, ok := item.(map[string]any); ok {
					nodes = append(nodes, node)
				}
			}
		}
	}
	return settleStates(statesOf(nodes), map[string]string{"Succeeded": "a", "Completed": "b"},
		"states of nodes", o.needsWorkflows("an execution with a node that succeeded"))
}

func settleCanceled(o *observations) finding {
	r, _ := o.last(probeCanceled)
	return settleStates(statesOf(r.objects()), map[string]string{"Canceled": "a", "Cancelled": "b", "Failed": "c"},
		"states of executions that the filter status:'Canceled' finds", o.needsWorkflows("an execution that was canceled"))
}
