package falcon

import (
	"context"
	"encoding/json"

	"github.com/go-openapi/runtime"
)

// answer is one 2xx answer of Falcon. The transport has turned everything else into an *[Error] already, and has made
// sure that the answer to a call that accepts only JSON is JSON or empty.
//
//	var a answer
//	_, err := c.apiClients.GetAPIClients(params, a.as(api_clients.NewGetAPIClientsOK()))
//	env, err := a.envelope(ctx)
type answer struct {
	status int
	header func(name string) string
	body   []byte
}

// as is a gofalcon ClientOption: it replaces the operation's reader by one that keeps any 2xx answer in a, and makes
// the operation return result, which must be of the operation's own success type (it panics on any other). gofalcon's
// readers refuse statuses that the spec lacks and fail on fields whose type differs (wire-api.md 1.6).
func (a *answer) as(result any) func(*runtime.ClientOperation) {
	return func(op *runtime.ClientOperation) {}
}

// envelope is the frame of nearly every answer (wire-api.md 0.1).
type envelope struct {
	TraceID   string
	Total     int    // meta.pagination.total, -1 when absent
	After     string // meta.pagination.after
	Offset    string // meta.pagination.offset, a number or an opaque string
	Errors    []Message
	Resources []json.RawMessage
}

// envelope decodes the body. Absent or null lists are empty. It does not look at Errors: see [envelope.err].
func (a *answer) envelope(ctx context.Context) (*envelope, error) { return nil, errUnbuilt }

// err turns the errors of a 2xx answer into an *[Error] with that status; nil when there are none.
func (e *envelope) err(ctx context.Context) error { return nil }

// resources decodes each resource into a T.
func resources[T any](ctx context.Context, e *envelope) ([]T, error) { return nil, errUnbuilt }
