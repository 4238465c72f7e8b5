package identity

import (
	"errors"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Request is the body of a GraphQL request.
type Request struct {
	Query         string         `json:"query"`
	Variables     map[string]any `json:"variables"`
	OperationName string         `json:"operationName"`
}

// Settings are what a query depends on in addition to its request.
type Settings struct {
	// CID is the customer id of the caller's token.
	CID string
	// Now is the time that relative dates refer to.
	Now time.Time
	// Reading returns the tenant's reading of an open question.
	Reading func(id string) string
}

// Result is the result of a query.
type Result struct {
	Data   []byte // nil if a field that cannot be null failed
	Errors gqlerror.List
	Nodes  int // entities in the result, which decide its cost
}

// Prepare parses and validates a query. If an error is about the simulator and not about the query, it says so.
func (t *Tenant) Prepare(request Request, settings Settings) (*Query, gqlerror.List) {
	x := &Query{tenant: t, index: t.view(), cid: settings.CID, reading: settings.Reading, filters: newFilterBuilder(settings.Now, settings.Reading)}
	errs := x.parse(request)
	if unheld := notSimulated(errs); unheld != nil {
		return nil, unheld
	}
	if errs != nil {
		return nil, errs
	}
	return x, nil
}

// RootFields returns the names of the root fields in the query.
func (x *Query) RootFields() []string {
	var names []string
	for _, field := range x.collect([]ast.SelectionSet{x.operation.SelectionSet}, "Query") {
		names = append(names, field.name)
	}
	return names
}

// Execute runs the query.
func (x *Query) Execute() Result {
	data := x.data()
	return Result{Data: data, Errors: x.errors, Nodes: x.nodes}
}

// parse parses and validates the request.
func (x *Query) parse(request Request) gqlerror.List {
	document, errs := gqlparser.LoadQueryWithRules(servedSchema(), request.Query, rules.NewDefaultRules())
	if errs != nil {
		return errs
	}
	x.operation = document.Operations.ForName(request.OperationName)
	if x.operation == nil {
		return gqlerror.List{gqlerror.Errorf("Must provide operation name if query contains multiple operations.")}
	}
	var err error
	x.variables, err = validator.VariableValues(servedSchema(), x.operation, request.Variables)
	var described *gqlerror.Error
	if errors.As(err, &described) {
		return gqlerror.List{described}
	}
	if err != nil {
		return gqlerror.List{gqlerror.Wrap(err)}
	}
	return nil
}
