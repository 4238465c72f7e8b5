package falcon

import (
	"net/http"
	"testing"
	"time"
)

// FuzzHintedWait checks that no header makes a request wait for long, or repeat without a wait.
func FuzzHintedWait(f *testing.F) {
	for _, s := range []string{"", "0", "-1", "1782907201", "1782907201000", "1e300", "NaN", "Inf", "1782907202, 9", "Wed, 01 Jul 2026 12:00:09 GMT", "99999999999999999999"} {
		f.Add(s, s, s)
	}
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, limit, after, date string) {
		h := http.Header{"X-Ratelimit-Retryafter": {limit}, "Retry-After": {after}, "Date": {date}}
		d, ok := hintedWait(h, now)
		if ok && (d < minHintedWait || d > maxHintedWait) || !ok && d != 0 {
			t.Errorf("%s, %t", d, ok)
		}
	})
}
