package fusion

import (
	"encoding/json"
	"strings"
	"testing"
)

// The rules that need the catalog report their bad examples, and nothing for the
// good ones.
func TestCatalogRules(t *testing.T) {
	t.Parallel()
	triggers := []CatalogTrigger{
		{Event: "Case/Created", Version: "1.0.0"},
		{Event: eventNGSIEM, Version: "1.2.0", Fields: []CatalogField{
			{"Trigger.Detection.Name", "string"}, {"Trigger.Detection.NGSIEM.RemoteIPs", "array"}, {"Trigger.Detection.NGSIEM.Host.Name", "string"},
			{"Trigger.Detection.NGSIEM.Raw", "object"}, {"Trigger.Detection.MitreAttack.Tactic", "string"},
		}},
	}
	actions := map[string][]CatalogAction{
		"4f1af1ae4c13dc1e3bcd725f8dc0f63b":                                  {{Name: "Sleep", Version: "1.0.0", InputSchema: json.RawMessage(`{"required": ["sleep_time", "unit"], "properties": {"unit": {"default": "m"}}}`)}},
		"702d15788dbbffdf0b68d8e2f3599aa4":                                  {{Name: "Create variable", Class: classCreateVariable, Version: "1.0.0"}},
		"0123456789abcdef0123456789abcdef_fedcba9876543210fedcba9876543210": {{Name: "Agent", Namespace: "agentworks", Version: "1.0.0"}},
	}
	check := func(text string, options CheckOptions) Problems {
		d := mustParse(t, framed(text))
		out := d.CheckTrigger(triggers, options)
		for _, a := range d.Actions() {
			out = append(out, d.CheckAction(a, actions[a.ID], options)...)
		}
		return out
	}
	for _, id := range []string{"R09", "R33", "R36", "R37", "R43", "R54"} {
		r, ok := RuleByID(id)
		if !ok || !r.Catalog {
			t.Fatalf("%s is not a rule of the catalog", id)
		}
		wantOnly(t, check(r.Bad, CheckOptions{}), id, r.Level == Advice)
		wantOnly(t, check(r.Bad, CheckOptions{Draft: true}), id, true)
		if left := check(r.Bad, CheckOptions{Ignore: []string{id}}); len(left) > 0 {
			t.Errorf("ignored, and yet: %s", left)
		}
		if problems := check(r.Good, CheckOptions{}); len(problems) > 0 {
			t.Errorf("the good example of %s breaks a rule: %s", id, problems)
		}
	}
}

func TestTriggerFields(t *testing.T) {
	t.Parallel()
	triggers := []CatalogTrigger{{Event: "Investigatable", Version: "1.0.0", Fields: []CatalogField{
		{"Trigger.Detection.Name", "string"}, {"Trigger.Detection.EPP.Hosts", "array"}, {"Trigger.Detection.EPP.Sensor.Hostname", ""},
	}}}
	for _, tc := range []struct{ pin, text, want string }{
		{"~1", "${data['Trigger.Detection.Name']} ${data['Trigger.CID']} ${data['Trigger.ObservedTime.Hour']}", ""},
		{"~1", "${Trigger.Detection.EPP.Hosts.#}", ""},
		{"~1", "${Trigger.Detection.EPP.Hosts.#.Name}", ""},
		{"~1", "${data['Trigger.Detection.EPP']}", ""},
		{"~1", "${Trigger.Detection.EPP.Sensor.Hostname.More}", ""},
		{"~1", "${Trigger.Detection.Name.First}", "warning"}, // published workflows read Trigger.Detection.Name
		{"~1", "${Trigger.Detection.Nome}", `has no Trigger.Detection.Nome; did you mean "Trigger.Detection.Name"?`},
		{"~1", "${data[?'Trigger.Detection.EPP.Sensor.Hostnam'].orValue('')}", "warning"},
		{"~1", "${Trigger.Category.Investigatable.Name}", "warning"},
		// Another major version has other fields.
		{"~0", "${Trigger.Detection.Nome}", ""},
		{"~2", "${Trigger.Detection.Nome}", ""},
	} {
		d := mustParse(t, "name: n\ntrigger: {type: Signal, event: Investigatable, version_constraint: "+tc.pin+", next: [Print]}\n"+says(tc.text))
		problems := d.CheckTrigger(triggers, CheckOptions{})
		switch {
		case tc.want == "" && len(problems) > 0, tc.want == "warning" && (len(problems) != 1 || !problems[0].Warning):
			t.Errorf("%s at %s: %s", tc.text, tc.pin, problems)
		case tc.want != "" && tc.want != "warning" && (len(problems.Errors()) != 1 || !strings.Contains(problems.String(), tc.want)):
			t.Errorf("%s at %s: %s", tc.text, tc.pin, problems)
		}
	}
}

func TestPins(t *testing.T) {
	t.Parallel()
	versions := []CatalogAction{{Name: "Sleep", Version: "1.4.0"}, {Name: "Sleep", Version: "3.0.0"}}
	for pin, wrong := range map[string]bool{"": false, "~0": false, "~1": false, "~3": false, "~2": true, "~4": true} {
		d := mustParse(t, "name: n\nactions: {a: {id: x, version_constraint: '"+pin+"'}}")
		problems := d.CheckAction(d.Actions()[0], versions, CheckOptions{})
		if (len(problems) > 0) != wrong {
			t.Errorf("pin %q: %s", pin, problems)
		}
	}
}
