package falcon

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/crowdstrike/gofalcon/falcon/client/identity_protection"
	"github.com/go-openapi/runtime"
	"github.com/go-openapi/strfmt"
)

const (
	scopeGraphQLWrite = "identity-graphql:write"

	// pointsRefill is the time in which the query-cost budget refills (wire/identity.md#transport).
	pointsRefill = 10 * time.Second
	// scopeProbe touches no data, so that it needs no other scope than that of the GraphQL API.
	scopeProbe = "query { __typename }"
	// maxPointWaits bounds how often one query waits for points after it was refused.
	maxPointWaits = 3
)

// GraphQLQuery is a query of the GraphQL API of Identity Protection, which changes nothing.
type GraphQLQuery struct {
	// Doing completes "the request to …" in errors.
	Doing string
	// Scope is that of the data, in addition to the one of the GraphQL API.
	Scope string
	// Text contains no values: they are Variables.
	Text      string
	Variables map[string]any
}

// withVariables writes the query's body: gofalcon's model has no variables (wire/identity.md#transport).
type withVariables []byte

// WriteToRequest implements the writer that go-openapi asks for.
func (body withVariables) WriteToRequest(r runtime.ClientRequest, _ strfmt.Registry) error {
	return r.SetBodyParam(bytes.NewReader(body))
}

type wireGraphQL struct {
	Data       json.RawMessage `json:"data"`
	Errors     looseMessages   `json:"errors"`
	Extensions struct {
		RemainingPoints *looseInt `json:"remainingPoints"`
		ConsumedPoints  looseInt  `json:"consumedPoints"`
		Reset           looseInt  `json:"reset"` // milliseconds
	} `json:"extensions"`
}

// GraphQL runs a query and decodes its data. Falcon reports a failed query as a 200 with errors, next to which data may
// be half filled: any error is an error of the whole query.
func (c *Client) GraphQL(ctx context.Context, query GraphQLQuery, data any) error {
	ctx = withCall(ctx, call{doing: query.Doing, scope: query.Scope, scopeUnsure: true, repeat: safe})
	body, err := json.Marshal(map[string]any{"query": query.Text, "variables": query.Variables})
	if err != nil {
		return &Error{Doing: query.Doing, Err: fmt.Errorf("prepare the query: %w", err)}
	}
	for waits := 0; ; waits++ {
		env, err := c.sendQuery(ctx, body)
		if err != nil {
			return c.whichScope(ctx, err)
		}
		exhausted := c.points.count(&env.wire, c.clock.now())
		if len(env.wire.Errors) > 0 {
			if exhausted && waits < maxPointWaits {
				continue
			}
			env.Errors = redactMessages(env.wire.Errors, callFrom(ctx).secretList.all())
			return env.err(ctx)
		}
		if len(env.wire.Data) == 0 || bytes.Equal(env.wire.Data, []byte("null")) {
			return listingError(ctx, &env.envelope, "the response to the query contains no data")
		}
		if err := json.Unmarshal(env.wire.Data, data); err != nil {
			return env.unreadable(ctx, err)
		}
		return nil
	}
}

type graphqlEnvelope struct {
	envelope
	wire wireGraphQL
}

func (c *Client) sendQuery(ctx context.Context, body []byte) (*graphqlEnvelope, error) {
	if err := c.points.gate.wait(ctx, c.clock); err != nil {
		return nil, &Error{Doing: callFrom(ctx).doing, Err: fmt.Errorf("stopped before it was sent: %w", err)}
	}
	params := identity_protection.NewAPIPreemptProxyPostGraphqlParamsWithContext(ctx)
	ownBody := func(op *runtime.ClientOperation) { op.Params = withVariables(body) }
	var r response
	_, err := c.identity.APIPreemptProxyPostGraphql(params, ownBody, r.as(identity_protection.NewAPIPreemptProxyPostGraphqlOK()))
	if err != nil {
		return nil, err
	}
	env := &graphqlEnvelope{envelope: envelope{Status: r.status, TraceID: r.header("X-Cs-Traceid")}}
	if len(bytes.TrimSpace(r.body)) == 0 {
		return nil, listingError(ctx, &env.envelope, "the response to the query is empty")
	}
	if err := json.Unmarshal(r.body, &env.wire); err != nil {
		return nil, env.unreadable(ctx, err)
	}
	return env, nil
}

// whichScope finds out which scope is missing when Falcon says that one is: a query needs the scope of the GraphQL API
// and that of the data (wire/identity.md#transport), and the refusal does not name it. A query that touches no data needs
// only the first one.
func (c *Client) whichScope(ctx context.Context, refusal error) error {
	e, ok := errors.AsType[*Error](refusal)
	if !ok || e.Status != http.StatusForbidden || e.MissingScope == "" {
		return refusal
	}
	probe := callFrom(ctx)
	probe.scope = scopeGraphQLWrite
	body, err := json.Marshal(map[string]any{"query": scopeProbe, "variables": nil})
	if err != nil {
		return refusal
	}
	if _, err := c.sendQuery(withCall(ctx, probe), body); IsScopeMissing(err) {
		e.MissingScope = scopeGraphQLWrite
	}
	c.transport.refused.note(e)
	return e
}

// pointBudget follows the query-cost budget that Falcon keeps for a tenant. The zero value is ready for use.
type pointBudget struct {
	gate    gate
	mu      sync.Mutex
	largest int64 // cost of the most expensive query so far
}

// count records the costs in a response. When the points that are left do not pay for another query, all queries are
// held back until the budget is full again, and count returns true.
func (p *pointBudget) count(wire *wireGraphQL, now time.Time) bool {
	p.mu.Lock()
	p.largest = max(p.largest, int64(wire.Extensions.ConsumedPoints))
	needed := max(p.largest, 1)
	p.mu.Unlock()
	left := wire.Extensions.RemainingPoints
	if left == nil || int64(*left) >= needed {
		return false
	}
	wait := time.Duration(wire.Extensions.Reset) * time.Millisecond
	if wire.Extensions.Reset <= 0 || wire.Extensions.Reset > looseInt(maxHintedWait/time.Millisecond) {
		wait = pointsRefill
	}
	p.gate.closeUntil(now.Add(wait), nil)
	return true
}
