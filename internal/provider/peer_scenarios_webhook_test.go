package provider

import (
	"fmt"
	"slices"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// unpublishedCreate is the warning of every plan that creates a configuration.
const unpublishedCreate = "created by an unpublished request"

const peerThirdKey = "a third key of thirty-two letters"

// peerHook is a webhook configuration; a nil value removes an argument.
func peerHook(changes ...arguments) arguments {
	config := arguments{"name": "zscaler", "url": hookURL, "hmac_secret_wo": testKey}
	for _, c := range changes {
		config = config.with(c)
	}
	return config
}

func withKey(key string) arguments { return arguments{"hmac_secret_wo": key} }

func withVersion(key string, version int64) arguments {
	return arguments{"hmac_secret_wo": key, "hmac_secret_wo_version": version}
}

var withoutKey = arguments{"hmac_secret_wo": nil}

// peerHooks are the configurations of the CrowdStrike Webhook app besides the one that each bubble has.
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
// TestWebhookKeyThatFalconMayNotHave.
var tfeScenarios = []peerScenario{
	{
		peer: "tfe", name: "basic",
		steps: []peerStep{
			{
				config: peerHook(), plans: "create", warns: unpublishedCreate, writes: 1,
				state:  map[string]string{"name": "zscaler", "url": hookURL, "signature_header": defaultSignatureHeader, "hmac_secret_wo": "null", "created_by_terraform": "true"},
				falcon: hasHook("zscaler", hookURL, defaultSignatureHeader),
			},
			{imports: true, hidden: []string{"created_by_terraform", "hmac_secret_wo_version"}},
			{writes: 1, falcon: noHook},
		},
	},
	{
		peer: "tfe", name: "update of each argument",
		steps: []peerStep{
			{config: peerHook(), plans: "create", warns: unpublishedCreate, writes: 1},
			{config: peerHook(arguments{"name": "zscaler 2"}), plans: "update", changes: []string{"name"}, writes: 1, falcon: hasHook("zscaler 2", hookURL, defaultSignatureHeader)},
			{config: peerHook(arguments{"url": movedURL}), plans: "update", changes: []string{"name", "url"}, writes: 1, falcon: hasHook("zscaler", movedURL, defaultSignatureHeader)},
			{config: peerHook(arguments{"signature_header": "X-Mine"}), plans: "update", changes: []string{"signature_header", "url"}, writes: 1, falcon: hasHook("zscaler", hookURL, "X-Mine")},
			{config: peerHook(), plans: "update", changes: []string{"signature_header"}, writes: 1, falcon: hasHook("zscaler", hookURL, defaultSignatureHeader)},
			{config: peerHook(), plans: "nothing", state: keyVersion("1")},
		},
	},
	{
		peer: "tfe", name: "drift of each argument",
		steps: []peerStep{
			{config: peerHook(), plans: "create", warns: unpublishedCreate, writes: 1},
			{
				outside: func(sim *falconsim.Server, id string) error {
					return sim.EditPluginConfig(id, falconsim.PluginConfigEdit{Name: new("by hand"), URL: new(movedURL), SignatureHeader: new("X-By-Hand")})
				},
				config: peerHook(), plans: "update", changes: []string{"name", "signature_header", "url"}, writes: 1,
				falcon: hasHook("zscaler", hookURL, defaultSignatureHeader),
			},
		},
	},
	{
		peer: "tfe", name: "disappears",
		steps: []peerStep{
			{config: peerHook(), plans: "create", warns: unpublishedCreate, writes: 1},
			{outside: (*falconsim.Server).DeletePluginConfig, config: peerHook(), plans: "create", warns: unpublishedCreate, writes: 1, state: keyVersion("1"), falcon: hasHook("zscaler", hookURL, defaultSignatureHeader)},
		},
	},
	{
		peer: "tfe", name: "secret with a version of one's own",
		differs: "the configuration is changed in place, theirs replaced: workflows refer to its id; without the secret Falcon's key stays, because a configuration cannot be without one",
		steps: []peerStep{
			{config: peerHook(withVersion(testKey, 1)), plans: "create", warns: unpublishedCreate, writes: 1, state: keyVersion("1")},
			{config: peerHook(withVersion(secondKey, 1)), plans: "nothing", state: keyVersion("1")},
			{config: peerHook(withVersion(secondKey, 2)), plans: "update", changes: []string{"hmac_secret_wo_version"}, writes: 1, state: keyVersion("2")},
			{config: peerHook(withVersion(peerThirdKey, 1)), plans: "update", changes: []string{"hmac_secret_wo_version"}, writes: 1, state: keyVersion("1")},
		},
	},
	{
		peer: "tfe", name: "version without secret",
		steps: []peerStep{
			{config: peerHook(withoutKey, arguments{"hmac_secret_wo_version": int64(1)}), fails: "hmac_secret_wo: Missing HMAC secret", falcon: noHook},
			{config: peerHook(), plans: "create", warns: unpublishedCreate, writes: 1},
			{config: peerHook(withoutKey, arguments{"hmac_secret_wo_version": int64(2)}), fails: "hmac_secret_wo: Missing HMAC secret"},
		},
	},
	{
		peer: "tfe", name: "secret with an automatic version",
		differs: "once the key is dropped together with another change, the version is null, as in theirs; Falcon's key stays",
		steps: []peerStep{
			{config: peerHook(), plans: "create", warns: unpublishedCreate, writes: 1, state: keyVersion("1")},
			{config: peerHook(withKey(secondKey)), plans: "update", changes: []string{"hmac_secret_wo_version"}, writes: 1, state: keyVersion("2")},
			{config: peerHook(withKey(secondKey)), plans: "nothing", state: keyVersion("2")},
			{config: peerHook(withoutKey, arguments{"url": movedURL}), plans: "update", changes: []string{"hmac_secret_wo_version", "url"}, writes: 1, state: keyVersion("null")},
			{config: peerHook(withKey(secondKey), arguments{"url": movedURL}), plans: "update", changes: []string{"hmac_secret_wo_version"}, writes: 1, state: keyVersion("1")},
			{config: peerHook(withKey(peerThirdKey), arguments{"url": movedURL}), plans: "update", changes: []string{"hmac_secret_wo_version"}, writes: 1, state: keyVersion("2")},
		},
	},
	{
		peer: "tfe", name: "from an automatic version to one's own and back",
		steps: []peerStep{
			{config: peerHook(), plans: "create", warns: unpublishedCreate, writes: 1, state: keyVersion("1")},
			{config: peerHook(withVersion(testKey, 1)), plans: "nothing", state: keyVersion("1")},
			{config: peerHook(withVersion(secondKey, 7)), plans: "update", changes: []string{"hmac_secret_wo_version"}, writes: 1, state: keyVersion("7")},
			{config: peerHook(withKey(secondKey)), plans: "nothing", state: keyVersion("7")},
			{config: peerHook(withKey(peerThirdKey)), plans: "update", changes: []string{"hmac_secret_wo_version"}, writes: 1, state: keyVersion("8")},
		},
	},
	{
		peer: "tfe", name: "invalid arguments",
		steps: []peerStep{
			{config: peerHook(arguments{"url": "receiver.example"}), fails: "url: ", falcon: noHook},
			{config: peerHook(arguments{"url": "http://receiver.example/hook"}), fails: "url: ", falcon: noHook},
			{config: peerHook(arguments{"name": " "}), fails: "name: ", falcon: noHook},
			{config: peerHook(withKey("short")), fails: "hmac_secret_wo: ", falcon: noHook},
			{config: peerHook(withoutKey), fails: "hmac_secret_wo: Missing HMAC secret", falcon: noHook},
			{config: peerHook(arguments{"signature_header": "not a header"}), fails: "signature_header: ", falcon: noHook},
		},
	},
	{
		peer: "tfe", name: "invalid arguments of an update",
		steps: []peerStep{
			{config: peerHook(), plans: "create", warns: unpublishedCreate, writes: 1},
			{config: peerHook(arguments{"url": ""}), fails: "url: "},
			{config: peerHook(withKey("short")), fails: "hmac_secret_wo: "},
			{config: peerHook(), plans: "nothing", falcon: hasHook("zscaler", hookURL, defaultSignatureHeader)},
		},
	},
}

func TestPeerScenarios_tfeNotification(t *testing.T) {
	t.Parallel()
	runPeerScenarios(t, webhookType, falconsim.Options{}, tfeScenarios)
}
