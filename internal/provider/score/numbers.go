package score

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity"
)

// numberPrecision is enough for the decimals that Falcon returns, and takes half the
// time of the framework's 512 bits (wire/identity.md#scores).
const numberPrecision = 64

// exactNumber parses a decimal exactly. A number that was converted to a float64
// makes comparisons wrong: 0.70 would be below 0.7 (wire/identity.md#scores).
func exactNumber(text string) types.Number {
	value, _, err := big.ParseFloat(text, 10, numberPrecision, big.ToNearestEven)
	if err != nil || value.IsInf() {
		return types.NumberNull() // "": Falcon returned no number
	}
	return types.NumberValue(value)
}

// averageDecimals is the number of decimals of an average of scores.
const averageDecimals = 6

// exactAverage rounds, half away from zero; null for no average.
func exactAverage(average *big.Rat) types.Number {
	if average == nil {
		return types.NumberNull()
	}
	return exactNumber(average.FloatString(averageDecimals))
}

// scorePercent is a risk score in whole hundredths, nil for no score. Falcon
// shows two decimals (wire/identity.md#scores). More would be rounded as Netskope's
// plugin rounds them: the nearest float64 to two decimals.
func scorePercent(score json.Number) *int64 {
	value, err := score.Float64()
	if err != nil || value < 0 || value > 1 {
		return nil
	}
	percent, err := strconv.ParseInt(strings.Replace(strconv.FormatFloat(value, 'f', 2, 64), ".", "", 1), 10, 64)
	if err != nil {
		return nil // cannot happen: two decimals of 0 to 1
	}
	return &percent
}

// netskopeOf is |1 - score| * 1000 of a score in hundredths, which is how
// Netskope's plugin converts it (wire/integrations.md#netskope): 0 to 1000, higher is
// safer.
func netskopeOf(percent *int64) *int64 {
	if percent == nil {
		return nil
	}
	return new((100 - *percent) * 10)
}

// scoreBound is a bound of risk scores; nil for none.
func scoreBound(bound types.Number) (*identity.Decimal, error) {
	if !isKnown(bound) {
		return nil, nil
	}
	d, err := identity.ParseDecimal(bound.ValueBigFloat().Text('f', -1))
	if err != nil {
		return nil, err
	}
	return &d, nil
}

// riskScore validates that a bound is a risk score.
func riskScore() validator.Number { return riskScoreValidator{} }

type riskScoreValidator struct{}

func (riskScoreValidator) Description(context.Context) string { return "must be between 0 and 1" }
func (riskScoreValidator) MarkdownDescription(context.Context) string {
	return "must be between 0 and 1"
}

func (riskScoreValidator) ValidateNumber(_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if !isKnown(req.ConfigValue) {
		return
	}
	if v := req.ConfigValue.ValueBigFloat(); v.Sign() < 0 || v.Cmp(big.NewFloat(1)) > 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Risk score out of range", fmt.Sprintf(
			"A risk score is a decimal between 0 and 1, higher is riskier; got %s.", v.Text('g', 10)))
	}
}
