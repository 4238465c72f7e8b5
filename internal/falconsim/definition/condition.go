package definition

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// comparison matches the only form of CEL that the simulator evaluates: data['Trigger.X'] <= 50, or with a default
// data[?'Trigger.X'].orValue(0) <= 50. Comparisons can be joined with &&.
var comparison = regexp.MustCompile(`^data\[\??'([^']+)'\](?:\.orValue\((\d+)\))?\s*(==|!=|<=|>=|<|>)\s*(.+)$`)

// Evaluate evaluates a condition. If it cannot, the condition holds, and doubt says why.
func Evaluate(condition Document, values map[string]any) (holds bool, doubt string) {
	cel := Text(condition, "cel_expression")
	if cel == "" {
		return true, fmt.Sprintf("condition not evaluated: %v", condition["expression"])
	}
	for part := range strings.SplitSeq(cel, "&&") {
		m := comparison.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil {
			return true, "condition not evaluated: " + cel
		}
		value := values[m[1]]
		if number, err := strconv.Atoi(m[2]); value == nil && err == nil {
			value = number
		}
		holds, ok := compareValues(value, m[3], strings.TrimSpace(m[4]))
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
		return compareOrdered(number, wanted, op), true
	}
	switch {
	case literal == "null":
		return (value == nil) == (op == "=="), op == "==" || op == "!="
	case literal == "true" || literal == "false":
		return (fmt.Sprint(value) == literal) == (op == "=="), op == "==" || op == "!="
	case len(literal) >= 2 && strings.ContainsRune(`"'`, rune(literal[0])) && literal[0] == literal[len(literal)-1]:
		text, isText := value.(string)
		return compareOrdered(text, literal[1:len(literal)-1], op), isText
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

func compareOrdered[T float64 | string](a, b T, op string) bool {
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
