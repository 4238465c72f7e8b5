package integration_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

func TestAccTenantAndScopes(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	const tenant, writes = "data.falcon_tenant.test", "data.falcon_api_scopes.test"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: acctest.ProviderConfig(sim) + `
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
