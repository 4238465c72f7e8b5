package falconsim

import (
	"cmp"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

// FaultKind is what goes wrong.
type FaultKind string

// The kinds of fault. Status, delay and header of a [Fault] apply where they
// make sense.
const (
	// FaultStatus responds with Status, Header, and Body instead of doing anything. Without a Body it responds with Falcon's
	// envelope and a usual message.
	FaultStatus FaultKind = "status"
	// FaultErrors does nothing and responds with 200 and errors.
	FaultErrors FaultKind = "errors"
	// FaultDropBefore closes the connection before the request takes effect.
	FaultDropBefore FaultKind = "drop-before"
	// FaultDropAfter closes the connection after the request took effect.
	FaultDropAfter FaultKind = "drop-after"
	// FaultHTML responds with a proxy's HTML page, with status 502 unless Status is set.
	FaultHTML FaultKind = "html"
	// FaultTruncate performs the request and stops halfway through the response.
	FaultTruncate FaultKind = "truncate"
	// FaultDelay performs the request after Delay, and adds Header to the response, such as X-Api-Deprecation.
	FaultDelay FaultKind = "delay"
	// FaultStall performs the request at once and responds after Delay.
	FaultStall FaultKind = "stall"
)

// Fault makes matching requests fail. Console operations are not affected.
type Fault struct {
	// Method matches exactly; "" matches any method.
	Method string `json:"method,omitempty"`
	// Path matches exactly, as a glob ("/workflows/*/definitions/v1"), or as a prefix if it ends in "/". "" matches any path.
	Path string `json:"path,omitempty"`
	// Query values must all be among those of the request.
	Query map[string]string `json:"query,omitempty"`
	// Match is a further condition; nil is no condition. It may read the request's body.
	Match func(*http.Request) bool `json:"-"`
	// Skip is how many matching requests pass first. Times is how many fail after that; 0 is all.
	Skip  int `json:"skip,omitempty"`
	Times int `json:"times,omitempty"`
	// Kind "" is FaultStatus when Status is set, else FaultDelay.
	Kind   FaultKind     `json:"kind,omitempty"`
	Status int           `json:"status,omitempty"`
	Header http.Header   `json:"header,omitempty"`
	Body   string        `json:"body,omitempty"`
	Delay  time.Duration `json:"-"`
}

type armedFault struct {
	Fault
	seen, hit int
}

// Inject adds a fault. Of several that match, the one injected first applies.
func (s *Server) Inject(f Fault) error {
	s = s.gateway
	if f.Kind == "" {
		f.Kind = FaultDelay
		if f.Status != 0 {
			f.Kind = FaultStatus
		}
	}
	switch f.Kind {
	case FaultStatus:
		if f.Status < 200 || f.Status > 599 {
			return fmt.Errorf("fault status %d is not between 200 and 599", f.Status)
		}
	case FaultErrors, FaultDropBefore, FaultDropAfter, FaultHTML, FaultTruncate, FaultDelay, FaultStall:
	default:
		return fmt.Errorf("unknown fault kind %q", f.Kind)
	}
	if _, err := path.Match(f.Path, ""); err != nil {
		return fmt.Errorf("fault path %q: %w", f.Path, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &armedFault{Fault: f})
	return nil
}

// ClearFaults removes every fault.
func (s *Server) ClearFaults() {
	s = s.gateway
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// Faults returns all faults, oldest first.
func (s *Server) Faults() []Fault {
	s = s.gateway
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Fault, 0, len(s.faults))
	for _, f := range s.faults {
		list = append(list, f.Fault)
	}
	return list
}

// takeFault returns the fault for this request and counts it; nil if there is none.
func (s *Server) takeFault(c *apiRequest) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if !f.matches(c) {
			continue
		}
		f.seen++
		if f.seen <= f.Skip || (f.Times > 0 && f.hit >= f.Times) {
			continue
		}
		f.hit++
		return &f.Fault
	}
	return nil
}

func (f *Fault) matches(c *apiRequest) bool {
	if f.Method != "" && f.Method != c.r.Method {
		return false
	}
	if f.Path != "" && !f.matchesPath(c.r.URL.Path) {
		return false
	}
	for key, want := range f.Query {
		if !slices.Contains(c.query[key], want) {
			return false
		}
	}
	return f.Match == nil || f.Match(c.unread())
}

func (f *Fault) matchesPath(p string) bool {
	if strings.HasSuffix(f.Path, "/") && strings.HasPrefix(p, f.Path) {
		return true
	}
	ok, err := path.Match(f.Path, p)
	return err == nil && ok
}

func (f *Fault) kind() string {
	if f == nil {
		return ""
	}
	return string(f.Kind)
}

func (f *Fault) is(kind FaultKind) bool { return f != nil && f.Kind == kind }

// delay is the wait before the request is performed, and stall the wait after it.
func (f *Fault) delay() time.Duration {
	if f == nil || f.Kind == FaultStall {
		return 0
	}
	return f.Delay
}

func (f *Fault) stall() time.Duration {
	if !f.is(FaultStall) {
		return 0
	}
	return f.Delay
}

// reply is the response that replaces Falcon's own, if the fault has one.
func (f *Fault) reply(s *Server) (reply, bool) {
	if f == nil {
		return reply{}, false
	}
	switch f.Kind {
	case FaultStatus:
		return f.statusReply(s), true
	case FaultErrors:
		response := failed(http.StatusInternalServerError, "%s", cmp.Or(f.Body, usualMessage(http.StatusInternalServerError)))
		response.status, response.verbatim = http.StatusOK, f.Body != ""
		return response, true
	case FaultHTML:
		status := f.Status
		status = cmp.Or(status, http.StatusBadGateway)
		return reply{
			status: status, raw: []byte("<html><head><title>Bad gateway</title></head><body>The proxy could not reach the server.</body></html>\n"),
			header: withContentType(f.Header, "text/html; charset=utf-8"),
		}, true
	case FaultDropBefore, FaultDropAfter, FaultTruncate, FaultDelay, FaultStall:
	}
	return reply{}, false
}

func (f *Fault) statusReply(s *Server) reply {
	if f.Status == http.StatusTooManyRequests && f.Header == nil {
		return s.rateLimited(s.now().Add(time.Second))
	}
	if f.Body != "" {
		return reply{status: f.Status, raw: []byte(f.Body), header: f.Header}
	}
	if f.Status == http.StatusNoContent {
		return reply{status: f.Status, empty: true, header: f.Header}
	}
	response := failed(f.Status, "%s", usualMessage(f.Status))
	response.header, response.poweredBy = f.Header, gatewayName
	return response
}

// usualMessage is Falcon's message for a status (wire/conventions.md#error-bodies).
func usualMessage(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "access denied, invalid bearer token"
	case http.StatusForbidden:
		return "access denied, authorization failed"
	case http.StatusNotFound:
		return "404: Page Not Found"
	case http.StatusTooManyRequests:
		return "API rate limit exceeded."
	case http.StatusInternalServerError:
		return internalError
	}
	return http.StatusText(status)
}

func withContentType(header http.Header, value string) http.Header {
	h := header.Clone()
	if h == nil {
		h = http.Header{}
	}
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", value)
	}
	return h
}
