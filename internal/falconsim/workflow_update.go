package falconsim

import (
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// readDefinition reads the body of a PUT or POST: YAML or JSON at the top level. The SDK's wrapper gets a 500, as observed
// (wire/workflows.md#update).
func (s *Server) readDefinition(c *apiRequest) (definition.Document, *reply) {
	kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || (kind != "application/json" && kind != yamlType) {
		return nil, refuse(http.StatusUnsupportedMediaType, "unsupported media type %q", c.r.Header.Get("Content-Type"))
	}
	if kind == "application/json" {
		var syntax any
		if err := json.Unmarshal(c.body, &syntax); err != nil {
			return nil, refuse(http.StatusBadRequest, "%s", err.Error())
		}
	}
	doc, err := definition.Parse(c.body)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "%s", err.Error())
	}
	for key := range doc {
		if strings.EqualFold(key, "definition") {
			return nil, refuse(http.StatusInternalServerError, internalError)
		}
	}
	if err := s.definitions.CheckShape(doc); err != nil {
		return nil, refuse(http.StatusBadRequest, "%s", err.Error())
	}
	return doc, nil
}

// putWorkflow replaces a definition. It is stricter than the import and does not change enabled (wire/workflows.md#update).
func (s *Server) putWorkflow(c *apiRequest) reply {
	doc, refusal := s.readDefinition(c)
	if refusal != nil {
		return *refusal
	}
	validateOnly, refusal := c.queryBool("validate_only", false)
	if refusal != nil {
		return *refusal
	}
	id := definition.Text(doc, "id")
	if id == "" {
		return failed(http.StatusBadRequest, "invalid ID")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w, exists := s.workflows[id]
	if !exists {
		return failed(http.StatusNotFound, "definition not found for id")
	}
	doc = s.definitions.Normalize(doc)
	name := definition.Text(doc, "name")
	if name == "" {
		return workflowNameMissing()
	}
	if other, taken := s.workflowNamed(name); taken && other != w {
		return workflowNameTaken()
	}
	if message, unknown := s.definitions.UnknownActivity(doc); unknown {
		return failed(http.StatusNotFound, "%s", message)
	}
	if !definition.HasTriggerType(doc) {
		return failed(http.StatusBadRequest, "invalid trigger type")
	}
	if refusal := s.refuseUpdate(s.definitions.Validate(doc), validateOnly); refusal != nil {
		return *refusal
	}
	if !validateOnly {
		s.save(w, doc, w.newest().enabled)
	}
	return succeeded([]string{id})
}

// postWorkflow is the undocumented create, which respects enabled (wire/workflows.md#update).
func (s *Server) postWorkflow(c *apiRequest) reply {
	doc, refusal := s.readDefinition(c)
	if refusal != nil {
		return *refusal
	}
	enabled, _ := doc["enabled"].(bool)
	doc = s.definitions.Normalize(doc)
	name := definition.Text(doc, "name")
	if name == "" {
		return workflowNameMissing()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other, taken := s.workflowNamed(name); taken {
		response := workflowNameTaken()
		response.errors[0].ID = other.id
		return response
	}
	if message, unknown := s.definitions.UnknownActivity(doc); unknown {
		return failed(http.StatusNotFound, "%s", message)
	}
	found := s.definitions.Validate(doc)
	w := s.addWorkflow(doc, enabled && len(found) == 0)
	response := succeeded([]string{w.id})
	response.errors = asErrors(found)
	return response
}

// refuseUpdate refuses a PUT whose document has errors other than an unknown action. A document without a required property or
// configuration is saved (wire/workflows.md#update).
func (s *Server) refuseUpdate(found []definition.ValidationError, validateOnly bool) *reply {
	broken := slices.DeleteFunc(slices.Clone(found), func(e definition.ValidationError) bool {
		return e.Code != definition.CodeUnknownEvent && e.Code != definition.CodeEndsWithTrigger && e.Code != definition.CodeNoAction && e.Rule != "R34"
	})
	// GUESS Q37: whether the other validation errors refuse a PUT.
	if len(broken) > 0 && s.reading("Q37") == "a" {
		return &reply{status: http.StatusBadRequest, errors: asErrors(broken)}
	}
	if !validateOnly {
		return nil
	}
	// GUESS Q38: whether validation reports what only enabling refuses.
	if s.reading("Q38") == "b" {
		found = definition.WithCode(found)
	}
	if len(found) == 0 {
		return nil
	}
	return &reply{status: http.StatusOK, errors: asErrors(found)}
}

// asErrors returns validation errors in the form of the envelope.
func asErrors(found []definition.ValidationError) []apiError {
	var list []apiError
	for _, e := range found {
		list = append(list, apiError{Code: e.Code, Message: e.Message})
	}
	return list
}
