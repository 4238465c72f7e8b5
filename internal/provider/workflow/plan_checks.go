package workflow

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// checkUnanswered is the key of the warning after which no further check is tried in this run.
const checkUnanswered = "workflow check unanswered"

// checkAgainstTenant checks whether the tenant would accept a planned create or change. A check that the provider's API
// client has no permission for, or that gets no response, is one warning per run: a read-only pipeline can still plan, and
// a hundred workflows do not wait one after the other.
func checkAgainstTenant(ctx context.Context, data *core.ProviderData, doc *fusion.Document, state *model, plan model, fresh bool, diags *diag.Diagnostics) {
	if data.Once.Added(checkUnanswered) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, core.PlanCheckTime)
	defer cancel()
	var found diag.Diagnostics
	var err error
	// The catalog never changes the plan of an unchanged notify_webhook block.
	if fresh || plan.NotifyWebhook.IsNull() {
		err = plan.checkCatalog(ctx, data.Client, doc, fresh, &found)
	}
	diags.Append(found...)
	// An error from the catalog has a position and the nearest name. Falcon would report the same without them.
	if err == nil && !found.HasError() {
		err = dryRun(ctx, data.Client, doc, state)
	}
	if err == nil || warnUnchecked(data, err, diags) {
		return
	}
	const summary = "Falcon would not accept the workflow"
	var invalid falcon.ValidationErrors
	_, refused := errors.AsType[*falcon.RefusedDocumentError](err) // not stored, not even as a draft
	switch {
	case errors.As(err, &invalid) && !refused && !plan.Enabled.IsUnknown() && !plan.Enabled.ValueBool():
		plan.warnValidationErrors(ctx, data.Client, doc, invalid, diags)
	case errors.As(err, &invalid):
		plan.addError(ctx, data.Client, doc, summary, invalid, diags)
	case falcon.IsConflict(err) && state == nil:
		// The name may be free by the time of the apply, which looks it up again.
	case falcon.IsConflict(err):
		plan.addTakenName(ctx, data.Client, summary, err, diags)
	default:
		diags.AddAttributeError(plan.source(), summary, core.Sentence(err.Error()))
	}
}

// dryRun lets Falcon validate the document without saving it. For a new workflow that is a weak check, because an import
// accepts unknown activities (wire/workflows.md#import).
func dryRun(ctx context.Context, client *falcon.Client, doc *fusion.Document, state *model) error {
	if state == nil {
		return client.ValidateImport(ctx, doc)
	}
	return client.ValidateUpdate(ctx, state.ID.ValueString(), doc)
}

// warnUnchecked adds the one warning per run for a check that the API client has no permission for, or that got no
// response. It is false for any other error.
func warnUnchecked(data *core.ProviderData, err error, diags *diag.Diagnostics) bool {
	const summary = "Workflows could not be checked before the apply"
	switch {
	case falcon.IsForbidden(err):
		data.Once.WarnOnce(diags, "workflow check", summary, core.Sentence(err.Error())+" The plan was not checked against the tenant.")
	case falcon.IsInconclusive(err):
		data.Once.WarnOnce(diags, checkUnanswered, summary, core.Sentence(err.Error())+" Because this check failed, no workflow of this plan is checked against the tenant.")
	default:
		return false
	}
	return true
}
