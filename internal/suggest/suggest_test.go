package suggest

import (
	"slices"
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"next", "name", "properties", "Case/Created", "Case/Updated", "Case", "Investigatable"}
	for _, tc := range []struct {
		word string
		n    int
		want []string
	}{
		{"naem", 1, []string{"name"}},
		{"proprties", 3, []string{"properties"}},
		{"case/created", 1, []string{"Case/Created"}},
		{"Case/Create", 3, []string{"Case/Created", "Case"}},
		{"zzzzzz", 3, nil},
		{"", 3, nil},
		{"x", 3, nil},
		{"next", 3, nil},
		{"naem", 0, nil},
		{strings.Repeat("x", 1000), 3, nil},
	} {
		if got := Nearest(tc.word, known, tc.n); !slices.Equal(got, tc.want) {
			t.Errorf("Nearest(%.20q) = %q, want %q", tc.word, got, tc.want)
		}
	}
}
