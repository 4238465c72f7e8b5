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

// response is one 2xx response of Falcon. The transport has already turned every other one into an *[Error], and
// ensures that the response to an operation that accepts only JSON is JSON or empty.
//
//	var r response
//	_, err := c.apiClients.GetAPIClients(params, r.as(api_clients.NewGetAPIClientsOK()))
//	env, err := r.envelope(ctx)
type response struct {
	status int
	header func(name string) string
	body   []byte
}

// as is a gofalcon ClientOption. It replaces the operation's reader by one that keeps any 2xx response, and makes the
// operation return result, which must be of the operation's own success type (the operation panics on any other). gofalcon's
// readers reject statuses that the spec lacks and fail on fields whose type differs
// (wire/authentication.md#gofalcon-errors).
func (r *response) as(result any) func(*runtime.ClientOperation) {
	return func(op *runtime.ClientOperation) {
		op.Reader = runtime.ClientResponseReaderFunc(func(resp runtime.ClientResponse, _ runtime.Consumer) (any, error) {
			body, err := io.ReadAll(resp.Body())
			if err != nil {
				return nil, fmt.Errorf("read the response: %w", err)
			}
			r.status, r.header, r.body = resp.Code(), resp.GetHeader, body
			return result, nil
		})
	}
}

// envelope is the frame of nearly every response (wire/conventions.md#envelope).
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

// envelope decodes the body. Absent or null lists are empty, and so is an empty body. It does not look at Errors; see
// [envelope.err].
func (r *response) envelope(ctx context.Context) (*envelope, error) {
	env := &envelope{Status: r.status, Total: -1}
	if len(bytes.TrimSpace(r.body)) == 0 {
		return env, nil
	}
	var wire wireEnvelope
	err := json.Unmarshal(r.body, &wire)
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

// err returns the errors of a 2xx response as an *[Error] with that status, or nil.
func (e *envelope) err(ctx context.Context) error {
	if len(e.Errors) == 0 {
		return nil
	}
	c := callFrom(ctx)
	out := &Error{Doing: c.doing, Status: e.Status, Messages: e.Errors, TraceID: e.TraceID, secrets: c.secretList}
	out.nameScope(c)
	return out
}

// unreadable is the error for a response that is JSON of a different shape than documented.
func (e *envelope) unreadable(ctx context.Context, err error) error {
	where := "its structure is not the documented one"
	var typed *json.UnmarshalTypeError
	if errors.As(err, &typed) && typed.Field != "" {
		where = "the field " + strconv.Quote(typed.Field) + " is a JSON " + typed.Value
	}
	return e.broken(ctx, errors.New("the response could not be decoded: "+where))
}

// broken is the error for a 2xx that lacks what it should contain. The requested change may have been made.
func (e *envelope) broken(ctx context.Context, err error) *Error {
	return &Error{Doing: callFrom(ctx).doing, Status: e.Status, TraceID: e.TraceID, Err: err, ambiguous: true}
}

// silent reports whether there is neither a list nor a total.
func (e *envelope) silent() bool { return e.Resources == nil && e.Total < 0 }

// unstated is the error with errUnstated.
func (e *envelope) unstated(ctx context.Context) error {
	return &Error{Doing: callFrom(ctx).doing, Status: e.Status, TraceID: e.TraceID, Err: errUnstated}
}

// resources decodes each resource into a T and skips null ones.
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
