package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// newRecipe returns a folder with a file of examples/recipes. The provider signs in with variables of the environment.
func newRecipe(t *testing.T, sim *falconsim.Running, file string) *acctest.Terraform {
	t.Helper()
	w := acctest.NewTerraformWithProcesses(t)
	w.Env = append(w.Env, "FALCON_BASE_URL="+sim.URL, "FALCON_CLIENT_ID="+sim.ClientID(), "FALCON_CLIENT_SECRET="+sim.ClientSecret())
	w.Write("main.tf", acctest.RequiredFalcon+acctest.Example(t, "recipes/"+file))
	return w
}

// The key of a saved plan is generated in its apply, which needs no variable. Only a new version replaces it.
func TestAccRecipe_hmacKeyStore(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	w := newRecipe(t, sim, "hmac_key_store.tf")
	w.NeedTerraform("1.16.0", "The block store of terraform_data needs")
	planAndApply := func(want string) string {
		t.Helper()
		w.WantOutput(w.Run("plan", "-out=plan"), want)
		w.Run("apply", "plan")
		w.WantPlan(false)
		key := w.Run("output", "-raw", "hmac_key")
		for _, c := range sim.PluginConfigs() {
			if c.Name == "Receiver" {
				return key
			}
		}
		t.Fatal("the webhook configuration is missing")
		return ""
	}
	first := planAndApply("2 to add")
	if len(first) != 72 {
		t.Errorf("the key has %d characters", len(first))
	}
	config := strings.Replace(acctest.Example(t, "recipes/hmac_key_store.tf"), "version   = 1", "version   = 2", 1)
	w.Write("main.tf", acctest.RequiredFalcon+config)
	if second := planAndApply("2 to change"); second == first {
		t.Error("a new version keeps the key")
	}
	// An ephemeral variable is needed only when the version changes.
	w.Write("main.tf", acctest.RequiredFalcon+strings.NewReplacer("version   = 1", "version   = 3", `"${uuid()}${uuid()}"`, "var.key").Replace(acctest.Example(t, "recipes/hmac_key_store.tf"))+
		"variable \"key\" {\n  type      = string\n  ephemeral = true\n  default   = null\n}\n")
	w.Run("apply", "-auto-approve", "-var=key="+coretest.TestKey)
	w.WantPlan(false)
	if got := w.Run("output", "-raw", "hmac_key"); got != coretest.TestKey {
		t.Errorf("the key is %q", got)
	}
	w.Run("destroy", "-auto-approve")
}

// What a failed run means for the next plan, by on_failure.
func TestAccRecipe_onFailure(t *testing.T) {
	t.Parallel()
	for mode, tt := range map[string]struct {
		status  int
		changed bool // the next plan runs the workflow again
	}{
		"taint":    {1, true},
		"halt":     {1, false},
		"continue": {0, false},
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{})
			w := newRecipe(t, sim, "run_on_failure.tf")
			w.NeedTerraform("1.16.0", "on_failure of an action_trigger needs")
			config := acctest.Example(t, "recipes/run_on_failure.tf")
			w.Write("main.tf", acctest.RequiredFalcon+strings.Replace(config, "on_failure = taint", "on_failure = "+mode, 1))
			w.Run("apply", "-auto-approve", "-target=falcon_workflow.health_check")
			id := acctest.OnlyWorkflow(t, sim).ID
			if err := sim.SetOutcome(id, "Failed"); err != nil {
				t.Fatal(err)
			}
			w.WantOutput(w.RunExit(tt.status, "apply", "-auto-approve"), "Workflow failed")
			w.WantOutput(w.Run("state", "list"), "terraform_data.health_check")
			if err := sim.SetOutcome(id, "Completed"); err != nil {
				t.Fatal(err)
			}
			want := 1
			if tt.changed {
				want = 2
			}
			w.WantPlan(tt.changed)
			w.Run("apply", "-auto-approve")
			w.WantPlan(false)
			if n := acctest.CountSuccessful(sim, acctest.ExecutePath); n != want {
				t.Errorf("the workflow ran %d times, want %d", n, want)
			}
			if acctest.OnlyWorkflow(t, sim).ID != id {
				t.Error("the workflow was replaced")
			}
		})
	}
}

// One configuration manages objects in several child tenants, and leaves one of them.
func TestAccRecipe_children(t *testing.T) {
	t.Parallel()
	cids := []string{strings.Repeat("a", 32), strings.Repeat("b", 32)}
	sim := acctest.NewSim(t, falconsim.Options{MemberCIDs: cids})
	w := newRecipe(t, sim, "opentofu_children.tf")
	w.NeedOpenTofu("1.11.0", "for_each of a provider needs")
	apply := func(left string, scanners ...int) {
		t.Helper()
		w.Write("terraform.tfvars", fmt.Sprintf("children = {\n  first = { cid = %q }\n%s}\n", cids[0], left))
		w.Run("apply", "-auto-approve")
		w.WantPlan(false)
		for i, cid := range append([]string{""}, cids...) {
			tenant := sim.Server
			if cid != "" {
				tenant, _ = sim.Member(cid)
			}
			found := 0
			for _, c := range tenant.Clients() {
				if c.Name == "Vulnerability scanner" {
					found++
				}
			}
			if found != scanners[i] {
				t.Errorf("tenant %q has %d API clients of the configuration, want %d", cid, found, scanners[i])
			}
		}
	}
	apply(fmt.Sprintf("  second = { cid = %q }\n", cids[1]), 0, 1, 1)
	apply(fmt.Sprintf("  second = { cid = %q, managed = false }\n", cids[1]), 0, 1, 0)
	apply("", 0, 1, 0)
	// Without the step in between, the provider of the child is missing.
	apply(fmt.Sprintf("  second = { cid = %q }\n", cids[1]), 0, 1, 1)
	w.Write("terraform.tfvars", fmt.Sprintf("children = {\n  first = { cid = %q }\n}\n", cids[0]))
	w.WantOutput(w.RunExit(1, "plan"), "falcon_api_client.scanner[\"second\"]")
}

// lifecycle.enabled deletes the object; the argument enabled of a workflow disables it.
func TestAccRecipe_enabled(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	w := newRecipe(t, sim, "opentofu_enabled.tf")
	w.NeedOpenTofu("1.11.0", "The meta-argument enabled needs")
	apply := func(receiver bool) {
		t.Helper()
		w.Run("apply", "-auto-approve", fmt.Sprintf("-var=receiver=%t", receiver))
		w.RunExit(0, "plan", "-detailed-exitcode", fmt.Sprintf("-var=receiver=%t", receiver))
		found := false
		for _, c := range sim.Clients() {
			found = found || c.Name == "Receiver"
		}
		if flow := acctest.OnlyWorkflow(t, sim); found != receiver || flow.Enabled != receiver {
			t.Errorf("receiver is %t: the API client exists: %t, the workflow is enabled: %t", receiver, found, flow.Enabled)
		}
	}
	apply(true)
	apply(false)
	apply(true)
}

// An API client contains its secret, so what depends on the whole object is sensitive, and no condition of a resource.
func TestAccRecipe_comparedObject(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	for condition, fails := range map[string]string{
		"falcon_api_client.receiver != null":   "Sensitive values",
		"falcon_api_client.receiver == null":   "Sensitive values",
		"can(falcon_api_client.receiver.id)":   "known only after apply",
		"can(falcon_api_client.receiver.name)": "",
	} {
		t.Run(condition, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewTerraform(t, sim, nil)
			w.Write("main.tf", acctest.RequiredFalcon+`
resource "falcon_api_client" "receiver" {
  name   = "Receiver"
  scopes = ["devices:read"]
}
resource "terraform_data" "this" {
  for_each = `+condition+` ? toset(["one"]) : toset([])
}
`)
			if out, code := w.Attempt("plan"); (code != 0) != (fails != "") || !strings.Contains(out, fails) {
				t.Errorf("ended with %d:\n%s", code, out)
			}
		})
	}
}
