package falcon

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
)

// WorkflowUpdate is a planned change of a workflow.
type WorkflowUpdate struct {
	// Before is the workflow, and BeforeDocument its document, as the plan has shown them.
	Before         Workflow
	BeforeDocument *Export
	// Planned is the document that the plan has shown, and Document the same one in the form that is sent. They differ in
	// default names of actions.
	Planned, Document *fusion.Document
	Enabled           bool
}

// Moved reports whether a workflow was saved since it was read as before: every change raises the version, and the time
// counts like it.
func (w Workflow) Moved(before Workflow) bool {
	return w.Version != before.Version || w.LastModified != before.LastModified
}

// UpdateWorkflow sends what differs between the workflow and the plan. Each request creates a new version, so none is sent
// needlessly. Whether the workflow is enabled is compared with what Falcon shows now, because someone may have changed it
// since the plan. The returned workflow has the version whose document is known to be the planned one. Warnings are returned
// with an error as well. An error may be ValidationErrors or a *ChangedError.
func (c *Client) UpdateWorkflow(ctx context.Context, update WorkflowUpdate) (w *Workflow, warnings []string, err error) {
	w, err = c.CurrentWorkflow(ctx, update.Before.ID, update.Before.Version)
	if err != nil {
		return nil, nil, err
	}
	current := update.BeforeDocument
	if w.Moved(update.Before) {
		if current, err = c.movedDocument(ctx, w, update); err != nil {
			return nil, nil, err
		}
	}
	if !current.is(update.Planned) {
		if w, warnings, err = c.replaceWorkflow(ctx, *w, update.Document, current); err != nil {
			return nil, nil, err
		}
	}
	if w.Enabled == update.Enabled {
		return w, warnings, nil
	}
	switched, err := c.SetWorkflowEnabled(ctx, w.ID, update.Enabled)
	if err != nil {
		return nil, warnings, err
	}
	// Without proof that no one saved in between, the version stays the one of the update, so that the next refresh looks.
	export, err := c.ExportWorkflow(ctx, w.ID)
	if unchanged := err == nil && export.compare(update.Document) == nil; !unchanged {
		return switched.asOf(w), warnings, nil
	}
	return switched, warnings, nil
}

// movedDocument returns the document of a workflow that was saved after the plan. It is an error if someone changed it to
// something that neither the plan has shown nor the configuration asks for: an update would replace it unseen.
func (c *Client) movedDocument(ctx context.Context, now *Workflow, update WorkflowUpdate) (*Export, error) {
	export, err := c.ExportWorkflow(ctx, now.ID)
	if err != nil {
		return nil, err
	}
	before := update.BeforeDocument
	if export.is(update.Planned) || export.equal(before) {
		return export, nil
	}
	text := fmt.Sprintf("someone changed the workflow %q (id %s) after this plan was created: it was version %d and is now version %d.",
		now.Name, now.ID, update.Before.Version, now.Version)
	if export.Document != nil && before.Document != nil {
		text += " It differs from what the plan has shown at: " + strings.Join(fusion.Differences(before.Document, export.Document), ", ") + "."
	}
	return nil, errors.New(text + " Nothing was sent. Run plan again to see the change before it is replaced")
}

// replaceWorkflow sends a new document and verifies what Falcon stored. That also settles an update whose response was
// lost: sending it again would create a second version, so it is sent again only if Falcon does not show one. The returned workflow has the version whose document was compared.
// A save of someone else between before and that version is a warning: the update replaced it, and no plan has shown it.
func (c *Client) replaceWorkflow(ctx context.Context, before Workflow, doc *fusion.Document, current *Export) (w *Workflow, warnings []string, err error) {
	sent := c.sendUpdate(ctx, before.ID, doc)
	for n := 0; ; n++ {
		if sent != nil && !Ambiguous(sent) {
			return nil, nil, sent
		}
		var moved bool
		w, moved, err = c.workflowShown(ctx, before.ID, func(w Workflow) bool { return w.Moved(before) && w.Version >= before.Version })
		if sent == nil || moved || err != nil || n == c.transport.maxRetries {
			break
		}
		sent = c.sendUpdate(ctx, before.ID, doc) // Falcon stored nothing
	}
	others := false
	if err == nil {
		others = w.Version > before.Version+1
		_, err = c.verified(ctx, w, doc, current)
	}
	_, changed := errors.AsType[*ChangedError](err)
	switch {
	case err == nil && others:
		warnings = append(warnings, fmt.Sprintf("The workflow %q (id %s) was version %d just before the update and is version %d after it, so someone else saved it in between. "+
			"Falcon now has the document of this configuration. The version history of the workflow in the console shows what was replaced.",
			w.Name, w.ID, before.Version, w.Version))
		return w, warnings, nil
	case err == nil:
		return w, nil, nil
	case sent != nil:
		return nil, nil, sent
	case others && !changed && ctx.Err() == nil:
		err = &ChangedError{ID: w.ID, Name: w.Name, Err: err}
	}
	return nil, nil, err
}

// workflowShown reads a workflow until Falcon shows what this Client has written. IsNotFound holds for the error when
// Falcon never shows a workflow of this id.
func (c *Client) workflowShown(ctx context.Context, id string, is func(Workflow) bool) (w *Workflow, shown bool, err error) {
	w, shown, err = readUntil(ctx, c.clock, func(ctx context.Context) (*Workflow, bool, error) {
		w, _, err := c.lookUpWorkflow(ctx, id)
		return w, err == nil && w != nil && is(*w), err
	})
	if err == nil && w == nil {
		err = notFound(withCall(ctx, call{doing: "read workflow " + id}), "workflow "+id)
	}
	return w, shown, err
}

// verified compares what Falcon stored with what was sent. w was read before that: a change that someone makes after the
// comparison has a later version than w, so the next refresh sees it. before is the document that was replaced, which Falcon
// may show for another moment; nil for a new workflow.
func (c *Client) verified(ctx context.Context, w *Workflow, sent *fusion.Document, before *Export) (*Workflow, error) {
	reads := 0
	difference, _, err := readUntil(ctx, c.clock, func(ctx context.Context) (difference error, settled bool, err error) {
		export, err := c.ExportWorkflow(ctx, w.ID)
		if _, kept := errors.AsType[*NotExportableError](err); kept || IsNotFound(err) {
			return err, false, nil // not shown yet
		}
		if err != nil {
			return nil, false, err
		}
		reads++
		difference = export.compare(sent)
		// Neither an incomplete response nor the previous document must decide.
		return difference, difference == nil || reads > 1 && (before == nil || !export.equal(before)), nil
	})
	if err != nil {
		return nil, err
	}
	if difference == nil {
		return w, nil
	}
	if now, err := c.readWorkflow(ctx, w.ID); err == nil && now.Moved(*w) {
		return nil, &ChangedError{ID: w.ID, Name: w.Name, Err: difference}
	}
	return nil, difference
}
