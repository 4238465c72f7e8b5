package webhook_test

import (
	"fmt"
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

// All arguments are unknown in the plan: they are values of a resource that is created in the same apply.
func TestAccWebhook_unknownValues(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	config := func(url, key string) string {
		return acctest.ProviderConfig(sim) + fmt.Sprintf(`
resource "terraform_data" "values" {
  input = { name = "zscaler", url = %q, key = %q, header = "X-Own" }
}
resource "falcon_webhook" "test" {
  name             = terraform_data.values.output.name
  url              = terraform_data.values.output.url
  signature_header = terraform_data.values.output.header
  hmac_secret_wo   = terraform_data.values.output.key
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
