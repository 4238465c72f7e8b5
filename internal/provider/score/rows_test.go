package score_test

import (
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/score"
)

// The longest list has all its rows.
func TestUserScores_longestList(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{Users: score.MaxListRows + 100}, func(t *testing.T, h *acctest.Harness) {
		p := h.Start("")
		state, diags := p.Data("falcon_user_scores", acctest.Arguments{"rows": "list", "limit": big.NewFloat(score.MaxListRows)})
		p.WantNoError(diags)
		var users []tftypes.Value
		if err := p.Attributes(state.Value)["users"].As(&users); err != nil {
			t.Fatal(err)
		}
		if len(users) != score.MaxListRows {
			t.Errorf("%d users, want %d", len(users), score.MaxListRows)
		}
	})
}
