package webhook_test

import (
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
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// wantWrites checks, after a step, how often the unpublished call was made, and empties the log.
func wantWrites(sim *falconsim.Running, posts, patches, deletes int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got := [3]int{acctest.Calls(sim, http.MethodPost, acctest.ConfigsPath), acctest.Calls(sim, http.MethodPatch, acctest.ConfigsPath), acctest.Calls(sim, http.MethodDelete, acctest.ConfigsPath)}
		sim.ResetRequests()
		if want := [3]int{posts, patches, deletes}; got != want {
			return fmt.Errorf("posts, patches and deletes are %v, want %v", got, want)
		}
		return nil
	}
}

// noKeyInState fails when a key is anywhere in the state.
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
	if err := sim.EditPluginConfig(acctest.HookNamed(t, sim).ID, edit); err != nil {
		t.Fatal(err)
	}
}

// wantLeft checks after destroy how many configurations are left.
func wantLeft(sim *falconsim.Running, n int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if left := acctest.WebhookConfigs(sim); len(left) != n {
			return fmt.Errorf("%d webhook configurations are left, want %d", len(left), n)
		}
		return nil
	}
}

func version(v knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(acctest.TestHook, tfjsonpath.New("hmac_secret_wo_version"), v)
}

func hookAction(a plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(acctest.TestHook, a)}}
}

// guide is what every guided error holds; Terraform may break the prose, not the indented lines.
var guide = regexp.MustCompile(`(?s)CrowdStrike Store → the app CrowdStrike Webhook → Configure.*Name: +zscaler.*Webhook URL: +https://receiver\.example/.*Signature Header Name: +X-Cs-Primary-Signature`)

func TestAccWebhook_lifecycleWithWrites(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	sameID := statecheck.CompareValue(acctest.CompareSame{})
	update := hookAction(plancheck.ResourceActionUpdate)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             wantLeft(sim, 0),
		Steps: []resource.TestStep{
			{
				Config: acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey),
				ConfigStateChecks: []statecheck.StateCheck{
					version(knownvalue.Int64Exact(1)),
					statecheck.ExpectKnownValue(acctest.TestHook, tfjsonpath.New("created_by_terraform"), knownvalue.Bool(true)),
					statecheck.ExpectKnownValue(acctest.TestHook, tfjsonpath.New("hmac_secret_wo"), knownvalue.Null()),
					statecheck.ExpectKnownValue(acctest.TestHook, tfjsonpath.New("state"), knownvalue.StringExact("active")),
					sameID.AddStateValue(acctest.TestHook, tfjsonpath.New("id")),
					sameID.AddStateValue(acctest.TestHook, tfjsonpath.New("config_id")),
				},
				Check: resource.ComposeTestCheckFunc(noKeyInState, wantWrites(sim, 1, 0, 0)),
			},
			{Config: acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey, `timeouts = { update = "5m" }`), Check: wantWrites(sim, 0, 0, 0)},
			{
				Config: acctest.WebhookConfig(sim, acctest.MovedURL, coretest.TestKey),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(acctest.TestHook, plancheck.ResourceActionUpdate),
					plancheck.ExpectKnownValue(acctest.TestHook, tfjsonpath.New("id"), knownvalue.NotNull()),
					plancheck.ExpectUnknownValue(acctest.TestHook, tfjsonpath.New("hmac_secret_wo_version")), // the key may be another one at apply
				}},
				ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(1)), sameID.AddStateValue(acctest.TestHook, tfjsonpath.New("id"))},
				Check:             wantWrites(sim, 0, 1, 0),
			},
			{Config: acctest.WebhookConfig(sim, acctest.MovedURL, acctest.SecondKey), ConfigPlanChecks: update, ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(2))}, Check: resource.ComposeTestCheckFunc(noKeyInState, wantWrites(sim, 0, 1, 0))},
			{Config: acctest.WebhookConfig(sim, acctest.MovedURL, acctest.SecondKey, "hmac_secret_wo_version = 9"), ConfigPlanChecks: update, ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(9))}, Check: wantWrites(sim, 0, 1, 0)},
			{Config: acctest.WebhookConfig(sim, acctest.MovedURL, coretest.TestKey, "hmac_secret_wo_version = 9"), Check: wantWrites(sim, 0, 0, 0)},
			{
				ResourceName: acctest.TestHook, ImportState: true, ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"hmac_secret_wo_version", "created_by_terraform"},
			},
			{PreConfig: func() { editHook(t, sim, falconsim.PluginConfigEdit{URL: new("https://drift.example")}) }, Config: acctest.WebhookConfig(sim, acctest.MovedURL, acctest.SecondKey), ConfigPlanChecks: update},
			{PreConfig: func() { editHook(t, sim, falconsim.PluginConfigEdit{Name: new("zscaler renamed")}) }, Config: acctest.WebhookConfig(sim, acctest.MovedURL, acctest.SecondKey), ConfigPlanChecks: update},
			{PreConfig: func() { editHook(t, sim, falconsim.PluginConfigEdit{SignatureHeader: new("X-Drift")}) }, Config: acctest.WebhookConfig(sim, acctest.MovedURL, acctest.SecondKey), ConfigPlanChecks: update},
			{
				PreConfig: func() {
					if got := acctest.HookNamed(t, sim); got.URL != acctest.MovedURL || got.Name != "zscaler" || got.SignatureHeader != acctest.SignatureHeader {
						t.Errorf("drift is not healed: %+v", got)
					}
					if err := sim.DeletePluginConfig(acctest.HookNamed(t, sim).ID); err != nil {
						t.Error(err)
					}
					sim.ResetRequests()
				},
				Config: acctest.WebhookConfig(sim, acctest.MovedURL, acctest.SecondKey), ConfigPlanChecks: hookAction(plancheck.ResourceActionCreate), Check: wantWrites(sim, 1, 0, 0),
			},
		},
	})
}

func TestAccWebhook_guide(t *testing.T) {
	t.Parallel()
	offers := map[string]struct {
		opts  falconsim.Options
		fault *falconsim.Fault
		never bool
		posts int
	}{
		"not offered":        {posts: 1},
		"forbidden":          {opts: falconsim.Options{Readings: falconsim.Readings{"Q12": "c"}}, posts: 1},
		"method not allowed": {opts: falconsim.Options{Readings: falconsim.Readings{"Q12": "d"}}, posts: 1},
		"bad request":        {opts: falconsim.Options{Readings: falconsim.Readings{"Q12": "e"}}, posts: 1},
		"unsupported":        {opts: falconsim.Options{Readings: falconsim.Readings{"Q12": "f"}}, posts: 1},
		"switched off":       {opts: falconsim.Options{Readings: falconsim.WebhookWrites()}, never: true},
	}
	for name, tt := range offers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, tt.opts)
			if tt.fault != nil {
				acctest.Inject(t, sim, *tt.fault)
			}
			config := acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey)
			if tt.never {
				config = strings.Replace(config, "provider \"falcon\" {", "provider \"falcon\" {\n  webhook_writes = \"never\"", 1)
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				CheckDestroy:             wantLeft(sim, 1),
				Steps: []resource.TestStep{
					{Config: config, ExpectError: guide},
					{
						PreConfig: func() {
							if err := wantWrites(sim, tt.posts, 0, 0)(nil); err != nil {
								t.Error(err)
							}
							acctest.ConsoleHook(t, sim, acctest.WebhookURL)
						},
						Config: config,
						ConfigStateChecks: []statecheck.StateCheck{
							version(knownvalue.Int64Exact(1)),
							statecheck.ExpectKnownValue(acctest.TestHook, tfjsonpath.New("created_by_terraform"), knownvalue.Bool(false)),
						},
						Check: wantWrites(sim, 0, 0, 0),
					},
				},
			})
		})
	}
}

// A changed key can't be seen in Falcon: the first apply says what to do, the
// second takes it as done.
func TestAccWebhook_updateWithoutWrites(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	acctest.ConsoleHook(t, sim, acctest.WebhookURL)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             wantLeft(sim, 1),
		Steps: []resource.TestStep{
			{Config: acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey)},
			{Config: acctest.WebhookConfig(sim, acctest.MovedURL, acctest.SecondKey), ExpectError: guide},
			{Config: acctest.WebhookConfig(sim, acctest.MovedURL, acctest.SecondKey), ExpectError: guide}, // the URL is still the old one
			{
				PreConfig:         func() { editHook(t, sim, falconsim.PluginConfigEdit{URL: new(acctest.MovedURL)}) },
				Config:            acctest.WebhookConfig(sim, acctest.MovedURL, acctest.SecondKey),
				ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(2))},
			},
			{Config: acctest.WebhookConfig(sim, acctest.MovedURL, coretest.TestKey), ExpectError: guide},
			{Config: acctest.WebhookConfig(sim, acctest.MovedURL, coretest.TestKey), ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(3))}},
		},
	})
}

// An existing configuration that differs is refused by the plan; one that is equal is adopted, and only a planned update
// changes it.
func TestAccWebhook_adoptDifferent(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	acctest.ConsoleHook(t, sim, acctest.MovedURL)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             wantLeft(sim, 1),
		Steps: []resource.TestStep{
			{Config: acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey), PlanOnly: true, ExpectError: regexp.MustCompile(`url: "https://receiver.example/moved" in Falcon, "https://receiver.example/hook"`)},
			{Config: acctest.WebhookConfig(sim, acctest.MovedURL, coretest.TestKey), Check: wantWrites(sim, 0, 0, 0)},
			{Config: acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey), ConfigPlanChecks: hookAction(plancheck.ResourceActionUpdate), Check: wantWrites(sim, 0, 1, 0)},
		},
	})
}

func TestAccWebhook_hiddenNames(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.Readings{"Q14": "b", "Q15": "b", "Q16": "b"}})
	id := acctest.ConsoleHook(t, sim, acctest.WebhookURL)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey), ExpectError: regexp.MustCompile(id)},
			{Config: acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey, fmt.Sprintf("config_id = %q", coretest.OtherConfigID)), ExpectError: regexp.MustCompile("Unknown webhook configuration")},
			{Config: acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey, fmt.Sprintf("config_id = %q", id))},
			{Config: acctest.WebhookConfig(sim, acctest.MovedURL, coretest.TestKey, fmt.Sprintf("config_id = %q", id)), ExpectError: guide},
			{Config: acctest.WebhookConfig(sim, acctest.MovedURL, coretest.TestKey, fmt.Sprintf("config_id = %q", id))},
		},
	})
}

func TestAccWebhook_importedWithoutSecret(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	id := acctest.ConsoleHook(t, sim, acctest.WebhookURL)
	imports := fmt.Sprintf("import {\n  to = falcon_webhook.test\n  id = %q\n}\n", id)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             wantLeft(sim, 1),
		Steps: []resource.TestStep{
			{Config: acctest.WebhookConfig(sim, acctest.WebhookURL, "") + imports, ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Null())}, Check: wantWrites(sim, 0, 0, 0)},
			{Config: acctest.WebhookConfig(sim, acctest.WebhookURL, coretest.TestKey), ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Null())}, Check: wantWrites(sim, 0, 0, 0)},
			{Config: acctest.WebhookConfig(sim, acctest.MovedURL, coretest.TestKey), ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Null())}, Check: wantWrites(sim, 0, 1, 0)}, // without the key
			{Config: acctest.WebhookConfig(sim, acctest.MovedURL, acctest.SecondKey), ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(1))}, Check: wantWrites(sim, 0, 1, 0)},
			{ResourceName: acctest.TestHook, ImportState: true, ImportStateId: "zscaler", ExpectError: regexp.MustCompile(`32\s+hexadecimal\s+digits`)},
		},
	})
}
