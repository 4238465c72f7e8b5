package identity

import (
	_ "embed"
	"slices"
	"sync"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

//go:embed schema.graphqls
var schemaSource string

// servedSchema is the served part of the Identity Protection schema, parsed
// when it is first needed.
var servedSchema = sync.OnceValue(func() *ast.Schema {
	return gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphqls", Input: schemaSource})
})

// roleObject is the object type of a role of the enumeration EntityRoleType.
func roleObject(role string) string {
	if def := servedSchema().Types[role]; def != nil && def.Kind == ast.Object {
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
	def := servedSchema().Types[roleObject(role)]
	if def == nil {
		return false
	}
	return slices.Contains(def.Interfaces, kind)
}

func enumValues(name string) []string {
	var values []string
	for _, v := range servedSchema().Types[name].EnumValues {
		values = append(values, v.Name)
	}
	return values
}

// typeApplies tells whether a fragment on the condition applies to an object.
func typeApplies(condition, object string) bool {
	if condition == "" || condition == object {
		return true
	}
	return slices.Contains(servedSchema().Types[object].Interfaces, condition)
}
