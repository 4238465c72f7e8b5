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
)

// dataFile is the multipart body's one file part (wire-api.md 3.2).
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
// same and marked (wire-api.md 3.2).
func (s *Server) importWorkflow(c *call) reply {
	text, refusal := dataFile(c)
	if refusal != nil {
		return *refusal
	}
	doc, err := parseDocument(text)
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
	doc = s.catalogue.normalise(doc)
	if name := c.get("name"); name != "" {
		doc["name"] = name
	}
	if validateOnly {
		return succeeded([]any{map[string]any{"parameters": nil}})
	}
	name, _ := doc["name"].(string)
	if name == "" {
		return failed(http.StatusBadRequest, workflowNameMissing)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.workflowNamed(name); taken {
		return nameTaken()
	}
	w := s.addWorkflow(doc, false)
	entity := map[string]any{
		"id": w.id, "name": name, "description": w.newest().text("description"), "model": map[string]any{"trigger": doc["trigger"], "actions": doc["actions"]},
		"parameters": nil, "disconnected_nodes": nil, "validation_errors": importErrors(s.validate(doc)),
	}
	if withMetadata {
		entity["activity_metadata"] = s.activityMetadata(doc)
	}
	return succeeded([]any{entity})
}

// readFlat reads the body of a PUT or POST: flat YAML or JSON. The SDK's
// wrapper is answered with 500, as the live API does (wire-api.md 3.6).
func readFlat(c *call) (document, *reply) {
	refuse := func(answer reply) (document, *reply) { return nil, &answer }
	kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || (kind != "application/json" && kind != yamlType) {
		return refuse(failed(http.StatusUnsupportedMediaType, "unsupported media type %q", c.r.Header.Get("Content-Type")))
	}
	if kind == "application/json" && !json.Valid(c.body) {
		return refuse(failed(http.StatusBadRequest, "invalid JSON body"))
	}
	doc, err := parseDocument(c.body)
	if err != nil {
		return refuse(failed(http.StatusBadRequest, "%s", err.Error()))
	}
	for key := range doc {
		if strings.EqualFold(key, "definition") {
			return refuse(failed(http.StatusInternalServerError, internalError))
		}
	}
	return doc, nil
}

// putWorkflow replaces a definition. It is stricter than import and leaves
// enabled alone (wire-api.md 3.6).
func (s *Server) putWorkflow(c *call) reply {
	doc, refusal := readFlat(c)
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
	doc = s.catalogue.normalise(doc)
	name, _ := doc["name"].(string)
	if name == "" {
		return failed(http.StatusBadRequest, workflowNameMissing)
	}
	if other, taken := s.workflowNamed(name); taken && other != w {
		return nameTaken()
	}
	if message, unknown := s.unknownActivity(doc); unknown {
		return failed(http.StatusNotFound, "%s", message)
	}
	found := s.validate(doc)
	if answer, refused := refuseUpdate(found, validateOnly); refused {
		return answer
	}
	if !validateOnly {
		s.save(w, doc, w.newest().enabled)
	}
	return succeeded([]string{id})
}

// postWorkflow is the undocumented create, which honours enabled
// (wire-api.md 3.6).
func (s *Server) postWorkflow(c *call) reply {
	doc, refusal := readFlat(c)
	if refusal != nil {
		return *refusal
	}
	enabled, _ := doc["enabled"].(bool)
	doc = s.catalogue.normalise(doc)
	name, _ := doc["name"].(string)
	if name == "" {
		return failed(http.StatusBadRequest, workflowNameMissing)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other, taken := s.workflowNamed(name); taken {
		answer := nameTaken()
		answer.errors[0].ID = other.id
		return answer
	}
	if message, unknown := s.unknownActivity(doc); unknown {
		return failed(http.StatusNotFound, "%s", message)
	}
	found := s.validate(doc)
	w := s.addWorkflow(doc, enabled && len(found) == 0)
	answer := succeeded([]string{w.id})
	answer.errors = asErrors(found)
	return answer
}

// actOnWorkflows enables or disables. An enable that is refused can be a 200
// with errors and no effect (wire-api.md 3.5).
func (s *Server) actOnWorkflows(c *call) reply {
	ids, refusal := s.idsOfBody(c)
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

func (s *Server) refuseEnable(w *workflow) (reply, bool) {
	if message, unknown := s.unknownActivity(w.newest().doc); unknown {
		return failed(http.StatusNotFound, "%s", message), true
	}
	if found := s.validate(w.newest().doc); len(found) > 0 {
		answer := succeeded([]string{})
		answer.errors = asErrors(found)
		return answer, true
	}
	return reply{}, false
}

// switchAll makes a version more of each (wire-api.md 3.5).
func (s *Server) switchAll(chosen []*workflow, enabled bool) {
	for _, w := range chosen {
		s.save(w, w.newest().doc, enabled)
	}
}

// activityMetadata is what an import adds on request; its content is made up.
func (s *Server) activityMetadata(doc document) map[string]any {
	metadata := map[string]any{}
	for _, id := range activityIDs(doc) {
		if known, ok := s.catalogue.activity(id); ok {
			metadata[id] = map[string]any{"name": known.name}
		}
	}
	return metadata
}

// workflowNameMissing is made up: nothing says what a nameless document gets.
const workflowNameMissing = "name is required"
