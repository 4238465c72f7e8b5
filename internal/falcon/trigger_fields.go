package falcon

import "strings"

// triggerRoot is what every path of a trigger's data begins with.
const triggerRoot = "Trigger"

// FieldPaths lists the paths of the trigger's fields as documents refer to them, such as
// "Trigger.Category.ZeroTrust.EventType.HostScoreChange.OverallScore": those that hold a value, in the catalogue's
// order. Whether a nested field's name is a whole path or the last part of one is not published, so both are understood.
func (t Trigger) FieldPaths() []string {
	return fieldPaths(nil, triggerRoot, t.Fields)
}

func fieldPaths(out []string, parent string, fields []TriggerField) []string {
	for _, f := range fields {
		path := f.Name
		if path != triggerRoot && !strings.HasPrefix(path, triggerRoot+".") {
			path = parent + "." + path
		}
		if len(f.Fields) > 0 {
			out = fieldPaths(out, path, f.Fields)
		} else {
			out = append(out, path)
		}
	}
	return out
}
