package falcon

import (
	"context"
	"net/http"
	"time"
)

// repeat says when the transport may send a request again.
type repeat int

const (
	// onlyPaced requests are repeated only on 429, where Falcon did nothing: creates, actions, and the PUT that raises a
	// workflow's version.
	onlyPaced repeat = iota
	// safe requests are repeated on 429, on 5xx and after network errors: reads, and changes that may be made twice.
	safe
)

// call is what the transport knows about the operation that a request belongs to. It travels in the request's context.
type call struct {
	doing string // completes "the request to …", e.g. `create API client "x"`
	scope string // the scope that Falcon requires, e.g. "api-client-mgmt:write"; "" if none
	// scopeUnsure is set if a refusal may also be for lack of another scope.
	scopeUnsure bool
	repeat      repeat
	noAuth      bool          // the request carries its own credentials (token and revoke requests)
	secrets     []string      // sent in this request; must never appear in an error if Falcon echoes one
	grace       time.Duration // a request in progress continues for this long after the context has ended; see createGrace
	// check, if set, returns what is wrong with the body of a 2xx. The request is then repeated like one whose response was cut.
	check func(body []byte) error
	// secretList has these secrets, and those that the transport adds.
	secretList *secretList
}

// text makes text from a response safe to display.
func (c call) text(s string, limit int) string { return oneLine(redact(s, c.secretList.all()), limit) }

// headerText is the value of a response header, safe to display.
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
		return call{doing: "send a request", secretList: &secretList{}}
	}
	return c
}

// createGrace is how long a create in progress continues after the caller's context has ended: interrupting it would leave
// an object that no state knows of. Nothing new is sent during that time.
const createGrace = 30 * time.Second

// withGrace returns a context that ends when ctx has been done for the grace period.
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
