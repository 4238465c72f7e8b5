package fusion

import (
	"strings"
	"testing"
)

func TestLookups_roundTrip(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"Sleep", "Detection > EPP Detection", `it's "quoted"`, `back\slash`, "a, b=(c).d", "line\nbreak\ttab", "Grüße 🚀", "@@key@@", "${x}", "falcon::text('a')", "#: |", "\u2028\x7f",
	} {
		for _, l := range []Lookup{
			{Kind: LookupAction, Name: name, Attribute: "id"},
			{Kind: LookupAction, Name: name, Vendor: name, Class: "Inline.Python", Attribute: "version_constraint"},
			{Kind: LookupConfig, Name: name, App: name, Attribute: "definition_id"},
			{Kind: LookupText, Name: name},
		} {
			got, err := ParseLookup(l.String())
			if err != nil || got != l {
				t.Errorf("%s became %+v, %v", l, got, err)
			}
		}
	}
}

func TestParseLookup(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`falcon::action("Call webhook", vendor = "it's").id`: `falcon::action('Call webhook', vendor='it\'s').id`,
		" falcon::trigger( 'Case' ) . event ":                "falcon::trigger('Case').event",
		"falcon::text('')":                                   "falcon::text('')",
		"falcon::acton('x').id":                              `error: did you mean "action"?`,
		"falcon::action('x')":                                "error: the attribute is missing; it has id and version_constraint",
		"falcon::action('x').event":                          `error: action has no attribute "event"`,
		"falcon::action(x).id":                               "error: a name in quotes is missing",
		"falcon::action('x', app='y').id":                    `error: action has no argument "app"`,
		"falcon::action('x', vendor='a', vendor='b').id":     "error: occurs twice",
		"falcon::action('x', vendor).id":                     "error: write vendor='…'",
		"falcon::action('x').id, 2":                          "error: always the whole value",
		"falcon::action('x":                                  "error: the closing quote ' is missing",
		`falcon::action('\q').id`:                            `error: invalid escape`,
		"falcon::action('x'.id":                              "error: the closing parenthesis is missing",
		"falcon::action('  ').id":                            "error: the name is empty",
		"falcon::action":                                     "error: a name in parentheses is missing",
		"falcon::config('a', app='b').definition_id":         "falcon::config('a', app='b').definition_id",
		"falcon::credential('a').id":                         "falcon::credential('a').id",
		"falcon::text('falcon::action(\\'x\\').id')":         "falcon::text('falcon::action(\\'x\\').id')",
	} {
		l, err := ParseLookup(text)
		problem, isError := strings.CutPrefix(want, "error: ")
		switch {
		case isError && (err == nil || !strings.Contains(err.Error(), problem)):
			t.Errorf("%s: error %v, want %s", text, err, problem)
		case !isError && (err != nil || l.String() != want):
			t.Errorf("%s: got %s, %v, want %s", text, l, err, want)
		}
	}
}
