package acctest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"unicode"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// Harness is a simulated tenant that the provider reaches in process, for tests on the fake clock of testing/synctest.
type Harness struct {
	T         *testing.T
	Sim       *falconsim.Server
	Transport *Transport
	// ReceiverID is the id of a webhook configuration that the test did not create.
	ReceiverID string
	// Unmanaged is the tenant before the test created anything.
	Unmanaged falconsim.Tenant
	// leftBehind is set when a destroy reports that it left an object in Falcon.
	leftBehind atomic.Bool
	// lostObject is set when a refresh removes an existing object from the state.
	lostObject bool
}

// WithFakeClock runs a test with a new tenant on the fake clock.
func WithFakeClock(t *testing.T, opts falconsim.Options, do func(t *testing.T, h *Harness)) {
	t.Helper()
	if _, err := ProviderSchema(); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) { do(t, NewHarness(t, opts)) })
}

// NewHarness returns a tenant that also has objects of others. Ids are the same in every tenant.
func NewHarness(t *testing.T, opts falconsim.Options) *Harness {
	t.Helper()
	opts.Readings = falconsim.WebhookWrites().With(opts.Readings)
	if opts.Users == 0 {
		opts.Users = 20
	}
	h := &Harness{T: t, Sim: falconsim.New(opts)}
	h.Transport = newTransport(h.Sim)
	h.Sim.AddClient(coretest.OtherConfigID, "secret of another team's client", []string{"alerts:read"})
	var err error
	if h.ReceiverID, err = h.Sim.CreatePluginConfig("receiver", WebhookURL, coretest.TestKey, ""); err != nil {
		t.Fatal(err)
	}
	h.Unmanaged = h.Sim.Tenant()
	return h
}

// Start starts a run of the provider for objects of one type, as each command of Terraform does.
func (h *Harness) Start(resource string) *Protocol {
	h.T.Helper()
	p, problem := h.TryStart(resource)
	if problem != "" {
		h.T.Fatal(problem)
	}
	return p
}

// TryStart is Start for a run that may fail to sign in; the text is the error.
func (h *Harness) TryStart(resource string) (*Protocol, string) {
	h.T.Helper()
	return h.TryStartAs(resource, h.Sim.ClientID(), h.Sim.ClientSecret())
}

// TryStartAs is TryStart with the credentials of another API client.
func (h *Harness) TryStartAs(resource, id, secret string) (*Protocol, string) {
	h.T.Helper()
	p := NewUnconfigured(h.T, h.Transport, resource)
	return p, h.CheckDiagnostics(p.Configure(h.ProviderArguments(Arguments{"client_id": id, "client_secret": secret})))
}

// ProviderArguments returns a provider configuration for the tenant, with some arguments added or replaced.
func (h *Harness) ProviderArguments(more Arguments) Arguments {
	return Arguments{"base_url": BaseURL, "client_id": h.Sim.ClientID(), "client_secret": h.Sim.ClientSecret()}.With(more)
}

// CheckDiagnostics returns the errors. It fails the test if a diagnostic has a secret, control characters or the text of
// a Go error.
func (h *Harness) CheckDiagnostics(diags []*tfprotov6.Diagnostic) string {
	h.T.Helper()
	text := Messages(diags, tfprotov6.DiagnosticSeverityError)
	all := text + Messages(diags, tfprotov6.DiagnosticSeverityWarning)
	if strings.Contains(all, "stays in Falcon") {
		h.leftBehind.Store(true)
	}
	for _, secret := range append(h.Transport.usedTokens(), h.Sim.ClientSecret(), coretest.TestKey, SecondKey) {
		if strings.Contains(all, secret) {
			h.T.Errorf("a diagnostic contains a secret: %s", all)
		}
	}
	if i := strings.IndexFunc(all, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) }); i >= 0 || len(all) > 20_000 {
		h.T.Errorf("%d bytes, and a control character at %d: %.500q", len(all), i, all)
	}
	for _, raw := range []string{"unmarshal", "invalid character", "unexpected end of JSON", "nil pointer", "%!", "<html", "context.Background", "defect of the provider"} {
		if strings.Contains(all, raw) {
			h.T.Errorf("a diagnostic contains %q: %s", raw, all)
		}
	}
	return text
}

// WantWorkingSecret checks that a client secret in the state can sign in.
func (h *Harness) WantWorkingSecret(p *Protocol, state Instance) {
	h.T.Helper()
	if p.Resource != APIClientType || state.Value.IsNull() {
		return
	}
	secret := p.Attributes(state.Value)["client_secret"]
	if !secret.IsKnown() || secret.IsNull() {
		return
	}
	c, err := falcon.New(h.T.Context(), falcon.Config{
		ClientID: p.Text(state, "id"), ClientSecret: p.Text(state, "client_secret"), BaseURL: BaseURL, HTTPTransport: h.Transport,
	})
	if err == nil {
		err = c.Authenticate(h.T.Context())
	}
	if err != nil {
		h.T.Errorf("the secret in state does not work: %v", err)
	}
}

// Exists reports whether the tenant has the object.
func (h *Harness) Exists(resource, id string) bool {
	return strings.Contains(JSONText(map[string]any{
		APIClientType: h.Sim.Clients(), WebhookType: h.Sim.PluginConfigs(), WorkflowType: h.Sim.Workflows(),
	}[resource]), `"`+id+`"`)
}

// DescribeManaged describes the objects that the test created, without ids and times, and counts the unmanaged ones that
// are unchanged.
func (h *Harness) DescribeManaged() string {
	now := h.Sim.Tenant()
	var managed []string
	unmanaged := 0
	for _, c := range now.APIClients {
		if strings.Contains(JSONText(h.Unmanaged.APIClients), JSONText(c)) {
			unmanaged++
			continue
		}
		c.ID, c.Created, c.LastModified = "", "", ""
		managed = append(managed, JSONText(c))
	}
	for _, c := range now.PluginConfigs {
		if slices.Contains(h.Unmanaged.PluginConfigs, c) {
			unmanaged++
			continue
		}
		c.ID = ""
		managed = append(managed, JSONText(c))
	}
	for _, w := range now.Workflows {
		w.ID, w.Version, w.LastModified = "", 0, ""
		delete(w.Document, "id")
		managed = append(managed, JSONText(w))
	}
	slices.Sort(managed)
	return fmt.Sprintf("%d unmanaged objects\n%s", unmanaged, strings.Join(managed, "\n"))
}

// CountRequests returns how many requests of one kind were sent since the fault was last set.
func (h *Harness) CountRequests(method, path string) int {
	return count(h.Transport.Calls(), func(c SentCall) bool { return c.Method == method && c.Path == path })
}

// JSONText returns a value as JSON.
func JSONText(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(err)
	}
	return string(raw)
}
