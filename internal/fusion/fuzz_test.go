package fusion

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fuzzSeeds are documents and difficult fragments.
func fuzzSeeds(f *testing.F) []string {
	f.Helper()
	seeds := []string{
		"", "a: 1", "{\"a\": [1, {\"b\": null}]}", "a: &a [*a]", "a: &a {x: 1}\nb: {<<: *a}", "a: 0o14\nb: 1e400\nc: .5",
		"\x00", "a: \"\\u0000\"", "? [a]\n: b", "a: |\n  x\n\n", "a: 1\n---\nb: 1", "actions: {a: {name: x - 2, default_name: x}}",
		"conditions: {c: {display: ['&amp;amp;lt;']}}", "loops: {l: {loops: {l: {trigger: {next: [l]}}}}}", "actions: 1\ntrigger: []",
		"actions: {: {default_name: x}}",
		"name: ''\nactions: {a: ~}", "%YAML 1.1\n---\na: yes", strings.Repeat("[", 300), strings.Repeat("{\"a\":", 300),
		smallDocument,
	}
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, string(text))
	}
	return seeds
}

// No text makes the package panic or hang, and every written form of a document
// parses as the same workflow.
func FuzzParse(f *testing.F) {
	for _, seed := range fuzzSeeds(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, problems := Parse(text)
		if (d == nil) != (len(problems.Errors()) > 0) {
			t.Fatalf("document %v with problems %s", d != nil, problems)
		}
		if d == nil {
			return
		}
		problems = d.Check(CheckOptions{})
		for i, p := range problems {
			if p.Line < 1 && i < maxProblems {
				t.Errorf("a problem without a place: %+v", p)
			}
		}
		for _, a := range d.Actions() {
			if line, column := d.Position(a.Node, ""); line < 1 || column < 1 {
				t.Errorf("action %q has no place", a.Node)
			}
		}
		canonical := d.Canonical()
		again := mustParse(t, canonical)
		if again.Canonical() != canonical || !Equal(again, d) {
			t.Errorf("canonical form is not stable: %s\n%s", canonical, again.Canonical())
		}
		if name := "n"; d.Name() == "" {
			d = d.With(&name, nil)
		}
		imported, err := d.ImportYAML()
		if err != nil {
			t.Fatal(err)
		}
		flat, err := d.FlatJSON("id")
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range []string{string(imported), string(flat)} {
			if back := mustParse(t, form); back.Canonical() != d.Canonical() {
				t.Errorf("written form differs in %v:\n%s", Differences(back, d), form)
			}
		}
	})
}

// Equality is reflexive and symmetric, agrees with Differences, and documents with
// the same canonical form are equal.
func FuzzEqual(f *testing.F) {
	seeds := fuzzSeeds(f)
	for i, seed := range seeds {
		f.Add(seed, seeds[(i+1)%len(seeds)])
		f.Add(seed, strings.Replace(seed, "name: Sleep\n", "", 1))
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		a, _ := Parse(one)
		b, _ := Parse(two)
		if a == nil || b == nil {
			return
		}
		same := Equal(a, b)
		if !Equal(a, a) || Equal(b, a) != same || (len(Differences(a, b)) == 0) != same {
			t.Errorf("equal %v, back %v, differences %v", same, Equal(b, a), Differences(a, b))
		}
		if a.Canonical() == b.Canonical() && !same {
			t.Errorf("one canonical form, and not equal: %s", a.Canonical())
		}
		if same && a.CanonicalLike(b) != b.CanonicalLike(a) && a.CanonicalLike(b) != b.Canonical() {
			t.Errorf("equal, and CanonicalLike differs:\n%s\n%s", a.CanonicalLike(b), b.Canonical())
		}
		if !Equal(mustParse(t, a.CanonicalLike(b)), a) {
			t.Errorf("CanonicalLike changes the workflow: %s", a.CanonicalLike(b))
		}
		DroppedKeys(a, b)
	})
}

// bigDocument has 300 nodes: a chain of actions and conditions.
func bigDocument() string {
	var b strings.Builder
	b.WriteString("name: big\ntrigger:\n  type: On demand\n  next: [n0]\nactions:\n")
	for i := 0; i < 300; i += 2 {
		fmt.Fprintf(&b, "  n%d:\n    id: 07413ef9ba7c47bf5a242799f59902cc\n    name: Send email - %d\n    default_name: Send email\n    version_constraint: ~1\n    next:\n      - n%d\n"+
			"    properties:\n      to: [a@corp.internal, b@corp.internal]\n      subject: ${data['Trigger.CID']} and %d\n      count: %d\n", i, i, i+1, i, i)
	}
	b.WriteString("conditions:\n")
	for i := 1; i < 300; i += 2 {
		next := fmt.Sprintf("    next: [n%d]\n", i+1)
		if i == 299 {
			next = ""
		}
		fmt.Fprintf(&b, "  n%d:\n%s    expression: n%d.x:>%d\n    display: [x &gt; %d]\n", i, next, i-1, i, i)
	}
	return b.String()
}

func BenchmarkBigDocument(b *testing.B) {
	text := bigDocument()
	other := mustParse(b, text)
	if problems := other.Check(CheckOptions{}); len(problems) > 0 {
		b.Fatal(problems)
	}
	for b.Loop() {
		d := mustParse(b, text)
		if len(d.Check(CheckOptions{})) > 0 || !Equal(d, other) || d.Canonical() == "" {
			b.Fatal("not the same document")
		}
	}
}
