package webhook_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/webhook"
)

// slackNamed edits the tenant's Slack configuration so that it has the name and URL of a webhook, and returns its id.
func slackNamed(t *testing.T, sim *falconsim.Server, url string) string {
	t.Helper()
	for _, c := range sim.PluginConfigs() {
		if c.Name == "Security channel" {
			edit := falconsim.PluginConfigEdit{Name: new("zscaler"), URL: &url, HMACKey: new(acctest.SecondKey), SignatureHeader: new(acctest.SignatureHeader)}
			if err := sim.EditPluginConfig(c.ID, edit); err != nil {
				t.Fatal(err)
			}
			return c.ID
		}
	}
	t.Fatal("the tenant has no Slack configuration")
	return ""
}

// addWebhook creates another configuration of the CrowdStrike Webhook app, so that the list shows the app's id.
func addWebhook(t *testing.T, sim *falconsim.Running) string {
	t.Helper()
	id, err := sim.CreatePluginConfig("unrelated", acctest.MovedURL, coretest.TestKey, "")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func newProtocol(t *testing.T, sim *falconsim.Running) *acctest.Protocol {
	t.Helper()
	p := acctest.NewProtocol(t, sim)
	p.Resource = acctest.WebhookType
	return p
}

// wantError fails the test unless there are errors with all of these texts.
func wantError(t *testing.T, diags []*tfprotov6.Diagnostic, texts ...string) {
	t.Helper()
	got := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError)
	if got == "" {
		t.Fatal("no error")
	}
	for _, want := range texts {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nlacks %q", got, want)
		}
	}
}

// A configuration of another app is never adopted, imported or mistaken for the one that was created, even if it has the
// same name and URL.
func TestConfigurationOfAnotherApp(t *testing.T) {
	t.Parallel()
	t.Run("the response of a create is lost", func(t *testing.T) {
		t.Parallel()
		acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
			slack := slackNamed(t, b.Sim, acctest.WebhookURL)
			b.Transport.Arm(acctest.FaultAt(acctest.SentCall{Method: http.MethodPost, Path: acctest.ConfigsPath, N: 1}, *acctest.FaultNamed("dropped before the change"), true))
			p, _ := b.Run(acctest.WebhookType)
			state, diags := p.Apply(p.None(), acctest.WebhookArguments)
			wantError(t, diags, webhook.CreateFailed, "may still appear there under the name \"zscaler\"")
			if !state.Value.IsNull() || strings.Contains(b.Checked(diags), slack) {
				t.Errorf("the other app's configuration is in the state or in a message: %s %v", state.Value, diags)
			}
		})
	})
	t.Run("import and config_id", func(t *testing.T) {
		t.Parallel()
		sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
		slack := slackNamed(t, sim.Server, acctest.WebhookURL)
		own := addWebhook(t, sim)
		p := newProtocol(t, sim)
		_, diags := p.Imported(strings.ToUpper(slack))
		wantError(t, diags, "another Store app", own)
		_, diags = p.Apply(p.None(), acctest.WebhookArguments.With(acctest.Arguments{"config_id": slack}))
		wantError(t, diags, "config_id", "another Store app")
		_, diags = p.Imported(own)
		p.WantNoError(diags)
	})
}

// If it is not known which app a configuration belongs to, its name is not enough to adopt it: config_id has to name it.
func TestUnknownApp(t *testing.T) {
	t.Parallel()
	tenants := map[string]struct {
		opts  falconsim.Options
		known bool
		url   string
	}{
		"the app's id is not listed":   {url: acctest.MovedURL},
		"the catalog does not show it": {opts: falconsim.Options{NoCallWebhook: true}, url: acctest.MovedURL},
		"and two apps are listed":      {opts: falconsim.Options{NoCallWebhook: true}, known: true, url: acctest.WebhookURL},
		"and the URL is not shown":     {opts: falconsim.Options{Readings: falconsim.Readings{"Q15": "b", "Q16": "b"}}, url: acctest.WebhookURL},
	}
	for name, tt := range tenants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.opts.Readings = falconsim.WebhookWrites().With(tt.opts.Readings)
			sim := acctest.NewSim(t, tt.opts)
			slack := slackNamed(t, sim.Server, tt.url)
			if tt.known {
				addWebhook(t, sim)
			}
			p := newProtocol(t, sim)
			_, diags := p.Apply(p.None(), acctest.WebhookArguments)
			wantError(t, diags, "name: ", slack, "config_id")
			if n := acctest.Calls(sim, http.MethodPost, acctest.ConfigsPath) + acctest.Calls(sim, http.MethodPatch, acctest.ConfigsPath); n != 0 {
				t.Errorf("%d writes", n)
			}
		})
	}
	t.Run("the same content is adopted", func(t *testing.T) {
		t.Parallel()
		sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites(), NoCallWebhook: true, NoSlackConfig: true})
		id := acctest.ConsoleHook(t, sim, acctest.WebhookURL)
		p := newProtocol(t, sim)
		state, diags := p.Apply(p.None(), acctest.WebhookArguments)
		p.WantNoError(diags)
		if p.Text(state, "id") != id || acctest.Calls(sim, http.MethodPost, acctest.ConfigsPath)+acctest.Calls(sim, http.MethodPatch, acctest.ConfigsPath) != 0 {
			t.Errorf("got %s", state.Value)
		}
	})
	t.Run("config_id decides", func(t *testing.T) {
		t.Parallel()
		sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites(), NoCallWebhook: true})
		id := acctest.ConsoleHook(t, sim, acctest.MovedURL)
		p := newProtocol(t, sim)
		_, diags := p.Apply(p.None(), acctest.WebhookArguments.With(acctest.Arguments{"config_id": id}))
		wantError(t, diags, acctest.MovedURL, "terraform import falcon_webhook.this "+id)
		p = newProtocol(t, sim)
		state, diags := p.Apply(p.None(), acctest.WebhookArguments.With(acctest.Arguments{"config_id": id, "url": acctest.MovedURL}))
		p.WantNoError(diags)
		if n := acctest.Calls(sim, http.MethodPost, acctest.ConfigsPath) + acctest.Calls(sim, http.MethodPatch, acctest.ConfigsPath); p.Text(state, "id") != id || n != 0 {
			t.Errorf("got %s, and %d writes", state.Value, n)
		}
	})
}

// Several configurations of one name are an error that lists their ids. config_id decides.
func TestTwoConfigurationsOfOneName(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	id := acctest.ConsoleHook(t, sim, acctest.WebhookURL)
	acctest.TwinHook(t, sim)
	p := newProtocol(t, sim)
	_, diags := p.Apply(p.None(), acctest.WebhookArguments)
	wantError(t, diags, "name: Multiple webhook configurations", id, coretest.OtherConfigID)
	p = newProtocol(t, sim)
	state, diags := p.Apply(p.None(), acctest.WebhookArguments.With(acctest.Arguments{"config_id": coretest.OtherConfigID}))
	p.WantNoError(diags)
	if n := acctest.Calls(sim, http.MethodPost, acctest.ConfigsPath); p.Text(state, "id") != coretest.OtherConfigID || n != 0 {
		t.Errorf("adopted %s, %d requests", state.Value, n)
	}
	_, diags = p.Imported("zscaler")
	wantError(t, diags, "32 hexadecimal digits")
}
