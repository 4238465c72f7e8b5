package apiclient

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// toAPI returns what Falcon is sent. All values must be known.
func (m model) toAPI() falcon.APIClientSpec {
	return falcon.APIClientSpec{
		Name:        m.Name.ValueString(),
		Description: m.Description.ValueString(),
		Scopes:      core.KnownStrings(m.Scopes.Elements()),
	}
}

// sameSpec reports whether toAPI returns the same for both models.
func (m model) sameSpec(o model) bool {
	return m.Name.Equal(o.Name) && m.Description.Equal(o.Description) && m.Scopes.Equal(o.Scopes)
}

// fromAPI sets the model after a refresh, an import or a listing. What Falcon does not show keeps its value, so that it is
// never reported as drift.
func (m *model) fromAPI(ctx context.Context, found *falcon.APIClient, baseURL string, diags *diag.Diagnostics) {
	if found.Name != nil {
		m.Name = types.StringValue(*found.Name)
	}
	switch {
	case found.Description != nil:
		m.Description = types.StringValue(*found.Description)
	case m.Description.IsNull(): // after an import, a description that is not shown is the default
		m.Description = types.StringValue("")
	}
	if found.ScopesShown {
		m.Scopes = stringSet(ctx, found.Scopes, diags)
	}
	m.ClientID = m.ID
	m.BaseURL = types.StringValue(baseURL)
}

// differences describes how Falcon's record differs from the model.
func (m model) differences(found *falcon.APIClient) []string {
	var out []string
	if found.Name != nil && *found.Name != m.Name.ValueString() {
		out = append(out, fmt.Sprintf("name is %q", *found.Name))
	}
	if found.Description != nil && *found.Description != m.Description.ValueString() {
		out = append(out, fmt.Sprintf("description is %q", *found.Description))
	}
	if found.ScopesShown {
		want := core.KnownStrings(m.Scopes.Elements())
		if missing := without(want, found.Scopes); len(missing) > 0 {
			out = append(out, "it lacks the scopes "+strings.Join(missing, ", "))
		}
		if extra := without(found.Scopes, want); len(extra) > 0 {
			out = append(out, "it has the additional scopes "+strings.Join(extra, ", "))
		}
	}
	return out
}

// without returns the elements of list that are not in others.
func without(list, others []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(others, s) })
}

// stringSet converts a list to a set that is never null.
func stringSet(ctx context.Context, list []string, diags *diag.Diagnostics) types.Set {
	if list == nil {
		list = []string{}
	}
	set, more := types.SetValueFrom(ctx, types.StringType, list)
	diags.Append(more...)
	return set
}
