package fusion

import (
	"strings"
	"testing"
)

// An integer of any size keeps its digits and its form, in YAML and JSON.
func TestIntegersKeepTheirDigits(t *testing.T) {
	t.Parallel()
	for _, n := range []string{"9007199254740993", "-9007199254740993", "9223372036854775808", "18446744073709551616", "-170141183460469231731687303715884105729", strings.Repeat("1234567890", 6)} {
		for form, text := range map[string]string{
			"YAML": "name: n\nactions: {a: {id: x, properties: {count: " + n + ", list: [" + n + "]}}}",
			"JSON": `{"name": "n", "actions": {"a": {"id": "x", "properties": {"count": ` + n + `, "list": [` + n + `]}}}}`,
		} {
			d := mustParse(t, text)
			imported, err := d.ImportYAML()
			if err != nil {
				t.Fatal(err)
			}
			flat, err := d.FlatJSON("id")
			if err != nil {
				t.Fatal(err)
			}
			for what, written := range map[string]string{"canonical": d.Canonical(), "import": string(imported), "update": string(flat)} {
				if strings.Count(strings.ReplaceAll(written, " ", ""), n) != 2 {
					t.Errorf("%s of %s, %s: %s", n, form, what, written)
				}
			}
		}
	}
}

// Falcon stores a number with a fraction as a 64-bit float; digits beyond its
// precision are not a difference. They are sent, and integers keep all digits.
func TestFractionsAreRounded(t *testing.T) {
	t.Parallel()
	document := func(n string) *Document {
		return mustParse(t, "name: n\nactions: {a: {id: x, properties: {n: "+n+"}}}")
	}
	for long, short := range map[string]string{
		"0.1000000000000000055511151231257827": "0.1", "1.2345678901234567890e-7": "1.2345678901234568e-7", "9007199254740993.25": "9007199254740994",
	} {
		if a, b := document(long), document(short); !Equal(a, b) || a.Canonical() != b.Canonical() {
			t.Errorf("%s and %s differ: %s", long, short, a.Canonical())
		}
		if imported, err := document(long).ImportYAML(); err != nil || strings.Contains(string(imported), short+"\n") {
			t.Errorf("%s is sent as %s, %v", long, imported, err)
		}
	}
	for _, pair := range [][2]string{{"0.30000000000000004", "0.3"}, {"9007199254740993", "9007199254740992"}, {"1.5e50", "1.50000000000000000001e50"}} {
		if Equal(document(pair[0]), document(pair[1])) {
			t.Errorf("%s equals %s", pair[0], pair[1])
		}
	}
}

// A number that JSON can't represent is a string: Falcon's exporter writes such
// strings without quotes, as Go's YAML library does.
func TestTextThatLooksLikeANumber(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"12e45678", "1e999", "-1e999", "2e308", "1.8e308", "0x" + strings.Repeat("f", 64), "0o" + strings.Repeat("7", 40),
	} {
		plain := mustParse(t, "name: n\nactions: {a: {id: x, properties: {hash: "+s+"}}}")
		quoted := mustParse(t, "name: n\nactions: {a: {id: x, properties: {hash: '"+s+"'}}}")
		if !Equal(plain, quoted) || plain.Canonical() != quoted.Canonical() {
			t.Errorf("%s is not text: %s", s, plain.Canonical())
		}
	}
	for _, s := range []string{"1e308", "1.7e308", "0xff", "0o17", "123456789012345678901234567890"} {
		plain := mustParse(t, "name: n\nactions: {a: {id: x, properties: {n: "+s+"}}}")
		if quoted := mustParse(t, "name: n\nactions: {a: {id: x, properties: {n: '"+s+"'}}}"); Equal(plain, quoted) {
			t.Errorf("the number %s equals text", s)
		}
	}
}

// Go's yaml.v3 loses the first line break of a string that starts with one.
func TestLostLineBreak(t *testing.T) {
	t.Parallel()
	sent := mustParse(t, "name: n\nactions: {a: {id: x, properties: {msg: \"\\nfirst\\nsecond\"}}}")
	got := mustParse(t, "name: n\nactions:\n    a:\n        id: x\n        properties:\n            msg: |4-\n                first\n                second\n")
	if !Equal(sent, got) || sent.Canonical() != got.Canonical() {
		t.Errorf("differs in %v", Differences(sent, got))
	}
	if other := mustParse(t, "name: n\nactions: {a: {id: x, properties: {msg: \" first\\nsecond\"}}}"); Equal(sent, other) {
		t.Error("a space at the beginning counts as a line break")
	}
}

// A switch that is off and a limit with its default equal a missing key: Falcon
// leaves such keys out of an export.
func TestSwitchesThatAreOff(t *testing.T) {
	t.Parallel()
	base := "name: n\ntrigger: {type: Scheduled, event: Schedule, schedule: {time_cycle: 0 5 * * *%s}}\nactions: {a: {id: x%s}}\nloops: {l: {for: {input: a.b%s}}}\n"
	write := func(schedule, action, loop string) *Document {
		text := base
		for _, more := range []string{schedule, action, loop} {
			text = strings.Replace(text, "%s", more, 1)
		}
		return mustParse(t, text)
	}
	without := write("", "", "")
	with := write(", skip_concurrent: false", ", continue_on_error: false", ", sequential: false, continue_on_partial_execution: false, max_execution_seconds: 0, max_iteration_count: 0")
	if !Equal(without, with) || without.Canonical() != with.Canonical() || len(DroppedKeys(with, without)) > 0 {
		t.Errorf("differs in %v", Differences(without, with))
	}
	for _, on := range []*Document{
		write(", skip_concurrent: true", "", ""), write("", ", continue_on_error: true", ""), write("", "", ", sequential: true"), write("", "", ", max_iteration_count: 1"),
	} {
		if Equal(without, on) {
			t.Errorf("a switch that is on counts as off: %s", on.Canonical())
		}
	}
	if sent, err := with.FlatJSON("id"); err != nil || !strings.Contains(string(sent), `"continue_on_error":false`) {
		t.Errorf("what the user wrote is sent: %v %s", err, sent)
	}
}
