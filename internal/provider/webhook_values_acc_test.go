package provider

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
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
)

// Everything that can be unknown is: values of another resource that is only made in the same apply.
func TestAccWebhook_unknownValues(t *testing.T) {
	t.Parallel()
	sim := newSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	config := func(url, key string) string {
		return providerConfig(sim) + fmt.Sprintf(`
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
	unknown := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectUnknownValue(testHook, tfjsonpath.New("hmac_secret_wo_version"))}}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(),
		Steps: []resource.TestStep{
			{Config: config(hookURL, testKey), ConfigPlanChecks: unknown, ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(1))}},
			{Config: config(movedURL, testKey), ConfigPlanChecks: unknown, ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(1))}},
			{Config: config(movedURL, secondKey), ConfigPlanChecks: unknown, ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(2))}},
			{Config: config(movedURL, "short"), ExpectError: regexp.MustCompile("at least 32 characters")},
		},
	})
}

func TestAccWebhook_ephemeralVariable(t *testing.T) {
	t.Parallel()
	sim := newSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	text := "variable \"key\" {\n  type      = string\n  ephemeral = true\n}\n" + strings.Replace(hook(sim, hookURL, "X"), `"X"`, "var.key", 1)
	vars := func(key string) config.Variables { return config.Variables{"key": config.StringVariable(key)} }
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(),
		Steps: []resource.TestStep{
			{Config: text, ConfigVariables: vars(testKey), Check: noKeyInState},
			{Config: text, ConfigVariables: vars(secondKey), ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(2))}, Check: noKeyInState},
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
		"answer lost after the create":  {fault: &falconsim.Fault{Method: http.MethodPost, Path: configsPath, Kind: falconsim.FaultDropAfter}, posts: 1},
		"paced, then fine":              {fault: &falconsim.Fault{Method: http.MethodPost, Path: configsPath, Times: 1, Status: http.StatusTooManyRequests}, posts: 2},
		"listing not allowed":           {scopes: []string{"workflow:read"}, refused: regexp.MustCompile(`api-integrations:read`)},
		"write not allowed by scope":    {scopes: []string{"workflow:read", "api-integrations:read"}, refused: guide, posts: 1},
		"without the catalogue's scope": {scopes: []string{"api-integrations:read", "api-integrations:write"}, posts: 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := newSim(t, falconsim.Options{Readings: falconsim.WebhookWrites(), NoSlackConfig: true})
			config := hook(sim, hookURL, testKey)
			if tt.scopes != nil {
				sim.AddClient(otherConfigID, "secret-of-the-weak-client", tt.scopes)
				config = providerConfigFor(sim, otherConfigID, "secret-of-the-weak-client") + hookBlock(hookURL, testKey)
			}
			if tt.fault != nil {
				inject(t, sim, *tt.fault)
			}
			step := resource.TestStep{Config: config, ExpectError: tt.refused}
			if tt.refused == nil {
				step.Check = wantWrites(sim, tt.posts, 0, 0)
			}
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories(), Steps: []resource.TestStep{step}})
			if tt.refused != nil {
				if err := wantWrites(sim, tt.posts, 0, 0)(nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// example reads a file below examples/.
func example(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "examples", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(data) + "\n"
}
