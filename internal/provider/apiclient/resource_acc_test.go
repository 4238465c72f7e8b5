package apiclient_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

const testClient = "falcon_api_client.test"

// clientConfig is the configuration of an API client with further arguments.
func clientConfig(sim *falconsim.Running, name, scopes string, more ...string) string {
	return acctest.ProviderConfig(sim) + fmt.Sprintf("resource \"falcon_api_client\" \"test\" {\n  name = %q\n  scopes = [%s]\n  %s\n}\n", name, scopes, strings.Join(more, "\n  "))
}

// wantRequests checks, after a step, how many requests were sent, and resets the count.
func wantRequests(sim *falconsim.Running, creates, updates, resets int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got := [3]int{acctest.Calls(sim, http.MethodPost, acctest.ClientsPath), acctest.Calls(sim, http.MethodPatch, acctest.ClientsPath), acctest.Calls(sim, http.MethodPost, acctest.ActionsPath)}
		sim.ResetRequests()
		if want := [3]int{creates, updates, resets}; got != want {
			return fmt.Errorf("creates, updates and resets are %v, want %v", got, want)
		}
		return nil
	}
}

func TestAccAPIClient_lifecycle(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	sameID := statecheck.CompareValue(acctest.CompareSame{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy: func(*terraform.State) error {
			for _, name := range []string{"first", "second"} {
				if found, err := acctest.Operator(t, sim).APIClientsByName(context.Background(), name); err != nil || len(found) > 0 {
					return fmt.Errorf("after destroy: %v, %w", found, err)
				}
			}
			return nil
		},
		Steps: []resource.TestStep{
			{
				Config: clientConfig(sim, "first", `"devices:read", "alerts:read"`),
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{
						plancheck.ExpectKnownValue(testClient, tfjsonpath.New("base_url"), knownvalue.StringExact(sim.URL)),
						plancheck.ExpectUnknownValue(testClient, tfjsonpath.New("client_secret")),
					},
				},
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(testClient, tfjsonpath.New("description"), knownvalue.StringExact("")),
					statecheck.ExpectKnownValue(testClient, tfjsonpath.New("client_secret"), knownvalue.StringRegexp(regexp.MustCompile(`^\S{20,}$`))),
					statecheck.ExpectKnownValue(testClient, tfjsonpath.New("encrypted_client_secret"), knownvalue.Null()),
					sameID.AddStateValue(testClient, tfjsonpath.New("id")),
					sameID.AddStateValue(testClient, tfjsonpath.New("client_id")),
				},
				Check: wantRequests(sim, 1, 0, 0),
			},
			{
				Config: clientConfig(sim, "second", `"devices:read", "devices:write"`, `description = "changed"`),
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{
						plancheck.ExpectResourceAction(testClient, plancheck.ResourceActionUpdate),
						plancheck.ExpectKnownValue(testClient, tfjsonpath.New("client_secret"), knownvalue.NotNull()),
					},
				},
				ConfigStateChecks: []statecheck.StateCheck{sameID.AddStateValue(testClient, tfjsonpath.New("id"))},
				Check:             wantRequests(sim, 0, 1, 0),
			},
			{
				ResourceName:            testClient,
				ImportState:             true,
				ImportStateVerify:       true,
				ImportStateVerifyIgnore: []string{"client_secret"},
			},
		},
	})
}

// Values that are unknown while planning come from terraform_data.
func TestAccAPIClient_unknownValues(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	config := func(trigger, name, rotation string) string {
		block := clientConfig(sim, "", "terraform_data.late.output.scope", "secret_rotation = { n = terraform_data.late.output.rotation }")
		return strings.Replace(block, `name = ""`, "name = terraform_data.late.output.name", 1) +
			fmt.Sprintf("resource \"terraform_data\" \"late\" {\n  triggers_replace = %q\n  input = { scope = \"devices:read\", name = %q, rotation = %q }\n}\n", trigger, name, rotation)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: config("1", "mine", "a"), Check: wantRequests(sim, 1, 0, 0)},
			{Config: config("2", "mine", "a"), Check: wantRequests(sim, 0, 0, 0)}, // unknown while planning, and equal
			{Config: config("3", "mine", "b"), Check: wantRequests(sim, 0, 0, 1)},
			{Config: config("4", "other", "b"), Check: wantRequests(sim, 0, 1, 0)},
		},
	})
}
