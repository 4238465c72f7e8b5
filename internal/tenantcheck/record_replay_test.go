package tenantcheck

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"
)

// recordOf checks a simulated tenant and returns its record.
func recordOf(t *testing.T, sim *falconsim.Server) (*tenantfacts.Facts, string) {
	t.Helper()
	report, err := Check(t.Context(), Options{Config: configOf(sim, &inProcess{handler: sim})})
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
		Seed: int64(random.IntN(1000) + 2), Readings: seededReadings(seed), NoSlackConfig: random.IntN(3) == 0,
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
	for seed := range uint64(100) {
		clock := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
		opts := randomTenant(seed)
		opts.Now = func() time.Time { return clock }
		sim := falconsim.New(opts)
		fill(t, sim, seed)
		if seed%2 == 0 { // executions have ended
			clock = clock.Add(time.Hour)
		}
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

// The same for a tenant with enough objects to settle everything that reads can settle.
func TestRecord_replayRichTenant(t *testing.T) {
	t.Parallel()
	for seed := range 6 * plantedSeeds() {
		synctest.Test(t, func(t *testing.T) {
			sim := richTenant(t, falconsim.Options{Readings: seededReadings(seed), Users: 5})
			facts, first := recordOf(t, sim)
			again := falconsim.New(falconsim.Options{Seed: 1, Facts: facts})
			if _, second := recordOf(t, again); second != first {
				t.Errorf("seed %d: the record of the replayed tenant differs:\n%s", seed, difference(first, second))
			}
		})
	}
}

// fill adds objects to the tenant, so that more questions are settled: any number of webhooks, workflows with versions, notes and
// configurations, executions, and hosts.
func fill(t *testing.T, sim *falconsim.Server, seed uint64) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 4)) //nolint:gosec // reproducible
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	if random.IntN(6) == 0 {
		for _, host := range sim.Hosts() {
			must(sim.DeleteHost(host.AgentID))
		}
	}
	config := ""
	for i := range random.IntN(3) {
		var err error
		config, err = sim.CreatePluginConfig(fmt.Sprintf("webhook %d", i), "https://receiver.example/hook", strings.Repeat("k", 32), "")
		must(err)
	}
	action := `{"id": "aadbf530e35fc452a032f5f8acaaac2a", "version_constraint": "~1", "properties": {"text_data": "text"}}`
	workflow := func(name, action, more string) string {
		id, err := sim.CreateWorkflow([]byte(fmt.Sprintf(`{"name": %q, "trigger": {"type": "On demand", "next": ["a"]}, "actions": {"a": %s}%s}`, name, action, more)), false)
		must(err)
		return id
	}
	count := []int{0, 0, 1, 4, 12}[random.IntN(5)]
	versioned := random.IntN(3) * 5
	for i := range count {
		id := workflow(fmt.Sprintf("workflow %d", i), action, "")
		for range random.IntN(4) {
			if i < versioned {
				must(sim.SetWorkflowEnabled(id, i%2 == 0))
			}
		}
	}
	if count == 0 {
		return
	}
	if random.IntN(2) == 0 {
		workflow("with a note", action, `, "disconnected_nodes": ["note"]`)
	}
	if random.IntN(2) == 0 {
		workflow("with a configuration", `{"id": "184239ceb8a046cfb159228abd7cc67e", "properties": {"config_id": "`+strings.Repeat("0", 32)+`", "json": {"text": "text"}}}`, "")
	}
	if config != "" && random.IntN(2) == 0 {
		workflow("that calls a webhook", `{"id": "`+definition.CallWebhookID+`", "properties": {"config_id": "`+config+`", "webhook_config_id": "`+config+`"}}`, "")
	}
	if random.IntN(2) == 0 {
		run := workflow("that ran", action, "")
		must(sim.SetWorkflowEnabled(run, true))
		must(runOnce(t, sim, run))
	}
}

// runOnce runs a workflow on demand.
func runOnce(t *testing.T, sim *falconsim.Server, id string) error {
	t.Helper()
	_, secret, err := sim.CreateClient("runner", "", []string{"workflow:write"})
	if err != nil {
		return err
	}
	var runner falconsim.APIClient
	for _, c := range sim.Clients() {
		if c.Name == "runner" {
			runner = c
		}
	}
	o := &observer{base: &inProcess{handler: sim}}
	token := tokenOf(t, sim, runner.ID, secret)
	send(t, o, token, http.MethodPost, "/workflows/entities/execute/v1?definition_id="+id, "application/json", "{}")
	if got := o.all()[0]; got.status != http.StatusOK {
		return fmt.Errorf("run: %d %v", got.status, got.messages())
	}
	return sim.DeleteClient(runner.ID)
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

// The same with what only writing settles. The record also has nothing of the sandbox.
func TestRecord_replayWrite(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		synctest.Test(t, func(t *testing.T) {
			record := func(sim *falconsim.Server) (*tenantfacts.Facts, string) {
				report := checked(t, sim, Options{Config: configOf(sim, &inProcess{handler: sim}), Write: &WriteOptions{TryWebhookWrite: seed%2 == 0}})
				facts := report.Record()
				text, err := facts.Encode()
				if err != nil {
					t.Fatal(err)
				}
				return facts, string(text)
			}
			facts, first := record(richTenant(t, falconsim.Options{Readings: seededReadings(seed), Users: 5}))
			if len(facts.Readings) < 40 {
				t.Errorf("seed %d: only %d readings", seed, len(facts.Readings))
			}
			if _, second := record(falconsim.New(falconsim.Options{Seed: 1, Facts: facts})); second != first {
				t.Errorf("seed %d: the record of the replayed tenant differs:\n%s", seed, difference(first, second))
			}
		})
	}
}
