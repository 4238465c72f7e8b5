package acctest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// Protocol drives the provider as Terraform does, by calls of plugin protocol 6,
// without a Terraform: many rows of a table cost milliseconds, and the calls
// that one run of the provider makes can be counted.
type Protocol struct {
	T      *testing.T
	Server tfprotov6.ProviderServer
	Schema *tfprotov6.GetProviderSchemaResponse
	// Resource is the type of the objects that are planned and applied.
	Resource string
	// Ctx, if set, is that of plans, applies and reads.
	Ctx context.Context //nolint:containedctx // a test's
}

func (p *Protocol) context() context.Context {
	if p.Ctx != nil {
		return p.Ctx
	}
	return p.T.Context()
}

// Unknown stands in a configuration for a value that is known only after apply.
type Unknown struct{}

// Arguments are a configuration: strings, bools, []string, maps, and unknown{}.
type Arguments map[string]any

// Instance is one object as Terraform keeps it.
type Instance struct {
	Value   tftypes.Value
	Private []byte
}

// NewProtocol configures a provider for workflows of the simulated tenant: one run of Terraform, as it were.
func NewProtocol(t *testing.T, sim *falconsim.Running) *Protocol {
	t.Helper()
	server, err := Factories()["falcon"]()
	if err != nil {
		t.Fatal(err)
	}
	p := &Protocol{T: t, Server: server, Resource: WorkflowType}
	if p.Schema, err = server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		t.Fatal(err)
	}
	p.WantNoError(p.Configure(Arguments{"base_url": sim.URL, "client_id": sim.ClientID(), "client_secret": sim.ClientSecret()}))
	return p
}

// Configure hands the provider its own block; it signs in.
func (p *Protocol) Configure(block Arguments) []*tfprotov6.Diagnostic {
	p.T.Helper()
	resp, err := p.Server.ConfigureProvider(p.T.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.11.0", Config: p.Dynamic(p.ValueOf(p.Schema.Provider.ValueType(), block)),
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return resp.Diagnostics
}

func (p *Protocol) TypeOf() tftypes.Type {
	return p.Schema.ResourceSchemas[p.Resource].ValueType()
}

// ValueOf is v as a value of a type; what a map leaves out is null.
func (p *Protocol) ValueOf(typ tftypes.Type, v any) tftypes.Value {
	p.T.Helper()
	switch v := v.(type) {
	case nil:
		return tftypes.NewValue(typ, nil)
	case Unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case Arguments:
		object, ok := typ.(tftypes.Object)
		if !ok {
			p.T.Fatalf("%s is no object", typ)
		}
		members := map[string]tftypes.Value{}
		for name, of := range object.AttributeTypes {
			members[name] = p.ValueOf(of, v[name])
		}
		for name := range v {
			if _, ok := members[name]; !ok {
				p.T.Fatalf("there is no argument %q", name)
			}
		}
		return tftypes.NewValue(typ, members)
	case []string:
		items := make([]tftypes.Value, len(v))
		for i, item := range v {
			items[i] = tftypes.NewValue(tftypes.String, item)
		}
		return tftypes.NewValue(typ, items)
	default:
		return tftypes.NewValue(typ, v)
	}
}

func (p *Protocol) Dynamic(v tftypes.Value) *tfprotov6.DynamicValue {
	p.T.Helper()
	out, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		p.T.Fatal(err)
	}
	return &out
}

func (p *Protocol) Unmarshal(v *tfprotov6.DynamicValue, typ tftypes.Type) tftypes.Value {
	p.T.Helper()
	if v == nil {
		return tftypes.NewValue(typ, nil)
	}
	out, err := v.Unmarshal(typ)
	if err != nil {
		p.T.Fatal(err)
	}
	return out
}

func (p *Protocol) WantNoError(diags []*tfprotov6.Diagnostic) {
	p.T.Helper()
	if text := Messages(diags, tfprotov6.DiagnosticSeverityError); text != "" {
		p.T.Fatal(text)
	}
}

// Messages are the diagnostics of a severity, each with its argument.
func Messages(diags []*tfprotov6.Diagnostic, severity tfprotov6.DiagnosticSeverity) string {
	var lines []string
	for _, d := range diags {
		if d.Severity == severity {
			at := ""
			if d.Attribute != nil {
				at = strings.NewReplacer(`AttributeName("`, "", `")`, "").Replace(d.Attribute.String()) + ": "
			}
			lines = append(lines, at+d.Summary+": "+d.Detail)
		}
	}
	return strings.Join(lines, "\n")
}

func (p *Protocol) Validate(config Arguments) []*tfprotov6.Diagnostic {
	p.T.Helper()
	resp, err := p.Server.ValidateResourceConfig(p.T.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: p.Resource, Config: p.Dynamic(p.ValueOf(p.TypeOf(), config)),
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return resp.Diagnostics
}

// Plan plans a change of prior, whose value is null for a new object.
func (p *Protocol) Plan(prior Instance, config Arguments) (Instance, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	typ := p.TypeOf()
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

// Proposed is what Terraform proposes to a provider: the configuration, with
// the prior values of what it leaves to the provider.
func (p *Protocol) Proposed(prior, config tftypes.Value) tftypes.Value {
	p.T.Helper()
	before, out := p.Members(prior), p.Members(config)
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

// Apply plans and applies; the object stays as it was after an error.
func (p *Protocol) Apply(prior Instance, config Arguments) (Instance, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	planned, diags := p.Plan(prior, config)
	if Messages(diags, tfprotov6.DiagnosticSeverityError) != "" {
		return prior, diags
	}
	made, more := p.ApplyPlanned(prior, planned, config)
	return made, slices.Concat(diags, more)
}

// ApplyPlanned applies a plan that was made before.
func (p *Protocol) ApplyPlanned(prior, planned Instance, config Arguments) (Instance, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	typ := p.TypeOf()
	resp, err := p.Server.ApplyResourceChange(p.context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: p.Resource, Config: p.Dynamic(p.ValueOf(typ, config)), PriorState: p.Dynamic(prior.Value),
		PlannedState: p.Dynamic(planned.Value), PlannedPrivate: planned.Private,
	})
	if err != nil {
		p.T.Fatal(err)
	}
	made := Instance{p.Unmarshal(resp.NewState, typ), resp.Private}
	if Messages(resp.Diagnostics, tfprotov6.DiagnosticSeverityError) == "" {
		p.wantAsPlanned(planned, made)
	}
	return made, resp.Diagnostics
}

// wantAsPlanned holds a result to its plan, as Terraform does: what was planned must come out.
func (p *Protocol) wantAsPlanned(planned, made Instance) {
	p.T.Helper()
	got := p.Members(made.Value)
	for name, want := range p.Members(planned.Value) {
		if want.IsFullyKnown() && !want.Equal(got[name]) {
			p.T.Errorf("provider produced inconsistent result after apply: %s was planned as %s and is now %s", name, want, got[name])
		}
	}
}

// Destroy destroys an object; it stays after an error.
func (p *Protocol) Destroy(prior Instance) (Instance, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	nothing := p.Dynamic(p.None().Value)
	plan, err := p.Server.PlanResourceChange(p.context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: p.Resource, Config: nothing, PriorPrivate: prior.Private, PriorState: p.Dynamic(prior.Value), ProposedNewState: nothing,
	})
	if err != nil {
		p.T.Fatal(err)
	}
	if Messages(plan.Diagnostics, tfprotov6.DiagnosticSeverityError) != "" {
		return prior, plan.Diagnostics
	}
	resp, err := p.Server.ApplyResourceChange(p.context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: p.Resource, Config: nothing, PriorState: p.Dynamic(prior.Value), PlannedState: nothing, PlannedPrivate: plan.PlannedPrivate,
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return Instance{p.Unmarshal(resp.NewState, p.TypeOf()), resp.Private}, slices.Concat(plan.Diagnostics, resp.Diagnostics)
}

func (p *Protocol) Read(current Instance) (Instance, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	resp, err := p.Server.ReadResource(p.context(), &tfprotov6.ReadResourceRequest{
		TypeName: p.Resource, CurrentState: p.Dynamic(current.Value), Private: current.Private,
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return Instance{p.Unmarshal(resp.NewState, p.TypeOf()), resp.Private}, resp.Diagnostics
}

// Imported imports an object and reads it, as Terraform does in one go.
func (p *Protocol) Imported(id string) (Instance, []*tfprotov6.Diagnostic) {
	p.T.Helper()
	resp, err := p.Server.ImportResourceState(p.T.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: p.Resource, ID: id})
	if err != nil {
		p.T.Fatal(err)
	}
	if len(resp.ImportedResources) != 1 {
		return p.None(), resp.Diagnostics
	}
	found := resp.ImportedResources[0]
	out, diags := p.Read(Instance{p.Unmarshal(found.State, p.TypeOf()), found.Private})
	return out, slices.Concat(resp.Diagnostics, diags)
}

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

// None is the prior of an object that is to be created.
func (p *Protocol) None() Instance {
	return Instance{Value: tftypes.NewValue(p.TypeOf(), nil)}
}

func (p *Protocol) Members(v tftypes.Value) map[string]tftypes.Value {
	p.T.Helper()
	out := map[string]tftypes.Value{}
	if v.IsNull() || !v.IsKnown() {
		return out
	}
	if err := v.As(&out); err != nil {
		p.T.Fatal(err)
	}
	return out
}

// Text is an attribute as text: a string bare, anything else as tftypes shows it.
func (p *Protocol) Text(i Instance, name string) string {
	p.T.Helper()
	v, ok := p.Members(i.Value)[name]
	if !ok || !v.IsKnown() || v.IsNull() {
		return fmt.Sprint(v)
	}
	if !v.Type().Is(tftypes.String) {
		return v.String()
	}
	var out string
	if err := v.As(&out); err != nil {
		p.T.Fatal(err)
	}
	return out
}

// With is a configuration with some arguments changed.
func (a Arguments) With(more Arguments) Arguments {
	out := maps.Clone(a)
	maps.Copy(out, more)
	return out
}
