package tenantcheck

import (
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/wire"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// The page that falcon-check prints from has the questions and readings of the simulator.
func TestQuestionsOfThePage(t *testing.T) {
	t.Parallel()
	page := wire.Questions()
	for _, q := range falconsim.Questions() {
		if page[q.ID].Title != q.Title || len(page[q.ID].Readings) != len(q.Readings) {
			t.Errorf("%s: %+v, the simulator has %+v", q.ID, page[q.ID], q)
			continue
		}
		for _, r := range q.Readings {
			if !strings.EqualFold(page[q.ID].Readings[r.Letter], r.Summary) {
				t.Errorf("%s=%s: %q, the simulator has %q", q.ID, r.Letter, page[q.ID].Readings[r.Letter], r.Summary)
			}
		}
	}
	if len(page) != len(falconsim.Questions()) {
		t.Errorf("%d questions, the simulator has %d", len(page), len(falconsim.Questions()))
	}
}
