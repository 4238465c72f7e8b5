package fusion

import (
	"regexp"
	"slices"
	"strings"
)

// dataRoots are the first parts of the paths of data that a notification can refer to: its only other node is the action
// itself (wire/catalog.md#triggers).
var dataRoots = []string{"Trigger", "Workflow"}

// FieldName returns a field of [Notify] that is not a path of data, such as OverallScore or ${OverallScore}; "" for one that is,
// and for an expression.
func FieldName(field string) string {
	name := strings.TrimSpace(field)
	if strings.HasPrefix(name, "${") && strings.HasSuffix(name, "}") {
		name = strings.TrimSpace(name[2 : len(name)-1])
	}
	root, _, _ := strings.Cut(name, ".")
	if !barePath.MatchString(name) || slices.Contains(dataRoots, root) {
		return ""
	}
	return name
}

var (
	celName = regexp.MustCompile(`\.?\s*\b[A-Za-z_][A-Za-z0-9_]*(?:\s*\.\s*[A-Za-z_][A-Za-z0-9_]*)*\b\s*\(?`)
	celBind = regexp.MustCompile(`\.\s*(?:all|exists|exists_one|existsOne|map|filter|transformList|transformMap|transformMapEntry|bind|optMap|optFlatMap)\(\s*([A-Za-z_][A-Za-z0-9_]*)\s*,(?:\s*([A-Za-z_][A-Za-z0-9_]*)\s*,)?`)
)

// celKnown are the names that CEL and Falcon define: data['…'] and the functions under cs.
var celKnown = []string{
	"data", "cs", "true", "false", "null", "in", "int", "uint", "double", "bool", "string", "bytes", "list", "map", "type", "null_type",
	"optional", "math", "strings", "base64", "lists", "sets", "cel", "google",
}

// BareNames returns the names in a CEL expression that refer to nothing: data has the form data['Trigger.CID']. Trigger.CID
// without data is such a name too.
func BareNames(cel string) []string {
	code := celText.ReplaceAllString(cel, "''")
	known := slices.Clone(celKnown)
	for _, m := range celBind.FindAllStringSubmatch(code, -1) {
		known = append(known, m[1], m[2])
	}
	var out []string
	for _, at := range celName.FindAllStringIndex(code, -1) {
		found := code[at[0]:at[1]]
		name := strings.Join(strings.Fields(strings.TrimSuffix(found, "(")), "")
		first, rest, _ := strings.Cut(name, ".")
		isCall := strings.HasSuffix(found, "(")
		isNumber := at[0] > 0 && strings.ContainsRune("0123456789", rune(code[at[0]-1])) // 1u, 1e3
		switch {
		case first == "", isNumber, slices.Contains(known, first), isCall && rest == "":
		case isCall: // a method: the name is what precedes it
			name = name[:strings.LastIndex(name, ".")]
			fallthrough
		default:
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}
