package falconsim

// knownTriggers are those of wire/catalog.md#triggers and of published documents.
func (t *definitions) knownTriggers() []trigger {
	return []trigger{
		{name: "Zero Trust Assessment > Host assessment change", event: hostScoreChange, version: "1.0.0", scope: "zero-trust-assessment:read", fields: t.hostScoreTriggerFields()},
		{name: "Zero Trust Assessment > Host assessment change > Overall assessment", event: overallScoreChange, version: "1.0.0", scope: "zero-trust-assessment:read", fields: t.hostScoreTriggerFields()},
		{name: "CrowdScore incident", event: "Incident", version: "1.0.0", scope: "incidents:read", fields: fieldsOf("Category.Incident.", "Name", "Sensor.SensorID", "Sensor.Hostname")},
		{name: "Audit event > Incident", event: "FalconAudit/Incident", version: "1.0.0", fields: fieldsOf("Category.FalconAudit.", "UserID", "ObjectID")},
		{name: "Audit event", event: "FalconAudit", version: "1.0.0", fields: fieldsOf("Category.FalconAudit.", "UserID", "ObjectID")},
		{name: "Detection > NG-SIEM Incident", event: "Investigatable/XDR", version: "1.0.0", fields: ngsiemFields()},
		{name: "Case", event: "Case", version: "1.0.0", scope: "cases:read", fields: caseTriggerFields()},
		{name: "Case > Case Created", event: caseCreated, version: "1.0.0", scope: "cases:read", fields: caseTriggerFields()},
		{name: "Case > Case Updated", event: caseUpdated, version: "1.0.0", scope: "cases:read", fields: caseTriggerFields()},
		{name: "Case > Case Status Changed", event: caseStatusChanged, version: "1.0.0", scope: "cases:read", fields: caseTriggerFields()},
		{name: "Detection", event: "Investigatable", version: "1.0.0", scope: "alerts:read", fields: detectionFields()},
		{name: "Detection > EPP Detection", event: "Investigatable/EPP", version: "1.0.0", scope: "alerts:read", fields: eppFields()},
		{name: "Detection > NG-SIEM Detection", event: "Investigatable/NGSIEM", version: "1.0.0", scope: "alerts:read", fields: ngsiemFields()},
		{name: "Detection > NG-SIEM Third Party Detection", event: "Investigatable/THIRDPARTY", version: "1.0.0", scope: "alerts:read", fields: thirdPartyFields()},
		{name: "Detection > Identity Detection", event: "Investigatable/IDP", version: "0.1.0", scope: "alerts:read", fields: idpFields()},
		{name: "Cloud risk", event: "CloudRisk", version: "1.0.0", fields: append(fieldsOf("CloudRisk.", "RuleName", "Severity", "Status", "FirstSeen", "RuleDescription"), open("Trigger.CloudRisk.Asset", "Asset"))},
		{name: "Cloud security assessment > Configuration (IOM) configuration", event: "CloudSecurityAssessment/Configuration", version: "1.0.0", fields: fieldsOf("Category.CloudSecurityAssessment.", "Configuration.PolicyName")},
		{name: "Host state > Support > Host in Reduced Functionality Mode (RFM)", event: "HostState/Support/HostInRFM", version: "1.0.0", fields: fieldsOf("HostState.", "Device.SensorID")},
		{name: "Receive email", event: "MonitoredEmail", version: "1.0.0", fields: fieldsOf("MonitoredEmail.", "AttachmentFiles")},
		{name: "Phishing email > Microsoft O365", event: "PhishingEmail/MicrosoftO365", version: "1.0.0", fields: fieldsOf("Category.PhishingEmail.", "FromEmail", "FromDomain", "EmailHash", "AttachmentFileSHA256", "WebURLsInEmailBody", "ToEmails", "Subject", "EmailProvider.MicrosoftO365.ReceivedFromIPV4")},
		{name: "Scheduled", event: "Schedule", version: "1.0.0"},
		{name: "Workflow execution", event: "WorkflowExecution", version: "1.0.0", fields: fieldsOf("Category.WorkflowExecution.", "ExecutionID", "Status")},
	}
}
