package provider

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
)

const (
	configsPath = "/plugins/entities/configs/v1"
	testHook    = "falcon_webhook.test"
	hookURL     = "https://receiver.example/hook"
	movedURL    = "https://receiver.example/moved"
	secondKey   = "another key of thirty-two letters"
)

// hook is a falcon_webhook named "zscaler" with its secret and further arguments.
func hook(sim *falconsim.Running, url, key string, more ...string) string {
	return providerConfig(sim) + hookBlock(url, key, more...)
}

func hookBlock(url, key string, more ...string) string {
	if key != "" {
		more = append(more, fmt.Sprintf("hmac_secret_wo = %q", key))
	}
	return fmt.Sprintf("resource \"falcon_webhook\" \"test\" {\n  name = \"zscaler\"\n  url = %q\n  %s\n}\n", url, strings.Join(more, "\n  "))
}

// wantWrites checks, after a step, how often the unpublished call was made, and empties the log.
func wantWrites(sim *falconsim.Running, posts, patches, deletes int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got := [3]int{calls(sim, http.MethodPost, configsPath), calls(sim, http.MethodPatch, configsPath), calls(sim, http.MethodDelete, configsPath)}
		sim.ResetRequests()
		if want := [3]int{posts, patches, deletes}; got != want {
			return fmt.Errorf("posts, patches and deletes are %v, want %v", got, want)
		}
		return nil
	}
}

// noKeyInState fails when a key is anywhere in the state.
func noKeyInState(s *terraform.State) error {
	for _, key := range []string{testKey, secondKey} {
		if strings.Contains(s.String(), key) {
			return fmt.Errorf("the state holds the HMAC secret:\n%s", s)
		}
	}
	return nil
}

// consoleHook is the console step that makes the configuration.
func consoleHook(t *testing.T, sim *falconsim.Running, url string) string {
	t.Helper()
	id, err := sim.CreatePluginConfig("zscaler", url, testKey, "")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func editHook(t *testing.T, sim *falconsim.Running, edit falconsim.PluginConfigEdit) {
	t.Helper()
	if err := sim.EditPluginConfig(hookNamed(t, sim).ID, edit); err != nil {
		t.Fatal(err)
	}
}

// hookNamed is the one configuration that is not Slack's.
func hookNamed(t *testing.T, sim *falconsim.Running) falconsim.PluginConfig {
	t.Helper()
	found := hooks(sim)
	if len(found) != 1 {
		t.Fatalf("%d webhook configurations, want one", len(found))
	}
	return found[0]
}

func hooks(sim *falconsim.Running) []falconsim.PluginConfig {
	var found []falconsim.PluginConfig
	for _, c := range sim.PluginConfigs() {
		if strings.HasPrefix(c.Name, "zscaler") {
			found = append(found, c)
		}
	}
	return found
}

// wantLeft checks after destroy how many configurations are left.
func wantLeft(sim *falconsim.Running, n int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if left := hooks(sim); len(left) != n {
			return fmt.Errorf("%d webhook configurations are left, want %d", len(left), n)
		}
		return nil
	}
}

func version(v knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(testHook, tfjsonpath.New("hmac_secret_wo_version"), v)
}

func hookAction(a plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(testHook, a)}}
}

// guide is what every guided error holds; Terraform may break the prose, not the indented lines.
var guide = regexp.MustCompile(`(?s)CrowdStrike Store → the app CrowdStrike Webhook → Configure.*Name: +zscaler.*Webhook URL: +https://receiver\.example/.*Signature Header Name: +X-Cs-Primary-Signature`)

func TestAccWebhook_lifecycleWithWrites(t *testing.T) {
	t.Parallel()
	sim := newSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	sameID := statecheck.CompareValue(compareSame{})
	update := hookAction(plancheck.ResourceActionUpdate)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(),
		CheckDestroy:             wantLeft(sim, 0),
		Steps: []resource.TestStep{
			{
				Config: hook(sim, hookURL, testKey),
				ConfigStateChecks: []statecheck.StateCheck{
					version(knownvalue.Int64Exact(1)),
					statecheck.ExpectKnownValue(testHook, tfjsonpath.New("created_by_terraform"), knownvalue.Bool(true)),
					statecheck.ExpectKnownValue(testHook, tfjsonpath.New("hmac_secret_wo"), knownvalue.Null()),
					statecheck.ExpectKnownValue(testHook, tfjsonpath.New("state"), knownvalue.StringExact("active")),
					sameID.AddStateValue(testHook, tfjsonpath.New("id")),
					sameID.AddStateValue(testHook, tfjsonpath.New("config_id")),
				},
				Check: resource.ComposeTestCheckFunc(noKeyInState, wantWrites(sim, 1, 0, 0)),
			},
			{Config: hook(sim, hookURL, testKey, `timeouts = { update = "5m" }`), Check: wantWrites(sim, 0, 0, 0)},
			{
				Config: hook(sim, movedURL, testKey),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(testHook, plancheck.ResourceActionUpdate),
					plancheck.ExpectKnownValue(testHook, tfjsonpath.New("id"), knownvalue.NotNull()),
					plancheck.ExpectUnknownValue(testHook, tfjsonpath.New("hmac_secret_wo_version")), // the key may be another one at apply
				}},
				ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(1)), sameID.AddStateValue(testHook, tfjsonpath.New("id"))},
				Check:             wantWrites(sim, 0, 1, 0),
			},
			{Config: hook(sim, movedURL, secondKey), ConfigPlanChecks: update, ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(2))}, Check: resource.ComposeTestCheckFunc(noKeyInState, wantWrites(sim, 0, 1, 0))},
			{Config: hook(sim, movedURL, secondKey, "hmac_secret_wo_version = 9"), ConfigPlanChecks: update, ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(9))}, Check: wantWrites(sim, 0, 1, 0)},
			{Config: hook(sim, movedURL, testKey, "hmac_secret_wo_version = 9"), Check: wantWrites(sim, 0, 0, 0)},
			{
				ResourceName: testHook, ImportState: true, ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"hmac_secret_wo_version", "created_by_terraform"},
			},
			{PreConfig: func() { editHook(t, sim, falconsim.PluginConfigEdit{URL: new("https://drift.example")}) }, Config: hook(sim, movedURL, secondKey), ConfigPlanChecks: update},
			{PreConfig: func() { editHook(t, sim, falconsim.PluginConfigEdit{Name: new("zscaler renamed")}) }, Config: hook(sim, movedURL, secondKey), ConfigPlanChecks: update},
			{PreConfig: func() { editHook(t, sim, falconsim.PluginConfigEdit{SignatureHeader: new("X-Drift")}) }, Config: hook(sim, movedURL, secondKey), ConfigPlanChecks: update},
			{
				PreConfig: func() {
					if got := hookNamed(t, sim); got.URL != movedURL || got.Name != "zscaler" || got.SignatureHeader != defaultSignatureHeader {
						t.Errorf("drift is not healed: %+v", got)
					}
					if err := sim.DeletePluginConfig(hookNamed(t, sim).ID); err != nil {
						t.Error(err)
					}
					sim.ResetRequests()
				},
				Config: hook(sim, movedURL, secondKey), ConfigPlanChecks: hookAction(plancheck.ResourceActionCreate), Check: wantWrites(sim, 1, 0, 0),
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
			sim := newSim(t, tt.opts)
			if tt.fault != nil {
				inject(t, sim, *tt.fault)
			}
			config := hook(sim, hookURL, testKey)
			if tt.never {
				config = strings.Replace(config, "provider \"falcon\" {", "provider \"falcon\" {\n  webhook_writes = \"never\"", 1)
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(),
				CheckDestroy:             wantLeft(sim, 1),
				Steps: []resource.TestStep{
					{Config: config, ExpectError: guide},
					{
						PreConfig: func() {
							if err := wantWrites(sim, tt.posts, 0, 0)(nil); err != nil {
								t.Error(err)
							}
							consoleHook(t, sim, hookURL)
						},
						Config: config,
						ConfigStateChecks: []statecheck.StateCheck{
							version(knownvalue.Int64Exact(1)),
							statecheck.ExpectKnownValue(testHook, tfjsonpath.New("created_by_terraform"), knownvalue.Bool(false)),
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
	sim := newSim(t, falconsim.Options{})
	consoleHook(t, sim, hookURL)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(),
		CheckDestroy:             wantLeft(sim, 1),
		Steps: []resource.TestStep{
			{Config: hook(sim, hookURL, testKey)},
			{Config: hook(sim, movedURL, secondKey), ExpectError: guide},
			{Config: hook(sim, movedURL, secondKey), ExpectError: guide}, // the URL is still the old one
			{
				PreConfig:         func() { editHook(t, sim, falconsim.PluginConfigEdit{URL: new(movedURL)}) },
				Config:            hook(sim, movedURL, secondKey),
				ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(2))},
			},
			{Config: hook(sim, movedURL, testKey), ExpectError: guide},
			{Config: hook(sim, movedURL, testKey), ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(3))}},
		},
	})
}

// An existing configuration that differs is refused by the plan; one that is equal is adopted, and only a planned update
// changes it.
func TestAccWebhook_adoptDifferent(t *testing.T) {
	t.Parallel()
	sim := newSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	consoleHook(t, sim, movedURL)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(),
		CheckDestroy:             wantLeft(sim, 1),
		Steps: []resource.TestStep{
			{Config: hook(sim, hookURL, testKey), PlanOnly: true, ExpectError: regexp.MustCompile(`url: "https://receiver.example/moved" in Falcon, "https://receiver.example/hook"`)},
			{Config: hook(sim, movedURL, testKey), Check: wantWrites(sim, 0, 0, 0)},
			{Config: hook(sim, hookURL, testKey), ConfigPlanChecks: hookAction(plancheck.ResourceActionUpdate), Check: wantWrites(sim, 0, 1, 0)},
		},
	})
}

func TestAccWebhook_hiddenNames(t *testing.T) {
	t.Parallel()
	sim := newSim(t, falconsim.Options{Readings: falconsim.Readings{"Q14": "b", "Q15": "b", "Q16": "b"}})
	id := consoleHook(t, sim, hookURL)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(),
		Steps: []resource.TestStep{
			{Config: hook(sim, hookURL, testKey), ExpectError: regexp.MustCompile(id)},
			{Config: hook(sim, hookURL, testKey, fmt.Sprintf("config_id = %q", otherConfigID)), ExpectError: regexp.MustCompile("Unknown webhook configuration")},
			{Config: hook(sim, hookURL, testKey, fmt.Sprintf("config_id = %q", id))},
			{Config: hook(sim, movedURL, testKey, fmt.Sprintf("config_id = %q", id)), ExpectError: guide},
			{Config: hook(sim, movedURL, testKey, fmt.Sprintf("config_id = %q", id))},
		},
	})
}

func TestAccWebhook_importedWithoutSecret(t *testing.T) {
	t.Parallel()
	sim := newSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	id := consoleHook(t, sim, hookURL)
	imports := fmt.Sprintf("import {\n  to = falcon_webhook.test\n  id = %q\n}\n", id)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(),
		CheckDestroy:             wantLeft(sim, 1),
		Steps: []resource.TestStep{
			{Config: hook(sim, hookURL, "") + imports, ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Null())}, Check: wantWrites(sim, 0, 0, 0)},
			{Config: hook(sim, hookURL, testKey), ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Null())}, Check: wantWrites(sim, 0, 0, 0)},
			{Config: hook(sim, movedURL, testKey), ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Null())}, Check: wantWrites(sim, 0, 1, 0)}, // without the key
			{Config: hook(sim, movedURL, secondKey), ConfigStateChecks: []statecheck.StateCheck{version(knownvalue.Int64Exact(1))}, Check: wantWrites(sim, 0, 1, 0)},
			{ResourceName: testHook, ImportState: true, ImportStateId: "zscaler", ExpectError: regexp.MustCompile(`32\s+hexadecimal\s+digits`)},
		},
	})
}
