package score

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

func TestNetskopeScoreFunctionIsExactForEveryShownScore(t *testing.T) {
	t.Parallel()
	for n := range 101 {
		text := fmt.Sprintf("%d.%02d", n/100, n%100)
		got, err := coretest.RunFunction(t, netskopeScoreFunction{}, coretest.Decimal(t, text))
		if err != nil {
			t.Fatal(err)
		}
		if want := types.NumberValue(big.NewFloat(float64(1000 - 10*n))); !got.Equal(want) {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// The wanted values are those of Python's round(round(abs(1 - round(s, 2)), 2) * 1000).
func TestNetskopeScoreFunctionRounds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"0.125": 880, "0.375": 620, // an exact half goes to the even hundredth
		"0.145": 860, "0.285": 720, "0.615": 390, // as 64-bit numbers below the half
		"0.004": 1000, "0.996": 0, "1e-30": 1000,
	} {
		got, err := coretest.RunFunction(t, netskopeScoreFunction{}, coretest.Decimal(t, text))
		if err != nil {
			t.Fatal(err)
		}
		if !got.Equal(types.NumberValue(new(big.Float).SetInt64(want))) {
			t.Errorf("%s: got %s, want %d", text, got, want)
		}
	}
	if got, err := coretest.RunFunction(t, netskopeScoreFunction{}, types.NumberNull()); err != nil || !got.IsNull() {
		t.Errorf("of no score: got %s, %v, want null", got, err)
	}
	for _, text := range []string{"1.01", "-0.1", "75", "1.0000000001"} {
		_, err := coretest.RunFunction(t, netskopeScoreFunction{}, coretest.Decimal(t, text))
		coretest.WantRefusal(t, err, 0, "0 to 1", strings.TrimSuffix(text, ".0000000001"))
	}
}
