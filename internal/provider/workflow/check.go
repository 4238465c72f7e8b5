package workflow

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// checkAgainstTenant asks the tenant whether a planned create or change would
// be accepted. A check that the provider's API client may not make, or that the
// tenant does not answer, is one warning a run: a read-only pipeline can still
// plan, and a hundred workflows do not wait in vain.
func (r *workflowResource) checkAgainstTenant(ctx context.Context, doc *fusion.Document, state *workflowModel, plan workflowModel, fresh bool, diags *diag.Diagnostics) {
	if r.Once.Added(checkUnanswered) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, core.PlanCheckTime)
	defer cancel()
	var found diag.Diagnostics
	var err error
	// The catalog never changes the plan of a notify_webhook block that is as it was.
	if fresh || plan.NotifyWebhook.IsNull() {
		err = r.checkCatalog(ctx, doc, plan, fresh, &found)
	}
	diags.Append(found...)
	// What the catalog refuses has a place and the nearest name: Falcon would say the same without.
	if err == nil && !found.HasError() {
		err = r.dryRun(ctx, doc, state, plan)
	}
	switch {
	case err == nil || r.warnUnchecked(diags, err):
	case falcon.IsConflict(err) && state == nil:
		// The name may be free by the time of the apply, where it is looked up again.
	default:
		r.addPlannedError(ctx, diags, doc, plan, err)
	}
}

// checkUnanswered is the key of the warning after which no check is tried again in this run.
const checkUnanswered = "workflow check unanswered"

// warnUnchecked adds the one warning per run for a check that the API client has
// no permission for, or that got no response. It is false for any other error.
func (r *workflowResource) warnUnchecked(diags *diag.Diagnostics, err error) bool {
	switch {
	case falcon.IsForbidden(err):
		r.Once.WarnOnce(diags, "workflow check", "Workflows could not be checked before the apply",
			"What is planned was not checked against the tenant: "+err.Error())
	case falcon.IsUnanswered(err):
		r.Once.WarnOnce(diags, checkUnanswered, "Workflows could not be checked before the apply",
			"What is planned is not checked against the tenant, for the first check failed. "+core.Sentence(err.Error()))
	default:
		return false
	}
	return true
}

// dryRun has Falcon validate without saving. For a new workflow that is weak,
// as the import accepts unknown activities (wire/workflows.md#import).
func (r *workflowResource) dryRun(ctx context.Context, doc *fusion.Document, state *workflowModel, plan workflowModel) error {
	if state == nil {
		text, err := doc.ImportYAML()
		if err != nil {
			return err
		}
		return r.Client.ValidateImport(ctx, plan.Name.ValueString(), text)
	}
	id := state.ID.ValueString()
	flat, err := doc.FlatJSON(id)
	if err != nil {
		return err
	}
	return r.Client.ValidateUpdate(ctx, id, flat)
}

func (r *workflowResource) addPlannedError(ctx context.Context, diags *diag.Diagnostics, doc *fusion.Document, plan workflowModel, err error) {
	const summary = "Falcon would not accept the workflow"
	var invalid falcon.ValidationErrors
	if errors.As(err, &invalid) {
		_, refused := errors.AsType[*falcon.RefusedDocumentError](err) // a draft is stored with errors, but not with these
		if !refused && !plan.Enabled.IsUnknown() && !plan.Enabled.ValueBool() {
			r.warnProblems(ctx, diags, doc, plan, invalid)
			return
		}
		r.addWorkflowError(ctx, diags, doc, plan, summary, invalid)
		return
	}
	diags.AddAttributeError(plan.source(), summary, core.Sentence(err.Error()))
}

func categories(triggers []falcon.Trigger) []string {
	out := make([]string, len(triggers))
	for i, t := range triggers {
		out[i] = t.Category
	}
	return out
}

// nearestHint lists the known words nearest to one that is not known.
func nearestHint(word string, known []string) string {
	near := fusion.Nearest(word, known, 3)
	if len(near) == 0 {
		return ""
	}
	return " Nearest: " + strings.Join(near, ", ") + "."
}
