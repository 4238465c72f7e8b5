package falconsim

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/fql"
)

// execution is one run of a workflow. s.mu guards it.
type execution struct {
	id       string
	workflow *workflowVersion
	event    firedEvent
	started  time.Time
	ended    time.Time // zero while it runs or waits
	canceled bool
	// outcome is a state that the console chose; "" is the usual one.
	outcome     string
	seen        map[string]bool // nodes that were reached, by key
	actions     []string        // keys of the actions that ran
	flows       []string        // keys of the conditions that were decided
	loops       []string        // keys of the loops that were passed
	inputs      []*humanInput   // requested by the run
	resultsRead bool            // the results were read before
	pending     int             // HTTP requests without a response
	failure     string          // why an HTTP request failed
}

const maxExecutionDepth = 4

func (s *Server) executionRoutes() []route {
	read, write := []string{"workflow:read"}, []string{"workflow:write"}
	return []route{
		{http.MethodPost, "/workflows/entities/execute/v1", write, workflowsService, s.executeWorkflows},
		{http.MethodGet, "/workflows/entities/execution-results/v1", read, workflowsService, s.executionResults},
		{http.MethodPost, "/workflows/entities/execution-actions/v1", write, workflowsService, s.actOnExecutions},
		{http.MethodGet, "/workflows/combined/executions/v1", read, workflowsService, s.listExecutions},
		{http.MethodGet, "/workflows/queries/child-executions/v1", read, workflowsService, s.listChildExecutions},
		{http.MethodGet, "/workflows/entities/human-inputs/v1", read, workflowsService, s.readHumanInputs},
		{http.MethodPatch, "/workflows/entities/human-inputs/v1", write, workflowsService, s.completeHumanInput},
	}
}

func (s *Server) addExecution(w *workflow, event firedEvent) *execution {
	run := &execution{
		id: s.newID("execution"), workflow: w.newest(), started: s.now(), outcome: w.outcome,
		seen: map[string]bool{}, event: event,
	}
	s.executions = append(s.executions, run)
	return run
}

// executeWorkflows runs workflows by id or name. The body has the parameters (wire/executions.md#execute).
func (s *Server) executeWorkflows(c *apiRequest) reply {
	var parameters map[string]any
	if len(c.body) > 0 {
		if err := json.Unmarshal(c.body, &parameters); err != nil {
			return failed(http.StatusBadRequest, "invalid request body")
		}
	}
	if _, refusal := c.queryNumber("depth", 0, 0, maxExecutionDepth); refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	chosen, refusal := s.workflowsToExecute(c)
	if refusal != nil {
		return *refusal
	}
	key := c.get("key")
	if ids, repeated := s.executionKeys[key]; repeated && key != "" {
		return succeeded(ids) // a repeated key starts nothing
	}
	for _, w := range chosen {
		if refusal := refuseExecute(w, parameters); refusal != nil {
			return *refusal
		}
	}
	values := map[string]any{"Trigger.CID": s.cid}
	if url := c.get("source_event_url"); url != "" {
		values["Trigger.SourceEventURL"] = url
	}
	maps.Copy(values, parameters)
	ids := []string{}
	for _, w := range chosen {
		run := s.run(w, firedEvent{triggerName: w.newest().triggerText("name"), values: values, parameters: parameters})
		ids = append(ids, run.id)
	}
	if key != "" {
		s.executionKeys[key] = ids
	}
	return succeeded(ids)
}

// workflowsToExecute finds the workflows that a request names.
func (s *Server) workflowsToExecute(c *apiRequest) ([]*workflow, *reply) {
	chosen, refusal := s.workflowsByID(c.query["definition_id"])
	if refusal != nil {
		return nil, refusal
	}
	if name := c.get("name"); len(chosen) == 0 && name != "" {
		w, exists := s.workflowNamed(name)
		if !exists {
			return nil, refuse(http.StatusNotFound, "definition with name %s not found", name)
		}
		chosen = append(chosen, w)
	}
	if len(chosen) == 0 {
		return nil, refuse(http.StatusBadRequest, "definition_id or name is required")
	}
	return chosen, nil
}

// refuseExecute refuses to run a workflow that cannot be run. The types of parameters are not checked: a wrong one starts a
// real run (wire/executions.md#execute).
func refuseExecute(w *workflow, parameters map[string]any) *reply {
	v := w.newest()
	if !v.enabled {
		return refuse(http.StatusPreconditionFailed, "workflow definition %s is disabled, re-enable to allow running on-demand", w.id)
	}
	if kind := v.triggerText("type"); kind != definition.TypeOnDemand && kind != definition.TypeScheduled {
		return refuse(http.StatusPreconditionFailed, "workflow definition %s is not an On-demand or schedule triggered workflow", w.id)
	}
	at := definition.Object(v.doc, "trigger")
	schema := definition.Object(at, "parameters")
	var missing string
	for _, key := range definition.Strings(schema["required"]) {
		if _, given := parameters[key]; !given {
			missing += " /required:" + key + " is invalid, missing property '" + key + "'"
		}
	}
	if missing != "" {
		return refuse(http.StatusBadRequest, "failed JSON schema validation: [%s]", missing[1:])
	}
	return nil
}

// executionByID finds an execution that readers can see.
func (s *Server) executionByID(id string) (*execution, bool) {
	i := slices.IndexFunc(s.executions, func(run *execution) bool { return run.id == id && s.isReadable(run) })
	if i < 0 {
		return nil, false
	}
	return s.executions[i], true
}

func (s *Server) isReadable(run *execution) bool {
	// GUESS Q49: when a new execution can be read.
	return s.reading("Q49") == "a" || !s.now().Before(run.started.Add(time.Second))
}

const maxResultIDs = 500

func (s *Server) executionResults(c *apiRequest) reply {
	ids := c.query["ids"]
	if len(ids) == 0 || len(ids) > maxResultIDs {
		return failed(http.StatusBadRequest, "ids: 1 to %d are required", maxResultIDs)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	results := []any{}
	for _, id := range ids {
		run, exists := s.executionByID(id)
		if !exists {
			return failed(http.StatusNotFound, "execution with id %s not found", id)
		}
		results = append(results, s.executionEntity(run, c.query["skip_fields"]))
		run.resultsRead = true
	}
	return succeeded(results)
}

// actOnExecutions resumes or cancels executions.
func (s *Server) actOnExecutions(c *apiRequest) reply {
	ids, refusal := c.bodyIDs()
	if refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var chosen []*execution
	for _, id := range ids {
		run, exists := s.executionByID(id)
		if !exists {
			return failed(http.StatusNotFound, "execution with id %s not found", id)
		}
		chosen = append(chosen, run)
	}
	switch action := c.get("action_name"); action {
	case "cancel":
		for _, run := range chosen {
			s.cancel(run)
		}
	case "resume": // a failed run is not repeated, and one that waits goes on waiting
	default:
		return failed(http.StatusBadRequest, "invalid action_name %q", action)
	}
	return succeeded(ids)
}

// cancel ends an execution that has not ended.
func (s *Server) cancel(run *execution) {
	if s.settle(run); run.ended.IsZero() {
		run.ended, run.canceled = s.now(), true
	}
}

// executionFields are the properties that a filter of executions can name. They differ from the keys in a response
// (wire/executions.md#states).
func (s *Server) executionFields() map[string]fql.Matcher[*execution] {
	name := func(e *execution) string { return e.workflow.text("name") }
	return map[string]fql.Matcher[*execution]{
		"id":                  fql.Is(func(e *execution) string { return e.id }),
		"definition_id":       fql.Is(func(e *execution) string { return e.workflow.id }),
		"definition_name":     fql.Either(fql.Is(name), fql.IsAnalyzed(name)),
		"definition_version":  fql.IsNumber(func(e *execution) int { return e.workflow.number }),
		"started_timestamp":   fql.IsTime(s.now, func(e *execution) string { return formatTime(e.started) }),
		"completed_timestamp": fql.IsTime(s.now, func(e *execution) string { return formatTime(e.ended) }),
		"status":              fql.Is(func(e *execution) string { return s.filterState(e) }),
		"ui_status":           fql.Is(func(e *execution) string { return s.consoleState(e) }),
	}
}

func (s *Server) executionSorts() map[string]func(a, b *execution) int {
	return map[string]func(a, b *execution) int{
		"id":                  by(func(e *execution) string { return e.id }),
		"definition_id":       by(func(e *execution) string { return e.workflow.id }),
		"definition_name":     by(func(e *execution) string { return e.workflow.text("name") }),
		"definition_version":  by(func(e *execution) int { return e.workflow.number }),
		"started_timestamp":   by(func(e *execution) string { return formatTime(e.started) }),
		"completed_timestamp": by(func(e *execution) string { return formatTime(e.ended) }),
		"status":              by(func(e *execution) string { return s.filterState(e) }),
		"ui_status":           by(func(e *execution) string { return s.consoleState(e) }),
	}
}

// maxExecutionTotal is the highest total of a listing (wire/executions.md#states).
const maxExecutionTotal = 10000

// listExecutions lists executions, newest first.
func (s *Server) listExecutions(c *apiRequest) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	newest := slices.DeleteFunc(slices.Clone(s.executions), func(run *execution) bool { return !s.isReadable(run) })
	slices.Reverse(newest)
	for _, run := range newest {
		s.settle(run)
	}
	list, refusal := filtered(c, newest, s.executionFields())
	if refusal == nil {
		refusal = sorted(c, list, s.executionSorts())
	}
	if refusal != nil {
		return *refusal
	}
	response := workflowPage(s, c, list, func(e *execution) any { return s.executionEntity(e, nil) })
	if response.paging != nil {
		response.paging["total"] = min(len(list), maxExecutionTotal)
	}
	return response
}

// listChildExecutions lists nothing: loops are not entered, and no workflow runs another one.
func (s *Server) listChildExecutions(c *apiRequest) reply {
	if _, err := fql.Parse(c.get("filter")); err != nil {
		return failed(http.StatusBadRequest, "Invalid FQL: %v", err)
	}
	return workflowPage(s, c, []string{}, func(id string) any { return id })
}
