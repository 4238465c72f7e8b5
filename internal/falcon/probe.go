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

// What a probe found out about a scope.
const (
	ScopeWorks     = "works"      // a read that needs the scope was allowed
	ScopeDenied    = "denied"     // Falcon refused the read
	ScopeNotTested = "not_tested" // a write scope, a scope without a harmless read, or a read that gave no verdict
	ScopeRetired   = "retired"    // the product behind the scope is retired
)

const (
	probesAtOnce = 8
	revokeTime   = 10 * time.Second
)

// ProbedScope is one scope of a [ProbeResult].
type ProbedScope struct {
	ID     string
	State  string // [ScopeWorks], [ScopeDenied], [ScopeNotTested] or [ScopeRetired]
	Reason string // why it is not ScopeWorks; "" for a write scope
}

// ProbeResult is what another product that signs in with an API client will meet.
type ProbeResult struct {
	// OK is true when the client got a token, nothing was denied, and no read failed for another reason.
	OK     bool
	Scopes []ProbedScope // in the order asked for
	// Region is the cloud that answered, such as "us-2"; "" if Falcon did not say.
	Region string
	// RateLimit is the number of requests per minute that Falcon names; 0 if it did not.
	RateLimit int64
	// Hint says what to do; "" when there is nothing to do.
	Hint string
	// Problems are sentences that say what failed and why; empty when OK, unless the token could not be revoked.
	Problems []string
}

// Probe signs in with the credentials of another API client of this tenant, tries one harmless read for each of the
// read scopes, and revokes the token. Nothing is repeated except what Falcon's pacing (429) held back, and nothing is
// changed. It gives no error: what goes wrong is part of the result.
func (c *Client) Probe(ctx context.Context, clientID, clientSecret string, scopes []string) ProbeResult {
	seen := &sightings{base: c.sent.base}
	cfg := Config{ClientID: clientID, ClientSecret: clientSecret, UserAgent: c.sent.userAgent, Log: c.sent.log, HTTPTransport: seen, clock: &c.clock}
	signIn := newClient(cfg, c.baseURL)
	signIn.sent.gate = c.sent.gate // the tenant's pacing holds for these calls too
	result := ProbeResult{Region: c.cloud}
	address, err := parseBaseURL(c.baseURL)
	if err != nil { // it was checked when c was made
		result.takeSignInError(err, scopes)
		return result
	}
	tok, region, err := takeToken(ctx, signIn.oauth2, cfg.credentials())
	if region != "" {
		result.Region = region
	}
	if err != nil {
		result.takeSignInError(err, scopes)
		return result
	}
	reader := newClient(Config{
		AccessToken: tok.value, UserAgent: cfg.UserAgent, Log: cfg.Log, HTTPTransport: seen, clock: cfg.clock,
	}, c.baseURL)
	reader.sent.gate = c.sent.gate
	reader.sent.secrets = append(reader.sent.secrets, clientSecret)

	p := prober{Client: reader, submit: newSubmitter(address.Host, address.Scheme, reader.http)}

	result.Scopes = make([]ProbedScope, len(scopes))
	failures := make([]error, len(scopes))
	// No read of these gives an error to parallel: one that fails must not end the others.
	err = parallel(ctx, len(scopes), probesAtOnce, func(ctx context.Context, i int) error {
		result.Scopes[i], failures[i] = p.probeScope(ctx, scopes[i], slices.Contains(scopes, scopeGraphQLProbe))
		return nil
	})
	for i, id := range scopes {
		if result.Scopes[i].ID == "" { // ctx ended before its turn
			result.Scopes[i] = ProbedScope{ID: id, State: ScopeNotTested, Reason: "there was no time left"}
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

// takeSignInError makes the result of a sign-in that failed: no scope could be tested.
func (r *ProbeResult) takeSignInError(err error, scopes []string) {
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

// judge sums the scopes up. failures are the errors of reads that neither worked nor were refused.
func (r *ProbeResult) judge(failures []error) {
	r.OK = true
	var lacking []string
	for i, s := range r.Scopes {
		switch {
		case s.State == ScopeDenied:
			r.OK = false
			r.Problems = append(r.Problems, fmt.Sprintf("%s (%q in the console) is denied: %s.", s.ID, ScopeTitle(s.ID), s.Reason))
			if e, ok := errors.AsType[*Error](failures[i]); ok && e.says("authorization failed") {
				r.Hint = refusedHint
			}
			lacking = append(lacking, s.ID)
		case failures[i] != nil:
			r.OK = false
			r.Problems = append(r.Problems, fmt.Sprintf("%s could not be tested: %s.", s.ID, s.Reason))
		}
	}
	if r.Hint == "" && len(lacking) > 0 {
		r.Hint = "Give the API client the scopes " + strings.Join(lacking, ", ") + ", where the tenant offers them."
	}
	if r.Hint == "" && !r.OK {
		r.Hint = "Falcon gave no verdict. Plan again to repeat the test."
	}
}

// revoke ends the probe's token, also when ctx has ended.
func (r *ProbeResult) revoke(ctx context.Context, signIn *Client, cred credentials, token string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), revokeTime)
	defer cancel()
	if err := revokeToken(ctx, signIn.oauth2, cred, token); err != nil {
		r.Problems = append(r.Problems, "The probe's token was not revoked; it ends by itself within 30 minutes. "+err.Error())
	}
}

// probeScope tries the read of one scope. The error is that of a read that was denied, or gave no verdict; a scope that
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
	ctx = withCall(ctx, call{doing: "read something that needs the scope " + id, scope: id})
	var a answer
	err := read(ctx, p, &a)
	if _, graphQL := graphQLProbes[id]; graphQL {
		if IsScopeMissing(err) && !graphQLGranted {
			// The refusal may be about the GraphQL API itself, which the page of this integration leaves out.
			return notTested("reading it needs " + scopeGraphQLProbe + " too, which the integration does not ask for")
		}
		if err == nil {
			return queryVerdict(ctx, id, &a)
		}
	}
	return verdict(id, err)
}

// verdict reads the answer to a probe. Falcon checks the scope before it looks at a request, so a service's own
// complaint about the request says that the scope is there.
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
		return ProbedScope{ID: id, State: ScopeDenied, Reason: e.answerText()}, err
	case e.Status == http.StatusNotFound && unknownPath(e):
		return ProbedScope{ID: id, State: ScopeNotTested, Reason: "this cloud does not have the read that would test it"}, nil
	case IsNotFound(err):
		return ProbedScope{ID: id, State: ScopeWorks}, nil
	}
	reason := e.answerText()
	if e.TraceID != "" {
		reason += " (trace id " + e.TraceID + ")"
	}
	return ProbedScope{ID: id, State: ScopeNotTested, Reason: reason}, err
}

// queryVerdict reads the 200 of a GraphQL query. A query that failed for another reason than a refusal was let through,
// but says nothing about the scope.
func queryVerdict(ctx context.Context, id string, a *answer) (ProbedScope, error) {
	failure, refused := graphQLFailure(ctx, a)
	e, ok := errors.AsType[*Error](failure)
	switch {
	case failure == nil:
		return ProbedScope{ID: id, State: ScopeWorks}, nil
	case !ok:
		return ProbedScope{ID: id, State: ScopeNotTested, Reason: failure.Error()}, nil
	case refused:
		return ProbedScope{ID: id, State: ScopeDenied, Reason: e.answerText()}, failure
	}
	return ProbedScope{ID: id, State: ScopeNotTested, Reason: e.answerText()}, nil
}

// sightings passes requests on and notes what the answers of the API (not of the token call, whose limit is its own)
// say of the region and the rate limit (wire/conventions.md#headers).
type sightings struct {
	base   http.RoundTripper
	mu     sync.Mutex
	region string
	limit  int64
}

// RoundTrip implements http.RoundTripper.
func (s *sightings) RoundTrip(req *http.Request) (*http.Response, error) {
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

func (s *sightings) values() (region string, limit int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.region, s.limit
}
