package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// newSim starts a simulated Falcon of the test's own.
func newSim(t *testing.T, opts falconsim.Options) *falconsim.Running {
	t.Helper()
	sim, err := falconsim.Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	return sim
}

// serverOf returns a constructor of the server that Terraform talks to.
func serverOf(p provider.Provider) func() tfprotov6.ProviderServer {
	return providerserver.NewProtocol6(p)
}

// inProcess is the provider as Terraform talks to it.
func inProcess() (tfprotov6.ProviderServer, error) { return serverOf(New("test")())(), nil }

// factories serve the provider in-process to the real Terraform.
func factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"falcon": inProcess,
	}
}

// providerConfig points the provider to the simulator: nothing comes from the
// environment, so that tests can run side by side.
func providerConfig(sim *falconsim.Running) string {
	return providerConfigFor(sim, sim.ClientID(), sim.ClientSecret())
}

// providerConfigFor is providerConfig for another API client of the tenant.
func providerConfigFor(sim *falconsim.Running, id, secret string) string {
	return fmt.Sprintf("provider \"falcon\" {\n  base_url      = %q\n  client_id     = %q\n  client_secret = %q\n}\n", sim.URL, id, secret)
}
