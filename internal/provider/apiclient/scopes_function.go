package apiclient

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/suggest"
)

var _ function.Function = scopesFunction{}

// NewScopesFunction returns the function scopes.
func NewScopesFunction() function.Function { return scopesFunction{} }

type scopesFunction struct{}

func (scopesFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "scopes"
}

func (scopesFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Scope ids for the names in Falcon's console",
		MarkdownDescription: "Converts the names and check marks of the *Create API client* form in the Falcon console to scope ids: `{ \"Hosts\" = \"read\" }` returns `devices:read`. " +
			"Case, punctuation, a plural s and common abbreviations are ignored, and an id such as `devices` is accepted as a name. An unknown name is an error that lists the nearest names. Names of retired products (Detections, Incidents, IOCs) are accepted, but new tenants do not offer their scopes.\n\n" +
			"The table is built into the provider and independent of the tenant. The data source `falcon_api_scopes` lists the scopes that a tenant offers.",
		Parameters: []function.Parameter{
			function.MapParameter{
				Name:                "access",
				ElementType:         types.StringType,
				MarkdownDescription: "Map of console names to `read`, `write` or `read-write`.",
			},
		},
		Return: function.SetReturn{ElementType: types.StringType},
	}
}

func (scopesFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var access map[string]*string
	resp.Error = req.Arguments.Get(ctx, &access)
	if resp.Error != nil {
		return
	}
	ids, err := scopeIDs(access)
	if err != nil {
		resp.Error = core.FunctionError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, ids)
}

// scopeIDs returns the sorted ids. One error contains all problems.
func scopeIDs(access map[string]*string) ([]string, error) {
	ids, problems := []string{}, []string{}
	for _, name := range slices.Sorted(maps.Keys(access)) {
		id, only, ok := falcon.ScopeGroupID(name)
		if !ok {
			problems = append(problems, unknownScopeName(name))
			continue
		}
		actions, err := scopeActions(access[name])
		if err != nil {
			problems = append(problems, fmt.Sprintf("%q: %s", name, err))
			continue
		}
		for _, action := range actions {
			if only != "" && action != only {
				problems = append(problems, fmt.Sprintf("%q: the Falcon API has %s:%s only, not %s", name, id, only, action))
				continue
			}
			ids = append(ids, id+":"+action)
		}
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(problems, "; "))
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

func unknownScopeName(name string) string {
	text := fmt.Sprintf("%q is not a valid name of a scope", name)
	if near := suggest.Nearest(name, falcon.ScopeGroupNames(), 3); len(near) > 0 {
		quotedNames := make([]string, len(near))
		for i, n := range near {
			quotedNames[i] = fmt.Sprintf("%q", n)
		}
		text += " (nearest: " + strings.Join(quotedNames, ", ") + ")"
	}
	return text
}

// scopeActions parses the check marks of one line of the form.
func scopeActions(access *string) ([]string, error) {
	if access == nil {
		return nil, fmt.Errorf(`the access is null: it must be "read", "write" or "read-write"`)
	}
	switch strings.NewReplacer(" ", "", "-", "", "/", "", ",", "", "_", "").Replace(strings.ToLower(*access)) {
	case "read":
		return []string{"read"}, nil
	case "write":
		return []string{"write"}, nil
	case "readwrite":
		return []string{"read", "write"}, nil
	}
	return nil, fmt.Errorf(`%q is not a valid access: it must be "read", "write" or "read-write"`, *access)
}
