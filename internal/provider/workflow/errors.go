package workflow

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// typeName is the resource type in an import command.
const typeName = "falcon_workflow"

// addError reports a failed create or update. Falcon's validation errors are reported with the position of the node in the
// document.
func (m *model) addError(ctx context.Context, client *falcon.Client, doc *fusion.Document, summary string, err error, diags *diag.Diagnostics) {
	var invalid falcon.ValidationErrors
	if falcon.IsConflict(err) && !m.ID.IsUnknown() {
		m.addTakenName(ctx, client, summary, err, diags)
		return
	}
	if !errors.As(err, &invalid) {
		core.AddCreateError(diags, typeName, summary, err)
		return
	}
	for _, text := range validationTexts(ctx, client, doc, m.NotifyWebhook.IsNull(), invalid) {
		diags.AddAttributeError(m.source(), summary, core.Sentence(text))
	}
}

// addTakenName reports an update that Falcon refused because another workflow has the name.
func (m *model) addTakenName(ctx context.Context, client *falcon.Client, summary string, err error, diags *diag.Diagnostics) {
	detail := core.Sentence(err.Error())
	others, lookupErr := client.WorkflowsByName(ctx, m.Name.ValueString())
	if lookupErr != nil {
		detail += "\n\n" + core.Sentence("the workflow that has the name could not be looked up: "+lookupErr.Error())
	}
	for _, o := range others {
		if o.ID != m.ID.ValueString() {
			detail += fmt.Sprintf("\n\nThe workflow with the id %s has the name %s. ", o.ID, core.Quoted(m.Name)) + core.ImportHelp(typeName, []string{o.ID})
		}
	}
	diags.AddAttributeError(core.Attribute("name"), summary, detail)
}

// leftInFalcon returns the id of a workflow that a failed create left in Falcon, with what happens to it; "" if there is
// none.
func leftInFalcon(err error) (id, detail string) {
	var kept *falcon.KeptError
	var changed *falcon.ChangedError
	const replaced = "\n\nThe workflow is in the state, marked for replacement: the next apply deletes it and creates a new one."
	switch {
	case errors.As(err, &kept):
		return kept.ID, core.Sentence(kept.Error()) + replaced
	case errors.As(err, &changed):
		return changed.ID, core.Sentence(changed.Error()) + " The workflow was created but not enabled, and because of that change it was not deleted." +
			replaced + " To keep the change instead, run terraform untaint for this resource, then plan."
	}
	return "", ""
}
