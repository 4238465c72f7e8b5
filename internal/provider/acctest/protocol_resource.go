package acctest

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Validate validates a configuration of the resource as a Terraform that supports write-only arguments.
func (p *Protocol) Validate(config Arguments) []*tfprotov6.Diagnostic {
	p.T.Helper()
	resp, err := p.Server.ValidateResourceConfig(p.T.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: p.Resource, Config: p.Dynamic(p.ValueOf(p.ResourceType(), config)),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return resp.Diagnostics
}

// Plan plans a change of prior, which is None for a new object.
func (p *Protocol) Plan(prior Instance, config Arguments) (Instance, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	typ := p.ResourceType()
	wanted := p.ValueOf(typ, config)
	resp, err := p.Server.PlanResourceChange(p.context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: p.Resource, Config: p.Dynamic(wanted), PriorPrivate: prior.Private,
		PriorState: p.Dynamic(prior.Value), ProposedNewState: p.Dynamic(p.Proposed(prior.Value, wanted)),
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return Instance{p.Unmarshal(resp.PlannedState, typ), resp.PlannedPrivate}, resp.Diagnostics
}

// PlanDestroy plans to destroy an object.
func (p *Protocol) PlanDestroy(prior Instance) (Instance, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	nothing := p.Dynamic(p.None().Value)
	resp, err := p.Server.PlanResourceChange(p.context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: p.Resource, Config: nothing, PriorPrivate: prior.Private, PriorState: p.Dynamic(prior.Value), ProposedNewState: nothing,
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return Instance{p.None().Value, resp.PlannedPrivate}, resp.Diagnostics
}

// WantPlanDestroy plans to destroy an object; an error fails the test.
func (p *Protocol) WantPlanDestroy(prior Instance) {
	p.T.Helper()
	_, diags := p.PlanDestroy(prior)
	p.WantNoError(diags)
}

// Proposed returns the new state that Terraform proposes to a provider: the configuration, with prior values of computed
// attributes and without write-only ones.
func (p *Protocol) Proposed(prior, config tftypes.Value) tftypes.Value {
	p.T.Helper()
	before, out := p.Attributes(prior), p.Attributes(config)
	for _, a := range p.Schema.ResourceSchemas[p.Resource].Block.Attributes {
		if old, ok := before[a.Name]; ok && a.Computed && out[a.Name].IsNull() {
			out[a.Name] = old
		}
		if a.WriteOnly {
			out[a.Name] = tftypes.NewValue(a.Type, nil)
		}
	}
	return tftypes.NewValue(config.Type(), out)
}

// Apply plans and applies. If the plan fails, it returns the prior object.
func (p *Protocol) Apply(prior Instance, config Arguments) (Instance, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	planned, diags := p.Plan(prior, config)
	if hasErrors(diags) {
		return prior, diags
	}
	applied, more := p.ApplyPlanned(prior, planned, config)
	return applied, slices.Concat(diags, more)
}

// ApplyPlanned applies a plan.
func (p *Protocol) ApplyPlanned(prior, planned Instance, config Arguments) (Instance, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	typ := p.ResourceType()
	resp, err := p.Server.ApplyResourceChange(p.context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: p.Resource, Config: p.Dynamic(p.ValueOf(typ, config)), PriorState: p.Dynamic(prior.Value),
		PlannedState: p.Dynamic(planned.Value), PlannedPrivate: planned.Private,
	})
	if err != nil {
		p.T.Fatal(err)
	}
	applied := Instance{p.Unmarshal(resp.NewState, typ), resp.Private}
	if !hasErrors(resp.Diagnostics) {
		p.wantAsPlanned(planned, applied)
	}
	return applied, resp.Diagnostics
}

// wantAsPlanned checks that known planned values are the result, as Terraform does.
func (p *Protocol) wantAsPlanned(planned, applied Instance) {
	p.T.Helper()
	got := p.Attributes(applied.Value)
	for name, want := range p.Attributes(planned.Value) {
		if want.IsFullyKnown() && !want.Equal(got[name]) {
			p.T.Errorf("provider produced inconsistent result after apply: %s was planned as %s and is now %s", name, want, got[name])
		}
	}
}

// Create creates an object; an error fails the test.
func (p *Protocol) Create(config Arguments) Instance {
	p.T.Helper()
	applied, diags := p.Apply(p.None(), config)
	p.WantNoError(diags)
	return applied
}

// Destroy plans and destroys an object. If the plan fails, it returns the prior object.
func (p *Protocol) Destroy(prior Instance) (Instance, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	plan, diags := p.PlanDestroy(prior)
	if hasErrors(diags) {
		return prior, diags
	}
	nothing := p.Dynamic(p.None().Value)
	resp, err := p.Server.ApplyResourceChange(p.context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: p.Resource, Config: nothing, PriorState: p.Dynamic(prior.Value), PlannedState: nothing, PlannedPrivate: plan.Private,
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return Instance{p.Unmarshal(resp.NewState, p.ResourceType()), resp.Private}, slices.Concat(diags, resp.Diagnostics)
}

// Read refreshes an object.
func (p *Protocol) Read(current Instance) (Instance, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	resp, err := p.Server.ReadResource(p.context(), &tfprotov6.ReadResourceRequest{
		TypeName: p.Resource, CurrentState: p.Dynamic(current.Value), Private: current.Private,
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return Instance{p.Unmarshal(resp.NewState, p.ResourceType()), resp.Private}, resp.Diagnostics
}

// Refresh refreshes an object; an error fails the test.
func (p *Protocol) Refresh(i Instance) Instance {
	p.T.Helper()
	out, diags := p.Read(i)
	p.WantNoError(diags)
	return out
}

// WantEmptyPlan fails the test unless the plan has no change.
func (p *Protocol) WantEmptyPlan(prior Instance, config Arguments) {
	p.T.Helper()
	planned, diags := p.Plan(prior, config)
	p.WantNoError(diags)
	if !planned.Value.Equal(prior.Value) {
		diff, err := prior.Value.Diff(planned.Value)
		p.T.Fatalf("the plan is not empty: %v %v", diff, err)
	}
}

// Import imports an object by its id and reads it.
func (p *Protocol) Import(id string) (Instance, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	resp, err := p.Server.ImportResourceState(p.T.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: p.Resource, ID: id})
	if err != nil {
		p.T.Fatal(err)
	}
	if len(resp.ImportedResources) != 1 {
		return p.None(), resp.Diagnostics
	}
	found := resp.ImportedResources[0]
	out, diags := p.Read(Instance{p.Unmarshal(found.State, p.ResourceType()), found.Private})
	return out, slices.Concat(resp.Diagnostics, diags)
}

// MoveState adopts the state of another resource type. The text is why that is refused.
func (p *Protocol) MoveState(address, typeName, state string) (Instance, string) {
	p.T.Helper()
	resp, err := p.Server.MoveResourceState(p.T.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: address, SourceTypeName: typeName, TargetTypeName: WorkflowType,
		SourceState: &tfprotov6.RawState{JSON: []byte(state)},
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return Instance{p.Unmarshal(resp.TargetState, p.ResourceType()), resp.TargetPrivate}, Messages(resp.Diagnostics, tfprotov6.DiagnosticSeverityError)
}
