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

// detectionFieldsNamed returns fields that all detections have, by the names of version 1.
func detectionFieldsNamed(names ...string) []triggerField {
	fields := fieldsOf("Detection.", names...)
	for i := range fields {
		if strings.HasSuffix(fields[i].name, ".Severity") {
			fields[i].kind = "integer"
		}
	}
	return fields
}

func eppFields() []triggerField {
	return append(detectionFieldsNamed("DetectionID", "Name", "Description", "Severity", "SeverityDisplayName", "Product"),
		triggerField{name: "Trigger.Detection.EPP", display: "EPP", kind: "object", open: true, fields: []triggerField{
			{name: "Trigger.Detection.EPP.Sensor.SensorID", display: "Sensor ID"},
			{name: "Trigger.Detection.EPP.Sensor.Hostname", display: "Hostname"},
			{name: "Trigger.Detection.EPP.Process.ImageFileName", display: "Image file name"},
			{name: "Trigger.Detection.EPP.Process.SHA256", display: "SHA256"},
			{name: "Trigger.Detection.EPP.Behavior.TacticName", display: "Tactic"},
		}}, open("Trigger.Category.Investigatable", "Detection, by the names of older pins"))
}

// idpFields have mostly the names of version 0: published workflows use this event at ~0.
func idpFields() []triggerField {
	older := open("Trigger.Category.Investigatable", "Detection, by the names of older pins")
	for _, name := range []string{"InvestigatableID", "Product.IDP.DetectName", "Product.IDP.EndTime", "Product.IDP.SourceAccountName", "Product.IDP.SourceAccountObjectSid"} {
		older.fields = append(older.fields, triggerField{name: older.name + "." + name, display: titleOf(name)})
	}
	return append(detectionFieldsNamed("DetectionID", "Name", "Description", "Severity", "SeverityDisplayName", "Product"), open("Trigger.Detection.IDP", "Identity"), older)
}

func thirdPartyFields() []triggerField {
	return append(detectionFieldsNamed("DetectionID", "Name", "Description", "Severity", "SeverityDisplayName",
		"ThirdParty.DetectionType", "ThirdParty.SourceIPs", "ThirdParty.DestinationIPs", "ThirdParty.SourceVendors"), ngsiemLists())
}

// ngsiemFields have neither the product nor the description, and two fields that workflows cannot use
// (wire/workflows.md#release-rules R55, R56).
func ngsiemFields() []triggerField {
	return append(detectionFieldsNamed("DetectionID", "Name", "Severity", "SeverityDisplayName", "MitreAttack.Tactic", "MitreAttack.Technique"), ngsiemLists())
}

// ngsiemListNames are the NG-SIEM fields that are lists (wire/workflows.md#release-rules R62).
var ngsiemListNames = []string{
	"SourceIPs", "DestinationIPs", "SourceHosts", "DestinationHosts", "HostNames", "UserNames", "SourceProducts", "SourceVendors",
}

func ngsiemLists() triggerField {
	lists := triggerField{name: "Trigger.Detection.NGSIEM", display: "NG-SIEM", kind: "object"}
	for _, name := range ngsiemListNames {
		lists.fields = append(lists.fields, triggerField{name: "Trigger.Detection.NGSIEM." + name, display: titleOf(name), kind: "array"})
	}
	return lists
}

// open returns a field below which there are fields that are not listed.
func open(name, display string) triggerField {
	return triggerField{name: name, display: display, kind: "object", open: true}
}

// fieldsOf returns fields with a common path, and the fields of every trigger (wire/catalog.md#triggers).
func fieldsOf(prefix string, names ...string) []triggerField {
	var fields []triggerField
	for _, name := range names {
		fields = append(fields, triggerField{name: "Trigger." + prefix + name, display: titleOf(name)})
	}
	for _, name := range []string{"CID", "ObservedTime", "SourceEventID", "SourceEventURL"} {
		fields = append(fields, triggerField{name: "Trigger." + name, display: titleOf(name)})
	}
	return fields
}

// titleOf returns the last segment of a path as words: PreviousOverallScore becomes "Previous overall score", SensorID "Sensor
// ID".
func titleOf(name string) string {
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
