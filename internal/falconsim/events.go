package falconsim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// listensTo says whether a workflow on event gets events of category: its own
// and those of sub-types, so that Case gets Case/Created.
func listensTo(event, category string) bool {
	return event != "" && (category == event || strings.HasPrefix(category, event+"/"))
}

// fire makes every enabled workflow that listens to the category, or to one of
// its parents, run and send its Call webhook deliveries. The keys of fields are
// dotted names without the "Trigger." prefix. Call it without s.mu held;
// deliveries run in the background and WaitDeliveries waits for them.
func (s *Server) fire(category string, fields map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known, _ := s.catalogue.trigger(category)
	values := map[string]any{"Trigger.CID": s.cid, "Trigger.SourceEventID": s.newID("event")}
	for key, value := range fields {
		values["Trigger."+key] = value
	}
	for _, w := range s.workflowsInOrder() {
		if w.enabled && listensTo(w.triggerText("event"), category) {
			s.run(w, category, known.name, values)
		}
	}
}

// run executes a workflow: it walks from the trigger along next, through
// conditions, and delivers where it meets a Call webhook. Loops are not
// entered. Call it with s.mu held.
func (s *Server) run(w *workflow, category, triggerName string, values map[string]any) *execution {
	done := s.addExecution(w)
	values = maps.Clone(values)
	values["Workflow.Definition.Name"] = w.name()
	values["Workflow.Definition.ID"] = w.id
	values["Workflow.Execution.ID"] = done.id
	values["Workflow.Execution.Time"] = s.now().Format(time.RFC3339)
	event := firedEvent{category: category, triggerName: triggerName, values: values}

	actions, conditions, loops := children(w.doc, "actions"), children(w.doc, "conditions"), children(w.doc, "loops")
	at, _ := w.doc["trigger"].(document)
	seen := map[string]bool{}
	note := ""
	for queue := stringsOf(at["next"]); len(queue) > 0; {
		name := queue[0]
		queue = queue[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		if condition, ok := conditions[name]; ok {
			holds, why := evaluate(condition, values)
			if why != "" {
				note = why
			}
			next, elseIf := "next", []string(nil)
			if !holds {
				next = "else"
				elseIf = stringsOf(condition["else_if"])
			}
			queue = slices.Concat(queue, stringsOf(condition[next]), elseIf)
			continue
		}
		action, ok := actions[name]
		if !ok {
			queue = append(queue, stringsOf(loops[name]["next"])...)
			continue
		}
		if isCallWebhook(action) {
			s.send(w, name, action, event, note)
		}
		done.actions = append(done.actions, name)
		queue = append(queue, stringsOf(action["next"])...)
	}
	return done
}

// firedEvent is what a workflow is run with.
type firedEvent struct {
	category, triggerName string
	values                map[string]any // under full dotted names
}

func isCallWebhook(action document) bool {
	id, _ := action["id"].(string)
	return id == callWebhookID
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
	s.fire(caseCreated, fields)
	return opened.ID
}

// UpdateCase changes a case and fires Case/Updated, and Case/StatusChanged when
// its status is another one now. An unknown id is an error.
func (s *Server) UpdateCase(id string, update CaseUpdate) error {
	s.mu.Lock()
	i := slices.IndexFunc(s.cases, func(c *Case) bool { return c.ID == id })
	if i < 0 {
		s.mu.Unlock()
		return fmt.Errorf("there is no case %s", id)
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
	s.fire(caseUpdated, fields)
	if moved {
		s.fire(caseStatusChanged, fields)
	}
	return nil
}

// Cases returns all cases, oldest first.
func (s *Server) Cases() []Case {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Case, 0, len(s.cases))
	for _, c := range s.cases {
		list = append(list, *c)
	}
	return list
}

// The categories of case events are documented by name only.
const (
	caseCreated       = "Case/Created"
	caseUpdated       = "Case/Updated"
	caseStatusChanged = "Case/StatusChanged"
)

// caseFields are the fields of the case triggers.
func caseFields(c Case, previousStatus string) map[string]any {
	return map[string]any{
		"Case.CaseID": c.ID, "Case.Name": c.Title, "Case.Status": c.Status, "Case.PreviousStatus": previousStatus,
		"Case.Severity": c.Severity, "Case.Description": c.Description,
	}
}
