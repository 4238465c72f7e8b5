package acctest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// Transport carries calls to a simulated tenant without a network. Nothing on it waits for the outside world, so that a run
// can take place in a bubble of testing/synctest, where minutes of back-off cost nothing.
type Transport struct {
	tenant *falconsim.Server
	Host   string // the tenant's; a call to any other is answered by nobody

	mu     sync.Mutex
	sent   []SentCall
	tokens []string // every access token that was shown to a host
	Abroad []string // hosts other than the tenant's
	armed  func(SentCall) *Fault
}

// SentCall is one request: the n-th of its method and path.
type SentCall struct {
	Method, Path string
	N            int
}

// BaseURL is the tenant's base URL.
const BaseURL = "http://127.0.0.1:1"

func newWire(tenant *falconsim.Server) *Transport {
	return &Transport{tenant: tenant, Host: strings.TrimPrefix(BaseURL, "http://")}
}

// Arm makes calls go wrong; nil mends the wire. The count of calls starts again.
func (w *Transport) Arm(pick func(SentCall) *Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.armed, w.sent = pick, nil
}

// shown are the access tokens that hosts have seen so far.
func (w *Transport) shown() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.tokens)
}

// Calls are those since the wire was last armed.
func (w *Transport) Calls() []SentCall {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sent)
}

func (w *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	f, err := w.note(req)
	if err != nil {
		return nil, err
	}
	if f != nil {
		return f.Do(w, req)
	}
	return w.Carry(req)
}

var errNoSuchHost = errors.New("no such host")

func (w *Transport) note(req *http.Request) (*Fault, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, token, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	if token != "" && !slices.Contains(w.tokens, token) {
		w.tokens = append(w.tokens, token)
	}
	if req.URL.Host != w.Host {
		w.Abroad = append(w.Abroad, req.URL.Host)
		return nil, errNoSuchHost
	}
	c := SentCall{Method: req.Method, Path: req.URL.Path, N: 1}
	for _, before := range w.sent {
		if before.Method == c.Method && before.Path == c.Path {
			c.N++
		}
	}
	w.sent = append(w.sent, c)
	if w.armed == nil {
		return nil, nil
	}
	return w.armed(c), nil
}

// Carry takes a call to the tenant and brings back its answer.
func (w *Transport) Carry(req *http.Request) (*http.Response, error) {
	rec, done := httptest.NewRecorder(), make(chan bool, 1)
	in := req.Clone(req.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	go func() {
		defer func() {
			cause := recover()
			if cause != nil && cause != http.ErrAbortHandler { //nolint:errorlint // a panic's value
				panic(cause)
			}
			done <- cause == nil
		}()
		w.tenant.ServeHTTP(rec, in)
	}()
	select {
	case whole := <-done:
		if !whole {
			return nil, io.ErrUnexpectedEOF
		}
		resp := rec.Result()
		resp.Request = req
		return resp, nil
	case <-req.Context().Done():
		return nil, context.Cause(req.Context())
	}
}

// Altered carries a call and changes the body of its answer.
func (w *Transport) Altered(req *http.Request, change func([]byte) []byte) (*http.Response, error) {
	resp, err := w.Carry(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	body = change(body)
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return resp, resp.Request.Context().Err()
}

// Answered is an answer that comes without the tenant having done anything.
func Answered(req *http.Request, status int, body string, header ...string) (*http.Response, error) {
	resp := &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req, ContentLength: int64(len(body)),
		Header: http.Header{"Content-Type": {"application/json"}, "X-Cs-Traceid": {"trace-of-the-fault"}},
		Body:   io.NopCloser(strings.NewReader(body)),
	}
	for i := 0; i+1 < len(header); i += 2 {
		resp.Header.Set(header[i], header[i+1])
	}
	return resp, nil
}
