package fusion

// one is a document part with one action.
func one(name, keys string) string { return "actions:\n  " + name + ": {" + keys + "}" }

const (
	sleepKeys = "id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, properties: {sleep_time: 1m}"
	dedupe    = "id: f6f68f316170550b2777aec3dc3c85e1, name: Deduplicate, version_constraint: ~2, properties: "
	printText = "id: aadbf530e35fc452a032f5f8acaaac2a, version_constraint: ~1, properties: "
	sendMail  = "id: 07413ef9ba7c47bf5a242799f59902cc, version_constraint: ~1, properties: "
)

// actionRules are about actions of every kind.
var actionRules = []Rule{
	{
		ID: "R29", Level: Release, Title: "An action has an id",
		Fix: "Set `id`; the data source `falcon_workflow_action` finds it by name.",
		Bad: one("Wait", "name: Sleep, properties: {sleep_time: 1m}"), Good: one("Wait", sleepKeys),
	},
	{
		ID: "R31", Level: Advice, Live: true, Title: "An action's id looks like one of Falcon's",
		Fix: "Look the id up with the data source `falcon_workflow_action`.",
		Bad: one("Wait", "id: 4F1AF1AE4C13DC1E3BCD725F8DC0F63B"), Good: one("Wait", sleepKeys),
	},
	{
		ID: "R32", Level: Release, Live: true, Catalog: true, Title: "The tenant has the action, at this pin",
		Fix: "Use the id of an action in the tenant's catalog; the message names actions with a similar name. A Store or Foundry app may have to be installed.",
		Bad: one("Wait", "id: 4f1af1ae4c13dc1e3bcd725f8dc0f630, version_constraint: ~1"), Good: one("Wait", sleepKeys),
	},
	{
		ID: "R33", Level: Release, Live: true, Catalog: true, Title: "The pin is the major version of the catalog",
		Fix:  "Write `version_constraint` as `~` and the major version that the catalog has, `~0` for an action without a version.",
		Bad:  one("Wait", "id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~7, properties: {sleep_time: 1m}"),
		Good: one("Wait", "id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}"),
	},
	{
		ID: "R34", Level: Release, Title: "An action with a class is pinned",
		Fix:  "Add `version_constraint`, such as `~1`.",
		Bad:  one("Declare", "id: 702d15788dbbffdf0b68d8e2f3599aa4, class: CreateVariable, properties: {variable_schema: {type: object}}"),
		Good: one("Declare", "id: 702d15788dbbffdf0b68d8e2f3599aa4, class: CreateVariable, version_constraint: ~1, properties: {variable_schema: {type: object}}"),
	},
	{
		ID: "R36", Level: Advice, Catalog: true, Title: "The class is the one of the catalog",
		Fix:  "Inline and variable actions carry `class`, plugin actions have none.",
		Bad:  one("Declare", "id: 702d15788dbbffdf0b68d8e2f3599aa4, version_constraint: ~1, properties: {variable_schema: {type: object}}"),
		Good: one("Declare", "id: 702d15788dbbffdf0b68d8e2f3599aa4, class: CreateVariable, version_constraint: ~1, properties: {variable_schema: {type: object}}"),
	},
	{
		ID: "R37", Level: Release, Catalog: true, Title: "Required properties have a value",
		Fix:  "Give the property a value that is not empty. The data source `falcon_workflow_action` shows what an action requires.",
		Bad:  one("Wait", "id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: ''}"),
		Good: one("Wait", "id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}"),
	},
	{
		ID: "R39", Level: Advice, Title: "Deduplicate and Rate Limit have the scope definition or cid",
		Fix:  "Write `definition`, which the console calls Workflow, or `cid`.",
		Bad:  one("Once", dedupe+"{scope: workflow, key: nightly, period: 86400}"),
		Good: one("Once", dedupe+"{scope: definition, key: nightly, period: 86400}"),
	},
	{
		ID: "R40", Level: Advice, Title: "The key of Deduplicate and Rate Limit has 1 to 150 letters, digits, _ and -",
		Fix:  "Choose another key, or hash it: `${cs.hash.sha1(…)}`. Falcon saves any key, and the run fails.",
		Bad:  one("Once", dedupe+"{scope: cid, key: night run, period: 86400}"),
		Good: one("Once", dedupe+"{scope: cid, key: night-run, period: 86400}"),
	},
	{
		ID: "R41", Level: Advice, Title: "The numbers of Deduplicate and Rate Limit are in range",
		Fix:  "`period` is in seconds, 0 for ever; `limit` is above 0; `every` and `max_wait` are 1s to 24h; `tolerance` is `smooth` or `bursty`.",
		Bad:  one("Once", dedupe+"{scope: cid, key: nightly, period: -1}"),
		Good: one("Pace", "id: 0123456789abcdef0123456789abcdee, name: Rate Limit, properties: {scope: cid, key: mail, limit: 5, every: 1m, max_wait: 10m, tolerance: smooth}, next: [Shed]") + shed,
	},
	{
		ID: "R42", Level: Advice, Title: "What Deduplicate and Rate Limit find out is used",
		Fix: "Put a Deduplicate before its metadata actions, a condition on `duplicate` before the wait, and a condition on `exceeded_wait_timeout` after a Rate Limit: " +
			"without it nothing is limited.",
		Bad:  one("Pace", "id: 0123456789abcdef0123456789abcdee, name: Rate Limit, properties: {scope: cid, key: mail, limit: 5, every: 1m, max_wait: 10m}"),
		Good: one("Pace", "id: 0123456789abcdef0123456789abcdee, name: Rate Limit, properties: {scope: cid, key: mail, limit: 5, every: 1m, max_wait: 10m}, next: [Shed]") + shed,
	},
	{
		ID: "R43", Level: Release, Live: true, Catalog: true, Title: "An AgentWorks agent is given its input",
		Fix:  "Give the agent's action the property `input`, pin it to `~1`, and read its output `response`.",
		Bad:  one("Ask", "id: 0123456789abcdef0123456789abcdef_fedcba9876543210fedcba9876543210, version_constraint: ~1, properties: {prompt: Look at it}"),
		Good: one("Ask", "id: 0123456789abcdef0123456789abcdef_fedcba9876543210fedcba9876543210, version_constraint: ~1, properties: {input: Look at it}"),
	},
	{
		ID: "R44", Level: Advice, Title: "Ids of Foundry sources only work inside of their app",
		Fix:  "Look up the action's id in this tenant with the data source `falcon_workflow_action`.",
		Bad:  one("Hello", "id: functions.hello.hello"),
		Good: one("Hello", "id: 0123456789abcdef0123456789abcde0"),
	},
}

// shed is what follows a Rate Limit: a condition that stops what was not admitted.
const shed = "\n  Send: {" + printText + "{text_data: Admitted}}\n" +
	"conditions:\n  Shed: {cel_expression: \"data['Pace.exceeded_wait_timeout'] == false\", next: [Send]}"

// serviceRules are about e-mail, Python and Charlotte AI.
var serviceRules = []Rule{
	{
		ID: "R82", Level: Release, Title: "An e-mail goes to someone",
		Fix:  "Set the property `to`. Falcon drops `recipients`, and an export without `sanitize=false` has an empty `to`.",
		Bad:  one("Mail", sendMail+"{recipients: [soc@example.org], subject: Hello, msg: Hello}"),
		Good: one("Declare", declareSOC+", next: [Mail]") + "\n  Mail: {" + sendMail + "{to: [\"${data['WorkflowCustomVariable.soc']}\"], subject: Hello, msg: Hello}}",
	},
	{
		ID: "R83", Level: Advice, Title: "E-mail addresses are real",
		Fix:  "Write the address of a Falcon user, or of a domain that is approved for the tenant.",
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
		ID: "R87", Level: Advice, Catalog: true, Title: "LLM Completion has no class, and its json_schema is JSON",
		Fix:  "Remove `class`, pin it to `~0`, and write `json_schema` as JSON: Falcon also accepts a broken one. Its output `completion` is text that `cs.json.decode` reads.",
		Bad:  one("Ask", "id: "+idCompletion+", properties: {user_prompt: Sum it up, model_name: Claude, json_schema: '{'}"),
		Good: one("Ask", "id: "+idCompletion+", properties: {user_prompt: Sum it up, model_name: Claude, json_schema: '{}'}"),
	},
}

const declareSOC = "id: 702d15788dbbffdf0b68d8e2f3599aa4, class: CreateVariable, version_constraint: ~1, " +
	"properties: {variable_schema: {type: object, properties: {soc: {type: string}}}}"

// ownRules are this provider's: no source lists them as rules.
var ownRules = []Rule{
	{
		ID: "P01", Level: Import, Title: "Every key holds the kind of value that it takes",
		Fix: "Write text, a list or a mapping, as the message says; a number that is text needs quotes.",
		Bad: "actions:\n  Wait: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: 1, properties: {sleep_time: 1m}}", Good: one("Wait", sleepKeys),
	},
	{
		ID: "P02", Level: Advice, Title: "The event still happens",
		Fix:  "CrowdStrike stopped creating CrowdScore incidents on 2026-01-01: use a case event, such as `Case/Created`.",
		Bad:  "trigger:\n  type: Signal\n  event: Incident\n  next: [Wait]",
		Good: "trigger:\n  type: Signal\n  event: Case/Created\n  next: [Wait]",
	},
}
