package webhook_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// A pipeline without the HMAC secret plans to create a configuration again that was deleted in Falcon. Only the apply is an
// error, and so is the plan of a first create.
func TestGone_planWithoutSecret(t *testing.T) {
	t.Parallel()
	none := acctest.WebhookArguments.With(acctest.Arguments{"hmac_secret_wo": nil})
	for name, tt := range map[string]struct {
		more    acctest.Arguments // of the plan
		refresh bool
		exists  bool // the configuration is not deleted
		version string
		fails   bool
	}{
		"gone":                             {refresh: true, version: "unknown"},
		"gone, with a changed URL":         {refresh: true, more: acctest.Arguments{"url": acctest.MovedURL}, version: "unknown"},
		"gone, with the user's version":    {refresh: true, more: acctest.Arguments{"hmac_secret_wo_version": int64(4)}, version: "4"},
		"gone, and another one is new":     {refresh: true, more: acctest.Arguments{"name": "another"}, fails: true},
		"a first create":                   {fails: true},
		"not gone, and another one is new": {refresh: true, exists: true, more: acctest.Arguments{"name": "another"}, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
				state := b.CreateWebhook(acctest.WebhookArguments)
				if !tt.exists {
					if err := b.Sim.DeletePluginConfig(b.Start(acctest.WebhookType).Text(state, "id")); err != nil {
						t.Fatal(err)
					}
				}
				p := b.Start(acctest.WebhookType)
				if tt.refresh {
					if read := p.Refresh(state); read.Value.IsNull() == tt.exists {
						t.Fatalf("the refresh returned %s", read.Value)
					}
				}
				config := none.With(tt.more)
				planned, diags := p.Plan(p.None(), config)
				if tt.fails {
					wantError(t, diags, "hmac_secret_wo: Missing HMAC secret")
					return
				}
				p.WantNoError(diags)
				warnings := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning)
				if strings.Count(warnings, "\n") > 0 || !strings.Contains(warnings, "hmac_secret_wo: HMAC secret is required to create the webhook configuration again") {
					t.Errorf("the plan warns %q, want one warning about the secret", warnings)
				}
				version := p.Attributes(planned.Value)["hmac_secret_wo_version"]
				if got := p.Text(planned, "hmac_secret_wo_version"); version.IsKnown() == (tt.version == "unknown") || version.IsKnown() && !strings.Contains(got, tt.version) {
					t.Errorf("the version is planned as %s, want %s", got, tt.version)
				}

				// Terraform plans again in the process of the apply.
				writes, apply := b.WebhookWrites(), b.Start(acctest.WebhookType)
				_, diags = apply.Plan(apply.None(), config)
				wantError(t, diags, "hmac_secret_wo: Missing HMAC secret")
				_, diags = apply.ApplyPlanned(apply.None(), planned, config)
				wantError(t, diags, "hmac_secret_wo: Missing HMAC secret")
				if n := b.WebhookWrites() - writes; n != 0 {
					t.Errorf("%d writes without a secret", n)
				}
				again, diags := b.Start(acctest.WebhookType).ApplyPlanned(apply.None(), planned, config.With(acctest.Arguments{"hmac_secret_wo": coretest.TestKey}))
				apply.WantNoError(diags)
				if len(b.Sim.PluginConfigs()) == 0 || apply.Text(again, "id") == apply.Text(state, "id") {
					t.Error("the configuration was not created again")
				}
			})
		})
	}
}

// The drift pipeline of the guide, with a real Terraform: exit status 2 without the secret, and no write by an apply of that plan.
func TestAccWebhook_goneWithoutSecret(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	w := acctest.NewTerraform(t, sim, nil)
	w.Write("main.tf", acctest.RequiredFalcon+`
variable "hmac_secret" {
  type      = string
  ephemeral = true
  default   = null
}
resource "falcon_webhook" "this" {
  name           = "zscaler"
  url            = "`+acctest.WebhookURL+`"
  hmac_secret_wo = var.hmac_secret
}
resource "falcon_workflow" "this" {
  name = "notify"
  notify_webhook = {
    trigger    = "score_changed"
    webhook_id = falcon_webhook.this.id
  }
}
`)
	secret := "-var=hmac_secret=" + coretest.TestKey
	w.Run("apply", "-auto-approve", secret)
	w.WantPlan(false)
	if err := sim.DeletePluginConfig(acctest.OnlyWebhook(t, sim).ID); err != nil {
		t.Fatal(err)
	}
	out := w.RunExit(2, "plan", "-detailed-exitcode", "-out=drift")
	for _, want := range []string{"falcon_webhook.this will be created", "falcon_workflow.this will be updated in-place", "Webhook configuration is gone", "HMAC secret is required to create"} {
		w.WantOutput(out, want)
	}
	w.WantOutput(w.RunExit(0, "plan", "-refresh=false"), "No changes")
	if isTofu, _ := w.CLI(); !isTofu { // OpenTofu accepts the secret for this plan
		w.WantOutput(w.RunExit(1, "apply", secret, "drift"), "must remain unset")
	}
	w.WantOutput(w.RunExit(1, "apply", "drift"), "Missing HMAC secret")
	if left := acctest.ManagedWebhooks(sim); len(left) != 0 {
		t.Errorf("an apply without the secret created %v", left)
	}
	w.Run("apply", "-auto-approve", secret)
	w.WantPlan(false)
	if left := acctest.ManagedWebhooks(sim); len(left) != 1 {
		t.Errorf("the tenant has %v", left)
	}
}
