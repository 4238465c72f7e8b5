package identity

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// query is a GraphQL query under construction. Values only ever travel as variables.
type query struct {
	fields    []string
	types     map[string]string
	variables map[string]any
}

// variable declares a variable and returns its name as the query writes it. A name always stands for the same value.
func (q *query) variable(name, kind string, value any) string {
	if q.types == nil {
		q.types, q.variables = map[string]string{}, map[string]any{}
	}
	q.types[name], q.variables[name] = kind, value
	return "$" + name
}

func (q *query) field(format string, args ...any) {
	q.fields = append(q.fields, fmt.Sprintf(format, args...))
}

func (q *query) text() string {
	var declared []string
	for _, name := range slices.Sorted(maps.Keys(q.types)) {
		declared = append(declared, "$"+name+": "+q.types[name])
	}
	head := "query "
	if len(declared) > 0 {
		head = "query(" + strings.Join(declared, ", ") + ") "
	}
	return head + "{ " + strings.Join(q.fields, " ") + " }"
}

// arguments declares what a selection needs and returns it as arguments. Selections of one query share their args and
// differ in the conditions, for which name stands.
func (q *query) arguments(s selection, name string) string {
	list := []string{"types: [USER]"}
	for _, arg := range slices.Sorted(maps.Keys(s.args)) {
		list = append(list, arg+": "+q.variable(arg, argumentTypes[arg], s.args[arg]))
	}
	if len(s.all) > 0 {
		list = append(list, "all: "+q.variable(name, "[EntityQueryInput!]", s.all))
	}
	return strings.Join(list, ", ")
}

// count adds the number of the selected users under this name.
func (q *query) count(name string, s selection) {
	q.field("%s: countEntities(%s)", name, q.arguments(s, name+"Of"))
}

// countEach adds a count for each of several selections, under the countNames.
func (q *query) countEach(list []selection) {
	for i, name := range countNames(len(list)) {
		q.count(name, list[i])
	}
}

// countNames are the names of numbered counts of one query.
func countNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = "count" + strconv.Itoa(i)
	}
	return names
}

// counts are the numbers in a response by their names.
type counts map[string]json.RawMessage

var errNoCount = errors.New("a count in the response is missing or is not a number")

// of returns a count, which has to be there.
func (c counts) of(name string) (int64, error) {
	var n *int64
	if err := json.Unmarshal(c[name], &n); err != nil || n == nil || *n < 0 {
		return 0, errNoCount
	}
	return *n, nil
}

// list returns the counts of several names.
func (c counts) list(names []string) ([]int64, error) {
	list := make([]int64, len(names))
	for i, name := range names {
		var err error
		if list[i], err = c.of(name); err != nil {
			return nil, err
		}
	}
	return list, nil
}
