package falcon

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestReadUntil(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		after time.Duration // when the write is shown
		fails bool          // the second read fails
		stops time.Duration // when ctx ends, 0 for never
		reads int
		shown bool
		err   error
	}{
		"at once":     {reads: 1, shown: true},
		"300 ms":      {after: 300 * time.Millisecond, reads: 3, shown: true},
		"three sec":   {after: 3 * time.Second, reads: 6, shown: true},
		"at the end":  {after: readAfterWriteTime, reads: 10, shown: true},
		"never":       {after: time.Hour, reads: 10},
		"an error":    {after: time.Hour, fails: true, reads: 2, err: broken},
		"interrupted": {after: time.Hour, stops: 500 * time.Millisecond, reads: 3, err: context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if test.stops > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.stops)
					defer cancel()
				}
				start, reads := time.Now(), 0
				value, shown, err := readUntil(ctx, systemClock(), func(context.Context) (int, bool, error) {
					reads++
					if test.fails && reads == 2 {
						return reads, false, broken
					}
					return reads, time.Since(start) >= test.after, nil
				})
				if value != reads || shown != test.shown || !errors.Is(err, test.err) || (err == nil) != (test.err == nil) {
					t.Errorf("got %d of %d reads, shown %t, error %v", value, reads, shown, err)
				}
				if reads != test.reads {
					t.Errorf("%d reads, want %d", reads, test.reads)
				}
				if took := time.Since(start); took > readAfterWriteTime {
					t.Errorf("took %s of the test's clock", took)
				}
			})
		})
	}
}
