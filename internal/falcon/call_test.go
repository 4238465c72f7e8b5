package falcon

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// slowCreate responds to an import after a time, unless it is interrupted.
type slowCreate struct {
	takes time.Duration
	sent  int
}

func (s *slowCreate) RoundTrip(r *http.Request) (*http.Response, error) {
	s.sent++
	select {
	case <-time.After(s.takes):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(`{"errors":[],"resources":[{"id":"w1"}]}`)),
	}, nil
}

// A create in progress when the context ends continues for a limited time. One that was not sent yet is not sent.
func TestCreateGoesOnAfterInterruption(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		takes, interrupted time.Duration
		sent               int
		lost               bool
		took               time.Duration
	}{
		"not interrupted":   {takes: time.Second, interrupted: time.Hour, sent: 1, took: time.Second},
		"finished in grace": {takes: 20 * time.Second, interrupted: time.Second, sent: 1, took: 20 * time.Second},
		"hangs":             {takes: time.Hour, interrupted: time.Second, sent: 1, lost: true, took: time.Second + createGrace},
		"before it is sent": {takes: time.Second, sent: 0, lost: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tenant := &slowCreate{takes: test.takes}
				c, err := New(t.Context(), Config{AccessToken: "test-token", BaseURL: "https://falcon.example", HTTPTransport: tenant})
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), test.interrupted)
				defer cancel()
				ctx = withCall(ctx, call{doing: "create", repeat: onlyPaced, grace: createGrace})
				start := time.Now()
				made, err := c.sendImport(ctx, spec(false).Document, false)
				if (err != nil) != test.lost || !test.lost && made.id != "w1" || tenant.sent != test.sent {
					t.Errorf("got %+v, %v, sent %d times", made, err, tenant.sent)
				}
				if test.lost && (!errors.Is(err, context.DeadlineExceeded) || Ambiguous(err) != (test.sent > 0)) {
					t.Errorf("ambiguous %t: %v", Ambiguous(err), err)
				}
				if took := time.Since(start); took != test.took {
					t.Errorf("took %s of the test's clock, want %s", took, test.took)
				}
			})
		})
	}
}
