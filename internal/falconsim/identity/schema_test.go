package identity

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"
)

// TestSchemaIsATrueSubset compares every type, field, argument, and enum value that the simulator serves with the published
// ones. Nothing may be made up.
func TestSchemaIsATrueSubset(t *testing.T) {
	t.Parallel()
	published := publishedMembers(t)
	served := 0
	for _, def := range servedSchema().Types {
		if def.BuiltIn {
			continue
		}
		for _, member := range membersOf(def) {
			served++
			if !published[member] {
				t.Errorf("%q is not published", member)
			}
		}
	}
	if served < 1000 || len(published) <= served {
		t.Errorf("%d members are served, %d are published", served, len(published))
	}
}

// publishedMembers returns the lines of testdata/published_schema.txt.
func publishedMembers(t *testing.T) map[string]bool {
	t.Helper()
	members := map[string]bool{}
	text, err := os.ReadFile("testdata/published_schema.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			members[line] = true
		}
	}
	return members
}

// membersOf returns a type and its members in the form of testdata/published_schema.txt.
func membersOf(def *ast.Definition) []string {
	members := []string{strings.Join(append([]string{def.Name, strings.ToLower(string(def.Kind))}, def.Interfaces...), " ")}
	for _, value := range def.EnumValues {
		members = append(members, def.Name+"."+value.Name)
	}
	for _, field := range def.Fields {
		if strings.HasPrefix(field.Name, "__") {
			continue
		}
		members = append(members, def.Name+"."+field.Name+" "+field.Type.String())
		for _, argument := range field.Arguments {
			member := def.Name + "." + field.Name + "." + argument.Name + " " + argument.Type.String()
			if argument.DefaultValue != nil {
				member += " " + argument.DefaultValue.String()
			}
			members = append(members, member)
		}
	}
	return members
}

// TestEveryFilterIsImplemented checks that every argument of the schema works.
func TestEveryFilterIsImplemented(t *testing.T) {
	t.Parallel()
	samples := map[string]any{
		"Boolean": true, "String": "x", "UUID": "x", "AgentId": "x", "WildcardPattern": "x*", "DateTimeInput": "P-1D", "ZeroToOneNumber": 0.5,
		"EntityQueryInput": map[string]any{}, "EntityAccountQuery": map[string]any{"enabled": true},
	}
	b := &filterBuilder{now: random.SeededAt}
	schema := servedSchema()
	check := func(owner, name string, kind *ast.Type) {
		if slices.Contains(pagingArguments, name) {
			return
		}
		value := samples[kind.Name()]
		if def := schema.Types[kind.Name()]; def.Kind == ast.Enum {
			value = def.EnumValues[0].Name
		}
		for elem := kind; elem.Elem != nil; elem = elem.Elem {
			value = []any{value}
		}
		match, err := b.build(map[string]any{name: value})
		if err != nil {
			t.Errorf("%s.%s: %v", owner, name, err)
			return
		}
		match(&entity{User: User{}})
	}
	for _, root := range []string{"entities", "countEntities"} {
		for _, argument := range schema.Query.Fields.ForName(root).Arguments {
			check(root, argument.Name, argument.Type)
		}
	}
	for _, field := range schema.Types["EntityQueryInput"].Fields {
		check("EntityQueryInput", field.Name, field.Type)
	}
	for _, field := range schema.Types["EntityAccountQuery"].Fields {
		if _, err := b.build(map[string]any{"accountQuery": map[string]any{field.Name: nil}}); err != nil {
			t.Errorf("EntityAccountQuery.%s: %v", field.Name, err)
		}
	}
}

// TestEveryFieldHasAValue queries all fields of users and endpoints, two levels deep, and checks that fields that cannot be
// null are not.
func TestEveryFieldHasAValue(t *testing.T) {
	t.Parallel()
	c := newTester(t, tenantOptions{users: 400, hosts: 10})
	result := c.graphql("{entities(first:1000){nodes{__typename "+everyField("UserEntity", 2)+everyField("EndpointEntity", 2)+"}}}", nil)
	var page struct{ Nodes []map[string]any }
	if err := json.Unmarshal(result.Data["entities"], &page); err != nil {
		t.Fatalf("%v %+v", err, result.Errors)
	}
	kinds := map[string]int{}
	for _, node := range page.Nodes {
		checkNulls(t, node, kinds)
	}
	for _, kind := range []string{"UserEntity", "EndpointEntity", "ActiveDirectoryAccountDescriptor", "AzureSsoUserAccountDescriptor", "HumanUserAccountRole", "ProgrammaticUserAccountRoleImpl", "OperatingSystemInfo"} {
		if kinds[kind] == 0 {
			t.Errorf("no %s among %v", kind, kinds)
		}
	}
}

// everyField returns a fragment with all fields of a type. Keys contain the type, so that fields with the same name and
// different types do not collide.
func everyField(name string, depth int) string {
	def := servedSchema().Types[name]
	fragment := "... on " + name + "{"
	for _, field := range def.Fields {
		key := name + "_" + field.Name + ":" + field.Name
		inner := servedSchema().Types[field.Type.Name()]
		switch {
		case !inner.IsCompositeType():
			fragment += " " + key
		case depth > 0:
			nested := ""
			for _, possible := range servedSchema().GetPossibleTypes(inner) {
				nested += " " + everyField(possible.Name, depth-1)
			}
			fragment += " " + key + "{__typename" + nested + "}"
		}
	}
	return fragment + "}"
}

func checkNulls(t *testing.T, object map[string]any, kinds map[string]int) {
	t.Helper()
	name, _ := object["__typename"].(string)
	kinds[name]++
	for key, value := range object {
		if field := servedSchema().Types[name].Fields.ForName(strings.TrimPrefix(key, name+"_")); field != nil && field.Type.NonNull && value == nil {
			t.Errorf("%s.%s is null", name, field.Name)
		}
		items, isList := value.([]any)
		if !isList {
			items = []any{value}
		}
		for _, item := range items {
			if inner, isObject := item.(map[string]any); isObject {
				checkNulls(t, inner, kinds)
			}
		}
	}
}

func TestIntrospection(t *testing.T) {
	t.Parallel()
	c := newTester(t, tenantOptions{})
	result := c.graphql(`query IntrospectionQuery{__schema{queryType{name} mutationType{name} types{kind name fields(includeDeprecated:true){name args{name type{...T} defaultValue} type{...T} isDeprecated deprecationReason}
		inputFields{name type{...T}} interfaces{...T} enumValues(includeDeprecated:true){name isDeprecated} possibleTypes{...T}} directives{name locations args{name type{...T}}}}
		user:__type(name:"UserEntity"){name kind interfaces{name}}}
		fragment T on __Type{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name}}}}}`, nil)
	if len(result.Errors) > 0 {
		t.Fatalf("%+v", result.Errors)
	}
	var schema struct {
		QueryType struct{ Name string }
		Types     []struct {
			Name          string
			Fields        []struct{ Name string }
			PossibleTypes []struct{ Name string }
		}
	}
	if err := json.Unmarshal(result.Data["__schema"], &schema); err != nil {
		t.Fatal(err)
	}
	shown := map[string]int{}
	for _, kind := range schema.Types {
		shown[kind.Name] = len(kind.Fields) + len(kind.PossibleTypes)
	}
	if schema.QueryType.Name != "Query" || shown["Query"] != 5 || shown["EntityConnection"] != 3 || shown["UserOrEndpointEntity"] < 3 {
		t.Errorf("%+v", shown)
	}
	if !strings.Contains(string(result.Data["user"]), `"name":"UserOrEndpointEntity"`) {
		t.Errorf("__type: %s", result.Data["user"])
	}
}
