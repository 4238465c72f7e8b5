package falconsim

import (
	"regexp"
	"strings"
)

// GUESS Q26: the paths of trigger fields. Of the host assessment only OverallScore is
// published, of detections and incidents a few; the others follow their form.
func hostScoreTriggerFields() []triggerField {
	fields := fieldsOf("Category.ZeroTrust.EventType.HostScoreChange.",
		"OverallScore", "PreviousOverallScore", "OSScore", "SensorScore", "SensorID", "Hostname", "Timestamp")
	for i := range 4 {
		fields[i].kind = "integer"
	}
	return fields
}

func caseTriggerFields() []triggerField {
	return fieldsOf("Case.", "CaseID", "Name", "Status", "PreviousStatus", "Severity", "Description")
}

func detectionFields() []triggerField {
	fields := fieldsOf("Detection.", "DetectionID", "Name", "Description", "Severity", "SeverityDisplayName")
	return append(fields, triggerField{name: "Trigger.Detection.EPP", display: "EPP", kind: "object", fields: []triggerField{
		{name: "Trigger.Detection.EPP.Sensor.SensorID", display: "Sensor ID"},
		{name: "Trigger.Detection.EPP.Sensor.Hostname", display: "Hostname"},
	}})
}

// fieldsOf makes fields of a common path, each with the fields that every
// trigger has (fusion-workflows.md B).
func fieldsOf(prefix string, names ...string) []triggerField {
	var fields []triggerField
	for _, name := range names {
		fields = append(fields, triggerField{name: "Trigger." + prefix + name, display: spaced(name)})
	}
	for _, name := range []string{"CID", "SourceEventID", "SourceEventURL"} {
		fields = append(fields, triggerField{name: "Trigger." + name, display: spaced(name)})
	}
	return fields
}

// spaced turns the last part of a path into words: PreviousOverallScore becomes
// "Previous overall score", SensorID "Sensor ID".
func spaced(name string) string {
	name = name[strings.LastIndex(name, ".")+1:]
	words := capitals.ReplaceAllString(name, "$1 $2")
	head, tail, _ := strings.Cut(words, " ")
	if tail == "" {
		return head
	}
	parts := strings.Fields(tail)
	for i, part := range parts {
		if part != strings.ToUpper(part) {
			parts[i] = strings.ToLower(part)
		}
	}
	return head + " " + strings.Join(parts, " ")
}

var capitals = regexp.MustCompile(`([a-z0-9])([A-Z])`)
