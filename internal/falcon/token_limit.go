package falcon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Falcon limits requests with a bad token to 15 per minute for the whole IP address. A run that continues with a bad token
// therefore locks out everything else behind the same address (wire/conventions.md#rate-limits).
const (
	// maxUntried is how many requests may carry a token before Falcon has accepted it for one of them.
	maxUntried = 4
	// maxRejections is the number of consecutive rejections after which a token counts as bad where Falcon does not say that
	// it rejects the token: the 401 of a single operation may ask for a second factor (wire/conventions.md#error-bodies).
	maxRejections = 3
	// tokenPause is how long no request is sent after that.
	tokenPause = time.Minute
)

// tokenStop says that no requests are sent because Falcon rejects the token.
type tokenStop struct {
	until     time.Time
	rejection *Error // the rejection
}

// maxInFlight is how many requests may carry the token at the same time; 0 is any number.
func (tok *heldToken) maxInFlight() int {
	switch {
	case tok.accepted:
		return 0
	case tok.replacement:
		return 1
	}
	return maxUntried
}

// acquire returns the token for one attempt, which release ends. While it is not known whether Falcon accepts the token, few
// attempts are made at the same time, and the others wait for their outcome. Once a token counts as bad, acquire fails.
func (s *tokenSource) acquire(ctx context.Context) (*heldToken, error) {
	for {
		if err := s.rejection(); err != nil {
			return nil, err
		}
		tok, err := s.get(ctx)
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		if s.held != tok || s.stopped != nil {
			s.mu.Unlock()
			continue
		}
		if limit := tok.maxInFlight(); limit == 0 || tok.inFlight < limit {
			tok.inFlight++
			s.mu.Unlock()
			return tok, nil
		}
		if s.changed == nil {
			s.changed = make(chan struct{})
		}
		changed := s.changed
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// rejection is the error while no request may be sent. After the pause, one request tries a new token.
func (s *tokenSource) rejection() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.stopped == nil:
		return nil
	case s.now().Before(s.stopped.until):
		return s.stopped.rejection
	}
	s.stopped = nil
	if s.renewable() {
		s.held, s.replace = nil, true
	} else {
		s.held.accepted, s.held.replacement = false, true
	}
	return nil
}

// release ends an attempt; failure is nil for a success.
func (s *tokenSource) release(tok *heldToken, failure *Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tok.inFlight--
	switch {
	case failure.rejectsToken():
		last := !s.renewable() || tok.replacement && !tok.accepted // no other token to try
		if !tok.accepted || !s.renewable() {
			s.rejections++
		}
		sure := failure.says("bearer token") || s.rejections >= maxRejections
		if s.held == tok && last && sure {
			failure.hint, failure.token = rejectedTokenHint(s.renewable()), true
			said := *failure
			said.Doing, said.attempts = "", 0
			s.stopped = &tokenStop{until: s.now().Add(tokenPause), rejection: &said}
		}
	case failure.acceptsToken():
		tok.accepted, s.rejections = true, 0
	}
	s.wake()
}

// wake lets the requests that wait in acquire check again. s.mu is held.
func (s *tokenSource) wake() {
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

func rejectedTokenHint(renewable bool) string {
	what := "Falcon rejected the access token; it may have expired. Set a new access_token, or client_id and client_secret."
	if renewable {
		what = "Falcon rejected the access token and its replacement. Check that the provider's API client still exists " +
			"and belongs to this cloud, and that nothing between Terraform and Falcon changes the Authorization header."
	}
	return what + " No further requests are sent: Falcon accepts 15 requests with a rejected token per minute from one " +
		"IP address, and then locks that address out."
}

// rejectsToken reports whether Falcon rejected the request because of its token, as far as the response says.
func (e *Error) rejectsToken() bool {
	return e != nil && e.Status == http.StatusUnauthorized && !e.html
}

// acceptsToken reports whether the outcome of a request (nil: success) shows that Falcon accepted its token. A rejection by
// the gateway before it looks at the token does not, nor does the response of a proxy or an overloaded server.
func (e *Error) acceptsToken() bool {
	switch {
	case e == nil:
		return true
	case e.html || e.Status == http.StatusTooManyRequests || e.Status == http.StatusUnauthorized || e.Status == http.StatusNotFound:
		return false
	}
	return e.Status >= 400 && e.Status < 500
}

// tokenError is the error of a request that was not sent because there is no token: the request itself is not in doubt.
func tokenError(c call, host string, err error) *Error {
	var e *Error
	if !errors.As(err, &e) {
		return &Error{Doing: c.doing, Host: host, token: true, Err: fmt.Errorf("stopped while waiting for an access token: %w", err)}
	}
	out := *e
	out.ambiguous, out.token = false, true
	if out.Doing == "" {
		out.Doing = c.doing
	}
	return &out
}
