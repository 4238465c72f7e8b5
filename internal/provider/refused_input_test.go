package provider

import (
	"strings"
	"testing"
	"testing/synctest"

	"filippo.io/age"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// stringValues are strings of which nil is null and unknown{} unknown.
func stringValues(values ...any) []tftypes.Value {
	out := make([]tftypes.Value, len(values))
	for i, v := range values {
		if _, ok := v.(unknown); ok {
			v = tftypes.UnknownValue
		}
		out[i] = tftypes.NewValue(tftypes.String, v)
	}
	return out
}

// A null in a list or set is refused while planning, and at apply where it was unknown before. Falcon has no null there:
// such a plan would never become empty.
func TestNullElements(t *testing.T) {
	t.Parallel()
	inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
		const refused = ": Null element: "
		notice := func(fields ...any) arguments {
			return arguments{"name": "n", "notify_webhook": arguments{"webhook_id": otherConfigID, "trigger": "score_changed", "fields": stringValues(fields...)}}
		}
		for resource, configs := range map[string]struct{ null, late arguments }{
			apiClientType: {aClient.with(arguments{"scopes": stringValues("devices:read", nil)}), aClient.with(arguments{"scopes": stringValues("devices:read", unknown{})})},
			flowType:      {notice("Trigger.CID", nil), notice("Trigger.CID", unknown{})},
		} {
			p, problem := b.run(resource)
			if problem != "" {
				t.Fatal(problem)
			}
			if text := messages(p.validate(configs.null), tfprotov6.DiagnosticSeverityError); strings.Count(text, refused) != 1 {
				t.Errorf("%s: %q", resource, text)
			}
			p.wantFine(p.validate(configs.late))
			planned, diags := p.plan(p.none(), configs.late)
			p.wantFine(diags)
			if resource != apiClientType {
				continue // its document is planned anew before the apply, and validated
			}
			b.wire.arm(nil)
			members := p.members(planned.value)
			members["scopes"] = tftypes.NewValue(members["scopes"].Type(), stringValues("devices:read", nil))
			planned.value = tftypes.NewValue(planned.value.Type(), members)
			made, diags := p.applyPlanned(p.none(), planned, configs.null)
			wantError(t, "apply", diags, "scopes"+refused)
			if !made.value.IsNull() || countWrites(b.wire) > 0 {
				t.Errorf("something was created: %s", made.value)
			}
		}
		p, problem := b.run("")
		if problem != "" {
			t.Fatal(problem)
		}
		for source, list := range map[string]string{
			"falcon_host_scores": "agent_ids", "falcon_user_scores": "emails", "falcon_domains": "data_sources",
		} {
			typ := p.schema.DataSourceSchemas[source].ValueType()
			resp, err := p.server.ValidateDataResourceConfig(t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{
				TypeName: source, Config: p.dynamic(p.valueOf(typ, arguments{list: stringValues(nil)})),
			})
			if err != nil {
				t.Fatal(err)
			}
			wantError(t, source, resp.Diagnostics, list+refused)
		}
	})
}

// Terraform prints the line of the configuration that an error is at: no error about a secret is at the secret.
func TestNoErrorIsAtASecret(t *testing.T) {
	t.Parallel()
	private, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, falconsim.Options{})
		schema, err := providerSchema()
		if err != nil {
			t.Fatal(err)
		}
		p := &protocol{t: t, server: serverOf(&falconProvider{version: "test", transport: b.wire})(), schema: schema, resource: apiClientType}
		for name, tt := range map[string]struct {
			block arguments
			want  string // where the error is, and its summary
		}{
			"refused secret":   {arguments{"base_url": wireURL, "client_id": b.sim.ClientID(), "client_secret": "wrong"}, "client_id: Could not sign in"},
			"token and id":     {arguments{"base_url": wireURL, "client_id": "x", "access_token": "y"}, "client_id: Contradictory"},
			"token and secret": {arguments{"base_url": wireURL, "client_secret": "x", "access_token": "y"}, "Contradictory"},
		} {
			if text := messages(p.configure(tt.block), tfprotov6.DiagnosticSeverityError); !strings.HasPrefix(text, tt.want) {
				t.Errorf("%s: %q, want it to begin with %q", name, text, tt.want)
			}
		}
		text := messages(p.validate(aClient.with(arguments{"secret_recipient": private.String()})), tfprotov6.DiagnosticSeverityError)
		if !strings.HasPrefix(text, "Invalid recipient: ") || strings.Contains(text, private.String()) {
			t.Errorf("private key: %q", text)
		}
		text = messages(p.validate(aClient.with(arguments{"secret_recipient": "ssh-dss AAAA"})), tfprotov6.DiagnosticSeverityError)
		if !strings.HasPrefix(text, "secret_recipient: Invalid recipient: ") {
			t.Errorf("other key: %q", text)
		}
	})
}

// An import by an empty id is an error of the provider's own.
func TestImportByNothing(t *testing.T) {
	t.Parallel()
	inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
		for _, resource := range []string{apiClientType, webhookType, flowType} {
			p, problem := b.run(resource)
			if problem != "" {
				t.Fatal(problem)
			}
			for _, id := range []string{"", " ", "abc"} {
				_, diags := p.imported(id)
				if text := messages(diags, tfprotov6.DiagnosticSeverityError); !strings.HasPrefix(text, "Invalid import id: ") || strings.Count(text, "\n") > 0 {
					t.Errorf("%s, %q: %q", resource, id, text)
				}
			}
		}
	})
}
