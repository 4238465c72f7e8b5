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

// notSimulatedNames are the names of the published schema that the simulator leaves out: fields, input fields, and values by
// type, arguments by Type.field, and whole types as "types".
var notSimulatedNames = sync.OnceValue(func() map[string][]string {
	names := map[string][]string{}
	for line := range strings.Lines(notSimulatedSource) {
		if owner, list, found := strings.Cut(line, ":"); found && !strings.HasPrefix(line, "#") {
			names[owner] = append(names[owner], strings.Fields(list)...)
		}
	}
	return names
})

// NotSimulated is the prefix of errors that are about the simulator and not about the query.
const NotSimulated = "not simulated: "

// unknownName matches the messages about an unknown name. The first group is the name, the second its owner.
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

// notSimulated returns an error for each unknown name that CrowdStrike's published schema has, nil if there is none. Other
// errors are left out: they may follow from these.
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

// notSimulatedName describes the left-out name that an error reports as unknown, "" if it is another error.
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
	// The error for a variable has the name at the end of its path only.
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
