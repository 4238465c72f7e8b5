package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// Where falconsim runs Terraform, a cloud in the provider block does not lead to a real tenant, and another base URL is refused
// before any request.
func TestSimulatorIsTheOnlyTenant(t *testing.T) {
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	t.Setenv("FALCON_SIMULATOR", sim.URL)
	t.Setenv("FALCON_BASE_URL", sim.URL)
	block := acctest.Arguments{"cloud": "us-2", "client_id": sim.ClientID(), "client_secret": sim.ClientSecret()}
	diags := p.Configure(block)
	p.WantNoError(diags)
	if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning); !strings.HasPrefix(text, "cloud: ") || !strings.Contains(text, "us-2 is ignored") {
		t.Errorf("warnings: %s", text)
	}
	tenant, diags := p.Data("falcon_tenant", nil)
	p.WantNoError(diags)
	if cid := p.Text(tenant, "cid"); cid != sim.CID() {
		t.Errorf("the tenant is %s", cid)
	}

	sim.ResetRequests()
	other := acctest.NewSim(t, falconsim.Options{Seed: 2})
	delete(block, "cloud")
	block["base_url"] = other.URL
	if text := acctest.Messages(p.Configure(block), tfprotov6.DiagnosticSeverityError); !strings.HasPrefix(text, "base_url: ") || !strings.Contains(text, "Only the simulator") {
		t.Errorf("errors: %s", text)
	}
	if len(sim.Requests())+len(other.Requests()) > 0 {
		t.Error("a refused address received a request")
	}
}
