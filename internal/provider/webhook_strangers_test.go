package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// slackNamed gives the tenant's Slack configuration the name and the URL that a
// webhook is to have, and its id.
func slackNamed(t *testing.T, sim *falconsim.Server, url string) string {
	t.Helper()
	for _, c := range sim.PluginConfigs() {
		if c.Name == "Security channel" {
			edit := falconsim.PluginConfigEdit{Name: new("zscaler"), URL: &url, HMACKey: new(secondKey), SignatureHeader: new(defaultSignatureHeader)}
			if err := sim.EditPluginConfig(c.ID, edit); err != nil {
				t.Fatal(err)
			}
			return c.ID
		}
	}
	t.Fatal("the tenant has no Slack configuration")
	return ""
}

// addWebhook makes another configuration of the CrowdStrike Webhook app, by which the app is known in the list.
func addWebhook(t *testing.T, sim *falconsim.Running) string {
	t.Helper()
	id, err := sim.CreatePluginConfig("unrelated", movedURL, testKey, "")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func hookProtocol(t *testing.T, sim *falconsim.Running) *protocol {
	t.Helper()
	p := newProtocol(t, sim)
	p.resource = webhookType
	return p
}

// refusal is the errors among the diagnostics, of which there must be some.
func refusal(t *testing.T, diags []*tfprotov6.Diagnostic, texts ...string) {
	t.Helper()
	got := messages(diags, tfprotov6.DiagnosticSeverityError)
	if got == "" {
		t.Fatal("no error")
	}
	for _, want := range texts {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nlacks %q", got, want)
		}
	}
}

// A configuration of another app is not taken for one that was made, not
// imported and not adopted, not even where it has the name and the URL.
func TestWebhookOfAnotherApp(t *testing.T) {
	t.Parallel()
	t.Run("create lost", func(t *testing.T) {
		t.Parallel()
		inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
			slack := slackNamed(t, b.sim, hookURL)
			b.wire.arm(strikes(sentCall{method: http.MethodPost, path: configsPath, n: 1}, *faultNamed("dropped before the change"), true))
			p, _ := b.run(webhookType)
			state, diags := p.apply(p.none(), aWebhook)
			refusal(t, diags, createFailed, "may still appear there under the name \"zscaler\"")
			if !state.value.IsNull() || strings.Contains(b.checked(diags), slack) {
				t.Errorf("the stranger is in state or advised: %s %v", state.value, diags)
			}
		})
	})
	t.Run("import and config_id", func(t *testing.T) {
		t.Parallel()
		sim := newSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
		slack := slackNamed(t, sim.Server, hookURL)
		own := addWebhook(t, sim)
		p := hookProtocol(t, sim)
		_, diags := p.imported(strings.ToUpper(slack))
		refusal(t, diags, "another Store app", own)
		_, diags = p.apply(p.none(), aWebhook.with(arguments{"config_id": slack}))
		refusal(t, diags, "config_id", "another Store app")
		_, diags = p.imported(own)
		p.wantFine(diags)
	})
}

// Where it can't be told which app a configuration belongs to, the name alone
// decides nothing: nothing is written until config_id names it.
func TestWebhookAppNotTold(t *testing.T) {
	t.Parallel()
	tenants := map[string]struct {
		opts  falconsim.Options
		known bool
		url   string
	}{
		"the app's id is not listed":      {url: movedURL},
		"the catalogue does not tell it":  {opts: falconsim.Options{NoCallWebhook: true}, url: movedURL},
		"nor which of two apps":           {opts: falconsim.Options{NoCallWebhook: true}, known: true, url: hookURL},
		"and the URL is not shown either": {opts: falconsim.Options{Readings: falconsim.Readings{"Q15": "b", "Q16": "b"}}, url: hookURL},
	}
	for name, tt := range tenants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.opts.Readings = falconsim.WebhookWrites().With(tt.opts.Readings)
			sim := newSim(t, tt.opts)
			slack := slackNamed(t, sim.Server, tt.url)
			if tt.known {
				addWebhook(t, sim)
			}
			p := hookProtocol(t, sim)
			_, diags := p.apply(p.none(), aWebhook)
			refusal(t, diags, "name: ", slack, "config_id")
			if n := calls(sim, http.MethodPost, configsPath) + calls(sim, http.MethodPatch, configsPath); n != 0 {
				t.Errorf("%d writes", n)
			}
		})
	}
	t.Run("the same content is taken over, and not written", func(t *testing.T) {
		t.Parallel()
		sim := newSim(t, falconsim.Options{Readings: falconsim.WebhookWrites(), NoCallWebhook: true, NoSlackConfig: true})
		id := consoleHook(t, sim, hookURL)
		p := hookProtocol(t, sim)
		state, diags := p.apply(p.none(), aWebhook)
		p.wantFine(diags)
		if p.text(state, "id") != id || calls(sim, http.MethodPost, configsPath)+calls(sim, http.MethodPatch, configsPath) != 0 {
			t.Errorf("got %s", state.value)
		}
	})
	t.Run("config_id decides", func(t *testing.T) {
		t.Parallel()
		sim := newSim(t, falconsim.Options{Readings: falconsim.WebhookWrites(), NoCallWebhook: true})
		id := consoleHook(t, sim, movedURL)
		p := hookProtocol(t, sim)
		_, diags := p.apply(p.none(), aWebhook.with(arguments{"config_id": id}))
		refusal(t, diags, movedURL, "terraform import falcon_webhook.this "+id)
		p = hookProtocol(t, sim)
		state, diags := p.apply(p.none(), aWebhook.with(arguments{"config_id": id, "url": movedURL}))
		p.wantFine(diags)
		if n := calls(sim, http.MethodPost, configsPath) + calls(sim, http.MethodPatch, configsPath); p.text(state, "id") != id || n != 0 {
			t.Errorf("got %s, and %d writes", state.value, n)
		}
	})
}
