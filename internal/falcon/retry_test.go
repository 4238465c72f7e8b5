package falcon

import (
	"net/http"
	"testing"
	"time"
)

// TestNamedWait: how long Falcon asks to wait, by the clocks of both sides. 0 means that it does not say.
func TestNamedWait(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 1, 12, 0, 0, 700_000_000, time.UTC)
	for _, tc := range []struct {
		name   string
		skew   time.Duration // how much Falcon's clock is ahead
		header string
		value  string
		want   time.Duration
	}{
		{"end of this second", 0, "X-RateLimit-RetryAfter", "1782907201", 300 * time.Millisecond},
		{"end of this second, in milliseconds", 0, "X-RateLimit-RetryAfter", "1782907201000", 300 * time.Millisecond},
		{"very soon", 0, "X-RateLimit-RetryAfter", "1782907200750", namedMin},
		{"a moment ago", 0, "X-RateLimit-RetryAfter", "1782907200", backoffBase},
		{"a minute", 0, "X-RateLimit-RetryAfter", "1782907260", 59300 * time.Millisecond},
		{"an hour ahead", time.Hour, "X-RateLimit-RetryAfter", "1782910810", 10 * time.Second},
		{"an hour behind", -time.Hour, "X-RateLimit-RetryAfter", "1782903610", 10 * time.Second},
		{"two values", 0, "X-RateLimit-RetryAfter", "1782907202, 1782907209", 1300 * time.Millisecond},
		{"a delay", 0, "Retry-After", "7", 7 * time.Second},
		{"a date", 0, "Retry-After", "Wed, 01 Jul 2026 12:00:09 GMT", 9 * time.Second},
		{"long ago", 0, "X-RateLimit-RetryAfter", "1782900000", 0},
		{"next year", 0, "X-RateLimit-RetryAfter", "1814443200", 0},
		{"zero", 0, "X-RateLimit-RetryAfter", "0", 0},
		{"no number", 0, "X-RateLimit-RetryAfter", "NaN", 0},
		{"nothing", 0, "X-Other", "1", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			h.Set("Date", now.Add(tc.skew).Format(http.TimeFormat))
			h.Set(tc.header, tc.value)
			got, ok := namedWait(h, now)
			if ok != (tc.want != 0) || got.Round(time.Millisecond) != tc.want {
				t.Errorf("%s, %t; want %s", got, ok, tc.want)
			}
		})
	}
}
