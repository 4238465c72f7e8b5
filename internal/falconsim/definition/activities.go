package definition

import "github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"

const crowdStrike = "CrowdStrike"

func need(key, title string) property { return property{Key: key, title: title, required: true} }
func list(key, title string) property { return property{Key: key, title: title, kind: "array"} }
func object(key, title string) property {
	return property{Key: key, title: title, kind: "object"}
}

// Classes of actions (wire/workflows.md#release-rules R34, R36).
const (
	classHTTP           = "Inline.HTTPRequest"
	classQuery          = "Inline.QueryEvent"
	classPython         = "Inline.Python"
	classCreateVariable = "CreateVariable"
	classUpdateVariable = "UpdateVariable"
)

// Ids of the action Sleep, and of Slack's action that posts a message.
const (
	SleepID = "4f1af1ae4c13dc1e3bcd725f8dc0f63b"
	SlackID = "184239ceb8a046cfb159228abd7cc67e"
)

// deduplicateID is the id of the action Deduplicate.
const deduplicateID = "f6f68f316170550b2777aec3dc3c85e1"

// Published outputs (wire/workflows.md#release-rules R67, R75).
var (
	queryOutputs = []property{list("results", "Results"), {Key: "raw_results", title: "Raw results"}, {Key: "event_count", title: "Event count", kind: "integer"}, {Key: "file_csv", title: "CSV file"}}
	httpOutputs  = []property{{Key: "response_status_code", title: "Status code", kind: "integer"}, {Key: "raw_response_body", title: "Raw response body"}}
)

func required(p property) property {
	p.required = true
	return p
}

// knownActivities are the activities whose ids are public or in published workflow documents (wire/catalog.md#activities).
// Versions fit the constraints in those documents. A property is required if a source says so, or if every published document
// sets it and the action is useless without it.
var knownActivities = []Activity{
	{ID: SleepID, Name: "Sleep", Vendor: crowdStrike, version: "1.0.0", properties: []property{need("sleep_time", "Sleep time")}},
	{ID: "aadbf530e35fc452a032f5f8acaaac2a", Name: "Print data", Vendor: crowdStrike, version: "1.0.0", properties: []property{{Key: "text_data", title: "Text"}, list("_fields", "Data to include"), object("custom_json", "Custom JSON")}},
	{ID: "07413ef9ba7c47bf5a242799f59902cc", Name: "Send email", droppedKey: "recipients", Vendor: crowdStrike, version: "1.1.0", alsoZero: true, properties: []property{
		required(list("to", "Recipients")), need("subject", "Subject"), need("msg", "Message"), {Key: "msg_type", title: "Message type"}, list("_fields", "Data to include"),
	}},
	{ID: "702d15788dbbffdf0b68d8e2f3599aa4", Name: "Create variable", Class: classCreateVariable, Vendor: crowdStrike, version: "1.0.0", properties: []property{required(object("variable_schema", "Variable schema"))}},
	{ID: "6c6eab39063fa3b72d98c82af60deb8a", Name: "Update variable", Class: classUpdateVariable, Vendor: crowdStrike, version: "1.0.0", properties: []property{required(object("WorkflowCustomVariable", "Variables"))}},
	{ID: "04c59ceb6dff9e6cd89e5f5cf13121ab", Name: "Write to log repo", Vendor: crowdStrike, version: "1.0.2", alsoZero: true, properties: []property{
		list("_fields", "Data to include"), object("custom_json", "Custom JSON"), {Key: "remove_action_prefix", title: "Remove action prefix", kind: "boolean"},
	}},
	{ID: "180cccafdc5993b665ca0da37fb4b85e", Name: "Send Microsoft Teams message (deprecated)", Vendor: crowdStrike, properties: []property{required(list("_fields", "Data to include")), {Key: "msg", title: "Message"}}},
	{ID: "cdf5c3e0d69f156eaaf56c1f5d3f1b66", Name: "Event Query", Class: classQuery, Vendor: crowdStrike, version: "1.0.0", Outputs: queryOutputs},
	{ID: "7fb9eb10b23943efaf1e6082b0ac0338", Name: "Python", Class: classPython, Vendor: crowdStrike, version: "1.0.0", properties: []property{need("runtime", "Runtime"), need("script", "Script")}, Outputs: []property{{Key: "output_stdout", title: "Standard output"}}},
	{ID: cloudRequestID, Name: "Cloud HTTP Request", Class: classHTTP, Vendor: crowdStrike, version: "1.0.0", properties: []property{{Key: "authentication_option", title: "Authentication"}, required(object("http_transaction", "HTTP Transaction"))}, Outputs: httpOutputs},
	{ID: "50b8a7cc77ea4ebb9d0bbe96d8def095", Name: "On-prem HTTP Request", Class: classHTTP, Vendor: crowdStrike, version: "1.0.0", properties: []property{{Key: "host_group_id", title: "Host group"}, required(object("http_transaction", "HTTP Transaction"))}, Outputs: httpOutputs},
	{ID: "ad9b77de3da84531b79740e5b4076571", Name: "CrowdStrike HTTP Request", Class: classHTTP, Vendor: crowdStrike, version: "1.0.0", properties: []property{required(object("http_transaction", "HTTP Transaction"))}, Outputs: httpOutputs},

	{ID: "7b77cb5d5ff2651cc51c7c4c610d54d1", Name: "Add comment to detection", Vendor: crowdStrike, properties: []property{need("comment", "Comment"), need("investigatable_id", "Detection ID")}},
	{ID: "6de8a462880ad419680ed5c291b9413f", Name: "Add tag to alert", Vendor: crowdStrike, properties: []property{need("investigatable_id", "Detection ID"), need("tag", "Tag")}},
	{ID: "beb56cc40d334583671ca91e6e390056", Name: "Set detection status", Vendor: crowdStrike, properties: []property{need("investigatable_id", "Detection ID"), need("status", "Status")}},
	{ID: "a16f4fdd1b244b0bfeecd47e25dbe0e0", Name: "Add Comment to Case", Vendor: crowdStrike, version: "1.0.0", properties: []property{need("case_id", "Case ID"), need("comment", "Comment"), {Key: "component_id", title: "Component ID"}}},
	{ID: "4918bf9d85ecc06388eca16543bdbbdc", Name: "Create a new Case", Vendor: crowdStrike, version: "1.0.0", properties: []property{{Key: "name", title: "Name"}, {Key: "description", title: "Description"}}, Outputs: []property{{Key: "case_id", title: "Case ID"}}},
	{ID: "696f57b7cdcd475e5c56e6196836ee39", Name: "Add tags to case", Vendor: crowdStrike, version: "1.0.0", properties: []property{need("case_id", "Case ID"), {Key: "tags", title: "Tags", required: true}}},
	{ID: "bec9fbeb4999d207937854fd56088107", Name: "Contain device", Vendor: crowdStrike, properties: []property{need("device_id", "Sensor ID")}},
	{ID: "68ffa99af40c84b36462daa076f535d0", Name: "Device Query", Vendor: crowdStrike, version: "1.0.0", alsoZero: true, properties: []property{{Key: "filter", title: "Filter"}}, Outputs: []property{list("devices", "Devices")}},
	{ID: "6265dc947cc2252f74a5f25261ac36a9", Name: "Get device details", Vendor: crowdStrike, version: "1.0.0", alsoZero: true, properties: []property{need("device_id", "Sensor ID")}, Outputs: []property{object("device", "Device")}},
	{ID: humanInputID, Name: "Request human input - Send email", droppedKey: "recipients", Vendor: crowdStrike, version: "1.0.0", alsoZero: true, properties: []property{required(list("to", "Recipients")), {Key: "subject", title: "Subject"}, {Key: "msg", title: "Message"}, list("allowed_responses", "Allowed responses")}, Outputs: []property{{Key: "input", title: "Input"}}},
	{ID: deduplicateID, Name: "Deduplicate", Vendor: crowdStrike, version: "2.0.0", properties: []property{{Key: "scope", title: "Scope"}, {Key: "key", title: "Key"}, {Key: "period", title: "Period", kind: "integer"}}},
	{ID: "ace50afa2ea8438162f098b621f790fb", Name: "Get lookup file metadata", Vendor: crowdStrike, version: "1.0.0"},
	{ID: "51c4db34ab30465f796d7550f3e3e97b", Name: "Create lookup file", Vendor: crowdStrike, version: "1.0.0", properties: []property{{Key: "lookup_file_content_type", title: "Content type"}}},
	{ID: "3fa82584a1c9103b21fb80477102a05b", Name: "Overwrite lookup file", Vendor: crowdStrike, version: "1.0.0", properties: []property{{Key: "lookup_file_content_type", title: "Content type"}}},
	{ID: "fe8acd4b4b2a30759745b2fcc6335306", Name: "Append lookup file (CSV only)", Vendor: crowdStrike, version: "1.0.0", properties: []property{{Key: "lookup_file_content_type", title: "Content type"}}},
	{ID: "bd97b8cdd275c4aa09564189f725ae24", Name: "Update lookup file (CSV only)", Vendor: crowdStrike, version: "1.0.0", properties: []property{{Key: "lookup_file_content_type", title: "Content type"}}},
	{ID: "7cd6f7bde9eef6a98d851d8270e4f1f4", Name: "Set Deduplicate Entry Metadata", Vendor: crowdStrike, version: "1.0.0", properties: []property{{Key: "scope", title: "Scope"}, {Key: "key", title: "Key"}, object("metadata", "Metadata")}},
	{ID: "7bddab2fa0d5c5c90fdb49e0f3eef380", Name: "Wait for Deduplicate Entry Metadata", Vendor: crowdStrike, version: "1.0.0", properties: []property{{Key: "scope", title: "Scope"}, {Key: "key", title: "Key"}}},
	{ID: "91e6224248076bdea0e79b51f8b8b13a", Name: "Add events to case", Vendor: crowdStrike, version: "1.0.0", properties: []property{need("case_id", "Case ID")}},
	{ID: "0ec68880256f6192b9abef766d31fb04", Name: "Write to log repo", Vendor: crowdStrike, version: "1.0.2", alsoZero: true, properties: []property{
		list("_fields", "Data to include"), object("custom_json", "Custom JSON"), {Key: "remove_action_prefix", title: "Remove action prefix", kind: "boolean"},
	}},
	{ID: "bdfecafafdb44919a458fcf51d6b93a7_98dec86072334d24b37dd798098cfd63", Name: "Charlotte AI - LLM Completion", Vendor: crowdStrike, properties: []property{
		need("user_prompt", "User prompt"), need("model_name", "Model"), list("data_to_include", "Data to include"), {Key: "json_schema", title: "JSON schema"},
	}, Outputs: []property{{Key: "completion", title: "Completion"}}},
	{ID: "1bf5b9585917e51f84f5c9f2ea1aea54", Name: "Remove file", Vendor: crowdStrike, properties: []property{need("device_id", "Sensor ID"), need("file_path", "File path")}},
	{ID: "9ac54d8989c68dbf601acffe8444f7dc", Name: "Kill process", Vendor: crowdStrike, properties: []property{need("device_id", "Sensor ID"), need("process_id", "Process ID")}},
	{ID: "39ebbf77fd1d680c5ecbc790659dd4b0", Name: "Get processes associated with a sha256 hash", Vendor: crowdStrike, properties: []property{need("indicator", "SHA256 hash")}},
	{ID: "557d9de82413677873ceb2e0d5480507", Name: "Create Custom Hash IOC", Vendor: crowdStrike, properties: []property{need("hash", "Hash"), need("severity", "Severity")}},
	{ID: "ecdace64ddcdc78030544a75fa766b0e", Name: "Create Custom Domain IOC", Vendor: crowdStrike, properties: []property{need("domain", "Domain"), need("severity", "Severity")}},
	{ID: "a3d7ed4a02bcfa221d485638860ee853", Name: "Create Custom IP IOC", Vendor: crowdStrike, properties: []property{need("address", "Address"), need("severity", "Severity")}},
	{ID: "04dabe92e4aba77982c51af9e58edbfd", Name: "Submit URL to sandbox", Vendor: crowdStrike, properties: []property{need("url", "URL")}},
	{ID: "19c7e2af0a24f468be7797fe180c8329", Name: "Get user identity context", Vendor: crowdStrike, version: "1.0.0", alsoZero: true, properties: []property{{Key: "email", title: "Email"}}},
	{ID: "69d872bffa2d42d7af42c21263922f16", Name: "Find phishing emails processed by workflows", Vendor: crowdStrike, properties: []property{need("email_sha256_hash", "Email hash")}},

	{ID: SlackID, Name: "Slack v2 - Chat PostMessage", Vendor: "Slack", version: "0.1.0", AppID: random.FixedID("app/slack"), properties: []property{{Key: "config_id", title: "Configuration"}, required(object("json", "Message"))}},
	{ID: "5092e629ba5f421abc057b72ea123c59", Name: "Okta - Revoke Sessions", Vendor: "Okta", version: "0.1.0", AppID: random.FixedID("app/okta"), configKey: "config_id", properties: []property{need("config_id", "Configuration"), required(object("params", "Parameters"))}},
	{ID: "68819ad0d42d40d2bc41d8bf500aaa5f", Name: "Entra ID - Mark User as Risky", Vendor: "Microsoft", properties: []property{required(object("json", "Users")), object("params", "Parameters")}},
	{ID: "5aaf2c9c6acb4c94a417669c8d481669", Name: "Add Sender to Org Block List with Proofpoint", Vendor: "Proofpoint", properties: []property{required(object("json", "Sender"))}},
	{ID: "18eb9bee7aa64071b2dd5f9829db681f", Name: "APIVoid - Enrich Domain", integration: true, Vendor: "APIVoid", properties: []property{required(object("params", "Parameters"))}},
	{ID: "d9688e57542d45d0b79093dad46c9f3f", Name: "APIVoid - Enrich IP", integration: true, Vendor: "APIVoid", properties: []property{required(object("params", "Parameters"))}},
	{ID: "668bf0d0b832510e21d7c00386d277ea", Name: "VirusTotal File Hash Lookup", Vendor: "VirusTotal", version: "1.0.0", alsoZero: true, properties: []property{need("hash", "Hash")}},
	{ID: "4e173250822e4806b11d8b91fe57b16f~bc2df090c5f5e74635ee1e00aa9b7322", Name: "VirusTotal - Domain Lookup", Vendor: "VirusTotal", properties: []property{object("params", "Parameters")}},
	{ID: "4e173250822e4806b11d8b91fe57b16f~61b2803acb3cf068ce8412ddd47d530e", Name: "VirusTotal - Get DNS Resolution", Vendor: "VirusTotal", properties: []property{object("params", "Parameters")}},
	{ID: "ce0386aacfb64bc5a3a6a4a85c07217b", Name: "VirusTotal IP Request", Vendor: "VirusTotal", properties: []property{object("params", "Parameters")}},
	{ID: "b2087ff84aa1471ea209076fd4852c25", Name: "DomainTools Iris Investigate", Vendor: "DomainTools", properties: []property{object("params", "Parameters")}},
	{ID: "087d2584952545cfa43535a0f79cab94", Name: "Pulsedive - Explore Indicators", Vendor: "Pulsedive", properties: []property{object("params", "Parameters")}},
	{ID: "70a7aba2e977494996e16d277f8c0e83", Name: "Pulsedive - Get Indicator Details", Vendor: "Pulsedive", properties: []property{object("params", "Parameters")}},
	{ID: "ffcb9fe62801450e8b47c2ee1ba6c50b", Name: "ZScaler - Add URL or IP to Blacklist", Vendor: "Zscaler", properties: []property{required(object("json", "Body"))}},
	{ID: "a020fc71fb9842908d5c676721b1cc3e", Name: "AbuseIPDB - Check-Block Endpoint", integration: true, Vendor: "AbuseIPDB", properties: []property{required(object("params", "Parameters"))}},
	{ID: "de8e170284874b63808e84511baa8b16", Name: "AbuseIPDB - Check Endpoint", integration: true, Vendor: "AbuseIPDB", properties: []property{required(object("params", "Parameters"))}},
	{ID: "0cc74c8b3b2c4aa8a0418c51141aada4", Name: "AbuseIPDB - Reports Endpoint", integration: true, Vendor: "AbuseIPDB", properties: []property{required(object("params", "Parameters"))}},
}

// humanInputID is the id of the action Request human input - Send email.
const humanInputID = "d6731c10b24834e2e0f4bd9d390a29c8"

// IsHumanInput reports whether an action waits for a person's decision.
func (t *Tenant) IsHumanInput(action Document) bool { return action["id"] == t.OwnID(humanInputID) }
