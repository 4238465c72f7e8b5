package falcon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

const (
	kindWorkflow = "workflow"
	// settleTime bounds the settling of a lost create and the clean-up after a failed one. Both go on when the caller's
	// context has ended, for otherwise an object would be left that nobody knows of.
	settleTime = 30 * time.Second
)

// WorkflowSpec is a workflow to be created.
type WorkflowSpec struct {
	// Name is the workflow's effective name; it overrides the one in the document.
	Name string
	// Document is YAML or JSON.
	Document []byte
	// Flat gives the body of the flat update call (JSON, the id at its top level) for the id that Falcon assigned.
	Flat func(id string) ([]byte, error)
	// Enabled asks for the workflow to be switched on once it is stored.
	Enabled bool
	// Same says whether an export is the document of this spec. It settles a create whose answer was lost;
	// without it a found workflow is never taken for ours.
	Same func(export []byte) bool
	// Verify looks at what Falcon stored, before the workflow is enabled; an error makes the create fail, so that the
	// workflow is removed again. nil leaves that look out.
	Verify func(export []byte) error
}

// CreateWorkflow imports, checks and, if asked to, enables a workflow. The errors are
//   - *ExistsError: there is a workflow of this name, which stays as it is;
//   - *UnsettledError: it is not known whether the workflow was created;
//   - *ChangedError: someone else changed the new workflow, which is kept and not enabled;
//   - ValidationErrors: Falcon stored the workflow but does not accept it as it is; it was removed again. A workflow that
//     is not to be enabled is kept instead, with them as its Problems;
//   - *KeptError: as any other error after the import, but the workflow could not be removed again.
//
// The workflow that is returned has the version whose document was compared with what was sent.
func (c *Client) CreateWorkflow(ctx context.Context, spec WorkflowSpec) (*Workflow, error) {
	existing, err := c.WorkflowsByName(ctx, spec.Name)
	if err == nil && c.deletes.wait(ctx, workflowIDs(existing)) {
		existing, err = c.WorkflowsByName(ctx, spec.Name)
	}
	if err != nil {
		return nil, err
	}
	if len(existing) > 0 {
		return nil, &ExistsError{Kind: kindWorkflow, Name: spec.Name, IDs: workflowIDs(existing)}
	}
	created, err := c.importWorkflow(ctx, spec)
	if err != nil {
		return nil, err
	}
	w, err := c.activate(ctx, created, spec)
	if err == nil {
		return w, nil
	}
	if _, changed := errors.AsType[*ChangedError](err); changed {
		return nil, err // what someone else saved is not removed
	}
	if created.shown.Version > 1 {
		return nil, &ChangedError{ID: created.id, Name: spec.Name, Err: err}
	}
	cleanCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	if deleteErr := c.DeleteWorkflow(cleanCtx, created.id); deleteErr != nil {
		return nil, &KeptError{ID: created.id, Err: err, DeleteErr: deleteErr}
	}
	return nil, err
}

// importWorkflow stores the document. The id in the response counts when Falcon shows a workflow of the name under it; a
// response that was lost, or came without such an id, is settled.
func (c *Client) importWorkflow(ctx context.Context, spec WorkflowSpec) (imported, error) {
	callCtx := withCall(ctx, call{
		doing:  fmt.Sprintf("create workflow %q", spec.Name),
		scope:  scopeWorkflowWrite,
		repeat: onlyPaced,
		grace:  createGrace,
	})
	created, err := c.sendImport(callCtx, spec.Name, spec.Document, false)
	if err != nil && !Ambiguous(err) && !IsConflict(err) {
		return imported{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	unknown := &Error{Doing: callFrom(callCtx).doing, Status: http.StatusOK, ambiguous: true}
	switch {
	case err == nil && created.id != "":
		created.shown, _, err = c.workflowShown(ctx, created.id, func(Workflow) bool { return true })
		if err == nil && created.shown != nil && created.shown.Name == spec.Name {
			return created, nil
		}
		unknown.Err = errors.Join(fmt.Errorf("Falcon named workflow %s as the new one, but shows no workflow of this name under it", created.id), err)
		err = unknown
	case err == nil && len(created.problems) > 0:
		err = created.problems
	case err == nil:
		unknown.Err = errors.New("the response does not contain the new workflow")
		err = unknown
	}
	if created.shown, err = c.settleImport(ctx, spec, err); err != nil {
		return imported{}, err
	}
	created.id = created.shown.ID
	return created, nil
}

// settleImport finds out whether an import that failed with cause has stored the workflow all the same. No workflow of
// this name existed before; one that is there now is ours if no one has touched it and its document is the same
// (names are unique in a tenant, wire/workflows.md#names). The error is cause if it is certain that there is none.
func (c *Client) settleImport(ctx context.Context, spec WorkflowSpec, cause error) (*Workflow, error) {
	first := IsConflict(cause) && attemptsOf(cause) < 2 // the very first request met it: someone else's
	// Falcon may still be at work on a request whose response was lost.
	found, _, err := readUntil(ctx, c.clock, func(ctx context.Context) ([]Workflow, bool, error) {
		found, err := c.WorkflowsByName(ctx, spec.Name)
		return found, first || len(found) > 0, err
	})
	switch {
	case err == nil && !first && c.isOurs(ctx, found, spec):
		return &found[0], nil
	case IsConflict(cause):
		return nil, &ExistsError{Kind: kindWorkflow, Name: spec.Name, IDs: workflowIDs(found), Err: cause}
	case err == nil && len(found) == 0 && !Ambiguous(cause):
		return nil, cause
	}
	return nil, &UnsettledError{Kind: kindWorkflow, Name: spec.Name, IDs: workflowIDs(found), Absent: err == nil && len(found) == 0, Err: cause}
}

// isOurs says whether what was found is the very workflow that was just sent: version 1, disabled, the same document.
func (c *Client) isOurs(ctx context.Context, found []Workflow, spec WorkflowSpec) bool {
	if len(found) != 1 || found[0].Version != 1 || found[0].Enabled || spec.Same == nil {
		return false
	}
	export, err := c.ExportWorkflow(ctx, found[0].ID)
	return err == nil && spec.Same(export.Document)
}

func attemptsOf(err error) int {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.attempts
	}
	return 0
}

func workflowIDs(list []Workflow) []string {
	ids := make([]string, 0, len(list))
	for _, w := range list {
		ids = append(ids, w.ID)
	}
	return ids
}

// activate looks at a workflow that was just imported and brings it into the state that spec asks for.
func (c *Client) activate(ctx context.Context, created imported, spec WorkflowSpec) (*Workflow, error) {
	var draft ValidationErrors
	if created.shown.HasValidationErrors || created.problems.serious() {
		err := c.explain(ctx, created, spec)
		if found, ok := errors.AsType[ValidationErrors](err); ok && !spec.Enabled {
			draft = found // a workflow that stays switched off may be unfinished
		} else if err != nil {
			return nil, err
		}
	}
	stored, err := c.verified(ctx, created.shown, spec.Verify, nil)
	if err != nil || !spec.Enabled {
		if stored != nil {
			stored.Problems = draft
		}
		return stored, err
	}
	enabled, err := c.SetWorkflowEnabled(ctx, created.id, true)
	if err != nil {
		return nil, err
	}
	if again, err := c.verified(ctx, enabled, spec.Verify, nil); err == nil {
		return again, nil
	}
	// What was enabled is not what was compared before, or it cannot be read. With the version from before, the next
	// refresh sees that there is a later one and compares that.
	enabled.Version, enabled.LastModified = stored.Version, stored.LastModified
	return enabled, nil
}

// explain gives what Falcon finds wrong with a stored workflow. Only the check of an update has all the texts
// (wire/workflows.md#import); what it can't see, such as a plugin without configuration, enabling tells
// (wire/workflows.md#enabling).
func (c *Client) explain(ctx context.Context, created imported, spec WorkflowSpec) error {
	problems := created.problems
	if spec.Flat != nil {
		flat, err := spec.Flat(created.id)
		if err != nil {
			return err
		}
		err = c.ValidateUpdate(ctx, created.id, flat)
		if found, ok := errors.AsType[ValidationErrors](err); ok {
			problems = mergeProblems(found, problems)
		} else if err != nil && len(problems) == 0 {
			return err
		}
	}
	switch {
	case len(problems) > 0:
		return problems
	case spec.Enabled:
		return nil // the enabling that follows has the texts
	default:
		return ValidationErrors{{Message: "the workflow has validation errors, and Falcon gives no text for them; " +
			"import the document in the console (Fusion SOAR > Workflows) to see them"}}
	}
}

// mergeProblems gives the strict check's problems and those of the import that it does not repeat.
func mergeProblems(strict, weak ValidationErrors) ValidationErrors {
	merged := append(ValidationErrors{}, strict...)
	seen := map[string]bool{}
	for _, p := range strict {
		seen[p.Message] = true
	}
	for _, p := range weak {
		if !seen[p.Message] {
			merged = append(merged, p)
		}
	}
	return merged
}
