package falconsim

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Server is one simulated tenant. It is an [http.Handler] for the Falcon API
// and, under /_sim, for the console. It is safe for concurrent use.
type Server struct {
	opts   Options
	cid    string
	ccid   string
	owner  *apiClient // the default client
	routes map[string]map[string]route
	scores *scoreStore
	// catalogue holds the activities and triggers of the tenant.
	catalogue *catalogue
	console   http.Handler
	// asked holds the ids of the open questions that responses depended on.
	asked sync.Map

	mu        sync.Mutex        // guards everything below
	counters  map[string]uint64 // ids and secrets handed out so far, by kind
	serial    uint64            // objects made so far
	answers   uint64            // answers given so far
	clients   map[string]*apiClient
	clientLag lag[apiClient]
	tokens    map[string]accessToken
	configs   []*pluginConfig // in order of creation
	configLag lag[pluginConfig]
	workflows map[string]*workflow
	// deletedWorkflows are those that readers may still see.
	deletedWorkflows []*workflow
	executions       []*execution
	// executionKeys are the ids that requests with a key were given, by key.
	executionKeys map[string][]string
	humanInputs   []*humanInput
	cases         []*Case
	deliveries    []*Delivery
	sending       int           // deliveries in flight
	sent          chan struct{} // closed when none is in flight any more; nil then
	log           []Request
	faults        []*armedFault
	limits        addressLimits
	window        time.Time // second that RateLimit is counting
	windowCount   int
}

// route is one API operation. The table in routes.go holds them all.
type route struct {
	method, path string
	// scopes that the caller's client must have, all of them.
	scopes []string
	// poweredBy is shown as meta.powered_by; "" leaves it out.
	poweredBy string
	// handler runs without s.mu held: it locks what it touches.
	handler func(*call) reply
}

// call is one authenticated API request.
type call struct {
	r      *http.Request
	query  map[string][]string
	body   []byte
	client *apiClient
	cid    string // of the token: the tenant's own or a Flight Control child's
	// ignoresBadNumbers is the reading of Q60: a bad limit or offset counts as absent.
	ignoresBadNumbers bool
}

// fresh is the request with its body unread.
func (c *call) fresh() *http.Request {
	r := *c.r
	r.Body = io.NopCloser(bytes.NewReader(c.body))
	return &r
}

func (c *call) get(key string) string {
	if v := c.query[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// New creates a tenant with one API client that has the scopes of the options. It panics if the options choose a reading
// that does not exist.
func New(opts Options) *Server {
	if err := opts.Readings.Check(); err != nil {
		panic("falconsim: " + err.Error())
	}
	s := &Server{
		opts:     opts.withDefaults(),
		counters: map[string]uint64{},
		clients:  map[string]*apiClient{},
		tokens:   map[string]accessToken{},
	}
	s.cid = s.newID("cid")
	s.ccid = strings.ToUpper(s.cid + "-" + s.newID("ccid")[:2])
	s.scores = newScoreStore(s.opts.Seed, s.opts.Hosts, s.opts.Users)
	scopes := s.opts.Scopes
	if scopes == nil {
		scopes = s.offeredScopes()
	}
	s.owner = s.storeClient(s.newID("client"), s.newSecret("secret"), "terraform", "The client that Terraform itself uses", scopes, consoleUser)
	s.seedStrangers()
	s.workflows = map[string]*workflow{}
	s.executionKeys = map[string][]string{}
	s.catalogue = newCatalogue(s)
	s.routes = map[string]map[string]route{}
	s.console = s.consoleHandler()
	for _, r := range s.table() {
		if s.routes[r.path] == nil {
			s.routes[r.path] = map[string]route{}
		}
		s.routes[r.path][r.method] = r
	}
	return s
}

// CID is the tenant's customer id: 32 lower-case hex digits.
func (s *Server) CID() string { return s.cid }

// CCID is the customer id with checksum, in upper case (wire/hosts.md#customer-id).
func (s *Server) CCID() string { return s.ccid }

// ClientID is the id of the default API client.
func (s *Server) ClientID() string { return s.owner.id }

// ClientSecret is the first secret of the default API client.
func (s *Server) ClientSecret() string { return s.owner.firstSecret }

func (s *Server) now() time.Time { return s.opts.Now().UTC() }

// timestamp is the form in which Falcon shows times: RFC 3339. Its fixed width
// lets timestamps be compared as texts.
func (s *Server) timestamp() string { return shownTime(s.now()) }

// shownTime is a time as Falcon shows it, or "" for none.
func shownTime(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format("2006-01-02T15:04:05.000000Z")
}

// newID makes a 32 hex digit id. Call it with s.mu held.
func (s *Server) newID(kind string) string { return s.newSecret(kind)[:32] }

// newSecret makes 64 hex digits that depend only on the seed, the kind and how
// many of it were made before. Call it with s.mu held.
func (s *Server) newSecret(kind string) string {
	s.counters[kind]++
	sum := sha256.Sum256([]byte(fmt.Sprintf("%d/%s/%d", s.opts.Seed, kind, s.counters[kind])))
	return hex.EncodeToString(sum[:])
}

// fixedID is a 32 hex digit id that does not depend on the seed.
func fixedID(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:16])
}

// maxBody is far above any document or query of this API.
const maxBody = 64 << 20

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	if r.URL.Path == "/" || r.URL.Path == consolePath || strings.HasPrefix(r.URL.Path, consolePath+"/") {
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.console.ServeHTTP(w, r)
		return
	}
	c := &call{r: r, query: r.URL.Query(), body: body, ignoresBadNumbers: s.reading("Q60") == "b"}
	if !s.wait(r.Context(), s.opts.Latency) {
		return
	}
	entry := newRequest(c)
	fault := s.takeFault(c)
	entry.Fault = fault.kind()
	if !s.wait(r.Context(), fault.delay()) || fault.dropsBefore() {
		s.record(entry)
		panic(http.ErrAbortHandler)
	}
	answer, replaced := fault.reply(s)
	if !replaced {
		answer = s.answer(c)
		if fault.is(FaultDelay) && len(fault.Header) > 0 {
			answer = answer.with(fault.Header)
		}
	}
	if c.client != nil {
		entry.ClientID = c.client.id
	}
	out := s.render(answer)
	entry.Status = out.status
	if fault.dropsAfter() {
		entry.Status = 0
	}
	s.record(entry)
	if !s.wait(r.Context(), fault.stall()) || fault.dropsAfter() {
		panic(http.ErrAbortHandler)
	}
	out.write(w, fault.truncates())
}

// answer does what Falcon would do without any fault.
func (s *Server) answer(c *call) reply {
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
	if limited, ok := s.limit(); !ok {
		return limited
	}
	switch route.path {
	case tokenPath:
		return s.countToken(c, route.handler)
	case revokePath:
		return route.handler(c)
	}
	if refusal, ok := s.authenticate(c, route.scopes); !ok {
		refusal.poweredBy = gatewayName
		if refusal.status == http.StatusUnauthorized {
			return s.countBadToken(c, refusal)
		}
		return refusal
	}
	if refusal, locked := s.lockedOut(c); locked {
		return refusal
	}
	answer := route.handler(c)
	if answer.poweredBy == "" {
		answer.poweredBy = route.poweredBy
	}
	return answer
}

func (s *Server) redirect(c *call) reply {
	return reply{status: http.StatusPermanentRedirect, empty: true, header: http.Header{
		"Location":    {strings.TrimSuffix(s.opts.Redirect, "/") + c.r.URL.RequestURI()},
		"X-Cs-Region": {s.opts.RedirectCloud},
	}}
}

// limit counts a request against Options.RateLimit.
func (s *Server) limit() (reply, bool) {
	if s.opts.RateLimit == 0 {
		return reply{}, true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if second := s.now().Truncate(time.Second); !second.Equal(s.window) {
		s.window, s.windowCount = second, 0
	}
	s.windowCount++
	if s.windowCount <= s.opts.RateLimit {
		return reply{}, true
	}
	return s.tooMany(s.window.Add(time.Second)), false
}

func (s *Server) tooMany(until time.Time) reply {
	answer := failed(http.StatusTooManyRequests, "API rate limit exceeded.")
	answer.header = http.Header{"X-Ratelimit-Remaining": {"0"}}
	switch s.reading("Q55") { // GUESS Q55
	case "a":
		answer.header.Set("X-Ratelimit-Retryafter", strconv.FormatInt(until.Add(time.Second-1).Unix(), 10)) // not before it
	case "b":
		answer.header.Set("X-Ratelimit-Retryafter", strconv.FormatInt(until.UnixMilli(), 10))
	}
	return answer
}

// wait pauses for d and reports whether the caller is still there.
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

// Running is a Server that listens on a loopback address.
type Running struct {
	*Server
	// URL is the base URL, without a slash at the end.
	URL string

	listener *http.Server
	done     chan error
}

// Start makes a Server and serves it over plain HTTP on a free loopback port.
func Start(opts Options) (*Running, error) { return StartOn(opts, "127.0.0.1:0") }

// StartOn is [Start] on an address of the caller's choice. Other than loopback
// addresses are refused: the console under /_sim asks for no token.
func StartOn(opts Options, address string) (*Running, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("address %q is not host:port: %w", address, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("address %q is not a loopback address: the simulator's console asks for no password, so it is only served locally", address)
	}
	if err := opts.Readings.Check(); err != nil {
		return nil, err
	}
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	server := New(opts)
	running := &Running{
		Server:   server,
		URL:      "http://" + listener.Addr().String(),
		listener: &http.Server{Handler: server, ReadHeaderTimeout: 30 * time.Second},
		done:     make(chan error, 1),
	}
	go func() { running.done <- running.listener.Serve(listener) }()
	return running, nil
}

// Close stops listening, waits for the deliveries in flight and leaves no
// goroutine behind.
func (r *Running) Close() error {
	err := r.listener.Close()
	if served := <-r.done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return errors.Join(err, r.WaitDeliveries(context.Background()))
}
