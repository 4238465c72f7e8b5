package webhook_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// Everything that can be unknown is: values of another resource that is only made in the same apply.
func TestAccWebhook_unknownValues(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	config := func(url, key string) string {
		return acctest.ProviderConfig(sim) + fmt.Sprintf(`
resource "terraform_data" "made" {
  input = { name = "zscaler", url = %q, key = %q, header = "X-Own" }
}
resource "falcon_webhook" "test" {
  name             = terraform_data.made.output.name
  url              = terraform_data.made.output.url
  signature_header = terraform_data.made.output.header
  hmac_secret_wo   = terraform_data.made.output.key
}
`, url, key)
	}
	unknown := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectUnknownValue(acctest.TestHook, tfjsonpath.New("hmac_secret_wo_version"))}}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: config(acctest.WebhookURL, coretest.TestKey), ConfigPlanChecks: unknown, ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(1))}},
			{Config: config(acctest.MovedURL, coretest.TestKey), ConfigPlanChecks: unknown, ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(1))}},
			{Config: config(acctest.MovedURL, acctest.SecondKey), ConfigPlanChecks: unknown, ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(2))}},
			{Config: config(acctest.MovedURL, "short"), ExpectError: regexp.MustCompile("at least 32 characters")},
		},
	})
}

func TestAccWebhook_ephemeralVariable(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	text := "variable \"key\" {\n  type      = string\n  ephemeral = true\n}\n" + strings.Replace(acctest.WebhookConfig(sim, acctest.WebhookURL, "X"), `"X"`, "var.key", 1)
	vars := func(key string) config.Variables { return config.Variables{"key": config.StringVariable(key)} }
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: text, ConfigVariables: vars(coretest.TestKey), Check: noKeyInState},
			{Config: text, ConfigVariables: vars(acctest.SecondKey), ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(2))}, Check: noKeyInState},
		},
	})
}

func TestAccWebhook_faults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault   *falconsim.Fault
		scopes  []string
		refused *regexp.Regexp
		posts   int
	}{
		"answer lost after the create":  {fault: &falconsim.Fault{Method: http.MethodPost, Path: acctest.ConfigsPath, Kind: falconsim.FaultDropAfter}, posts: 1},
		"paced, then fine":              {fault: &falconsim.Fault{Method: http.MethodPost, Path: acctest.ConfigsPath, Times: 1, Status: http.StatusTooManyRequests}, posts: 2},
		"listing not allowed":           {scopes: []string{"workflow:read"}, refused: regexp.MustCompile(`api-integrations:read`)},
		"write not allowed by scope":    {scopes: []string{"workflow:read", "api-integrations:read"}, refused: guide, posts: 1},
		"without the catalogue's scope": {scopes: []string{"api-integrations:read", "api-integrations:write"}, posts: 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites(), NoSlackConfig: true})
			config := acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey)
			if tt.scopes != nil {
				sim.AddClient(coretest.OtherConfigID, "secret-of-the-weak-client", tt.scopes)
				config = acctest.ProviderConfigFor(sim, coretest.OtherConfigID, "secret-of-the-weak-client") + acctest.WebhookBlock(acctest.WebhookURL, coretest.TestKey)
			}
			if tt.fault != nil {
				acctest.Inject(t, sim, *tt.fault)
			}
			step := resource.TestStep{Config: config, ExpectError: tt.refused}
			if tt.refused == nil {
				step.Check = wantWrites(sim, tt.posts, 0, 0)
			}
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: []resource.TestStep{step}})
			if tt.refused != nil {
				if err := wantWrites(sim, tt.posts, 0, 0)(nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
