package integration

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/integrations"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var _ function.Function = scopesFunction{}

// optionRecommended adds the scopes that the documentation of a receiver omits.
const optionRecommended = "recommended"

// NewScopesFunction returns the function integration_scopes.
func NewScopesFunction() function.Function { return scopesFunction{} }

type scopesFunction struct{}

func (scopesFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "integration_scopes"
}

func (scopesFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Scopes that an integration requires",
		MarkdownDescription: "Returns the ids of the API scopes that the receiver's documentation requires, including those of retired products: " +
			"Detections (`detects`), Incidents (`incidents`) and the old IOCs API (`iocs`), which new tenants do not offer. Keep those that the tenant offers with `setintersection` and the data source `falcon_api_scopes`.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "name",
				MarkdownDescription: "The integration: `zscaler_adaptive_access`, `cortex_xsoar`, `zscaler_uvm_identity` or `netskope_risk_exchange`.",
			},
		},
		VariadicParameter: function.StringParameter{
			Name:                "options",
			MarkdownDescription: "`recommended` adds scopes that the receiver needs although its documentation omits them: `identity-graphql:write`, `workflow:read` and `workflow:write` for `cortex_xsoar`, `identity-entities:read` for `netskope_risk_exchange`.",
		},
		Return: function.SetReturn{ElementType: types.StringType},
	}
}

func (scopesFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var name string
	var options []string
	resp.Error = req.Arguments.Get(ctx, &name, &options)
	if resp.Error != nil {
		return
	}
	preset, err := integrations.Find(name)
	if err != nil {
		resp.Error = core.FunctionError(0, err.Error())
		return
	}
	scopes := preset.Scopes
	for i, o := range options {
		if o != optionRecommended {
			resp.Error = core.FunctionError(int64(i)+1, fmt.Sprintf("%q is not a valid option: the only one is %q.", o, optionRecommended))
			return
		}
		scopes = slices.Concat(preset.Scopes, preset.Recommended)
	}
	resp.Error = resp.Result.Set(ctx, scopes)
}
