package falconsim

import (
	"fmt"
	"slices"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// fire runs every enabled workflow that listens to the category or to one of its parents. The keys of fields are dotted names
// without the prefix "Trigger.". Call it without s.mu held. Deliveries run in the background; WaitDeliveries waits for them.
func (s *Server) fire(category string, fields map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known, _ := s.definitions.Trigger(category)
	values := map[string]any{"Trigger.CID": s.cid, "Trigger.SourceEventID": s.newID("event")}
	for key, value := range fields {
		values["Trigger."+key] = value
	}
	for _, w := range s.workflowsByCreation() {
		if w.newest().enabled && definition.ListensTo(w.newest().triggerText("event"), category) {
			s.run(w, firedEvent{category: category, triggerName: known.Name, values: values})
		}
	}
}

// Case is a case of the tenant.
type Case struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Status      string `json:"status"`
	Severity    int    `json:"severity"`
	Description string `json:"description"`
}

// CaseUpdate changes a case; nil leaves a value as it is.
type CaseUpdate struct {
	Title       *string `json:"title"`
	Status      *string `json:"status"`
	Severity    *int    `json:"severity"`
	Description *string `json:"description"`
}

// CreateCase opens a case and fires Case/Created. It returns the case's id.
func (s *Server) CreateCase(title string) string {
	s.mu.Lock()
	opened := &Case{ID: s.newID("case"), Title: title, Status: "new", Severity: 50}
	s.cases = append(s.cases, opened)
	fields := caseFields(*opened, "")
	s.mu.Unlock()
	s.fire(definition.CaseCreated, fields)
	return opened.ID
}

// UpdateCase changes a case and fires Case/Updated, and Case/StatusChanged if the status changed. An unknown id is an error.
func (s *Server) UpdateCase(id string, update CaseUpdate) error {
	s.mu.Lock()
	i := slices.IndexFunc(s.cases, func(c *Case) bool { return c.ID == id })
	if i < 0 {
		s.mu.Unlock()
		return fmt.Errorf("case %s does not exist", id)
	}
	changed, before := s.cases[i], s.cases[i].Status
	for target, value := range map[*string]*string{
		&changed.Title: update.Title, &changed.Status: update.Status, &changed.Description: update.Description,
	} {
		if value != nil {
			*target = *value
		}
	}
	if update.Severity != nil {
		changed.Severity = *update.Severity
	}
	fields, moved := caseFields(*changed, before), changed.Status != before
	s.mu.Unlock()
	// GUESS Q27: whether Case/Updated also fires for a change of the status.
	if !moved || s.reading("Q27") == "a" {
		s.fire(definition.CaseUpdated, fields)
	}
	if moved {
		s.fire(definition.CaseStatusChanged, fields)
	}
	return nil
}

// Cases returns all cases, oldest first.
func (s *Server) Cases() []Case {
	s.mu.Lock()
	defer s.mu.Unlock()
	return copies(s.cases)
}

// caseFields returns the values of the case triggers' fields.
func caseFields(c Case, previousStatus string) map[string]any {
	return map[string]any{
		"Case.CaseID": c.ID, "Case.Name": c.Title, "Case.Status": c.Status, "Case.PreviousStatus": previousStatus,
		"Case.Severity": c.Severity, "Case.Description": c.Description,
	}
}
