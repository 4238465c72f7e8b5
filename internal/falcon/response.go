package falcon

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

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
// readers refuse statuses that the spec lacks and fail on fields whose type differs
// (wire/authentication.md#gofalcon-errors).
func (a *answer) as(result any) func(*runtime.ClientOperation) {
	return func(op *runtime.ClientOperation) {
		op.Reader = runtime.ClientResponseReaderFunc(func(r runtime.ClientResponse, _ runtime.Consumer) (any, error) {
			body, err := io.ReadAll(r.Body())
			if err != nil {
				return nil, fmt.Errorf("read the answer: %w", err)
			}
			a.status, a.header, a.body = r.Code(), r.GetHeader, body
			return result, nil
		})
	}
}

// envelope is the frame of nearly every answer (wire/conventions.md#envelope).
type envelope struct {
	Status    int
	TraceID   string
	Total     int    // meta.pagination.total, -1 when absent
	After     string // meta.pagination.after
	Offset    string // meta.pagination.offset, a number or an opaque string
	Errors    []Message
	Resources []json.RawMessage // nil when null or absent
}

type wireEnvelope struct {
	Meta struct {
		TraceID    looseString `json:"trace_id"`
		Pagination struct {
			Total  *looseInt   `json:"total"`
			After  looseString `json:"after"`
			Offset looseString `json:"offset"`
		} `json:"pagination"`
	} `json:"meta"`
	Errors    looseMessages   `json:"errors"`
	Resources json.RawMessage `json:"resources"`
}

// envelope decodes the body. Absent or null lists are empty, and so is an empty body. It does not look at Errors: see
// [envelope.err].
func (a *answer) envelope(ctx context.Context) (*envelope, error) {
	env := &envelope{Status: a.status, Total: -1}
	if len(bytes.TrimSpace(a.body)) == 0 {
		return env, nil
	}
	var wire wireEnvelope
	err := json.Unmarshal(a.body, &wire)
	if err == nil && len(wire.Resources) > 0 {
		err = json.Unmarshal(wire.Resources, &env.Resources)
	}
	if err != nil {
		return nil, env.unreadable(ctx, err)
	}
	c := callFrom(ctx)
	env.TraceID = c.text(string(wire.Meta.TraceID), maxHeaderText)
	env.After, env.Offset = string(wire.Meta.Pagination.After), string(wire.Meta.Pagination.Offset)
	if len(wire.Errors) > 0 {
		env.Errors = redactMessages(wire.Errors, c.secretList.all())
	}
	if total := wire.Meta.Pagination.Total; total != nil {
		env.Total = int(*total)
	}
	return env, nil
}

// err turns the errors of a 2xx answer into an *[Error] with that status; nil when there are none.
func (e *envelope) err(ctx context.Context) error {
	if len(e.Errors) == 0 {
		return nil
	}
	c := callFrom(ctx)
	out := &Error{Doing: c.doing, Status: e.Status, Messages: e.Errors, TraceID: e.TraceID, secrets: c.secretList}
	out.nameScope(c)
	return out
}

// unreadable is the error for an answer that is JSON of another shape than Falcon's.
func (e *envelope) unreadable(ctx context.Context, err error) error {
	where := "its shape is not the documented one"
	var typed *json.UnmarshalTypeError
	if errors.As(err, &typed) && typed.Field != "" {
		where = "the field " + strconv.Quote(typed.Field) + " is a JSON " + typed.Value
	}
	return e.broken(ctx, errors.New("the answer could not be understood: "+where))
}

// broken is the error for a 2xx that lacks what it should hold: what was asked for may have been done.
func (e *envelope) broken(ctx context.Context, err error) *Error {
	return &Error{Doing: callFrom(ctx).doing, Status: e.Status, TraceID: e.TraceID, Err: err, ambiguous: true}
}

// silent says that there is neither a list nor a count of it.
func (e *envelope) silent() bool { return e.Resources == nil && e.Total < 0 }

// unstated is the error for errUnstated.
func (e *envelope) unstated(ctx context.Context) error {
	return &Error{Doing: callFrom(ctx).doing, Status: e.Status, TraceID: e.TraceID, Err: errUnstated}
}

// resources decodes each resource into a T. A resource that is null is left out.
func resources[T any](ctx context.Context, e *envelope) ([]T, error) {
	out := make([]T, 0, len(e.Resources))
	for _, raw := range e.Resources {
		if bytes.Equal(bytes.TrimSpace(raw), []byte("null")) {
			continue
		}
		var item T
		if err := json.Unmarshal(raw, &item); err != nil {
			return nil, e.unreadable(ctx, err)
		}
		out = append(out, item)
	}
	return out, nil
}
