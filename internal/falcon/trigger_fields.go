package falcon

import "strings"

// triggerRoot is what every path of a trigger's data begins with.
const triggerRoot = "Trigger"

// Leaves lists the trigger's fields that hold a value, in the catalogue's order; Name is the path by which documents
// refer to one, such as "Trigger.Category.ZeroTrust.EventType.HostScoreChange.OverallScore". Whether a nested field's
// name is a whole path or the last part of one is not published, so both are understood.
func (t Trigger) Leaves() []TriggerField {
	return leaves(nil, triggerRoot, t.Fields)
}

// FieldPaths lists the paths of Leaves.
func (t Trigger) FieldPaths() []string {
	var out []string
	for _, f := range t.Leaves() {
		out = append(out, f.Name)
	}
	return out
}

func leaves(out []TriggerField, parent string, fields []TriggerField) []TriggerField {
	for _, f := range fields {
		if f.Name != triggerRoot && !strings.HasPrefix(f.Name, triggerRoot+".") {
			f.Name = parent + "." + f.Name
		}
		if len(f.Fields) > 0 {
			out = leaves(out, f.Name, f.Fields)
		} else {
			out = append(out, f)
		}
	}
	return out
}
