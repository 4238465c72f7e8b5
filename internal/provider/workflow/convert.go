package workflow

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// take sets what only Falcon knows of a workflow that was just written.
func (m *workflowModel) take(w *falcon.Workflow) {
	m.ID = types.StringValue(w.ID)
	m.Version = types.Int64Value(w.Version)
	m.LastModified = types.StringValue(w.LastModified)
	m.Enabled = types.BoolValue(w.Enabled)
}

// refresh writes what Falcon has into the model. An export is needed only when the workflow was saved since: every change
// makes a new version (wire/workflows.md#update), and a moved time counts like one. The listing is read before the export,
// so that a change between the two is seen by the next refresh.
func (r *workflowResource) refresh(ctx context.Context, m *workflowModel, w *falcon.Workflow, diags *diag.Diagnostics) {
	m.moved = m.Version.IsNull() || w.Moved(m.listed())
	m.takeListed(w)
	if !m.moved && !m.Document.IsNull() {
		return
	}
	export, err := r.Client.ExportWorkflow(ctx, w.ID)
	if err != nil {
		diags.AddError("Unable to export workflow", err.Error())
		return
	}
	m.takeExport(w, export, diags)
}

// listed is the workflow as it was when the model was read or written.
func (m *workflowModel) listed() falcon.Workflow {
	return falcon.Workflow{
		ID: m.ID.ValueString(), Name: m.Name.ValueString(), Enabled: m.Enabled.ValueBool(),
		Version: m.Version.ValueInt64(), LastModified: m.LastModified.ValueString(),
	}
}

// warnInvalid reports a workflow that Falcon has stored but marks as invalid: it does not run as it should.
func warnInvalid(w *falcon.Workflow, diags *diag.Diagnostics) {
	if w.HasValidationErrors {
		diags.AddWarning("Workflow has validation errors",
			fmt.Sprintf("Falcon marks the workflow %q (id %s) as invalid: it cannot be enabled, and it may not run as it is. "+
				"A reason can be a missing plugin configuration, an action that was removed, or an edit in the console. "+
				"Open it in Fusion SOAR > Workflows to see the errors, then correct the document.", w.Name, w.ID))
	}
}

// takeListed takes over what the listing shows of a workflow.
func (m *workflowModel) takeListed(w *falcon.Workflow) {
	m.take(w)
	m.Name = types.StringValue(w.Name)
	m.Description = types.StringValue(w.Description)
}

// takeExport takes over the document that Falcon has.
func (m *workflowModel) takeExport(w *falcon.Workflow, export *falcon.Export, diags *diag.Diagnostics) {
	doc := export.Document
	if doc == nil {
		const summary = "Unable to read exported workflow"
		detail := fmt.Sprintf("Falcon's export of the workflow %q (id %s) is not a workflow document: %s", w.Name, w.ID, export.Problems)
		if m.Document.IsNull() {
			diags.AddError(summary, detail)
			return
		}
		// The next apply replaces it, and a destroy deletes it: neither needs to understand it.
		diags.AddWarning(summary, detail)
		m.Document = types.StringValue(export.Text)
		return
	}
	m.names = doc.DefaultNames()
	// What Falcon only adds by itself is no news beside what somebody changed.
	if prior, _ := fusion.Parse(m.Document.ValueString()); !m.Document.IsNull() && prior != nil {
		if !fusion.Equal(doc, prior) {
			m.Document = types.StringValue(doc.CanonicalLike(prior))
			if !m.Definition.IsNull() {
				// The change shows up in definition as well, so that ignore_changes = [definition] ignores it.
				m.Definition = documentOf(export.Text)
			}
		}
	} else {
		m.Document = types.StringValue(doc.Canonical())
	}
	if m.Definition.IsNull() && m.NotifyWebhook.IsNull() {
		m.Definition = documentOf(export.Text)
		if export.Warning != "" {
			diags.AddWarning("Workflow not portable as it is",
				fmt.Sprintf("Falcon exported the workflow %q with a caveat: %s", w.Name, export.Warning))
		}
	}
}

// workflowUpdate is the change that a plan has shown.
func workflowUpdate(doc *fusion.Document, state, plan workflowModel) falcon.WorkflowUpdate {
	update := falcon.WorkflowUpdate{
		Before: state.listed(), BeforeDocument: falcon.NewExport(state.Document.ValueString()),
		Planned: doc, Document: doc, Enabled: plan.Enabled.ValueBool(),
	}
	// The plan leaves out the default names of actions, as the state does.
	if planned, _ := fusion.Parse(plan.Document.ValueString()); planned != nil {
		update.Planned = planned
	}
	return update
}

// addWorkflowError puts a failed call into words; what Falcon says of single
// nodes is said at the node's place in the document.
func (r *workflowResource) addWorkflowError(ctx context.Context, diags *diag.Diagnostics, doc *fusion.Document, m workflowModel, summary string, err error) {
	var invalid falcon.ValidationErrors
	if !errors.As(err, &invalid) {
		core.AddCreateError(diags, workflowTypeName, summary, err)
		return
	}
	for _, text := range r.validationTexts(ctx, doc, m.NotifyWebhook.IsNull(), invalid) {
		diags.AddAttributeError(m.source(), summary, core.Sentence(text))
	}
}

// leftBehind is the workflow that a failed create has left in Falcon, and what becomes of it; "" if there is none.
func leftBehind(err error) (id, detail string) {
	var kept *falcon.KeptError
	var changed *falcon.ChangedError
	const replaced = "\n\nThe state keeps its id and marks it to be replaced: the next apply deletes it and creates the workflow anew."
	switch {
	case errors.As(err, &kept):
		return kept.ID, kept.Error() + replaced
	case errors.As(err, &changed):
		return changed.ID, core.Sentence(changed.Error()) + " The workflow was created, but it was not enabled, and it was not removed because of that change." +
			replaced + " To keep the change instead, run terraform untaint for this resource, then plan."
	}
	return "", ""
}

// source is the argument that the document comes from.
func (m workflowModel) source() path.Path {
	if m.NotifyWebhook.IsNull() {
		return path.Root("definition")
	}
	return notifyPath
}
