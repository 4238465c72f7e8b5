package provider_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/integrations"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// receiverOutputs are what a person copies into the other product; every example has them.
var receiverOutputs = []string{
	"base_url", "client_id", "client_secret", "encrypted_client_secret", "customer_id", "customer_id_with_checksum", "dropped_scopes",
}

// probeFails is the warning that the receiver's own test would fail.
const probeFails = "will not work with this API client"

// Every integration has an example, and every example goes through the life of a set-up: planned and applied from a
// saved plan, planned again without a change, changed in the console and healed, destroyed without a trace.
func TestAccIntegrations(t *testing.T) {
	t.Parallel()
	for _, name := range exampleIntegrations(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites(), Hosts: 12, Users: 60})
			before := sim.Tenant()
			w := acctest.NewTerraform(t, sim, exampleVariables)
			w.Add(filepath.Join("integrations", name), func(file string) bool { return filepath.Ext(file) == ".tf" })

			w.Run("init")
			w.Run("validate")
			w.Run("plan", "-out=saved")
			out := w.Run("apply", "saved")
			if strings.Contains(out, probeFails) {
				t.Errorf("the receiver's test would fail after the apply:\n%s", out)
			}
			w.WantPlan(false)
			checkOutputs(t, sim, name, w.Outputs())

			clean := sim.Tenant()
			edits, tested := editEverything(t, sim, before)
			plan := w.WantPlan(true)
			if got := acctest.Changed(plan); len(got) != edits {
				t.Errorf("the plan changes %v after %d edits in the console:\n%s", got, edits, plan)
			}
			if strings.Contains(plan, "OpenTofu will perform") {
				tested = false // OpenTofu opens no ephemeral resource while planning a change of what it refers to
			}
			if got := strings.Contains(plan, probeFails); got != tested {
				t.Errorf("the API client lost a scope; a warning of it in the plan: %t, want %t:\n%s", got, tested, plan)
			}
			w.Run("apply", "-auto-approve")
			if plan = w.WantPlan(false); strings.Contains(plan, probeFails) {
				t.Errorf("the receiver's test would fail after the repair:\n%s", plan)
			}
			if got, want := managed(sim.Tenant()), managed(clean); got != want {
				t.Errorf("the apply did not heal the tenant:\n%s\nwant:\n%s", got, want)
			}

			w.NoSecret(coretest.TestKey)
			w.Run("destroy", "-auto-approve")
			if got, want := asJSON(t, sim.Tenant()), asJSON(t, before); got != want {
				t.Errorf("destroy left the tenant as\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// exampleIntegrations are the folders of the examples, which must be the integrations that the provider knows.
func exampleIntegrations(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(acctest.ExamplesDir, "integrations"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	want := slices.Sorted(slices.Values(integrations.Names()))
	if !slices.Equal(names, want) {
		t.Errorf("the examples are %v, the integrations are %v", names, want)
	}
	return names
}

// checkOutputs compares what a person would copy into the other product with the tenant.
func checkOutputs(t *testing.T, sim *falconsim.Running, name string, got map[string]any) {
	t.Helper()
	for _, output := range receiverOutputs {
		if _, there := got[output]; !there && output != "encrypted_client_secret" { // null without secret_recipient, and then left out
			t.Errorf("there is no output %s", output)
		}
	}
	for output, want := range map[string]string{"base_url": sim.URL, "customer_id": strings.ToLower(sim.CID()), "customer_id_with_checksum": sim.CCID()} {
		if got[output] != want {
			t.Errorf("output %s is %v, want %s", output, got[output], want)
		}
	}
	preset, err := integrations.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(sim.Clients(), func(c falconsim.APIClient) bool { return c.ID == got["client_id"] })
	if i < 0 {
		t.Fatalf("no API client has the id %v", got["client_id"])
	}
	dropped := []string{}
	for _, scope := range got["dropped_scopes"].([]any) {
		dropped = append(dropped, scope.(string))
	}
	if all, want := sorted(sim.Clients()[i].Scopes, dropped), sorted(preset.Scopes); !slices.Equal(all, want) {
		t.Errorf("scopes given and dropped are %v, want %v", all, want)
	}
	for _, scope := range dropped {
		if !slices.Contains([]string{"detects:read", "detects:write", "incidents:read", "incidents:write", "iocs:read"}, scope) {
			t.Errorf("%s is dropped, though the tenant offers it", scope)
		}
	}
	if secret, _ := got["client_secret"].(string); len(secret) < 32 {
		t.Error("the output client_secret holds no secret")
	}
}

func sorted(lists ...[]string) []string {
	all := slices.Concat(lists...)
	slices.Sort(all)
	return all
}

// editEverything changes in the console each object that was not there before. It says how many those are, and whether
// an API client lost a scope that a probe can test: of those that nothing but writing needs it cannot tell.
func editEverything(t *testing.T, sim *falconsim.Running, before falconsim.Tenant) (edits int, tested bool) {
	t.Helper()
	edit := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		edits++
	}
	for _, c := range sim.Clients() {
		if slices.ContainsFunc(before.APIClients, func(b falconsim.APIClient) bool { return b.ID == c.ID }) {
			continue
		}
		lost := max(0, slices.IndexFunc(c.Scopes, func(s string) bool { return s == "devices:read" || s == "identity-assessment:read" }))
		tested = tested || strings.HasSuffix(c.Scopes[lost], ":read")
		other := "edited in the console"
		edit(sim.EditClient(c.ID, falconsim.ClientEdit{Description: &other, Scopes: slices.Delete(slices.Clone(c.Scopes), lost, lost+1)}))
	}
	for _, p := range sim.PluginConfigs() {
		if slices.ContainsFunc(before.PluginConfigs, func(b falconsim.PluginConfig) bool { return b.ID == p.ID }) {
			continue
		}
		moved := acctest.MovedURL
		edit(sim.EditPluginConfig(p.ID, falconsim.PluginConfigEdit{URL: &moved}))
	}
	for _, f := range sim.Workflows() {
		if slices.ContainsFunc(before.Workflows, func(b falconsim.Workflow) bool { return b.ID == f.ID }) {
			continue
		}
		edit(sim.SetWorkflowEnabled(f.ID, false))
	}
	return edits, tested
}

// times are what a repair changes for good.
var times = regexp.MustCompile(`"(last_modified|last_modified_timestamp|version)": [^\n]*\n`)

// managed is what a tenant holds, without versions and times.
func managed(tenant falconsim.Tenant) string {
	text, err := json.MarshalIndent(tenant, "", " ")
	if err != nil {
		return err.Error()
	}
	return times.ReplaceAllString(string(text), "")
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The id of an existing webhook configuration, passed on by the example, adopts it: nothing is written, and a destroy leaves
// it in Falcon.
func TestAccIntegrations_adoptsByID(t *testing.T) {
	t.Parallel()
	const name = "zscaler_adaptive_access"
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites(), Hosts: 12})
	id, err := sim.CreatePluginConfig("Zscaler Adaptive Access", acctest.WebhookURL, coretest.TestKey, "")
	if err != nil {
		t.Fatal(err)
	}
	before := asJSON(t, sim.PluginConfigs())
	w := acctest.NewTerraform(t, sim, map[string]string{"webhook_url": acctest.WebhookURL, "webhook_config_id": id, "hmac_secret": coretest.TestKey})
	w.Add(filepath.Join("integrations", name), func(file string) bool { return filepath.Ext(file) == ".tf" })
	w.Run("init")
	w.WantOutput(w.Run("apply", "-auto-approve"), "is adopted")
	w.WantPlan(false)
	w.Run("destroy", "-auto-approve")
	if after := asJSON(t, sim.PluginConfigs()); after != before {
		t.Errorf("the adopted configuration changed:\n%s\nbefore:\n%s", after, before)
	}
}
