package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// protocol drives the provider as Terraform does, by calls of plugin protocol 6,
// without a Terraform: many rows of a table cost milliseconds, and the calls
// that one run of the provider makes can be counted.
type protocol struct {
	t      *testing.T
	server tfprotov6.ProviderServer
	schema *tfprotov6.GetProviderSchemaResponse
	// resource is the type of the objects that are planned and applied.
	resource string
	// ctx, if set, is that of plans, applies and reads.
	ctx context.Context //nolint:containedctx // a test's
}

func (p *protocol) context() context.Context {
	if p.ctx != nil {
		return p.ctx
	}
	return p.t.Context()
}

// unknown stands in a configuration for a value that is known only after apply.
type unknown struct{}

// arguments are a configuration: strings, bools, []string, maps, and unknown{}.
type arguments map[string]any

// instance is one object as Terraform keeps it.
type instance struct {
	value   tftypes.Value
	private []byte
}

// newProtocol configures a provider for workflows of the simulated tenant: one run of Terraform, as it were.
func newProtocol(t *testing.T, sim *falconsim.Running) *protocol {
	t.Helper()
	server, err := factories()["falcon"]()
	if err != nil {
		t.Fatal(err)
	}
	p := &protocol{t: t, server: server, resource: flowType}
	if p.schema, err = server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		t.Fatal(err)
	}
	p.wantFine(p.configure(arguments{"base_url": sim.URL, "client_id": sim.ClientID(), "client_secret": sim.ClientSecret()}))
	return p
}

// configure hands the provider its own block; it signs in.
func (p *protocol) configure(block arguments) []*tfprotov6.Diagnostic {
	p.t.Helper()
	resp, err := p.server.ConfigureProvider(p.t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.11.0", Config: p.dynamic(p.valueOf(p.schema.Provider.ValueType(), block)),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.Diagnostics
}

func (p *protocol) typeOf() tftypes.Type {
	return p.schema.ResourceSchemas[p.resource].ValueType()
}

// valueOf is v as a value of a type; what a map leaves out is null.
func (p *protocol) valueOf(typ tftypes.Type, v any) tftypes.Value {
	p.t.Helper()
	switch v := v.(type) {
	case nil:
		return tftypes.NewValue(typ, nil)
	case unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case arguments:
		object, ok := typ.(tftypes.Object)
		if !ok {
			p.t.Fatalf("%s is no object", typ)
		}
		members := map[string]tftypes.Value{}
		for name, of := range object.AttributeTypes {
			members[name] = p.valueOf(of, v[name])
		}
		for name := range v {
			if _, ok := members[name]; !ok {
				p.t.Fatalf("there is no argument %q", name)
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

func (p *protocol) dynamic(v tftypes.Value) *tfprotov6.DynamicValue {
	p.t.Helper()
	out, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		p.t.Fatal(err)
	}
	return &out
}

func (p *protocol) unmarshal(v *tfprotov6.DynamicValue, typ tftypes.Type) tftypes.Value {
	p.t.Helper()
	if v == nil {
		return tftypes.NewValue(typ, nil)
	}
	out, err := v.Unmarshal(typ)
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

func (p *protocol) wantFine(diags []*tfprotov6.Diagnostic) {
	p.t.Helper()
	if text := messages(diags, tfprotov6.DiagnosticSeverityError); text != "" {
		p.t.Fatal(text)
	}
}

// messages are the diagnostics of a severity, each with its argument.
func messages(diags []*tfprotov6.Diagnostic, severity tfprotov6.DiagnosticSeverity) string {
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

func (p *protocol) validate(config arguments) []*tfprotov6.Diagnostic {
	p.t.Helper()
	resp, err := p.server.ValidateResourceConfig(p.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: p.resource, Config: p.dynamic(p.valueOf(p.typeOf(), config)),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.Diagnostics
}

// plan plans a change of prior, whose value is null for a new object.
func (p *protocol) plan(prior instance, config arguments) (instance, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	typ := p.typeOf()
	wanted := p.valueOf(typ, config)
	resp, err := p.server.PlanResourceChange(p.context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: p.resource, Config: p.dynamic(wanted), PriorPrivate: prior.private,
		PriorState: p.dynamic(prior.value), ProposedNewState: p.dynamic(p.proposed(prior.value, wanted)),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return instance{p.unmarshal(resp.PlannedState, typ), resp.PlannedPrivate}, resp.Diagnostics
}

// proposed is what Terraform proposes to a provider: the configuration, with
// the prior values of what it leaves to the provider.
func (p *protocol) proposed(prior, config tftypes.Value) tftypes.Value {
	p.t.Helper()
	before, out := p.members(prior), p.members(config)
	for _, a := range p.schema.ResourceSchemas[p.resource].Block.Attributes {
		if old, ok := before[a.Name]; ok && a.Computed && out[a.Name].IsNull() {
			out[a.Name] = old
		}
		if a.WriteOnly {
			out[a.Name] = tftypes.NewValue(a.Type, nil)
		}
	}
	return tftypes.NewValue(config.Type(), out)
}

// apply plans and applies; the object stays as it was after an error.
func (p *protocol) apply(prior instance, config arguments) (instance, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	planned, diags := p.plan(prior, config)
	if messages(diags, tfprotov6.DiagnosticSeverityError) != "" {
		return prior, diags
	}
	made, more := p.applyPlanned(prior, planned, config)
	return made, slices.Concat(diags, more)
}

// applyPlanned applies a plan that was made before.
func (p *protocol) applyPlanned(prior, planned instance, config arguments) (instance, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	typ := p.typeOf()
	resp, err := p.server.ApplyResourceChange(p.context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: p.resource, Config: p.dynamic(p.valueOf(typ, config)), PriorState: p.dynamic(prior.value),
		PlannedState: p.dynamic(planned.value), PlannedPrivate: planned.private,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	made := instance{p.unmarshal(resp.NewState, typ), resp.Private}
	if messages(resp.Diagnostics, tfprotov6.DiagnosticSeverityError) == "" {
		p.wantAsPlanned(planned, made)
	}
	return made, resp.Diagnostics
}

// wantAsPlanned holds a result to its plan, as Terraform does: what was planned must come out.
func (p *protocol) wantAsPlanned(planned, made instance) {
	p.t.Helper()
	got := p.members(made.value)
	for name, want := range p.members(planned.value) {
		if want.IsFullyKnown() && !want.Equal(got[name]) {
			p.t.Errorf("provider produced inconsistent result after apply: %s was planned as %s and is now %s", name, want, got[name])
		}
	}
}

// destroy destroys an object; it stays after an error.
func (p *protocol) destroy(prior instance) (instance, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	nothing := p.dynamic(p.none().value)
	plan, err := p.server.PlanResourceChange(p.context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: p.resource, Config: nothing, PriorPrivate: prior.private, PriorState: p.dynamic(prior.value), ProposedNewState: nothing,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	if messages(plan.Diagnostics, tfprotov6.DiagnosticSeverityError) != "" {
		return prior, plan.Diagnostics
	}
	resp, err := p.server.ApplyResourceChange(p.context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: p.resource, Config: nothing, PriorState: p.dynamic(prior.value), PlannedState: nothing, PlannedPrivate: plan.PlannedPrivate,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return instance{p.unmarshal(resp.NewState, p.typeOf()), resp.Private}, slices.Concat(plan.Diagnostics, resp.Diagnostics)
}

func (p *protocol) read(current instance) (instance, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	resp, err := p.server.ReadResource(p.context(), &tfprotov6.ReadResourceRequest{
		TypeName: p.resource, CurrentState: p.dynamic(current.value), Private: current.private,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return instance{p.unmarshal(resp.NewState, p.typeOf()), resp.Private}, resp.Diagnostics
}

// imported imports an object and reads it, as Terraform does in one go.
func (p *protocol) imported(id string) (instance, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	resp, err := p.server.ImportResourceState(p.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: p.resource, ID: id})
	if err != nil {
		p.t.Fatal(err)
	}
	if len(resp.ImportedResources) != 1 {
		return p.none(), resp.Diagnostics
	}
	found := resp.ImportedResources[0]
	out, diags := p.read(instance{p.unmarshal(found.State, p.typeOf()), found.Private})
	return out, slices.Concat(resp.Diagnostics, diags)
}

func (p *protocol) data(source string, config arguments) (instance, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	typ := p.schema.DataSourceSchemas[source].ValueType()
	resp, err := p.server.ReadDataSource(p.t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: source, Config: p.dynamic(p.valueOf(typ, config)),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return instance{value: p.unmarshal(resp.State, typ)}, resp.Diagnostics
}

// none is the prior of an object that is to be created.
func (p *protocol) none() instance {
	return instance{value: tftypes.NewValue(p.typeOf(), nil)}
}

func (p *protocol) members(v tftypes.Value) map[string]tftypes.Value {
	p.t.Helper()
	out := map[string]tftypes.Value{}
	if v.IsNull() || !v.IsKnown() {
		return out
	}
	if err := v.As(&out); err != nil {
		p.t.Fatal(err)
	}
	return out
}

// text is an attribute as text: a string bare, anything else as tftypes shows it.
func (p *protocol) text(i instance, name string) string {
	p.t.Helper()
	v, ok := p.members(i.value)[name]
	if !ok || !v.IsKnown() || v.IsNull() {
		return fmt.Sprint(v)
	}
	if !v.Type().Is(tftypes.String) {
		return v.String()
	}
	var out string
	if err := v.As(&out); err != nil {
		p.t.Fatal(err)
	}
	return out
}
