package score_test

import (
	"math/big"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// Whatever the bounds of a score range include (Q52), the same users are found, in at most one more request.
func TestUserScores_readingsOfTheBounds(t *testing.T) {
	t.Parallel()
	const users = 4200 // enough to be read in parts
	for name, config := range map[string]acctest.Arguments{
		"all":       {"rows": "json", "limit": big.NewFloat(users)},
		"a range":   {"rows": "json", "limit": big.NewFloat(users), "min_score": big.NewFloat(0.25), "max_score": big.NewFloat(0.5)},
		"one score": {"rows": "none", "min_score": big.NewFloat(0.5), "max_score": big.NewFloat(0.5)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want string
			var calls int
			for _, letter := range []string{"a", "b", "c"} {
				acctest.WithFakeClock(t, falconsim.Options{Users: users, Readings: falconsim.Readings{"Q52": letter}}, func(t *testing.T, h *acctest.Harness) {
					list := h.Sim.Users()
					for i := range list {
						if i%7 == 0 { // many at round scores, where bounds may lie
							if err := h.Sim.SetUserScore(list[i].EntityID, float64(i/7%5)/4); err != nil {
								t.Fatal(err)
							}
						}
					}
					p := h.Start("")
					h.Transport.SetFault(nil)
					state, diags := p.Data("falcon_user_scores", config)
					p.WantNoError(diags)
					// The histogram is of the score that the bounds apply to.
					got, sent := p.Text(state, "rows_json")+p.Text(state, "matched"), len(h.Transport.Calls())
					if letter == "a" {
						want, calls = got, sent
					}
					if got != want {
						t.Errorf("reading %s finds different users", letter)
					}
					if sent > calls+1 {
						t.Errorf("reading %s takes %d requests, reading a %d", letter, sent, calls)
					}
				})
			}
		})
	}
}
