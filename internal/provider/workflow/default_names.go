package workflow

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// defaultNamesKey is the private-state key of the default names of a workflow's actions: document omits a default name,
// but the configuration may contain it.
const defaultNamesKey = "default_names"

// encodeDefaultNames returns the value of defaultNamesKey: nil for a document without default names, or no document.
func encodeDefaultNames(exported *fusion.Document) []byte {
	if exported == nil {
		return nil
	}
	names := exported.DefaultNames()
	raw, err := json.Marshal(names)
	if err != nil || names == nil {
		return nil // a map of strings always marshals
	}
	return raw
}

// decodeDefaultNames reads the value of defaultNamesKey; nil if there is none.
func decodeDefaultNames(raw []byte) map[string]fusion.DefaultName {
	var names map[string]fusion.DefaultName
	if len(raw) == 0 || json.Unmarshal(raw, &names) != nil {
		return nil
	}
	return names
}

// withDefaultNames returns the document with the default names that are known from the last export. For new actions, the
// names come from the tenant's catalog: the default name of an action is its name there. Without the catalog, document
// keeps a name until the next refresh.
func withDefaultNames(ctx context.Context, data *core.ProviderData, doc *fusion.Document, names map[string]fusion.DefaultName, prior *fusion.Document, diags *diag.Diagnostics) *fusion.Document {
	if doc == nil {
		return nil
	}
	doc = doc.WithDefaultNames(names)
	if fusion.Equal(doc, prior) || data.Once.Added(checkUnanswered) {
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
		activity, err := data.Client.Activity(ctx, a.ID)
		switch {
		case err == nil:
			found[a.Path] = fusion.DefaultName{ID: a.ID, Names: []string{activity.Name}}
		case falcon.IsNotFound(err):
		default:
			warnUnchecked(data, err, diags)
			return doc.WithDefaultNames(found)
		}
	}
	return doc.WithDefaultNames(found)
}
