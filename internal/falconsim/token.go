package falconsim

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

type accessToken struct {
	// home is the tenant of the API client: the parent or a child. cid is the tenant that the token works in.
	home     *Server
	clientID string
	cid      string
	expires  time.Time
}

// credentials returns the id and secret of the Basic header or the form; Falcon accepts both (wire/authentication.md#token).
func credentials(c *apiRequest, form url.Values) (id, secret string) {
	if id, secret, ok := c.r.BasicAuth(); ok {
		return id, secret
	}
	return form.Get("client_id"), form.Get("client_secret")
}

func sameSecret(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// readCredentials reads the form body and finds the client whose credentials the request has. The refusals are those recorded in
// wire/authentication.md#token. Call it with s.mu held.
func (s *Server) readCredentials(c *apiRequest) (url.Values, *reply) {
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "malformed form body")
	}
	id, secret := credentials(c, form)
	home, client := s.findClient(id)
	var refusal *reply
	switch {
	case client == nil:
		refusal = refuse(http.StatusBadRequest, "Failed to generate access token for clientID=%s.", id)
	case !sameSecret(client.secret, secret):
		refusal = refuse(http.StatusForbidden, "Failed to issue access token - Not Authorized")
	default:
		c.client, c.home = client, home
		return form, nil
	}
	refusal.poweredBy = apiClientService
	return nil, refusal
}

func (s *Server) issueToken(c *apiRequest) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	form, refusal := s.readCredentials(c)
	if refusal != nil {
		return *refusal
	}
	cid := c.home.cid
	if member := strings.ToLower(form.Get("member_cid")); member != "" && member != cid {
		if c.home.members[member] == nil {
			return failed(http.StatusForbidden, "access denied, authorization failed")
		}
		cid = member
	}
	token := s.newSecret("token")
	s.tokens[token] = accessToken{home: c.home, clientID: c.client.id, cid: cid, expires: s.now().Add(s.opts.TokenLifetime)}
	return reply{status: http.StatusCreated, doc: map[string]any{
		"access_token": token, "token_type": "bearer", "expires_in": int(s.opts.TokenLifetime / time.Second),
	}}
}

func (s *Server) revokeToken(c *apiRequest) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	form, refusal := s.readCredentials(c)
	if refusal != nil {
		return *refusal
	}
	token := form.Get("token")
	if token == "" {
		return failed(http.StatusBadRequest, "token is required")
	}
	if s.tokens[token].clientID == c.client.id {
		delete(s.tokens, token)
	}
	response := reply{status: http.StatusOK, poweredBy: apiClientService}
	response.adjust = func(doc map[string]any) { delete(doc, "resources") }
	return response
}

// authenticate finds the client by its bearer token and checks its scopes.
func (s *Server) authenticate(c *apiRequest, scopes []string) *reply {
	scheme, token, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	s.mu.Lock()
	defer s.mu.Unlock()
	held, issued := s.tokens[token]
	if !strings.EqualFold(scheme, "bearer") || !issued || !s.now().Before(held.expires) {
		return refuse(http.StatusUnauthorized, "access denied, invalid bearer token")
	}
	if held.home != s {
		held.home.mu.Lock()
		defer held.home.mu.Unlock()
	}
	client, exists := held.home.clients[held.clientID]
	if !exists {
		return refuse(http.StatusUnauthorized, "access denied, invalid bearer token")
	}
	c.client, c.home, c.cid = client, held.home, held.cid
	for _, scope := range scopes {
		resource, _, _ := strings.Cut(scope, ":")
		if !slices.Contains(client.scopes, scope) || s.withholds(resource) {
			return refuse(http.StatusForbidden, "access denied, scope not permitted")
		}
	}
	return nil
}

// RevokeTokens makes every access token invalid, those of children too: the next request with one gets a 401.
func (s *Server) RevokeTokens() {
	s = s.gateway
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}

// ExpireTokens ends the lifetime of every access token.
func (s *Server) ExpireTokens() {
	s = s.gateway
	s.mu.Lock()
	defer s.mu.Unlock()
	for token, held := range s.tokens {
		held.expires = s.now()
		s.tokens[token] = held
	}
}
