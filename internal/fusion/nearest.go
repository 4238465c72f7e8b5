package fusion

import (
	"cmp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Nearest gives the known names nearest to a word, at most n of them, nearest
// first: those a few letters away, then those that hold the word or are held by
// it. It is empty where nothing is near, and never has the word itself.
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

// nearEnough is how many letters may differ in a word of this length: in a short
// one fewer, or every word would be near every other; never the whole word.
func nearEnough(length int) int {
	if length < 4 {
		return min(1, length-1)
	}
	return max(2, length/3)
}
