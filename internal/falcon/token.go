package falcon

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/crowdstrike/gofalcon/falcon/client/oauth2"
)

const (
	usualLifetime = 1799 * time.Second // wire/authentication.md#token
	renewBefore   = time.Minute        // a token is replaced this long before it expires, so that no request carries an expired one
)

// accessToken is a token and its lifetime, counted from before it was requested.
type accessToken struct {
	value    string
	lifetime time.Duration
}

// tokenSource keeps one access token for all requests.
type tokenSource struct {
	fetch func(ctx context.Context) (accessToken, error) // nil: the user set the token, and it cannot be renewed
	now   func() time.Time

	mu         sync.Mutex
	held       *heldToken
	stopped    *tokenStop
	changed    chan struct{} // closed when a request that waits in acquire should check again
	replace    bool          // the next token replaces one that Falcon rejected
	rejections int           // consecutive rejections of tokens of which none was accepted
	flight     sharedFetch[*heldToken]
}

// heldToken is the token in use. The fields below value and until are guarded by tokenSource.mu.
type heldToken struct {
	value string
	until time.Time // by the local clock, which does not depend on the server's; zero: no known expiration

	replacement bool // it replaces a token that Falcon rejected
	accepted    bool // Falcon has accepted it for a request
	inFlight    int  // requests that carry it now
}

// staticToken is the source of a token that the user set.
func staticToken(value string, now func() time.Time) *tokenSource {
	return &tokenSource{held: &heldToken{value: value}, now: now}
}

// keep stores a token that was requested at start.
func (s *tokenSource) keep(tok accessToken, start time.Time) *heldToken {
	lifetime := tok.lifetime
	if lifetime <= 0 {
		lifetime = usualLifetime
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = &heldToken{value: tok.value, until: start.Add(lifetime - min(renewBefore, lifetime/10)), replacement: s.replace}
	s.replace = false
	return s.held
}

func (s *tokenSource) current() *heldToken {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held != nil && (s.held.until.IsZero() || s.now().Before(s.held.until)) {
		return s.held
	}
	return nil
}

// get returns the token, requested at most once however many requests need it.
func (s *tokenSource) get(ctx context.Context) (*heldToken, error) {
	if tok := s.current(); tok != nil {
		return tok, nil
	}
	return s.flight.do(ctx, func(ctx context.Context) (*heldToken, error) {
		if tok := s.current(); tok != nil {
			return tok, nil
		}
		start := s.now()
		tok, err := s.fetch(ctx)
		if err != nil {
			return nil, err
		}
		return s.keep(tok, start), nil
	})
}

// forget drops a token that Falcon rejected, unless it has already been replaced.
func (s *tokenSource) forget(refused *heldToken) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == refused {
		s.held, s.replace = nil, true
		s.wake()
	}
}

func (s *tokenSource) renewable() bool { return s.fetch != nil }

// credentials are those of the provider's API client.
type credentials struct{ clientID, clientSecret, memberCID string }

// requestToken requests a token with the credentials in the form: one POST, where the Basic header of other clients needs
// two for bad credentials (wire/authentication.md#gofalcon-configuration). The region is the client's home cloud.
func requestToken(ctx context.Context, svc oauth2.ClientService, cred credentials) (tok accessToken, region string, err error) {
	ctx = withCall(ctx, call{
		doing: "get an access token", repeat: safe, noAuth: true, secrets: []string{cred.clientSecret, secretID(cred.clientID)},
	})
	if err := CheckCredentials(cred.clientID, cred.clientSecret); err != nil {
		return accessToken{}, "", &Error{Doing: callFrom(ctx).doing, token: true, Err: err}
	}
	params := oauth2.NewOauth2AccessTokenParamsWithContext(ctx)
	params.ClientID, params.ClientSecret = cred.clientID, cred.clientSecret
	if cred.memberCID != "" {
		params.MemberCid = &cred.memberCID
	}
	var r response
	if _, err := svc.Oauth2AccessToken(params, r.as(oauth2.NewOauth2AccessTokenCreated())); err != nil {
		return accessToken{}, "", explainToken(err, cred)
	}
	var wire struct {
		AccessToken looseString   `json:"access_token"`
		ExpiresIn   looseInt      `json:"expires_in"`
		Errors      looseMessages `json:"errors"`
	}
	if err := json.Unmarshal(r.body, &wire); err != nil || !usableToken(string(wire.AccessToken)) {
		e := &Error{
			Doing: callFrom(ctx).doing, Status: r.status, token: true, Messages: redactMessages(wire.Errors, []string{cred.clientSecret, secretID(cred.clientID)}),
			Err: errors.New("the response contains no usable access token"),
		}
		return accessToken{}, "", e
	}
	lifetime := time.Duration(max(0, min(wire.ExpiresIn, 24*3600))) * time.Second
	return accessToken{value: string(wire.AccessToken), lifetime: lifetime}, oneLine(r.header("X-Cs-Region"), maxHeaderText), nil
}

// usableToken reports whether the text can be sent in a header.
func usableToken(token string) bool {
	const longest = 32 << 10
	return token != "" && len(token) <= longest && !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' })
}

// explainToken says whether Falcon rejected the id or the secret (wire/authentication.md#token).
func explainToken(err error, cred credentials) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	e.token = true
	switch {
	case e.html || e.isRedirect():
	case e.Status == http.StatusBadRequest:
		e.hint = fmt.Sprintf("Falcon does not know the client_id %s in this cloud.", ShownClientID(cred.clientID))
	case e.Status == http.StatusForbidden && e.says("authorization failed"):
		e.hint = forbiddenHint
	case e.Status == http.StatusForbidden || e.Status == http.StatusUnauthorized:
		e.hint = fmt.Sprintf("Falcon rejected the client_secret of the client_id %s.", ShownClientID(cred.clientID))
		if cred.memberCID != "" {
			e.hint = fmt.Sprintf("Falcon rejected the client_secret of the client_id %s, or %q is not a CID "+
				"that this client may act for (member_cid).", ShownClientID(cred.clientID), cred.memberCID)
		}
	}
	return e
}

// revokeToken revokes a token before it expires.
func revokeToken(ctx context.Context, svc oauth2.ClientService, cred credentials, token string) error {
	ctx = withCall(ctx, call{
		doing: "revoke an access token", repeat: safe, noAuth: true,
		secrets: []string{cred.clientSecret, secretID(cred.clientID), token, base64.StdEncoding.EncodeToString([]byte(cred.clientID + ":" + cred.clientSecret))},
	})
	params := oauth2.NewOauth2RevokeTokenParamsWithContext(ctx)
	params.ClientID, params.Token = &cred.clientID, token
	var r response
	_, err := svc.Oauth2RevokeToken(params, r.as(oauth2.NewOauth2RevokeTokenOK()),
		oauth2.AuthenticateRevocation(cred.clientID, cred.clientSecret))
	return err
}

// ErrNoCredentials is the error of [Client.NewAccessToken] for a Client that uses an access token.
var ErrNoCredentials = errors.New("a client id and its secret are required to get an access token: an access token cannot be used to get another one")

// AccessToken is a token from [Client.NewAccessToken].
type AccessToken struct {
	Value string // never printed
	// ExpiresAt is when the token expires, by the local clock.
	ExpiresAt time.Time
}

// String shows no token.
func (t AccessToken) String() string { return fmt.Sprintf("access token, valid until %s", t.ExpiresAt) }

// GoString shows no token.
func (t AccessToken) GoString() string { return "falcon.AccessToken{" + t.String() + "}" }

// LogValue shows no token.
func (t AccessToken) LogValue() slog.Value { return slog.StringValue(t.String()) }

// NewAccessToken requests an access token that the Client does not use itself, with the credentials of the Client. The token
// has all scopes of the API client and lives for 30 minutes, unless [Client.RevokeToken] revokes it
// (wire/authentication.md#token). memberCID is the CID of a Flight Control child, with or without checksum; "" means the CID
// that the Client uses.
func (c *Client) NewAccessToken(ctx context.Context, memberCID string) (AccessToken, error) {
	cred, err := c.credentialsFor(memberCID)
	if err != nil {
		return AccessToken{}, err
	}
	start := c.clock.now()
	tok, _, err := requestToken(ctx, c.oauth2, cred)
	if err != nil {
		return AccessToken{}, err
	}
	lifetime := tok.lifetime
	if lifetime <= 0 {
		lifetime = usualLifetime
	}
	return AccessToken{Value: tok.value, ExpiresAt: start.Add(lifetime)}, nil
}

// RevokeToken revokes a token of [Client.NewAccessToken] within ten seconds, even if ctx has ended.
func (c *Client) RevokeToken(ctx context.Context, token string) error {
	cred, err := c.credentialsFor("")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), revokeTime)
	defer cancel()
	return revokeToken(ctx, c.oauth2, cred, token)
}

func (c *Client) credentialsFor(memberCID string) (credentials, error) {
	if c.credentials == nil {
		return credentials{}, ErrNoCredentials
	}
	cred := c.credentials()
	if memberCID != "" {
		cred.memberCID = withoutChecksum(memberCID)
	}
	return cred, nil
}
