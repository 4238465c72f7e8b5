package fusion

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const smallDocument = `name: one
trigger:
  type: Signal
  event: Case/Created
  next: [send]
actions:
  send:
    id: 07413ef9ba7c47bf5a242799f59902cc
    name: Send email
    properties:
      to: [a@example.com]
      params:
        query: {host: x, a.b: 1}
      count: 3
      on: true
      none: ~
loops:
  L:
    trigger: {next: [M]}
    loops:
      M:
        trigger: {next: [deep]}
        actions:
          deep: {id: x, class: C, version_constraint: ~2}
`

func TestWith(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	d := mustParse(t, smallDocument)
	for _, tc := range []struct {
		name              string
		with, description *string
		wantName, want    string
	}{
		{"neither", nil, nil, "one", ""},
		{"name", text("two"), nil, "two", ""},
		{"description", nil, text("what"), "one", "what"},
		{"both", text("two"), text("what"), "two", "what"},
		{"empty description", nil, text(""), "one", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := d.With(tc.with, tc.description)
			if got.Name() != tc.wantName || got.Description() != tc.want || d.Name() != "one" {
				t.Errorf("name %q, description %q, original %q", got.Name(), got.Description(), d.Name())
			}
			if same := Equal(got, d); same != (tc.wantName == "one" && tc.want == "") {
				t.Errorf("equal to the original: %v", same)
			}
			imported, err := got.ImportYAML()
			if err != nil || !Equal(mustParse(t, string(imported)), got) {
				t.Errorf("import form: %v\n%s", err, imported)
			}
		})
	}
	unnamed := mustParse(t, "trigger: {}\n")
	if _, err := unnamed.ImportYAML(); err == nil {
		t.Error("a document without name was written for import")
	}
	if got := unnamed.With(text("n"), nil).Check(CheckOptions{}); strings.Contains(got.String(), "no name") {
		t.Errorf("named by With: %s", got)
	}
}

func TestFlatJSON(t *testing.T) {
	t.Parallel()
	d := mustParse(t, "name: n\nid: other\nversion: 3\nenabled: true\ntrigger: {name: On demand, next: [c]}\nconditions:\n  c:\n    display: [a &gt; b]\n    expression: \"x:'&gt;'\"\n")
	got, err := d.FlatJSON("abc")
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(got, &fields); err != nil {
		t.Fatalf("no JSON: %v", err)
	}
	want := map[string]any{
		"id": "abc", "name": "n", "trigger": map[string]any{"name": "On demand", "next": []any{"c"}},
		"conditions": map[string]any{"c": map[string]any{"display": []any{"a > b"}, "expression": "x:'&gt;'"}},
	}
	if !reflect.DeepEqual(fields, want) {
		t.Errorf("got %s", got)
	}
	if _, err := d.FlatJSON(""); err == nil {
		t.Error("an update without id was written")
	}
}

// Strings that some version of YAML resolves to another type are quoted.
func TestImportYAMLQuotes(t *testing.T) {
	t.Parallel()
	texts := []string{"yes", "No", "on", "~0", "012", "1e3", "null", "", " a", "a ", "a: b", "- a", "#a", "a #b", "${x}", "@a", "2026-01-01",
		"a\nb", "\t", "{", "é", "😀", "\u0085\u2028\ufeff", "<<", "=", "0x1", "plain text", strings.Repeat("k", 2000), "\x00"}
	fields := map[string]string{"name": "n"}
	for _, s := range texts {
		fields["k"+s] = s
	}
	text, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	d := mustParse(t, string(text))
	written, err := d.ImportYAML()
	if err != nil {
		t.Fatal(err)
	}
	if again := mustParse(t, string(written)); again.Canonical() != d.Canonical() {
		t.Errorf("differs in %v", Differences(again, d))
	}
	if !strings.Contains(string(written), "\n? kkk") {
		t.Error("a key longer than YAML allows before a colon is not marked with ?")
	}
	for _, s := range []string{"yes", "No", "on", "012", "2026-01-01", "null"} {
		if !strings.Contains(string(written), `: "`+s+`"`) {
			t.Errorf("%s is not quoted", s)
		}
	}
}

func TestEventsActionsAndPositions(t *testing.T) {
	t.Parallel()
	d := mustParse(t, smallDocument)
	if got, want := d.Events(), []EventRef{{Type: "Signal", Event: "Case/Created", VersionConstraint: "~0", Line: 4, Column: 10}}; !reflect.DeepEqual(got, want) {
		t.Errorf("events %+v", got)
	}
	want := []ActionRef{
		{Node: "send", Path: "actions.send", ID: "07413ef9ba7c47bf5a242799f59902cc", Name: "Send email", VersionConstraint: "~0",
			Line: 7, Column: 3, Properties: []PropertyRef{
				{Key: "to", Value: []any{"a@example.com"}, Line: 11, Column: 7},
				{Key: "params", Value: map[string]any{"query": map[string]any{"host": "x", "a.b": json.Number("1")}}, Line: 12, Column: 7},
				{Key: "count", Value: json.Number("3"), Line: 14, Column: 7},
				{Key: "on", Value: true, Line: 15, Column: 7},
				{Key: "none", Line: 16, Column: 7},
			}},
		{Node: "deep", Path: "loops.L.loops.M.actions.deep", ID: "x", Class: "C", VersionConstraint: "~2", Line: 24, Column: 11},
	}
	if got := d.Actions(); !reflect.DeepEqual(got, want) {
		t.Errorf("actions\n%+v\nwant\n%+v", got, want)
	}
	for _, tc := range []struct {
		node, property string
		line, column   int
	}{
		{"send", "", 7, 3}, {"send", "to", 11, 7}, {"send", "params.query.host", 13, 17}, {"send", "params.query.a.b", 13, 26},
		{"send", "properties.to", 11, 7}, {"send", "id", 8, 5}, {"send", "missing", 7, 3}, {"deep", "class", 24, 25},
		{"trigger", "", 2, 1}, {"", "event", 4, 3}, {"trigger", "x", 2, 1}, {"M", "", 21, 7}, {"nowhere", "to", 0, 0},
	} {
		if line, column := d.Position(tc.node, tc.property); line != tc.line || column != tc.column {
			t.Errorf("Position(%q, %q) = %d, %d, want %d, %d", tc.node, tc.property, line, column, tc.line, tc.column)
		}
	}
	if got := mustParse(t, "name: n\n").Events(); got != nil {
		t.Errorf("events without a trigger: %+v", got)
	}
}

func TestDroppedKeys(t *testing.T) {
	t.Parallel()
	sent := mustParse(t, "name: n\ncolour: red\nsize: []\nactions:\n  a:\n    id: x\n    proprties: {b: 1}\n    properties:\n      kept: 1\n      lost: 2\n    name: A\n")
	got := mustParse(t, "name: n\nactions:\n  a: {id: x, properties: {kept: 2, more: 1}, default_name: A}\n")
	lines := make([]string, 0, 3)
	for _, p := range DroppedKeys(sent, got) {
		if p.Warning {
			t.Errorf("a warning: %s", p)
		}
		lines = append(lines, p.String())
	}
	want := []string{
		`line 10, column 13: action "a": Falcon dropped actions.a.properties.lost when it saved the workflow because it does not know this key`,
		`line 7, column 5: action "a": Falcon dropped this key when it saved the workflow: "proprties" is not a known key of an action; did you mean "properties"?`,
		`line 2, column 1: Falcon dropped this key when it saved the workflow: "colour" is not a known key of a workflow`,
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%s", strings.Join(lines, "\n"))
	}
}

func TestActionNames(t *testing.T) {
	t.Parallel()
	action := func(keys string) *Document { return mustParse(t, "actions: {a: {id: x, "+keys+"}}") }
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"", "name: N", false},
		{"", "name: N, default_name: M", false},
		{"", "name: Sleep, default_name: Sleep", true},
		{"", "name: Sleep - 2, default_name: Sleep", false},
		{"name: Sleep, default_name: Sleep", "name: Sleep, default_name: Sleeping", true},
		{"", "name: Sleep - two, default_name: Sleep", false},
		{"", "name: Sleepy, default_name: Sleep", false},
		{"default_name: Sleep", "name: Sleepy, default_name: Sleep", false},
		{"name: N", "name: N, default_name: Sleep", true},
		{"name: N", "name: Sleep, default_name: Sleep", false},
		{"name: Sleep", "name: Sleep - 2, default_name: Sleep", false},
		{"default_name: A", "default_name: B", true},
	} {
		a, b := action(tc.a), action(tc.b)
		if Equal(a, b) != tc.want || Equal(b, a) != tc.want {
			t.Errorf("{%s} and {%s}: want equal %v", tc.a, tc.b, tc.want)
		}
	}
	if got, want := action("name: Sleep").CanonicalLike(action("name: Sleep, default_name: Sleep")), `{"actions":{"a":{"id":"x"}}}`; got != want {
		t.Errorf("CanonicalLike %s", got)
	}
	if got, want := action("name: M").CanonicalLike(action("name: N, default_name: N")), `{"actions":{"a":{"id":"x","name":"M"}}}`; got != want {
		t.Errorf("CanonicalLike of a rename %s", got)
	}
	// A second action of the same kind has a number, wherever it is.
	two := mustParse(t, "actions: {a: {id: x}, b: {id: x}}")
	exported := mustParse(t, "actions: {a: {id: x, name: Sleep, default_name: Sleep}, b: {id: x, name: Sleep - 2, default_name: Sleep}}")
	if !Equal(two, exported) || exported.Canonical() != two.Canonical() {
		t.Errorf("numbered default names are a difference: %v", Differences(two, exported))
	}
	known := two.WithDefaultNames(exported.DefaultNames())
	if want := (DefaultName{ID: "x", Names: []string{"Sleep"}}); !reflect.DeepEqual(known.DefaultNames()["actions.b"], want) {
		t.Errorf("known names %+v", known.DefaultNames())
	}
	if other := mustParse(t, "actions: {a: {id: y, name: Sleep}}").WithDefaultNames(exported.DefaultNames()); !strings.Contains(other.Canonical(), "Sleep") {
		t.Errorf("the default name of another action was taken: %s", other.Canonical())
	}
	claims := mustParse(t, "name: n\nactions: {a: {id: x, name: S, default_name: S}}").WithoutDefaultNames()
	if Equal(claims, mustParse(t, "name: n\nactions: {a: {id: x}}")) || Equal(claims.With(nil, new("d")), mustParse(t, "name: n\ndescription: d\nactions: {a: {id: x}}")) {
		t.Error("a document is believed about default names")
	}
	if d := mustParse(t, "name: n\nactions: {a: {id: x, name: S}}"); !Equal(d.WithDefaultNames(map[string]DefaultName{"actions.a": {ID: "x", Names: []string{"S"}}}).With(nil, new("d")), mustParse(t, "name: n\ndescription: d\nactions: {a: {id: x}}")) {
		t.Error("With forgets the default names")
	}
}

func TestVersionConstraint(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{"": "~0", "1.2.3": "~1", "12": "~12", "v2.0": "~2", " 1.0 ": "~1", "~3": "~3", "latest": "~0", ".1": "~0"} {
		if got := VersionConstraint(version); got != want {
			t.Errorf("VersionConstraint(%q) = %s, want %s", version, got, want)
		}
	}
}
