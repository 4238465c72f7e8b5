package falconsim

import (
	"cmp"
	"net/http"
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

// isRaw matches a name letter by letter, or by a pattern in which * stands for
// any text.
func (s *Server) isRaw(t *fqlTerm, name string) bool {
	// GUESS Q70: whether name.raw distinguishes upper and lower case.
	flags := "(?s)"
	if s.reading("Q70") == "b" {
		flags = "(?si)"
	}
	found := slices.ContainsFunc(t.raw, func(raw string) bool {
		pattern := rawPattern(raw, strings.HasSuffix(t.op, "*"))
		// GUESS Q33: whether a backslash escapes the character after it.
		if s.reading("Q33") == "b" && strings.ContainsAny(strings.Trim(raw, "*"), `'"\*+`) {
			return false
		}
		return regexp.MustCompile(flags + "^" + pattern + "$").MatchString(name)
	})
	switch t.op {
	case "", "*":
		return found
	case "!", "!*":
		return !found
	}
	return false
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

// filtered keeps the items that the request's filter matches. fields are the
// properties that a filter may name.
func filtered[T any](c *call, list []T, fields map[string]matcher[T]) ([]T, *reply) {
	refuse := func(answer reply) ([]T, *reply) { return nil, &answer }
	expr, err := parseFQL(c.get("filter"))
	if err != nil {
		return refuse(failed(http.StatusBadRequest, "Invalid FQL: %v", err))
	}
	unknown := ""
	if err := expr.check(func(t *fqlTerm) error {
		if _, known := fields[t.field]; !known {
			unknown = t.field
			return errUnknownField
		}
		return nil
	}); err != nil {
		return refuse(failed(http.StatusBadRequest, "Invalid FQL: fql: %s is an unknown property", unknown))
	}
	var kept []T
	for _, item := range list {
		if expr.match(func(t *fqlTerm) bool { return fields[t.field](t, item) }) {
			kept = append(kept, item)
		}
	}
	return kept, nil
}

// sorted orders items by the request's sort, such as
// name.desc,last_modified_timestamp.asc. Without a direction it is descending.
// Items that the sort does not decide keep their order.
func sorted[T any](c *call, list []T, fields map[string]func(a, b T) int) *reply {
	text := c.get("sort")
	if text == "" {
		return nil
	}
	var compares []func(a, b T) int
	for part := range strings.SplitSeq(text, ",") {
		field, direction, _ := strings.Cut(part, ".")
		compare, known := fields[field]
		if !known || part == field+"." || !slices.Contains([]string{"", "asc", "desc"}, direction) {
			answer := failed(http.StatusBadRequest, "invalid sort %q", text)
			return &answer
		}
		if direction != "asc" {
			ascending := compare
			compare = func(a, b T) int { return ascending(b, a) }
		}
		compares = append(compares, compare)
	}
	slices.SortStableFunc(list, func(a, b T) int {
		for _, compare := range compares {
			if n := compare(a, b); n != 0 {
				return n
			}
		}
		return 0
	})
	return nil
}

// by compares two items by a value.
func by[T any, V cmp.Ordered](value func(T) V) func(a, b T) int {
	return func(a, b T) int { return cmp.Compare(value(a), value(b)) }
}

// workflowWindow reads limit and offset, a number that the SDK sends as text.
func (s *Server) workflowWindow(c *call) (limit, offset int, refusal *reply) {
	// GUESS Q44: the size of a page without a limit.
	fallback := 100
	if s.reading("Q44") == "b" {
		fallback = 10
	}
	if limit, refusal = c.queryNumber("limit", fallback, 1, 500); refusal != nil {
		return 0, 0, refusal
	}
	offset, refusal = c.queryNumber("offset", 0, 0, maxOffset)
	return limit, offset, refusal
}

// workflowPage cuts a page out of a list.
func workflowPage[T any](s *Server, c *call, list []T, show func(T) any) reply {
	limit, offset, refusal := s.workflowWindow(c)
	if refusal != nil {
		return *refusal
	}
	items := []any{}
	for _, item := range page(list, limit, offset) {
		items = append(items, show(item))
	}
	return succeeded(items).paged(limit, offset, len(list))
}
