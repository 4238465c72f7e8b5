package workflow

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// namesKey is the private-state key of the default names of a workflow's
// actions: document leaves a default name out, and the configuration may have it.
const namesKey = "default_names"

func encodeNames(names map[string]fusion.DefaultName) []byte {
	raw, err := json.Marshal(names)
	if err != nil {
		return nil // a map of texts always marshals
	}
	return raw
}

// decodeNames reads what encodeNames wrote; none where there is nothing.
func decodeNames(raw []byte) map[string]fusion.DefaultName {
	var out map[string]fusion.DefaultName
	if len(raw) == 0 || json.Unmarshal(raw, &out) != nil {
		return nil
	}
	return out
}

// withDefaultNames is the document with what is known of default names: from the
// last export, and for actions that are new, from the tenant's catalog, where an
// action is called what Falcon names it by default. Without the catalog, document
// keeps a name until the next refresh.
func (r *workflowResource) withDefaultNames(ctx context.Context, doc *fusion.Document, names map[string]fusion.DefaultName, state *workflowModel, diags *diag.Diagnostics) *fusion.Document {
	if doc == nil {
		return nil
	}
	doc = doc.Knowing(names)
	if state != nil && sameDocument(doc.Canonical(), state.Document.ValueString()) || r.Once.Added(checkUnanswered) {
		return doc
	}
	ctx, cancel := context.WithTimeout(ctx, core.PlanCheckTime)
	defer cancel()
	known := doc.DefaultNames()
	found := map[string]fusion.DefaultName{}
	for _, a := range doc.Actions() {
		if _, ok := known[a.Path]; ok || a.Name == "" || a.ID == "" {
			continue
		}
		activity, err := r.Client.Activity(ctx, a.ID)
		switch {
		case err == nil:
			found[a.Path] = fusion.DefaultName{ID: a.ID, Names: []string{activity.Name}}
		case falcon.IsNotFound(err):
		default:
			r.warnUnchecked(diags, err)
			return doc.Knowing(found)
		}
	}
	return doc.Knowing(found)
}
