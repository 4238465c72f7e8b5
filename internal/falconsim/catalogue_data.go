package falconsim

const crowdStrike = "CrowdStrike"

func need(key, title string) property { return property{key: key, title: title, required: true} }
func list(key, title string) property { return property{key: key, title: title, kind: "array"} }
func object(key, title string) property {
	return property{key: key, title: title, kind: "object"}
}

// The classes of actions that have one (wire/workflows.md#release-rules R34, R36).
const (
	classHTTP           = "Inline.HTTPRequest"
	classQuery          = "Inline.QueryEvent"
	classPython         = "Inline.Python"
	classCreateVariable = "CreateVariable"
	classUpdateVariable = "UpdateVariable"
)

// deduplicateID is the action Deduplicate.
const deduplicateID = "f6f68f316170550b2777aec3dc3c85e1"

// The outputs that are published (wire/workflows.md#release-rules R67, R75).
var (
	queryOutputs = []property{list("results", "Results"), {key: "raw_results", title: "Raw results"}, {key: "event_count", title: "Event count", kind: "integer"}, {key: "file_csv", title: "CSV file"}}
	httpOutputs  = []property{{key: "response_status_code", title: "Status code", kind: "integer"}, {key: "raw_response_body", title: "Raw response body"}}
)

func required(p property) property {
	p.required = true
	return p
}

// knownActivities are those whose ids are public or stand in published workflow
// documents (wire/catalog.md#activities). Versions follow the constraints seen
// there. A property is required where a source says so, or where every
// published document sets it and the action is pointless without it.
var knownActivities = []activity{
	{id: "4f1af1ae4c13dc1e3bcd725f8dc0f63b", name: "Sleep", vendor: crowdStrike, version: "1.0.0", properties: []property{need("sleep_time", "Sleep time")}},
	{id: "aadbf530e35fc452a032f5f8acaaac2a", name: "Print data", vendor: crowdStrike, version: "1.0.0", properties: []property{{key: "text_data", title: "Text"}, list("_fields", "Data to include"), object("custom_json", "Custom JSON")}},
	{id: "07413ef9ba7c47bf5a242799f59902cc", name: "Send email", droppedKey: "recipients", vendor: crowdStrike, version: "1.1.0", alsoZero: true, properties: []property{
		required(list("to", "Recipients")), need("subject", "Subject"), need("msg", "Message"), {key: "msg_type", title: "Message type"}, list("_fields", "Data to include"),
	}},
	{id: "702d15788dbbffdf0b68d8e2f3599aa4", name: "Create variable", class: classCreateVariable, vendor: crowdStrike, version: "1.0.0", properties: []property{required(object("variable_schema", "Variable schema"))}},
	{id: "6c6eab39063fa3b72d98c82af60deb8a", name: "Update variable", class: classUpdateVariable, vendor: crowdStrike, version: "1.0.0", properties: []property{required(object("WorkflowCustomVariable", "Variables"))}},
	{id: "04c59ceb6dff9e6cd89e5f5cf13121ab", name: "Write to log repo", vendor: crowdStrike, version: "1.0.2", alsoZero: true, properties: []property{
		list("_fields", "Data to include"), object("custom_json", "Custom JSON"), {key: "remove_action_prefix", title: "Remove action prefix", kind: "boolean"},
	}},
	{id: "180cccafdc5993b665ca0da37fb4b85e", name: "Send Microsoft Teams message (deprecated)", vendor: crowdStrike, properties: []property{required(list("_fields", "Data to include")), {key: "msg", title: "Message"}}},
	{id: "cdf5c3e0d69f156eaaf56c1f5d3f1b66", name: "Event Query", class: classQuery, vendor: crowdStrike, version: "1.0.0", outputs: queryOutputs},
	{id: "7fb9eb10b23943efaf1e6082b0ac0338", name: "Python", class: classPython, vendor: crowdStrike, version: "1.0.0", properties: []property{need("runtime", "Runtime"), need("script", "Script")}, outputs: []property{{key: "output_stdout", title: "Standard output"}}},
	{id: "1ba474f407d9228fc8fa02cdce8ae8ef", name: "Cloud HTTP Request", class: classHTTP, vendor: crowdStrike, version: "1.0.0", properties: []property{{key: "authentication_option", title: "Authentication"}, required(object("http_transaction", "HTTP Transaction"))}, outputs: httpOutputs},
	{id: "50b8a7cc77ea4ebb9d0bbe96d8def095", name: "On-prem HTTP Request", class: classHTTP, vendor: crowdStrike, version: "1.0.0", properties: []property{{key: "host_group_id", title: "Host group"}, required(object("http_transaction", "HTTP Transaction"))}, outputs: httpOutputs},
	{id: "ad9b77de3da84531b79740e5b4076571", name: "CrowdStrike HTTP Request", class: classHTTP, vendor: crowdStrike, version: "1.0.0", properties: []property{required(object("http_transaction", "HTTP Transaction"))}, outputs: httpOutputs},

	{id: "7b77cb5d5ff2651cc51c7c4c610d54d1", name: "Add comment to detection", vendor: crowdStrike, properties: []property{need("comment", "Comment"), need("investigatable_id", "Detection ID")}},
	{id: "6de8a462880ad419680ed5c291b9413f", name: "Add tag to alert", vendor: crowdStrike, properties: []property{need("investigatable_id", "Detection ID"), need("tag", "Tag")}},
	{id: "beb56cc40d334583671ca91e6e390056", name: "Set detection status", vendor: crowdStrike, properties: []property{need("investigatable_id", "Detection ID"), need("status", "Status")}},
	{id: "a16f4fdd1b244b0bfeecd47e25dbe0e0", name: "Add Comment to Case", vendor: crowdStrike, version: "1.0.0", properties: []property{need("case_id", "Case ID"), need("comment", "Comment"), {key: "component_id", title: "Component ID"}}},
	{id: "4918bf9d85ecc06388eca16543bdbbdc", name: "Create a new Case", vendor: crowdStrike, version: "1.0.0", properties: []property{{key: "name", title: "Name"}, {key: "description", title: "Description"}}, outputs: []property{{key: "case_id", title: "Case ID"}}},
	{id: "696f57b7cdcd475e5c56e6196836ee39", name: "Add tags to case", vendor: crowdStrike, version: "1.0.0", properties: []property{need("case_id", "Case ID"), {key: "tags", title: "Tags", required: true}}},
	{id: "bec9fbeb4999d207937854fd56088107", name: "Contain device", vendor: crowdStrike, properties: []property{need("device_id", "Sensor ID")}},
	{id: "68ffa99af40c84b36462daa076f535d0", name: "Device Query", vendor: crowdStrike, version: "1.0.0", alsoZero: true, properties: []property{{key: "filter", title: "Filter"}}, outputs: []property{list("devices", "Devices")}},
	{id: "6265dc947cc2252f74a5f25261ac36a9", name: "Get device details", vendor: crowdStrike, version: "1.0.0", alsoZero: true, properties: []property{need("device_id", "Sensor ID")}, outputs: []property{object("device", "Device")}},
	{id: humanInputID, name: "Request human input - Send email", droppedKey: "recipients", vendor: crowdStrike, version: "1.0.0", alsoZero: true, properties: []property{required(list("to", "Recipients")), {key: "subject", title: "Subject"}, {key: "msg", title: "Message"}, list("allowed_responses", "Allowed responses")}, outputs: []property{{key: "input", title: "Input"}}},
	{id: deduplicateID, name: "Deduplicate", vendor: crowdStrike, version: "2.0.0", properties: []property{{key: "scope", title: "Scope"}, {key: "key", title: "Key"}, {key: "period", title: "Period", kind: "integer"}}},
	{id: "ace50afa2ea8438162f098b621f790fb", name: "Get lookup file metadata", vendor: crowdStrike, version: "1.0.0"},
	{id: "51c4db34ab30465f796d7550f3e3e97b", name: "Create lookup file", vendor: crowdStrike, version: "1.0.0", properties: []property{{key: "lookup_file_content_type", title: "Content type"}}},
	{id: "3fa82584a1c9103b21fb80477102a05b", name: "Overwrite lookup file", vendor: crowdStrike, version: "1.0.0", properties: []property{{key: "lookup_file_content_type", title: "Content type"}}},
	{id: "fe8acd4b4b2a30759745b2fcc6335306", name: "Append lookup file (CSV only)", vendor: crowdStrike, version: "1.0.0", properties: []property{{key: "lookup_file_content_type", title: "Content type"}}},
	{id: "bd97b8cdd275c4aa09564189f725ae24", name: "Update lookup file (CSV only)", vendor: crowdStrike, version: "1.0.0", properties: []property{{key: "lookup_file_content_type", title: "Content type"}}},
	{id: "7cd6f7bde9eef6a98d851d8270e4f1f4", name: "Set Deduplicate Entry Metadata", vendor: crowdStrike, version: "1.0.0", properties: []property{{key: "scope", title: "Scope"}, {key: "key", title: "Key"}, object("metadata", "Metadata")}},
	{id: "7bddab2fa0d5c5c90fdb49e0f3eef380", name: "Wait for Deduplicate Entry Metadata", vendor: crowdStrike, version: "1.0.0", properties: []property{{key: "scope", title: "Scope"}, {key: "key", title: "Key"}}},
	{id: "91e6224248076bdea0e79b51f8b8b13a", name: "Add events to case", vendor: crowdStrike, version: "1.0.0", properties: []property{need("case_id", "Case ID")}},
	{id: "0ec68880256f6192b9abef766d31fb04", name: "Write to log repo", vendor: crowdStrike, version: "1.0.2", alsoZero: true, properties: []property{
		list("_fields", "Data to include"), object("custom_json", "Custom JSON"), {key: "remove_action_prefix", title: "Remove action prefix", kind: "boolean"},
	}},
	{id: "bdfecafafdb44919a458fcf51d6b93a7_98dec86072334d24b37dd798098cfd63", name: "Charlotte AI - LLM Completion", vendor: crowdStrike, properties: []property{
		need("user_prompt", "User prompt"), need("model_name", "Model"), list("data_to_include", "Data to include"), {key: "json_schema", title: "JSON schema"},
	}, outputs: []property{{key: "completion", title: "Completion"}}},
	{id: "1bf5b9585917e51f84f5c9f2ea1aea54", name: "Remove file", vendor: crowdStrike, properties: []property{need("device_id", "Sensor ID"), need("file_path", "File path")}},
	{id: "9ac54d8989c68dbf601acffe8444f7dc", name: "Kill process", vendor: crowdStrike, properties: []property{need("device_id", "Sensor ID"), need("process_id", "Process ID")}},
	{id: "39ebbf77fd1d680c5ecbc790659dd4b0", name: "Get processes associated with a sha256 hash", vendor: crowdStrike, properties: []property{need("indicator", "SHA256 hash")}},
	{id: "557d9de82413677873ceb2e0d5480507", name: "Create Custom Hash IOC", vendor: crowdStrike, properties: []property{need("hash", "Hash"), need("severity", "Severity")}},
	{id: "ecdace64ddcdc78030544a75fa766b0e", name: "Create Custom Domain IOC", vendor: crowdStrike, properties: []property{need("domain", "Domain"), need("severity", "Severity")}},
	{id: "a3d7ed4a02bcfa221d485638860ee853", name: "Create Custom IP IOC", vendor: crowdStrike, properties: []property{need("address", "Address"), need("severity", "Severity")}},
	{id: "04dabe92e4aba77982c51af9e58edbfd", name: "Submit URL to sandbox", vendor: crowdStrike, properties: []property{need("url", "URL")}},
	{id: "19c7e2af0a24f468be7797fe180c8329", name: "Get user identity context", vendor: crowdStrike, version: "1.0.0", alsoZero: true, properties: []property{{key: "email", title: "Email"}}},
	{id: "69d872bffa2d42d7af42c21263922f16", name: "Find phishing emails processed by workflows", vendor: crowdStrike, properties: []property{need("email_sha256_hash", "Email hash")}},

	{id: "184239ceb8a046cfb159228abd7cc67e", name: "Slack v2 - Chat PostMessage", vendor: "Slack", version: "0.1.0", appID: fixedID("app/slack"), properties: []property{{key: "config_id", title: "Configuration"}, required(object("json", "Message"))}},
	{id: "5092e629ba5f421abc057b72ea123c59", name: "Okta - Revoke Sessions", vendor: "Okta", version: "0.1.0", appID: fixedID("app/okta"), configKey: "config_id", properties: []property{need("config_id", "Configuration"), required(object("params", "Parameters"))}},
	{id: "68819ad0d42d40d2bc41d8bf500aaa5f", name: "Entra ID - Mark User as Risky", vendor: "Microsoft", properties: []property{required(object("json", "Users")), object("params", "Parameters")}},
	{id: "5aaf2c9c6acb4c94a417669c8d481669", name: "Add Sender to Org Block List with Proofpoint", vendor: "Proofpoint", properties: []property{required(object("json", "Sender"))}},
	{id: "18eb9bee7aa64071b2dd5f9829db681f", name: "APIVoid - Enrich Domain", integration: true, vendor: "APIVoid", properties: []property{required(object("params", "Parameters"))}},
	{id: "d9688e57542d45d0b79093dad46c9f3f", name: "APIVoid - Enrich IP", integration: true, vendor: "APIVoid", properties: []property{required(object("params", "Parameters"))}},
	{id: "668bf0d0b832510e21d7c00386d277ea", name: "VirusTotal File Hash Lookup", vendor: "VirusTotal", version: "1.0.0", alsoZero: true, properties: []property{need("hash", "Hash")}},
	{id: "4e173250822e4806b11d8b91fe57b16f~bc2df090c5f5e74635ee1e00aa9b7322", name: "VirusTotal - Domain Lookup", vendor: "VirusTotal", properties: []property{object("params", "Parameters")}},
	{id: "4e173250822e4806b11d8b91fe57b16f~61b2803acb3cf068ce8412ddd47d530e", name: "VirusTotal - Get DNS Resolution", vendor: "VirusTotal", properties: []property{object("params", "Parameters")}},
	{id: "ce0386aacfb64bc5a3a6a4a85c07217b", name: "VirusTotal IP Request", vendor: "VirusTotal", properties: []property{object("params", "Parameters")}},
	{id: "b2087ff84aa1471ea209076fd4852c25", name: "DomainTools Iris Investigate", vendor: "DomainTools", properties: []property{object("params", "Parameters")}},
	{id: "087d2584952545cfa43535a0f79cab94", name: "Pulsedive - Explore Indicators", vendor: "Pulsedive", properties: []property{object("params", "Parameters")}},
	{id: "70a7aba2e977494996e16d277f8c0e83", name: "Pulsedive - Get Indicator Details", vendor: "Pulsedive", properties: []property{object("params", "Parameters")}},
	{id: "ffcb9fe62801450e8b47c2ee1ba6c50b", name: "ZScaler - Add URL or IP to Blacklist", vendor: "Zscaler", properties: []property{required(object("json", "Body"))}},
	{id: "a020fc71fb9842908d5c676721b1cc3e", name: "AbuseIPDB - Check-Block Endpoint", integration: true, vendor: "AbuseIPDB", properties: []property{required(object("params", "Parameters"))}},
	{id: "de8e170284874b63808e84511baa8b16", name: "AbuseIPDB - Check Endpoint", integration: true, vendor: "AbuseIPDB", properties: []property{required(object("params", "Parameters"))}},
	{id: "0cc74c8b3b2c4aa8a0418c51141aada4", name: "AbuseIPDB - Reports Endpoint", integration: true, vendor: "AbuseIPDB", properties: []property{required(object("params", "Parameters"))}},
}

// humanInputID is the action Request human input - Send email.
const humanInputID = "d6731c10b24834e2e0f4bd9d390a29c8"

// asksPerson reports whether an action of a document waits for a decision.
func asksPerson(action document) bool { return action["id"] == humanInputID }
