package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unicode"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// bubble is a tenant at the end of a wire, for runs of the provider on the fake clock of testing/synctest. That also
// fails a test that leaves a goroutine behind.
type bubble struct {
	t    *testing.T
	sim  *falconsim.Server
	wire *wire
	// receiver is a webhook configuration that was there before.
	receiver string
	// strangers is what was there before, as it was.
	strangers falconsim.Tenant
	// stays says that a destroy left something in Falcon, and told so.
	stays atomic.Bool
	// lost says that a refresh called something gone that exists.
	lost bool
}

var providerSchema = sync.OnceValues(func() (*tfprotov6.GetProviderSchemaResponse, error) {
	return serverOf(New("test")())().GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
})

// newBubble makes a tenant that others use too. Ids are the same in each.
func newBubble(t *testing.T, opts falconsim.Options) *bubble {
	t.Helper()
	opts.Readings = falconsim.WebhookWrites().With(opts.Readings)
	if opts.Users == 0 {
		opts.Users = 20
	}
	b := &bubble{t: t, sim: falconsim.New(opts)}
	b.wire = newWire(b.sim)
	b.sim.AddClient(otherConfigID, "secret of another team's client", []string{"alerts:read"})
	var err error
	if b.receiver, err = b.sim.CreatePluginConfig("receiver", hookURL, testKey, ""); err != nil {
		t.Fatal(err)
	}
	b.strangers = b.sim.Tenant()
	return b
}

// run starts a provider for objects of one type, as one run of Terraform does. The text is why it could not sign in.
func (b *bubble) run(resource string) (*protocol, string) {
	b.t.Helper()
	return b.runAs(resource, b.sim.ClientID(), b.sim.ClientSecret())
}

// runAs is run with the credentials of a client.
func (b *bubble) runAs(resource, id, secret string) (*protocol, string) {
	b.t.Helper()
	schema, err := providerSchema()
	if err != nil {
		b.t.Fatal(err)
	}
	server := serverOf(&falconProvider{version: "test", transport: b.wire})()
	p := &protocol{t: b.t, server: server, schema: schema, resource: resource}
	diags := p.configure(arguments{"base_url": wireURL, "client_id": id, "client_secret": secret})
	return p, b.checked(diags)
}

// checked gives the errors among the diagnostics, and looks at the manners of all of them.
func (b *bubble) checked(diags []*tfprotov6.Diagnostic) string {
	b.t.Helper()
	text := messages(diags, tfprotov6.DiagnosticSeverityError)
	all := text + messages(diags, tfprotov6.DiagnosticSeverityWarning)
	if strings.Contains(all, "stays in Falcon") {
		b.stays.Store(true)
	}
	for _, secret := range append(b.wire.shown(), b.sim.ClientSecret(), testKey, secondKey) {
		if strings.Contains(all, secret) {
			b.t.Errorf("a secret is told: %s", all)
		}
	}
	if i := strings.IndexFunc(all, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) }); i >= 0 || len(all) > 20_000 {
		b.t.Errorf("%d bytes, and a control character at %d: %.500q", len(all), i, all)
	}
	for _, raw := range []string{"unmarshal", "invalid character", "unexpected end of JSON", "nil pointer", "%!", "<html", "context.Background", "defect of the provider"} {
		if strings.Contains(all, raw) {
			b.t.Errorf("%q is no plain English: %s", raw, all)
		}
	}
	return text
}

// operation is what a run of Terraform does with one object. A line of it is a row of the table of faults, for each call
// that it makes.
type operation struct {
	name, resource string
	// before is the object's configuration so far; nil if there is none yet.
	before func(*bubble) arguments
	// config is what it is to be; nil if it is to be destroyed.
	config func(*bubble) arguments
	// outside is what somebody does after before was applied.
	outside func(*bubble, string) error
	reads   bool // only a refresh
	imports bool
}

// prepare applies what was there before the operation.
func (o operation) prepare(b *bubble) instance {
	b.t.Helper()
	p, problem := b.run(o.resource)
	state := p.none()
	if o.before != nil && problem == "" {
		var diags []*tfprotov6.Diagnostic
		state, diags = p.apply(state, o.before(b))
		problem = b.checked(diags)
	}
	if problem == "" && o.outside != nil {
		if err := o.outside(b, p.text(state, "id")); err != nil {
			problem = err.Error()
		}
	}
	if problem != "" {
		b.t.Fatal(problem)
	}
	return state
}

// do runs the operation once; the text is why it failed.
func (o operation) do(b *bubble, state instance) (instance, string) {
	b.t.Helper()
	p, problem := b.run(o.resource)
	if problem != "" {
		return state, problem
	}
	if o.imports {
		read, diags := p.imported(p.text(state, "id"))
		if problem = b.checked(diags); problem != "" {
			return state, problem
		}
		return read, ""
	}
	if !state.value.IsNull() {
		read, diags := p.read(state)
		if problem = b.checked(diags); problem != "" {
			return state, problem
		}
		if read.value.IsNull() && b.holds(o.resource, p.text(state, "id")) {
			b.lost = true
		}
		state = read
	}
	var diags []*tfprotov6.Diagnostic
	switch {
	case o.reads || o.config == nil && state.value.IsNull():
		return state, ""
	case o.config == nil:
		state, diags = p.destroy(state)
	default:
		before := state
		state, diags = p.apply(state, o.config(b))
		if problem := b.checked(diags); problem != "" && before.value.IsNull() && !state.value.IsNull() {
			state, more := p.destroy(state) // what Terraform does with a tainted object, in the next run
			return state, problem + b.checked(more)
		}
	}
	return state, b.checked(diags)
}

var importCommand = regexp.MustCompile(`terraform import (falcon_\w+)\.this ([0-9a-f]{32})`)

// finish runs the operation until it is done, and imports what an error says to import.
func (o operation) finish(b *bubble, state instance, problem string) instance {
	b.t.Helper()
	for round := 1; problem != ""; round++ {
		if round > 3 {
			b.t.Fatalf("the %d. run fails, too: %s", round, problem)
		}
		if m := importCommand.FindStringSubmatch(problem); m != nil && state.value.IsNull() {
			p, refused := b.run(o.resource)
			found, diags := p.imported(m[2])
			if refused += b.checked(diags); refused != "" {
				b.t.Fatalf("the import that was advised fails: %s", refused)
			}
			state = found
		}
		state, problem = o.do(b, state)
	}
	return state
}

// wantQuiet checks that the next run has nothing to do.
func (o operation) wantQuiet(b *bubble, state instance) {
	b.t.Helper()
	if o.config == nil || o.reads || o.imports {
		return
	}
	p, problem := b.run(o.resource)
	if problem != "" {
		b.t.Fatal(problem)
	}
	read, diags := p.read(state)
	p.wantFine(diags)
	planned, diags := p.plan(read, o.config(b))
	p.wantFine(diags)
	if !planned.value.Equal(read.value) {
		b.t.Errorf("the next plan holds a change:\n%s\nof\n%s", planned.value, read.value)
	}
}

// wantSecret checks that a client secret in state is the one that works.
func (b *bubble) wantSecret(p *protocol, state instance) {
	b.t.Helper()
	if p.resource != apiClientType || state.value.IsNull() {
		return
	}
	secret := p.members(state.value)["client_secret"]
	if !secret.IsKnown() || secret.IsNull() {
		return
	}
	c, err := falcon.New(b.t.Context(), falcon.Config{
		ClientID: p.text(state, "id"), ClientSecret: p.text(state, "client_secret"), BaseURL: wireURL, HTTPTransport: b.wire,
	})
	if err == nil {
		err = c.Authenticate(b.t.Context())
	}
	if err != nil {
		b.t.Errorf("the secret in state does not work: %v", err)
	}
}

// holds says whether the tenant has the object.
func (b *bubble) holds(resource, id string) bool {
	return strings.Contains(asJSONText(map[string]any{
		apiClientType: b.sim.Clients(), "falcon_webhook": b.sim.PluginConfigs(), flowType: b.sim.Workflows(),
	}[resource]), `"`+id+`"`)
}

// holdings is what the tenant has beside what others made, and what has become of that.
func (b *bubble) holdings() string {
	now := b.sim.Tenant()
	var list []string
	add := func(foreign bool, thing any) {
		if !foreign {
			list = append(list, asJSONText(thing))
		}
	}
	others := 0
	for _, c := range now.APIClients {
		foreign := strings.Contains(asJSONText(b.strangers.APIClients), asJSONText(c))
		others += map[bool]int{true: 1}[foreign]
		c.ID, c.Created, c.LastModified = "", "", ""
		add(foreign, c)
	}
	for _, p := range now.PluginConfigs {
		foreign := slices.Contains(b.strangers.PluginConfigs, p)
		others += map[bool]int{true: 1}[foreign]
		p.ID = ""
		add(foreign, p)
	}
	for _, w := range now.Workflows {
		w.ID, w.Version, w.LastModified = "", 0, ""
		delete(w.Document, "id")
		add(false, w)
	}
	slices.Sort(list)
	return fmt.Sprintf("%d things of others\n%s", others, strings.Join(list, "\n"))
}

func asJSONText(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(err)
	}
	return string(raw)
}
