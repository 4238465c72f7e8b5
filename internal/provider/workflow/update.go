package workflow

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
)

// write sends what differs between the workflow and the plan: each request makes a new version, so none is made
// needlessly. Whether the workflow is on is compared with what Falcon shows now, as someone may have switched it since
// the plan. The workflow that is returned has the version whose document is known to be the planned one.
func (r *workflowResource) write(ctx context.Context, doc *fusion.Document, state, plan workflowModel, diags *diag.Diagnostics) (*falcon.Workflow, error) {
	w, err := r.Client.WorkflowNow(ctx, state.ID.ValueString(), state.Version.ValueInt64())
	if err != nil {
		return nil, err
	}
	current := state.Document.ValueString()
	if w.Moved(state.listed()) {
		if current, err = r.movedDocument(ctx, w, state, plan); err != nil {
			return nil, err
		}
	}
	// The plan leaves out the default names of actions, as the state does.
	wanted := plan.Document.ValueString()
	if plan.Document.IsUnknown() {
		wanted = doc.Canonical()
	}
	if !sameDocument(wanted, current) {
		if w, err = r.replace(ctx, doc, w, current, diags); err != nil {
			return nil, err
		}
	}
	if w.Enabled == plan.Enabled.ValueBool() {
		return w, nil
	}
	switched, err := r.Client.SetWorkflowEnabled(ctx, w.ID, plan.Enabled.ValueBool())
	if err != nil {
		return nil, err
	}
	if export, err := r.Client.ExportWorkflow(ctx, w.ID); err != nil || keptWhole(doc, export.Document) != nil {
		// Someone saved the workflow meanwhile, or it cannot be seen: with the version from before, the next refresh
		// looks at the document.
		switched.Version, switched.LastModified = w.Version, w.LastModified
	}
	return switched, nil
}

// movedDocument is the document of a workflow that was saved after the plan was made. It is an error if someone changed
// it to something that neither the plan has shown nor the configuration asks for: an update would replace it unseen.
func (r *workflowResource) movedDocument(ctx context.Context, w *falcon.Workflow, state, plan workflowModel) (string, error) {
	export, err := r.Client.ExportWorkflow(ctx, w.ID)
	if err != nil {
		return "", err
	}
	text := string(export.Document)
	if sameDocument(text, plan.Document.ValueString()) || sameDocument(text, state.Document.ValueString()) {
		return text, nil
	}
	detail := fmt.Sprintf("someone changed the workflow %q (id %s) after this plan was made: it was version %d and is now version %d.",
		w.Name, w.ID, state.Version.ValueInt64(), w.Version)
	now, _ := fusion.Parse(text)
	prior, _ := fusion.Parse(state.Document.ValueString())
	if now != nil && prior != nil {
		detail += " It differs from what the plan has shown at: " + strings.Join(fusion.Differences(prior, now), ", ") + "."
	}
	return "", errors.New(detail + " Nothing was sent. Run plan again to see the change before it is replaced")
}

// replace sends the document and looks at what Falcon kept of it.
func (r *workflowResource) replace(ctx context.Context, doc *fusion.Document, w *falcon.Workflow, current string, diags *diag.Diagnostics) (*falcon.Workflow, error) {
	flat, err := doc.FlatJSON(w.ID)
	if err != nil {
		return nil, err
	}
	before := *w
	w, others, err := r.Client.ReplaceWorkflow(ctx, falcon.WorkflowChange{
		Before: before, Flat: flat,
		Verify:    func(export []byte) error { return keptWhole(doc, export) },
		Unchanged: func(export []byte) bool { return sameDocument(string(export), current) },
	})
	if others {
		diags.AddWarning("Workflow was changed by someone else at the same time",
			fmt.Sprintf("The workflow %q (id %s) was version %d just before the update and is version %d after it, so someone else saved it in between. "+
				"Falcon now has the document of this configuration. What was replaced can be seen in the version history of the workflow in the console.",
				w.Name, w.ID, before.Version, w.Version))
	}
	return w, err
}
