package acctest

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Types that a Protocol does not take as an argument.
const (
	TokenType = "falcon_access_token"
	RunType   = "falcon_run_workflow"
)

// ValidateData validates a configuration of a data source.
func (p *Protocol) ValidateData(source string, config Arguments) []*tfprotov6.Diagnostic {
	p.T.Helper()
	resp, err := p.Server.ValidateDataResourceConfig(p.T.Context(), &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: source, Config: p.Dynamic(p.ValueOf(p.Schema.DataSourceSchemas[source].ValueType(), config)),
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return resp.Diagnostics
}

// Data reads a data source.
func (p *Protocol) Data(source string, config Arguments) (Instance, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	typ := p.Schema.DataSourceSchemas[source].ValueType()
	resp, err := p.Server.ReadDataSource(p.T.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: source, Config: p.Dynamic(p.ValueOf(typ, config)),
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return Instance{Value: p.Unmarshal(resp.State, typ)}, resp.Diagnostics
}

// OpenToken opens a falcon_access_token.
func (p *Protocol) OpenToken(config Arguments) (Instance, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	return p.Open(TokenType, config)
}

// Open opens an ephemeral resource, which must not ask to be renewed.
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
		p.T.Errorf("%s asks to be renewed at %v", typeName, resp.RenewAt)
	}
	return Instance{p.Unmarshal(resp.Result, typ), resp.Private}, resp.Diagnostics
}

// CloseEphemeral closes an ephemeral resource.
func (p *Protocol) CloseEphemeral(typeName string, i Instance) []*tfprotov6.Diagnostic {
	p.T.Helper()
	resp, err := p.Server.CloseEphemeralResource(p.T.Context(), &tfprotov6.CloseEphemeralResourceRequest{TypeName: typeName, Private: i.Private})
	if err != nil {
		p.T.Fatal(err)
	}
	return resp.Diagnostics
}

// Query runs a list block as terraform query does. A limit of 0 is none.
func (p *Protocol) Query(config Arguments, include bool, limit int64) []tfprotov6.ListResourceResult {
	p.T.Helper()
	server, ok := p.Server.(tfprotov6.ListResourceServer)
	if !ok {
		p.T.Fatal("the provider has no list resources")
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

// GeneratedConfig returns the configuration that Terraform generates for a listed object: the values of all arguments.
func (p *Protocol) GeneratedConfig(object Instance) tftypes.Value {
	p.T.Helper()
	config := p.Attributes(object.Value)
	for _, a := range p.Schema.ResourceSchemas[p.Resource].Block.Attributes {
		if !a.Optional && !a.Required {
			config[a.Name] = tftypes.NewValue(config[a.Name].Type(), nil)
		}
	}
	return tftypes.NewValue(p.ResourceType(), config)
}

// InvokeAction plans and invokes falcon_run_workflow and returns its progress messages and its diagnostics.
func (p *Protocol) InvokeAction(config Arguments) (progress []string, diags []*tfprotov6.Diagnostic) {
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

// Actions returns the actions of the provider.
func (p *Protocol) Actions() tfprotov6.ActionServer {
	p.T.Helper()
	server, ok := p.Server.(tfprotov6.ActionServer)
	if !ok {
		p.T.Fatal("the provider has no actions")
	}
	return server
}

// ActionConfig encodes a configuration of falcon_run_workflow.
func (p *Protocol) ActionConfig(config Arguments) *tfprotov6.DynamicValue {
	p.T.Helper()
	return p.Dynamic(p.ValueOf(p.Schema.ActionSchemas[RunType].Schema.ValueType(), config))
}
