package tenantcheck

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"
)

// recordOf checks a simulated tenant and returns its record.
func recordOf(t *testing.T, sim *falconsim.Server) (*tenantfacts.Facts, string) {
	t.Helper()
	report, err := Check(t.Context(), Options{Config: configFor(sim, direct{sim})})
	if err != nil {
		t.Fatal(err)
	}
	facts := report.Record()
	text, err := facts.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return facts, string(text)
}

// randomTenant is a tenant with random readings and options.
func randomTenant(seed uint64) falconsim.Options {
	random := rand.New(rand.NewPCG(seed, 3)) //nolint:gosec // reproducible
	opts := falconsim.Options{
		Seed: int64(random.IntN(1000) + 2), Readings: randomReadings(seed), NoSlackConfig: random.IntN(3) == 0,
		NoCallWebhook: random.IntN(4) == 0, RetiredScopes: random.IntN(3) == 0, Users: random.IntN(2) * 3,
	}
	if random.IntN(3) == 0 {
		all := falconsim.New(falconsim.Options{Readings: opts.Readings, RetiredScopes: opts.RetiredScopes})
		for _, scope := range all.Clients()[0].Scopes {
			if random.IntN(4) > 0 {
				opts.Scopes = append(opts.Scopes, scope)
			}
		}
	}
	return opts
}

// A simulator that behaves like a record has the same record.
func TestRecord_replay(t *testing.T) {
	t.Parallel()
	for seed := range uint64(120) {
		sim := falconsim.New(randomTenant(seed))
		fill(t, sim, seed)
		facts, first := recordOf(t, sim)
		if len(facts.Readings) < 5 && facts.Scopes.Offered != nil {
			t.Errorf("seed %d: only %d readings", seed, len(facts.Readings))
		}
		again := falconsim.New(falconsim.Options{Seed: 1, Facts: facts})
		if _, second := recordOf(t, again); second != first {
			t.Errorf("seed %d: the record of the replayed tenant differs:\n%s", seed, difference(first, second))
		}
	}
}

// fill adds objects to the tenant, so that more questions are settled.
func fill(t *testing.T, sim *falconsim.Server, seed uint64) {
	t.Helper()
}

// difference shows the lines of two texts that differ.
func difference(first, second string) string {
	a, b := strings.Split(first, "\n"), strings.Split(second, "\n")
	var out strings.Builder
	for _, side := range []struct {
		mark  string
		these []string
		those []string
	}{{"- ", a, b}, {"+ ", b, a}} {
		count := map[string]int{}
		for _, line := range side.those {
			count[line]++
		}
		for _, line := range side.these {
			if count[line]--; count[line] < 0 {
				out.WriteString(side.mark + line + "\n")
			}
		}
	}
	return out.String()
}

// randomReadings chooses a reading of every open question.
func randomReadings(seed uint64) falconsim.Readings {
	random := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // reproducible
	readings := falconsim.Readings{}
	for _, q := range falconsim.Questions() {
		readings[q.ID] = q.Readings[random.IntN(len(q.Readings))].Letter
	}
	return readings
}
