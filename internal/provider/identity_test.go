package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

const (
	otherID      = "ffffffffffffffffffffffffffffffff"
	hookResource = "falcon_webhook"
)

var identityType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}}

func (p *protocol) identity(id string) *tfprotov6.ResourceIdentityData {
	p.t.Helper()
	return &tfprotov6.ResourceIdentityData{IdentityData: p.dynamic(p.valueOf(identityType, arguments{"id": id}))}
}

// idOf is the id of an identity; "" where there is none.
func (p *protocol) idOf(identity *tfprotov6.ResourceIdentityData) string {
	p.t.Helper()
	if identity == nil {
		return ""
	}
	i := instance{value: p.unmarshal(identity.IdentityData, identityType)}
	if i.value.IsNull() {
		return ""
	}
	return p.text(i, "id")
}

// changed applies a change to an object that has this identity, or none.
func (p *protocol) changed(prior instance, identity *tfprotov6.ResourceIdentityData, config arguments) *tfprotov6.ApplyResourceChangeResponse {
	p.t.Helper()
	planned, diags := p.plan(prior, config)
	p.wantFine(diags)
	resp, err := p.server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: p.resource, Config: p.dynamic(p.valueOf(p.typeOf(), config)), PriorState: p.dynamic(prior.value),
		PlannedState: p.dynamic(planned.value), PlannedPrivate: planned.private, PlannedIdentity: identity,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.wantFine(resp.Diagnostics)
	return resp
}

// identityCases are a resource each, with a configuration, a change of it, and a way to delete the object in the console.
var identityCases = map[string]struct {
	config, change arguments
	remove         func(sim *falconsim.Running, id string) error
}{
	apiClientType: {
		config: arguments{"name": "a", "scopes": []string{"alerts:read"}},
		change: arguments{"name": "b", "scopes": []string{"alerts:read"}},
		remove: func(sim *falconsim.Running, id string) error { return sim.DeleteClient(id) },
	},
	hookResource: {
		config: arguments{"name": "a", "url": hookURL, "hmac_secret_wo": testKey},
		change: arguments{"name": "a", "url": hookURL + "2", "hmac_secret_wo": testKey},
		remove: func(sim *falconsim.Running, id string) error { return sim.DeletePluginConfig(id) },
	},
	flowType: {
		config: arguments{"definition": sleepDocument},
		change: arguments{"definition": sleepDocument, "name": "b"},
		remove: func(sim *falconsim.Running, id string) error { return sim.DeleteWorkflow(id) },
	},
}

// Each operation sets the identity, whether or not the state had one before.
func TestIdentity(t *testing.T) {
	t.Parallel()
	for typeName, tt := range identityCases {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			sim := newSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
			p := newProtocol(t, sim)
			p.resource = typeName

			made := p.changed(p.none(), nil, tt.config)
			object := instance{p.unmarshal(made.NewState, p.typeOf()), made.Private}
			id := p.text(object, "id")
			if got := p.idOf(made.NewIdentity); got != id || len(id) != 32 {
				t.Fatalf("after create the identity is %q, the id %q", got, id)
			}

			read := func(identity *tfprotov6.ResourceIdentityData) *tfprotov6.ReadResourceResponse {
				t.Helper()
				resp, err := p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
					TypeName: typeName, CurrentState: p.dynamic(object.value), Private: object.private, CurrentIdentity: identity,
				})
				if err != nil {
					t.Fatal(err)
				}
				p.wantFine(resp.Diagnostics)
				if got := p.idOf(resp.NewIdentity); got != id {
					t.Errorf("after a refresh the identity is %q, want %q", got, id)
				}
				return resp
			}
			read(nil) // state from before there were identities
			read(p.identity(id))

			for i, config := range []arguments{tt.change, tt.config} {
				before := []*tfprotov6.ResourceIdentityData{nil, p.identity(id)}[i]
				updated := p.changed(object, before, config)
				if got := p.idOf(updated.NewIdentity); got != id {
					t.Errorf("after update %d the identity is %q, want %q", i, got, id)
				}
				object = instance{p.unmarshal(updated.NewState, p.typeOf()), updated.Private}
			}

			if err := tt.remove(sim, id); err != nil {
				t.Fatal(err)
			}
			p = newProtocol(t, sim)
			p.resource = typeName
			if gone := p.unmarshal(read(nil).NewState, p.typeOf()); !gone.IsNull() {
				t.Errorf("a refresh of what is gone gives %v", gone)
			}
		})
	}
}

// importedAs imports an object by its identity and reads it.
func (p *protocol) importedAs(id string) (instance, string, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	resp, err := p.server.ImportResourceState(p.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: p.resource, Identity: p.identity(id)})
	if err != nil {
		p.t.Fatal(err)
	}
	if len(resp.ImportedResources) != 1 {
		return p.none(), "", resp.Diagnostics
	}
	found := resp.ImportedResources[0]
	read, err := p.server.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: p.resource, CurrentState: found.State, Private: found.Private, CurrentIdentity: found.Identity,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return instance{p.unmarshal(read.NewState, p.typeOf()), read.Private}, p.idOf(read.NewIdentity), read.Diagnostics
}

func TestIdentity_import(t *testing.T) {
	t.Parallel()
	for typeName, tt := range identityCases {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			p := newProtocol(t, newSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()}))
			p.resource = typeName
			id := p.text(p.created(tt.config), "id")

			want, diags := p.imported(id)
			p.wantFine(diags)
			got, identity, diags := p.importedAs(id)
			p.wantFine(diags)
			if identity != id || !got.value.Equal(want.value) {
				t.Errorf("imported as %q:\n%s\nwant\n%s", identity, got.value, want.value)
			}

			for bad, says := range map[string]string{"": "", "nap": "Invalid import id", otherID: ""} {
				got, _, diags := p.importedAs(bad)
				text := messages(diags, tfprotov6.DiagnosticSeverityError)
				if bad != otherID && text == "" || !strings.Contains(text, says) || !got.value.IsNull() {
					t.Errorf("import of the identity %q: %v, %s", bad, got.value, text)
				}
			}
		})
	}
}
