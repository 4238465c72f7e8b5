package falcon

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-openapi/runtime"
	httptransport "github.com/go-openapi/runtime/client"
)

const (
	maxBody        = 64 << 20         // bytes of one response
	maxErrorBody   = 1 << 20          // bytes of a response that contains only an error
	maxValues      = 2_000_000        // values in a response: decoded, each takes many times its size in JSON
	attemptTimeout = 2 * time.Minute  // for one attempt; the caller's context limits all of them
	tokenTimeout   = 30 * time.Second // for one attempt to get a token, which nothing else limits
)

var (
	errNotJSON  = errors.New("the response is not JSON; it is incomplete or did not come from Falcon")
	errTooLarge = errors.New("the response is larger than 64 MB, which no Falcon response is")
	errTooMany  = errors.New("the response contains more than two million values, which no Falcon response does")
)

// transport sends all HTTP requests: token, retries, rate limits, errors. It is the RoundTripper of gofalcon's operations.
// Every response that is not a usable success becomes an *[Error].
type transport struct {
	base       http.RoundTripper
	host       string // the token is sent to this host only
	userAgent  string
	maxRetries int
	timeout    time.Duration
	clock      clock
	gate       *gate // for requests with a token
	tokenGate  *gate // for token and revoke requests, which Falcon limits separately
	tokens     *tokenSource
	secrets    []string // credentials, must not appear in an error
	notices    notices
	refused    refusedScopes
	log        func(ctx context.Context, msg string, fields map[string]any)
}

// progress counts the attempts of one request.
type progress struct {
	sent          int // attempts made
	repeated      int // retries that count against maxRetries
	hinted        int // waits for a time that Falcon named
	unhinted      int // 429s without such a time, the first of them at unhintedSince
	unhintedSince time.Time
	renewed       bool
	token         *heldToken
	last          *Error
}

// RoundTrip sends a request, and again as often as its call allows.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	c := callFrom(ctx)
	c.secretList.add(t.secrets...)
	t.notices.watch(ctx)
	body, err := takeBody(req)
	if err != nil {
		return nil, &Error{Doing: c.doing, Host: t.host, Err: fmt.Errorf("prepare the request: %w", err)}
	}
	if !c.noAuth && req.URL.Host != t.host {
		return nil, &Error{Doing: c.doing, Host: req.URL.Host, Err: errors.New("the access token must not be sent to another host")}
	}
	var p progress
	for {
		gate := t.gateOf(c)
		if why := gate.reason(c, t.clock.now()); why != nil && p.sent == 0 {
			p.last = why
			failureTraceOf(ctx).note(why)
		}
		if err := gate.wait(ctx, t.clock); err != nil {
			return nil, p.stopped(c, t.host, err)
		}
		if !c.noAuth {
			if p.token, err = t.tokens.acquire(ctx); err != nil {
				return nil, tokenError(c, t.host, err)
			}
			c.secretList.add(p.token.value)
		}
		p.sent++
		resp, failure := t.attempt(req, body, c, &p)
		if !c.noAuth {
			t.tokens.release(p.token, failure)
		}
		failureTraceOf(ctx).note(failure)
		if failure == nil {
			return resp, nil
		}
		failure.attempts = p.sent
		p.last = failure
		again, err := t.again(ctx, c, &p, resp)
		if err != nil {
			return nil, p.stopped(c, t.host, err)
		}
		if !again {
			if !c.scopeUnsure {
				t.refused.note(failure)
			}
			return nil, failure
		}
	}
}

func (t *transport) gateOf(c call) *gate {
	if c.noAuth {
		return t.tokenGate
	}
	return t.gate
}

func takeBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	return body, errors.Join(err, req.Body.Close())
}

// stopped is the error when ctx ended between two attempts: the last response says more than the end of ctx.
func (p *progress) stopped(c call, host string, err error) *Error {
	if p.last == nil {
		return &Error{Doing: c.doing, Host: host, token: c.noAuth, Err: fmt.Errorf("stopped before it was sent: %w", err)}
	}
	out := *p.last
	out.Err = fmt.Errorf("stopped while waiting to try again: %w", err)
	return &out
}

// again decides whether the failed request is repeated. When it returns true, it has waited.
func (t *transport) again(ctx context.Context, c call, p *progress, resp *http.Response) (bool, error) {
	var header http.Header
	if resp != nil {
		header = resp.Header
	}
	status := p.last.Status
	switch {
	case ctx.Err() != nil:
		return false, nil //nolint:nilerr // the failure says more than the end of ctx
	case p.last.rejectsToken() && !c.noAuth && !p.renewed && t.tokens.renewable():
		t.tokens.forget(p.token)
		p.renewed = true
		return true, nil
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable && c.repeat == safe:
		if wait, ok := hintedWait(header, t.clock.now()); ok && p.hinted < maxHintedWaits {
			if c.noAuth {
				wait += spread(p.hinted)
			}
			p.hinted++
			t.gateOf(c).closeUntil(t.clock.now().Add(wait), p.last)
			return true, nil
		}
		if status == http.StatusTooManyRequests {
			return t.retryUnhintedRateLimit(c, p), nil
		}
	case c.repeat != safe || !retryable(p.last):
		return false, nil
	}
	if p.repeated >= t.maxRetries {
		return false, nil
	}
	p.repeated++
	return true, t.clock.sleep(ctx, backoff(p.repeated, backoffCap))
}

// retryUnhintedRateLimit handles a 429 without a retry time. Falcon did nothing and counts by the minute
// (wire/conventions.md#rate-limits), so the request is repeated for longer than a minute, whatever maxRetries is: a few
// backoffs of a second would fail within the minute. The limit is the tenant's, so all requests wait.
func (t *transport) retryUnhintedRateLimit(c call, p *progress) bool {
	now := t.clock.now()
	if p.unhinted == 0 {
		p.unhintedSince = now
	}
	p.unhinted++
	if now.Sub(p.unhintedSince) >= unhintedLimit {
		return false
	}
	t.gateOf(c).closeUntil(now.Add(backoff(p.unhinted, backoffCap)), p.last)
	return true
}

// retryable reports whether the next attempt may succeed: after lost and incomplete responses, and failures of the server.
func retryable(e *Error) bool {
	switch {
	case e.Status == 0:
		return !isCertificateError(e.Err) && !errors.Is(e.Err, errTooLarge) && !errors.Is(e.Err, errTooMany)
	case e.Status < 200:
		return false
	case e.Status < 300:
		return !e.html
	}
	return e.Status >= 500
}

// attempt sends the request once and reads the whole response. With a failure it also returns the response, if there is one,
// for its headers.
func (t *transport) attempt(req *http.Request, body []byte, c call, p *progress) (*http.Response, *Error) {
	timeout := t.timeout
	if c.noAuth {
		timeout = min(timeout, tokenTimeout)
	}
	graced, end := withGrace(req.Context(), c.grace)
	defer end()
	ctx, cancel := context.WithTimeout(graced, timeout)
	defer cancel()
	out := req.Clone(ctx)
	out.Body, out.ContentLength = http.NoBody, 0
	if len(body) > 0 {
		out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	}
	if !c.noAuth {
		out.Header.Set("Authorization", "Bearer "+p.token.value)
	}
	if t.userAgent != "" {
		out.Header.Set("User-Agent", t.userAgent)
	}
	start := t.clock.now()
	resp, err := t.base.RoundTrip(out)
	if err != nil {
		t.logAttempt(req, 0, "", start, p.sent)
		return nil, newNetworkError(req.Context(), c, req.URL.Host, err)
	}
	content, err := readBody(resp)
	t.logAttempt(req, resp.StatusCode, c.headerText(resp.Header, "X-Cs-Traceid"), start, p.sent)
	t.notices.note(c, req, resp.Header)
	if resp.StatusCode < 200 || resp.StatusCode >= 300 {
		// Even an incomplete response says that the request was refused.
		return resp, newStatusError(c, req.URL.Host, resp.StatusCode, resp.Header, content)
	}
	if err != nil {
		return resp, newNetworkError(req.Context(), c, req.URL.Host, err)
	}
	if failure := checkSuccess(req, c, resp, content); failure != nil {
		return resp, failure
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(content)), int64(len(content))
	return resp, nil
}

// readBody reads the useful part of a response.
func readBody(resp *http.Response) ([]byte, error) {
	limit := maxBody
	switch {
	case resp.StatusCode < 200: // after 101 the connection does not end
		return nil, resp.Body.Close()
	case resp.StatusCode >= 300 && resp.StatusCode != http.StatusNotFound: // a 404 can contain all records but one
		limit = maxErrorBody
	}
	content, err := io.ReadAll(io.LimitReader(resp.Body, int64(limit)+1))
	closeErr := resp.Body.Close()
	switch {
	case err != nil:
		return content, err
	case len(content) > limit:
		return content[:limit], errTooLarge
	case bytes.Count(content, []byte(",")) > maxValues:
		return nil, errTooMany
	}
	return content, closeErr
}

// checkSuccess rejects a 2xx whose body the operation does not accept: a proxy's page, or incomplete JSON.
func checkSuccess(req *http.Request, c call, resp *http.Response, content []byte) *Error {
	wantsJSON := slices.ContainsFunc(req.Header.Values("Accept"), func(accept string) bool {
		return strings.Contains(accept, runtime.JSONMime)
	})
	empty := len(bytes.TrimSpace(content)) == 0
	bad := !empty && (isHTML(resp.Header, content) || wantsJSON && !json.Valid(content)) ||
		empty && req.Method == http.MethodGet // Falcon never returns an empty body for a read
	if bad {
		e := newStatusError(c, req.URL.Host, resp.StatusCode, resp.Header, content)
		e.ambiguous = true
		e.Messages = nil
		if !e.html {
			e.Err = errNotJSON
		}
		return e
	}
	if c.check != nil {
		if err := c.check(content); err != nil {
			e := newStatusError(c, req.URL.Host, resp.StatusCode, resp.Header, content)
			e.ambiguous, e.Messages, e.Err = true, nil, err
			return e
		}
	}
	// go-openapi fails on a media type that it cannot parse before any reader sees the response.
	if _, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type")); err != nil {
		resp.Header.Set("Content-Type", runtime.JSONMime)
	}
	return nil
}

// logAttempt logs the request, without query, headers and bodies: they can contain secrets.
func (t *transport) logAttempt(req *http.Request, status int, traceID string, start time.Time, attempt int) {
	if t.log == nil {
		return
	}
	t.log(req.Context(), "Falcon API request", map[string]any{
		"method": req.Method, "path": req.URL.Path, "status": status, "trace_id": traceID, "attempt": attempt,
		"duration_ms": t.clock.now().Sub(start).Milliseconds(),
	})
}

// submitter runs gofalcon's operations with go-openapi's runtime and returns the errors of this package without the
// *url.Error around them, whose text contains the URL with its query.
type submitter struct{ runtime *httptransport.Runtime }

func newSubmitter(host, scheme string, client *http.Client) submitter {
	rt := httptransport.NewWithClient(host, "/", []string{scheme}, client)
	// The variables DEBUG and SWAGGER_DEBUG, common in CI, make it print requests with their secrets.
	rt.Debug = false
	// Every operation has its own reader for the raw body (see response.as), whatever media type the response has.
	rt.Consumers["*/*"] = runtime.ByteStreamConsumer()
	// A workflow may be sent as YAML; Falcon rejects go-openapi's media type for it (wire/workflows.md#update).
	rt.Producers["application/yaml"] = runtime.ByteStreamProducer()
	return submitter{rt}
}

// Submit runs one operation.
func (s submitter) Submit(op *runtime.ClientOperation) (any, error) {
	result, err := s.runtime.Submit(op)
	if err == nil {
		return result, nil
	}
	return nil, bareError(op.Context, s.runtime.Host, err)
}

// bareError removes the wrappers of net/http from the transport's error.
func bareError(ctx context.Context, host string, err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Doing: callFrom(ctx).doing, Host: host, Err: err}
}
