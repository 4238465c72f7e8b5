package fusion

import (
	"slices"
	"testing"
)

func TestFieldName(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{
		"Trigger.CID": "", "${Trigger.CID}": "", "Workflow.Execution.ID": "", "${data['Trigger.CID']}": "", "${cs.json.encode(data['Trigger.CID'])}": "",
		"OverallScore": "OverallScore", "${ overall_score }": "overall_score", "HostScoreChange.OverallScore": "HostScoreChange.OverallScore", "trigger.CID": "trigger.CID",
	} {
		if got := FieldName(field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
}

func TestBareNames(t *testing.T) {
	t.Parallel()
	for cel, want := range map[string][]string{
		"overall < 50":                                       {"overall"},
		"Trigger.CID == 'a'":                                 {"Trigger.CID"},
		"name.startsWith('x') && name.size() > 3":            {"name"},
		"data['Trigger.CID'] == overall":                     {"overall"},
		"!(is_open)":                                         {"is_open"},
		"data['Trigger.CID'].startsWith('overall')":          nil,
		"data[?'Trigger.CID'].orValue('') != \"x y\"":        nil,
		"has(data['Trigger.Case'].Name)":                     nil,
		"size(data['Trigger.Names']) > 0 || true != false":   nil,
		"data['Trigger.Names'].exists(n, n.startsWith('a'))": nil,
		"data['Trigger.Names'].exists(n, m == n)":            {"m"},
		"cs.json.decode(data['Trigger.X']).f > 1.5e3":        nil,
		"data['Trigger.X'] in ['a', 'b'] && 1u < 2u":         nil,
		"int(data['Trigger.X']) > 0x1F":                      nil,
		"timestamp(data['Trigger.T']) < cs.timestamp.now()":  nil,
		"data['Trigger.X'] ? 1 : score":                      {"score"},
		"data['Trigger.X'] == 'it\\'s overall'":              nil,
	} {
		if got := BareNames(cel); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", cel, got, want)
		}
	}
}
