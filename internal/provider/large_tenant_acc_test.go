package provider_test

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// manyObjects is a configuration with so many objects of each kind.
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
`, workflows, acctest.HclString(acctest.SleepDocument), clients, webhooks)
}

// apiCalls returns the number of requests so far, without those for tokens.
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

// A refresh of 550 objects takes at most ten requests and misses no edit.
func TestAccLargeTenant(t *testing.T) {
	t.Parallel()
	const workflows, clients, webhooks, most = 300, 200, 50, 10
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	w := acctest.NewTerraform(t, sim, nil)
	w.Write("main.tf", manyObjects(workflows, clients, webhooks))
	w.Run("init")
	w.Run("apply", "-auto-approve")
	wantManyOnce(t, sim, workflows, clients, webhooks)

	sim.ResetRequests()
	w.WantPlan(false)
	if calls := apiCalls(sim); len(calls) > most {
		t.Errorf("an empty plan took %d calls, want at most %d: %v", len(calls), most, calls)
	}
	if tokens := len(sim.Requests()) - len(apiCalls(sim)); tokens != 1 {
		t.Errorf("%d tokens were taken", tokens)
	}

	edited := editOneOfEach(t, sim)
	sim.ResetRequests()
	plan := w.WantPlan(true)
	if got := acctest.Changed(plan); !slices.Equal(got, edited) {
		t.Errorf("the plan changes %v, want %v", got, edited)
	}
	// One export, the check of the planned workflow and of its action, and a read of the deleted client.
	if calls := apiCalls(sim); len(calls) > most+4 {
		t.Errorf("a plan with changes took %d calls: %v", len(calls), calls)
	}
	w.Run("apply", "-auto-approve")
	w.WantPlan(false)
	wantManyOnce(t, sim, workflows, clients, webhooks)
}

// editOneOfEach edits one object of each kind outside Terraform and deletes one. It returns their addresses as a plan lists
// them.
func editOneOfEach(t *testing.T, sim *falconsim.Running) []string {
	t.Helper()
	text := "edited"
	errs := []error{}
	for _, c := range sim.Clients() {
		switch c.Name {
		case "client 123":
			errs = append(errs, sim.EditClient(c.ID, falconsim.ClientEdit{Description: &text}))
		case "client 199":
			errs = append(errs, sim.DeleteClient(c.ID))
		}
	}
	for _, w := range sim.Workflows() {
		if w.Name == "flow 299" {
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
	return []string{"falcon_api_client.c[123]", "falcon_api_client.c[199]", "falcon_webhook.p[7]", "falcon_workflow.w[299]"}
}

// Objects created under a rate limit: no request fails because of it, and nothing is created twice. make
// test-limit creates 550, which takes a few minutes.
func TestAccRateLimit(t *testing.T) {
	t.Parallel()
	workflows, clients, webhooks := 12, 20, 5
	if os.Getenv("FALCON_TEST_FULL") != "" {
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
			answers := map[int]int{}
			for _, r := range sim.Requests() {
				answers[r.Status]++
			}
			if answers[http.StatusTooManyRequests] == 0 {
				t.Error("the limit was never met")
			}
			t.Logf("created in %.0f s at 20 requests per second; responses: %v", time.Since(start).Seconds(), answers)
			wantManyOnce(t, sim, workflows, clients, webhooks)
			w.WantPlan(false)
		})
	}
}
