package tenantcheck

import (
	"math/rand/v2"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// randomReadings chooses a reading of every open question.
func randomReadings(seed uint64) falconsim.Readings {
	random := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // reproducible
	readings := falconsim.Readings{}
	for _, q := range falconsim.Questions() {
		readings[q.ID] = q.Readings[random.IntN(len(q.Readings))].Letter
	}
	return readings
}
