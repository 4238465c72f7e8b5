package falconsim

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// workflow is a definition with all its versions. s.mu guards it.
type workflow struct {
	id       string
	serial   uint64             // order of creation
	versions []*workflowVersion // oldest first, never empty
	deleted  time.Time          // zero while it exists
	outcome  string             // of its executions, if the console set one
}

// workflowVersion is one version of a workflow: a row of the listing.
type workflowVersion struct {
	id      string // of the workflow
	serial  uint64 // of the workflow
	number  int
	doc     definition.Document
	enabled bool
	// invalid is has_validation_errors, as of when the version was written.
	invalid  bool
	modified string
	// shown is when readers first see it: question Q39.
	shown time.Time
}

func (w *workflow) newest() *workflowVersion { return w.versions[len(w.versions)-1] }

func (w *workflow) name() string { return w.newest().text("name") }

func (v *workflowVersion) text(key string) string {
	return definition.Text(v.doc, key)
}

func (v *workflowVersion) triggerText(key string) string {
	return definition.Text(definition.Object(v.doc, "trigger"), key)
}

const (
	definitionsPath  = "/workflows/entities/definitions/v1"
	yamlType         = "application/yaml"
	workflowsService = "workflows"
)

// internalError is Falcon's message for an internal error. The trace id is filled in when the response is written
// (wire/conventions.md#error-bodies).
const internalError = "Internal Server Error: Please provide trace-id='" + tracePlaceholder + "' to support"

func (s *Server) workflowRoutes() []route {
	read, write := []string{"workflow:read"}, []string{"workflow:write"}
	return []route{
		{http.MethodGet, "/workflows/combined/definitions/v1", read, workflowsService, s.listWorkflows},
		{http.MethodGet, "/workflows/combined/activities/v1", read, workflowsService, s.listActivities},
		{http.MethodGet, "/workflows/combined/activity-content/v1", read, workflowsService, s.listActivities},
		{http.MethodGet, "/workflows/combined/triggers/v1", read, workflowsService, s.listTriggers},
		{http.MethodPost, "/workflows/entities/definitions/import/v1", write, workflowsService, s.importWorkflow},
		{http.MethodGet, "/workflows/entities/definitions/export/v1", read, workflowsService, s.exportWorkflow},
		{http.MethodPost, definitionsPath, write, workflowsService, s.postWorkflow},
		{http.MethodPut, definitionsPath, write, workflowsService, s.putWorkflow},
		{http.MethodDelete, definitionsPath, write, workflowsService, s.deleteWorkflows},
		{http.MethodPost, "/workflows/entities/definition-actions/v1", write, workflowsService, s.actOnWorkflows},
	}
}

// addWorkflow stores a normalized document as version 1.
func (s *Server) addWorkflow(doc definition.Document, enabled bool) *workflow {
	s.serial++
	w := &workflow{id: s.newID("workflow"), serial: s.serial}
	s.workflows[w.id] = w
	s.save(w, doc, enabled)
	return w
}

// save adds a version to a workflow.
func (s *Server) save(w *workflow, doc definition.Document, enabled bool) {
	w.versions = append(w.versions, &workflowVersion{
		id: w.id, serial: w.serial, number: len(w.versions) + 1, doc: doc, enabled: enabled,
		invalid: len(s.definitions.Flagged(s.definitions.Validate(doc))) > 0, modified: s.timestamp(),
		// GUESS Q39: when readers see a write.
		shown: s.shownFrom("Q39"),
	})
}

// showNow makes every version of a workflow visible at once, as a change in the console does.
func (s *Server) showNow(w *workflow) {
	for _, v := range w.versions {
		v.shown = s.now()
	}
}

// dropWorkflow deletes a workflow. Readers may still see it for a while: question Q40.
func (s *Server) dropWorkflow(w *workflow) {
	delete(s.workflows, w.id)
	now := s.now()
	s.deletedWorkflows = slices.DeleteFunc(s.deletedWorkflows, func(old *workflow) bool { return !s.isStillShown(old, now) })
	w.deleted = now
	s.deletedWorkflows = append(s.deletedWorkflows, w)
}

// isStillShown reports whether readers still see a deleted workflow.
func (s *Server) isStillShown(w *workflow, now time.Time) bool {
	// GUESS Q40: when a deleted workflow disappears.
	return now.Before(w.deleted.Add(s.goneDelay("Q40")))
}

func (s *Server) workflowsByCreation() []*workflow {
	list := slices.Collect(maps.Values(s.workflows))
	slices.SortFunc(list, func(a, b *workflow) int { return cmp.Compare(a.serial, b.serial) })
	return list
}

// workflowsByID finds the workflows with these ids, all of which have to exist.
func (s *Server) workflowsByID(ids []string) ([]*workflow, *reply) {
	var found []*workflow
	for _, id := range ids {
		w, exists := s.workflows[id]
		if !exists {
			return nil, refuse(http.StatusNotFound, workflowNotFound, id)
		}
		found = append(found, w)
	}
	return found, nil
}

// workflowNotFound is Falcon's message for an unknown workflow id.
const workflowNotFound = "definition with id %s not found"

// workflowNamed finds a workflow by the name of its newest version. Names are unique in a tenant (wire/workflows.md#names).
func (s *Server) workflowNamed(name string) (*workflow, bool) {
	for _, w := range s.workflows {
		if w.name() == name {
			return w, true
		}
	}
	return nil, false
}

func workflowNameTaken() reply {
	return failed(http.StatusConflict, "A workflow by this name already exists. Try a new name.")
}

func workflowNameMissing() reply {
	return failed(http.StatusBadRequest, "name is required")
}
