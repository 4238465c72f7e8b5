package fusion

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// DataReference returns a reference to a path that may stand within a longer text
// (wire/release-rules.md#references).
func DataReference(path string) string { return "${data['" + path + "']}" }

// FieldPath returns the path of a field that is written as Trigger.CID,
// ${Trigger.CID} or ${data['Trigger.CID']}; false for any other expression.
func FieldPath(field string) (string, bool) {
	text := strings.TrimSpace(field)
	if barePath.MatchString(text) {
		return text, true
	}
	found := embedded(text)
	if len(found) != 1 || found[0].from != 0 || found[0].to != len(text) {
		return "", false
	}
	inner := strings.TrimSpace(found[0].text)
	if barePath.MatchString(inner) {
		return inner, true
	}
	if m := dataPath.FindStringSubmatch(inner); m != nil && m[0] == inner {
		return m[1] + m[2], true
	}
	return "", false
}

// FieldsBody returns a JSON object with the fields, in their order, under readable
// keys: the last part of a path in lower case, and more of the path where two are
// the same. All values are strings, so that an absent value leaves valid JSON.
func FieldsBody(fields []string) (string, error) {
	var paths []string
	for _, field := range fields {
		path, ok := FieldPath(field)
		if !ok {
			return "", fmt.Errorf("%q is not the path of a field. Set the body for other expressions", field)
		}
		if !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	keys := readableKeys(paths)
	members := make([]string, len(paths))
	for i, path := range paths {
		key, err := json.Marshal(keys[i])
		if err != nil {
			return "", err
		}
		members[i] = fmt.Sprintf(`%s: "%s"`, key, DataReference(path))
	}
	return "{" + strings.Join(members, ", ") + "}", nil
}

// readableKeys returns a different key for each path.
func readableKeys(paths []string) []string {
	keys := make([]string, len(paths))
	length := make([]int, len(paths)) // the number of segments in the key
	for i := range paths {
		length[i] = 1
	}
	for {
		count := map[string]int{}
		for i, path := range paths {
			segments := strings.Split(path, ".")
			if length[i] > len(segments) {
				keys[i] = path // two paths differ only in what a key leaves out
			} else {
				keys[i] = snake(segments[len(segments)-length[i]:])
			}
			count[keys[i]]++
		}
		longer := false
		for i, path := range paths {
			if count[keys[i]] > 1 && keys[i] != path {
				length[i]++
				longer = true
			}
		}
		if !longer {
			return keys
		}
	}
}

var (
	lowerUpper = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	upperWord  = regexp.MustCompile(`([A-Z])([A-Z][a-z])`)
	// acronyms are the plural of an abbreviation, such as IPs.
	acronyms = regexp.MustCompile(`([A-Z]{2,})s$`)
	notWord  = regexp.MustCompile(`[^a-z0-9]+`)
)

// snake returns CamelCase segments as words: OSScore becomes os_score.
func snake(segments []string) string {
	words := make([]string, len(segments))
	for i, s := range segments {
		s = acronyms.ReplaceAllString(s, "${1}S")
		s = upperWord.ReplaceAllString(s, "${1}_${2}")
		s = lowerUpper.ReplaceAllString(s, "${1}_${2}")
		words[i] = strings.Trim(notWord.ReplaceAllString(strings.ToLower(s), "_"), "_")
	}
	return strings.Join(words, "_")
}
