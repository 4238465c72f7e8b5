package falcon

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestStrictInt(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		want int64
		ok   bool
	}{
		`0`: {0, true}, `19`: {19, true}, `"19"`: {19, true}, `19.0`: {19, true}, `1e2`: {100, true}, `null`: {0, true},
		`9007199254740993`: {9007199254740993, true},
		`19.5`:             {}, `""`: {}, `"high"`: {}, `true`: {}, `{}`: {}, `[1]`: {}, `1e300`: {}, `"NaN"`: {},
	}
	for in, tc := range tests {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			var n strictInt
			err := json.Unmarshal([]byte(in), &n)
			if (err == nil) != tc.ok || err == nil && int64(n) != tc.want {
				t.Errorf("got %d, %v", n, err)
			}
		})
	}
}

func TestValidationErrorsText(t *testing.T) {
	t.Parallel()
	one := ValidationError{Code: 2016, Message: "A value is required.", NodeID: "notify", ParentNodeID: "Loop", Property: "_fields"}
	tests := map[string]ValidationErrors{
		`Falcon does not accept the workflow: at "notify" in "Loop", property "_fields": A value is required. (code 2016)`: {one},
		"Falcon does not accept the workflow:\n  - property \"to\": empty\n  - no action (code 2019)": {
			{Message: "empty ", Property: "to"}, {Code: 2019, Message: "no action"},
		},
	}
	for want, errs := range tests {
		if got := errs.Error(); got != want {
			t.Errorf("got %s", got)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"Call webhook":                  "[webhook Call]",
		"a of it":                       "[]",
		"Slack v2 - Chat PostMessage":   "[PostMessage Slack Chat]",
		"one1 two22 three four4 fiveee": "[fiveee two22 three four4]",
	}
	for in, want := range tests {
		if got := fmt.Sprint(words(in)); got != want {
			t.Errorf("%q: %s", in, got)
		}
	}
}

// FuzzFQL checks that a quoted value is read back unchanged, and that nothing after it belongs to another term. The reader
// here is FQL's rule of one backslash before each quote and backslash.
func FuzzFQL(f *testing.F) {
	for _, s := range []string{"", "plain", "it's", `a\`, `\'`, `'+name:*'`, "line\nbreak", "世界", "\x00", `\\''`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		quoted := fql(value)
		body := quoted[1 : len(quoted)-1]
		var back strings.Builder
		for i := 0; i < len(body); i++ {
			if body[i] == '\'' {
				t.Fatalf("%q ends early in %s", value, quoted)
			}
			if body[i] == '\\' {
				i++
			}
			if i == len(body) {
				t.Fatalf("%q takes the closing quote along in %s", value, quoted)
			}
			back.WriteByte(body[i])
		}
		if back.String() != value || quoted[0] != '\'' || quoted[len(quoted)-1] != '\'' {
			t.Fatalf("%q became %s", value, quoted)
		}
	})
}

// FuzzWireRecords checks that no record of any shape makes its decoder panic.
func FuzzWireRecords(f *testing.F) {
	for _, s := range []string{
		`{"id":"w","version":"3","enabled":true}`, `{"id":1,"version":1.0}`, `{"aid":"a","assessment":{"os":null}}`, `[]`, `null`, `{"fields":[{"fields":[{}]}]}`,
		assessmentJSON("a"), activityJSON("a", "n"), workflowJSON("w", "n", 1, true, false), `{"id":"w","validation_errors":[{"code":"2003"}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) {
			return
		}
		env := &envelope{Status: 200, Total: -1, Resources: []json.RawMessage{raw}}
		if list, err := resources[wireWorkflow](t.Context(), env); err == nil && len(list) > 0 {
			_ = list[0].workflow()
		}
		if list, err := resources[wireAssessment](t.Context(), env); err == nil && len(list) > 0 {
			_ = list[0].assessment()
		}
		if list, err := resources[wireActivity](t.Context(), env); err == nil && len(list) > 0 {
			_ = list[0].activity()
		}
		if list, err := resources[wireTrigger](t.Context(), env); err == nil && len(list) > 0 {
			_ = list[0].trigger().FieldPaths()
		}
		if list, err := resources[wireImport](t.Context(), env); err == nil && len(list) > 0 {
			_ = list[0].ValidationErrors
		}
	})
}
