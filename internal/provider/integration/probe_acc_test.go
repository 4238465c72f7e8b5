package integration_test

import (
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// The secret is unknown in the first plan. Later, each run requests one token for the probe, sends one read for each read
// scope, and revokes the token.
func TestAccIntegrationProbe_ofANewClient(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	w := acctest.NewTerraform(t, sim, nil)
	w.Write("main.tf", `
terraform {
  required_providers {
    falcon = { source = "falcon-integrations/falcon" }
  }
}
variable "scopes" {
  type    = set(string)
  default = ["workflow:read", "api-integrations:read", "devices:read", "zero-trust-assessment:read"]
}
resource "falcon_api_client" "new" {
  name   = "new"
  scopes = var.scopes
}
ephemeral "falcon_integration_probe" "new" {
  integration   = "zscaler_adaptive_access"
  client_id     = falcon_api_client.new.client_id
  client_secret = falcon_api_client.new.client_secret
}
check "test_integration" {
  assert {
    condition     = ephemeral.falcon_integration_probe.new.ok != false
    error_message = "The warning of falcon_integration_probe says why."
  }
}
`)
	w.Run("init")
	w.Run("apply", "-auto-approve")
	id := acctest.ClientNamed(t, acctest.Operator(t, sim), "new").ID
	sim.ResetRequests()

	w.WantPlan(false)
	count := map[string]int{}
	for _, r := range sim.Requests() {
		if r.ClientID == id {
			count[r.Method+" "+r.Path]++
		}
	}
	for call, n := range count {
		if n != 1 {
			t.Errorf("the new client sent %d requests %s, want one", n, call)
		}
	}
	for _, call := range []string{"POST /oauth2/token", "POST /oauth2/revoke", "GET /devices/queries/devices/v1", "GET /plugins/combined/configs/v1"} {
		if count[call] != 1 {
			t.Errorf("%d requests %s, want one: %v", count[call], call, count)
		}
	}

	out := w.Run("apply", "-auto-approve", `-var=scopes=["workflow:read","devices:read","zero-trust-assessment:read"]`)
	for _, text := range []string{"will not work with this API client", "api-integrations:read", "API integrations: read"} {
		if !strings.Contains(out, text) {
			t.Errorf("the warning does not say %q:\n%s", text, out)
		}
	}
	if n := strings.Count(out, "will not work with this API client"); n > 2 { // one of the plan and one of the apply
		t.Errorf("%d warnings, want one per run", n)
	}
}
