package fusion

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	topKey   = regexp.MustCompile(`(?m)^(name|trigger|actions|conditions|loops):`)
	nodeName = regexp.MustCompile(`(?m)^  ([A-Za-z]+):`)
)

// framed returns a complete document for a part: it adds a name, an on-demand
// trigger that refers to the first node, and an action, if the part has none. A
// part with a name is complete.
func framed(part string) string {
	part = strings.TrimPrefix(part, "\n") + "\n"
	has := map[string]bool{}
	for _, m := range topKey.FindAllStringSubmatch(part, -1) {
		has[m[1]] = true
	}
	if has["name"] {
		return part
	}
	head := "name: framed\n"
	first := "Wait"
	if m := nodeName.FindStringSubmatch(part[sectionStart(part):]); m != nil && (has["actions"] || has["conditions"] || has["loops"]) {
		first = m[1]
	}
	if !has["trigger"] {
		head += "trigger: {type: On demand, next: [" + first + "]}\n"
	}
	if !has["actions"] && !has["loops"] {
		part += one("Wait", "id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}") + "\n"
	}
	return head + part
}

// sectionStart returns the offset of the nodes of a part.
func sectionStart(part string) int {
	if at := regexp.MustCompile(`(?m)^(actions|conditions|loops):`).FindStringIndex(part); at != nil {
		return at[0]
	}
	return len(part)
}

// alsoBroken are rules that the bad example of another rule has to violate.
var alsoBroken = map[string][]string{"R61": {"R44"}, "R73": {"R74"}}

// Every rule that needs no catalog reports its bad example, and only that, with a
// position and its level, and nothing for its good example.
func TestRulesFindTheirExamples(t *testing.T) {
	t.Parallel()
	for _, r := range Rules() {
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			if r.Title == "" || r.Fix == "" {
				t.Error("no title or no fix")
			}
			if r.Good != "" {
				if problems := mustParse(t, framed(r.Good)).Check(CheckOptions{}); len(problems) > 0 {
					t.Errorf("the good example violates a rule:\n%s\n%s", problems, framed(r.Good))
				}
			}
			if r.Bad == "" {
				return
			}
			d := mustParse(t, framed(r.Bad))
			problems := d.Check(CheckOptions{Ignore: alsoBroken[r.ID]})
			if r.Catalog && len(problems) == 0 {
				return // the tests of the catalog rules report it
			}
			wantOnly(t, problems, r.ID, r.Level == Advice)
			wantOnly(t, d.Check(CheckOptions{Draft: true, Ignore: alsoBroken[r.ID]}), r.ID, r.Level != Import)
			if left := d.Check(CheckOptions{Ignore: append(slices.Clone(alsoBroken[r.ID]), strings.ToLower(r.ID))}); len(left) > 0 {
				t.Errorf("reported although ignored: %s", left)
			}
		})
	}
}

// wantOnly checks that all problems have one rule and severity, and a position.
func wantOnly(t *testing.T, problems Problems, id string, warning bool) {
	t.Helper()
	if len(problems) == 0 {
		t.Errorf("%s is not reported", id)
	}
	for _, p := range problems {
		if p.Rule != id || p.Warning != warning || p.Line < 1 || p.Column < 1 || p.Message == "" {
			t.Errorf("want rule %s, warning %v: %+v", id, warning, p)
		}
	}
}

func TestRuleIDs(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, id := range RuleIDs() {
		if seen[id] || !regexp.MustCompile(`^[RP]\d\d$`).MatchString(id) {
			t.Errorf("the id %q is there twice or has an odd form", id)
		}
		seen[id] = true
	}
	if r, ok := RuleByID(" r18 "); !ok || r.ID != "R18" {
		t.Errorf("RuleByID finds %+v", r)
	}
	if _, ok := RuleByID("R99"); ok {
		t.Error("there is a rule R99")
	}
}
