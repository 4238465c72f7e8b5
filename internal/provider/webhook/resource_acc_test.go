package webhook_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// wantWrites checks how many creates and updates a step sent, and empties the log.
func wantWrites(sim *falconsim.Running, posts, patches int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got := [2]int{acctest.CountRequests(sim, http.MethodPost, acctest.ConfigsPath), acctest.CountRequests(sim, http.MethodPatch, acctest.ConfigsPath)}
		sim.ResetRequests()
		if want := [2]int{posts, patches}; got != want {
			return fmt.Errorf("creates and updates are %v, want %v", got, want)
		}
		return nil
	}
}

// noKeyInState checks that no key is in the state.
func noKeyInState(s *terraform.State) error {
	for _, key := range []string{coretest.TestKey, acctest.SecondKey} {
		if strings.Contains(s.String(), key) {
			return fmt.Errorf("the state holds the HMAC secret:\n%s", s)
		}
	}
	return nil
}

func editHook(t *testing.T, sim *falconsim.Running, edit falconsim.PluginConfigEdit) {
	t.Helper()
	if err := sim.EditPluginConfig(acctest.OnlyWebhook(t, sim).ID, edit); err != nil {
		t.Fatal(err)
	}
}

// wantLeft checks how many configurations are left after the destroy.
func wantLeft(sim *falconsim.Running, n int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if left := acctest.ManagedWebhooks(sim); len(left) != n {
			return fmt.Errorf("%d webhook configurations are left, want %d", len(left), n)
		}
		return nil
	}
}

func version(v knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(acctest.WebhookAddress, tfjsonpath.New("hmac_secret_wo_version"), v)
}

func hookAction(a plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(acctest.WebhookAddress, a)}}
}

// guide matches the values to enter in the console. Terraform may wrap the other lines of the error, not the indented ones.
var guide = regexp.MustCompile(`(?s)CrowdStrike Store → the app CrowdStrike Webhook → Configure.*Name: +zscaler.*Webhook URL: +https://receiver\.example/.*Signature Header Name: +X-Cs-Primary-Signature`)

func TestAccWebhook_lifecycle(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	sameID := statecheck.CompareValue(compare.ValuesSame())
	update := hookAction(plancheck.ResourceActionUpdate)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             wantLeft(sim, 0),
		Steps: []resource.TestStep{
			{
				Config: acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey),
				ConfigStateChecks: []statecheck.StateCheck{
					version(knownvalue.Int64Exact(1)),
					statecheck.ExpectKnownValue(acctest.WebhookAddress, tfjsonpath.New("created_by_terraform"), knownvalue.Bool(true)),
					statecheck.ExpectKnownValue(acctest.WebhookAddress, tfjsonpath.New("hmac_secret_wo"), knownvalue.Null()),
					statecheck.ExpectKnownValue(acctest.WebhookAddress, tfjsonpath.New("state"), knownvalue.StringExact("active")),
					sameID.AddStateValue(acctest.WebhookAddress, tfjsonpath.New("id")),
					sameID.AddStateValue(acctest.WebhookAddress, tfjsonpath.New("config_id")),
				},
				Check: resource.ComposeTestCheckFunc(noKeyInState, wantWrites(sim, 1, 0)),
			},
			{Config: acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey, `timeouts = { update = "5m" }`), Check: wantWrites(sim, 0, 0)},
			{
				Config: acctest.WebhookConfig(sim, acctest.MovedURL, coretest.TestKey),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(acctest.WebhookAddress, plancheck.ResourceActionUpdate),
					plancheck.ExpectKnownValue(acctest.WebhookAddress, tfjsonpath.New("id"), knownvalue.NotNull()),
					plancheck.ExpectUnknownValue(acctest.WebhookAddress, tfjsonpath.New("hmac_secret_wo_version")), // the key may be another one at apply
				}},
				ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(1)), sameID.AddStateValue(acctest.WebhookAddress, tfjsonpath.New("id"))},
				Check:             wantWrites(sim, 0, 1),
			},
			{Config: acctest.WebhookConfig(sim, acctest.MovedURL, acctest.SecondKey), ConfigPlanChecks: update, ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(2))}, Check: resource.ComposeTestCheckFunc(noKeyInState, wantWrites(sim, 0, 1))},
			{Config: acctest.WebhookConfig(sim, acctest.MovedURL, acctest.SecondKey, "hmac_secret_wo_version = 9"), ConfigPlanChecks: update, ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(9))}, Check: wantWrites(sim, 0, 1)},
			{Config: acctest.WebhookConfig(sim, acctest.MovedURL, coretest.TestKey, "hmac_secret_wo_version = 9"), Check: wantWrites(sim, 0, 0)},
			{
				ResourceName: acctest.WebhookAddress, ImportState: true, ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"hmac_secret_wo_version", "created_by_terraform"},
			},
			{PreConfig: func() { editHook(t, sim, falconsim.PluginConfigEdit{URL: new("https://drift.example")}) }, Config: acctest.WebhookConfig(sim, acctest.MovedURL, acctest.SecondKey), ConfigPlanChecks: update},
			{
				PreConfig: func() {
					if got := acctest.OnlyWebhook(t, sim); got.URL != acctest.MovedURL || got.Name != "zscaler" || got.SignatureHeader != acctest.SignatureHeader {
						t.Errorf("drift is not repaired: %+v", got)
					}
					if err := sim.DeletePluginConfig(acctest.OnlyWebhook(t, sim).ID); err != nil {
						t.Error(err)
					}
					sim.ResetRequests()
				},
				Config: acctest.WebhookConfig(sim, acctest.MovedURL, acctest.SecondKey), ConfigPlanChecks: hookAction(plancheck.ResourceActionCreate), Check: wantWrites(sim, 1, 0),
			},
		},
	})
}

// A tenant without the unpublished request: the console does the writes, Terraform everything else. A changed key cannot
// be seen in Falcon: the first apply lists what to do, and the second assumes that it was done.
func TestAccWebhook_lifecycleInConsole(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             wantLeft(sim, 1),
		Steps: []resource.TestStep{
			{Config: acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey), ExpectError: guide},
			{
				PreConfig: func() { acctest.CreateWebhookInConsole(t, sim, acctest.WebhookURL) },
				Config:    acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey),
				ConfigStateChecks: []statecheck.StateCheck{
					version(knownvalue.Int64Exact(1)),
					statecheck.ExpectKnownValue(acctest.WebhookAddress, tfjsonpath.New("created_by_terraform"), knownvalue.Bool(false)),
				},
			},
			{Config: acctest.WebhookConfig(sim, acctest.MovedURL, acctest.SecondKey), ExpectError: guide},
			{
				PreConfig:         func() { editHook(t, sim, falconsim.PluginConfigEdit{URL: new(acctest.MovedURL)}) },
				Config:            acctest.WebhookConfig(sim, acctest.MovedURL, acctest.SecondKey),
				ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(2))},
			},
		},
	})
}

// Since Terraform 1.14, terraform test plans and applies all runs in one process if the test configures the provider.
func TestAccWebhook_terraformTest(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	w := acctest.NewTerraformWithProcesses(t)
	w.Write("main.tf", acctest.RequiredFalcon+acctest.WebhookBlock(acctest.WebhookURL, coretest.TestKey))
	w.Write("one.tftest.hcl", acctest.ProviderConfig(sim)+"run \"plan\" {\n  command = plan\n}\nrun \"apply\" {}\nrun \"again\" {}\n")
	w.Run("test")
	if left := acctest.ManagedWebhooks(sim); len(left) != 0 {
		t.Errorf("the test leaves %v", left)
	}
}
