package falconsim

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/hosts"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/identity"
)

// Server is one simulated tenant with its Flight Control children. It is an [http.Handler] for the Falcon API and, under /_sim, for
// the console. It is safe for concurrent use.
type Server struct {
	opts     Options
	cid      string
	ccid     string
	owner    *apiClient // the default client
	routes   map[string]map[string]route
	hosts    *hosts.Store
	identity *identity.Tenant
	// definitions has the catalog and checks workflow definitions.
	definitions *definition.Tenant
	console     http.Handler
	// members are the children by customer id, and gateway is the server that receives their requests: the parent, or this one.
	members map[string]*Server
	gateway *Server
	// asked has the ids of the open questions that responses depended on.
	asked sync.Map

	mu        sync.Mutex        // guards everything below
	counters  map[string]uint64 // ids and secrets created so far, by kind
	serial    uint64            // objects created so far
	responses uint64            // responses so far
	clients   map[string]*apiClient
	clientLag lag[apiClient]
	tokens    map[string]accessToken
	configs   []*pluginConfig // in order of creation
	configLag lag[pluginConfig]
	workflows map[string]*workflow
	// deletedWorkflows are those that readers may still see.
	deletedWorkflows []*workflow
	executions       []*execution
	// executionKeys are the execution ids of earlier requests with a key, by key.
	executionKeys map[string][]string
	humanInputs   []*humanInput
	cases         []*Case
	deliveries    []*Delivery
	sending       int           // deliveries in flight
	sent          chan struct{} // closed when none is in flight; nil before the first one
	log           []Request
	faults        []*armedFault
	limits        addressLimits
	window        time.Time // the second that RateLimit counts
	windowCount   int
	accountTimes  []time.Time
}

// New returns a tenant with one API client that has the scopes of the options. It panics if the options choose a reading that
// does not exist or a child that cannot exist.
func New(opts Options) *Server {
	s, err := newServer(opts)
	if err != nil {
		panic("falconsim: " + err.Error())
	}
	return s
}

func newServer(opts Options) (*Server, error) {
	if err := opts.Readings.Check(); err != nil {
		return nil, err
	}
	if err := checkRecord(opts.Facts); err != nil {
		return nil, err
	}
	s := &Server{opts: opts.withDefaults(), counters: map[string]uint64{}}
	s.gateway = s
	s.cid = s.newID("cid")
	s.ccid = strings.ToUpper(s.cid + "-" + s.newID("ccid")[:2])
	s.fill()
	if err := s.addMembers(); err != nil {
		return nil, err
	}
	return s, nil
}

// fill creates the objects of a new tenant and its API.
func (s *Server) fill() {
	s.clients = map[string]*apiClient{}
	s.tokens = map[string]accessToken{}
	s.hosts = hosts.NewStore(s.opts.Seed, max(s.opts.Hosts, 0), func(changed []*Host) { s.identity.SetHosts(changed) })
	s.identity = identity.NewTenant(s.opts.Seed, s.opts.Users, s.hosts.Index().ByID)
	scopes := s.opts.Scopes
	if scopes == nil {
		scopes = s.clientScopes()
	}
	name, description := "terraform", "The client that Terraform itself uses"
	if s.gateway != s {
		name, description = "Administration", "A client of the child; Terraform signs in with one of the parent"
	}
	s.owner = s.storeClient(s.newID("client"), s.newSecret("secret"), name, description, scopes, consoleUser)
	s.seedUnmanaged()
	s.workflows = map[string]*workflow{}
	s.executionKeys = map[string][]string{}
	settings := definition.Settings{
		CID: s.cid, Reading: s.reading, Message: s.message, IsConfigured: s.isConfigured, NoCallWebhook: s.opts.NoCallWebhook,
		Without: s.opts.WithoutActions, Catalog: s.opts.Catalog,
	}
	if s.opts.Facts != nil {
		settings.Activities, settings.Triggers = s.opts.Facts.Activities, s.opts.Facts.Triggers
	}
	s.definitions = definition.NewTenant(settings)
	s.seedContents()
	s.routes = map[string]map[string]route{}
	s.console = s.consoleHandler()
	for _, r := range s.allRoutes() {
		if s.routes[r.path] == nil {
			s.routes[r.path] = map[string]route{}
		}
		s.routes[r.path][r.method] = r
	}
}

// CID is the tenant's customer id: 32 lowercase hexadecimal digits.
func (s *Server) CID() string { return s.cid }

// CCID is the customer id with checksum, in uppercase (wire/hosts.md#customer-id).
func (s *Server) CCID() string { return s.ccid }

// ClientID is the id of the default API client.
func (s *Server) ClientID() string { return s.owner.id }

// ClientSecret is the first secret of the default API client.
func (s *Server) ClientSecret() string { return s.owner.firstSecret }

func (s *Server) now() time.Time { return s.opts.Now().UTC() }

// timestamp is the current time as Falcon shows it. Its fixed width lets timestamps be compared as text.
func (s *Server) timestamp() string { return formatTime(s.now()) }

// formatTime returns a time as Falcon shows it, in RFC 3339, or "" for none.
func formatTime(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format("2006-01-02T15:04:05.000000Z")
}

// newID returns a new id of 32 hexadecimal digits. Call it with s.mu held.
func (s *Server) newID(kind string) string { return s.newSecret(kind)[:32] }

// newSecret returns 64 hexadecimal digits that depend only on the seed, the kind, and how many of the kind were created before.
// Call it with s.mu held.
func (s *Server) newSecret(kind string) string {
	s.counters[kind]++
	sum := sha256.Sum256([]byte(fmt.Sprintf("%d/%s/%d", s.opts.Seed, kind, s.counters[kind])))
	return hex.EncodeToString(sum[:])
}

// maxBody is more than any document or query of this API needs.
const maxBody = 64 << 20

// ServeHTTP handles one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s = s.gateway
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	if r.URL.Path == "/" || r.URL.Path == consolePath || strings.HasPrefix(r.URL.Path, consolePath+"/") {
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.serveConsole(w, r)
		return
	}
	c := &apiRequest{r: r, query: r.URL.Query(), body: body, ignoresBadNumbers: s.reading("Q60") == "b"}
	if !s.wait(r.Context(), s.opts.Latency) {
		return
	}
	entry := newRequest(c)
	fault := s.takeFault(c)
	entry.Fault = fault.kind()
	if !s.wait(r.Context(), fault.delay()) || fault.is(FaultDropBefore) {
		s.record(entry)
		panic(http.ErrAbortHandler)
	}
	response, replaced := fault.reply(s)
	if !replaced {
		response = s.respond(c)
		if fault.is(FaultDelay) && len(fault.Header) > 0 {
			response = response.with(fault.Header)
		}
	}
	if c.client != nil {
		entry.ClientID = c.client.id
	}
	out := s.render(response)
	entry.Status = out.status
	if fault.is(FaultDropAfter) {
		entry.Status = 0
	}
	s.record(entry)
	if !s.wait(r.Context(), fault.stall()) || fault.is(FaultDropAfter) {
		panic(http.ErrAbortHandler)
	}
	out.write(w, fault.is(FaultTruncate))
}

// respond returns Falcon's response, without any fault.
func (s *Server) respond(c *apiRequest) reply {
	if s.opts.Redirect != "" {
		if c.r.URL.Path == tokenPath {
			return s.countToken(c, s.redirect)
		}
		return s.countBadToken(c, s.redirect(c))
	}
	byMethod, known := s.routes[c.r.URL.Path]
	route, offered := byMethod[c.r.Method]
	if !known || !offered {
		return notFoundPath()
	}
	if refusal := s.limit(); refusal != nil {
		return *refusal
	}
	switch route.path {
	case tokenPath:
		return s.countToken(c, route.handler)
	case revokePath:
		return route.handler(c)
	}
	if refusal := s.authenticate(c, route.scopes); refusal != nil {
		refusal.poweredBy = gatewayName
		if refusal.status == http.StatusUnauthorized {
			return s.countBadToken(c, *refusal)
		}
		return *refusal
	}
	if refusal := s.lockedOut(c); refusal != nil {
		return *refusal
	}
	if refusal := s.limitAccount(); refusal != nil {
		return *refusal
	}
	response := s.tenantOf(c).routes[route.path][route.method].handler(c)
	if response.poweredBy == "" {
		response.poweredBy = route.poweredBy
	}
	return response
}

func (s *Server) redirect(c *apiRequest) reply {
	return reply{status: http.StatusPermanentRedirect, empty: true, header: http.Header{
		"Location":    {strings.TrimSuffix(s.opts.Redirect, "/") + c.r.URL.RequestURI()},
		"X-Cs-Region": {s.opts.RedirectCloud},
	}}
}

// wait pauses for d and reports whether the client is still there.
func (s *Server) wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
