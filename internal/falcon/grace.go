package falcon

import (
	"context"
	"time"
)

// createGrace is for how long a create that is under way goes on after the caller's context has ended: interrupting it
// would leave an object that no state knows of. Nothing new is sent in that time.
const createGrace = 30 * time.Second

// withGrace returns a context that ends when ctx has been over for the time of grace.
func withGrace(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	if grace <= 0 {
		return context.WithCancel(ctx)
	}
	graced, end := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-timer.C:
			end(context.Cause(ctx))
		case <-graced.Done():
		}
	})
	return graced, func() {
		stop()
		end(context.Canceled)
	}
}
