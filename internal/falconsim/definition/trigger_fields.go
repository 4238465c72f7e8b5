package definition

import (
	"regexp"
	"strings"
)

// hostScoreTriggerFields are the fields of the host assessment trigger.
func (t *Tenant) hostScoreTriggerFields() []triggerField {
	const prefix = "Category.ZeroTrust.EventType.HostScoreChange."
	// GUESS Q26: only the path of the overall score is published; the others follow its form.
	if t.reading("Q26") == "b" {
		fields := fieldsOf(prefix, "OverallScore")
		fields[0].kind = "integer"
		return fields
	}
	fields := fieldsOf(prefix, "OverallScore", "PreviousOverallScore", "OSScore", "SensorScore", "SensorID", "Hostname", "Timestamp")
	for i := range 4 {
		fields[i].kind = "integer"
	}
	return fields
}

func caseTriggerFields() []triggerField {
	return fieldsOf("Case.", "CaseID", "Name", "Status", "PreviousStatus", "Severity", "Description")
}

// detectionFields are the fields of every detection (wire/catalog.md#triggers).
func detectionFields() []triggerField {
	return append(eppFields(), ngsiemLists(), open("Trigger.Detection.ThirdParty", "Third party"), open("Trigger.Detection.DataProtection", "Data protection"),
		open("Trigger.Detection.Intercept", "Intercept"), open("Trigger.Detection.QUICKSCANPRO", "Quick scan"))
}

// ofDetections are fields that all detections share, under the names that a pin of ~1 has.
func ofDetections(names ...string) []triggerField {
	fields := fieldsOf("Detection.", names...)
	for i := range fields {
		if strings.HasSuffix(fields[i].name, ".Severity") {
			fields[i].kind = "integer"
		}
	}
	return fields
}

func eppFields() []triggerField {
	return append(ofDetections("DetectionID", "Name", "Description", "Severity", "SeverityDisplayName", "Product"),
		triggerField{name: "Trigger.Detection.EPP", display: "EPP", kind: "object", open: true, fields: []triggerField{
			{name: "Trigger.Detection.EPP.Sensor.SensorID", display: "Sensor ID"},
			{name: "Trigger.Detection.EPP.Sensor.Hostname", display: "Hostname"},
			{name: "Trigger.Detection.EPP.Process.ImageFileName", display: "Image file name"},
			{name: "Trigger.Detection.EPP.Process.SHA256", display: "SHA256"},
			{name: "Trigger.Detection.EPP.Behavior.TacticName", display: "Tactic"},
		}}, open("Trigger.Category.Investigatable", "Detection, by the names of older pins"))
}

// idpFields are mostly those of old pins: published workflows use this event at ~0.
func idpFields() []triggerField {
	older := open("Trigger.Category.Investigatable", "Detection, by the names of older pins")
	for _, name := range []string{"InvestigatableID", "Product.IDP.DetectName", "Product.IDP.EndTime", "Product.IDP.SourceAccountName", "Product.IDP.SourceAccountObjectSid"} {
		older.fields = append(older.fields, triggerField{name: older.name + "." + name, display: spaced(name)})
	}
	return append(ofDetections("DetectionID", "Name", "Description", "Severity", "SeverityDisplayName", "Product"), open("Trigger.Detection.IDP", "Identity"), older)
}

func thirdPartyFields() []triggerField {
	return append(ofDetections("DetectionID", "Name", "Description", "Severity", "SeverityDisplayName",
		"ThirdParty.DetectionType", "ThirdParty.SourceIPs", "ThirdParty.DestinationIPs", "ThirdParty.SourceVendors"), ngsiemLists())
}

// ngsiemFields has neither the product nor the description, and lists two fields that a workflow
// cannot use (wire/workflows.md#release-rules R55, R56).
func ngsiemFields() []triggerField {
	return append(ofDetections("DetectionID", "Name", "Severity", "SeverityDisplayName", "MitreAttack.Tactic", "MitreAttack.Technique"), ngsiemLists())
}

// ngsiemListNames are the fields of NG-SIEM detections that are lists
// (wire/workflows.md#release-rules R62).
var ngsiemListNames = []string{
	"SourceIPs", "DestinationIPs", "SourceHosts", "DestinationHosts", "HostNames", "UserNames", "SourceProducts", "SourceVendors",
}

func ngsiemLists() triggerField {
	lists := triggerField{name: "Trigger.Detection.NGSIEM", display: "NG-SIEM", kind: "object"}
	for _, name := range ngsiemListNames {
		lists.fields = append(lists.fields, triggerField{name: "Trigger.Detection.NGSIEM." + name, display: spaced(name), kind: "array"})
	}
	return lists
}

// open is a field below which names that are not listed exist, too.
func open(name, display string) triggerField {
	return triggerField{name: name, display: display, kind: "object", open: true}
}

// fieldsOf makes fields of a common path, each with the fields that every
// trigger has (wire/catalog.md#triggers).
func fieldsOf(prefix string, names ...string) []triggerField {
	var fields []triggerField
	for _, name := range names {
		fields = append(fields, triggerField{name: "Trigger." + prefix + name, display: spaced(name)})
	}
	for _, name := range []string{"CID", "ObservedTime", "SourceEventID", "SourceEventURL"} {
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
