package tenantcheck

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// writeCheck are the options of a check with -write and -try-webhook-write against a simulated tenant.
func writeCheck(h *acctest.Harness) Options {
	return Options{
		Config: falcon.Config{
			ClientID: h.Sim.ClientID(), ClientSecret: h.Sim.ClientSecret(), BaseURL: acctest.BaseURL, HTTPTransport: h.Transport, MaxRetries: 2,
		},
		Write: &WriteOptions{TryWebhookWrite: true, RemoveYoung: func([]string) bool { return true }},
	}
}

// hidden reports whether other readings of a tenant hide the answer to a question that writing settles.
func hidden(id string, readings falconsim.Readings) bool {
	is := func(choice string) bool {
		other, letter, _ := strings.Cut(choice, "=")
		return readings[other] == letter
	}
	switch id {
	case "Q01", "Q05", "Q06", "Q07", "Q08", "Q09":
		return is("Q11=b")
	case "Q13", "Q19", "Q20", "Q21", "Q86":
		return !is("Q12=b") || is("Q13=d") && is("Q14=b") && is("Q15=b") // the new configuration cannot be distinguished from others
	case "Q12":
		return is("Q12=b") && is("Q13=d") && is("Q14=b") && is("Q15=b")
	case "Q29", "Q30":
		return is("Q28=b") // there is one row
	case "Q31":
		return is("Q28=b") && !is("Q31=c")
	case "Q33", "Q70":
		return is("Q32=b")
	case "Q36":
		return is("Q35=b")
	}
	return false
}

// A check settles a question as the tenant has it, or not at all, and it settles each question of its own unless another reading
// hides the answer.
func TestWrite_randomReadings(t *testing.T) {
	t.Parallel()
	seeds := uint64(40)
	if acctest.FullTests() {
		seeds = 200
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			readings := seededReadings(seed)
			acctest.WithFakeClock(t, falconsim.Options{Readings: readings}, func(t *testing.T, h *acctest.Harness) {
				h.Transport.SetFault(nil)
				report, err := Check(t.Context(), writeCheck(h))
				if err != nil {
					t.Fatal(err)
				}
				wantAnswers(t, report, readings)
				wantNothingLeft(t, h, report)
				if len(report.Leftovers) > 0 && !hidden("Q12", readings) {
					t.Errorf("left behind: %v", report.Leftovers)
				}
				if n := len(h.Transport.Calls()); n > maxWriteRequests {
					t.Errorf("%d requests, want %d at most", n, maxWriteRequests)
				}
			})
		})
	}
}

// maxWriteRequests bounds the requests of a whole check with -write and -try-webhook-write without faults.
const maxWriteRequests = 200

func wantAnswers(t *testing.T, report *Report, readings falconsim.Readings) {
	t.Helper()
	for _, a := range report.Answers {
		if a.Settled() && a.Reading != readings[a.Question] {
			t.Errorf("%s is settled as %s, want %s: %s", a.Question, a.Reading, readings[a.Question], a.Evidence)
		}
		ofWrite := slices.ContainsFunc(writeQuestions, func(q question) bool { return q.id == a.Question })
		if ofWrite && a.Settled() == hidden(a.Question, readings) {
			t.Errorf("%s (%s) is settled: %t: %s", a.Question, readings[a.Question], a.Settled(), a.Evidence)
		}
	}
}

// wantNothingLeft checks that the tenant is as it was, except for what the report lists.
func wantNothingLeft(t *testing.T, h *acctest.Harness, report *Report) {
	t.Helper()
	for id, name := range added(h) {
		if !slices.ContainsFunc(report.Leftovers, func(l Leftover) bool { return l.ID == id || l.ID == "" && l.Name == name }) {
			t.Errorf("%s (id %s) is left and not listed", name, id)
		}
	}
}

// added are the names of the objects that did not exist before the check, by id.
func added(h *acctest.Harness) map[string]string {
	objects := map[string]string{}
	now := h.Sim.Tenant()
	for _, c := range now.APIClients {
		objects[c.ID] = c.Name
	}
	for _, w := range now.Workflows {
		objects[w.ID] = w.Name
	}
	for _, c := range now.PluginConfigs {
		objects[c.ID] = c.Name
	}
	for _, c := range h.Unmanaged.APIClients {
		delete(objects, c.ID)
	}
	for _, c := range h.Unmanaged.PluginConfigs {
		delete(objects, c.ID)
	}
	return objects
}
