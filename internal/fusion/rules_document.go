package fusion

// structureRules are about the top level of a document
// (wire/workflows.md#release-rules).
var structureRules = []Rule{
	{
		ID: "R01", Level: Release, Title: "A workflow has a name and a trigger",
		Fix:  "Add a `name` to the document, or set the argument `name` of the resource; add a `trigger`.",
		Bad:  "name: Nightly check" + wait,
		Good: onDemand + wait,
	},
	{
		ID: "R03", Level: Advice, Title: "Keys are known to Falcon",
		Fix:  "Falcon drops unknown keys. Correct the spelling, or remove the key.",
		Bad:  "summery: Runs at night",
		Good: "summary: Runs at night",
	},
	{
		ID: "R04", Level: Release, Title: "Nodes are under actions, conditions and loops",
		Fix:  "Move the nodes to `actions:`, `conditions:` or `loops:`. Otherwise Falcon imports an empty workflow.",
		Bad:  onDemand + "\nsteps:\n  Wait: " + sleep,
		Good: onDemand + wait,
	},
	{
		ID: "R05", Level: Advice, Title: "All placeholders of a template are replaced",
		Fix:  "Replace the placeholder with the real value.",
		Bad:  says("PLACEHOLDER_MESSAGE"),
		Good: says("All is well"),
	},
}

// onDemand is the start of a document with an on-demand trigger.
const onDemand = "name: Nightly check\ntrigger:\n  type: On demand\n  next: [Wait]"

// triggerOf returns a trigger with these keys in addition to its type and next.
func triggerOf(kind, keys string) string {
	if keys != "" {
		keys = "\n  " + keys
	}
	return "trigger:\n  type: " + kind + keys + "\n  next: [Wait]"
}

// scheduled returns a scheduled trigger.
func scheduled(schedule string) string {
	return triggerOf(triggerScheduled, "event: Schedule\n  schedule: {"+schedule+"}")
}

// triggerRules are about the trigger.
var triggerRules = []Rule{
	{
		ID: "R06", Level: Import, Live: true, Title: "The trigger has one of the five types",
		Fix: "Set `type` to exactly `On demand`, `Signal`, `Scheduled`, `SubModel` or `Inbound webhook`. " +
			"A type that resembles none of them is only a warning, because Falcon may add types.",
		Bad:  triggerOf("On_demand", ""),
		Good: triggerOf("On demand", ""),
	},
	{
		ID: "R07", Level: Release, Title: "A Signal trigger has an event",
		Fix:  "Set `event` to the category of a trigger; look it up with the data source `falcon_workflow_trigger`.",
		Bad:  triggerOf("Signal", ""),
		Good: triggerOf("Signal", "event: Case/Created"),
	},
	{
		ID: "R08", Level: Release, Title: "A Scheduled trigger has the event Schedule",
		Fix:  "Write `event: Schedule`.",
		Bad:  triggerOf("Scheduled", "schedule: {time_cycle: 0 5 * * *, tz: Etc/UTC}"),
		Good: scheduled("time_cycle: 0 5 * * *, tz: Etc/UTC"),
	},
	{
		ID: "R09", Level: Release, Catalog: true, Title: "The event is in the tenant's catalog",
		Fix:  "Use the category of a trigger in the tenant's catalog; the message suggests similar ones.",
		Bad:  triggerOf("Signal", "event: Case/Create"),
		Good: triggerOf("Signal", "event: Case/Created"),
	},
	{
		ID: "R10", Level: Advice, Title: "A Signal trigger has no id",
		Fix:  "Remove `id`; the `event` identifies the trigger.",
		Bad:  triggerOf("Signal", "event: Case/Created\n  id: 0123456789abcdef0123456789abcdef"),
		Good: triggerOf("Signal", "event: Case/Created"),
	},
	{
		ID: "R11", Level: Release, Live: true, Title: "The keys of a schedule are time_cycle and tz",
		Fix:  "Rename `cron` to `time_cycle` and `timezone` to `tz`.",
		Bad:  scheduled("time_cycle: 0 5 * * *, timezone: Etc/UTC"),
		Good: scheduled("time_cycle: 0 5 * * *, tz: Etc/UTC"),
	},
	{
		ID: "R12", Level: Release, Title: "A schedule has a time_cycle of five fields",
		Fix: "Set `time_cycle` to a cron expression with five fields, or remove `schedule`: the workflow is then scheduled by its caller. " +
			"A wrong number of fields is only a warning.",
		Bad:  scheduled("tz: Etc/UTC"),
		Good: scheduled("time_cycle: 0 0/1 * * *, tz: Etc/UTC"),
	},
	{
		ID: "R13", Level: Advice, Title: "The dates of a schedule are mm-dd-yyyy",
		Fix:  "Write `start_date` and `end_date` as mm-dd-yyyy or leave them empty; set `skip_concurrent` to `true` or `false`.",
		Bad:  scheduled("time_cycle: 0 5 * * *, start_date: 2026-12-31"),
		Good: scheduled("time_cycle: 0 5 * * *, start_date: 12-31-2026, end_date: '', skip_concurrent: true"),
	},
	{
		ID: "R14", Level: Release, Title: "A Signal trigger has no parameters",
		Fix:  "Remove `parameters`, or use an on-demand trigger. The data of a signal comes from its event.",
		Bad:  triggerOf("Signal", "event: Case/Created\n  parameters: {type: object, properties: {host: {type: string}}}"),
		Good: triggerOf("On demand", "parameters: {type: object, properties: {host: {type: string}}}"),
	},
	{
		ID: "R15", Level: Advice, Title: "Parameters have a supported type",
		Fix:  "Use `string`, `integer`, `boolean`, `array` with `items`, or `object`.",
		Bad:  triggerOf("On demand", "parameters: {type: object, properties: {hosts: {type: array}}}"),
		Good: triggerOf("On demand", "parameters: {type: object, properties: {hosts: {type: array, items: {type: string}}}}"),
	},
	{
		ID: "R16", Level: Release, Title: "The trigger has a next node",
		Fix:  "Add the first node to the trigger's `next`.",
		Bad:  "trigger:\n  type: On demand\nactions: {}",
		Good: triggerOf("On demand", ""),
	},
	{
		ID: "R17", Level: Advice, Title: "An inbound webhook configures authentication",
		Fix: "Set `webhook_config.auth_config.auth_type` to `basic_auth`, `hmac` or `api_key`, set `version_constraint` to `0.0.2` without a tilde, and remove `event`. " +
			"Falcon generates the URL.",
		Bad:  triggerOf("Inbound webhook", "version_constraint: ~1\n  webhook_config: {auth_config: {auth_type: token}}"),
		Good: triggerOf("Inbound webhook", "version_constraint: 0.0.2\n  webhook_config: {auth_config: {auth_type: hmac}}"),
	},
}
