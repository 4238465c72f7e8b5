package integration_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// withEcho serves, beside the provider under test, one that keeps ephemeral
// values in state so that they can be looked at.
func withEcho() map[string]func() (tfprotov6.ProviderServer, error) {
	both := maps.Clone(acctest.Factories())
	both["echo"] = echoprovider.NewProviderServer()
	return both
}

// probed is a probe of the integration, whose result "echo.test" shows.
func probed(integration, id, secret string) string {
	return fmt.Sprintf(`
ephemeral "falcon_integration_probe" "test" {
  integration   = %q
  client_id     = %s
  client_secret = %s
}
provider "echo" {
  data = { for k in ["ok", "scopes", "region", "rate_limit", "hint"] : k => ephemeral.falcon_integration_probe.test[k] }
}
resource "echo" "test" {}
`, integration, id, secret)
}

func found(attribute string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey(attribute), check)
}

func states(pairs ...string) knownvalue.Check {
	want := map[string]knownvalue.Check{}
	for i := 0; i < len(pairs); i += 2 {
		want[pairs[i]] = knownvalue.StringExact(pairs[i+1])
	}
	return knownvalue.MapPartial(want)
}

func TestAccIntegrationProbe(t *testing.T) {
	t.Parallel()
	const weak, weakSecret = coretest.OtherConfigID, "secret-of-the-weak-client"
	for name, tt := range map[string]struct {
		opts        falconsim.Options
		scopes      []string // of the client that is tried
		integration string
		secret      string // HCL; "" is the right one
		fault       *falconsim.Fault
		want        []statecheck.StateCheck
	}{
		"works": {
			opts: falconsim.Options{Cloud: "us-2"}, scopes: []string{"workflow:read", "api-integrations:read", "devices:read", "zero-trust-assessment:read"},
			integration: "zscaler_adaptive_access",
			want: []statecheck.StateCheck{
				found("ok", knownvalue.Bool(true)), found("region", knownvalue.StringExact("us-2")), found("rate_limit", knownvalue.Int64Exact(6000)), found("hint", knownvalue.Null()),
				found("scopes", states("workflow:read", "works", "devices:read", "works", "zero-trust-assessment:read", "works", "api-integrations:read", "works",
					"detects:read", "retired", "incidents:read", "retired", "iocs:read", "retired")),
			},
		},
		"a scope is missing": {
			scopes: []string{"workflow:read", "api-integrations:read", "zero-trust-assessment:read"}, integration: "zscaler_adaptive_access",
			want: []statecheck.StateCheck{found("ok", knownvalue.Bool(false)), found("scopes", states("devices:read", "denied", "workflow:read", "works")), found("hint", knownvalue.NotNull())},
		},
		"identity": {
			opts: falconsim.Options{Users: 3}, scopes: []string{"identity-graphql:write", "identity-entities:read"}, integration: "zscaler_uvm_identity",
			want: []statecheck.StateCheck{found("ok", knownvalue.Bool(false)), found("scopes", states("identity-graphql:write", "not_tested", "identity-entities:read", "works", "identity-assessment:read", "denied"))},
		},
		"write scopes only": {
			scopes: []string{"identity-graphql:write"}, integration: "netskope_risk_exchange",
			want: []statecheck.StateCheck{found("ok", knownvalue.Bool(true)), found("scopes", states("identity-graphql:write", "not_tested"))},
		},
		"no secret": {
			scopes: []string{"devices:read"}, integration: "cortex_xsoar", secret: "null",
			want: []statecheck.StateCheck{found("ok", knownvalue.Null()), found("scopes", knownvalue.Null())},
		},
		"wrong secret": {
			scopes: []string{"devices:read"}, integration: "cortex_xsoar", secret: `"wrong"`,
			want: []statecheck.StateCheck{found("ok", knownvalue.Bool(false)), found("scopes", states("devices:read", "not_tested"))},
		},
		"token not revoked": {
			scopes: []string{"identity-graphql:write"}, integration: "netskope_risk_exchange", fault: &falconsim.Fault{Path: "/oauth2/revoke", Status: http.StatusInternalServerError},
			want: []statecheck.StateCheck{found("ok", knownvalue.Bool(true))},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, tt.opts)
			sim.AddClient(weak, weakSecret, tt.scopes)
			if tt.fault != nil {
				acctest.Inject(t, sim, *tt.fault)
			}
			secret := fmt.Sprintf("%q", weakSecret)
			if tt.secret != "" {
				secret = tt.secret
			}
			before := string(sim.Dump())
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: withEcho(),
				Steps:                    []resource.TestStep{{Config: acctest.ProviderConfig(sim) + probed(tt.integration, fmt.Sprintf("%q", weak), secret), ConfigStateChecks: tt.want}},
			})
			if after := string(sim.Dump()); after != before {
				t.Errorf("the probe changed the tenant:\n%s", after)
			}
		})
	}
}

// The first plan cannot know the secret yet. Then each run takes one token for
// the probe, makes one read for each read scope, and gives the token back.
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
	id := acctest.ClientNamed(t, acctest.ConsoleClient(t, sim), "new").ID
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
			t.Errorf("the new client made %d calls of %s, want one", n, call)
		}
	}
	for _, call := range []string{"POST /oauth2/token", "POST /oauth2/revoke", "GET /devices/queries/devices/v1", "GET /plugins/combined/configs/v1"} {
		if count[call] != 1 {
			t.Errorf("%d calls of %s, want one: %v", count[call], call, count)
		}
	}

	out := w.Run("apply", "-auto-approve", `-var=scopes=["workflow:read","devices:read","zero-trust-assessment:read"]`)
	for _, text := range []string{"will not work with this API client", "api-integrations:read", "API integrations: read"} {
		if !strings.Contains(out, text) {
			t.Errorf("the warning does not say %q:\n%s", text, out)
		}
	}
	if n := strings.Count(out, "will not work with this API client"); n > 2 { // the plan's and the apply's own
		t.Errorf("%d warnings, want one a run", n)
	}
}
