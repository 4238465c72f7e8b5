package tenantcheck

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// Objects of another check are removed once it must have ended, or when a person says that no other check is running.
func TestWrite_youngLeftovers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		wait   time.Duration
		yes    bool
		behind bool // the local clock is two hours ahead of Falcon's
		gone   bool
	}{
		"young":                         {gone: false},
		"young, confirmed":              {yes: true, gone: true},
		"just not old enough":           {wait: maxRun - time.Minute, gone: false},
		"old":                           {wait: maxRun, gone: true},
		"young, by the clock of Falcon": {wait: 2 * time.Hour, behind: true, gone: false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
				b := &sandbox{tag: "abcdefghijkl"}
				if _, err := h.Sim.CreateWorkflow([]byte(b.document(draftFor(draftPlain))), false); err != nil {
					t.Fatal(err)
				}
				if _, _, err := h.Sim.CreateClient(b.name(purposeClient), sandboxNote, []string{"alerts:read"}); err != nil {
					t.Fatal(err)
				}
				time.Sleep(test.wait)
				opts := writeCheck(h)
				asked := 0
				opts.Write.RemoveYoung = func(objects []string) bool { asked = len(objects); return test.yes }
				spied := &spy{base: h.Transport, creates: map[string]int{}}
				if test.behind {
					spied.interfere = func(_ int, _ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
						resp, err := send()
						if err == nil {
							resp.Header.Set("Date", time.Now().Add(-2*time.Hour).UTC().Format(http.TimeFormat))
						}
						return resp, err
					}
				}
				opts.Config.HTTPTransport = spied
				s, err := signIn(t.Context(), opts)
				if err != nil {
					t.Fatal(err)
				}
				s.write(t.Context(), *opts.Write)
				report, left, want := s.report(), added(h), 2
				if test.gone {
					want = 0
				}
				if len(left) != want || len(report.Leftovers) != want || (want > 0 || test.yes) != (asked == 2) {
					t.Errorf("left: %v, listed: %v, asked about %d", left, report.Leftovers, asked)
				}
				for _, l := range report.Leftovers {
					if !strings.Contains(l.Why, "minutes, or now with -remove-leftovers") || report.ExitStatus() != StatusNotChecked {
						t.Errorf("listed: %+v, exit status %d", l, report.ExitStatus())
					}
				}
			})
		})
	}
}

// An object without a time may be young.
func TestFound_isYoung(t *testing.T) {
	t.Parallel()
	if !(found{}).isYoung() || (found{aged: true, age: maxRun}).isYoung() || !(found{aged: true, age: -time.Hour}).isYoung() {
		t.Error("wrong")
	}
}
