package falconsim

// Execution is an execution as the console shows it.
type Execution struct {
	ID           string `json:"id"`
	WorkflowID   string `json:"workflow_id"`
	WorkflowName string `json:"workflow_name"`
	Version      int    `json:"version"`
	State        string `json:"state"`
	// HumanInputs are the ids of the inputs that the execution requested.
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

// SetOutcome sets how later executions of a workflow end: Completed or "" is the usual end, Failed or any other state is shown
// as such, and In progress and Action required never end.
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
