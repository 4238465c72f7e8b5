package identity

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

//go:embed not_simulated.txt
var notSimulatedSource string

// notSimulatedNames are the names of the published schema that the simulator does not hold: by type its fields, input fields and
// values, by Type.field its arguments, and under "types" whole types.
var notSimulatedNames = sync.OnceValue(func() map[string][]string {
	names := map[string][]string{}
	for line := range strings.Lines(notSimulatedSource) {
		if owner, list, found := strings.Cut(line, ":"); found && !strings.HasPrefix(line, "#") {
			names[owner] = append(names[owner], strings.Fields(list)...)
		}
	}
	return names
})

// NotSimulated begins the message of an error that says more about the simulator than about the query.
const NotSimulated = "not simulated: "

// unknownName matches the messages that call a name unknown: the name comes first, its owner second where there is one.
var unknownName = []struct {
	message *regexp.Regexp
	kind    string
}{
	{regexp.MustCompile(`^Cannot query field "([^"]+)" on type "([^"]+)"`), "field"},
	{regexp.MustCompile(`^Unknown argument "([^"]+)" on field "([^"]+)"`), "argument"},
	{regexp.MustCompile(`^Field "([^"]+)" is not defined by type "([^"]+)"`), "input field"},
	{regexp.MustCompile(`^Value "([^"]+)" does not exist in "([^"]+)" enum`), "value"},
	{regexp.MustCompile(`^Unknown type "([^"]+)"`), "type"},
}

// notSimulated returns the errors about names that CrowdStrike's published schema has and the simulator does not, each
// saying so; nil when there are none. Whatever else is wrong follows from those, or can wait.
func notSimulated(errs gqlerror.List) gqlerror.List {
	var found gqlerror.List
	for _, err := range errs {
		if what := notSimulatedName(err); what != "" {
			found = append(found, &gqlerror.Error{
				Message:   NotSimulated + "Identity Protection has the " + what + ", but this simulator does not",
				Locations: err.Locations, Path: err.Path,
			})
		}
	}
	return found
}

// notSimulatedName describes the left-out name that an error calls unknown, "" if it is about anything else.
func notSimulatedName(err *gqlerror.Error) string {
	if strings.Contains(err.Message, `does not support operation type "mutation"`) {
		return "operation type mutation"
	}
	for _, unknown := range unknownName {
		match := unknown.message.FindStringSubmatch(err.Message)
		if match == nil {
			continue
		}
		if unknown.kind == "type" && slices.Contains(notSimulatedNames()["types"], match[1]) {
			return "type " + match[1]
		}
		if unknown.kind != "type" && slices.Contains(notSimulatedNames()[match[2]], match[1]) {
			return fmt.Sprintf("%s %s of %s", unknown.kind, match[1], match[2])
		}
		return ""
	}
	// A variable's error has the name at the end of its path only.
	if last := len(err.Path) - 1; err.Message == "unknown field" && last >= 0 {
		name, _ := err.Path[last].(ast.PathName)
		for owner, names := range notSimulatedNames() {
			if def := servedSchema().Types[owner]; def != nil && def.Kind == ast.InputObject && slices.Contains(names, string(name)) {
				return fmt.Sprintf("input field %s of %s", name, owner)
			}
		}
	}
	return ""
}
