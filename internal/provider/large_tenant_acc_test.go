package provider_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// manyObjects returns a configuration with these numbers of objects.
func manyObjects(workflows, clients, webhooks int) string {
	return fmt.Sprintf(`
resource "falcon_workflow" "w" {
  count      = %d
  name       = "flow ${count.index}"
  definition = %s
}

resource "falcon_api_client" "c" {
  count  = %d
  name   = "client ${count.index}"
  scopes = ["devices:read", "alerts:read"]
}

resource "falcon_webhook" "p" {
  count          = %d
  name           = "hook ${count.index}"
  url            = "https://soar.example/${count.index}"
  hmac_secret_wo = "0123456789-0123456789-0123456789-${count.index}"
}
`, workflows, acctest.HCLString(acctest.SleepDocument), clients, webhooks)
}

// apiCalls returns the requests so far, without those for tokens.
func apiCalls(sim *falconsim.Running) []string {
	var calls []string
	for _, r := range sim.Requests() {
		if r.Path != "/oauth2/token" {
			calls = append(calls, r.Method+" "+r.Path)
		}
	}
	return calls
}

// names counts how often each name occurs.
func names[T any](list []T, name func(T) string) map[string]int {
	count := map[string]int{}
	for _, item := range list {
		count[name(item)]++
	}
	return count
}

// wantManyOnce checks that each object of manyObjects exists exactly once.
func wantManyOnce(t *testing.T, sim *falconsim.Running, workflows, clients, webhooks int) {
	t.Helper()
	for _, kind := range []struct {
		format string
		n      int
		have   map[string]int
	}{
		{"flow %d", workflows, names(sim.Workflows(), func(w falconsim.Workflow) string { return w.Name })},
		{"client %d", clients, names(sim.Clients(), func(c falconsim.APIClient) string { return c.Name })},
		{"hook %d", webhooks, names(sim.PluginConfigs(), func(p falconsim.PluginConfig) string { return p.Name })},
	} {
		for i := range kind.n {
			if name := fmt.Sprintf(kind.format, i); kind.have[name] != 1 {
				t.Errorf("%q exists %d times", name, kind.have[name])
			}
		}
	}
}

// A refresh of 110 objects, or of 550 with FALCON_TEST_FULL=1, takes at most ten requests and detects every edit.
func TestAccLargeTenant(t *testing.T) {
	t.Parallel()
	const most = 10
	workflows, clients, webhooks := 60, 40, 10
	if acctest.FullTests() {
		workflows, clients, webhooks = 300, 200, 50
	}
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	w := acctest.NewTerraform(t, sim, nil)
	w.Write("main.tf", manyObjects(workflows, clients, webhooks))
	w.Run("init")
	w.Run("apply", "-auto-approve")
	wantManyOnce(t, sim, workflows, clients, webhooks)

	sim.ResetRequests()
	w.WantPlan(false)
	if calls := apiCalls(sim); len(calls) > most {
		t.Errorf("an empty plan took %d requests, want at most %d: %v", len(calls), most, calls)
	}
	if tokens := len(sim.Requests()) - len(apiCalls(sim)); tokens != 1 {
		t.Errorf("%d tokens were requested", tokens)
	}

	edited := editOneOfEach(t, sim, workflows, clients)
	sim.ResetRequests()
	plan := w.WantPlan(true)
	if got := acctest.ChangedAddresses(plan); !slices.Equal(got, edited) {
		t.Errorf("the plan changes %v, want %v", got, edited)
	}
	// One export, the check of the planned workflow and of its action, and a lookup of the deleted client.
	if calls := apiCalls(sim); len(calls) > most+4 {
		t.Errorf("a plan with changes took %d requests: %v", len(calls), calls)
	}
	w.Run("apply", "-auto-approve")
	w.WantPlan(false)
	wantManyOnce(t, sim, workflows, clients, webhooks)
}

// editOneOfEach edits one object of each kind in the console and deletes one. It returns their addresses in the order of a
// plan.
func editOneOfEach(t *testing.T, sim *falconsim.Running, workflows, clients int) []string {
	t.Helper()
	text := "edited"
	errs := []error{}
	for _, c := range sim.Clients() {
		switch c.Name {
		case "client 23":
			errs = append(errs, sim.EditClient(c.ID, falconsim.ClientEdit{Description: &text}))
		case fmt.Sprintf("client %d", clients-1):
			errs = append(errs, sim.DeleteClient(c.ID))
		}
	}
	for _, w := range sim.Workflows() {
		if w.Name == fmt.Sprintf("flow %d", workflows-1) {
			errs = append(errs, sim.SetWorkflowEnabled(w.ID, false))
		}
	}
	for _, p := range sim.PluginConfigs() {
		if p.Name == "hook 7" {
			address := "https://elsewhere.example"
			errs = append(errs, sim.EditPluginConfig(p.ID, falconsim.PluginConfigEdit{URL: &address}))
		}
	}
	if len(errs) != 4 {
		t.Fatalf("%d edits", len(errs))
	}
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	return []string{
		"falcon_api_client.c[23]", fmt.Sprintf("falcon_api_client.c[%d]", clients-1), "falcon_webhook.p[7]", fmt.Sprintf("falcon_workflow.w[%d]", workflows-1),
	}
}

// Objects are created under a rate limit: no request fails, nothing is created twice. make test-limit creates 550, which
// takes a few minutes.
func TestAccRateLimit(t *testing.T) {
	t.Parallel()
	workflows, clients, webhooks := 12, 20, 5
	if acctest.FullTests() {
		workflows, clients, webhooks = 300, 200, 50
	}
	for name, unit := range map[string]string{"seconds": "a", "milliseconds": "b"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.Readings{"Q12": "b", "Q55": unit}, RateLimit: 20})
			w := acctest.NewTerraform(t, sim, nil)
			w.Write("main.tf", manyObjects(workflows, clients, webhooks))
			w.Run("init")
			start := time.Now()
			w.Run("apply", "-auto-approve")
			statuses := map[int]int{}
			for _, r := range sim.Requests() {
				statuses[r.Status]++
			}
			if statuses[http.StatusTooManyRequests] == 0 {
				t.Error("the limit was never reached")
			}
			t.Logf("created in %.0f s at 20 requests per second; statuses: %v", time.Since(start).Seconds(), statuses)
			wantManyOnce(t, sim, workflows, clients, webhooks)
			w.WantPlan(false)
		})
	}
}
