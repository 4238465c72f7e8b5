package falconsim

import (
	_ "embed"
	"slices"
	"sync"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

//go:embed graphql_schema.graphqls
var graphqlSource string

// graphqlSchema is the served part of the Identity Protection schema, parsed
// when it is first needed.
var graphqlSchema = sync.OnceValue(func() *ast.Schema {
	return gqlparser.MustLoadSchema(&ast.Source{Name: "graphql_schema.graphqls", Input: graphqlSource})
})

// roleObject is the object type of a role of the enumeration EntityRoleType.
func roleObject(role string) string {
	if def := graphqlSchema().Types[role]; def != nil && def.Kind == ast.Object {
		return role
	}
	return role + "Impl"
}

// roleIsA tells whether a role is of a type or of one below it: the hierarchy
// is that of the schema's interfaces.
func roleIsA(role, kind string) bool {
	if role == kind {
		return true
	}
	def := graphqlSchema().Types[roleObject(role)]
	if def == nil {
		return false
	}
	return slices.Contains(def.Interfaces, kind)
}

func enumValues(name string) []string {
	var values []string
	for _, v := range graphqlSchema().Types[name].EnumValues {
		values = append(values, v.Name)
	}
	return values
}

// typeApplies tells whether a fragment on the condition applies to an object.
func typeApplies(condition, object string) bool {
	if condition == "" || condition == object {
		return true
	}
	return slices.Contains(graphqlSchema().Types[object].Interfaces, condition)
}
