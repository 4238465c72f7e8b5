package definition

// knownTriggers are the triggers of wire/catalog.md#triggers and of published documents.
func (t *Tenant) knownTriggers() []Trigger {
	return []Trigger{
		{Name: "Zero Trust Assessment > Host assessment change", Event: HostScoreChange, version: "1.0.0", scope: "zero-trust-assessment:read", fields: t.hostScoreTriggerFields()},
		{Name: "Zero Trust Assessment > Host assessment change > Overall assessment", Event: OverallScoreChange, version: "1.0.0", scope: "zero-trust-assessment:read", fields: t.hostScoreTriggerFields()},
		{Name: "CrowdScore incident", Event: "Incident", version: "1.0.0", scope: "incidents:read", fields: fieldsOf("Category.Incident.", "Name", "Sensor.SensorID", "Sensor.Hostname")},
		{Name: "Audit event > Incident", Event: "FalconAudit/Incident", version: "1.0.0", fields: fieldsOf("Category.FalconAudit.", "UserID", "ObjectID")},
		{Name: "Audit event", Event: "FalconAudit", version: "1.0.0", fields: fieldsOf("Category.FalconAudit.", "UserID", "ObjectID")},
		{Name: "Detection > NG-SIEM Incident", Event: "Investigatable/XDR", version: "1.0.0", fields: ngsiemFields()},
		{Name: "Case", Event: "Case", version: "1.0.0", scope: "cases:read", fields: caseTriggerFields()},
		{Name: "Case > Case Created", Event: CaseCreated, version: "1.0.0", scope: "cases:read", fields: caseTriggerFields()},
		{Name: "Case > Case Updated", Event: CaseUpdated, version: "1.0.0", scope: "cases:read", fields: caseTriggerFields()},
		{Name: "Case > Case Status Changed", Event: CaseStatusChanged, version: "1.0.0", scope: "cases:read", fields: caseTriggerFields()},
		{Name: "Detection", Event: "Investigatable", version: "1.0.0", scope: "alerts:read", fields: detectionFields()},
		{Name: "Detection > EPP Detection", Event: "Investigatable/EPP", version: "1.0.0", scope: "alerts:read", fields: eppFields()},
		{Name: "Detection > NG-SIEM Detection", Event: "Investigatable/NGSIEM", version: "1.0.0", scope: "alerts:read", fields: ngsiemFields()},
		{Name: "Detection > NG-SIEM Third Party Detection", Event: "Investigatable/THIRDPARTY", version: "1.0.0", scope: "alerts:read", fields: thirdPartyFields()},
		{Name: "Detection > Identity Detection", Event: "Investigatable/IDP", version: "0.1.0", scope: "alerts:read", fields: idpFields()},
		{Name: "Cloud risk", Event: "CloudRisk", version: "1.0.0", fields: append(fieldsOf("CloudRisk.", "RuleName", "Severity", "Status", "FirstSeen", "RuleDescription"), open("Trigger.CloudRisk.Asset", "Asset"))},
		{Name: "Cloud security assessment > Configuration (IOM) configuration", Event: "CloudSecurityAssessment/Configuration", version: "1.0.0", fields: fieldsOf("Category.CloudSecurityAssessment.", "Configuration.PolicyName")},
		{Name: "Host state > Support > Host in Reduced Functionality Mode (RFM)", Event: "HostState/Support/HostInRFM", version: "1.0.0", fields: fieldsOf("HostState.", "Device.SensorID")},
		{Name: "Receive email", Event: "MonitoredEmail", version: "1.0.0", fields: fieldsOf("MonitoredEmail.", "AttachmentFiles")},
		{Name: "Phishing email > Microsoft O365", Event: "PhishingEmail/MicrosoftO365", version: "1.0.0", fields: fieldsOf("Category.PhishingEmail.", "FromEmail", "FromDomain", "EmailHash", "AttachmentFileSHA256", "WebURLsInEmailBody", "ToEmails", "Subject", "EmailProvider.MicrosoftO365.ReceivedFromIPV4")},
		{Name: "Scheduled", Event: "Schedule", version: "1.0.0"},
		{Name: "Workflow execution", Event: "WorkflowExecution", version: "1.0.0", fields: fieldsOf("Category.WorkflowExecution.", "ExecutionID", "Status")},
	}
}
