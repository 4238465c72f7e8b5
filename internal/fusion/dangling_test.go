package fusion

import (
	"slices"
	"testing"
)

func TestDanglingEdges(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"trigger: {next: [a]}\nactions: {a: {id: x}}":                                                               nil,
		"trigger: {next: [a, b]}\nactions: {a: {id: x, next: [c]}}":                                                 {"b", "c"},
		"trigger: {next: [a]}\nactions:":                                                                            {"a"},
		"trigger: {next: [l]}\nloops: {l: {trigger: {next: [a]}, actions: {b: {id: x}}}}":                           {"a"},
		"trigger: {next: [c]}\nconditions: {c: {else_if: The other}, d: {name: The other, next: [d]}}\nactions: {}": nil,
		"name: x": nil,
	} {
		doc, problems := Parse(text)
		if doc == nil {
			t.Fatalf("%s: %v", text, problems)
		}
		if got := doc.DanglingEdges(); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}
