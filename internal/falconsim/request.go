package falconsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
)

// call is one authenticated API request.
type apiRequest struct {
	r      *http.Request
	query  map[string][]string
	body   []byte
	client *apiClient
	cid    string // of the token: the tenant's own or a Flight Control child's
	// ignoresBadNumbers is the reading of Q60: a bad limit or offset counts as absent.
	ignoresBadNumbers bool
}

// fresh is the request with its body unread.
func (c *apiRequest) fresh() *http.Request {
	r := *c.r
	r.Body = io.NopCloser(bytes.NewReader(c.body))
	return &r
}

func (c *apiRequest) get(key string) string {
	if v := c.query[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// queryNumber reads a whole number of the query. Above the highest, a 400 is documented or observed where a bound is.
//
// GUESS Q60: nothing says what a negative number or a word does.
func (c *apiRequest) queryNumber(key string, fallback, lowest, highest int) (int, *reply) {
	text := c.get(key)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text)
	if c.ignoresBadNumbers && (err != nil || n < lowest) {
		return fallback, nil
	}
	if err != nil || n < lowest || n > highest {
		response := failed(http.StatusBadRequest, "invalid %s %q: expected a number from %d to %d", key, text, lowest, highest)
		return 0, &response
	}
	return n, nil
}

// boolParam reads true or false of the query.
func boolParam(c *apiRequest, key string, fallback bool) (bool, error) {
	text := c.get(key)
	if text == "" {
		return fallback, nil
	}
	value, err := strconv.ParseBool(text)
	if err != nil {
		return false, fmt.Errorf("invalid %s %q", key, text)
	}
	return value, nil
}

// page is the part of a list that limit and offset name.
func page[T any](list []T, limit, offset int) []T {
	offset = min(offset, len(list))
	return list[offset:min(offset+limit, len(list))]
}

// idsOfBody reads the body {"ids": […]}.
func idsOfBody(c *apiRequest) ([]string, *reply) {
	var body struct {
		IDs []string `json:"ids"`
	}
	if err := json.Unmarshal(c.body, &body); err != nil || len(body.IDs) == 0 {
		response := failed(http.StatusBadRequest, "ids is required")
		return nil, &response
	}
	return body.IDs, nil
}

// address is the caller's IP address.
func (c *apiRequest) address() string {
	host, _, err := net.SplitHostPort(c.r.RemoteAddr)
	if err != nil {
		return c.r.RemoteAddr
	}
	return host
}
