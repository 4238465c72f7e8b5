package workflow

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// parseDefinition parses a document and overrides its name and description by the arguments that are not null. It is nil
// after an error. What the document says of default names is ignored, as only Falcon decides them.
func parseDefinition(text string, name, description types.String, diags *diag.Diagnostics) *fusion.Document {
	doc, problems := fusion.Parse(text)
	for _, p := range problems.Errors() {
		diags.AddAttributeError(path.Root("definition"), invalidDocument, p.String())
	}
	if doc == nil {
		return nil
	}
	return doc.With(name.ValueStringPointer(), description.ValueStringPointer()).WithoutDefaultNames()
}

// plannedDocument returns the document that an apply writes. A definition is sent as the user wrote it, so that the
// positions in Falcon's errors are those of the user's text.
func (m *model) plannedDocument(diags *diag.Diagnostics) *fusion.Document {
	text := m.Definition.ValueString()
	if m.Definition.IsNull() {
		text = m.Document.ValueString()
	}
	doc := parseDefinition(text, m.Name, types.StringNull(), diags)
	if doc != nil && doc.Description() != m.Description.ValueString() {
		doc = doc.With(nil, m.Description.ValueStringPointer())
	}
	return doc
}

// toAPI returns the update of a workflow in the given state. doc is the planned document.
func (m *model) toAPI(state model, doc *fusion.Document) falcon.WorkflowUpdate {
	planned := parse(m.Document) // like the state, it lacks the default names of actions
	if planned == nil {
		planned = doc
	}
	return falcon.WorkflowUpdate{
		Before: state.asListed(), BeforeDocument: falcon.NewExport(state.Document.ValueString()),
		Planned: planned, Document: doc, Enabled: m.Enabled.ValueBool(),
	}
}

// asListed returns what the listing had shown of the workflow when the model was read or written.
func (m *model) asListed() falcon.Workflow {
	return falcon.Workflow{
		ID: m.ID.ValueString(), Name: m.Name.ValueString(), Enabled: m.Enabled.ValueBool(),
		Version: m.Version.ValueInt64(), LastModified: m.LastModified.ValueString(),
	}
}

// stateFromWrite sets the attributes that only Falcon knows of a workflow that was just written.
func (m *model) stateFromWrite(w *falcon.Workflow) {
	m.ID = types.StringValue(w.ID)
	m.Version = types.Int64Value(w.Version)
	m.LastModified = types.StringValue(w.LastModified)
	m.Enabled = types.BoolValue(w.Enabled)
}

// fromAPI sets the attributes that the listing shows.
func (m *model) fromAPI(w *falcon.Workflow) {
	m.stateFromWrite(w)
	m.Name = types.StringValue(w.Name)
	m.Description = types.StringValue(w.Description)
}

// stateFromRead updates the model from Falcon. It exports the document only if the workflow was saved since, and returns
// it, or nil: every change creates a new version (wire/workflows.md#update), and a new time counts like one. The listing was
// read before the export, so that the next refresh sees a change between the two.
func (m *model) stateFromRead(ctx context.Context, client *falcon.Client, w *falcon.Workflow, diags *diag.Diagnostics) *fusion.Document {
	saved := m.Version.IsNull() || w.Moved(m.asListed())
	m.fromAPI(w)
	if !saved && !m.Document.IsNull() {
		return nil
	}
	export, err := client.ExportWorkflow(ctx, w.ID)
	if err != nil {
		diags.AddError("Unable to export workflow", core.Sentence(err.Error()))
		return nil
	}
	m.stateFromExport(w, export, diags)
	return export.Document
}

// stateFromExport sets the attributes that hold the document.
func (m *model) stateFromExport(w *falcon.Workflow, export *falcon.Export, diags *diag.Diagnostics) {
	doc, prior := export.Document, parse(m.Document)
	switch {
	case doc == nil && m.Document.IsNull():
		diags.AddError(unreadableExport(w, export))
		return
	case doc == nil: // the next apply replaces it, and a destroy deletes it: neither has to understand it
		diags.AddWarning(unreadableExport(w, export))
		m.Document = types.StringValue(export.Text)
		return
	case prior == nil:
		m.Document = types.StringValue(doc.Canonical())
	case !fusion.Equal(doc, prior):
		// Of what Falcon adds by itself, nothing shows next to what someone changed.
		m.Document = types.StringValue(doc.CanonicalLike(prior))
		if !m.Definition.IsNull() {
			// The change shows in definition as well, so that ignore_changes = [definition] ignores it.
			m.Definition = definitionValue(export.Text)
		}
	}
	if m.Definition.IsNull() && m.NotifyWebhook.IsNull() {
		m.Definition = definitionValue(export.Text)
	}
}

func unreadableExport(w *falcon.Workflow, export *falcon.Export) (summary, detail string) {
	return "Unable to read exported workflow",
		fmt.Sprintf("Falcon's export of the workflow %q (id %s) is not a workflow document: %s", w.Name, w.ID, export.Problems)
}

// source returns the path of the argument that the document comes from.
func (m *model) source() path.Path {
	if m.NotifyWebhook.IsNull() {
		return path.Root("definition")
	}
	return notifyPath
}
