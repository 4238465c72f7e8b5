package acctest

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var identityType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}}

// Identity returns the resource identity of an id.
func (p *Protocol) Identity(id string) *tfprotov6.ResourceIdentityData {
	p.T.Helper()
	return &tfprotov6.ResourceIdentityData{IdentityData: p.Dynamic(p.ValueOf(identityType, Arguments{"id": id}))}
}

// IdentityID returns the id of a resource identity; "" for none.
func (p *Protocol) IdentityID(identity *tfprotov6.ResourceIdentityData) string {
	p.T.Helper()
	if identity == nil {
		return ""
	}
	i := Instance{Value: p.Unmarshal(identity.IdentityData, identityType)}
	if i.Value.IsNull() {
		return ""
	}
	return p.Text(i, "id")
}

// ApplyWithIdentity applies a change to an object that has this identity; nil for none. An error fails the test.
func (p *Protocol) ApplyWithIdentity(prior Instance, identity *tfprotov6.ResourceIdentityData, config Arguments) *tfprotov6.ApplyResourceChangeResponse {
	p.T.Helper()
	planned, diags := p.Plan(prior, config)
	p.WantNoError(diags)
	resp, err := p.Server.ApplyResourceChange(p.T.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: p.Resource, Config: p.Dynamic(p.ValueOf(p.ResourceType(), config)), PriorState: p.Dynamic(prior.Value),
		PlannedState: p.Dynamic(planned.Value), PlannedPrivate: planned.Private, PlannedIdentity: identity,
	})
	if err != nil {
		p.T.Fatal(err)
	}
	p.WantNoError(resp.Diagnostics)
	return resp
}

// ImportByIdentity imports an object by its identity and reads it. It returns the id of the new identity as well.
func (p *Protocol) ImportByIdentity(id string) (Instance, string, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	resp, err := p.Server.ImportResourceState(p.T.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: p.Resource, Identity: p.Identity(id)})
	if err != nil {
		p.T.Fatal(err)
	}
	if len(resp.ImportedResources) != 1 {
		return p.None(), "", resp.Diagnostics
	}
	found := resp.ImportedResources[0]
	read, err := p.Server.ReadResource(p.T.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: p.Resource, CurrentState: found.State, Private: found.Private, CurrentIdentity: found.Identity,
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return Instance{p.Unmarshal(read.NewState, p.ResourceType()), read.Private}, p.IdentityID(read.NewIdentity), read.Diagnostics
}
