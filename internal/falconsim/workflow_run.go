package falconsim

import (
	"maps"
	"slices"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// firedEvent is the input of a run.
type firedEvent struct {
	category, triggerName string
	values                map[string]any // by full dotted name
	parameters            map[string]any // of a run on demand
}

// run executes a workflow. Call it with s.mu held.
func (s *Server) run(w *workflow, event firedEvent) *execution {
	started := s.addExecution(w, event)
	values := maps.Clone(event.values)
	values["Workflow.Definition.Name"] = w.name()
	values["Workflow.Definition.ID"] = w.id
	values["Workflow.Execution.ID"] = started.id
	values["Workflow.Execution.Time"] = s.now().Format(time.RFC3339)
	started.event.values = values
	s.walk(started, definition.Strings(definition.Object(started.workflow.doc, "trigger")["next"]))
	return started
}

// walk visits nodes and those that follow them: it evaluates conditions, sends the deliveries of Call webhook, and stops at
// actions that request human input and at HTTP requests, after whose response the run continues. Loops are not entered. Call it with s.mu held.
func (s *Server) walk(run *execution, queue []string) {
	doc := run.workflow.doc
	actions, conditions, loops := definition.Nodes(doc, "actions"), definition.Nodes(doc, "conditions"), definition.Nodes(doc, "loops")
	note := ""
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		if run.seen[name] {
			continue
		}
		run.seen[name] = true
		if condition, ok := conditions[name]; ok {
			run.flows = append(run.flows, name)
			holds, why := definition.Evaluate(condition, run.event.values)
			if why != "" {
				note = why
			}
			next, elseIf := "next", []string(nil)
			if !holds {
				next = "else"
				elseIf = definition.Strings(condition["else_if"])
			}
			queue = slices.Concat(queue, definition.Strings(condition[next]), elseIf)
			continue
		}
		action, ok := actions[name]
		if !ok {
			if loop, ok := loops[name]; ok {
				run.loops = append(run.loops, name)
				queue = append(queue, definition.Strings(loop["next"])...)
			}
			continue
		}
		run.actions = append(run.actions, name)
		if s.definitions.IsHumanInput(action) {
			s.requestInput(run, name)
			continue
		}
		if s.definitions.IsCallWebhook(action) {
			s.send(run.workflow, name, action, run.event, note)
		}
		if s.definitions.IsCloudRequest(action) && s.request(run, name, action, note) {
			continue
		}
		queue = append(queue, definition.Strings(action["next"])...)
	}
}
