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

// Transport sends requests to a simulated tenant in process. Nothing in it waits for a network, so that it works on the
// fake clock of testing/synctest, where minutes of backoff take no time.
type Transport struct {
	tenant *falconsim.Server
	// Host is the tenant's. No other host exists.
	Host string

	mu     sync.Mutex
	sent   []SentCall
	tokens []string // every access token that was sent
	// ForeignHosts are the other hosts that requests were sent to.
	ForeignHosts []string
	fault        func(SentCall) *Fault
}

// SentCall is one request: the N-th of its method and path.
type SentCall struct {
	Method, Path string
	N            int
}

// BaseURL is the tenant's base URL.
const BaseURL = "http://127.0.0.1:1"

func newTransport(tenant *falconsim.Server) *Transport {
	return &Transport{tenant: tenant, Host: strings.TrimPrefix(BaseURL, "http://")}
}

// SetFault selects the fault of each request; nil for none. It resets Calls.
func (w *Transport) SetFault(pick func(SentCall) *Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fault, w.sent = pick, nil
}

// usedTokens returns the access tokens that were sent so far.
func (w *Transport) usedTokens() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.tokens)
}

// Calls returns the requests since the fault was last set.
func (w *Transport) Calls() []SentCall {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sent)
}

// RoundTrip implements http.RoundTripper.
func (w *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	f, err := w.record(req)
	if err != nil {
		return nil, err
	}
	if f != nil {
		return f.Do(w, req)
	}
	return w.Send(req)
}

var errNoSuchHost = errors.New("no such host")

func (w *Transport) record(req *http.Request) (*Fault, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, token, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	if token != "" && !slices.Contains(w.tokens, token) {
		w.tokens = append(w.tokens, token)
	}
	if req.URL.Host != w.Host {
		w.ForeignHosts = append(w.ForeignHosts, req.URL.Host)
		return nil, errNoSuchHost
	}
	c := SentCall{Method: req.Method, Path: req.URL.Path, N: 1}
	for _, before := range w.sent {
		if before.Method == c.Method && before.Path == c.Path {
			c.N++
		}
	}
	w.sent = append(w.sent, c)
	if w.fault == nil {
		return nil, nil
	}
	return w.fault(c), nil
}

// Send sends a request to the tenant and returns its response.
func (w *Transport) Send(req *http.Request) (*http.Response, error) {
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
	case complete := <-done:
		if !complete {
			return nil, io.ErrUnexpectedEOF
		}
		resp := rec.Result()
		resp.Request = req
		return resp, nil
	case <-req.Context().Done():
		return nil, context.Cause(req.Context())
	}
}

// SendAltered sends a request and changes the body of its response.
func (w *Transport) SendAltered(req *http.Request, change func([]byte) []byte) (*http.Response, error) {
	resp, err := w.Send(req)
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

// Respond returns a response without sending the request to the tenant.
func Respond(req *http.Request, status int, body string, header ...string) (*http.Response, error) {
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
