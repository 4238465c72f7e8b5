package workflow

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
)

// checkCatalog applies the rules that need the tenant's catalog. Of a document that was just composed from it, only the
// trigger's fields are checked, because the user sets them.
func (m *model) checkCatalog(ctx context.Context, client *falcon.Client, doc *fusion.Document, composed bool, diags *diag.Diagnostics) error {
	options, ok := m.checkOptions(ctx, diags)
	if !ok {
		return nil
	}
	problems, err := checkTrigger(ctx, client, doc, options)
	if err != nil {
		return err
	}
	if !composed {
		for _, a := range doc.Actions() {
			if a.ID == "" {
				continue // reported by the offline check
			}
			found, err := checkAction(ctx, client, doc, a, options)
			if err != nil {
				return err
			}
			problems = append(problems, found...)
		}
	}
	m.addProblems(ctx, problems, options, diags)
	return nil
}

// checkTrigger reads the trigger catalog only for a document that depends on it.
func checkTrigger(ctx context.Context, client *falcon.Client, doc *fusion.Document, options fusion.CheckOptions) (fusion.Problems, error) {
	if !slices.ContainsFunc(doc.Events(), func(e fusion.EventRef) bool { return e.Type == "Signal" && e.Event != "" }) {
		return nil, nil
	}
	triggers, err := client.Triggers(ctx)
	if err != nil {
		return nil, err
	}
	catalog := make([]fusion.CatalogTrigger, len(triggers))
	for i, t := range triggers {
		catalog[i] = fusion.CatalogTrigger{Event: t.Category, Version: t.Version}
		for _, f := range t.Leaves() {
			catalog[i].Fields = append(catalog[i].Fields, fusion.CatalogField{Path: f.Name, Type: f.Type})
		}
	}
	return doc.CheckTrigger(catalog, options), nil
}

func checkAction(ctx context.Context, client *falcon.Client, doc *fusion.Document, a fusion.ActionRef, options fusion.CheckOptions) (fusion.Problems, error) {
	versions, err := client.ActivityVersions(ctx, a.ID)
	if falcon.IsNotFound(err) {
		return unknownAction(ctx, client, a, options)
	}
	if err != nil {
		return nil, err
	}
	catalog := make([]fusion.CatalogAction, len(versions))
	for i, v := range versions {
		catalog[i] = fusion.CatalogAction{
			Name: v.Name, Class: v.Class, Namespace: v.Namespace, Version: v.SemanticVersion, InputSchema: v.InputSchema,
		}
	}
	return doc.CheckAction(a, catalog, options), nil
}

// unknownAction returns the problem of an action that the tenant does not have, with the actions of a similar name.
func unknownAction(ctx context.Context, client *falcon.Client, a fusion.ActionRef, options fusion.CheckOptions) (fusion.Problems, error) {
	problem, ok := options.Violation("R32", fusion.Problem{
		Line: a.Line, Column: a.Column, Kind: "action", Node: a.Node, Path: a.Path + ".id",
		Message: fmt.Sprintf("the tenant has no action with the id %q", a.ID),
	})
	if !ok {
		return nil, nil
	}
	if a.Name != "" {
		similar, err := client.ActivitiesLike(ctx, a.Name)
		if err != nil {
			return nil, err
		}
		if len(similar) > 0 {
			problem.Message += "; actions with a similar name: " + activityList(similar)
		}
	}
	return fusion.Problems{problem}, nil
}
