package falcon

import (
	"context"
	"time"
)

// graceTime is for how long a request that creates something may go on when its caller's context has ended.
const graceTime = 30 * time.Second

// withGrace returns a context that outlives ctx by graceTime. A request that Falcon may already be working on is worth
// waiting for: its response says what was created. stop releases the context; it must be called.
func withGrace(ctx context.Context) (graced context.Context, stop func()) {
	graced, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	unhook := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(graceTime, func() { cancel(context.Cause(ctx)) })
		context.AfterFunc(graced, func() { timer.Stop() })
	})
	return graced, func() {
		unhook()
		cancel(context.Canceled)
	}
}
