package acctest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"unicode"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// Harness is a tenant at the end of a wire, for runs of the provider on the fake clock of testing/synctest. That also
// fails a test that leaves a goroutine behind.
type Harness struct {
	T         *testing.T
	Sim       *falconsim.Server
	Transport *Transport
	// Receiver is a webhook configuration that was there before.
	Receiver string
	// Strangers is what was there before, as it was.
	Strangers falconsim.Tenant
	// stays says that a destroy left something in Falcon, and told so.
	stays atomic.Bool
	// lost says that a refresh called something gone that exists.
	lost bool
}

var ProviderSchema = sync.OnceValues(func() (*tfprotov6.GetProviderSchemaResponse, error) {
	return NewServer(provider.New("test")())().GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
})

// NewHarness makes a tenant that others use too. Ids are the same in each.
func NewHarness(t *testing.T, opts falconsim.Options) *Harness {
	t.Helper()
	opts.Readings = falconsim.WebhookWrites().With(opts.Readings)
	if opts.Users == 0 {
		opts.Users = 20
	}
	b := &Harness{T: t, Sim: falconsim.New(opts)}
	b.Transport = newWire(b.Sim)
	b.Sim.AddClient(coretest.OtherConfigID, "secret of another team's client", []string{"alerts:read"})
	var err error
	if b.Receiver, err = b.Sim.CreatePluginConfig("receiver", WebhookURL, coretest.TestKey, ""); err != nil {
		t.Fatal(err)
	}
	b.Strangers = b.Sim.Tenant()
	return b
}

// Run starts a provider for objects of one type, as one run of Terraform does. The text is why it could not sign in.
func (b *Harness) Run(resource string) (*Protocol, string) {
	b.T.Helper()
	return b.RunAs(resource, b.Sim.ClientID(), b.Sim.ClientSecret())
}

// RunAs is run with the credentials of a client.
func (b *Harness) RunAs(resource, id, secret string) (*Protocol, string) {
	b.T.Helper()
	schema, err := ProviderSchema()
	if err != nil {
		b.T.Fatal(err)
	}
	server := NewServer(provider.NewWithTransport("test", b.Transport)())()
	p := &Protocol{T: b.T, Server: server, Schema: schema, Resource: resource}
	diags := p.Configure(Arguments{"base_url": BaseURL, "client_id": id, "client_secret": secret})
	return p, b.Checked(diags)
}

// Checked gives the errors among the diagnostics, and looks at the manners of all of them.
func (b *Harness) Checked(diags []*tfprotov6.Diagnostic) string {
	b.T.Helper()
	text := Messages(diags, tfprotov6.DiagnosticSeverityError)
	all := text + Messages(diags, tfprotov6.DiagnosticSeverityWarning)
	if strings.Contains(all, "stays in Falcon") {
		b.stays.Store(true)
	}
	for _, secret := range append(b.Transport.shown(), b.Sim.ClientSecret(), coretest.TestKey, SecondKey) {
		if strings.Contains(all, secret) {
			b.T.Errorf("a secret is told: %s", all)
		}
	}
	if i := strings.IndexFunc(all, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) }); i >= 0 || len(all) > 20_000 {
		b.T.Errorf("%d bytes, and a control character at %d: %.500q", len(all), i, all)
	}
	for _, raw := range []string{"unmarshal", "invalid character", "unexpected end of JSON", "nil pointer", "%!", "<html", "context.Background", "defect of the provider"} {
		if strings.Contains(all, raw) {
			b.T.Errorf("%q is no plain English: %s", raw, all)
		}
	}
	return text
}

// Operation is what a run of Terraform does with one object. A line of it is a row of the table of faults, for each call
// that it makes.
type Operation struct {
	Name, Resource string
	// Before is the object's configuration so far; nil if there is none yet.
	Before func(*Harness) Arguments
	// Config is what it is to be; nil if it is to be destroyed.
	Config func(*Harness) Arguments
	// Outside is what somebody does after before was applied.
	Outside func(*Harness, string) error
	Reads   bool // only a refresh
	Imports bool
}

// Prepare applies what was there before the operation.
func (o Operation) Prepare(b *Harness) Instance {
	b.T.Helper()
	p, problem := b.Run(o.Resource)
	state := p.None()
	if o.Before != nil && problem == "" {
		var diags []*tfprotov6.Diagnostic
		state, diags = p.Apply(state, o.Before(b))
		problem = b.Checked(diags)
	}
	if problem == "" && o.Outside != nil {
		if err := o.Outside(b, p.Text(state, "id")); err != nil {
			problem = err.Error()
		}
	}
	if problem != "" {
		b.T.Fatal(problem)
	}
	return state
}

// Do runs the operation once; the text is why it failed.
func (o Operation) Do(b *Harness, state Instance) (Instance, string) {
	b.T.Helper()
	p, problem := b.Run(o.Resource)
	if problem != "" {
		return state, problem
	}
	if o.Imports {
		read, diags := p.Imported(p.Text(state, "id"))
		if problem = b.Checked(diags); problem != "" {
			return state, problem
		}
		return read, ""
	}
	if !state.Value.IsNull() {
		read, diags := p.Read(state)
		if problem = b.Checked(diags); problem != "" {
			return state, problem
		}
		if read.Value.IsNull() && b.Holds(o.Resource, p.Text(state, "id")) {
			b.lost = true
		}
		state = read
	}
	var diags []*tfprotov6.Diagnostic
	switch {
	case o.Reads || o.Config == nil && state.Value.IsNull():
		return state, ""
	case o.Config == nil:
		state, diags = p.Destroy(state)
	default:
		before := state
		state, diags = p.Apply(state, o.Config(b))
		if problem := b.Checked(diags); problem != "" && before.Value.IsNull() && !state.Value.IsNull() {
			state, more := p.Destroy(state) // what Terraform does with a tainted object, in the next run
			return state, problem + b.Checked(more)
		}
	}
	return state, b.Checked(diags)
}

var ImportCommand = regexp.MustCompile(`terraform import (falcon_\w+)\.this ([0-9a-f]{32})`)

// finish runs the operation until it is done, and imports what an error says to import.
func (o Operation) finish(b *Harness, state Instance, problem string) Instance {
	b.T.Helper()
	for round := 1; problem != ""; round++ {
		if round > 3 {
			b.T.Fatalf("the %d. run fails, too: %s", round, problem)
		}
		if m := ImportCommand.FindStringSubmatch(problem); m != nil && state.Value.IsNull() {
			p, refused := b.Run(o.Resource)
			found, diags := p.Imported(m[2])
			if refused += b.Checked(diags); refused != "" {
				b.T.Fatalf("the import that was advised fails: %s", refused)
			}
			state = found
		}
		state, problem = o.Do(b, state)
	}
	return state
}

// WantQuiet checks that the next run has nothing to do.
func (o Operation) WantQuiet(b *Harness, state Instance) {
	b.T.Helper()
	if o.Config == nil || o.Reads || o.Imports {
		return
	}
	p, problem := b.Run(o.Resource)
	if problem != "" {
		b.T.Fatal(problem)
	}
	read, diags := p.Read(state)
	p.WantNoError(diags)
	planned, diags := p.Plan(read, o.Config(b))
	p.WantNoError(diags)
	if !planned.Value.Equal(read.Value) {
		b.T.Errorf("the next plan holds a change:\n%s\nof\n%s", planned.Value, read.Value)
	}
}

// WantSecret checks that a client secret in state is the one that works.
func (b *Harness) WantSecret(p *Protocol, state Instance) {
	b.T.Helper()
	if p.Resource != APIClientType || state.Value.IsNull() {
		return
	}
	secret := p.Members(state.Value)["client_secret"]
	if !secret.IsKnown() || secret.IsNull() {
		return
	}
	c, err := falcon.New(b.T.Context(), falcon.Config{
		ClientID: p.Text(state, "id"), ClientSecret: p.Text(state, "client_secret"), BaseURL: BaseURL, HTTPTransport: b.Transport,
	})
	if err == nil {
		err = c.Authenticate(b.T.Context())
	}
	if err != nil {
		b.T.Errorf("the secret in state does not work: %v", err)
	}
}

// Holds says whether the tenant has the object.
func (b *Harness) Holds(resource, id string) bool {
	return strings.Contains(AsJSONText(map[string]any{
		APIClientType: b.Sim.Clients(), "falcon_webhook": b.Sim.PluginConfigs(), WorkflowType: b.Sim.Workflows(),
	}[resource]), `"`+id+`"`)
}

// Holdings is what the tenant has beside what others made, and what has become of that.
func (b *Harness) Holdings() string {
	now := b.Sim.Tenant()
	var list []string
	add := func(foreign bool, thing any) {
		if !foreign {
			list = append(list, AsJSONText(thing))
		}
	}
	others := 0
	for _, c := range now.APIClients {
		foreign := strings.Contains(AsJSONText(b.Strangers.APIClients), AsJSONText(c))
		others += map[bool]int{true: 1}[foreign]
		c.ID, c.Created, c.LastModified = "", "", ""
		add(foreign, c)
	}
	for _, p := range now.PluginConfigs {
		foreign := slices.Contains(b.Strangers.PluginConfigs, p)
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

func AsJSONText(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(err)
	}
	return string(raw)
}

// WithFakeClock runs a test on the fake clock.
func WithFakeClock(t *testing.T, opts falconsim.Options, do func(t *testing.T, b *Harness)) {
	t.Helper()
	if _, err := ProviderSchema(); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) { do(t, NewHarness(t, opts)) })
}

func (o Operation) UnderFault(t *testing.T, at SentCall, f Fault, lasting bool, want string) {
	b := NewHarness(t, falconsim.Options{})
	state := o.Prepare(b)
	b.Transport.Arm(FaultAt(at, f, lasting))
	state, problem := o.Do(b, state)
	b.Transport.Arm(nil)
	if problem != "" && f.Harmless {
		t.Fatal(problem)
	}
	if b.lost {
		t.Error("a refresh lost an object that exists")
		return
	}
	state = o.finish(b, state, problem)
	o.WantQuiet(b, state)
	if b.stays.Load() && (f.Name == "403" || f.Name == "hostile refusal") {
		return // the tenant does not offer the delete
	}
	if got := b.Holdings(); got != want {
		t.Errorf("the tenant holds\n%s\nwant\n%s\nafter: %s", got, want, problem)
	}
	p, refused := b.Run(o.Resource)
	if refused != "" {
		t.Fatal(refused)
	}
	b.WantSecret(p, state)
	if len(b.Transport.Abroad) > 0 {
		t.Errorf("called %v", b.Transport.Abroad)
	}
}

// Lengths says whether the fault strikes once or for the rest of the run: both with FALCON_TEST_FULL=1, else one of them,
// always the same.
func Lengths(c SentCall, f Fault) []bool {
	if os.Getenv("FALCON_TEST_FULL") != "" {
		return []bool{false, true}
	}
	return []bool{(len(c.Path)+len(f.Name)+c.N)%2 == 0}
}
