package fql

import (
	"strings"
	"testing"
	"time"
)

// item has a property of every kind.
type item struct {
	id, name, modified string
	version            int
	enabled            bool
	actions            []string
}

var (
	now    = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	fields = map[string]Matcher[item]{
		"id":       Is(func(i item) string { return i.id }),
		"action":   IsAnyOf(func(i item) []string { return i.actions }),
		"enabled":  IsFlag(func(i item) bool { return i.enabled }),
		"version":  IsNumber(func(i item) int { return i.version }),
		"modified": IsTime(func() time.Time { return now }, func(i item) string { return i.modified }),
		"name":     IsAnalyzed(func(i item) string { return i.name }),
		"found":    IsFound(func(i item) string { return i.name }),
		"name.raw": IsRaw(func() RawOptions { return RawOptions{} }, func(i item) string { return i.name }),
		"any":      Either(Is(func(i item) string { return i.id }), IsAnalyzed(func(i item) string { return i.name })),
	}
	items = []item{
		{id: "a", name: "Phishing mail", modified: "2026-11-24T09:00:00Z", version: 1, actions: []string{"x", "y"}},
		{id: "b", name: "it's a mail", modified: "2026-10-01T09:00:00Z", version: 2, enabled: true, actions: []string{"y"}},
		{id: "c", name: "a+b*c", version: 3},
	}
)

func TestSelect(t *testing.T) {
	t.Parallel()
	for filter, want := range map[string]string{
		"":                                    "abc",
		"id:'a'":                              "a",
		`id:"a"`:                              "a",
		"id:a":                                "a",
		"id:!'a'":                             "bc",
		"id:['a','c']":                        "ac",
		"id:>'a'":                             "",
		"action:'x'":                          "a",
		"action:!'y'":                         "c",
		"enabled:true":                        "b",
		"version:>=2":                         "bc",
		"version:<3+version:!1":               "b",
		"version:many":                        "",
		"modified:>'now-2d'":                  "a",
		"modified:<='2026-10-01'":             "",
		"modified:<'2026-11-01T00:00:00'":     "b",
		"modified:>'last week'":               "",
		"name:'mail'":                         "",
		"name:~'MAIL'":                        "ab",
		"name:~'mail phishing'":               "a",
		"name:!~'mail'":                       "c",
		"found:'mail'":                        "ab",
		"found:!'mail'":                       "c",
		"name.raw:'Phishing mail'":            "a",
		"name.raw:*'*mail'":                   "ab",
		"name.raw:!*'*mail'":                  "c",
		`name.raw:'it\'s a mail'`:             "b",
		`name.raw:*'a+b\*c'`:                  "c",
		"any:'b',any:~'phishing'":             "ab",
		"(id:'a',id:'b')+enabled:false":       "a",
		"id:'a',id:'b'+enabled:false":         "a",
		"( id:'a' , id:'b' ) + version:2":     "b",
		"id:'a'+((version:1,version:2),id:c)": "a",
	} {
		kept, err := Select(filter, items, fields)
		if err != nil {
			t.Errorf("%s: %v", filter, err)
		}
		got := ""
		for _, i := range kept {
			got += i.id
		}
		if got != want {
			t.Errorf("%s: %q, want %q", filter, got, want)
		}
	}
}

func TestSelectRefuses(t *testing.T) {
	t.Parallel()
	for filter, want := range map[string]string{
		"color:'x'":        "fql: color is an unknown property",
		"id:'a',color:'x'": "fql: color is an unknown property",
		"id":               "expected a property name and a colon",
		":'a'":             "expected a property name and a colon",
		"id:":              "expected a value",
		"id:'a":            "the string 'a is not closed",
		"id:['a'":          "missing ]",
		"(id:'a'":          "missing )",
		"id:'a')":          `unexpected ")"`,
	} {
		if _, err := Select(filter, items, fields); err == nil || !strings.HasPrefix(err.Error(), "Invalid FQL: "+want) {
			t.Errorf("%s: %v, want %s", filter, err, want)
		}
	}
}
