package falconsim

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// A matcher decides one comparison of a filter for one item. An operator that
// the property does not have is never met: Falcon responds with an empty list
// (wire/workflows.md#listing).
type matcher[T any] func(t *fqlTerm, item T) bool

// isAnyOf matches a property that has one or more exact values.
func isAnyOf[T any](values func(T) []string) matcher[T] {
	return func(t *fqlTerm, item T) bool {
		found := slices.ContainsFunc(values(item), func(v string) bool { return slices.Contains(t.values, v) })
		return t.op == "" && found || t.op == "!" && !found
	}
}

// is matches a property that has one exact value.
func is[T any](value func(T) string) matcher[T] {
	return isAnyOf(func(item T) []string { return []string{value(item)} })
}

// isFlag matches true and false.
func isFlag[T any](value func(T) bool) matcher[T] {
	return is(func(item T) string { return strconv.FormatBool(value(item)) })
}

// isNumber matches a number by comparison.
func isNumber[T any](value func(T) int) matcher[T] {
	return func(t *fqlTerm, item T) bool {
		return slices.ContainsFunc(t.values, func(text string) bool {
			n, err := strconv.Atoi(text)
			return err == nil && fits(t.op, cmp.Compare(value(item), n))
		})
	}
}

// isTime matches a timestamp by comparison with a date, a time, now or
// now-30d. An item without a time never matches.
func isTime[T any](now func() time.Time, value func(T) string) matcher[T] {
	return func(t *fqlTerm, item T) bool {
		at, err := time.Parse(time.RFC3339Nano, value(item))
		return err == nil && slices.ContainsFunc(t.values, func(text string) bool {
			wanted, ok := filterTime(text, now())
			return ok && fits(t.op, at.Compare(wanted))
		})
	}
}

// fits reports whether the order of a value and a filter's value, as of
// cmp.Compare, fits the operator.
func fits(op string, order int) bool {
	switch op {
	case "":
		return order == 0
	case "!":
		return order != 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	}
	return false
}

var relativeTime = regexp.MustCompile(`^now(?:-(\d{1,6})([smhdw]))?$`)

func filterTime(text string, now time.Time) (time.Time, bool) {
	if m := relativeTime.FindStringSubmatch(text); m != nil {
		unit := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}[m[2]]
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return now, m[1] == ""
		}
		return now.Add(-time.Duration(n) * unit), true
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// isAnalyzed matches a property that is stored as words: ~ finds texts that
// have every word of the value, and an exact comparison finds nothing
// (wire/workflows.md#listing).
func isAnalyzed[T any](text func(T) string) matcher[T] {
	return func(t *fqlTerm, item T) bool {
		found := slices.ContainsFunc(t.values, func(value string) bool { return hasWords(text(item), value) })
		return t.op == "~" && found || t.op == "!~" && !found
	}
}

// either matches what one of two matchers does; their operators differ.
func either[T any](one, other matcher[T]) matcher[T] {
	return func(t *fqlTerm, item T) bool { return one(t, item) || other(t, item) }
}

// isFound matches a property of the catalog: by word with either operator, since
// name:'word' finds actions by word (wire/catalog.md#activities).
func isFound[T any](text func(T) string) matcher[T] {
	return func(t *fqlTerm, item T) bool {
		found := slices.ContainsFunc(t.values, func(value string) bool { return hasWords(text(item), value) })
		switch t.op {
		case "", "~":
			return found
		case "!", "!~":
			return !found
		}
		return false
	}
}

// hasWords matches the words of a value that is not empty.
func hasWords(text, value string) bool {
	has, wanted := wordsOf(text), wordsOf(value)
	return len(wanted) > 0 && !slices.ContainsFunc(wanted, func(word string) bool { return !slices.Contains(has, word) })
}

func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })
}

// rawOptions are the behaviors of a raw property that are open questions.
type rawOptions struct {
	// ignoreCase treats upper and lower case as equal.
	ignoreCase bool
	// noEscapes finds nothing for a value that has quotes, backslashes, * or +.
	noEscapes bool
}

// isRaw matches a name letter by letter, or by a pattern in which * stands for
// any text.
func isRaw[T any](options rawOptions, text func(T) string) matcher[T] {
	flags := "(?s)"
	if options.ignoreCase {
		flags = "(?si)"
	}
	return func(t *fqlTerm, item T) bool {
		found := slices.ContainsFunc(t.raw, func(raw string) bool {
			if options.noEscapes && strings.ContainsAny(strings.Trim(raw, "*"), `'"\*+`) {
				return false
			}
			return regexp.MustCompile(flags + "^" + rawPattern(raw, strings.HasSuffix(t.op, "*")) + "$").MatchString(text(item))
		})
		switch t.op {
		case "", "*":
			return found
		case "!", "!*":
			return !found
		}
		return false
	}
}

// rawPattern is a value with its escapes as a regular expression.
func rawPattern(raw string, wildcards bool) string {
	var pattern strings.Builder
	escaped := false
	for _, r := range raw {
		switch {
		case !escaped && r == '\\':
			escaped = true
			continue
		case !escaped && wildcards && r == '*':
			pattern.WriteString(".*")
		default:
			pattern.WriteString(regexp.QuoteMeta(string(r)))
		}
		escaped = false
	}
	return pattern.String()
}

// selectItems keeps the items that a filter matches. fields are the properties that the filter may name.
func selectItems[T any](filter string, list []T, fields map[string]matcher[T]) ([]T, error) {
	expr, err := parseFQL(filter)
	if err != nil {
		return nil, fmt.Errorf("Invalid FQL: %w", err)
	}
	for _, t := range expr.terms() {
		if _, known := fields[t.field]; !known {
			return nil, fmt.Errorf("Invalid FQL: fql: %s is an unknown property", t.field)
		}
	}
	var kept []T
	for _, item := range list {
		if expr.match(func(t *fqlTerm) bool { return fields[t.field](t, item) }) {
			kept = append(kept, item)
		}
	}
	return kept, nil
}
