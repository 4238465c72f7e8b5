package fusion

import (
	"strings"
	"testing"
)

func TestParseProblems(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"empty", " \n", "the document is empty"},
		{"only comments", "# x\n", "the document is empty: it has only comments"},
		{"text", "just text", "line 1, column 1: a workflow document is a mapping with keys such as name, trigger and actions; this is a string"},
		{"list", "- a\n", "line 1, column 1: a workflow document is a mapping with keys such as name, trigger and actions; this is a list"},
		{"syntax", "a: [1,\nb: }\n", "line 2, column 4: invalid YAML: did not find expected node content (while parsing a flow node)"},
		{"tab", "a:\n\tb: 1\n", "line 2, column 1: invalid YAML: found a tab; indent with spaces only"},
		{"two documents", "a: 1\n---\nb: 2\n", "line 2, column 1: a second YAML document begins here; a workflow is one document"},
		{"two documents, second broken", "a: 1\n---\nb: [\n", "line 4, column 1: invalid YAML: did not find expected node content (while parsing a flow node)"},
		{"duplicate key", "a: 1\nb:\n  c: 1\n  \"c\": 2\n", `line 4, column 3: duplicate key "c": first at line 3, column 3`},
		{"duplicate after conversion", "1: a\n\"1\": b\n", `line 2, column 1: duplicate key "1": first at line 1, column 1`},
		{"several duplicates", "a: 1\na: 2\na: 3\n", "line 2, column 1: duplicate key \"a\": first at line 1, column 1\nline 3, column 1: duplicate key \"a\": first at line 1, column 1"},
		{"key is a list", "? [a]\n: 1\n", "line 1, column 3: a key must be a string, not a list or a mapping"},
		{"unknown anchor", "a: *x\n", "line 1, column 4: invalid YAML: unknown anchor 'x' referenced"},
		{"alias in itself", "a: &a [*a]\n", "line 1, column 8: the alias *a is inside the value that it refers to"},
		{"merge in itself", "a: &a\n  <<: *a\n", "line 2, column 7: the alias *a is inside the value that it refers to"},
		{"merge of a number", "a:\n  <<: 3\n", "line 2, column 7: << takes a mapping or a list of mappings, not a number"},
		{"unknown tag", "a: !foo x\n", "line 1, column 4: the tag !foo is not part of YAML's core schema"},
		{"tag against value", "a: !!int x\n", `line 1, column 4: "x" does not match its tag !!int`},
		{"infinity", "a: .inf\n", `line 1, column 4: JSON can't represent the number ".inf"; put it in quotes if it is a string`},
		{"NUL", "a: 1\nb: x\x00\n", "line 2, column 5: the control character U+0000 is not allowed in a document"},
		{"not UTF-8", "é: 1\nb: x\xff\n", "line 2, column 5: the document is not UTF-8 text"},
		{"JSON cut off", `{"a": [1, `, "line 1, column 11: invalid JSON: unexpected end of the document"},
		{"JSON syntax", "{\n\t\"a\": 1\n\t\"b\": 2\n}", "line 3, column 2: invalid JSON: invalid character '\"' after object key:value pair"},
		{"text after JSON", `{"a": 1} {"b": 2}`, "line 1, column 10: invalid JSON: text follows the end of the document"},
		{"JSON duplicate", "{\"a\": 1,\n \"\\u0061\": 2}", `line 2, column 2: duplicate key "a": first at line 1, column 2`},
		{"JSON number", `{"a": 1e999}`, `line 1, column 7: JSON can't represent the number "1e999"; put it in quotes if it is a string`},
		{"JSON list", `[1]`, "line 1, column 1: a workflow document is a mapping with keys such as name, trigger and actions; this is a list"},
		{"flow style", "{a: 1, b: ]}", "line 1, column 11: invalid YAML: did not find expected node content (while parsing a flow node)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d, problems := Parse(tc.text)
			if got := problems.String(); got != tc.want || d != nil {
				t.Errorf("document %v\ngot:  %s\nwant: %s", d != nil, got, tc.want)
			}
		})
	}
}

// A document that is too large or expands without end is rejected quickly.
func TestParseLimits(t *testing.T) {
	t.Parallel()
	bomb := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for _, c := range "12345678" {
		p := string(c - 1)
		bomb += "a" + string(c) + ": &a" + string(c) + " [" + strings.Repeat("*a"+p+",", 9) + "*a" + p + "]\n"
	}
	long := "a: &a \"" + strings.Repeat("x", 1<<20) + "\"\nb: [" + strings.Repeat("*a,", 1000) + "]\n"
	merges := "a: &a {" + strings.Repeat("x", 1<<20) + ": 1}\nb:\n" + strings.Repeat("- <<: *a\n", 5)
	for _, tc := range []struct{ name, text, want string }{
		{"10 MB", "a: " + strings.Repeat("x", maxBytes), "the document has 10485763 bytes; the maximum is 10485760"},
		{"elements", "a: [" + strings.Repeat("1,", maxParts) + "]", "lines, commas and brackets; the maximum is 1000000"},
		{"deep flow", "a: " + strings.Repeat("[", 300) + strings.Repeat("]", 300), "nested deeper than 200 levels"},
		{"deep block", strings.Repeat("- ", 300) + "x", "nested deeper than 200 levels"},
		{"deeper than the parser", "a: " + strings.Repeat("[", 100_000), "exceeded max depth"},
		{"deep JSON", strings.Repeat(`{"a":`, 300) + "1" + strings.Repeat("}", 300), "nested deeper than 200 levels"},
		{"alias bomb", bomb, "the aliases of this document expand to more than 10485760 bytes"},
		{"a long text many times", long, "the aliases of this document expand to more than 10485760 bytes"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d, problems := Parse(tc.text)
			if d != nil || len(problems) != 1 || !strings.Contains(problems.String(), tc.want) {
				t.Errorf("document %v, problems %.300s", d != nil, problems)
			}
		})
	}
	if d, problems := Parse(merges); d == nil {
		t.Errorf("merge keys within the limits: %s", problems)
	}
}

// Plain scalars resolve by YAML 1.2's core schema.
func TestScalars(t *testing.T) {
	t.Parallel()
	for yaml, want := range map[string]string{
		"yes": `"yes"`, "No": `"No"`, "on": `"on"`, "off": `"off"`, "y": `"y"`,
		"true": "true", "True": "true", "TRUE": "true", "tRUE": `"tRUE"`, "false": "false",
		"0o14": "12", "014": "14", "012": "12", "0x1F": "31", "0b11": `"0b11"`, "1_000": `"1_000"`, "0o8": `"0o8"`,
		"1:20": `"1:20"`, "2026-01-01": `"2026-01-01"`, "2026-01-01T10:00:00Z": `"2026-01-01T10:00:00Z"`,
		"1e3": "1000", "1.0": "1", "+1": "1", "-0": "0", "-0.0": "0", ".5": "0.5", "5.": "5", "-1.50e-2": "-0.015",
		"12345678901234567890123": "12345678901234567890123", "0.1234567890123456789012": "0.12345678901234568",
		"1e300": "1e300", "-12e-300": "-1.2e-299", "1.5e50": "1.5e50", "~1": `"~1"`, "0.000001": "0.000001", "1e-7": "1e-7",
		"'1'": `"1"`, `"true"`: `"true"`, "!!str 1": `"1"`, "!!int '1'": "1", "!!float 1": "1", "! 1": `"1"`,
		".": `"."`, "..": `".."`, "+": `"+"`, "1e": `"1e"`, "0x": `"0x"`, "nul": `"nul"`, ".Inf x": `".Inf x"`,
		"1.2.3": `"1.2.3"`, "10.0.0.0/8": `"10.0.0.0/8"`, "=": `"="`,
	} {
		if got := mustParse(t, "a: "+yaml+"\n").Canonical(); got != `{"a":`+want+`}` {
			t.Errorf("%s is %s, want %s", yaml, got, want)
		}
	}
	for _, absent := range []string{"", "~", "null", "Null", "NULL", "!!null ''", "{}", "[]"} {
		if got := mustParse(t, "a: "+absent+"\n").Canonical(); got != `{}` {
			t.Errorf("%q is %s", absent, got)
		}
	}
}

func TestKeysBecomeText(t *testing.T) {
	t.Parallel()
	d := mustParse(t, "1: a\n1.50: b\ntrue: c\n~: d\n0x1F: e\n&k key: f\nother: {*k : g}\n")
	want := `{"0x1F":"e","1":"a","1.50":"b","key":"f","other":{"key":"g"},"true":"c","~":"d"}`
	if got := d.Canonical(); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestMergeKeys(t *testing.T) {
	t.Parallel()
	d := mustParse(t, "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 3\nd: {'<<': 1}\n")
	want := `{"a":{"x":1,"y":1},"b":{"y":2,"z":2},"c":{"x":3,"y":1,"z":2},"d":{"<<":1}}`
	if got := d.Canonical(); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// JSON is parsed as JSON, even where YAML parsers fail, and YAML in flow style as
// YAML.
func TestJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"\ufeff{\"a\":\t\"\\ud83d\\ude00\\/\\u0041\"}":   `{"a":"😀/A"}`,
		"{\"a\":1,\n\t\"b\"\n:[\ttrue,null,{}]\t}":       `{"a":1,"b":[true,null,null]}`,
		`{"a": 9007199254740993, "b": 1.0, "c": 1E2}`:    `{"a":9007199254740993,"b":1,"c":100}`,
		`{a: yes, b: [1, 2,], 'c': "d"} # flow`:          `{"a":"yes","b":[1,2],"c":"d"}`,
		"\n\n {\"a\": \"x\\u2028\\u0000\\u0085\"}":       `{"a":"x\u2028\u0000\u0085"}`,
		`{"a": "` + strings.Repeat("é", 3) + `", "b":2}`: `{"a":"ééé","b":2}`,
	} {
		if got := mustParse(t, text).Canonical(); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}
