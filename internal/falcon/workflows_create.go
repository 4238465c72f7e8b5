package falcon

import (
	"context"
	"errors"
	"fmt"
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
//   - *UnsettledError: the answer was lost, and there is a workflow of this name that may or may not be the new one;
//   - ValidationErrors: Falcon stored the workflow but does not accept it as it is; it was removed again;
//   - *KeptError: as any other error after the import, but the workflow could not be removed again.
func (c *Client) CreateWorkflow(ctx context.Context, spec WorkflowSpec) (*Workflow, error) {
	existing, err := c.WorkflowsByName(ctx, spec.Name)
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
	cleanCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	if deleteErr := c.DeleteWorkflow(cleanCtx, created.id); deleteErr != nil {
		return nil, &KeptError{ID: created.id, Err: err, DeleteErr: deleteErr}
	}
	return nil, err
}

// importWorkflow stores the document. An answer that got lost, or came without an id, is settled.
func (c *Client) importWorkflow(ctx context.Context, spec WorkflowSpec) (imported, error) {
	callCtx := withCall(ctx, call{
		doing:  fmt.Sprintf("create workflow %q", spec.Name),
		scope:  scopeWorkflowWrite,
		repeat: onlyPaced,
	})
	created, err := c.sendImport(callCtx, spec.Name, spec.Document, false)
	switch {
	case err == nil && created.id != "":
		return created, nil
	case err == nil && len(created.problems) > 0:
		err = created.problems
	case err == nil:
		err = &Error{Doing: callFrom(callCtx).doing, Err: errors.New("Falcon answered without the new workflow"), ambiguous: true}
	case !Ambiguous(err) && !IsConflict(err):
		return imported{}, err
	}
	id, err := c.settleImport(ctx, spec, err)
	if err != nil {
		return imported{}, err
	}
	return imported{id: id, problems: created.problems}, nil
}

// settleImport finds out whether an import that failed with cause has stored the workflow all the same. No workflow of
// this name existed before; one that is there now is ours if nobody has touched it and its document is the same
// (names are unique in a tenant, wire-api.md 3.2). The error is cause if there is none.
func (c *Client) settleImport(ctx context.Context, spec WorkflowSpec, cause error) (string, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	found, err := c.lookAgain(ctx, spec.Name)
	if err != nil {
		if IsConflict(cause) {
			return "", &ExistsError{Kind: kindWorkflow, Name: spec.Name, Err: cause}
		}
		return "", &UnsettledError{Kind: kindWorkflow, Name: spec.Name, Err: cause}
	}
	if len(found) == 0 {
		return "", cause
	}
	first := IsConflict(cause) && attemptsOf(cause) < 2 // the very first request met it: somebody else's
	if !first && c.isOurs(ctx, found, spec) {
		return found[0].ID, nil
	}
	if IsConflict(cause) {
		return "", &ExistsError{Kind: kindWorkflow, Name: spec.Name, IDs: workflowIDs(found), Err: cause}
	}
	return "", &UnsettledError{Kind: kindWorkflow, Name: spec.Name, IDs: workflowIDs(found), Err: cause}
}

// lookAgain looks for the workflow, and some times more if there is none: Falcon may still be at work on a call whose
// answer was lost.
func (c *Client) lookAgain(ctx context.Context, name string) ([]Workflow, error) {
	for look := 1; ; look++ {
		found, err := c.WorkflowsByName(ctx, name)
		if err != nil || len(found) > 0 || look == settleLooks {
			return found, err
		}
		if err := c.clock.sleep(ctx, backoff(look, backoffCap)); err != nil {
			return nil, err
		}
	}
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
	w, err := c.Workflow(ctx, created.id)
	if err != nil {
		return nil, err
	}
	if w.HasValidationErrors || created.problems.serious() {
		if err := c.explain(ctx, created, spec); err != nil {
			return nil, err
		}
	}
	if err := c.verify(ctx, created.id, spec); err != nil {
		return nil, err
	}
	if !spec.Enabled {
		return w, nil
	}
	if err := c.SetWorkflowEnabled(ctx, created.id, true); err != nil {
		return nil, err
	}
	w, err = c.Workflow(ctx, created.id)
	if err == nil && !w.Enabled {
		err = fmt.Errorf("Falcon accepted the call that enables workflow %q, but the workflow is still disabled", spec.Name)
	}
	return w, err
}

func (c *Client) verify(ctx context.Context, id string, spec WorkflowSpec) error {
	if spec.Verify == nil {
		return nil
	}
	var verdict error
	for range 2 { // a workflow is deleted again for this, so half an answer must not do
		export, err := c.ExportWorkflow(ctx, id)
		if err != nil {
			return err
		}
		if verdict = spec.Verify(export.Document); verdict == nil {
			return nil
		}
	}
	return verdict
}

// explain gives what Falcon finds wrong with a stored workflow. Only the check of an update has all the texts
// (wire-api.md 3.2); what it can't see, such as a plugin without configuration, enabling tells (3.5).
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
