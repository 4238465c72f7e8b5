package falcon

import (
	"context"
	"net/http"
	"time"
)

// repeat says in which cases the transport may send a call again.
type repeat int

const (
	// onlyPaced calls are repeated on 429 only, where Falcon did nothing: creates, actions, and the PUT that raises a
	// workflow's version.
	onlyPaced repeat = iota
	// safe calls are repeated on 429, on 5xx and after network errors: reads, and changes that may be made twice.
	safe
)

// call is what the transport knows of the operation that a request belongs to. It travels in the request's context.
type call struct {
	doing   string // completes "could not …", e.g. `create API client "x"`
	scope   string // the scope that Falcon demands, e.g. "api-client-mgmt:write"; "" if none
	repeat  repeat
	noAuth  bool          // the request carries its own credentials (the token and revoke calls)
	secrets []string      // sent in this call; never to appear in an error, should Falcon echo one
	grace   time.Duration // a request under way goes on for this long when the context has ended; see createGrace
	// secretList has the secrets, and those that the transport adds.
	secretList *secretList
}

// text makes what came with a response fit to be shown.
func (c call) text(s string, limit int) string { return oneLine(redact(s, c.secretList.all()), limit) }

// headerText is a response's header, fit to be shown.
func (c call) headerText(h http.Header, name string) string {
	return c.text(h.Get(name), maxHeaderText)
}

type callKey struct{}

// withCall returns the context for one operation: params are built with New…ParamsWithContext(withCall(ctx, call{…})).
func withCall(ctx context.Context, c call) context.Context {
	c.secretList = &secretList{}
	c.secretList.add(c.secrets...)
	return context.WithValue(ctx, callKey{}, c)
}

func callFrom(ctx context.Context) call {
	c, ok := ctx.Value(callKey{}).(call)
	if !ok {
		return call{doing: "call Falcon", secretList: &secretList{}}
	}
	return c
}

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
