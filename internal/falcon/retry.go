package falcon

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	backoffBase    = 500 * time.Millisecond
	backoffCap     = 30 * time.Second
	maxHintedWait  = 5 * time.Minute // Falcon's limits are per minute: a longer wait is a broken header
	maxHintedWaits = 1000            // per request; the caller's context normally ends much earlier
	unhintedLimit  = UnnamedWaitLimit
	minHintedWait  = 100 * time.Millisecond
	deletePollCap  = 10 * time.Second
)

// UnnamedWaitLimit is how long one request is repeated after 429s that name no time.
const UnnamedWaitLimit = 90 * time.Second

// NamedWait is how long Falcon asks to wait; false if it names no plausible time.
func NamedWait(h http.Header) (time.Duration, bool) { return hintedWait(h, time.Now()) }

// clock is the transport's time; tests replace it.
type clock struct {
	now   func() time.Time
	sleep func(ctx context.Context, d time.Duration) error
}

func systemClock() clock {
	return clock{now: time.Now, sleep: func(ctx context.Context, d time.Duration) error {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}}
}

// gate holds back all requests of one client while Falcon limits them.
type gate struct {
	mu    sync.Mutex
	until time.Time
	why   *Error
}

// closeUntil keeps the gate closed until t, unless it already is for longer. why, if not nil, is Falcon's response.
func (g *gate) closeUntil(t time.Time, why *Error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if t.After(g.until) {
		g.until = t
		if g.why = why; why != nil {
			g.why = new(*why)
		}
	}
}

// reason is why a request that was not sent yet waits at the gate; nil if the gate is open or the reason is not known.
func (g *gate) reason(c call, now time.Time) *Error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.why == nil || !now.Before(g.until) {
		return nil
	}
	why := *g.why
	why.Doing, why.attempts, why.ambiguous, why.token = c.doing, 0, false, c.noAuth
	return &why
}

func (g *gate) left(now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.until.Sub(now)
}

// wait returns when the gate is open or ctx ends. Some randomness keeps the waiting requests from starting together.
func (g *gate) wait(ctx context.Context, clk clock) error {
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		left := g.left(clk.now())
		if left <= 0 {
			return nil
		}
		if err := clk.sleep(ctx, left+jitter(min(left/4, backoffBase))); err != nil {
			return err
		}
	}
}

// backoff is the wait before the n-th retry, n from 1: exponential, up to half of it random.
func backoff(n int, limit time.Duration) time.Duration {
	d := limit
	if n < 16 {
		d = min(backoffBase<<(n-1), limit)
	}
	return d/2 + jitter(d/2)
}

// spread is a random delay for a sign-in that has been refused n times before. Each alias of the provider is a process of its own,
// and nothing but Falcon's responses coordinates them: all wait for the same time, although places become free one by one.
func spread(n int) time.Duration {
	if n == 0 {
		return 0
	}
	return jitter(min(backoffBase<<min(n-1, 8), 2*backoffCap))
}

func jitter(most time.Duration) time.Duration {
	if most <= 0 {
		return 0
	}
	return rand.N(most) //nolint:gosec // spreads load; nothing secret depends on it
}

// hintedWait is how long Falcon asks to wait. It is false when Falcon does not say, or names an implausible time.
func hintedWait(h http.Header, now time.Time) (time.Duration, bool) {
	if d, ok := rateLimitWait(h, now); ok {
		return d, true
	}
	value := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
		return plausibleWait(time.Duration(min(max(seconds, -1), 1<<20)) * time.Second)
	}
	if at, err := http.ParseTime(value); err == nil {
		return plausibleWait(at.Sub(serverTime(h, now)))
	}
	return 0, false
}

// rateLimitWait reads X-RateLimit-RetryAfter: a time since the epoch, in seconds or milliseconds
// (wire/conventions.md#rate-limits). Compared with the Date of the same response it is right even when the local clock is
// wrong. Date has only whole seconds, so where the two clocks agree within a second, the local clock is more precise about
// the end of a limit.
func rateLimitWait(h http.Header, now time.Time) (time.Duration, bool) {
	value, _, _ := strings.Cut(h.Get("X-RateLimit-RetryAfter"), ",")
	epoch, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !(epoch > 0 && epoch < 1e15) {
		return 0, false
	}
	if epoch <= 1e11 {
		epoch *= 1000
	}
	at := time.UnixMilli(int64(epoch))
	if skew := now.Sub(serverTime(h, now)); skew >= 0 && skew < time.Second {
		return plausibleWait(at.Sub(now))
	}
	if d, ok := plausibleWait(at.Sub(serverTime(h, now))); ok {
		return d, true
	}
	return plausibleWait(at.Sub(now))
}

func serverTime(h http.Header, now time.Time) time.Time {
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		return date
	}
	return now
}

// plausibleWait rejects waits that are unreasonable, and times in the past: they may have passed on the way, or never
// change.
func plausibleWait(d time.Duration) (time.Duration, bool) {
	if d <= 0 || d > maxHintedWait {
		return 0, false
	}
	return max(d, minHintedWait), true
}
