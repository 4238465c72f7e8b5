package identity

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// predicate reports whether an entity matches.
type predicate func(*entity) bool

// filterBuilder converts the arguments of `entities` and `countEntities`, and an EntityQueryInput, into a predicate.
type filterBuilder struct {
	now time.Time
	// includesUpper includes the upper bound in a range of scores. roundsScores applies ranges to rounded scores (Q52).
	includesUpper, roundsScores bool
	// emptyListMatchesNothing makes a filter with an empty list match nothing (Q63).
	emptyListMatchesNothing bool
}

func newFilterBuilder(now time.Time, reading func(id string) string) *filterBuilder {
	bounds := reading("Q52")
	return &filterBuilder{
		now: now, includesUpper: bounds != "a", roundsScores: bounds == "c", emptyListMatchesNothing: reading("Q63") == "b",
	}
}

// pagingArguments are the arguments of `entities` that are not filters.
var pagingArguments = []string{"first", "last", "after", "before", "sortKey", "sortOrder"}

// build returns a predicate for all filters. Null is no filter: public clients send null for filters that they do not use
// (wire/identity.md#examples-of-queries).
//
// GUESS Q63: that an empty list is no filter either is not published.
func (b *filterBuilder) build(args map[string]any) (predicate, error) {
	var all []predicate
	for _, name := range slices.Sorted(maps.Keys(args)) {
		value := args[name]
		if value == nil || slices.Contains(pagingArguments, name) {
			continue
		}
		if list, isList := value.([]any); isList && len(list) == 0 {
			if b.emptyListMatchesNothing && !slices.Contains([]string{"all", "any", "not"}, name) {
				all = append(all, func(*entity) bool { return false })
			}
			continue
		}
		p, err := b.filter(name, value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, p)
	}
	return matchAll(all), nil
}

func matchAll(all []predicate) predicate {
	if len(all) == 1 {
		return all[0]
	}
	return func(e *entity) bool {
		for _, p := range all {
			if !p(e) {
				return false
			}
		}
		return true
	}
}

func (b *filterBuilder) filter(name string, value any) (predicate, error) {
	if test, ok := boolFilters[name]; ok {
		want, isBool := value.(bool)
		if !isBool {
			return nil, fmt.Errorf("%v is not a Boolean", value)
		}
		return func(e *entity) bool { return test(e) == want }, nil
	}
	if values, ok := textFilters[name]; ok {
		return oneOf(values, listOf(value)), nil
	}
	if values, ok := patternFilters[name]; ok {
		return wildcard(values, fmt.Sprint(value)), nil
	}
	for suffix, keep := range map[string]func(t, bound time.Time) bool{
		"StartTime": func(t, bound time.Time) bool { return !t.Before(bound) },
		"EndTime":   time.Time.Before,
	} {
		if values, ok := timeFilters[strings.TrimSuffix(name, suffix)]; ok && strings.HasSuffix(name, suffix) {
			bound, err := parseDateTimeInput(fmt.Sprint(value), b.now)
			if err != nil {
				return nil, err
			}
			return func(e *entity) bool {
				return slices.ContainsFunc(values(e), func(t time.Time) bool { return !t.IsZero() && keep(t, bound) })
			}, nil
		}
	}
	if build, ok := otherFilters()[name]; ok {
		return build(b, value)
	}
	return nil, errors.New(NotSimulated + "this filter")
}

// listOf returns a list argument as strings. A single value is a list of one, and null is an empty list.
func listOf(value any) []string {
	if value == nil {
		return nil
	}
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = fmt.Sprint(v)
	}
	return texts
}

// enumList returns a list of values of an enumeration. The values of variables are not validated before.
func enumList(enum string, value any) ([]string, error) {
	list := listOf(value)
	for _, v := range list {
		if !slices.Contains(enumValues(enum), v) {
			return nil, fmt.Errorf("value %q does not exist in %q enum", v, enum)
		}
	}
	return list, nil
}

// textValues returns an entity's values for a text filter. Display names are case-sensitive, all others are not
// (wire/identity.md#entities).
type textValues struct {
	of          func(*entity) []string
	caseMatters bool
}

func oneOf(values textValues, wanted []string) predicate {
	fold := strings.ToLower
	if values.caseMatters {
		fold = func(s string) string { return s }
	}
	set := make(map[string]bool, len(wanted))
	for _, w := range wanted {
		set[fold(w)] = true
	}
	return func(e *entity) bool {
		return slices.ContainsFunc(values.of(e), func(v string) bool { return v != "" && set[fold(v)] })
	}
}

// wildcard returns a predicate for a pattern in which * stands for any text. Case is ignored.
func wildcard(values func(*entity) []string, pattern string) predicate {
	parts := strings.Split(strings.ToLower(pattern), "*")
	return func(e *entity) bool {
		return slices.ContainsFunc(values(e), func(v string) bool { return matchParts(strings.ToLower(v), parts) })
	}
}

func matchParts(text string, parts []string) bool {
	if len(parts) == 1 {
		return text == parts[0]
	}
	text, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		_, rest, found := strings.Cut(text, part)
		if !found {
			return false
		}
		text = rest
	}
	return strings.HasSuffix(text, parts[len(parts)-1])
}

// parseDateTimeInput parses a date, or a duration relative to now such as P-30D (wire/identity.md#entities).
func parseDateTimeInput(text string, now time.Time) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	if t, ok := addDuration(text, now); ok {
		return t, nil
	}
	return time.Time{}, fmt.Errorf("%q is neither an ISO-8601 date nor a duration", text)
}

// addDuration adds an ISO 8601 duration, whose numbers can be negative.
func addDuration(text string, t time.Time) (time.Time, bool) {
	rest, ok := strings.CutPrefix(text, "P")
	if !ok || rest == "" {
		return t, false
	}
	inTime := false
	for rest != "" {
		if !inTime && rest[0] == 'T' {
			inTime, rest = true, rest[1:]
		}
		i := strings.IndexAny(rest, "YMWDHS")
		if i < 0 {
			return t, false
		}
		n, err := strconv.Atoi(rest[:i])
		if err != nil {
			return t, false
		}
		unit := rest[i]
		rest = rest[i+1:]
		switch {
		case unit == 'Y' && !inTime:
			t = t.AddDate(n, 0, 0)
		case unit == 'M' && !inTime:
			t = t.AddDate(0, n, 0)
		case unit == 'W' && !inTime:
			t = t.AddDate(0, 0, 7*n)
		case unit == 'D' && !inTime:
			t = t.AddDate(0, 0, n)
		case unit == 'H' && inTime:
			t = t.Add(time.Duration(n) * time.Hour)
		case unit == 'M' && inTime:
			t = t.Add(time.Duration(n) * time.Minute)
		case unit == 'S' && inTime:
			t = t.Add(time.Duration(n) * time.Second)
		default:
			return t, false
		}
	}
	return t, true
}

// score parses a ZeroToOneNumber.
func score(value any) (float64, error) {
	var f float64
	switch v := value.(type) {
	case float64:
		f = v
	case int64:
		f = float64(v)
	case json.Number:
		var err error
		if f, err = v.Float64(); err != nil {
			return 0, fmt.Errorf("%q is not a number", v)
		}
	default:
		return 0, fmt.Errorf("%v is not a number", value)
	}
	if f < 0 || f > 1 {
		return 0, fmt.Errorf("%v is not between 0 and 1", f)
	}
	return f, nil
}
