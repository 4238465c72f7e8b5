package provider_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// integration is a workspace with the example of an integration, ready for plan.
func integration(t *testing.T, sim *falconsim.Running, name string, variables map[string]string) *acctest.Terraform {
	t.Helper()
	w := acctest.NewTerraform(t, sim, variables)
	w.Add(filepath.Join("integrations", name), func(file string) bool { return filepath.Ext(file) == ".tf" })
	w.Run("init")
	return w
}

// signIn requests a token as the receiving product does, and revokes it.
func signIn(t *testing.T, sim *falconsim.Running, id, secret string) {
	t.Helper()
	post := func(path string, form url.Values) int {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, sim.URL+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
		return resp.StatusCode
	}
	if status := post(acctest.TokenPath, url.Values{"client_id": {id}, "client_secret": {secret}}); status != http.StatusCreated {
		t.Errorf("the receiving product could not sign in: %d", status)
	}
}

// A fault in the middle of an apply is retried, or repaired by the next apply. Nothing is created twice, nothing is left
// behind, and the resulting client secret works.
func TestAccIntegrations_faults(t *testing.T) {
	t.Parallel()
	past := http.Header{"X-Ratelimit-Retryafter": {strconv.FormatInt(time.Now().Add(-time.Minute).Unix(), 10)}}
	faults := map[string][]falconsim.Fault{
		"rate limited everywhere": {
			{Status: http.StatusTooManyRequests, Header: past, Path: acctest.ClientsPath, Times: 1},
			{Status: http.StatusTooManyRequests, Header: past, Path: acctest.ConfigsPath, Times: 1},
			{Status: http.StatusTooManyRequests, Header: past, Path: acctest.ImportPath, Times: 1},
			{Status: http.StatusTooManyRequests, Header: past, Path: acctest.GraphqlPath, Times: 1},
		},
		"answers lost after the creates": {
			{Kind: falconsim.FaultDropAfter, Method: http.MethodPost, Path: acctest.ClientsPath, Times: 1},
			{Kind: falconsim.FaultDropAfter, Method: http.MethodPost, Path: acctest.ConfigsPath, Times: 1},
			{Kind: falconsim.FaultDropAfter, Method: http.MethodPost, Path: acctest.ImportPath, Times: 2},
		},
		"connections lost before the creates": {
			{Kind: falconsim.FaultDropBefore, Method: http.MethodPost, Path: acctest.ClientsPath, Times: 1},
			{Kind: falconsim.FaultDropBefore, Method: http.MethodPost, Path: acctest.ConfigsPath, Times: 1},
			{Kind: falconsim.FaultDropBefore, Method: http.MethodPost, Path: acctest.ImportPath, Times: 2},
		},
		"a proxy in the way": {
			{Kind: falconsim.FaultHTML, Method: http.MethodPost, Path: acctest.ClientsPath, Times: 1},
			{Kind: falconsim.FaultHTML, Method: http.MethodPost, Path: acctest.WorkflowActionsPath, Times: 1},
			{Kind: falconsim.FaultTruncate, Method: http.MethodPost, Path: acctest.GraphqlPath, Times: 1},
		},
		"server errors while reading": {
			{Status: http.StatusServiceUnavailable, Method: http.MethodGet, Times: 4},
			{Status: http.StatusInternalServerError, Method: http.MethodPost, Path: acctest.GraphqlPath, Times: 1},
		},
	}
	for _, name := range exampleIntegrations(t) {
		for fault, list := range faults {
			if name != "zscaler_adaptive_access" && !strings.HasPrefix(fault, "answers lost") {
				continue // the others have nothing but an API client, whose own tests have the rest
			}
			t.Run(name+"/"+fault, func(t *testing.T) {
				t.Parallel()
				sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites(), Users: 60})
				before := sim.Tenant()
				w := integration(t, sim, name, exampleVariables)
				for _, f := range list {
					if err := sim.Inject(f); err != nil {
						t.Fatal(err)
					}
				}
				applies := 1
				for out, code := w.Attempt("apply", "-auto-approve"); code != 0; out, code = w.Attempt("apply", "-auto-approve") {
					if applies++; applies > 3 {
						t.Fatalf("the third apply still fails:\n%s", out)
					}
				}
				hit := 0
				for _, r := range sim.Requests() {
					if r.Fault != "" {
						hit++
					}
				}
				if hit == 0 {
					t.Error("no request met the fault")
				}
				sim.ClearFaults()
				w.WantPlan(false)
				outputs := w.Outputs()
				checkOutputs(t, sim, name, outputs)
				signIn(t, sim, outputs["client_id"].(string), outputs["client_secret"].(string))
				if made := len(sim.Clients()) - len(before.APIClients); made != 1 {
					t.Errorf("%d API clients were made", made)
				}
				w.Run("destroy", "-auto-approve")
				if got, want := asJSON(t, sim.Tenant()), asJSON(t, before); got != want {
					t.Errorf("after %d applies and a destroy the tenant is\n%s\nwant:\n%s", applies, got, want)
				}
			})
		}
	}
}

// If the tenant has no write operation for webhook configurations, the apply ends with the values to enter in the console,
// and the next one continues from there.
func TestAccIntegrations_webhookByHand(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	w := integration(t, sim, "zscaler_adaptive_access", exampleVariables)
	out, code := w.Attempt("apply", "-auto-approve")
	if code == 0 || !strings.Contains(out, "CrowdStrike Store → the app CrowdStrike Webhook → Configure") || !strings.Contains(out, exampleVariables["webhook_url"]) {
		t.Fatalf("the first apply ended with %d and must print the steps:\n%s", code, out)
	}
	if strings.Contains(out, coretest.TestKey) {
		t.Error("the steps hold the HMAC secret")
	}
	id, err := sim.CreatePluginConfig("Zscaler Adaptive Access", exampleVariables["webhook_url"], coretest.TestKey, "")
	if err != nil {
		t.Fatal(err)
	}
	before := sim.Tenant()
	w.Run("apply", "-auto-approve")
	w.WantPlan(false)
	if flows := sim.Workflows(); len(flows) != 3 || !strings.Contains(asJSON(t, flows), id) {
		t.Errorf("the workflows do not call the configuration %s:\n%s", id, asJSON(t, flows))
	}
	if len(sim.Clients()) != len(before.APIClients) {
		t.Error("the second apply made another API client")
	}
	w.Run("destroy", "-auto-approve")
	if left := sim.PluginConfigs(); !slices.Equal(left, before.PluginConfigs) {
		t.Errorf("an adopted configuration must stay, the tenant has %v", left)
	}
	w.NoSecret(coretest.TestKey)
}

// With a recipient's key the client secret is nowhere in plain text: not in state, plans or Terraform's own trace.
func TestAccIntegrations_sealedSecret(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	variables := map[string]string{"secret_recipient": identity.Recipient().String()}
	for name, value := range exampleVariables {
		variables[name] = value
	}
	for _, name := range exampleIntegrations(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
			w := integration(t, sim, name, variables)
			w.Env = append(w.Env, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(w.Dir, "trace.log"))
			w.Run("plan", "-out=saved")
			out := w.Run("apply", "saved")
			w.WantPlan(false)
			outputs := w.Outputs()
			sealed, _ := outputs["encrypted_client_secret"].(string)
			secret := coretest.OpenAge(t, sealed, identity)
			signIn(t, sim, outputs["client_id"].(string), secret)
			if outputs["client_secret"] != nil {
				t.Error("the output client_secret is not null")
			}
			if strings.Contains(out, probeFails) || strings.Contains(out, secret) {
				t.Errorf("without a secret there is nothing to probe, and nothing to print:\n%s", out)
			}
			w.NoSecret(secret)
			w.NoSecret(coretest.TestKey)
		})
	}
}
