package fusion

// one returns a part of a document with one action.
func one(name, keys string) string { return "actions:\n  " + name + ": {" + keys + "}" }

const (
	// sleep is an action that pauses the workflow; wait is a part of a document with it.
	sleep = "{id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}}"
	wait  = "\nactions:\n  Wait: " + sleep

	sleepKeys = "id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, properties: {sleep_time: 1m}"
	dedupe    = "id: f6f68f316170550b2777aec3dc3c85e1, name: Deduplicate, version_constraint: ~2, properties: "
	printText = "id: aadbf530e35fc452a032f5f8acaaac2a, version_constraint: ~1, properties: "
	sendMail  = "id: 07413ef9ba7c47bf5a242799f59902cc, version_constraint: ~1, properties: "
)

// actionRules are about all kinds of actions.
var actionRules = []Rule{
	{
		ID: "R29", Level: Release, Title: "An action has an id",
		Fix: "Set `id`; look it up by name with the data source `falcon_workflow_action`.",
		Bad: one("Wait", "name: Sleep, properties: {sleep_time: 1m}"), Good: one("Wait", sleepKeys),
	},
	{
		ID: "R31", Level: Advice, Live: true, Title: "An action's id has the form of Falcon's ids",
		Fix: "Look up the id with the data source `falcon_workflow_action`.",
		Bad: one("Wait", "id: 4F1AF1AE4C13DC1E3BCD725F8DC0F63B"), Good: one("Wait", sleepKeys),
	},
	{
		ID: "R32", Level: Release, Live: true, Catalog: true, Title: "The action exists in the tenant, at this pin",
		Fix: "Use the id of an action in the tenant's catalog; the message suggests actions with a similar name. You may have to install a Store or Foundry app.",
		Bad: one("Wait", "id: 4f1af1ae4c13dc1e3bcd725f8dc0f630, version_constraint: ~1"), Good: one("Wait", sleepKeys),
	},
	{
		ID: "R33", Level: Release, Live: true, Catalog: true, Title: "The pin is a major version in the catalog",
		Fix:  "Set `version_constraint` to `~` and the major version in the catalog, or to `~0` for an action without a version.",
		Bad:  one("Wait", "id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~7, properties: {sleep_time: 1m}"),
		Good: wait,
	},
	{
		ID: "R34", Level: Release, Title: "An action with a class is pinned",
		Fix:  "Add `version_constraint`, such as `~1`.",
		Bad:  one("Declare", "id: 702d15788dbbffdf0b68d8e2f3599aa4, class: CreateVariable, properties: {variable_schema: {type: object}}"),
		Good: one("Declare", "id: 702d15788dbbffdf0b68d8e2f3599aa4, class: CreateVariable, version_constraint: ~1, properties: {variable_schema: {type: object}}"),
	},
	{
		ID: "R36", Level: Advice, Catalog: true, Title: "The class matches the catalog",
		Fix:  "Set `class` for inline and variable actions, and remove it from plugin actions.",
		Bad:  one("Declare", "id: 702d15788dbbffdf0b68d8e2f3599aa4, version_constraint: ~1, properties: {variable_schema: {type: object}}"),
		Good: one("Declare", "id: 702d15788dbbffdf0b68d8e2f3599aa4, class: CreateVariable, version_constraint: ~1, properties: {variable_schema: {type: object}}"),
	},
	{
		ID: "R37", Level: Release, Catalog: true, Title: "Required properties have a value",
		Fix:  "Set the property. The data source `falcon_workflow_action` shows what an action requires.",
		Bad:  one("Wait", "id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: ''}"),
		Good: wait,
	},
	{
		ID: "R39", Level: Advice, Title: "The scope of Deduplicate and Rate Limit is definition or cid",
		Fix:  "Use `definition`, which the console calls Workflow, or `cid`.",
		Bad:  one("Once", dedupe+"{scope: workflow, key: nightly, period: 86400}"),
		Good: one("Once", dedupe+"{scope: definition, key: nightly, period: 86400}"),
	},
	{
		ID: "R40", Level: Advice, Title: "The key of Deduplicate and Rate Limit has 1 to 150 letters, digits, _ or -",
		Fix:  "Choose another key, or hash it: `${cs.hash.sha1(…)}`. Falcon saves any key, but the run fails.",
		Bad:  one("Once", dedupe+"{scope: cid, key: night run, period: 86400}"),
		Good: one("Once", dedupe+"{scope: cid, key: night-run, period: 86400}"),
	},
	{
		ID: "R41", Level: Advice, Title: "The numbers of Deduplicate and Rate Limit are in range",
		Fix:  "Set `period` in seconds (0: no expiry), `limit` above 0, `every` and `max_wait` from 1s to 24h, and `tolerance` to `smooth` or `bursty`.",
		Bad:  one("Once", dedupe+"{scope: cid, key: nightly, period: -1}"),
		Good: one("Pace", "id: 0123456789abcdef0123456789abcdee, name: Rate Limit, properties: {scope: cid, key: mail, limit: 5, every: 1m, max_wait: 10m, tolerance: smooth}, next: [Shed]") + shed,
	},
	{
		ID: "R42", Level: Advice, Title: "The results of Deduplicate and Rate Limit are used",
		Fix: "Add a Deduplicate before its metadata actions, a condition on `duplicate` before the wait, and a condition on `exceeded_wait_timeout` after a Rate Limit: " +
			"without that condition, nothing is limited.",
		Bad:  one("Pace", "id: 0123456789abcdef0123456789abcdee, name: Rate Limit, properties: {scope: cid, key: mail, limit: 5, every: 1m, max_wait: 10m}"),
		Good: one("Pace", "id: 0123456789abcdef0123456789abcdee, name: Rate Limit, properties: {scope: cid, key: mail, limit: 5, every: 1m, max_wait: 10m}, next: [Shed]") + shed,
	},
	{
		ID: "R43", Level: Release, Live: true, Catalog: true, Title: "An AgentWorks agent has an input",
		Fix:  "Set the property `input` of the agent's action, pin it to `~1`, and read its output `response`.",
		Bad:  one("Ask", "id: 0123456789abcdef0123456789abcdef_fedcba9876543210fedcba9876543210, version_constraint: ~1, properties: {prompt: Look at it}"),
		Good: one("Ask", "id: 0123456789abcdef0123456789abcdef_fedcba9876543210fedcba9876543210, version_constraint: ~1, properties: {input: Look at it}"),
	},
	{
		ID: "R44", Level: Advice, Title: "Ids of Foundry sources are only used inside their app",
		Fix:  "Look up the action's id in this tenant with the data source `falcon_workflow_action`.",
		Bad:  one("Hello", "id: functions.hello.hello"),
		Good: one("Hello", "id: 0123456789abcdef0123456789abcde0"),
	},
}

// shed follows a Rate Limit: a condition that stops what was not admitted.
const shed = "\n  Send: {" + printText + "{text_data: Admitted}}\n" +
	"conditions:\n  Shed: {cel_expression: \"data['Pace.exceeded_wait_timeout'] == false\", next: [Send]}"

// serviceRules are about email, Python and Charlotte AI.
var serviceRules = []Rule{
	{
		ID: "R82", Level: Release, Title: "An email has a recipient",
		Fix:  "Set the property `to`. Falcon drops `recipients`. An export without `sanitize=false` has an empty `to`.",
		Bad:  one("Mail", sendMail+"{recipients: [soc@example.org], subject: Hello, msg: Hello}"),
		Good: one("Declare", declareSOC+", next: [Mail]") + "\n  Mail: {" + sendMail + "{to: [\"${data['WorkflowCustomVariable.soc']}\"], subject: Hello, msg: Hello}}",
	},
	{
		ID: "R83", Level: Advice, Title: "Email addresses are real",
		Fix:  "Use the address of a Falcon user, or of a domain that is approved for the tenant.",
		Bad:  one("Mail", sendMail+"{to: [soc@example.com], subject: Hello, msg: Hello}"),
		Good: one("Mail", sendMail+"{to: [soc@corp.internal], subject: Hello, msg: Hello}"),
	},
	{
		ID: "R84", Level: Advice, Title: "A Python action has a runtime and a script",
		Fix:  "Set `runtime`, such as `py0313general`, and `script`.",
		Bad:  one("Run", "id: 7fb9eb10b23943efaf1e6082b0ac0338, class: Inline.Python, version_constraint: ~1, properties: {script: print(1)}"),
		Good: one("Run", "id: 7fb9eb10b23943efaf1e6082b0ac0338, class: Inline.Python, version_constraint: ~1, properties: {runtime: py0313general, script: print(1)}"),
	},
	{
		ID: "R85", Level: Advice, Title: "A Python script has at most 50,000 characters",
		Fix: "Shorten the script. A run has 60 seconds, 256 MB of memory and 1024 KB for input and output, and Python runs in US-1, US-2 and EU-1 only.",
	},
	{
		ID: "R86", Level: Release, Title: "LLM Completion has a prompt and a model",
		Fix:  "Set `user_prompt` and `model_name`.",
		Bad:  one("Ask", "id: "+idCompletion+", properties: {user_prompt: Sum it up}"),
		Good: one("Ask", "id: "+idCompletion+", properties: {user_prompt: Sum it up, model_name: Claude}"),
	},
	{
		ID: "R87", Level: Advice, Catalog: true, Title: "LLM Completion has no class and a valid json_schema",
		Fix:  "Remove `class`, pin the action to `~0`, and set `json_schema` to valid JSON: Falcon also accepts invalid JSON. The output `completion` is a JSON string: decode it with `cs.json.decode`.",
		Bad:  one("Ask", "id: "+idCompletion+", properties: {user_prompt: Sum it up, model_name: Claude, json_schema: '{'}"),
		Good: one("Ask", "id: "+idCompletion+", properties: {user_prompt: Sum it up, model_name: Claude, json_schema: '{}'}"),
	},
}

const declareSOC = "id: 702d15788dbbffdf0b68d8e2f3599aa4, class: CreateVariable, version_constraint: ~1, " +
	"properties: {variable_schema: {type: object, properties: {soc: {type: string}}}}"

// ownRules are this provider's own: no source lists them as rules.
var ownRules = []Rule{
	{
		ID: "P01", Level: Import, Title: "Every key has a value of the right kind",
		Fix: "Use a string, a list or a mapping, as the message says; put quotes around a number that is a string.",
		Bad: "actions:\n  Wait: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: 1, properties: {sleep_time: 1m}}", Good: one("Wait", sleepKeys),
	},
	{
		ID: "P02", Level: Advice, Title: "The event still occurs",
		Fix:  "CrowdStrike stopped creating CrowdScore incidents on 2026-01-01: use a case event, such as `Case/Created`.",
		Bad:  triggerOf("Signal", "event: Incident"),
		Good: triggerOf("Signal", "event: Case/Created"),
	},
}
