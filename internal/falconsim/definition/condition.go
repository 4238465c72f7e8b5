package definition

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// comparison is the one form of CEL that the simulator evaluates, any number
// of them joined by &&: data['Trigger.X'] <= 50.
var comparison = regexp.MustCompile(`^data\['([^']+)'\]\s*(==|!=|<=|>=|<|>)\s*(.+)$`)

// Evaluate decides a condition. One that it does not understand holds, and the
// reason is returned, so that a delivery made in doubt can be told from others.
func Evaluate(condition Document, values map[string]any) (holds bool, doubt string) {
	cel, _ := condition["cel_expression"].(string)
	if cel == "" {
		return true, fmt.Sprintf("condition not evaluated: %v", condition["expression"])
	}
	for part := range strings.SplitSeq(cel, "&&") {
		m := comparison.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil {
			return true, "condition not evaluated: " + cel
		}
		holds, ok := compareValues(values[m[1]], m[2], strings.TrimSpace(m[3]))
		if !ok {
			return true, "condition not evaluated: " + cel
		}
		if !holds {
			return false, ""
		}
	}
	return true, ""
}

func compareValues(value any, op, literal string) (holds, ok bool) {
	if number, isNumber := asNumber(value); isNumber {
		wanted, err := strconv.ParseFloat(literal, 64)
		if err != nil {
			return false, false
		}
		return ordered3(number, wanted, op), true
	}
	switch {
	case literal == "null":
		return (value == nil) == (op == "=="), op == "==" || op == "!="
	case literal == "true" || literal == "false":
		return (fmt.Sprint(value) == literal) == (op == "=="), op == "==" || op == "!="
	case len(literal) >= 2 && strings.ContainsRune(`"'`, rune(literal[0])) && literal[0] == literal[len(literal)-1]:
		text, isText := value.(string)
		return ordered3(text, literal[1:len(literal)-1], op), isText
	}
	return false, false
}

func asNumber(value any) (float64, bool) {
	switch v := value.(type) {
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

func ordered3[T float64 | string](a, b T, op string) bool {
	switch op {
	case "==":
		return a == b
	case "!=":
		return a != b
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	}
	return a >= b
}
