package fusion

// structureRules are about the top of a document and its trigger
// (wire/workflows.md#release-rules).
var structureRules = []Rule{
	{
		ID: "R01", Level: Release, Title: "A workflow has a name and a trigger",
		Fix: "Give the document a `name`, or set the argument `name` of the resource; add a `trigger`.",
		Bad: `
name: Nightly check
actions:
  Wait:
    id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b
    version_constraint: ~1
    properties: {sleep_time: 1m}`,
		Good: `
name: Nightly check
trigger:
  type: On demand
  next: [Wait]
actions:
  Wait:
    id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b
    version_constraint: ~1
    properties: {sleep_time: 1m}`,
	},
	{
		ID: "R03", Level: Advice, Title: "Keys are known to Falcon",
		Fix:  "Falcon drops keys that it does not know. Correct the spelling, or remove the key.",
		Bad:  "summery: Runs at night",
		Good: "summary: Runs at night",
	},
	{
		ID: "R04", Level: Release, Title: "Nodes stand under actions, conditions and loops",
		Fix: "Move the nodes below `actions:`, `conditions:` or `loops:`. From any other place Falcon imports an empty workflow.",
		Bad: `
name: Nightly check
trigger:
  type: On demand
  next: [Wait]
steps:
  Wait:
    id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b`,
		Good: `
name: Nightly check
trigger:
  type: On demand
  next: [Wait]
actions:
  Wait:
    id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b
    version_constraint: ~1
    properties: {sleep_time: 1m}`,
	},
	{
		ID: "R05", Level: Advice, Title: "No placeholders of a template are left",
		Fix: "Put the real value where the placeholder stands.",
		Bad: `
actions:
  Print:
    id: aadbf530e35fc452a032f5f8acaaac2a
    version_constraint: ~1
    properties: {text_data: PLACEHOLDER_MESSAGE}`,
		Good: `
actions:
  Print:
    id: aadbf530e35fc452a032f5f8acaaac2a
    version_constraint: ~1
    properties: {text_data: All is well}`,
	},
}

// triggerRules are about the trigger.
var triggerRules = []Rule{
	{
		ID: "R06", Level: Import, Live: true, Title: "The trigger has one of the five types",
		Fix: "Write `type: On demand`, `Signal`, `Scheduled`, `SubModel` or `Inbound webhook`, exactly so. " +
			"A type that resembles none of them is only a warning, since the list has grown before.",
		Bad:  "trigger:\n  type: On_demand\n  next: [Wait]",
		Good: "trigger:\n  type: On demand\n  next: [Wait]",
	},
	{
		ID: "R07", Level: Release, Title: "A Signal trigger names its event",
		Fix:  "Set `event` to the category of a trigger; the data source `falcon_workflow_trigger` finds it.",
		Bad:  "trigger:\n  type: Signal\n  next: [Wait]",
		Good: "trigger:\n  type: Signal\n  event: Case/Created\n  next: [Wait]",
	},
	{
		ID: "R08", Level: Release, Title: "A Scheduled trigger has the event Schedule",
		Fix:  "Write `event: Schedule`.",
		Bad:  "trigger:\n  type: Scheduled\n  schedule: {time_cycle: 0 5 * * *, tz: Etc/UTC}\n  next: [Wait]",
		Good: "trigger:\n  type: Scheduled\n  event: Schedule\n  schedule: {time_cycle: 0 5 * * *, tz: Etc/UTC}\n  next: [Wait]",
	},
	{
		ID: "R09", Level: Release, Catalog: true, Title: "The event is in the tenant's catalog",
		Fix:  "Use the category of a trigger that the tenant offers; the message names the nearest.",
		Bad:  "trigger:\n  type: Signal\n  event: Case/Create\n  next: [Wait]",
		Good: "trigger:\n  type: Signal\n  event: Case/Created\n  next: [Wait]",
	},
	{
		ID: "R10", Level: Advice, Title: "A Signal trigger has no id",
		Fix:  "Remove `id`; a trigger is named by its `event`.",
		Bad:  "trigger:\n  type: Signal\n  event: Case/Created\n  id: 0123456789abcdef0123456789abcdef\n  next: [Wait]",
		Good: "trigger:\n  type: Signal\n  event: Case/Created\n  next: [Wait]",
	},
	{
		ID: "R11", Level: Release, Live: true, Title: "A schedule's keys are time_cycle and tz",
		Fix:  "Rename `cron` to `time_cycle` and `timezone` to `tz`.",
		Bad:  "trigger:\n  type: Scheduled\n  event: Schedule\n  schedule: {time_cycle: 0 5 * * *, timezone: Etc/UTC}\n  next: [Wait]",
		Good: "trigger:\n  type: Scheduled\n  event: Schedule\n  schedule: {time_cycle: 0 5 * * *, tz: Etc/UTC}\n  next: [Wait]",
	},
	{
		ID: "R12", Level: Release, Title: "A schedule has a time_cycle of five fields",
		Fix: "Write a cron expression of five fields in `time_cycle`, or remove `schedule`: without it, the caller brings the schedule. " +
			"A wrong number of fields is only a warning.",
		Bad:  "trigger:\n  type: Scheduled\n  event: Schedule\n  schedule: {tz: Etc/UTC}\n  next: [Wait]",
		Good: "trigger:\n  type: Scheduled\n  event: Schedule\n  schedule: {time_cycle: 0 0/1 * * *, tz: Etc/UTC}\n  next: [Wait]",
	},
	{
		ID: "R13", Level: Advice, Title: "Dates of a schedule are mm-dd-yyyy",
		Fix:  "Write `start_date` and `end_date` as mm-dd-yyyy, or leave them empty; `skip_concurrent` is `true` or `false`.",
		Bad:  "trigger:\n  type: Scheduled\n  event: Schedule\n  schedule: {time_cycle: 0 5 * * *, start_date: 2026-12-31}\n  next: [Wait]",
		Good: "trigger:\n  type: Scheduled\n  event: Schedule\n  schedule: {time_cycle: 0 5 * * *, start_date: 12-31-2026, end_date: '', skip_concurrent: true}\n  next: [Wait]",
	},
	{
		ID: "R14", Level: Release, Title: "A Signal trigger has no parameters",
		Fix:  "Remove `parameters`, or make the workflow an on-demand one. A signal brings its own data.",
		Bad:  "trigger:\n  type: Signal\n  event: Case/Created\n  parameters: {type: object, properties: {host: {type: string}}}\n  next: [Wait]",
		Good: "trigger:\n  type: On demand\n  parameters: {type: object, properties: {host: {type: string}}}\n  next: [Wait]",
	},
	{
		ID: "R15", Level: Advice, Title: "Parameters have a type that Falcon offers",
		Fix:  "Use `string`, `integer`, `boolean`, `array` with `items`, or `object`.",
		Bad:  "trigger:\n  type: On demand\n  parameters: {type: object, properties: {hosts: {type: array}}}\n  next: [Wait]",
		Good: "trigger:\n  type: On demand\n  parameters: {type: object, properties: {hosts: {type: array, items: {type: string}}}}\n  next: [Wait]",
	},
	{
		ID: "R16", Level: Release, Title: "The trigger leads to a node",
		Fix:  "Name the first node in the trigger's `next`.",
		Bad:  "trigger:\n  type: On demand\nactions: {}",
		Good: "trigger:\n  type: On demand\n  next: [Wait]",
	},
	{
		ID: "R17", Level: Advice, Title: "An inbound webhook says how senders prove themselves",
		Fix: "Set `webhook_config.auth_config.auth_type` to `basic_auth`, `hmac` or `api_key`, pin the trigger to `0.0.2` without a tilde, and give it no `event`. " +
			"Falcon generates the URL.",
		Bad:  "trigger:\n  type: Inbound webhook\n  version_constraint: ~1\n  webhook_config: {auth_config: {auth_type: token}}\n  next: [Wait]",
		Good: "trigger:\n  type: Inbound webhook\n  version_constraint: 0.0.2\n  webhook_config: {auth_config: {auth_type: hmac}}\n  next: [Wait]",
	},
}
