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

// servedSchema returns the part of the Identity Protection schema that is served. It is parsed once.
var servedSchema = sync.OnceValue(func() *ast.Schema {
	return gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphqls", Input: schemaSource})
})

// roleObject returns the object type of a role of the enumeration EntityRoleType.
func roleObject(role string) string {
	if def := servedSchema().Types[role]; def != nil && def.Kind == ast.Object {
		return role
	}
	return role + "Impl"
}

// roleIsA reports whether a role is of a kind or below it. The hierarchy is that of the schema's interfaces.
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

// typeApplies reports whether a fragment with a type condition applies to an object type.
func typeApplies(condition, object string) bool {
	if condition == "" || condition == object {
		return true
	}
	return slices.Contains(servedSchema().Types[object].Interfaces, condition)
}
