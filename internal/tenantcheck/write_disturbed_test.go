package tenantcheck

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// removeSandbox removes all objects of checks, as another check does that takes them for leftovers.
func removeSandbox(t *testing.T, h *acctest.Harness) {
	t.Helper()
	for id, name := range added(h) {
		if !strings.HasPrefix(name, sandboxPrefix) {
			continue
		}
		if h.Sim.DeleteWorkflow(id) != nil && h.Sim.DeleteClient(id) != nil {
			if err := h.Sim.DeletePluginConfig(id); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Objects that disappear before any request settle nothing that is wrong.
func TestWrite_disturbed(t *testing.T) {
	t.Parallel()
	every := 15
	if acctest.FullTests() {
		every = 1
	}
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			readings := seededReadings(seed)
			first, last := 1+rand.New(rand.NewPCG(seed, 5)).IntN(every), 0 //nolint:gosec // reproducible
			for at := first; at == first || at <= last; at += every {
				acctest.WithFakeClock(t, falconsim.Options{Readings: readings}, func(t *testing.T, h *acctest.Harness) {
					h.Transport.SetFault(nil)
					w := runWriting(t.Context(), t, h, &spy{interfere: func(n int, _ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
						if n == at {
							removeSandbox(t, h)
						}
						return send()
					}})
					last = w.n
					for _, a := range w.report.Answers {
						if a.Settled() && a.Reading != readings[a.Question] {
							t.Errorf("removed before request %d: %s is settled as %s, want %s: %s", at, a.Question, a.Reading, readings[a.Question], a.Evidence)
						}
					}
					wantNothingLeft(t, h, w.report)
				})
			}
		})
	}
}
