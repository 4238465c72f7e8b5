package acctest

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
)

// Protocol calls the provider as Terraform does, by plugin protocol 6, without Terraform: a row of a table takes
// milliseconds, and the requests of one run of the provider can be counted.
type Protocol struct {
	T      *testing.T
	Server tfprotov6.ProviderServer
	Schema *tfprotov6.GetProviderSchemaResponse
	// Resource is the type of the objects that are planned and applied.
	Resource string
	// Ctx is the context of plans, applies and reads; nil means that of the test.
	Ctx context.Context //nolint:containedctx // a test's
}

func (p *Protocol) context() context.Context {
	if p.Ctx != nil {
		return p.Ctx
	}
	return p.T.Context()
}

// ProviderSchema returns the provider's schema. Call it once outside of testing/synctest before it is used inside.
var ProviderSchema = sync.OnceValues(func() (*tfprotov6.GetProviderSchemaResponse, error) {
	return NewServer(provider.New("test")())().GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
})

// NewUnconfigured returns a provider that is not configured yet. A nil transport is the network.
func NewUnconfigured(t *testing.T, transport http.RoundTripper, resource string) *Protocol {
	t.Helper()
	schema, err := ProviderSchema()
	if err != nil {
		t.Fatal(err)
	}
	return &Protocol{T: t, Server: NewServer(provider.NewWithTransport("test", transport)())(), Schema: schema, Resource: resource}
}

// NewProtocol starts a run of the provider for workflows of the simulated tenant, over HTTP. Set Resource for another type.
func NewProtocol(t *testing.T, sim *falconsim.Running) *Protocol {
	t.Helper()
	p := NewUnconfigured(t, nil, WorkflowType)
	p.WantNoError(p.Configure(Arguments{"base_url": sim.URL, "client_id": sim.ClientID(), "client_secret": sim.ClientSecret()}))
	return p
}

// Configure configures the provider, which signs in. It can be called again.
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

// WantNoError fails the test if there is an error.
func (p *Protocol) WantNoError(diags []*tfprotov6.Diagnostic) {
	p.T.Helper()
	if text := Messages(diags, tfprotov6.DiagnosticSeverityError); text != "" {
		p.T.Fatal(text)
	}
}

// Unknown is an argument whose value is known only after the apply.
type Unknown struct{}

// Arguments are a configuration: strings, booleans, numbers, []string, nested Arguments, Unknown, or anything that
// tftypes.NewValue accepts.
type Arguments map[string]any

// With returns a copy with some arguments added or replaced.
func (a Arguments) With(more Arguments) Arguments {
	out := maps.Clone(a)
	maps.Copy(out, more)
	return out
}

// Instance is one object as Terraform stores it.
type Instance struct {
	Value   tftypes.Value
	Private []byte
}

// None is the state of an object that does not exist.
func (p *Protocol) None() Instance {
	return Instance{Value: tftypes.NewValue(p.ResourceType(), nil)}
}

// ResourceType is the type of the resource's values.
func (p *Protocol) ResourceType() tftypes.Type {
	return p.Schema.ResourceSchemas[p.Resource].ValueType()
}

// ValueOf converts v to a value of a type. Attributes that Arguments leave out are null.
func (p *Protocol) ValueOf(typ tftypes.Type, v any) tftypes.Value {
	p.T.Helper()
	switch v := v.(type) {
	case nil:
		return tftypes.NewValue(typ, nil)
	case Unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case Arguments:
		members := map[string]tftypes.Value{}
		if of, ok := typ.(tftypes.Map); ok {
			for key, value := range v {
				members[key] = p.ValueOf(of.ElementType, value)
			}
			return tftypes.NewValue(typ, members)
		}
		object, ok := typ.(tftypes.Object)
		if !ok {
			p.T.Fatalf("%s is neither an object nor a map", typ)
		}
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
	case []int:
		items := make([]tftypes.Value, len(v))
		for i, item := range v {
			items[i] = tftypes.NewValue(tftypes.Number, item)
		}
		return tftypes.NewValue(typ, items)
	default:
		return tftypes.NewValue(typ, v)
	}
}

// Dynamic encodes a value for the protocol.
func (p *Protocol) Dynamic(v tftypes.Value) *tfprotov6.DynamicValue {
	p.T.Helper()
	out, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		p.T.Fatal(err)
	}
	return &out
}

// Unmarshal decodes a value of the protocol; nil is a null value.
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

// Attributes returns the attributes of an object; none of a null or unknown one.
func (p *Protocol) Attributes(v tftypes.Value) map[string]tftypes.Value {
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

// Text returns an attribute as text: a string as it is, anything else as tftypes prints it.
func (p *Protocol) Text(i Instance, name string) string {
	p.T.Helper()
	v, ok := p.Attributes(i.Value)[name]
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

// Texts returns an attribute that is a list or set of strings; nil for a null one.
func (p *Protocol) Texts(i Instance, name string) []string {
	p.T.Helper()
	v, ok := p.Attributes(i.Value)[name]
	if !ok || v.IsNull() {
		return nil
	}
	var items []tftypes.Value
	if err := v.As(&items); err != nil {
		p.T.Fatal(err)
	}
	texts := make([]string, len(items))
	for at, item := range items {
		if err := item.As(&texts[at]); err != nil {
			p.T.Fatal(err)
		}
	}
	return texts
}
