package falconsim

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Request is one entry of the request log. Its secrets are masked.
type Request struct {
	Method   string      `json:"method"`
	Path     string      `json:"path"`
	Query    url.Values  `json:"query,omitempty"`
	Header   http.Header `json:"header,omitempty"`
	ClientID string      `json:"client_id,omitempty"`
	// Status of the response; 0 if the connection was dropped.
	Status int `json:"status"`
	// BodySize is in bytes. Body is a JSON or form body; nil for any other.
	BodySize int `json:"body_size"`
	Body     any `json:"body,omitempty"`
	// Fault is the kind of the fault that was applied, if any.
	Fault string `json:"fault,omitempty"`
}

const masked = "***"

// secretKeys are the keys of secrets in bodies.
var secretKeys = []string{"client_secret", "secret", "token", "access_token", "hmac_secret_key", "hmac_secret"}

func newRequest(c *apiRequest) Request {
	return Request{
		Method: c.r.Method, Path: c.r.URL.Path, Query: c.query, Header: maskedHeader(c.r.Header),
		BodySize: len(c.body), Body: loggedBody(c),
	}
}

func loggedBody(c *apiRequest) any {
	if len(c.body) == 0 {
		return nil
	}
	if strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		form, err := url.ParseQuery(string(c.body))
		if err != nil {
			return nil
		}
		fields := map[string]any{}
		for key := range form {
			fields[key] = form.Get(key)
		}
		return maskSecrets(fields)
	}
	var doc any
	if json.Unmarshal(c.body, &doc) != nil {
		return nil
	}
	return maskSecrets(doc)
}

func maskSecrets(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if slices.Contains(secretKeys, strings.ToLower(key)) && value != nil {
				v[key] = masked
			} else {
				v[key] = maskSecrets(value)
			}
		}
	case []any:
		for i := range v {
			v[i] = maskSecrets(v[i])
		}
	}
	return v
}

func (s *Server) record(entry Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, entry)
}

// Requests returns the API requests, oldest first. Requests to the console under /_sim are not among them.
func (s *Server) Requests() []Request {
	s = s.gateway
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

// ResetRequests empties the request log.
func (s *Server) ResetRequests() {
	s = s.gateway
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = nil
}
