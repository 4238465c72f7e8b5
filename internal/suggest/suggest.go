// Package suggest finds names that a user may have meant, for the "did you mean" of errors. Workflow documents, scopes, domains and clouds
// use it alike.
package suggest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Nearest returns at most n known names that resemble a word, nearest first: those
// that differ in a few letters, then those that contain the word or are contained
// in it. It never returns the word itself.
func Nearest(word string, known []string, n int) []string {
	const longest = 200
	if word == "" || len(word) > longest {
		return nil
	}
	type near struct {
		name     string
		distance int
	}
	lower := strings.ToLower(word)
	var found []near
	for _, name := range known {
		if name == word || name == "" || len(name) > longest {
			continue
		}
		other := strings.ToLower(name)
		distance := levenshtein.ComputeDistance(lower, other)
		switch holds := len(lower) > 2 && strings.Contains(other, lower) || len(other) > 2 && strings.Contains(lower, other); {
		case distance <= nearEnough(min(len(lower), len(other))):
		case holds:
			distance += longest
		default:
			continue
		}
		found = append(found, near{name, distance})
	}
	slices.SortFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	out := make([]string, 0, n)
	for _, f := range found[:min(len(found), max(n, 0))] {
		out = append(out, f.name)
	}
	return out
}

// nearEnough returns how many letters may differ in a word of this length: few in a
// short word, and never all of them.
func nearEnough(length int) int {
	if length < 4 {
		return min(1, length-1)
	}
	return max(2, length/3)
}
