package falcon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/crowdstrike/gofalcon/falcon/client/oauth2"
)

const (
	usualLifetime = 1799 * time.Second // wire-api.md 1.1
	renewBefore   = time.Minute        // a token is replaced this long before it ends, so that no call meets the end
)

// accessToken is a token and how long it lives from the moment before it was asked for.
type accessToken struct {
	value    string
	lifetime time.Duration
}

// tokenSource keeps one access token for all calls.
type tokenSource struct {
	fetch func(ctx context.Context) (accessToken, error) // nil: the token was given and cannot be renewed
	now   func() time.Time

	mu     sync.Mutex
	value  string
	until  time.Time // by this machine's clock, which the server's cannot disturb
	flight flight[string]
}

// keep stores a token that was asked for at start.
func (s *tokenSource) keep(tok accessToken, start time.Time) {
	lifetime := tok.lifetime
	if lifetime <= 0 {
		lifetime = usualLifetime
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.value = tok.value
	s.until = start.Add(lifetime - min(renewBefore, lifetime/10))
}

func (s *tokenSource) current() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.value != "" && (s.fetch == nil || s.now().Before(s.until)) {
		return s.value
	}
	return ""
}

// get gives the token, fetched at most once however many calls want it.
func (s *tokenSource) get(ctx context.Context) (string, error) {
	if value := s.current(); value != "" {
		return value, nil
	}
	return s.flight.do(ctx, func(ctx context.Context) (string, error) {
		if value := s.current(); value != "" {
			return value, nil
		}
		start := s.now()
		tok, err := s.fetch(ctx)
		if err != nil {
			return "", err
		}
		s.keep(tok, start)
		return tok.value, nil
	})
}

// forget drops a token that Falcon refused, unless it has been replaced already.
func (s *tokenSource) forget(refused string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.value == refused {
		s.value = ""
	}
}

func (s *tokenSource) renewable() bool { return s.fetch != nil }

// credentials are those of the provider's API client.
type credentials struct{ clientID, clientSecret, memberCID string }

// takeToken asks for a token with the credentials in the form: one POST, where the Basic header of other clients needs
// two for bad credentials (wire-api.md 1.4). The region is that of the client's home cloud.
func takeToken(ctx context.Context, svc oauth2.ClientService, cred credentials) (tok accessToken, region string, err error) {
	ctx = withCall(ctx, call{
		doing: "get an access token from Falcon", repeat: safe, noAuth: true, secrets: []string{cred.clientSecret},
	})
	params := oauth2.NewOauth2AccessTokenParamsWithContext(ctx)
	params.ClientID, params.ClientSecret = cred.clientID, cred.clientSecret
	if cred.memberCID != "" {
		params.MemberCid = &cred.memberCID
	}
	var a answer
	if _, err := svc.Oauth2AccessToken(params, a.as(oauth2.NewOauth2AccessTokenCreated())); err != nil {
		return accessToken{}, "", explainToken(err, cred)
	}
	var wire struct {
		AccessToken looseString   `json:"access_token"`
		ExpiresIn   looseInt      `json:"expires_in"`
		Errors      looseMessages `json:"errors"`
	}
	if err := json.Unmarshal(a.body, &wire); err != nil || wire.AccessToken == "" {
		e := &Error{
			Doing: callFrom(ctx).doing, Status: a.status, token: true,
			Messages: redactMessages(wire.Errors, []string{cred.clientSecret}),
			Err:      errors.New("the answer holds no access token"),
		}
		return accessToken{}, "", e
	}
	lifetime := time.Duration(max(0, min(wire.ExpiresIn, 24*3600))) * time.Second
	return accessToken{value: string(wire.AccessToken), lifetime: lifetime}, a.header("X-Cs-Region"), nil
}

// explainToken says which of id and secret Falcon refused (wire-api.md 1.1).
func explainToken(err error, cred credentials) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	e.token = true
	switch {
	case e.html || e.isRedirect():
	case e.Status == http.StatusBadRequest:
		e.hint = fmt.Sprintf("Falcon does not know the client_id %q in this cloud.", cred.clientID)
	case e.Status == http.StatusForbidden && e.says("authorization failed"):
		e.hint = refusedHint
	case e.Status == http.StatusForbidden || e.Status == http.StatusUnauthorized:
		e.hint = fmt.Sprintf("Falcon refused the client_secret of the client_id %q.", cred.clientID)
		if cred.memberCID != "" {
			e.hint = fmt.Sprintf("Falcon refused the client_secret of the client_id %q, or %q is not a CID "+
				"that this client may act for (member_cid).", cred.clientID, cred.memberCID)
		}
	}
	return e
}

// revokeToken ends a token early.
func revokeToken(ctx context.Context, svc oauth2.ClientService, cred credentials, token string) error {
	ctx = withCall(ctx, call{
		doing: "revoke an access token", repeat: safe, noAuth: true, secrets: []string{cred.clientSecret, token},
	})
	params := oauth2.NewOauth2RevokeTokenParamsWithContext(ctx)
	params.ClientID, params.Token = &cred.clientID, token
	var a answer
	_, err := svc.Oauth2RevokeToken(params, a.as(oauth2.NewOauth2RevokeTokenOK()),
		oauth2.AuthenticateRevocation(cred.clientID, cred.clientSecret))
	return err
}
