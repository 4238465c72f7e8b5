package falcon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The results of probing a scope.
const (
	ScopeWorks     = "works"      // a read that requires the scope was allowed
	ScopeDenied    = "denied"     // Falcon refused the read
	ScopeNotTested = "not_tested" // a write scope, a scope without a harmless read, or a read without a clear result
	ScopeRetired   = "retired"    // the product of the scope is retired
)

const (
	maxProbes  = 8
	revokeTime = 10 * time.Second
)

// ProbedScope is one scope of a [ProbeResult].
type ProbedScope struct {
	ID     string
	State  string // [ScopeWorks], [ScopeDenied], [ScopeNotTested] or [ScopeRetired]
	Reason string // why it is not ScopeWorks; "" for a write scope
}

// ProbeResult is what an integration that uses an API client can expect.
type ProbeResult struct {
	// OK is true when the client got a token, no scope was denied, and no read failed for another reason.
	OK     bool
	Scopes []ProbedScope // in the order requested
	// Region is the cloud of the responses, such as "us-2"; "" if Falcon did not say.
	Region string
	// RateLimit is the number of requests per minute that Falcon names; 0 if it did not.
	RateLimit int64
	// Hint says what to do, if anything.
	Hint string
	// Problems are sentences that say what failed and why. It is empty when OK, unless the token could not be revoked.
	Problems []string
}

// Probe signs in with the credentials of another API client of this tenant, tries one harmless read for each of the read
// scopes, and revokes the token. Only requests that Falcon rate-limited (429) are repeated, and nothing is changed. It
// returns no error: failures are part of the result.
func (c *Client) Probe(ctx context.Context, clientID, clientSecret string, scopes []string) ProbeResult {
	seen := &headerRecorder{base: c.transport.base}
	cfg := Config{ClientID: clientID, ClientSecret: clientSecret, UserAgent: c.transport.userAgent, Log: c.transport.log, HTTPTransport: seen, clock: &c.clock}
	signIn := newClient(cfg, c.baseURL)
	signIn.transport.gate = c.transport.gate // the tenant's rate limit applies to these requests too
	result := ProbeResult{Region: c.cloud}
	address, err := parseBaseURL(c.baseURL)
	if err != nil { // c was created with a valid URL
		result.setSignInError(err, scopes)
		return result
	}
	tok, region, err := requestToken(ctx, signIn.oauth2, cfg.credentials())
	if region != "" {
		result.Region = region
	}
	if err != nil {
		result.setSignInError(err, scopes)
		return result
	}
	reader := newClient(Config{
		AccessToken: tok.value, UserAgent: cfg.UserAgent, Log: cfg.Log, HTTPTransport: seen, clock: cfg.clock,
	}, c.baseURL)
	reader.transport.gate = c.transport.gate
	reader.transport.secrets = append(reader.transport.secrets, clientSecret)

	p := prober{Client: reader, submit: newSubmitter(address.Host, address.Scheme, reader.http)}

	result.Scopes = make([]ProbedScope, len(scopes))
	failures := make([]error, len(scopes))
	// No read returns an error to parallel, because a failure must not end the others.
	err = parallel(ctx, len(scopes), maxProbes, func(ctx context.Context, i int) error {
		result.Scopes[i], failures[i] = p.probeScope(ctx, scopes[i], slices.Contains(scopes, scopeGraphQLProbe))
		return nil
	})
	for i, id := range scopes {
		if result.Scopes[i].ID == "" { // ctx ended before its turn
			result.Scopes[i] = ProbedScope{ID: id, State: ScopeNotTested, Reason: "the time limit was reached"}
			failures[i] = err
		}
	}
	result.judge(failures)
	region, result.RateLimit = seen.values()
	if region != "" {
		result.Region = region
	}
	result.revoke(ctx, signIn, cfg.credentials(), tok.value)
	return result
}

// setSignInError sets the result for a failed sign-in: no scope could be tested.
func (r *ProbeResult) setSignInError(err error, scopes []string) {
	r.Problems = []string{err.Error()}
	for _, id := range scopes {
		r.Scopes = append(r.Scopes, ProbedScope{ID: id, State: ScopeNotTested, Reason: "the client could not sign in"})
	}
	if e, ok := errors.AsType[*Error](err); ok {
		r.Hint = e.hintText()
		if e.Region != "" {
			r.Region = e.Region
		}
	}
}

// judge summarizes the scopes. failures are the errors of the reads.
func (r *ProbeResult) judge(failures []error) {
	r.OK = true
	var lacking []string
	for i, s := range r.Scopes {
		switch {
		case s.State == ScopeDenied:
			r.OK = false
			r.Problems = append(r.Problems, fmt.Sprintf("%s (%q in the console) is denied: %s.", s.ID, ScopeTitle(s.ID), s.Reason))
			if e, ok := errors.AsType[*Error](failures[i]); ok && e.says("authorization failed") {
				r.Hint = forbiddenHint
			}
			lacking = append(lacking, s.ID)
		case failures[i] != nil:
			r.OK = false
			r.Problems = append(r.Problems, fmt.Sprintf("%s could not be tested: %s.", s.ID, s.Reason))
		}
	}
	if r.Hint == "" && len(lacking) > 0 {
		r.Hint = "Add these scopes to the API client, as far as the tenant offers them: " + strings.Join(lacking, ", ") + "."
	}
	if r.Hint == "" && !r.OK {
		r.Hint = "The result is not conclusive. Plan again to repeat the test."
	}
}

// revoke revokes the probe's token, even when ctx has ended.
func (r *ProbeResult) revoke(ctx context.Context, signIn *Client, cred credentials, token string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), revokeTime)
	defer cancel()
	if err := revokeToken(ctx, signIn.oauth2, cred, token); err != nil {
		r.Problems = append(r.Problems, "The probe's token was not revoked; it expires within 30 minutes. "+err.Error())
	}
}

// probeScope tries the read of one scope. The error is that of a read that was denied or had no clear result. A scope that
// cannot be tested at all has none.
func (p prober) probeScope(ctx context.Context, id string, graphQLGranted bool) (ProbedScope, error) {
	notTested := func(reason string) (ProbedScope, error) {
		return ProbedScope{ID: id, State: ScopeNotTested, Reason: reason}, nil
	}
	if why, untried := retired(id); untried {
		return ProbedScope{ID: id, State: ScopeRetired, Reason: why}, nil
	}
	if strings.HasSuffix(id, ":write") {
		return notTested("")
	}
	read, ok := probeReads[id]
	if !ok {
		return notTested("no harmless read is known for it")
	}
	ctx = withCall(ctx, call{doing: "test the scope " + id, scope: id})
	var r response
	err := read(ctx, p, &r)
	if _, graphQL := graphQLProbes[id]; graphQL {
		if IsScopeMissing(err) && !graphQLGranted {
			// The refusal may be about the GraphQL API itself, whose scope the integration's page does not list.
			return notTested("reading it also requires " + scopeGraphQLProbe + ", which the integration does not require")
		}
		if err == nil {
			return queryVerdict(ctx, id, &r)
		}
	}
	return verdict(id, err)
}

// verdict reads the response to a probe. Falcon checks the scope before it looks at a request, so a service's own error
// about the request shows that the client has the scope.
func verdict(id string, err error) (ProbedScope, error) {
	e, ok := errors.AsType[*Error](err)
	why, fading := RetiredScope(id)
	switch {
	case err == nil:
		return ProbedScope{ID: id, State: ScopeWorks}, nil
	case !ok:
		return ProbedScope{ID: id, State: ScopeNotTested, Reason: strings.TrimSuffix(err.Error(), ".")}, err
	case e.html:
	case e.Status >= 400 && e.Status < 500 && e.Status != http.StatusTooManyRequests && fading:
		return ProbedScope{ID: id, State: ScopeRetired, Reason: why}, nil
	case IsForbidden(err), e.Status == http.StatusUnauthorized:
		return ProbedScope{ID: id, State: ScopeDenied, Reason: e.outcome("")}, err
	case e.Status == http.StatusNotFound && unknownPath(e):
		return ProbedScope{ID: id, State: ScopeNotTested, Reason: "this cloud does not have the operation that would test it"}, nil
	case IsNotFound(err):
		return ProbedScope{ID: id, State: ScopeWorks}, nil
	}
	reason := e.outcome("")
	if e.TraceID != "" {
		reason += " (trace id " + e.TraceID + ")"
	}
	return ProbedScope{ID: id, State: ScopeNotTested, Reason: reason}, err
}

// queryVerdict reads the 200 of a GraphQL query. A query that failed for another reason than a refusal was accepted, but
// says nothing about the scope.
func queryVerdict(ctx context.Context, id string, r *response) (ProbedScope, error) {
	failure, refused := graphQLFailure(ctx, r)
	e, ok := errors.AsType[*Error](failure)
	switch {
	case failure == nil:
		return ProbedScope{ID: id, State: ScopeWorks}, nil
	case !ok:
		return ProbedScope{ID: id, State: ScopeNotTested, Reason: failure.Error()}, nil
	case refused:
		return ProbedScope{ID: id, State: ScopeDenied, Reason: e.outcome("")}, failure
	}
	return ProbedScope{ID: id, State: ScopeNotTested, Reason: e.outcome("")}, nil
}

// headerRecorder passes requests on and records the region and the rate limit in the responses
// (wire/conventions.md#headers), except those to token requests, which have their own limit.
type headerRecorder struct {
	base   http.RoundTripper
	mu     sync.Mutex
	region string
	limit  int64
}

// RoundTrip implements http.RoundTripper.
func (s *headerRecorder) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := s.base.RoundTrip(req)
	if err != nil || strings.HasPrefix(req.URL.Path, "/oauth2/") {
		return resp, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if region := resp.Header.Get("X-Cs-Region"); region != "" {
		s.region = oneLine(region, maxHeaderText)
	}
	if limit, err := strconv.ParseInt(resp.Header.Get("X-Ratelimit-Limit"), 10, 64); err == nil {
		s.limit = max(s.limit, limit)
	}
	return resp, nil
}

func (s *headerRecorder) values() (region string, limit int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.region, s.limit
}
