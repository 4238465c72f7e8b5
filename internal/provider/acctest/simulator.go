package acctest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
)

// NewSim starts a simulated tenant, over HTTP, for one test.
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

// Factories are the providers of a terraform-plugin-testing test, served in process.
func Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"falcon": func() (tfprotov6.ProviderServer, error) { return NewServer(provider.New("test")())(), nil },
	}
}

// ProviderConfig returns the provider block for the simulator. Nothing comes from the environment, so that tests can run
// in parallel.
func ProviderConfig(sim *falconsim.Running) string {
	return ProviderConfigFor(sim, sim.ClientID(), sim.ClientSecret())
}

// ProviderConfigFor is ProviderConfig for another API client of the tenant.
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

// ConsoleClient returns an API client of the tenant that changes objects outside of Terraform.
func ConsoleClient(t *testing.T, sim *falconsim.Running) *falcon.Client {
	t.Helper()
	c, err := falcon.New(context.Background(), falcon.Config{ClientID: sim.ClientID(), ClientSecret: sim.ClientSecret(), BaseURL: sim.URL})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// ClientNamed returns the only API client with a name.
func ClientNamed(t *testing.T, c *falcon.Client, name string) falcon.APIClient {
	t.Helper()
	found, err := c.APIClientsByName(context.Background(), name)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 {
		t.Fatalf("%d API clients are named %q, want 1", len(found), name)
	}
	return found[0]
}
