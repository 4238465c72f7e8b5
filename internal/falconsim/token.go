package falconsim

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

type accessToken struct {
	clientID string
	cid      string
	expires  time.Time
}

// credentials come from the Basic header or the form; both work
// (wire/authentication.md#token).
func credentials(c *apiRequest, form url.Values) (id, secret string) {
	if id, secret, ok := c.r.BasicAuth(); ok {
		return id, secret
	}
	return form.Get("client_id"), form.Get("client_secret")
}

func sameSecret(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// checkCredentials answers with the refusals recorded in wire/authentication.md#token.
func (s *Server) checkCredentials(id, secret string) (*apiClient, reply, bool) {
	client, known := s.clients[id]
	if !known {
		response := failed(http.StatusBadRequest, "Failed to generate access token for clientID=%s.", id)
		response.poweredBy = "csam"
		return nil, response, false
	}
	if !sameSecret(client.secret, secret) {
		response := failed(http.StatusForbidden, "Failed to issue access token - Not Authorized")
		response.poweredBy = "csam"
		return nil, response, false
	}
	return client, reply{}, true
}

func (s *Server) issueToken(c *apiRequest) reply {
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		return failed(http.StatusBadRequest, "malformed form body")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id, secret := credentials(c, form)
	client, refusal, ok := s.checkCredentials(id, secret)
	if !ok {
		return refusal
	}
	c.client = client
	cid := s.cid
	if member := strings.ToLower(form.Get("member_cid")); member != "" && member != s.cid {
		if !slices.Contains(s.opts.MemberCIDs, member) {
			return failed(http.StatusForbidden, "access denied, authorization failed")
		}
		cid = member
	}
	token := s.newSecret("token")
	s.tokens[token] = accessToken{clientID: client.id, cid: cid, expires: s.now().Add(s.opts.TokenLifetime)}
	return reply{status: http.StatusCreated, doc: map[string]any{
		"access_token": token, "token_type": "bearer", "expires_in": int(s.opts.TokenLifetime / time.Second),
	}}
}

func (s *Server) revokeToken(c *apiRequest) reply {
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		return failed(http.StatusBadRequest, "malformed form body")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id, secret := credentials(c, form)
	client, refusal, ok := s.checkCredentials(id, secret)
	if !ok {
		return refusal
	}
	c.client = client
	token := form.Get("token")
	if token == "" {
		return failed(http.StatusBadRequest, "token is required")
	}
	if s.tokens[token].clientID == client.id {
		delete(s.tokens, token)
	}
	response := reply{status: http.StatusOK, poweredBy: "csam"}
	response.adjust = func(doc map[string]any) { delete(doc, "resources") }
	return response
}

// authenticate finds the caller by its bearer token and checks the scopes.
func (s *Server) authenticate(c *apiRequest, scopes []string) (reply, bool) {
	scheme, token, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	s.mu.Lock()
	defer s.mu.Unlock()
	held, known := s.tokens[token]
	if !strings.EqualFold(scheme, "bearer") || !known || !s.now().Before(held.expires) {
		return failed(http.StatusUnauthorized, "access denied, invalid bearer token"), false
	}
	client, exists := s.clients[held.clientID]
	if !exists {
		return failed(http.StatusUnauthorized, "access denied, invalid bearer token"), false
	}
	c.client, c.cid = client, held.cid
	for _, scope := range scopes {
		resource, _, _ := strings.Cut(scope, ":")
		if !slices.Contains(client.scopes, scope) || s.withholds(resource) {
			return failed(http.StatusForbidden, "access denied, scope not permitted"), false
		}
	}
	return reply{}, true
}

// RevokeTokens makes every access token invalid at once, as an expiry would:
// the next call with one answers 401.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}

// ExpireTokens ends the lifetime of every access token now.
func (s *Server) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token, held := range s.tokens {
		held.expires = s.now()
		s.tokens[token] = held
	}
}

// memberCCID makes up the checksum of a child's customer id.
func memberCCID(cid string) string {
	sum := sha256.Sum256([]byte(cid))
	return strings.ToUpper(cid + "-" + hex.EncodeToString(sum[:1]))
}
