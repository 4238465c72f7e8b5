package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// The examples of the pages apply as they are, and plan empty afterwards.
func TestAccAPIClient_examples(t *testing.T) {
	t.Parallel()
	for _, file := range []string{
		"resources/falcon_api_client/resource.tf",
		"resources/falcon_api_client/resource_encrypted.tf",
		"data-sources/falcon_tenant/data-source.tf",
		"data-sources/falcon_api_scopes/data-source.tf",
	} {
		t.Run(strings.ReplaceAll(file, "/", " "), func(t *testing.T) {
			t.Parallel()
			example, err := os.ReadFile(filepath.Join("..", "..", "examples", filepath.FromSlash(file)))
			if err != nil {
				t.Fatal(err)
			}
			sim := newSim(t, falconsim.Options{})
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(),
				Steps:                    []resource.TestStep{{Config: providerConfig(sim) + string(example)}},
			})
		})
	}
}

func TestAccTenantAndScopes(t *testing.T) {
	t.Parallel()
	sim := newSim(t, falconsim.Options{})
	const tenant, writes = "data.falcon_tenant.test", "data.falcon_api_scopes.test"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(),
		Steps: []resource.TestStep{{
			Config: providerConfig(sim) + `
data "falcon_tenant" "test" {}

data "falcon_api_scopes" "test" {
  group  = "hosts"
  action = "write"
}
`,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(tenant, tfjsonpath.New("cid"), knownvalue.StringExact(strings.ToLower(sim.CID()))),
				statecheck.ExpectKnownValue(tenant, tfjsonpath.New("ccid"), knownvalue.StringExact(sim.CCID())),
				statecheck.ExpectKnownValue(tenant, tfjsonpath.New("base_url"), knownvalue.StringExact(sim.URL)),
				statecheck.ExpectKnownValue(writes, tfjsonpath.New("ids"), knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("devices:write")})),
			},
		}},
	})
}
