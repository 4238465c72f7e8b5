package fql

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

// Matcher reports whether an item fits one comparison. An operator that the property does not support never fits: Falcon
// responds with an empty list (wire/workflows.md#listing).
type Matcher[T any] func(t *Term, item T) bool

// IsAnyOf matches a property that has one or more exact values.
func IsAnyOf[T any](values func(T) []string) Matcher[T] {
	return func(t *Term, item T) bool {
		found := slices.ContainsFunc(values(item), func(v string) bool { return slices.Contains(t.Values, v) })
		return t.Op == "" && found || t.Op == "!" && !found
	}
}

// Is matches a property that has one exact value.
func Is[T any](value func(T) string) Matcher[T] {
	return IsAnyOf(func(item T) []string { return []string{value(item)} })
}

// IsFlag matches true and false.
func IsFlag[T any](value func(T) bool) Matcher[T] {
	return Is(func(item T) string { return strconv.FormatBool(value(item)) })
}

// IsNumber matches a number by comparison.
func IsNumber[T any](value func(T) int) Matcher[T] {
	return func(t *Term, item T) bool {
		return slices.ContainsFunc(t.Values, func(text string) bool {
			n, err := strconv.Atoi(text)
			return err == nil && fits(t.Op, cmp.Compare(value(item), n))
		})
	}
}

// IsTime matches a timestamp by comparison with a date, a time, now, or now-30d. An item without a timestamp never matches.
func IsTime[T any](now func() time.Time, value func(T) string) Matcher[T] {
	return func(t *Term, item T) bool {
		at, err := time.Parse(time.RFC3339Nano, value(item))
		return err == nil && slices.ContainsFunc(t.Values, func(text string) bool {
			wanted, ok := filterTime(text, now())
			return ok && fits(t.Op, at.Compare(wanted))
		})
	}
}

// fits reports whether an operator allows the order of two values, as returned by cmp.Compare.
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

// IsAnalyzed matches a property that Falcon stores as words: ~ finds texts that have every word of the value, and an exact
// comparison finds nothing (wire/workflows.md#listing).
func IsAnalyzed[T any](text func(T) string) Matcher[T] {
	return func(t *Term, item T) bool {
		found := slices.ContainsFunc(t.Values, func(value string) bool { return hasWords(text(item), value) })
		return t.Op == "~" && found || t.Op == "!~" && !found
	}
}

// Either matches if one of two matchers does. Their operators differ.
func Either[T any](one, other Matcher[T]) Matcher[T] {
	return func(t *Term, item T) bool { return one(t, item) || other(t, item) }
}

// IsFound matches a property of the catalog by word, with either operator: name:'word' finds actions by word
// (wire/catalog.md#activities).
func IsFound[T any](text func(T) string) Matcher[T] {
	return func(t *Term, item T) bool {
		found := slices.ContainsFunc(t.Values, func(value string) bool { return hasWords(text(item), value) })
		switch t.Op {
		case "", "~":
			return found
		case "!", "!~":
			return !found
		}
		return false
	}
}

// hasWords reports whether a text has every word of a value that has any.
func hasWords(text, value string) bool {
	has, wanted := wordsOf(text), wordsOf(value)
	return len(wanted) > 0 && !slices.ContainsFunc(wanted, func(word string) bool { return !slices.Contains(has, word) })
}

func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })
}

// RawOptions are behaviors of a raw property that are open questions.
type RawOptions struct {
	// IgnoreCase treats upper and lower case as equal.
	IgnoreCase bool
	// NoEscapes finds nothing for a value that has quotes, backslashes, * or +.
	NoEscapes bool
}

// IsRaw matches a text exactly, or by a pattern in which * stands for any text.
func IsRaw[T any](options func() RawOptions, text func(T) string) Matcher[T] {
	return func(t *Term, item T) bool {
		options, flags := options(), "(?s)"
		if options.IgnoreCase {
			flags = "(?si)"
		}
		found := slices.ContainsFunc(t.raw, func(raw string) bool {
			if options.NoEscapes && strings.ContainsAny(strings.Trim(raw, "*"), `'"\*+`) {
				return false
			}
			return regexp.MustCompile(flags + "^" + rawPattern(raw, strings.HasSuffix(t.Op, "*")) + "$").MatchString(text(item))
		})
		switch t.Op {
		case "", "*":
			return found
		case "!", "!*":
			return !found
		}
		return false
	}
}

// rawPattern returns a value with its escapes as a regular expression.
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

// Select returns the items that a filter matches. fields are the properties that the filter can name.
func Select[T any](filter string, list []T, fields map[string]Matcher[T]) ([]T, error) {
	expr, err := Parse(filter)
	if err != nil {
		return nil, fmt.Errorf("Invalid FQL: %w", err)
	}
	for _, t := range expr.Terms() {
		if _, known := fields[t.Field]; !known {
			return nil, fmt.Errorf("Invalid FQL: fql: %s is an unknown property", t.Field)
		}
	}
	var kept []T
	for _, item := range list {
		if expr.Match(func(t *Term) bool { return fields[t.Field](t, item) }) {
			kept = append(kept, item)
		}
	}
	return kept, nil
}
