package falcon

import (
	"slices"
	"testing"
)

func TestTriggerFieldPaths(t *testing.T) {
	t.Parallel()
	trigger := Trigger{Fields: []TriggerField{
		{Name: "Trigger.CID"},
		{Name: "Category", Fields: []TriggerField{{Name: "Score"}, {Name: "Trigger.Category.SensorID"}}},
		{Name: "Trigger", Fields: []TriggerField{{Name: "SourceEventID"}}},
	}}
	want := []string{"Trigger.CID", "Trigger.Category.Score", "Trigger.Category.SensorID", "Trigger.SourceEventID"}
	if got := trigger.FieldPaths(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
