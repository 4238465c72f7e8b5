package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
)

// planCheckTime bounds what a plan asks the tenant for to say early what an
// apply would say anyway.
const planCheckTime = time.Minute

// checkAgainstTenant asks the tenant whether a planned create or change would
// be accepted. A check that the provider's API client may not make, or that the
// tenant does not answer, is one warning a run: a read-only pipeline can still
// plan, and a hundred workflows do not wait in vain.
func (r *workflowResource) checkAgainstTenant(ctx context.Context, doc *fusion.Document, state *workflowModel, plan workflowModel, fresh bool, diags *diag.Diagnostics) {
	const unanswered = "workflow check unanswered"
	if r.once.was(unanswered) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, planCheckTime)
	defer cancel()
	err := r.dryRun(ctx, doc, state, plan)
	if err == nil && state == nil && !fresh {
		err = r.checkCatalogue(ctx, doc, diags)
	}
	switch {
	case err == nil:
	case falcon.IsForbidden(err):
		r.once.warnOnce(diags, "workflow check", "Workflows could not be checked before the apply",
			"What is planned was not checked against the tenant: "+err.Error())
	case falcon.IsConflict(err) && state == nil:
		// The name may be free by the time of the apply, where it is looked up again.
	case falcon.IsUnanswered(err):
		r.once.warnOnce(diags, unanswered, "Workflows could not be checked before the apply",
			"What is planned is not checked against the tenant, for the first check failed. "+sentence(err.Error()))
	default:
		r.addPlannedError(ctx, diags, doc, plan, err)
	}
}

// dryRun has Falcon validate without saving. For a new workflow that is weak,
// as the import accepts unknown activities (wire-api.md 3.2).
func (r *workflowResource) dryRun(ctx context.Context, doc *fusion.Document, state *workflowModel, plan workflowModel) error {
	if state == nil {
		text, err := doc.ImportYAML()
		if err != nil {
			return err
		}
		return r.client.ValidateImport(ctx, plan.Name.ValueString(), text)
	}
	id := state.ID.ValueString()
	flat, err := doc.FlatJSON(id)
	if err != nil {
		return err
	}
	return r.client.ValidateUpdate(ctx, id, flat)
}

func (r *workflowResource) addPlannedError(ctx context.Context, diags *diag.Diagnostics, doc *fusion.Document, plan workflowModel, err error) {
	const summary = "Falcon would not accept the workflow"
	var invalid falcon.ValidationErrors
	if errors.As(err, &invalid) {
		r.addWorkflowError(ctx, diags, doc, plan, summary, invalid)
		return
	}
	diags.AddAttributeError(plan.source(), summary, sentence(err.Error()))
}

// checkCatalogue looks every event and every action of a new document up.
func (r *workflowResource) checkCatalogue(ctx context.Context, doc *fusion.Document, diags *diag.Diagnostics) error {
	if err := r.checkEvents(ctx, doc, diags); err != nil {
		return err
	}
	for _, a := range doc.Actions() {
		if a.ID == "" {
			continue // the offline check has said so
		}
		activity, err := r.client.Activity(ctx, a.ID)
		if falcon.IsNotFound(err) {
			detail, err := r.unknownAction(ctx, a)
			if err != nil {
				return err
			}
			diags.AddAttributeError(path.Root("definition"), "Unknown action", detail)
			continue
		}
		if err != nil {
			return err
		}
		for _, missing := range missingProperties(activity.InputSchema, a) {
			diags.AddAttributeError(path.Root("definition"), "Missing property",
				fmt.Sprintf("%s: the action %q requires the property %q.", placeOf(a), activity.Name, missing))
		}
	}
	return nil
}

func (r *workflowResource) checkEvents(ctx context.Context, doc *fusion.Document, diags *diag.Diagnostics) error {
	for _, e := range doc.Events() {
		if e.Type != "Signal" || e.Event == "" {
			continue
		}
		triggers, err := r.client.Triggers(ctx)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(triggers, func(t falcon.Trigger) bool { return t.Category == e.Event }) {
			continue
		}
		diags.AddAttributeError(path.Root("definition"), "Unknown trigger event",
			fmt.Sprintf("Line %d, column %d: the tenant has no trigger for the event %q.%s", e.Line, e.Column, e.Event, nearestHint(e.Event, categories(triggers))))
	}
	return nil
}

func (r *workflowResource) unknownAction(ctx context.Context, a fusion.ActionRef) (string, error) {
	detail := fmt.Sprintf("%s: the tenant has no action with the id %q.", placeOf(a), a.ID)
	if a.Name == "" {
		return detail, nil
	}
	like, err := r.client.ActivitiesLike(ctx, a.Name)
	if err != nil {
		return "", err
	}
	if len(like) > 0 {
		detail += " Actions with a similar name: " + activityList(like) + "."
	}
	return detail, nil
}

// placeOf says where an action stands.
func placeOf(a fusion.ActionRef) string {
	return fmt.Sprintf("Line %d, column %d, action %q", a.Line, a.Column, a.Node)
}

// missingProperties lists the required properties that the action leaves out.
// A plugin's config_id is left to Falcon, whose answer says which plugin has
// no configuration (code 2035).
func missingProperties(schema json.RawMessage, a fusion.ActionRef) []string {
	return slices.DeleteFunc(requiredProperties(schema), func(key string) bool {
		return key == "config_id" || slices.ContainsFunc(a.Properties, func(p fusion.PropertyRef) bool { return p.Key == key })
	})
}

// requiredProperties are those that an action's schema requires; none where it
// cannot be read, as that refuses nothing.
func requiredProperties(schema json.RawMessage) []string {
	var s struct {
		Required []string `json:"required"`
	}
	if len(schema) == 0 || json.Unmarshal(schema, &s) != nil {
		return nil
	}
	return s.Required
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
