package falconsim

// Execution is an execution as the console shows it.
type Execution struct {
	ID           string `json:"id"`
	WorkflowID   string `json:"workflow_id"`
	WorkflowName string `json:"workflow_name"`
	Version      int    `json:"version"`
	State        string `json:"state"`
	// HumanInputs are the ids of the inputs that it asked people for.
	HumanInputs []string `json:"human_inputs,omitempty"`
}

// Executions returns all executions so far, oldest first.
func (s *Server) Executions() []Execution {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Execution, 0, len(s.executions))
	for _, run := range s.executions {
		s.settle(run)
		shown := Execution{
			ID: run.id, WorkflowID: run.workflow.id, WorkflowName: run.workflow.text("name"),
			Version: run.workflow.number, State: s.consoleState(run),
		}
		for _, input := range run.inputs {
			shown.HumanInputs = append(shown.HumanInputs, input.id)
		}
		list = append(list, shown)
	}
	return list
}

// SetOutcome chooses how further executions of a workflow end: Completed or ""
// as usual, Failed, In progress or Action required for ones that never end, or
// any other state.
func (s *Server) SetOutcome(workflowID, outcome string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, exists := s.workflows[workflowID]
	if !exists {
		return errNotFound
	}
	if outcome == consoleSucceeded {
		outcome = ""
	}
	w.outcome = outcome
	return nil
}
