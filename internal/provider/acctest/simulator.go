package acctest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
)

// NewSim starts a simulated Falcon of the test's own.
func NewSim(t *testing.T, opts falconsim.Options) *falconsim.Running {
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

// NewServer returns a constructor of the server that Terraform talks to.
func NewServer(p frameworkprovider.Provider) func() tfprotov6.ProviderServer {
	return providerserver.NewProtocol6(p)
}

// InProcess is the provider as Terraform talks to it.
func InProcess() (tfprotov6.ProviderServer, error) { return NewServer(provider.New("test")())(), nil }

// Factories serve the provider in-process to the real Terraform.
func Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"falcon": InProcess,
	}
}

// ProviderConfig points the provider to the simulator: nothing comes from the
// environment, so that tests can run side by side.
func ProviderConfig(sim *falconsim.Running) string {
	return ProviderConfigFor(sim, sim.ClientID(), sim.ClientSecret())
}

// ProviderConfigFor is providerConfig for another API client of the tenant.
func ProviderConfigFor(sim *falconsim.Running, id, secret string) string {
	return fmt.Sprintf("provider \"falcon\" {\n  base_url      = %q\n  client_id     = %q\n  client_secret = %q\n}\n", sim.URL, id, secret)
}

// RepoPath returns the path of a file or folder of the repository, whichever package is under test.
func RepoPath(parts ...string) string {
	root := "."
	for range 5 {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		root = filepath.Join(root, "..")
	}
	return filepath.Join(append([]string{root}, parts...)...)
}
