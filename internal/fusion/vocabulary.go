package fusion

// Well-known values of workflow documents, each with its source in the wire pages.
// The lists have what public material names: other values may exist.

// The types of triggers, and the events that rules are about
// (wire/workflows.md#release-rules).
const (
	triggerOnDemand  = "On demand"
	triggerSignal    = "Signal"
	triggerScheduled = "Scheduled"
	triggerSubModel  = "SubModel"
	triggerInbound   = "Inbound webhook"

	eventSchedule = "Schedule"
	eventNGSIEM   = "Investigatable/NGSIEM"
	eventEPP      = "Investigatable/EPP"
)

// triggerTypes are the known types of triggers. The list grew in 2026, so a type
// that resembles none of them is only a warning.
var triggerTypes = []string{triggerOnDemand, triggerSignal, triggerScheduled, triggerSubModel, triggerInbound}

// eventOf is the example in the message about a missing event.
var eventOf = map[string]string{triggerSignal: "Case/Created", triggerScheduled: eventSchedule}

// scheduleKeys maps common wrong keys to the keys that Falcon reads.
var scheduleKeys = map[string]string{"cron": "time_cycle", "timezone": "tz"}

// cronFields is the number of fields of a time_cycle.
const cronFields = 5

// inboundAuthTypes are the authentication types of an inbound webhook; inboundPin
// is the pin of that trigger, without a tilde.
var inboundAuthTypes = []string{"basic_auth", "hmac", "api_key"}

const inboundPin = "0.0.2"

// parameterTypes are the JSON Schema types that a parameter of an on-demand
// workflow may have.
var parameterTypes = []string{"string", "integer", "boolean", "array", "object"}

// severityNames are the values of Trigger.Detection.SeverityDisplayName;
// Trigger.Detection.Severity is a number from 1 to 5.
var severityNames = []string{"Informational", "Low", "Medium", "High", "Critical"}

// The classes of actions (wire/catalog.md#http-actions, wire/documents.md#nodes).
const (
	classHTTP           = "Inline.HTTPRequest"
	classQuery          = "Inline.QueryEvent"
	classPython         = "Inline.Python"
	classCreateVariable = "CreateVariable"
	classUpdateVariable = "UpdateVariable"
	classBreak          = "Break"
)

// The ids of actions that are the same in every tenant
// (wire/catalog.md#activities).
const (
	idSendEmail    = "07413ef9ba7c47bf5a242799f59902cc"
	idHumanInput   = "d6731c10b24834e2e0f4bd9d390a29c8"
	idDeduplicate  = "f6f68f316170550b2777aec3dc3c85e1"
	idCrowdHTTP    = "ad9b77de3da84531b79740e5b4076571"
	idCreateVar    = "702d15788dbbffdf0b68d8e2f3599aa4"
	idUpdateVar    = "6c6eab39063fa3b72d98c82af60deb8a"
	idQuery        = "cdf5c3e0d69f156eaaf56c1f5d3f1b66"
	idPython       = "7fb9eb10b23943efaf1e6082b0ac0338"
	idCompletion   = "bdfecafafdb44919a458fcf51d6b93a7_98dec86072334d24b37dd798098cfd63"
	maxPythonChars = 50_000
)

// requiredOf are the properties that an action's id or class requires according to
// public material; the catalog has them for the other actions.
var requiredOf = map[string][]string{
	idCompletion: {"user_prompt", "model_name"},
	classPython:  {"runtime", "script"},
}

// The catalog's names of the coordination actions. Not all their ids are
// published, so they are recognized by name as well.
const (
	nameDeduplicate = "Deduplicate"
	nameRateLimit   = "Rate Limit"
)

// coordinationScopes are the scopes of Deduplicate and Rate Limit. The console
// calls the first one Workflow.
var (
	coordinationScopes = []string{"definition", "cid"}
	tolerances         = []string{"smooth", "bursty"}
)

// longestCoordinationKey is the maximum length of the evaluated key of Deduplicate
// and Rate Limit.
const longestCoordinationKey = 150

// queryKeys are the required keys of an event query's configuration;
// wrongQueryKeys maps common wrong keys in properties to them.
var (
	queryKeys      = []string{"search_query", "repo_or_view", "start", "end"}
	wrongQueryKeys = map[string][]string{"query": {"search_query"}, "repo": {"repo_or_view"}, "time_range": {"start", "end"}}
)

// httpKeys are the required keys of http_transaction.
var httpKeys = []string{"request_http_method", "request_content_type"}

// httpOwnOutputs are the outputs of an HTTP action that need no response schema.
var httpOwnOutputs = []string{"response_status_code", "raw_response_body", "response_headers"}

// systemPaths are the values that every trigger has. Only published workflows have
// the last four.
var systemPaths = []string{
	"Trigger.CID", "Trigger.ObservedTime", "Trigger.SourceEventID", "Trigger.SourceEventURL",
	"Trigger.ID", "Trigger.Name", "Trigger.SpecVersion", "Trigger.TriggerSource",
}

// publishedFields are the fields that CrowdStrike's published workflows read, by
// event. They may resolve even if the catalog does not list them.
var publishedFields = map[string][]string{
	"Investigatable": {
		"Trigger.Detection.DetectionID", "Trigger.Detection.Name", "Trigger.Detection.Description", "Trigger.Detection.Product",
		"Trigger.Detection.Severity", "Trigger.Detection.SeverityDisplayName", "Trigger.Detection.EPP", "Trigger.Detection.NGSIEM.HostNames",
		"Trigger.Detection.DataProtection.AgentID", "Trigger.Detection.Intercept.AgentID", "Trigger.Detection.QUICKSCANPRO.AgentID",
	},
	eventEPP: {
		"Trigger.Detection.DetectionID", "Trigger.Detection.Name", "Trigger.Detection.Description", "Trigger.Detection.Severity",
		"Trigger.Detection.SeverityDisplayName", "Trigger.Detection.EPP",
	},
	eventNGSIEM: {"Trigger.Detection.DetectionID", "Trigger.Detection.Name", "Trigger.Detection.Severity", "Trigger.Detection.SeverityDisplayName"},
	"Investigatable/THIRDPARTY": {
		"Trigger.Detection.DetectionID", "Trigger.Detection.Name", "Trigger.Detection.Description", "Trigger.Detection.ThirdParty",
	},
	"HostState/Support/HostInRFM": {"Trigger.HostState.Device.SensorID"},
	"MonitoredEmail":              {"Trigger.MonitoredEmail"},
	"PhishingEmail/MicrosoftO365": {"Trigger.Category.PhishingEmail"},
	"WorkflowExecution":           {"Trigger.Category.WorkflowExecution"},
	"ZeroTrust/HostScoreChange":   {"Trigger.Category.ZeroTrust.EventType.HostScoreChange.OverallScore"},
	"Investigatable/IDP":          {"Trigger.Category.Investigatable"},
	eventSchedule:                 {"Trigger.Category.Schedule"},
}

// ngsiemLists are the fields under Trigger.Detection.NGSIEM that are lists.
var ngsiemLists = []string{
	"SourceIPs", "DestinationIPs", "SourceHosts", "DestinationHosts", "HostNames", "UserNames", "SourceProducts", "SourceVendors",
}

// investigatableCategory is the parent of the fields of detections without a pin.
const investigatableCategory = "Trigger.Category.Investigatable"

// absentOnNGSIEM maps the fields that the event Investigatable/NGSIEM does not have
// to their rule. The catalog lists those of R56 nevertheless.
var absentOnNGSIEM = map[string]string{
	investigatableCategory:                    "R57",
	"Trigger.Detection.Product":               "R55",
	"Trigger.Detection.Description":           "R55",
	"Trigger.Detection.MitreAttack.Tactic":    "R56",
	"Trigger.Detection.MitreAttack.Technique": "R56",
}

// longOutputs are the namespaces, in lower case, of the outputs of actions that are
// not pinned to a major version.
var longOutputs = []string{"device.query.", "device.get_details.", "device.getdetails.", "logscale.query_event."}

// foundrySources are the prefixes of ids that only exist inside a Foundry app.
var foundrySources = []string{"functions.", "api_integrations.", "ai_agents.", "collections.", "rtr_scripts.", "logscale_saved_search."}
