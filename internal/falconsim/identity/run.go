package identity

import (
	"errors"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Query is one operation on one state of the tenant.
type Query struct {
	tenant    *Tenant
	index     *index // the state when the query began
	cid       string
	reading   func(id string) string
	filters   *filterBuilder
	operation *ast.OperationDefinition
	variables map[string]any
	nodes     int
	errors    gqlerror.List
	collected map[collectKey][]*selectedField
}

// selectedField is a field that is selected on an object type, merged from all its selections.
type selectedField struct {
	name, key string
	args      map[string]any
	selected  []ast.SelectionSet
	node      *ast.Field
}

// collectKey identifies the selections of a field on an object type. Collecting them once per type instead of once per object
// makes large pages fast.
type collectKey struct {
	parent *selectedField
	object string
}

// fields returns the fields that are selected below parent on an object type.
func (x *Query) fields(parent *selectedField, object string) []*selectedField {
	key := collectKey{parent, object}
	list, known := x.collected[key]
	if !known {
		list = x.collect(parent.selected, object)
		if x.collected == nil {
			x.collected = map[collectKey][]*selectedField{}
		}
		x.collected[key] = list
	}
	return list
}

// collect merges selections by response key and applies fragments and the directives skip and include.
func (x *Query) collect(sets []ast.SelectionSet, object string) []*selectedField {
	var list []*selectedField
	byKey := map[string]*selectedField{}
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, selection := range set {
			switch s := selection.(type) {
			case *ast.Field:
				if !x.included(s.Directives) {
					continue
				}
				field := byKey[s.Alias]
				if field == nil {
					field = &selectedField{name: s.Name, key: s.Alias, node: s}
					if s.Definition != nil {
						field.args = s.ArgumentMap(x.variables)
					}
					byKey[s.Alias] = field
					list = append(list, field)
				}
				field.selected = append(field.selected, s.SelectionSet)
			case *ast.InlineFragment:
				if x.included(s.Directives) && typeApplies(s.TypeCondition, object) {
					walk(s.SelectionSet)
				}
			case *ast.FragmentSpread:
				if x.included(s.Directives) && typeApplies(s.Definition.TypeCondition, object) {
					walk(s.Definition.SelectionSet)
				}
			}
		}
	}
	for _, set := range sets {
		walk(set)
	}
	return list
}

func (x *Query) included(directives ast.DirectiveList) bool {
	for name, skips := range map[string]bool{"skip": true, "include": false} {
		if d := directives.ForName(name); d != nil && d.ArgumentMap(x.variables)["if"] == skips {
			return false
		}
	}
	return true
}

// data returns the values of the root fields as JSON. A field that fails and cannot be null makes all data null.
func (x *Query) data() []byte {
	out := []byte{'{'}
	for i, field := range x.collect([]ast.SelectionSet{x.operation.SelectionSet}, "Query") {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(appendText(out, field.key), ':')
		value, err := x.root(field)
		if err != nil {
			x.errors = append(x.errors, &gqlerror.Error{
				Message:   err.Error(),
				Path:      ast.Path{ast.PathName(field.key)},
				Locations: []gqlerror.Location{{Line: field.node.Position.Line, Column: field.node.Position.Column}},
			})
			if field.node.Definition.Type.NonNull {
				return nil
			}
			value = nil
		}
		out = x.appendValue(out, value, field)
	}
	return append(out, '}')
}

func (x *Query) root(field *selectedField) (any, error) {
	switch field.name {
	case "__typename":
		return "Query", nil
	case "__schema":
		return introspectSchema{}, nil
	case "__type":
		return introspectType(field.args["name"]), nil
	case "entities":
		return x.entities(field.args)
	case "countEntities":
		return x.countEntities(field.args)
	case "domains":
		return x.domains(field.args)
	case "securityAssessment":
		return x.securityAssessment(field.args)
	case "securityAssessmentGoals":
		return objects(assessmentGoals, func(g *assessmentGoal) graphObject { return g }), nil
	}
	return nil, errors.New(NotSimulated + "the field " + field.name)
}

// appendObject appends the selected fields of an object as JSON.
func (x *Query) appendObject(out []byte, object graphObject, parent *selectedField) []byte {
	out = append(out, '{')
	kind := object.typeName()
	for i, field := range x.fields(parent, kind) {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(appendText(out, field.key), ':')
		if field.name == "__typename" {
			out = appendText(out, kind)
			continue
		}
		out = x.appendValue(out, object.fieldValue(x, field), field)
	}
	return append(out, '}')
}
