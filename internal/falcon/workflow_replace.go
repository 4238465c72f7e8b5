package falcon

import (
	"context"
	"errors"
)

// WorkflowChange is a new document for a workflow.
type WorkflowChange struct {
	// Before is the workflow as it was read just before.
	Before Workflow
	// Flat is the body of the update request: JSON with the id at its top level.
	Flat []byte
	// Verify compares an export with what was sent.
	Verify func(export []byte) error
	// Unchanged reports whether an export is the document that is replaced, which Falcon may show for another moment.
	Unchanged func(export []byte) bool
}

// Moved reports whether a workflow was saved since it was read as before: every change raises the version, and the time
// counts like it.
func (w Workflow) Moved(before Workflow) bool {
	return w.Version != before.Version || w.LastModified != before.LastModified
}

// ReplaceWorkflow sends a new document and looks at what Falcon kept of it. That also settles an update whose response was
// lost: sending it again would create a second version. The workflow that is returned has the version whose document was
// compared. others says that someone else saved the workflow between Before and that version: what they saved was
// replaced, and no plan has shown it. An error may be a *ChangedError.
func (c *Client) ReplaceWorkflow(ctx context.Context, change WorkflowChange) (w *Workflow, others bool, err error) {
	before := change.Before
	sent := c.UpdateWorkflow(ctx, before.ID, change.Flat)
	if sent != nil && !Ambiguous(sent) {
		return nil, false, sent
	}
	w, _, err = c.workflowShown(ctx, before.ID, func(w Workflow) bool { return w.Moved(before) && w.Version >= before.Version })
	if err == nil {
		others = w.Version > before.Version+1
		_, err = c.verified(ctx, w, change.Verify, change.Unchanged)
	}
	_, changed := errors.AsType[*ChangedError](err)
	switch {
	case err == nil:
		return w, others, nil
	case sent != nil:
		return nil, false, sent
	case others && !changed && ctx.Err() == nil:
		err = &ChangedError{ID: w.ID, Name: w.Name, Err: err}
	}
	return nil, false, err
}

// workflowShown reads a workflow until Falcon shows what this Client has written. The error is one for which IsNotFound
// holds when Falcon never shows a workflow of this id.
func (c *Client) workflowShown(ctx context.Context, id string, is func(Workflow) bool) (w *Workflow, shown bool, err error) {
	w, shown, err = readUntil(ctx, c.clock, func(ctx context.Context) (*Workflow, bool, error) {
		w, _, err := c.lookAtWorkflow(ctx, id)
		return w, err == nil && w != nil && is(*w), err
	})
	if err == nil && w == nil {
		err = notFound(withCall(ctx, call{doing: "read workflow " + id}), "workflow "+id)
	}
	return w, shown, err
}

// verified compares what Falcon stored with what was sent. w was read before that: a change that someone makes after the
// comparison has a later version than w, and the next refresh sees it. verify is nil where nothing is to be compared,
// unchanged where nothing was there before.
func (c *Client) verified(ctx context.Context, w *Workflow, verify func([]byte) error, unchanged func([]byte) bool) (*Workflow, error) {
	if verify == nil {
		return w, nil
	}
	looks := 0
	verdict, _, err := readUntil(ctx, c.clock, func(ctx context.Context) (verdict error, settled bool, err error) {
		export, err := c.ExportWorkflow(ctx, w.ID)
		if _, kept := errors.AsType[*NotExportableError](err); kept || IsNotFound(err) {
			return err, false, nil // not shown yet, as long as the time for that is not over
		}
		if err != nil {
			return nil, false, err
		}
		looks++
		verdict = verify(export.Document)
		// Half a response must not decide, and neither must the document of before.
		return verdict, verdict == nil || looks > 1 && (unchanged == nil || !unchanged(export.Document)), nil
	})
	if err != nil {
		return nil, err
	}
	if verdict == nil {
		return w, nil
	}
	if now, err := c.readWorkflow(ctx, w.ID); err == nil && now.Moved(*w) {
		return nil, &ChangedError{ID: w.ID, Name: w.Name, Err: verdict}
	}
	return nil, verdict
}
