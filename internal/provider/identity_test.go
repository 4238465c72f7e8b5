package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

const (
	hookResource = "falcon_webhook"
)

// identityCases has each resource with a configuration, a change of it, and a function that deletes the object in the console.
var identityCases = map[string]struct {
	config, change acctest.Arguments
	remove         func(sim *falconsim.Running, id string) error
}{
	acctest.APIClientType: {
		config: acctest.Arguments{"name": "a", "scopes": []string{"alerts:read"}},
		change: acctest.Arguments{"name": "b", "scopes": []string{"alerts:read"}},
		remove: func(sim *falconsim.Running, id string) error { return sim.DeleteClient(id) },
	},
	hookResource: {
		config: acctest.Arguments{"name": "a", "url": acctest.WebhookURL, "hmac_secret_wo": coretest.TestKey},
		change: acctest.Arguments{"name": "a", "url": acctest.WebhookURL + "2", "hmac_secret_wo": coretest.TestKey},
		remove: func(sim *falconsim.Running, id string) error { return sim.DeletePluginConfig(id) },
	},
	acctest.WorkflowType: {
		config: acctest.Arguments{"definition": acctest.SleepDocument},
		change: acctest.Arguments{"definition": acctest.SleepDocument, "name": "b"},
		remove: func(sim *falconsim.Running, id string) error { return sim.DeleteWorkflow(id) },
	},
}

// Each operation sets the identity, whether or not the state had one before.
func TestIdentity(t *testing.T) {
	t.Parallel()
	for typeName, tt := range identityCases {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
			p := acctest.NewProtocol(t, sim)
			p.Resource = typeName

			made := p.Changed(p.None(), nil, tt.config)
			object := acctest.Instance{Value: p.Unmarshal(made.NewState, p.TypeOf()), Private: made.Private}
			id := p.Text(object, "id")
			if got := p.IDOf(made.NewIdentity); got != id || len(id) != 32 {
				t.Fatalf("after create the identity is %q, the id %q", got, id)
			}

			read := func(identity *tfprotov6.ResourceIdentityData) *tfprotov6.ReadResourceResponse {
				t.Helper()
				resp, err := p.Server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
					TypeName: typeName, CurrentState: p.Dynamic(object.Value), Private: object.Private, CurrentIdentity: identity,
				})
				if err != nil {
					t.Fatal(err)
				}
				p.WantNoError(resp.Diagnostics)
				if got := p.IDOf(resp.NewIdentity); got != id {
					t.Errorf("after a refresh the identity is %q, want %q", got, id)
				}
				return resp
			}
			read(nil) // state from before there were identities
			read(p.Identity(id))

			for i, config := range []acctest.Arguments{tt.change, tt.config} {
				before := []*tfprotov6.ResourceIdentityData{nil, p.Identity(id)}[i]
				updated := p.Changed(object, before, config)
				if got := p.IDOf(updated.NewIdentity); got != id {
					t.Errorf("after update %d the identity is %q, want %q", i, got, id)
				}
				object = acctest.Instance{Value: p.Unmarshal(updated.NewState, p.TypeOf()), Private: updated.Private}
			}

			if err := tt.remove(sim, id); err != nil {
				t.Fatal(err)
			}
			p = acctest.NewProtocol(t, sim)
			p.Resource = typeName
			if gone := p.Unmarshal(read(nil).NewState, p.TypeOf()); !gone.IsNull() {
				t.Errorf("a refresh of a deleted object returns %v", gone)
			}
		})
	}
}

func TestIdentity_import(t *testing.T) {
	t.Parallel()
	for typeName, tt := range identityCases {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			p := acctest.NewProtocol(t, acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()}))
			p.Resource = typeName
			id := p.Text(p.Created(tt.config), "id")

			want, diags := p.Imported(id)
			p.WantNoError(diags)
			got, identity, diags := p.ImportedAs(id)
			p.WantNoError(diags)
			if identity != id || !got.Value.Equal(want.Value) {
				t.Errorf("imported as %q:\n%s\nwant\n%s", identity, got.Value, want.Value)
			}

			for bad, says := range map[string]string{"": "", "nap": "Invalid import id", coretest.OtherID: ""} {
				got, _, diags := p.ImportedAs(bad)
				text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError)
				if bad != coretest.OtherID && text == "" || !strings.Contains(text, says) || !got.Value.IsNull() {
					t.Errorf("import of the identity %q: %v, %s", bad, got.Value, text)
				}
			}
		})
	}
}
