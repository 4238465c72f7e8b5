package acctest

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Reconfigured configures the provider anew.
func (p *Protocol) Reconfigured(config Arguments) {
	p.T.Helper()
	resp, err := p.Server.ConfigureProvider(p.T.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.11.0", Config: p.Dynamic(p.ValueOf(p.Schema.Provider.ValueType(), config)),
	})
	if err != nil {
		p.T.Fatal(err)
	}
	p.WantNoError(resp.Diagnostics)
}

func (p *Protocol) Closed(typeName string, i Instance) []*tfprotov6.Diagnostic {
	p.T.Helper()
	resp, err := p.Server.CloseEphemeralResource(p.T.Context(), &tfprotov6.CloseEphemeralResourceRequest{TypeName: typeName, Private: i.Private})
	if err != nil {
		p.T.Fatal(err)
	}
	return resp.Diagnostics
}

// Opened opens a falcon_access_token, which must not ask to be renewed.
func (p *Protocol) Opened(config Arguments) (Instance, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	return p.Open(TokenType, config)
}

// Open opens an ephemeral resource. None of the provider's asks to be renewed.
func (p *Protocol) Open(typeName string, config Arguments) (Instance, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	typ := p.Schema.EphemeralResourceSchemas[typeName].ValueType()
	resp, err := p.Server.OpenEphemeralResource(p.T.Context(), &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: typeName, Config: p.Dynamic(p.ValueOf(typ, config)),
	})
	if err != nil {
		p.T.Fatal(err)
	}
	if !resp.RenewAt.IsZero() {
		p.T.Errorf("it asks to be renewed at %v", resp.RenewAt)
	}
	return Instance{p.Unmarshal(resp.Result, typ), resp.Private}, resp.Diagnostics
}

// IDOf is the id of an identity; "" where there is none.
func (p *Protocol) IDOf(identity *tfprotov6.ResourceIdentityData) string {
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

// Changed applies a change to an object that has this identity, or none.
func (p *Protocol) Changed(prior Instance, identity *tfprotov6.ResourceIdentityData, config Arguments) *tfprotov6.ApplyResourceChangeResponse {
	p.T.Helper()
	planned, diags := p.Plan(prior, config)
	p.WantNoError(diags)
	resp, err := p.Server.ApplyResourceChange(p.T.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: p.Resource, Config: p.Dynamic(p.ValueOf(p.TypeOf(), config)), PriorState: p.Dynamic(prior.Value),
		PlannedState: p.Dynamic(planned.Value), PlannedPrivate: planned.Private, PlannedIdentity: identity,
	})
	if err != nil {
		p.T.Fatal(err)
	}
	p.WantNoError(resp.Diagnostics)
	return resp
}

func (p *Protocol) Identity(id string) *tfprotov6.ResourceIdentityData {
	p.T.Helper()
	return &tfprotov6.ResourceIdentityData{IdentityData: p.Dynamic(p.ValueOf(identityType, Arguments{"id": id}))}
}

// ImportedAs imports an object by its identity and reads it.
func (p *Protocol) ImportedAs(id string) (Instance, string, []*tfprotov6.Diagnostic) {
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
	return Instance{p.Unmarshal(read.NewState, p.TypeOf()), read.Private}, p.IDOf(read.NewIdentity), read.Diagnostics
}

// Constant makes of generated arguments a configuration value.
func (p *Protocol) Constant(config Arguments) tftypes.Value {
	p.T.Helper()
	object, ok := p.TypeOf().(tftypes.Object)
	if !ok {
		p.T.Fatal("a resource is an object")
	}
	members := map[string]tftypes.Value{}
	for name, typ := range object.AttributeTypes {
		members[name] = tftypes.NewValue(typ, nil)
		if v, ok := config[name].(tftypes.Value); ok {
			members[name] = v
		}
	}
	return tftypes.NewValue(object, members)
}

// Query is one list block as terraform query runs it. With a limit of 0 there is none.
func (p *Protocol) Query(config Arguments, include bool, limit int64) []tfprotov6.ListResourceResult {
	p.T.Helper()
	server, ok := p.Server.(tfprotov6.ListResourceServer)
	if !ok {
		p.T.Fatal("the provider lists nothing")
	}
	typ := p.Schema.ListResourceSchemas[p.Resource].ValueType()
	stream, err := server.ListResource(p.T.Context(), &tfprotov6.ListResourceRequest{
		TypeName: p.Resource, Config: p.Dynamic(p.ValueOf(typ, config)), IncludeResource: include, Limit: limit,
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return slices.Collect(stream.Results)
}

// Generated is the configuration that Terraform writes for a listed object: what it has of what may be set.
func (p *Protocol) Generated(object Instance) Arguments {
	p.T.Helper()
	config := Arguments{}
	members := p.Members(object.Value)
	for _, a := range p.Schema.ResourceSchemas[p.Resource].Block.Attributes {
		if (a.Optional || a.Required) && !members[a.Name].IsNull() {
			config[a.Name] = members[a.Name]
		}
	}
	return config
}

// Run plans and invokes the action and gives its messages and its end.
func (p *Protocol) Run(config Arguments) (progress []string, diags []*tfprotov6.Diagnostic) {
	p.T.Helper()
	planned, err := p.Actions().PlanAction(p.T.Context(), &tfprotov6.PlanActionRequest{ActionType: RunType, Config: p.ActionConfig(config)})
	if err != nil {
		p.T.Fatal(err)
	}
	p.WantNoError(planned.Diagnostics)
	stream, err := p.Actions().InvokeAction(p.context(), &tfprotov6.InvokeActionRequest{ActionType: RunType, Config: p.ActionConfig(config)})
	if err != nil {
		p.T.Fatal(err)
	}
	for event := range stream.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, e.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags = e.Diagnostics
		}
	}
	return progress, diags
}

func (p *Protocol) Actions() tfprotov6.ActionServer {
	p.T.Helper()
	server, ok := p.Server.(tfprotov6.ActionServer)
	if !ok {
		p.T.Fatal("the provider has no actions")
	}
	return server
}

func (p *Protocol) ActionConfig(config Arguments) *tfprotov6.DynamicValue {
	p.T.Helper()
	return p.Dynamic(p.ValueOf(p.Schema.ActionSchemas[RunType].Schema.ValueType(), config))
}

// WantNoop fails unless the plan changes nothing at all.
func (p *Protocol) WantNoop(prior Instance, config Arguments) {
	p.T.Helper()
	planned, diags := p.Plan(prior, config)
	p.WantNoError(diags)
	if !planned.Value.Equal(prior.Value) {
		diff, err := prior.Value.Diff(planned.Value)
		p.T.Fatalf("the plan is not empty: %v %v", diff, err)
	}
}

// Refreshed is the object after a refresh that has no errors.
func (p *Protocol) Refreshed(i Instance) Instance {
	p.T.Helper()
	out, diags := p.Read(i)
	p.WantNoError(diags)
	return out
}

// Created is a workflow that Terraform has made; it fails the test where that fails.
func (p *Protocol) Created(config Arguments) Instance {
	p.T.Helper()
	made, diags := p.Apply(p.None(), config)
	p.WantNoError(diags)
	return made
}

// Moved takes over a state of another resource type. The text is why it is refused.
func (p *Protocol) Moved(address, typeName, state string) (Instance, string) {
	p.T.Helper()
	resp, err := p.Server.MoveResourceState(p.T.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: address, SourceTypeName: typeName, TargetTypeName: WorkflowType,
		SourceState: &tfprotov6.RawState{JSON: []byte(state)},
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return Instance{p.Unmarshal(resp.TargetState, p.TypeOf()), resp.TargetPrivate}, Messages(resp.Diagnostics, tfprotov6.DiagnosticSeverityError)
}

var identityType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}}

const TokenType = "falcon_access_token"
