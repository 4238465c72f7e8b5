package scan

import (
	"slices"
	"testing"
)

func TestGroup(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		cells []int64
		want  []int
	}{
		"one":                       {[]int64{5}, []int{1}},
		"all together":              {[]int64{300, 300, 300}, []int{3}},
		"exactly the limit":         {[]int64{500, 500, 1}, []int{2, 3}},
		"a large one stays alone":   {[]int64{10, 5000, 10}, []int{1, 2, 3}},
		"a large one first":         {[]int64{5000, 10, 10}, []int{1, 3}},
		"empty ones go with others": {[]int64{0, 0, 900, 0, 0, 900, 0}, []int{5, 7}},
	} {
		if got := group(tc.cells, 1000); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

// Cells are the differences between counts, or the estimates; the first one is the rest.
func TestCells(t *testing.T) {
	t.Parallel()
	number := func(cell int) Condition { return Condition{"from": cell} }
	for name, tc := range map[string]struct {
		divider Divider
		counts  []int64
		want    []int64
	}{
		"differences":           {Divider{Cells: 4, From: number}, []int64{70, 30, 10}, []int64{30, 40, 20, 10}},
		"counts that moved":     {Divider{Cells: 4, From: number}, []int64{10, 30, 120}, []int64{0, 0, 0, 120}},
		"estimates":             {Divider{Cells: 4, From: number, Estimate: number}, []int64{20, 30, 10}, []int64{40, 20, 30, 10}},
		"estimates that exceed": {Divider{Cells: 4, From: number, Estimate: number}, []int64{80, 80, 0}, []int64{0, 80, 80, 0}},
	} {
		if got := tc.divider.cells(100, tc.counts); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

// Neighboring parts share a condition, one of them negated: whatever it means, no item is in both or in neither.
func TestPartsAreDisjoint(t *testing.T) {
	t.Parallel()
	d := Divider{Cells: 3, From: func(cell int) Condition { return Condition{"from": cell} }}
	given := []Condition{{"given": true}}
	for _, tc := range []struct{ from, to, conditions int }{{0, 1, 2}, {1, 2, 3}, {2, 3, 2}, {0, 3, 1}} {
		where := d.between(given, tc.from, tc.to)
		if len(where) != tc.conditions || len(given) != 1 {
			t.Errorf("cells %d to %d: %v", tc.from, tc.to, where)
		}
		if not, ok := where[len(where)-1]["not"].(Condition); tc.to < 3 && (!ok || not["from"] != tc.to) {
			t.Errorf("cells %d to %d: %v", tc.from, tc.to, where)
		}
	}
}
