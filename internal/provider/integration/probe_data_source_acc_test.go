package integration_test

import (
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// An output shows that the test succeeded, and the secret of the tested client is not in the state of the data source.
func TestAccProbeDataSource(t *testing.T) {
	t.Parallel()
	const secret = "secret of the tested client"
	sim := acctest.NewSim(t, falconsim.Options{})
	sim.AddClient("7e577e577e577e577e577e577e577e57", secret, []string{"identity-entities:read", "identity-assessment:read", "identity-graphql:write"})
	w := acctest.NewTerraform(t, sim, nil)
	w.Write("main.tf", acctest.RequiredFalcon+`
data "falcon_integration_probe" "test" {
  integration   = "zscaler_uvm_identity"
  client_id     = "7e577e577e577e577e577e577e577e57"
  client_secret = "`+secret+`"
}
output "works" {
  value = data.falcon_integration_probe.test.ok
}
`)
	w.Run("init")
	if out := w.Run("apply", "-auto-approve"); !strings.Contains(out, "works = true") || strings.Contains(out, "Warning") {
		t.Errorf("got:\n%s", out)
	}
	w.WantPlan(false)
	if state := w.Run("state", "pull"); strings.Contains(state, secret) {
		t.Errorf("the secret is in the state:\n%s", state)
	}
}
