package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
)

// take sets what only Falcon knows of a workflow that was just written.
func (m *workflowModel) take(w *falcon.Workflow) {
	m.ID = types.StringValue(w.ID)
	m.Version = types.Int64Value(w.Version)
	m.LastModified = types.StringValue(w.LastModified)
	m.Enabled = types.BoolValue(w.Enabled)
}

// refresh writes what Falcon has into the model. The definition stays as the
// user wrote it; document shows what is different. An export is needed only
// when the version moved: every change makes a new one (wire-api.md 3.5, 3.6).
func (r *workflowResource) refresh(ctx context.Context, m *workflowModel, w *falcon.Workflow, diags *diag.Diagnostics) {
	moved := m.Version.IsNull() || m.Version.ValueInt64() != w.Version
	m.takeListed(w)
	if !moved && !m.Document.IsNull() {
		return
	}
	export, err := r.client.ExportWorkflow(ctx, w.ID)
	if err != nil {
		diags.AddError("Could not export the workflow", err.Error())
		return
	}
	m.takeExport(w, export, diags)
}

// takeListed takes over what the listing shows of a workflow.
func (m *workflowModel) takeListed(w *falcon.Workflow) {
	m.take(w)
	m.Name = types.StringValue(w.Name)
	m.Description = types.StringValue(w.Description)
}

// takeExport takes over the document that Falcon has.
func (m *workflowModel) takeExport(w *falcon.Workflow, export *falcon.Export, diags *diag.Diagnostics) {
	doc, problems := fusion.Parse(string(export.Document))
	if doc == nil {
		diags.AddError("Could not read the exported workflow",
			fmt.Sprintf("Falcon's export of the workflow %q (id %s) is no workflow document: %s", w.Name, w.ID, problems.String()))
		return
	}
	m.names = doc.DefaultNames()
	// What Falcon only adds by itself is no news beside what somebody changed.
	if prior, _ := fusion.Parse(m.Document.ValueString()); !m.Document.IsNull() && prior != nil {
		if !fusion.Equal(doc, prior) {
			m.Document = types.StringValue(doc.CanonicalLike(prior))
		}
	} else {
		m.Document = types.StringValue(doc.Canonical())
	}
	if m.Definition.IsNull() && m.NotifyWebhook.IsNull() {
		m.Definition = documentOf(string(export.Document))
		if export.Warning != "" {
			diags.AddWarning("Workflow not portable as it is",
				fmt.Sprintf("Falcon exported the workflow %q with a caveat: %s", w.Name, export.Warning))
		}
	}
}

// workflowSpec is what a create sends.
func workflowSpec(doc *fusion.Document, enabled bool) (falcon.WorkflowSpec, error) {
	text, err := doc.ImportYAML()
	if err != nil {
		return falcon.WorkflowSpec{}, err
	}
	return falcon.WorkflowSpec{
		Name:     doc.Name(),
		Document: text,
		Flat:     doc.FlatJSON,
		Enabled:  enabled,
		Same: func(export []byte) bool {
			got, _ := fusion.Parse(string(export))
			return got != nil && fusion.Equal(doc, got)
		},
		Verify: func(export []byte) error { return keptWhole(doc, export) },
	}, nil
}

// keptWhole says what Falcon dropped or changed of a document that it accepted:
// it drops unknown keys silently (wire-api.md 3.2).
func keptWhole(sent *fusion.Document, export []byte) error {
	got, problems := fusion.Parse(string(export))
	if got == nil {
		return fmt.Errorf("the export of the workflow is no workflow document: %s", problems.String())
	}
	if fusion.Equal(sent, got) {
		return nil
	}
	if dropped := fusion.DroppedKeys(sent, got); len(dropped) > 0 {
		return &documentError{problems: dropped, text: "Falcon accepted the document but did not keep all of it: it drops keys that it does not know"}
	}
	return fmt.Errorf("Falcon accepted the document but stored something else. It differs at: %s", strings.Join(fusion.Differences(sent, got), ", "))
}

// documentError is a problem at places of the document.
type documentError struct {
	text     string
	problems fusion.Problems
}

func (e *documentError) Error() string { return e.text + ":\n" + e.problems.String() }

// addWorkflowError puts a failed call into words; what Falcon says of single
// nodes is said at the node's place in the document.
func (r *workflowResource) addWorkflowError(ctx context.Context, diags *diag.Diagnostics, doc *fusion.Document, m workflowModel, summary string, err error) {
	var invalid falcon.ValidationErrors
	if !errors.As(err, &invalid) {
		addCreateError(diags, workflowTypeName, summary, err)
		return
	}
	for _, text := range r.validationTexts(ctx, doc, m.NotifyWebhook.IsNull(), invalid) {
		diags.AddAttributeError(m.source(), summary, sentence(text))
	}
}

// addKeptError says what becomes of a workflow whose create failed and which could not be removed again.
func addKeptError(diags *diag.Diagnostics, summary string, kept *falcon.KeptError) {
	diags.AddError(summary, kept.Error()+"\n\nThe state keeps its id, and marks it to be replaced: the next apply deletes it and creates the workflow anew.")
}

// source is the argument that the document comes from.
func (m workflowModel) source() path.Path {
	if m.NotifyWebhook.IsNull() {
		return path.Root("definition")
	}
	return notifyPath
}
