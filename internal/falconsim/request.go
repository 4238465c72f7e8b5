package falconsim

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strconv"
)

// apiRequest is one API request.
type apiRequest struct {
	r      *http.Request
	query  map[string][]string
	body   []byte
	client *apiClient
	home   *Server // the tenant of the client
	cid    string  // of the token: the client's tenant or a Flight Control child of it
	// ignoresBadNumbers treats an invalid limit or offset as absent: question Q60.
	ignoresBadNumbers bool
}

// unread returns the request with its body unread.
func (c *apiRequest) unread() *http.Request {
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

// queryNumber reads a whole number of the query. A number above the highest is refused: where there is a bound, a 400 is
// documented or observed.
//
// GUESS Q60: what a negative number or a word does is not documented.
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
		return 0, refuse(http.StatusBadRequest, "invalid %s %q: expected a number from %d to %d", key, text, lowest, highest)
	}
	return n, nil
}

// queryBool reads true or false of the query.
func (c *apiRequest) queryBool(key string, fallback bool) (bool, *reply) {
	text := c.get(key)
	if text == "" {
		return fallback, nil
	}
	value, err := strconv.ParseBool(text)
	if err != nil {
		return false, refuse(http.StatusBadRequest, "invalid %s %q", key, text)
	}
	return value, nil
}

// maxOffset is the highest offset where no other bound is documented.
const maxOffset = 1 << 31

// window reads limit and offset of the query.
func (c *apiRequest) window(fallback, highestLimit, highestOffset int) (limit, offset int, refusal *reply) {
	if limit, refusal = c.queryNumber("limit", fallback, 1, highestLimit); refusal != nil {
		return 0, 0, refusal
	}
	offset, refusal = c.queryNumber("offset", 0, 0, highestOffset)
	return limit, offset, refusal
}

// queryIDs reads the ids of the query, of which at least one is required.
func (c *apiRequest) queryIDs() ([]string, *reply) {
	ids := c.query["ids"]
	if len(ids) == 0 {
		return nil, refuse(http.StatusBadRequest, "ids is required")
	}
	return ids, nil
}

// page returns the part of a list that limit and offset select.
func page[T any](list []T, limit, offset int) []T {
	offset = min(offset, len(list))
	return list[offset:min(offset+limit, len(list))]
}

// bodyIDs reads the body {"ids": […]}.
func (c *apiRequest) bodyIDs() ([]string, *reply) {
	var body struct {
		IDs []string `json:"ids"`
	}
	if err := json.Unmarshal(c.body, &body); err != nil || len(body.IDs) == 0 {
		return nil, refuse(http.StatusBadRequest, "ids is required")
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
