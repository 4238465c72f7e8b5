package falcon

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestHintedWait checks how long Falcon asks to wait, by the clocks of both sides. 0 means that it does not say.
func TestHintedWait(t *testing.T) {
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
		{"very soon", 0, "X-RateLimit-RetryAfter", "1782907200750", minHintedWait},
		{"a moment ago", 0, "X-RateLimit-RetryAfter", "1782907200", 0},
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
			got, ok := hintedWait(h, now)
			if ok != (tc.want != 0) || got.Round(time.Millisecond) != tc.want {
				t.Errorf("%s, %t; want %s", got, ok, tc.want)
			}
		})
	}
}

// A response about the subject of a request is distinguished from one that says nothing about it.
func TestIsInconclusive(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		err  error
		want bool
	}{
		"no connection":      {&Error{Err: io.EOF}, true},
		"no token":           {&Error{Status: 401, token: true}, true},
		"overload":           {&Error{Status: 429}, true},
		"fault":              {&Error{Status: 503}, true},
		"proxy":              {&Error{Status: 403, html: true}, true},
		"unreadable":         {&Error{Status: 200, Err: errNotJSON}, true},
		"fault within a 200": {&Error{Status: 200, Messages: []Message{{Code: 500}}}, true},
		"refused":            {&Error{Status: 400}, false},
		"refused in a 200":   {&Error{Status: 200, Messages: []Message{{Code: 409}}}, false},
		"invalid":            {ValidationErrors{}, false},
		"none":               {nil, false},
	} {
		if got := IsInconclusive(tc.err); got != tc.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// A secret that Falcon repeats under its name does not get into an error, even an unknown one.
func TestSecretsInFalconsWords(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`could not store {"client_secret": "AbC123-x"}`, `client_secret=AbC123-x refused`, `hmac_secret_key: AbC123-x`, `{"secret":"AbC123-x"}`,
		`'clientSecret': 'AbC123-x'`, `access_token="AbC123-x"`,
	} {
		if got := redact(text, nil); strings.Contains(got, "AbC123-x") || !strings.Contains(got, "(redacted)") {
			t.Errorf("%s is shown as %s", text, got)
		}
	}
	const plain = `the secret is shown once; name "secret plan" is taken`
	if got := redact(plain, nil); got != plain {
		t.Errorf("%s is shown as %s", plain, got)
	}
}
