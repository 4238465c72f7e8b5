package tenantcheck

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// waitUntilReadable waits, on the fake clock, until executions can be read and have ended (Q49).
func waitUntilReadable(t *testing.T) {
	t.Helper()
	time.Sleep(2 * time.Second) // on the fake clock
}

// alwaysSettled are the questions that reading settles in a tenant with enough objects. A question with a condition is settled only
// under some readings of others.
var alwaysSettled = map[string]func(r falconsim.Readings) bool{
	"Q02": offersClients, "Q03": offersClients, "Q04": offersClients, "Q10": offersClients, "Q60": offersClients,
	"Q11": offersClients, // where it is not offered, the list of scopes cannot be read
	"Q54": offersClients,
	"Q14": nil, "Q15": nil, "Q16": nil, "Q17": nil, "Q18": nil, "Q62": nil, "Q85": nil,
	"Q22": nil, "Q23": nil, "Q24": nil, "Q25": nil, "Q26": nil,
	"Q28": nil,
	"Q29": severalRows, "Q30": severalRows,
	"Q31": func(r falconsim.Readings) bool { return r["Q31"] == "c" || severalRows(r) },
	"Q32": nil,
	"Q41": nil, "Q42": nil, "Q43": nil, "Q44": nil, "Q46": nil, "Q47": nil, "Q48": nil,
	"Q70": func(r falconsim.Readings) bool { return r["Q32"] == "a" },
	"Q50": nil, "Q51": nil, "Q52": nil, "Q53": nil, "Q56": nil, "Q63": nil, "Q64": nil, "Q67": nil, "Q68": nil, "Q101": nil, "Q103": nil,
	"Q57": func(r falconsim.Readings) bool { // a refusal is needed
		return offersClients(r) && (r["Q60"] == "a" || r["Q10"] == "a" || r["Q04"] != "a") || r["Q50"] == "b" || r["Q101"] == "a"
	},
}

func offersClients(r falconsim.Readings) bool { return r["Q11"] == "a" }

// severalRows reports whether several versions of one workflow are listed.
func severalRows(r falconsim.Readings) bool { return r["Q28"] != "b" }

// neverSettled are those that reading settles only in a special tenant; each has a test of its own.
var neverSettled = []string{"Q55", "Q65", "Q66", "Q102"}

func seededReadings(seed uint64) falconsim.Readings {
	random := rand.New(rand.NewPCG(seed, 16)) //nolint:gosec // reproducible
	readings := falconsim.Readings{}
	for _, q := range falconsim.Questions() {
		readings[q.ID] = q.Readings[random.IntN(len(q.Readings))].Letter
	}
	return readings
}

// What a check settles is what the tenant does, whatever that is; and it settles everything that it can.
func TestCheck_settlesTheReadings(t *testing.T) {
	t.Parallel()
	for seed := range uint64(120) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			readings := seededReadings(seed)
			synctest.Test(t, func(t *testing.T) {
				sim := richTenant(t, falconsim.Options{Readings: readings, Users: 5})
				before := string(sim.Dump())
				report := checked(t, sim, Options{})
				if string(sim.Dump()) != before {
					t.Error("the check changed the tenant")
				}
				for _, a := range report.Answers {
					condition, should := alwaysSettled[a.Question]
					should = should && (condition == nil || condition(readings))
					switch {
					case a.Settled() && a.Reading != readings[a.Question]:
						t.Errorf("%s=%s, but the check says %s: %s", a.Question, readings[a.Question], a.Reading, a.Evidence)
					case should && !a.Settled():
						t.Errorf("%s=%s is not settled: %s", a.Question, readings[a.Question], a.Evidence)
					}
				}
			})
		})
	}
}

// checked checks a tenant.
func checked(t *testing.T, sim *falconsim.Server, opts Options) *Report {
	t.Helper()
	if opts.Config.HTTPTransport == nil {
		opts.Config = configOf(sim, &inProcess{handler: sim})
	}
	report, err := Check(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// In a tenant without objects a check settles less, and nothing wrong.
func TestCheck_settlesNothingWrongWithoutObjects(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		readings := seededReadings(seed)
		random := rand.New(rand.NewPCG(seed, 17)) //nolint:gosec // reproducible
		opts := falconsim.Options{Readings: readings, NoSlackConfig: random.IntN(2) == 0, NoCallWebhook: random.IntN(2) == 0}
		for _, scope := range falconsim.New(opts).Clients()[0].Scopes {
			if random.IntN(3) > 0 {
				opts.Scopes = append(opts.Scopes, scope)
			}
		}
		sim := falconsim.New(opts)
		for _, a := range checked(t, sim, Options{}).Answers {
			if a.Settled() && a.Reading != readings[a.Question] {
				t.Errorf("seed %d: %s=%s, but the check says %s: %s", seed, a.Question, readings[a.Question], a.Reading, a.Evidence)
			}
			if a.Evidence == "" {
				t.Errorf("seed %d: %s has no evidence", seed, a.Question)
			}
		}
	}
}

// Every question of a check is an open question, and each is in one of the tables above.
func TestQuestionsAreOpenQuestions(t *testing.T) {
	t.Parallel()
	known := map[string]falconsim.Question{}
	for _, q := range falconsim.Questions() {
		known[q.ID] = q
	}
	for _, q := range allQuestions() {
		if known[q.id].ID == "" {
			t.Errorf("%s is not an open question", q.id)
		}
		_, always := alwaysSettled[q.id]
		if q.mode == read && !always && !slices.Contains(neverSettled, q.id) {
			t.Errorf("no test says when %s is settled", q.id)
		}
	}
}

func answerTo(t *testing.T, r *Report, id string) Answer {
	t.Helper()
	for _, a := range r.Answers {
		if a.Question == id {
			return a
		}
	}
	t.Fatalf("there is no answer to %s", id)
	return Answer{}
}

// Q65 and Q102 need an API client that may query but lacks the scope of the data.
func TestCheck_narrowClient(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		readings  falconsim.Readings
		q65, q102 string
	}{
		{falconsim.Readings{"Q65": "a", "Q102": "a"}, "a", "a"},
		{falconsim.Readings{"Q65": "a", "Q102": "b"}, "a", "b"},
		{falconsim.Readings{"Q65": "a", "Q102": "b", "Q53": "b"}, "a", "b"}, // a 400, as every query with an error
		{falconsim.Readings{"Q65": "b", "Q03": "b"}, "b", ""},
		{falconsim.Readings{"Q65": "b", "Q03": "c"}, "", ""}, // whether the client lacks the scope is not known
	} {
		sim := falconsim.New(falconsim.Options{Readings: test.readings, Scopes: []string{scopeGraphQL, scopeClientsRead}, Users: 3})
		report := checked(t, sim, Options{})
		for id, want := range map[string]string{"Q65": test.q65, "Q102": test.q102} {
			if a := answerTo(t, report, id); a.Reading != want {
				t.Errorf("%v: %s is %q, want %q: %s", test.readings, id, a.Reading, want, a.Evidence)
			}
		}
	}
}

// Q55 needs a 429.
func TestCheck_rateLimit(t *testing.T) {
	t.Parallel()
	for _, letter := range []string{"a", "b", "c"} {
		synctest.Test(t, func(t *testing.T) {
			sim := falconsim.New(falconsim.Options{Readings: falconsim.Readings{"Q55": letter}, RateLimit: 5})
			var lines []string
			report := checked(t, sim, Options{
				Config: configOf(sim, &inProcess{handler: sim}), Progress: func(line string) { lines = append(lines, line) },
			})
			if a := answerTo(t, report, "Q55"); a.Reading != letter {
				t.Errorf("Q55=%s is %q: %s", letter, a.Reading, a.Evidence)
			}
			if !slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, waitingLine+" ") }) {
				t.Errorf("the progress does not mention the wait: %q", lines)
			}
			if a := answerTo(t, report, "Q101"); !a.Settled() {
				t.Errorf("the check did not go on after the wait: %s", a.Evidence)
			}
		})
	}
}

// Q66 needs more than 10,000 hosts.
func TestCheck_manyHosts(t *testing.T) {
	t.Parallel()
	for _, letter := range []string{"a", "b"} {
		sim := falconsim.New(falconsim.Options{Readings: falconsim.Readings{"Q66": letter}, Hosts: 10_001, Scopes: []string{scopeAssessments}})
		if a := answerTo(t, checked(t, sim, Options{}), "Q66"); a.Reading != letter {
			t.Errorf("Q66=%s is %q: %s", letter, a.Reading, a.Evidence)
		}
	}
}
