package identity

import (
	"slices"
	"strings"
	"testing"
)

// A name of the published schema that the simulator leaves out is refused as not simulated, any other as unknown.
func TestNotSimulatedNamesAreNotUnknown(t *testing.T) {
	t.Parallel()
	c := newTester(t, tenantOptions{})
	for query, want := range map[string]string{
		`{incidents(first:1){nodes{incidentId}}}`:                                 "field incidents of Query",
		`{timeline(first:1){nodes{eventId}}}`:                                     "field timeline of Query",
		`{entities(first:1){nodes{openIncidents(first:1){nodes{type}}}}}`:         "field openIncidents of Entity",
		`{entities(first:1,memberOfContainers:{}){nodes{entityId}}}`:              "argument memberOfContainers of Query.entities",
		`{countEntities(all:[{nameSearch:"x"}])}`:                                 "input field nameSearch of EntityQueryInput",
		`{entities(first:1){nodes{... on EntityContainerEntity{entityId}}}}`:      "type EntityContainerEntity",
		`mutation{markEntities(input:{entityIds:[]}){updatedEntities{entityId}}}`: "operation type mutation",
		`query($q:EntityAssociationQuery){countEntities(associationQuery:$q)}`:    "type EntityAssociationQuery",
	} {
		result := c.graphql(query, nil)
		if len(result.Errors) == 0 || !strings.HasPrefix(result.Errors[0].Message, NotSimulated) || !strings.Contains(result.Errors[0].Message, want) {
			t.Errorf("%s: %+v, want %q", query, result.Errors, want)
		}
	}
	variables := map[string]any{"q": []any{map[string]any{"nameSearch": "x"}}}
	if result := c.graphql(`query($q:[EntityQueryInput!]){countEntities(all:$q)}`, variables); len(result.Errors) != 1 || !strings.Contains(result.Errors[0].Message, "not simulated: Identity Protection has the input field nameSearch") {
		t.Errorf("in a variable: %+v", result.Errors)
	}
	for _, query := range []string{
		`{nothing}`, `{entities(first:1){nodes{isAdmin}}}`, `{entities(first:1,emails:["a"]){nodes{entityId}}}`, `{countEntities(all:[{color:1}])}`,
		`{entities(first:1){nodes{... on Person{name}}}}`, `{entities(first:1,types:[PERSON]){nodes{entityId}}}`,
	} {
		result := c.graphql(query, nil)
		if len(result.Errors) == 0 || strings.Contains(result.Errors[0].Message, "not simulated") {
			t.Errorf("%s: %+v", query, result.Errors)
		}
	}
}

// No name is both left out and in the served schema.
func TestNotSimulatedNamesAreNotServed(t *testing.T) {
	t.Parallel()
	total := 0
	for owner, names := range notSimulatedNames() {
		total += len(names)
		if !slices.IsSorted(names) {
			t.Errorf("%s is not in order", owner)
		}
		for _, name := range names {
			kind, field, isArgument := strings.Cut(owner, ".")
			def := servedSchema().Types[kind]
			switch {
			case owner == "types":
				if servedSchema().Types[name] != nil {
					t.Errorf("the type %s is held", name)
				}
			case owner == "Mutation":
			case def == nil:
				t.Errorf("%s: there is no type %s", owner, kind)
			case isArgument && def.Fields.ForName(field).Arguments.ForName(name) != nil, !isArgument && def.Fields.ForName(name) != nil, def.EnumValues.ForName(name) != nil:
				t.Errorf("%s of %s is held", name, owner)
			}
		}
	}
	if total < 300 {
		t.Errorf("only %d names", total)
	}
}
