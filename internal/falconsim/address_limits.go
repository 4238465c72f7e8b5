package falconsim

import (
	"net/http"
	"strconv"
	"time"
)

// The limits for one IP address in a minute: of token calls, and of calls with a missing, malformed or expired token
// (wire/conventions.md#rate-limits). A redirected call has the latter, as recorded: its token means nothing in the wrong cloud.
const (
	tokenLimit    = 300
	badTokenLimit = 15
	limitWindow   = time.Minute
)

// addressLimits counts the calls of each IP address in a sliding window. s.mu guards it.
type addressLimits struct {
	tokens, badTokens map[string][]time.Time
}

// slide drops what has left the window before now.
func slide(calls []time.Time, now time.Time) []time.Time {
	for len(calls) > 0 && now.Sub(calls[0]) >= limitWindow {
		calls = calls[1:]
	}
	return calls
}

// countCall counts a call of an address against a limit. It returns the headers that show the limit, or the refusal of a
// call beyond it, which does not count.
func (s *Server) countCall(counted *map[string][]time.Time, c *call, limit int) (http.Header, *reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if *counted == nil {
		*counted = map[string][]time.Time{}
	}
	address, now := c.address(), s.now()
	calls := slide((*counted)[address], now)
	if len(calls) >= limit {
		refusal := s.tooMany(calls[0].Add(limitWindow))
		refusal.header.Set("X-Ratelimit-Limit", strconv.Itoa(limit))
		return nil, &refusal
	}
	calls = append(calls, now)
	(*counted)[address] = calls
	return http.Header{
		"X-Ratelimit-Limit":     {strconv.Itoa(limit)},
		"X-Ratelimit-Remaining": {strconv.Itoa(limit - len(calls))},
	}, nil
}

// countToken counts a token call and puts the limit into its response.
func (s *Server) countToken(c *call, handler func(*call) reply) reply {
	shown, refusal := s.countCall(&s.limits.tokens, c, tokenLimit)
	if refusal != nil {
		return *refusal
	}
	return handler(c).with(shown)
}

// countBadToken counts a call whose token means nothing, and gives its response the limit.
func (s *Server) countBadToken(c *call, answer reply) reply {
	shown, refusal := s.countCall(&s.limits.badTokens, c, badTokenLimit)
	if refusal != nil {
		return *refusal
	}
	return answer.with(shown)
}

// lockedOut refuses a call with a good token from an address that has used up its calls with bad ones.
//
// GUESS Q69: the vendor's documentation states the limit, not what it does to other calls from the same address.
func (s *Server) lockedOut(c *call) (reply, bool) {
	if s.reading("Q69") == "a" {
		return reply{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := slide(s.limits.badTokens[c.address()], s.now())
	if len(calls) < badTokenLimit {
		return reply{}, false
	}
	return s.tooMany(calls[0].Add(limitWindow)), true
}
