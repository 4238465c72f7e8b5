package identity

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Introspection works in production, and public clients fetch the schema before their first query (wire/identity.md#transport).

type introspectSchema struct{}

func (introspectSchema) typeName() string { return "__Schema" }

func (introspectSchema) fieldValue(_ *Query, f *selectedField) any {
	schema := servedSchema()
	switch f.name {
	case "queryType":
		return &describedType{named: schema.Query}
	case "types":
		list := []graphObject{}
		for _, name := range slices.Sorted(maps.Keys(schema.Types)) {
			list = append(list, &describedType{named: schema.Types[name]})
		}
		return list
	case "directives":
		list := []graphObject{}
		for _, name := range slices.Sorted(maps.Keys(schema.Directives)) {
			list = append(list, (*describedDirective)(schema.Directives[name]))
		}
		return list
	}
	return nil // no mutations, no subscriptions, no description
}

// introspectType returns the type of __type(name:).
func introspectType(name any) any {
	if def := servedSchema().Types[fmt.Sprint(name)]; def != nil {
		return &describedType{named: def}
	}
	return nil
}

// describedType is a named type, or a list or non-null type of another one.
type describedType struct {
	named   *ast.Definition
	wrapper string
	inner   *ast.Type
}

// describe returns the outermost layer of a type reference.
func describe(t *ast.Type) *describedType {
	switch {
	case t.NonNull:
		bare := *t
		bare.NonNull = false
		return &describedType{wrapper: "NON_NULL", inner: &bare}
	case t.Elem != nil:
		return &describedType{wrapper: "LIST", inner: t.Elem}
	}
	return &describedType{named: servedSchema().Types[t.NamedType]}
}

func (*describedType) typeName() string { return "__Type" }

func (d *describedType) fieldValue(_ *Query, f *selectedField) any {
	if d.named == nil {
		switch f.name {
		case "kind":
			return d.wrapper
		case "ofType":
			return describe(d.inner)
		}
		return nil
	}
	def := d.named
	composite := def.Kind == ast.Object || def.Kind == ast.Interface
	switch {
	case f.name == "kind":
		return string(def.Kind)
	case f.name == "name":
		return def.Name
	case f.name == "fields" && composite:
		return shownItems(def.Fields, f.args, func(field *ast.FieldDefinition) ast.DirectiveList { return field.Directives },
			func(field *ast.FieldDefinition) graphObject { return (*describedField)(field) })
	case f.name == "interfaces" && composite:
		return namedTypes(def.Interfaces)
	case f.name == "possibleTypes" && def.Kind == ast.Interface:
		var names []string
		for _, possible := range servedSchema().GetPossibleTypes(def) {
			names = append(names, possible.Name)
		}
		return namedTypes(names)
	case f.name == "enumValues" && def.Kind == ast.Enum:
		return shownItems(def.EnumValues, f.args, func(v *ast.EnumValueDefinition) ast.DirectiveList { return v.Directives },
			func(v *ast.EnumValueDefinition) graphObject { return (*describedValue)(v) })
	case f.name == "inputFields" && def.Kind == ast.InputObject:
		return objects(def.Fields, func(field **ast.FieldDefinition) graphObject {
			return &describedInput{(*field).Name, (*field).Type, (*field).DefaultValue}
		})
	}
	return nil
}

func namedTypes(names []string) []graphObject {
	return objects(names, func(name *string) graphObject { return &describedType{named: servedSchema().Types[*name]} })
}

// shownItems leaves out built-in items and, unless requested, deprecated ones.
func shownItems[T any](items []T, args map[string]any, directives func(T) ast.DirectiveList, show func(T) graphObject) []graphObject {
	list := []graphObject{}
	for _, item := range items {
		deprecated := directives(item).ForName("deprecated") != nil
		if object := show(item); (!deprecated || args["includeDeprecated"] == true) && !builtinField(object) {
			list = append(list, object)
		}
	}
	return list
}

func builtinField(object graphObject) bool {
	field, ok := object.(*describedField)
	return ok && strings.HasPrefix(field.Name, "__")
}

// deprecation returns the value of isDeprecated or deprecationReason.
func deprecation(directives ast.DirectiveList, field string) any {
	d := directives.ForName("deprecated")
	switch {
	case field == "isDeprecated":
		return d != nil
	case d == nil:
		return nil
	}
	return d.Arguments.ForName("reason").Value.Raw
}

type describedField ast.FieldDefinition

func (*describedField) typeName() string { return "__Field" }

func (d *describedField) fieldValue(_ *Query, f *selectedField) any {
	switch f.name {
	case "name":
		return d.Name
	case "args":
		return inputs(d.Arguments)
	case "type":
		return describe(d.Type)
	case "isDeprecated", "deprecationReason":
		return deprecation(d.Directives, f.name)
	}
	return nil
}

type describedValue ast.EnumValueDefinition

func (*describedValue) typeName() string { return "__EnumValue" }

func (d *describedValue) fieldValue(_ *Query, f *selectedField) any {
	switch f.name {
	case "name":
		return d.Name
	case "isDeprecated", "deprecationReason":
		return deprecation(d.Directives, f.name)
	}
	return nil
}

type describedInput struct {
	name     string
	kind     *ast.Type
	fallback *ast.Value
}

func inputs(list ast.ArgumentDefinitionList) []graphObject {
	return objects(list, func(a **ast.ArgumentDefinition) graphObject {
		return &describedInput{(*a).Name, (*a).Type, (*a).DefaultValue}
	})
}

func (*describedInput) typeName() string { return "__InputValue" }

func (d *describedInput) fieldValue(_ *Query, f *selectedField) any {
	switch f.name {
	case "name":
		return d.name
	case "type":
		return describe(d.kind)
	case "isDeprecated":
		return false
	case "defaultValue":
		if d.fallback != nil {
			return d.fallback.String()
		}
	}
	return nil
}

type describedDirective ast.DirectiveDefinition

func (*describedDirective) typeName() string { return "__Directive" }

func (d *describedDirective) fieldValue(_ *Query, f *selectedField) any {
	switch f.name {
	case "name":
		return d.Name
	case "args":
		return inputs(d.Arguments)
	case "isRepeatable":
		return d.IsRepeatable
	case "locations":
		locations := []string{}
		for _, location := range d.Locations {
			locations = append(locations, string(location))
		}
		return locations
	}
	return nil
}
