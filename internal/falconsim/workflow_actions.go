package falconsim

import (
	"net/http"
	"slices"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// actOnWorkflows enables or disables workflows, or cancels their executions. A refused enable can be a 200 with errors
// (wire/workflows.md#enabling).
func (s *Server) actOnWorkflows(c *apiRequest) reply {
	ids, refusal := c.bodyIDs()
	if refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	chosen, refusal := s.workflowsByID(ids)
	if refusal != nil {
		return *refusal
	}
	switch action := c.get("action_name"); action {
	case "enable":
		for _, w := range chosen {
			if refusal := s.refuseEnable(w.newest().doc); refusal != nil {
				return *refusal
			}
		}
		s.setEnabled(chosen, true)
	case "disable":
		s.setEnabled(chosen, false)
	case "cancel": // the executions that have not ended
		for _, run := range s.executions {
			if slices.Contains(ids, run.workflow.id) {
				s.cancel(run)
			}
		}
	default:
		return failed(http.StatusBadRequest, "invalid action_name %q", action)
	}
	done := succeeded([]string{})
	if s.reading("Q100") == "b" { // GUESS Q100: 200 was seen, the specification has both
		done.status = http.StatusAccepted
	}
	return done
}

// refuseEnable returns why a workflow with this document cannot be enabled, or nil.
func (s *Server) refuseEnable(doc definition.Document) *reply {
	// GUESS Q71: a 404 was observed for an unknown action, error 2018 for one at another version.
	letter := s.reading("Q71")
	missing := func(action definition.Document) bool { return !s.definitions.IsListed(action) }
	if letter == "b" {
		missing = func(action definition.Document) bool { _, known := s.definitions.KnownActivity(action); return !known }
	}
	if message, unknown := definition.FirstUnknown(doc, missing); unknown && letter != "c" {
		return refuse(http.StatusNotFound, "%s", message)
	}
	if found := s.definitions.Validate(doc); len(found) > 0 {
		response := succeeded([]string{})
		response.errors = asErrors(found)
		return &response
	}
	return nil
}

// setEnabled enables or disables workflows, which adds a version to each (wire/workflows.md#enabling).
func (s *Server) setEnabled(chosen []*workflow, enabled bool) {
	for _, w := range chosen {
		s.save(w, w.newest().doc, enabled)
	}
}

func (s *Server) deleteWorkflows(c *apiRequest) reply {
	ids, refusal := c.queryIDs()
	if refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	chosen, refusal := s.workflowsByID(ids)
	if refusal != nil {
		return *refusal
	}
	for _, w := range chosen {
		if w.deleted.IsZero() { // an id can be repeated
			s.dropWorkflow(w)
		}
	}
	response := succeeded(ids)
	response.affected = len(ids)
	return response
}
