package falconsim

import (
	"errors"
	"fmt"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// Workflow is a workflow definition as the console shows it.
type Workflow struct {
	ID           string         `json:"id"`
	Name         string         `json:"name"`
	Enabled      bool           `json:"enabled"`
	Version      int            `json:"version"`
	Invalid      bool           `json:"has_validation_errors"`
	LastModified string         `json:"last_modified_timestamp"`
	Document     map[string]any `json:"document"`
}

// Workflows returns all workflows, oldest first. Their documents must not be changed.
func (s *Server) Workflows() []Workflow {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []Workflow{}
	for _, w := range s.workflowsByCreation() {
		list = append(list, w.shown())
	}
	return list
}

// CatalogID returns the id by which this tenant knows an action or app with a public id: see Catalog.OwnIDs.
func (s *Server) CatalogID(public string) string { return s.definitions.OwnID(public) }

func (w *workflow) shown() Workflow {
	v := w.newest()
	return Workflow{w.id, w.name(), v.enabled, v.number, v.invalid, v.modified, v.doc}
}

// Workflow returns one workflow by id.
func (s *Server) Workflow(id string) (Workflow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, exists := s.workflows[id]
	if !exists {
		return Workflow{}, errNotFound
	}
	return w.shown(), nil
}

// CreateWorkflow creates a workflow from a document in YAML or JSON, as a person does in the console, and returns its id. A document
// with errors is saved and flagged, but cannot be enabled.
func (s *Server) CreateWorkflow(text []byte, enabled bool) (string, error) {
	doc, err := definition.Parse(text)
	if err == nil {
		err = s.definitions.CheckShape(doc)
	}
	if err != nil {
		return "", err
	}
	if !definition.HasTriggerType(doc) {
		return "", errors.New("the document has no trigger with a type")
	}
	doc = s.definitions.Normalize(doc)
	name := definition.Text(doc, "name")
	if name == "" {
		return "", errors.New("the document has no name")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other, taken := s.workflowNamed(name); taken {
		return "", fmt.Errorf("the workflow %s is already named %q", other.id, name)
	}
	if enabled {
		if refusal := s.refuseEnable(doc); refusal != nil {
			return "", fmt.Errorf("the workflow cannot be enabled: %s", refusal.errors[0].Message)
		}
	}
	w := s.addWorkflow(doc, enabled)
	s.showNow(w)
	return w.id, nil
}

// ReplaceWorkflow replaces the document of a workflow, in YAML or JSON, as an edit in the console does. Only its syntax is
// checked.
func (s *Server) ReplaceWorkflow(id string, text []byte) error {
	doc, err := definition.Parse(text)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w, exists := s.workflows[id]
	if !exists {
		return errNotFound
	}
	s.save(w, s.definitions.Normalize(doc), w.newest().enabled)
	s.showNow(w)
	return nil
}

// SetWorkflowEnabled enables or disables a workflow without checking it.
func (s *Server) SetWorkflowEnabled(id string, enabled bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, exists := s.workflows[id]
	if !exists {
		return errNotFound
	}
	s.setEnabled([]*workflow{w}, enabled)
	s.showNow(w)
	return nil
}

// DeleteWorkflow deletes a workflow.
func (s *Server) DeleteWorkflow(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, exists := s.workflows[id]; !exists {
		return errNotFound
	}
	delete(s.workflows, id)
	return nil
}
