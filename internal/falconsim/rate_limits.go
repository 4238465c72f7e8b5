package falconsim

import (
	"net/http"
	"strconv"
	"time"
)

// The limits per IP address and minute: of token requests, and of requests with a missing, malformed, or expired token
// (wire/conventions.md#rate-limits). As recorded, a redirected request counts as the latter: its token is not valid in the
// wrong cloud.
const (
	tokenLimit    = 300
	badTokenLimit = 15
	limitWindow   = time.Minute
)

// addressLimits has the times of each IP address's requests in a sliding window. s.mu guards it.
type addressLimits struct {
	tokens, badTokens map[string][]time.Time
}

// dropExpired removes the requests that have left the window by now.
func dropExpired(times []time.Time, now time.Time) []time.Time {
	for len(times) > 0 && now.Sub(times[0]) >= limitWindow {
		times = times[1:]
	}
	return times
}

// countRequest counts a request of an address against a limit. It returns the headers that show the limit, or the refusal of a
// request beyond it.
//
// GUESS Q117: a refused request may count like others.
func (s *Server) countRequest(counted *map[string][]time.Time, c *apiRequest, limit int) (http.Header, *reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if *counted == nil {
		*counted = map[string][]time.Time{}
	}
	address, now := c.address(), s.now()
	times := dropExpired((*counted)[address], now)
	if len(times) >= limit {
		refusal := s.rateLimited(times[len(times)-limit].Add(limitWindow))
		refusal.header.Set("X-Ratelimit-Limit", strconv.Itoa(limit))
		if s.reading("Q117") == "b" {
			times = append(times, now)
		}
		(*counted)[address] = times
		return nil, &refusal
	}
	times = append(times, now)
	(*counted)[address] = times
	return http.Header{
		"X-Ratelimit-Limit":     {strconv.Itoa(limit)},
		"X-Ratelimit-Remaining": {strconv.Itoa(limit - len(times))},
	}, nil
}

// countToken counts a token request and adds the limit's headers to its response.
func (s *Server) countToken(c *apiRequest, handler func(*apiRequest) reply) reply {
	shown, refusal := s.countRequest(&s.limits.tokens, c, s.tokenMinuteLimit())
	if refusal != nil {
		return *refusal
	}
	return handler(c).with(shown)
}

// countBadToken counts a request whose token is not valid and adds the limit's headers to its response.
func (s *Server) countBadToken(c *apiRequest, response reply) reply {
	shown, refusal := s.countRequest(&s.limits.badTokens, c, badTokenLimit)
	if refusal != nil {
		return *refusal
	}
	return response.with(shown)
}

// lockedOut refuses a request with a valid token from an address that has used up its requests with invalid ones.
//
// GUESS Q69: the vendor documents the limit, but not what it does to other requests from the same address.
func (s *Server) lockedOut(c *apiRequest) *reply {
	if s.reading("Q69") == "a" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	times := dropExpired(s.limits.badTokens[c.address()], s.now())
	if len(times) < badTokenLimit {
		return nil
	}
	refusal := s.rateLimited(times[0].Add(limitWindow))
	return &refusal
}

// limitAccount counts a request with a valid token against Options.AccountLimit and refuses it beyond that. Children share the limit
// of their parent.
//
// GUESS Q117: a refused request may count like others.
func (s *Server) limitAccount() *reply {
	if s.opts.AccountLimit == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.accountTimes = dropExpired(s.accountTimes, now)
	over := len(s.accountTimes) >= s.opts.AccountLimit
	var refusal *reply
	if over {
		refused := s.rateLimited(s.accountTimes[len(s.accountTimes)-s.opts.AccountLimit].Add(limitWindow))
		refusal = &refused
	}
	if !over || s.reading("Q117") == "b" {
		s.accountTimes = append(s.accountTimes, now)
	}
	return refusal
}

// limit counts a request against Options.RateLimit and refuses it beyond that.
func (s *Server) limit() *reply {
	if s.opts.RateLimit == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if second := s.now().Truncate(time.Second); !second.Equal(s.window) {
		s.window, s.windowCount = second, 0
	}
	s.windowCount++
	if s.windowCount <= s.opts.RateLimit {
		return nil
	}
	refusal := s.rateLimited(s.window.Add(time.Second))
	return &refusal
}

func (s *Server) rateLimited(until time.Time) reply {
	response := failed(http.StatusTooManyRequests, "API rate limit exceeded.")
	response.header = http.Header{"X-Ratelimit-Remaining": {"0"}}
	switch s.reading("Q55") { // GUESS Q55: the unit of the header
	case "a":
		response.header.Set("X-Ratelimit-Retryafter", strconv.FormatInt(until.Add(time.Second-1).Unix(), 10)) // not before it
	case "b":
		response.header.Set("X-Ratelimit-Retryafter", strconv.FormatInt(until.UnixMilli(), 10))
	}
	return response
}
