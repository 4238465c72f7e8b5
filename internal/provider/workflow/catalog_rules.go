package workflow

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
)

// checkCatalog holds a document to the rules that need the tenant's catalog. Of
// a document that was composed from it just now, only the fields of the trigger
// are looked at: they are the user's.
func (r *workflowResource) checkCatalog(ctx context.Context, doc *fusion.Document, plan workflowModel, composed bool, diags *diag.Diagnostics) error {
	options, known := plan.checkOptions(ctx, diags)
	if !known {
		return nil
	}
	problems, err := r.checkTrigger(ctx, doc, options)
	if err != nil {
		return err
	}
	if !composed {
		for _, a := range doc.Actions() {
			if a.ID == "" {
				continue // the offline check has said so
			}
			found, err := r.checkAction(ctx, doc, a, options)
			if err != nil {
				return err
			}
			problems = append(problems, found...)
		}
	}
	plan.addProblems(ctx, diags, problems, options)
	return nil
}

// checkTrigger reads the trigger catalog only for a document that depends on it.
func (r *workflowResource) checkTrigger(ctx context.Context, doc *fusion.Document, options fusion.CheckOptions) (fusion.Problems, error) {
	signals := false
	for _, e := range doc.Events() {
		signals = signals || e.Type == "Signal" && e.Event != ""
	}
	if !signals {
		return nil, nil
	}
	triggers, err := r.Client.Triggers(ctx)
	if err != nil {
		return nil, err
	}
	return doc.CheckTrigger(catalogTriggers(triggers), options), nil
}

func catalogTriggers(triggers []falcon.Trigger) []fusion.CatalogTrigger {
	out := make([]fusion.CatalogTrigger, len(triggers))
	for i, t := range triggers {
		out[i] = fusion.CatalogTrigger{Event: t.Category, Version: t.Version}
		for _, f := range t.Leaves() {
			out[i].Fields = append(out[i].Fields, fusion.CatalogField{Path: f.Name, Type: f.Type})
		}
	}
	return out
}

func (r *workflowResource) checkAction(ctx context.Context, doc *fusion.Document, a fusion.ActionRef, options fusion.CheckOptions) (fusion.Problems, error) {
	versions, err := r.Client.ActivityVersions(ctx, a.ID)
	if falcon.IsNotFound(err) {
		return r.unknownAction(ctx, a, options)
	}
	if err != nil {
		return nil, err
	}
	entries := make([]fusion.CatalogAction, len(versions))
	for i, v := range versions {
		entries[i] = fusion.CatalogAction{
			Name: v.Name, Class: v.Class, Namespace: v.Namespace, Version: v.SemanticVersion, InputSchema: v.InputSchema,
		}
	}
	return doc.CheckAction(a, entries, options), nil
}

// unknownAction is the problem of an action that the tenant doesn't have, with
// the actions of a similar name.
func (r *workflowResource) unknownAction(ctx context.Context, a fusion.ActionRef, options fusion.CheckOptions) (fusion.Problems, error) {
	const rule = "R32"
	problem, ok := options.Judge(rule, fusion.Problem{
		Line: a.Line, Column: a.Column, Kind: "action", Node: a.Node, Path: a.Path + ".id",
		Message: fmt.Sprintf("the tenant has no action with the id %q", a.ID),
	})
	if !ok {
		return nil, nil
	}
	if a.Name != "" {
		like, err := r.Client.ActivitiesLike(ctx, a.Name)
		if err != nil {
			return nil, err
		}
		if len(like) > 0 {
			problem.Message += "; actions with a similar name: " + activityList(like)
		}
	}
	return fusion.Problems{problem}, nil
}
