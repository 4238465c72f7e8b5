package provider_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"filippo.io/age"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// stringValues converts strings, nil (null) and acctest.Unknown.
func stringValues(values ...any) []tftypes.Value {
	out := make([]tftypes.Value, len(values))
	for i, v := range values {
		if _, ok := v.(acctest.Unknown); ok {
			v = tftypes.UnknownValue
		}
		out[i] = tftypes.NewValue(tftypes.String, v)
	}
	return out
}

// A null in a list or set is rejected during the plan, or during the apply if it was unknown before. Falcon has no null
// there, so the plan would never become empty.
func TestNullElements(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
		const refused = ": Null element: "
		notice := func(fields ...any) acctest.Arguments {
			return acctest.Arguments{"name": "n", "notify_webhook": acctest.Arguments{"webhook_id": coretest.OtherConfigID, "trigger": "score_changed", "fields": stringValues(fields...)}}
		}
		for resource, configs := range map[string]struct{ null, late acctest.Arguments }{
			acctest.APIClientType: {acctest.ClientArguments.With(acctest.Arguments{"scopes": stringValues("devices:read", nil)}), acctest.ClientArguments.With(acctest.Arguments{"scopes": stringValues("devices:read", acctest.Unknown{})})},
			acctest.WorkflowType:  {notice("Trigger.CID", nil), notice("Trigger.CID", acctest.Unknown{})},
		} {
			p := h.Start(resource)
			if text := acctest.Messages(p.Validate(configs.null), tfprotov6.DiagnosticSeverityError); strings.Count(text, refused) != 1 {
				t.Errorf("%s: %q", resource, text)
			}
			p.WantNoError(p.Validate(configs.late))
			planned, diags := p.Plan(p.None(), configs.late)
			p.WantNoError(diags)
			if resource != acctest.APIClientType {
				continue // its document is planned and validated again before the apply
			}
			h.Transport.SetFault(nil)
			members := p.Attributes(planned.Value)
			members["scopes"] = tftypes.NewValue(members["scopes"].Type(), stringValues("devices:read", nil))
			planned.Value = tftypes.NewValue(planned.Value.Type(), members)
			made, diags := p.ApplyPlanned(p.None(), planned, configs.null)
			acctest.WantError(t, "apply", diags, "scopes"+refused)
			if !made.Value.IsNull() || acctest.CountWrites(h.Transport) > 0 {
				t.Errorf("something was created: %s", made.Value)
			}
		}
		p := h.Start("")
		for source, list := range map[string]string{
			"falcon_host_scores": "agent_ids", "falcon_user_scores": "emails", "falcon_domains": "data_sources",
		} {
			acctest.WantError(t, source, p.ValidateData(source, acctest.Arguments{list: stringValues(nil)}), list+refused)
		}
	})
}

// Terraform prints the line of the configuration with the error, so no error about a secret is at the secret.
func TestErrors_notAtSecrets(t *testing.T) {
	t.Parallel()
	private, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		h := acctest.NewHarness(t, falconsim.Options{})
		p := acctest.NewUnconfigured(t, h.Transport, acctest.APIClientType)
		for name, tt := range map[string]struct {
			block acctest.Arguments
			want  string // where the error is, and its summary
		}{
			"rejected secret":  {acctest.Arguments{"base_url": acctest.BaseURL, "client_id": h.Sim.ClientID(), "client_secret": "wrong"}, "client_id: Unable to sign in"},
			"wrong child":      {h.ProviderArguments(acctest.Arguments{"member_cid": strings.Repeat("a", 32)}), "member_cid: Unable to sign in to Falcon: " + strings.Repeat("a", 32)},
			"child and secret": {h.ProviderArguments(acctest.Arguments{"client_secret": "wrong", "member_cid": strings.Repeat("a", 32)}), "client_id: Unable to sign in"},
			"token and id":     {acctest.Arguments{"base_url": acctest.BaseURL, "client_id": "x", "access_token": "y"}, "client_id: Contradictory"},
			"token and secret": {acctest.Arguments{"base_url": acctest.BaseURL, "client_secret": "x", "access_token": "y"}, "Contradictory"},
		} {
			if text := acctest.Messages(p.Configure(tt.block), tfprotov6.DiagnosticSeverityError); !strings.HasPrefix(text, tt.want) {
				t.Errorf("%s: %q, want it to begin with %q", name, text, tt.want)
			}
		}
		text := acctest.Messages(p.Validate(acctest.ClientArguments.With(acctest.Arguments{"secret_recipient": private.String()})), tfprotov6.DiagnosticSeverityError)
		if !strings.HasPrefix(text, "Invalid recipient: ") || strings.Contains(text, private.String()) {
			t.Errorf("private key: %q", text)
		}
		text = acctest.Messages(p.Validate(acctest.ClientArguments.With(acctest.Arguments{"secret_recipient": "ssh-dss AAAA"})), tfprotov6.DiagnosticSeverityError)
		if !strings.HasPrefix(text, "secret_recipient: Invalid recipient: ") {
			t.Errorf("other key: %q", text)
		}
	})
}

// An import by an empty id is an error of the provider, not of Falcon.
func TestImport_invalidID(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
		for _, resource := range []string{acctest.APIClientType, acctest.WebhookType, acctest.WorkflowType} {
			p := h.Start(resource)
			for _, id := range []string{"", " ", "abc"} {
				_, diags := p.Import(id)
				if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !strings.HasPrefix(text, "Invalid import id: ") || strings.Count(text, "\n") > 0 {
					t.Errorf("%s, %q: %q", resource, id, text)
				}
			}
		}
	})
}
