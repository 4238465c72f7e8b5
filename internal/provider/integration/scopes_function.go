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

var _ function.Function = integrationScopesFunction{}

// optionRecommended adds the scopes that a receiver's page leaves out.
const optionRecommended = "recommended"

func NewIntegrationScopesFunction() function.Function { return integrationScopesFunction{} }

type integrationScopesFunction struct{}

func (integrationScopesFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "integration_scopes"
}

func (integrationScopesFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Scopes that an integration asks for",
		MarkdownDescription: "Returns the ids of the API scopes that the receiver's documentation asks for, those of retired products included: " +
			"Detections (`detects`), Incidents (`incidents`) and the old IOCs API (`iocs`), which new tenants are not offered. Keep those that the tenant offers with `setintersection` and the data source `falcon_api_scopes`.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "name",
				MarkdownDescription: "The integration: `zscaler_adaptive_access`, `cortex_xsoar`, `zscaler_uvm_identity` or `netskope_risk_exchange`.",
			},
		},
		VariadicParameter: function.StringParameter{
			Name:                "options",
			MarkdownDescription: "`recommended` adds scopes that the receiver's page leaves out although what the receiver does needs them: `identity-graphql:write`, `workflow:read` and `workflow:write` for `cortex_xsoar`, `identity-entities:read` for `netskope_risk_exchange`.",
		},
		Return: function.SetReturn{ElementType: types.StringType},
	}
}

func (integrationScopesFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var name string
	var options []string
	resp.Error = req.Arguments.Get(ctx, &name, &options)
	if resp.Error != nil {
		return
	}
	preset, err := integrations.Find(name)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, core.Sentence(err.Error()))
		return
	}
	scopes := preset.Scopes
	for i, o := range options {
		if o != optionRecommended {
			resp.Error = function.NewArgumentFuncError(int64(i)+1, fmt.Sprintf("%q is not a valid option: the only one is %q.", o, optionRecommended))
			return
		}
		scopes = slices.Concat(preset.Scopes, preset.Recommended)
	}
	resp.Error = resp.Result.Set(ctx, scopes)
}
