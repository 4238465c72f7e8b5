package webhook_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// unpublishedCreate is the warning of every plan that creates a configuration.
const unpublishedCreate = "created by an unpublished request"

const peerThirdKey = "a third key of thirty-two letters"

// peerHook is a webhook configuration; a nil value removes an argument.
func peerHook(changes ...acctest.Arguments) acctest.Arguments {
	config := acctest.Arguments{"name": "zscaler", "url": acctest.WebhookURL, "hmac_secret_wo": coretest.TestKey}
	for _, c := range changes {
		config = config.With(c)
	}
	return config
}

func withKey(key string) acctest.Arguments { return acctest.Arguments{"hmac_secret_wo": key} }

func withVersion(key string, version int64) acctest.Arguments {
	return acctest.Arguments{"hmac_secret_wo": key, "hmac_secret_wo_version": version}
}

var withoutKey = acctest.Arguments{"hmac_secret_wo": nil}

// peerHooks are the configurations of the CrowdStrike Webhook app in addition to the one that each harness has.
func peerHooks(sim *falconsim.Server) []falconsim.PluginConfig {
	all := sim.PluginConfigs()
	app := all[slices.IndexFunc(all, func(c falconsim.PluginConfig) bool { return c.Name == "receiver" })].AppID
	return slices.DeleteFunc(all, func(c falconsim.PluginConfig) bool { return c.AppID != app || c.Name == "receiver" })
}

// hasHook checks the only one of them.
func hasHook(name, url, header string) func(*falconsim.Server) string {
	return func(sim *falconsim.Server) string {
		all := peerHooks(sim)
		if len(all) != 1 {
			return fmt.Sprintf("the tenant has %d configurations, want 1", len(all))
		}
		if c := all[0]; c.Name != name || c.URL != url || c.SignatureHeader != header {
			return fmt.Sprintf("the tenant has %q, %s, %s; want %q, %s, %s", c.Name, c.URL, c.SignatureHeader, name, url, header)
		}
		return ""
	}
}

func noHook(sim *falconsim.Server) string {
	if n := len(peerHooks(sim)); n > 0 {
		return fmt.Sprintf("the tenant has %d configurations, want none", n)
	}
	return ""
}

func keyVersion(version string) map[string]string {
	return map[string]string{"hmac_secret_wo_version": version, "hmac_secret_wo": "null"}
}

// What tfe_notification_configuration goes through. Its kinds of destination and their exclusions, triggers and e-mail
// users have no counterpart, nor has a secret in plain text, to which theirs refuses to switch. Which key is sent is in
// TestSecretThatFalconMayNotHave.
var tfeScenarios = []acctest.Scenario{
	{
		Peer: "tfe", Name: "basic",
		Steps: []acctest.Step{
			{
				Config: peerHook(), Plans: "create", Warns: unpublishedCreate, Writes: 1,
				State:  map[string]string{"name": "zscaler", "url": acctest.WebhookURL, "signature_header": acctest.SignatureHeader, "hmac_secret_wo": "null", "created_by_terraform": "true"},
				Falcon: hasHook("zscaler", acctest.WebhookURL, acctest.SignatureHeader),
			},
			{Imports: true, Hidden: []string{"created_by_terraform", "hmac_secret_wo_version"}},
			{Writes: 1, Falcon: noHook},
		},
	},
	{
		Peer: "tfe", Name: "update of each argument",
		Steps: []acctest.Step{
			{Config: peerHook(), Plans: "create", Warns: unpublishedCreate, Writes: 1},
			{Config: peerHook(acctest.Arguments{"name": "zscaler 2"}), Plans: "update", Changes: []string{"name"}, Writes: 1, Falcon: hasHook("zscaler 2", acctest.WebhookURL, acctest.SignatureHeader)},
			{Config: peerHook(acctest.Arguments{"url": acctest.MovedURL}), Plans: "update", Changes: []string{"name", "url"}, Writes: 1, Falcon: hasHook("zscaler", acctest.MovedURL, acctest.SignatureHeader)},
			{Config: peerHook(acctest.Arguments{"signature_header": "X-Mine"}), Plans: "update", Changes: []string{"signature_header", "url"}, Writes: 1, Falcon: hasHook("zscaler", acctest.WebhookURL, "X-Mine")},
			{Config: peerHook(), Plans: "update", Changes: []string{"signature_header"}, Writes: 1, Falcon: hasHook("zscaler", acctest.WebhookURL, acctest.SignatureHeader)},
			{Config: peerHook(), Plans: "nothing", State: keyVersion("1")},
		},
	},
	{
		Peer: "tfe", Name: "drift of each argument",
		Steps: []acctest.Step{
			{Config: peerHook(), Plans: "create", Warns: unpublishedCreate, Writes: 1},
			{
				Outside: func(sim *falconsim.Server, id string) error {
					return sim.EditPluginConfig(id, falconsim.PluginConfigEdit{Name: new("by hand"), URL: new(acctest.MovedURL), SignatureHeader: new("X-By-Hand")})
				},
				Config: peerHook(), Plans: "update", Changes: []string{"name", "signature_header", "url"}, Writes: 1,
				Falcon: hasHook("zscaler", acctest.WebhookURL, acctest.SignatureHeader),
			},
		},
	},
	{
		Peer: "tfe", Name: "disappears",
		Steps: []acctest.Step{
			{Config: peerHook(), Plans: "create", Warns: unpublishedCreate, Writes: 1},
			{Outside: (*falconsim.Server).DeletePluginConfig, Config: peerHook(), Plans: "create", Warns: unpublishedCreate, Writes: 1, State: keyVersion("1"), Falcon: hasHook("zscaler", acctest.WebhookURL, acctest.SignatureHeader)},
		},
	},
	{
		Peer: "tfe", Name: "secret with a version of one's own",
		Differs: "the configuration is changed in place, theirs replaced: workflows refer to its id; without the secret Falcon's key stays, because a configuration cannot be without one",
		Steps: []acctest.Step{
			{Config: peerHook(withVersion(coretest.TestKey, 1)), Plans: "create", Warns: unpublishedCreate, Writes: 1, State: keyVersion("1")},
			{Config: peerHook(withVersion(acctest.SecondKey, 1)), Plans: "nothing", State: keyVersion("1")},
			{Config: peerHook(withVersion(acctest.SecondKey, 2)), Plans: "update", Changes: []string{"hmac_secret_wo_version"}, Writes: 1, State: keyVersion("2")},
			{Config: peerHook(withVersion(peerThirdKey, 1)), Plans: "update", Changes: []string{"hmac_secret_wo_version"}, Writes: 1, State: keyVersion("1")},
		},
	},
	{
		Peer: "tfe", Name: "version without secret",
		Steps: []acctest.Step{
			{Config: peerHook(withoutKey, acctest.Arguments{"hmac_secret_wo_version": int64(1)}), Fails: "hmac_secret_wo: Missing HMAC secret", Falcon: noHook},
			{Config: peerHook(), Plans: "create", Warns: unpublishedCreate, Writes: 1},
			{Config: peerHook(withoutKey, acctest.Arguments{"hmac_secret_wo_version": int64(2)}), Fails: "hmac_secret_wo: Missing HMAC secret"},
		},
	},
	{
		Peer: "tfe", Name: "secret with an automatic version",
		Differs: "once the key is dropped together with another change, the version is null, as in theirs; Falcon's key stays",
		Steps: []acctest.Step{
			{Config: peerHook(), Plans: "create", Warns: unpublishedCreate, Writes: 1, State: keyVersion("1")},
			{Config: peerHook(withKey(acctest.SecondKey)), Plans: "update", Changes: []string{"hmac_secret_wo_version"}, Writes: 1, State: keyVersion("2")},
			{Config: peerHook(withKey(acctest.SecondKey)), Plans: "nothing", State: keyVersion("2")},
			{Config: peerHook(withoutKey, acctest.Arguments{"url": acctest.MovedURL}), Plans: "update", Changes: []string{"hmac_secret_wo_version", "url"}, Writes: 1, State: keyVersion("null")},
			{Config: peerHook(withKey(acctest.SecondKey), acctest.Arguments{"url": acctest.MovedURL}), Plans: "update", Changes: []string{"hmac_secret_wo_version"}, Writes: 1, State: keyVersion("1")},
			{Config: peerHook(withKey(peerThirdKey), acctest.Arguments{"url": acctest.MovedURL}), Plans: "update", Changes: []string{"hmac_secret_wo_version"}, Writes: 1, State: keyVersion("2")},
		},
	},
	{
		Peer: "tfe", Name: "only the secret is removed, then given again",
		Differs: "a null secret leaves the key alone and changes nothing, so that a pipeline can plan without the secret",
		Steps: []acctest.Step{
			{Config: peerHook(), Plans: "create", Warns: unpublishedCreate, Writes: 1, State: keyVersion("1")},
			{Config: peerHook(withoutKey), Plans: "nothing", State: keyVersion("1")},
			{Config: peerHook(), Plans: "nothing", State: keyVersion("1")},
			{Config: peerHook(withKey(acctest.SecondKey)), Plans: "update", Changes: []string{"hmac_secret_wo_version"}, Writes: 1, State: keyVersion("2")},
		},
	},
	{
		Peer: "tfe", Name: "from an automatic version to one's own and back",
		Steps: []acctest.Step{
			{Config: peerHook(), Plans: "create", Warns: unpublishedCreate, Writes: 1, State: keyVersion("1")},
			{Config: peerHook(withVersion(coretest.TestKey, 1)), Plans: "nothing", State: keyVersion("1")},
			{Config: peerHook(withVersion(acctest.SecondKey, 7)), Plans: "update", Changes: []string{"hmac_secret_wo_version"}, Writes: 1, State: keyVersion("7")},
			{Config: peerHook(withKey(acctest.SecondKey)), Plans: "nothing", State: keyVersion("7")},
			{Config: peerHook(withKey(peerThirdKey)), Plans: "update", Changes: []string{"hmac_secret_wo_version"}, Writes: 1, State: keyVersion("8")},
		},
	},
	{
		Peer: "tfe", Name: "invalid arguments",
		Steps: []acctest.Step{
			{Config: peerHook(acctest.Arguments{"url": "receiver.example"}), Fails: "url: ", Falcon: noHook},
			{Config: peerHook(acctest.Arguments{"url": "http://receiver.example/hook"}), Fails: "url: ", Falcon: noHook},
			{Config: peerHook(acctest.Arguments{"name": " "}), Fails: "name: ", Falcon: noHook},
			{Config: peerHook(withKey("short")), Fails: "hmac_secret_wo: ", Falcon: noHook},
			{Config: peerHook(withoutKey), Fails: "hmac_secret_wo: Missing HMAC secret", Falcon: noHook},
			{Config: peerHook(acctest.Arguments{"signature_header": "not a header"}), Fails: "signature_header: ", Falcon: noHook},
		},
	},
	{
		Peer: "tfe", Name: "invalid arguments of an update",
		Steps: []acctest.Step{
			{Config: peerHook(), Plans: "create", Warns: unpublishedCreate, Writes: 1},
			{Config: peerHook(acctest.Arguments{"url": ""}), Fails: "url: "},
			{Config: peerHook(withKey("short")), Fails: "hmac_secret_wo: "},
			{Config: peerHook(), Plans: "nothing", Falcon: hasHook("zscaler", acctest.WebhookURL, acctest.SignatureHeader)},
		},
	},
}

func TestPeerScenarios_tfeNotification(t *testing.T) {
	t.Parallel()
	acctest.RunScenarios(t, acctest.WebhookType, falconsim.Options{}, tfeScenarios)
}
