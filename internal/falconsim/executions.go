package falconsim

import (
	"encoding/json"
	"net/http"
	"slices"
)

// execution is one run of a workflow. s.mu guards it.
type execution struct {
	id         string
	definition *workflow
	version    int
	started    string
	actions    []string // keys of the actions that ran
	shown      bool     // results were asked for before
}

func (s *Server) executionRoutes() []route {
	read, write := []string{"workflow:read"}, []string{"workflow:write"}
	return []route{
		{http.MethodPost, "/workflows/entities/execute/v1", write, workflowPowered, s.executeWorkflows},
		{http.MethodGet, "/workflows/entities/execution-results/v1", read, workflowPowered, s.executionResults},
		{http.MethodGet, "/workflows/combined/executions/v1", read, workflowPowered, s.listExecutions},
	}
}

func (s *Server) addExecution(w *workflow) *execution {
	run := &execution{id: s.newID("execution"), definition: w, version: w.version, started: s.timestamp()}
	s.executions = append(s.executions, run)
	return run
}

// executeWorkflows runs on-demand workflows that are named by id or name; the
// body holds the parameters (wire-api.md 3.9).
func (s *Server) executeWorkflows(c *call) reply {
	var parameters map[string]any
	if len(c.body) > 0 {
		if err := json.Unmarshal(c.body, &parameters); err != nil {
			return failed(http.StatusBadRequest, "invalid request body")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var chosen []*workflow
	for _, id := range c.query["definition_id"] {
		w, exists := s.workflows[id]
		if !exists {
			return failed(http.StatusNotFound, "definition with id %s not found", id)
		}
		chosen = append(chosen, w)
	}
	if name := c.get("name"); len(chosen) == 0 && name != "" {
		w, exists := s.workflowNamed(name)
		if !exists {
			return failed(http.StatusNotFound, "definition with name %s not found", name)
		}
		chosen = append(chosen, w)
	}
	if len(chosen) == 0 {
		return failed(http.StatusBadRequest, "definition_id or name is required")
	}
	for _, w := range chosen {
		if refusal, refused := refuseExecute(w, parameters); refused {
			return refusal
		}
	}
	ids := []string{}
	values := map[string]any{"Trigger.CID": s.cid}
	for key, value := range parameters {
		values[key] = value
	}
	for _, w := range chosen {
		ids = append(ids, s.run(w, "", w.triggerText("name"), values).id)
	}
	return succeeded(ids)
}

func (s *Server) executionResults(c *call) reply {
	ids := c.query["ids"]
	if len(ids) == 0 {
		return failed(http.StatusBadRequest, "ids is required")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	results := []any{}
	for _, id := range ids {
		i := slices.IndexFunc(s.executions, func(run *execution) bool { return run.id == id })
		if i < 0 {
			return failed(http.StatusNotFound, "execution with id %s not found", id)
		}
		results = append(results, s.executions[i].entity(s.executions[i].shown))
		s.executions[i].shown = true
	}
	return succeeded(results)
}

// entity is an execution as its results show it (wire-api.md 3.9).
func (e *execution) entity(finished bool) map[string]any {
	entity := map[string]any{
		"execution_id": e.id, "definition_id": e.definition.id, "definition_name": e.definition.name(),
		"definition_version": e.version, "start_timestamp": e.started, "status": statusRunning,
		"trigger":    map[string]any{"name": e.definition.triggerText("name"), "node_id": "trigger", "status": statusSucceeded, "ui_status": statusSucceeded},
		"activities": []any{}, "loops": []any{}, "flows": []any{}, "ancestor_executions": []any{},
		"retryable": false, "contains_mocks": false,
	}
	if !finished {
		return entity
	}
	actions := children(e.definition.doc, "actions")
	ran := []any{}
	for _, node := range e.actions {
		ran = append(ran, map[string]any{
			"id": actions[node]["id"], "name": actions[node]["name"], "node_id": node, "type": "activity",
			"status": statusSucceeded, "start_timestamp": e.started, "end_timestamp": e.started, "references": []any{},
		})
	}
	entity["activities"], entity["status"], entity["end_timestamp"] = ran, statusSucceeded, e.started
	return entity
}

func (s *Server) listExecutions(c *call) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	newest := slices.Clone(s.executions)
	slices.Reverse(newest)
	list, refusal := filtered(c, newest, map[string]func(*execution) string{
		"execution_id":    func(e *execution) string { return e.id },
		"definition_id":   func(e *execution) string { return e.definition.id },
		"definition_name": func(e *execution) string { return e.definition.name() },
	})
	if refusal != nil {
		return *refusal
	}
	return s.workflowPage(c, len(list), func(i int) any { return list[i].entity(true) })
}

// Executions. The states are those of execution logs and may not be the API's
// (wire-api.md 3.9); the first look at a result finds it running.
const (
	statusRunning   = "In progress"
	statusSucceeded = "Succeeded"
)

// refuseExecute answers for workflows that cannot be run on demand; status and
// texts are made up.
func refuseExecute(w *workflow, parameters map[string]any) (reply, bool) {
	if w.triggerText("type") != "On demand" {
		return failed(http.StatusBadRequest, "workflow %s is not an on-demand workflow", w.id), true
	}
	if !w.enabled {
		return failed(http.StatusBadRequest, "workflow %s is disabled", w.id), true
	}
	at, _ := w.doc["trigger"].(document)
	schema, _ := at["parameters"].(document)
	for _, key := range stringsOf(schema["required"]) {
		if _, given := parameters[key]; !given {
			return failed(http.StatusBadRequest, "missing parameter %q", key), true
		}
	}
	return reply{}, false
}
