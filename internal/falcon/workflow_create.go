package falcon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
)

const (
	kindWorkflow = "workflow"
	// settleTime bounds the recovery of a create whose response was lost, and the cleanup after a failed create. Both
	// continue when the caller's context has ended: otherwise an object would be left that no state knows of.
	settleTime = 30 * time.Second
)

// WorkflowSpec is a workflow to create. Its name is the document's.
type WorkflowSpec struct {
	Document *fusion.Document
	// Enabled asks for the workflow to be enabled once it is stored.
	Enabled bool
}

// CreateWorkflow imports, verifies and, if the spec says so, enables a workflow. The errors are
//   - *ExistsError: a workflow of this name exists and was not changed;
//   - *UnsettledError: it is not known whether the workflow was created, or which one it is;
//   - *ChangedError: someone else changed the new workflow, which is kept and not enabled;
//   - ValidationErrors: Falcon stored the workflow but does not accept it; it was deleted again. A workflow that is not to
//     be enabled is kept instead, with the errors as its Problems;
//   - *KeptError: like any other error after the import, but the workflow could not be deleted.
//
// The returned workflow has the version whose document was compared with the spec's.
func (c *Client) CreateWorkflow(ctx context.Context, spec WorkflowSpec) (*Workflow, error) {
	name := spec.Document.Name()
	doing := fmt.Sprintf("create workflow %q", name)
	for {
		existing, err := c.WorkflowsByName(ctx, name)
		if err != nil {
			return nil, err
		}
		if len(existing) == 0 {
			break
		}
		ids := workflowIDs(existing)
		if ended, err := c.deletingWorkflows.wait(withCall(ctx, call{doing: doing}), ids); err != nil {
			return nil, err
		} else if !ended {
			return nil, &ExistsError{Kind: kindWorkflow, Name: name, IDs: ids}
		}
	}
	created, err := c.importWorkflow(ctx, spec.Document)
	if err != nil {
		return nil, err
	}
	w, err := c.activate(ctx, created, spec)
	if err == nil {
		return w, nil
	}
	if _, changed := errors.AsType[*ChangedError](err); changed {
		return nil, err // someone else's change is not deleted
	}
	if created.lookedUp { // it may be someone else's: what was not proven to be ours is not deleted
		return nil, &UnsettledError{Kind: kindWorkflow, Name: name, IDs: []string{created.id}, Err: err}
	}
	if created.shown.Version > 1 {
		return nil, &ChangedError{ID: created.id, Name: name, Err: err}
	}
	cleanCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	if deleteErr := c.DeleteWorkflow(cleanCtx, created.id); deleteErr != nil {
		return nil, &KeptError{ID: created.id, Err: err, DeleteErr: deleteErr}
	}
	return nil, fmt.Errorf("%w\n\nThe new workflow was deleted again, so nothing is left of it", err)
}

// importWorkflow stores the document. The id in the response counts only when Falcon shows a workflow of the name under
// it. A response that was lost, or that has no such id, is settled.
func (c *Client) importWorkflow(ctx context.Context, doc *fusion.Document) (imported, error) {
	name := doc.Name()
	callCtx := withCall(ctx, call{
		doing:  fmt.Sprintf("create workflow %q", name),
		scope:  scopeWorkflowWrite,
		repeat: onlyPaced,
		grace:  createGrace,
	})
	created, err := c.sendImport(callCtx, doc, false)
	if err != nil && !Ambiguous(err) && !IsConflict(err) {
		return imported{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	unknown := &Error{Doing: callFrom(callCtx).doing, Status: http.StatusOK, ambiguous: true}
	switch {
	case err == nil && created.id != "":
		created.shown, _, err = c.workflowShown(ctx, created.id, func(Workflow) bool { return true })
		if err == nil && created.shown != nil && created.shown.Name == name {
			return created, nil
		}
		unknown.Err = errors.Join(fmt.Errorf("Falcon returned workflow %s as the new one, but shows no workflow of this name under it", created.id), err)
		err = unknown
	case err == nil && len(created.problems) > 0:
		err = created.problems
	case err == nil:
		unknown.Err = errors.New("the response does not contain the new workflow")
		err = unknown
	}
	if created.shown, err = c.settleImport(ctx, doc, err); err != nil {
		return imported{}, err
	}
	created.id, created.lookedUp = created.shown.ID, true
	return created, nil
}

// settleImport finds out whether an import that failed with cause has stored the workflow all the same. No workflow of
// this name existed before. One that exists now is ours if no one has changed it and its document is the one that was sent
// (names are unique in a tenant, wire/workflows.md#names). The error is cause if it is certain that there is none.
func (c *Client) settleImport(ctx context.Context, doc *fusion.Document, cause error) (*Workflow, error) {
	name := doc.Name()
	e, ok := errors.AsType[*Error](cause)
	// A conflict with the very first request is with someone else's workflow.
	foreign := IsConflict(cause) && (!ok || e.attempts < 2)
	// Falcon may still be processing a request whose response was lost.
	found, _, err := readUntil(ctx, c.clock, func(ctx context.Context) ([]Workflow, bool, error) {
		found, err := c.WorkflowsByName(ctx, name)
		return found, foreign || len(found) > 0, err
	})
	switch {
	case err == nil && !foreign && c.isOurs(ctx, found, doc):
		return &found[0], nil
	case IsConflict(cause):
		return nil, &ExistsError{Kind: kindWorkflow, Name: name, IDs: workflowIDs(found), Err: cause}
	case err == nil && len(found) == 0 && !Ambiguous(cause):
		return nil, cause
	}
	return nil, &UnsettledError{Kind: kindWorkflow, Name: name, IDs: workflowIDs(found), Absent: err == nil && len(found) == 0, Err: cause}
}

// isOurs reports whether the workflow found is the one that was just sent: version 1, disabled, the same document.
func (c *Client) isOurs(ctx context.Context, found []Workflow, doc *fusion.Document) bool {
	if len(found) != 1 || found[0].Version != 1 || found[0].Enabled {
		return false
	}
	export, err := c.ExportWorkflow(ctx, found[0].ID)
	return err == nil && export.Document != nil && fusion.Equal(doc, export.Document)
}

func workflowIDs(list []Workflow) []string {
	ids := make([]string, 0, len(list))
	for _, w := range list {
		ids = append(ids, w.ID)
	}
	return ids
}

// activate verifies a workflow that was just imported and enables it if the spec says so.
func (c *Client) activate(ctx context.Context, created imported, spec WorkflowSpec) (*Workflow, error) {
	var draft ValidationErrors
	if created.shown.HasValidationErrors || created.problems.serious() {
		err := c.explain(ctx, created, spec)
		if found, ok := errors.AsType[ValidationErrors](err); ok && !spec.Enabled {
			draft = found // a workflow that stays disabled may be unfinished
		} else if err != nil {
			return nil, err
		}
	}
	stored, err := c.verified(ctx, created.shown, spec.Document, nil)
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
	if again, err := c.verified(ctx, enabled, spec.Document, nil); err == nil {
		return again, nil
	}
	return enabled.asOf(stored), nil
}

// asOf is a workflow whose document could not be verified after it was verified as before: someone saved the workflow in
// the meantime, or it cannot be read. With the version from before, the next refresh sees a later one and compares that.
func (w *Workflow) asOf(before *Workflow) *Workflow {
	w.Version, w.LastModified = before.Version, before.LastModified
	return w
}

// explain returns what Falcon finds wrong with a stored workflow. Only the check of an update has all the texts
// (wire/workflows.md#import). What that check does not detect, such as a plugin without configuration, is reported when
// the workflow is enabled (wire/workflows.md#enabling).
func (c *Client) explain(ctx context.Context, created imported, spec WorkflowSpec) error {
	problems := created.problems
	err := c.ValidateUpdate(ctx, created.id, spec.Document)
	if found, ok := errors.AsType[ValidationErrors](err); ok {
		problems = mergeProblems(found, problems)
	} else if err != nil && len(problems) == 0 {
		return err
	}
	switch {
	case len(problems) > 0:
		return problems
	case spec.Enabled:
		return nil // the request that enables it reports the texts
	default:
		return ValidationErrors{{Message: "the workflow has validation errors, and Falcon returns no text for them; " +
			"import the document in the console (Fusion SOAR > Workflows) to see them"}}
	}
}

// mergeProblems returns the problems of the strict check, and those of the import that it does not repeat.
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
