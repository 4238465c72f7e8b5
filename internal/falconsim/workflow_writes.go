package falconsim

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// dataFile is the multipart body's one file part (wire/workflows.md#import).
func dataFile(c *call) ([]byte, *reply) {
	refuse := func(text string) ([]byte, *reply) {
		answer := failed(http.StatusBadRequest, "%s", text)
		return nil, &answer
	}
	kind, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return refuse("request Content-Type isn't multipart/form-data")
	}
	reader := multipart.NewReader(bytes.NewReader(c.body), params["boundary"])
	for {
		part, err := reader.NextPart()
		if err != nil {
			return refuse("data_file is required")
		}
		if part.FormName() != "data_file" || part.FileName() == "" {
			continue
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return refuse("data_file cannot be read")
		}
		return text, nil
	}
}

// importWorkflow checks little: what is semantically wrong is stored all the
// same and marked (wire/workflows.md#import).
func (s *Server) importWorkflow(c *call) reply {
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
	validateOnly, err := boolParam(c, "validate_only", false)
	if err != nil {
		return failed(http.StatusBadRequest, "%s", err.Error())
	}
	withMetadata, err := boolParam(c, "include_activity_metadata", false)
	if err != nil {
		return failed(http.StatusBadRequest, "%s", err.Error())
	}
	if !definition.HasTriggerType(doc) {
		return failed(http.StatusInternalServerError, internalError)
	}
	doc = s.definitions.Normalise(doc)
	// GUESS Q74: whether the import itself refuses a class without a version constraint.
	if message, missing := definition.FirstClassWithoutPin(doc); missing && s.reading("Q74") == "a" {
		return failed(http.StatusBadRequest, "%s", message)
	}
	if name := c.get("name"); name != "" {
		doc["name"] = name
	}
	if validateOnly { // it does not report an unknown trigger event either
		return succeeded([]any{map[string]any{"parameters": nil}})
	}
	name, _ := doc["name"].(string)
	if name == "" {
		return nameMissing()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other, taken := s.workflowNamed(name); taken {
		answer := nameTaken()
		// GUESS Q34: whether the refusal names the existing workflow.
		if s.reading("Q34") == "b" {
			answer.errors[0].ID = other.id
		}
		return answer
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

// importErrors are the validation errors that an import lists.
func (s *Server) importErrors(found []definition.ValidationError) []definition.ValidationError {
	// GUESS Q36: which ones it lists. An unknown event was seen; "some, not all" was said.
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

func nameMissing() reply {
	return failed(http.StatusBadRequest, "name is required")
}

// readFlat reads the body of a PUT or POST: flat YAML or JSON. The SDK's
// wrapper is answered with 500, as the live API does (wire/workflows.md#update).
func (s *Server) readFlat(c *call) (definition.Document, *reply) {
	refuse := func(answer reply) (definition.Document, *reply) { return nil, &answer }
	kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || (kind != "application/json" && kind != yamlType) {
		return refuse(failed(http.StatusUnsupportedMediaType, "unsupported media type %q", c.r.Header.Get("Content-Type")))
	}
	if kind == "application/json" {
		var syntax any
		if err := json.Unmarshal(c.body, &syntax); err != nil {
			return refuse(failed(http.StatusBadRequest, "%s", err.Error()))
		}
	}
	doc, err := definition.Parse(c.body)
	if err != nil {
		return refuse(failed(http.StatusBadRequest, "%s", err.Error()))
	}
	for key := range doc {
		if strings.EqualFold(key, "definition") {
			return refuse(failed(http.StatusInternalServerError, internalError))
		}
	}
	if err := s.definitions.CheckShape(doc); err != nil {
		return refuse(failed(http.StatusBadRequest, "%s", err.Error()))
	}
	return doc, nil
}

// putWorkflow replaces a definition. It is stricter than import and leaves
// enabled alone (wire/workflows.md#update).
func (s *Server) putWorkflow(c *call) reply {
	doc, refusal := s.readFlat(c)
	if refusal != nil {
		return *refusal
	}
	validateOnly, err := boolParam(c, "validate_only", false)
	if err != nil {
		return failed(http.StatusBadRequest, "%s", err.Error())
	}
	id, _ := doc["id"].(string)
	if id == "" {
		return failed(http.StatusBadRequest, "invalid ID")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w, exists := s.workflows[id]
	if !exists {
		return failed(http.StatusNotFound, "definition not found for id")
	}
	doc = s.definitions.Normalise(doc)
	name, _ := doc["name"].(string)
	if name == "" {
		return nameMissing()
	}
	if other, taken := s.workflowNamed(name); taken && other != w {
		return nameTaken()
	}
	if message, unknown := s.definitions.UnknownActivity(doc); unknown {
		return failed(http.StatusNotFound, "%s", message)
	}
	if !definition.HasTriggerType(doc) {
		return failed(http.StatusBadRequest, "invalid trigger type")
	}
	if answer, refused := s.refuseUpdate(s.definitions.Validate(doc), validateOnly); refused {
		return answer
	}
	if !validateOnly {
		s.save(w, doc, w.newest().enabled)
	}
	return succeeded([]string{id})
}

// postWorkflow is the undocumented create, which honours enabled
// (wire/workflows.md#update).
func (s *Server) postWorkflow(c *call) reply {
	doc, refusal := s.readFlat(c)
	if refusal != nil {
		return *refusal
	}
	enabled, _ := doc["enabled"].(bool)
	doc = s.definitions.Normalise(doc)
	name, _ := doc["name"].(string)
	if name == "" {
		return nameMissing()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other, taken := s.workflowNamed(name); taken {
		answer := nameTaken()
		answer.errors[0].ID = other.id
		return answer
	}
	if message, unknown := s.definitions.UnknownActivity(doc); unknown {
		return failed(http.StatusNotFound, "%s", message)
	}
	found := s.definitions.Validate(doc)
	w := s.addWorkflow(doc, enabled && len(found) == 0)
	answer := succeeded([]string{w.id})
	answer.errors = asErrors(found)
	return answer
}

// actOnWorkflows enables or disables. An enable that is refused can be a 200
// with errors and no effect (wire/workflows.md#enabling).
func (s *Server) actOnWorkflows(c *call) reply {
	ids, refusal := idsOfBody(c)
	if refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var chosen []*workflow
	for _, id := range ids {
		w, exists := s.workflows[id]
		if !exists {
			return failed(http.StatusNotFound, "definition with id %s not found", id)
		}
		chosen = append(chosen, w)
	}
	switch action := c.get("action_name"); action {
	case "enable":
		for _, w := range chosen {
			if answer, refused := s.refuseEnable(w); refused {
				return answer
			}
		}
		s.switchAll(chosen, true)
	case "disable":
		s.switchAll(chosen, false)
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

// refuseUpdate is the response to a PUT whose document has errors other than an
// unknown action. One that lacks a property or a configuration is saved
// (wire/workflows.md#update).
func (s *Server) refuseUpdate(found []definition.ValidationError, validateOnly bool) (reply, bool) {
	broken := slices.DeleteFunc(slices.Clone(found), func(e definition.ValidationError) bool {
		return e.Code != definition.CodeUnknownEvent && e.Code != definition.CodeEndsWithTrigger && e.Code != definition.CodeNoAction && e.Rule != "R34"
	})
	// GUESS Q37: whether the other validation errors refuse a PUT.
	if len(broken) > 0 && s.reading("Q37") == "a" {
		return reply{status: http.StatusBadRequest, errors: asErrors(broken)}, true
	}
	if !validateOnly {
		return reply{}, false
	}
	// GUESS Q38: whether validating reports what only enabling refuses.
	if s.reading("Q38") == "b" {
		found = definition.WithCode(found)
	}
	return reply{status: http.StatusOK, errors: asErrors(found)}, len(found) > 0
}

func (s *Server) refuseEnable(w *workflow) (reply, bool) {
	doc := w.newest().doc
	// GUESS Q71: a 404 was seen for an unknown action, the error 2018 for one at another version.
	letter := s.reading("Q71")
	missing := func(action definition.Document) bool { return !s.definitions.IsListed(action) }
	if letter == "b" {
		missing = func(action definition.Document) bool { _, known := s.definitions.KnownActivity(action); return !known }
	}
	if message, unknown := definition.FirstUnknown(doc, missing); unknown && letter != "c" {
		return failed(http.StatusNotFound, "%s", message), true
	}
	if found := s.definitions.Validate(doc); len(found) > 0 {
		answer := succeeded([]string{})
		answer.errors = asErrors(found)
		return answer, true
	}
	return reply{}, false
}

// switchAll makes a version more of each (wire/workflows.md#enabling).
func (s *Server) switchAll(chosen []*workflow, enabled bool) {
	for _, w := range chosen {
		s.save(w, w.newest().doc, enabled)
	}
}

// activityMetadata is what an import adds on request; its content is made up.
func (s *Server) activityMetadata(doc definition.Document) map[string]any {
	metadata := map[string]any{}
	for _, id := range definition.ActivityIDs(doc) {
		if known, ok := s.definitions.Activity(id); ok {
			metadata[id] = map[string]any{"name": known.Name}
		}
	}
	return metadata
}

// asErrors shows validation errors in the envelope.
func asErrors(found []definition.ValidationError) []apiError {
	var list []apiError
	for _, e := range found {
		list = append(list, apiError{Code: e.Code, Message: e.Message})
	}
	return list
}
