package apiclient_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

func TestAccAPIClient_sealed(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	sim := acctest.NewSim(t, falconsim.Options{})
	recipient := fmt.Sprintf("secret_recipient = %q", identity.Recipient())
	works := func(s *terraform.State) error {
		attributes := s.RootModule().Resources[testClient].Primary.Attributes
		secret := attributes["client_secret"]
		if secret != "" {
			return fmt.Errorf("client_secret is in state")
		}
		secret = coretest.OpenAge(t, attributes["encrypted_client_secret"], identity)
		c, err := falcon.New(context.Background(), falcon.Config{ClientID: attributes["client_id"], ClientSecret: secret, BaseURL: sim.URL})
		if err != nil {
			return err
		}
		return c.Authenticate(context.Background())
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: apiClientConfig(sim, "sealed", `"devices:read"`, recipient),
				Check:  resource.ComposeTestCheckFunc(works, wantCalls(sim, 1, 0, 0)),
			},
			{
				Config: apiClientConfig(sim, "sealed", `"devices:read"`, recipient, `secret_rotation = { n = "1" }`),
				Check:  resource.ComposeTestCheckFunc(works, wantCalls(sim, 0, 0, 1)),
			},
			{
				Config: apiClientConfig(sim, "sealed", `"devices:read"`, `secret_rotation = { n = "1" }`), // recipient removed
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(testClient, tfjsonpath.New("client_secret"), knownvalue.Null()),
					statecheck.ExpectKnownValue(testClient, tfjsonpath.New("encrypted_client_secret"), knownvalue.Null()),
				},
				Check: wantCalls(sim, 0, 0, 0),
			},
			{
				Config:            apiClientConfig(sim, "sealed", `"devices:read"`, `secret_rotation = { n = "2" }`),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(testClient, tfjsonpath.New("client_secret"), knownvalue.NotNull())},
				Check:             wantCalls(sim, 0, 0, 1),
			},
			{
				Config: apiClientConfig(sim, "sealed", `"devices:read"`, `secret_rotation = { n = "2" }`, recipient),
				Check:  resource.ComposeTestCheckFunc(works, wantCalls(sim, 0, 0, 1)),
			},
		},
	})
}

// Values that are unknown while planning come from terraform_data.
func TestAccAPIClient_unknownValues(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	config := func(trigger, name, rotation string) string {
		return apiClientConfig(sim, "replaced", "terraform_data.late.output.scope", "secret_rotation = { n = terraform_data.late.output.rotation }") +
			fmt.Sprintf("resource \"terraform_data\" \"late\" {\n  triggers_replace = %q\n  input = { scope = \"devices:read\", name = %q, rotation = %q }\n}\n", trigger, name, rotation)
	}
	named := func(s string) string {
		return strings.Replace(s, `name = "replaced"`, "name = terraform_data.late.output.name", 1)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: named(config("1", "mine", "a")), Check: wantCalls(sim, 1, 0, 0)},
			{Config: named(config("2", "mine", "a")), Check: wantCalls(sim, 0, 0, 0)}, // unknown while planning, and equal
			{Config: named(config("3", "mine", "b")), Check: wantCalls(sim, 0, 0, 1)},
			{Config: named(config("4", "other", "b")), Check: wantCalls(sim, 0, 1, 0)},
		},
	})
}

// A reset that fails is made by the next apply; the PATCH before it is not repeated.
func TestAccAPIClient_resetFails(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: apiClientConfig(sim, "mine", `"devices:read"`), Check: wantCalls(sim, 1, 0, 0)},
			{
				PreConfig: func() {
					acctest.Inject(t, sim, falconsim.Fault{Method: http.MethodPost, Path: acctest.ActionsPath, Status: http.StatusBadRequest, Times: 1})
				},
				Config:      apiClientConfig(sim, "mine", `"devices:read", "alerts:read"`, `secret_rotation = { n = "1" }`),
				ExpectError: regexp.MustCompile(`(?s)Could not reset the secret.*next\s+apply\s+tries\s+again`),
			},
			{
				Config: apiClientConfig(sim, "mine", `"devices:read", "alerts:read"`, `secret_rotation = { n = "1" }`),
				Check:  wantCalls(sim, 0, 1, 2),
			},
		},
	})
}
