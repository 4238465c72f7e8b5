package score

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var _ function.Function = netskopeScoreFunction{}

// NewNetskopeScoreFunction returns the function netskope_score.
func NewNetskopeScoreFunction() function.Function { return netskopeScoreFunction{} }

type netskopeScoreFunction struct{}

func (netskopeScoreFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "netskope_score"
}

func (netskopeScoreFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Convert a Falcon risk score to Netskope's score",
		MarkdownDescription: "Returns a user's risk score as Netskope User Risk Exchange converts it: |1 - score| * 1000, from 1000 (no risk) down to 0. " +
			"The score is rounded to two decimals first, as Netskope's plugin does; the result is a whole number, exact for every score with two decimals. The result for null, a user without a score, is null.",
		Parameters: []function.Parameter{
			function.NumberParameter{
				Name:                "risk_score",
				AllowNullValue:      true,
				MarkdownDescription: "Falcon's risk score, 0 (no risk) to 1.",
			},
		},
		Return: function.NumberReturn{},
	}
}

func (netskopeScoreFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var risk *big.Float
	resp.Error = req.Arguments.Get(ctx, &risk)
	if resp.Error != nil {
		return
	}
	if risk == nil {
		resp.Error = resp.Result.Set(ctx, (*big.Float)(nil))
		return
	}
	// The rounding uses fewer than 40 digits.
	score := netskopeOf(scorePercent(json.Number(risk.Text('g', 40))))
	if score == nil {
		resp.Error = core.FunctionError(0, fmt.Sprintf("A risk score is from 0 to 1, got %s.", risk.Text('g', 10)))
		return
	}
	resp.Error = resp.Result.Set(ctx, new(big.Float).SetInt64(*score))
}
