package identity

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"golang.org/x/sync/semaphore"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// maxPageSize is the most that Falcon returns at once (wire/identity.md#entities).
const maxPageSize = 1000

// Client reads users and domains of one tenant. It may be used by several goroutines at once.
type Client struct {
	falcon   graphQL
	pageSize int
}

// graphQL is all that this package needs of [falcon.Client].
type graphQL interface {
	GraphQL(ctx context.Context, query falcon.GraphQLQuery, data any) error
}

// New returns a client that sends its queries through another one.
func New(client *falcon.Client) *Client { return &Client{falcon: client, pageSize: maxPageSize} }

// operation is one operation of a caller, which may take several queries.
type operation struct {
	client   *Client
	doing    string // completes "the request to …"
	scope    string
	inFlight *semaphore.Weighted
}

func (c *Client) operation(doing, scope string, concurrency int) *operation {
	return &operation{client: c, doing: doing, scope: scope, inFlight: semaphore.NewWeighted(int64(concurrency))}
}

// run sends a query and decodes its data.
func (o *operation) run(ctx context.Context, q *query, data any) error {
	if err := o.inFlight.Acquire(ctx, 1); err != nil {
		return &falcon.Error{Doing: o.doing, Err: fmt.Errorf("stopped before it was sent: %w", context.Cause(ctx))}
	}
	defer o.inFlight.Release(1)
	return o.client.falcon.GraphQL(ctx, falcon.GraphQLQuery{Doing: o.doing, Scope: o.scope, Text: q.text(), Variables: q.variables}, data)
}

// invalid is the error for arguments that are not sent to Falcon.
func (o *operation) invalid(err error) error { return &falcon.Error{Doing: o.doing, Err: err} }

// failed is the error of an operation; nil for nil. What is not Falcon's own error is about a response that cannot be
// what Falcon has.
func (o *operation) failed(err error) error {
	if _, ok := errors.AsType[*falcon.Error](err); ok || err == nil {
		return err
	}
	return &falcon.Error{Doing: o.doing, Status: http.StatusOK, Err: err}
}
