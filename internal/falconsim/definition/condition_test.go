package definition

import "testing"

func TestConditions(t *testing.T) {
	t.Parallel()
	values := map[string]any{"Trigger.Score": 42, "Trigger.Name": "x"}
	for cel, want := range map[string]struct{ holds, doubt bool }{
		`data['Trigger.Score'] < 50`:                                 {true, false},
		`data['Trigger.Score'] >= 50`:                                {false, false},
		`data['Trigger.Score'] <= 42 && data['Trigger.Name'] == "x"`: {true, false},
		`data['Trigger.Score'] > 41 && data['Trigger.Name'] != 'x'`:  {false, false},
		`data['Trigger.Missing'] == null`:                            {true, false},
		`data['Trigger.Name'] == null`:                               {false, false},
		`data['Trigger.Name'].size() > 3`:                            {true, true},
		`data['Trigger.Score'] < data['Trigger.Name']`:               {true, true},
		`data[?'Trigger.Score'].orValue(0) != 42`:                    {false, false},
		`data[?'Trigger.Missing'].orValue(7) == 7`:                   {true, false},
		``: {true, true},
	} {
		holds, doubt := Evaluate(Document{"cel_expression": cel}, values)
		if holds != want.holds || (doubt != "") != want.doubt {
			t.Errorf("%s: %v, doubt %q", cel, holds, doubt)
		}
	}
}
