package falcon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// ErrNoCredentials is the error of [Client.TakeToken] for a Client that was given an access token.
var ErrNoCredentials = errors.New("a client id and its secret are needed to get an access token: an access token cannot get another one")

// AccessToken is a token that [Client.TakeToken] got.
type AccessToken struct {
	Value string // never printed
	// ExpiresAt is when the token ends, by this machine's clock.
	ExpiresAt time.Time
}

// String shows no token.
func (t AccessToken) String() string { return fmt.Sprintf("access token, valid until %s", t.ExpiresAt) }

// GoString shows no token.
func (t AccessToken) GoString() string { return "falcon.AccessToken{" + t.String() + "}" }

// LogValue shows no token.
func (t AccessToken) LogValue() slog.Value { return slog.StringValue(t.String()) }

// TakeToken gets an access token that the Client does not use itself, with the credentials of the Client. It has all
// scopes of the API client and lives for 30 minutes, unless [Client.RevokeToken] ends it
// (wire/authentication.md#token). memberCID is the CID of a Flight Control child, with or without checksum; "" means
// the one that the Client works in.
func (c *Client) TakeToken(ctx context.Context, memberCID string) (AccessToken, error) {
	cred, err := c.credentialsFor(memberCID)
	if err != nil {
		return AccessToken{}, err
	}
	start := c.clock.now()
	tok, _, err := takeToken(ctx, c.oauth2, cred)
	if err != nil {
		return AccessToken{}, err
	}
	lifetime := tok.lifetime
	if lifetime <= 0 {
		lifetime = usualLifetime
	}
	return AccessToken{Value: tok.value, ExpiresAt: start.Add(lifetime)}, nil
}

// RevokeToken ends a token of [Client.TakeToken], within ten seconds even if ctx has ended.
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
	if c.own == nil {
		return credentials{}, ErrNoCredentials
	}
	cred := c.own()
	if memberCID != "" {
		cred.memberCID = withoutChecksum(memberCID)
	}
	return cred, nil
}
