package apiclient_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// The token signs in another provider. It has another name here, because the test framework runs one server for all
// configurations of a provider, while Terraform runs one for each.
func TestAccAccessToken(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{MemberCIDs: []string{memberOne}})
	providers := acctest.Factories()
	providers["child"] = providers["falcon"]
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{{
			Config: acctest.ProviderConfig(sim) + `
ephemeral "falcon_access_token" "child" {
  member_cid = "` + memberOne + `"
}

provider "child" {
  base_url     = ephemeral.falcon_access_token.child.base_url
  access_token = ephemeral.falcon_access_token.child.access_token
}

data "falcon_tenant" "child" {
  provider = child
}
`,
			ConfigStateChecks: []statecheck.StateCheck{acctest.Expect("data.falcon_tenant.child", "cid", knownvalue.StringExact(memberOne))},
		}},
	})
	issued := 0
	for _, r := range sim.Requests() {
		if form, ok := r.Body.(map[string]any); ok && form["member_cid"] == memberOne {
			issued++
		}
	}
	if revoked := acctest.DoneCalls(sim, revokePath); revoked != issued || issued == 0 {
		t.Errorf("%d tokens issued for the member, %d revoked", issued, revoked)
	}
}
