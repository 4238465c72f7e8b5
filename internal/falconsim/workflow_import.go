package falconsim

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// dataFile reads the one file of the multipart body (wire/workflows.md#import).
func dataFile(c *apiRequest) ([]byte, *reply) {
	kind, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil, refuse(http.StatusBadRequest, "request Content-Type isn't multipart/form-data")
	}
	reader := multipart.NewReader(bytes.NewReader(c.body), params["boundary"])
	for {
		part, err := reader.NextPart()
		if err != nil {
			return nil, refuse(http.StatusBadRequest, "data_file is required")
		}
		if part.FormName() != "data_file" || part.FileName() == "" {
			continue
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return nil, refuse(http.StatusBadRequest, "data_file cannot be read")
		}
		return text, nil
	}
}

// importWorkflow checks little: a document with semantic errors is stored and flagged (wire/workflows.md#import).
func (s *Server) importWorkflow(c *apiRequest) reply {
	text, refusal := dataFile(c)
	if refusal != nil {
		return *refusal
	}
	doc, err := definition.Parse(text)
	if err == nil {
		err = s.definitions.CheckShape(doc)
	}
	if err != nil {
		return failed(http.StatusBadRequest, "import file must be a valid YAML file")
	}
	validateOnly, refusal := c.queryBool("validate_only", false)
	if refusal != nil {
		return *refusal
	}
	withMetadata, refusal := c.queryBool("include_activity_metadata", false)
	if refusal != nil {
		return *refusal
	}
	if !definition.HasTriggerType(doc) {
		return failed(http.StatusInternalServerError, internalError)
	}
	doc = s.definitions.Normalize(doc)
	// GUESS Q74: whether the import refuses a class without a version constraint.
	if message, missing := definition.FirstClassWithoutPin(doc); missing && s.reading("Q74") == "a" {
		return failed(http.StatusBadRequest, "%s", message)
	}
	if name := c.get("name"); name != "" {
		doc["name"] = name
	}
	if validateOnly { // an unknown trigger event is not reported either
		return succeeded([]any{map[string]any{"parameters": nil}})
	}
	name := definition.Text(doc, "name")
	if name == "" {
		return workflowNameMissing()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other, taken := s.workflowNamed(name); taken {
		response := workflowNameTaken()
		// GUESS Q34: whether the error names the existing workflow.
		if s.reading("Q34") == "b" {
			response.errors[0].ID = other.id
		}
		return response
	}
	w := s.addWorkflow(doc, false)
	// GUESS Q35: whether the response has the workflow.
	if s.reading("Q35") == "b" {
		return succeeded([]any{})
	}
	entity := map[string]any{
		"id": w.id, "name": name, "description": w.newest().text("description"), "model": map[string]any{"trigger": doc["trigger"], "actions": doc["actions"]},
		"parameters": nil, "disconnected_nodes": nil, "validation_errors": s.importErrors(s.definitions.Validate(doc)),
	}
	if withMetadata {
		entity["activity_metadata"] = s.activityMetadata(doc)
	}
	return succeeded([]any{entity})
}

// importErrors returns the validation errors that an import lists.
func (s *Server) importErrors(found []definition.ValidationError) []definition.ValidationError {
	// GUESS Q36: which ones are listed. An unknown event was observed; a source says "some, not all".
	switch s.reading("Q36") {
	case "b":
		return []definition.ValidationError{}
	case "c":
		return append([]definition.ValidationError{}, s.definitions.Flagged(found)...)
	}
	return slices.DeleteFunc(append([]definition.ValidationError{}, found...), func(e definition.ValidationError) bool {
		return e.Code != definition.CodeUnknownEvent && e.Rule != "R34"
	})
}

// activityMetadata is the part of an import's response that a parameter requests. Its content is made up.
func (s *Server) activityMetadata(doc definition.Document) map[string]any {
	metadata := map[string]any{}
	for _, id := range definition.ActivityIDs(doc) {
		if known, ok := s.definitions.Activity(id); ok {
			metadata[id] = map[string]any{"name": known.Name}
		}
	}
	return metadata
}
