package workflow

import (
	"context"
	"errors"

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
	if !errors.As(err, &invalid) {
		core.AddCreateError(diags, typeName, summary, err)
		return
	}
	for _, text := range validationTexts(ctx, client, doc, m.NotifyWebhook.IsNull(), invalid) {
		diags.AddAttributeError(m.source(), summary, core.Sentence(text))
	}
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
