package falconsim

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// humanInput is a decision that an execution waits for.
type humanInput struct {
	id             string
	run            *execution
	node           string
	created, ended time.Time
	completed      bool
	input, note    string
}

// inputTimeout is how long a person has to decide, according to the response.
const inputTimeout = 7 * 24 * time.Hour

// requestInput makes an execution wait at a node.
func (s *Server) requestInput(run *execution, node string) {
	input := &humanInput{id: s.newID("human-input"), run: run, node: node, created: s.now()}
	run.inputs = append(run.inputs, input)
	s.humanInputs = append(s.humanInputs, input)
}

func (s *Server) humanInputByID(id string) (*humanInput, *reply) {
	i := slices.IndexFunc(s.humanInputs, func(input *humanInput) bool { return input.id == id })
	if i < 0 {
		return nil, refuse(http.StatusNotFound, "human input with id %s not found", id)
	}
	return s.humanInputs[i], nil
}

func (s *Server) readHumanInputs(c *apiRequest) reply {
	ids, refusal := c.queryIDs()
	if refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []any{}
	for _, id := range ids {
		input, refusal := s.humanInputByID(id)
		if refusal != nil {
			return *refusal
		}
		list = append(list, input.entity())
	}
	return succeeded(list)
}

func (h *humanInput) entity() map[string]any {
	entity := map[string]any{
		"id": h.id, "allowed_inputs": h.allowed(), "allowed_responders": []any{}, "completed": h.completed,
		"created_at": formatTime(h.created), "timeout_at": formatTime(h.created.Add(inputTimeout)), "completed_at": nil,
		"input": h.input, "note": h.note, "responder": "",
	}
	if h.completed {
		entity["completed_at"] = formatTime(h.ended)
	}
	return entity
}

// allowed returns the inputs that the action allows; none means any.
func (h *humanInput) allowed() []string {
	properties := definition.Object(definition.Nodes(h.run.workflow.doc, "actions")[h.node], "properties")
	return append([]string{}, definition.Strings(properties["allowed_responses"])...)
}

// completeHumanInput records a decision and continues the execution.
func (s *Server) completeHumanInput(c *apiRequest) reply {
	var body struct {
		Input *string `json:"input"`
		Note  *string `json:"note"`
	}
	if err := json.Unmarshal(c.body, &body); err != nil || body.Input == nil || body.Note == nil {
		return failed(http.StatusBadRequest, "input and note are required")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	input, refusal := s.humanInputByID(c.get("id"))
	if refusal != nil {
		return *refusal
	}
	if input.completed || !input.run.ended.IsZero() {
		return failed(http.StatusBadRequest, "human input with id %s is completed", input.id)
	}
	if allowed := input.allowed(); len(allowed) > 0 && !slices.Contains(allowed, *body.Input) {
		return failed(http.StatusBadRequest, "input %q is not allowed", *body.Input)
	}
	input.completed, input.ended, input.input, input.note = true, s.now(), *body.Input, *body.Note
	action := definition.Nodes(input.run.workflow.doc, "actions")[input.node]
	s.walk(input.run, definition.Strings(action["next"]))
	return succeeded([]string{input.id})
}
