package fusion

// edgeRules are about how nodes lead to one another.
var edgeRules = []Rule{
	{
		ID: "R18", Level: Import, Live: true, Title: "next is a list",
		Fix: "Write a list even for one node.",
		Bad: "trigger:\n  type: On demand\n  next: Wait", Good: "trigger:\n  type: On demand\n  next: [Wait]",
	},
	{
		ID: "R19", Level: Import, Title: "else_if is one name, else is a list",
		Fix: "`else_if` names one condition as text; `else` lists nodes. An `else` that is text is only a warning.",
		Bad: `
conditions:
  IsHigh:
    cel_expression: data['Trigger.Detection.Severity'] > 3
    next: [Wait]
    else_if: [IsLow]
  IsLow: {cel_expression: "data['Trigger.Detection.Severity'] < 3", next: [Wait]}
actions:
  Wait: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}}`,
		Good: `
conditions:
  IsHigh:
    cel_expression: data['Trigger.Detection.Severity'] > 3
    next: [Wait]
    else_if: IsLow
  IsLow: {cel_expression: "data['Trigger.Detection.Severity'] < 3", next: [Wait]}
actions:
  Wait: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}}`,
	},
	{
		ID: "R20", Level: Release, Title: "Edges lead to nodes that exist",
		Fix: "Correct the name, or add the node. The message names the nearest.",
		Bad: "trigger:\n  type: On demand\n  next: [Wait, Pirnt]", Good: "trigger:\n  type: On demand\n  next: [Wait]",
	},
	{
		ID: "R21", Level: Release, Title: "The trigger reaches every node",
		Fix: "Lead to the node with `next`, `else` or `else_if`, or remove it.",
		Bad: `
actions:
  Wait: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}}
  Lost: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}}`,
		Good: `
actions:
  Wait: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}, next: [Found]}
  Found: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}}`,
	},
	{
		ID: "R22", Level: Advice, Title: "Edges do not lead in a circle",
		Fix: "Use a loop to repeat nodes.",
		Bad: `
actions:
  Wait: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}, next: [Again]}
  Again: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}, next: [Wait]}`,
		Good: `
actions:
  Wait: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}, next: [Again]}
  Again: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}}`,
	},
	{
		ID: "R23", Level: Advice, Title: "Node names are unique, loops included",
		Fix: "Rename one of the nodes.",
		Bad: `
trigger:
  type: On demand
  parameters: {type: object, properties: {hosts: {type: array, items: {type: string}}}}
  next: [Wait]
actions:
  Wait: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}, next: [Each]}
loops:
  Each:
    for: {input: hosts}
    trigger: {next: [Wait]}
    actions:
      Wait: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}}`,
		Good: `
trigger:
  type: On demand
  parameters: {type: object, properties: {hosts: {type: array, items: {type: string}}}}
  next: [Wait]
actions:
  Wait: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}, next: [Each]}
loops:
  Each:
    for: {input: hosts}
    trigger: {next: [WaitMore]}
    actions:
      WaitMore: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}}`,
	},
	{
		ID: "R24", Level: Release, Title: "Edges stay inside of their loop",
		Fix: "Lead to the loop itself from outside; what comes after the loop stands in the loop's own `next`.",
		Bad: `
trigger:
  type: On demand
  parameters: {type: object, properties: {hosts: {type: array, items: {type: string}}}}
  next: [Each]
loops:
  Each:
    for: {input: hosts}
    trigger: {next: [Inner]}
    actions:
      Inner: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}, next: [After]}
    next: [After]
actions:
  After: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}}`,
		Good: `
trigger:
  type: On demand
  parameters: {type: object, properties: {hosts: {type: array, items: {type: string}}}}
  next: [Each]
loops:
  Each:
    for: {input: hosts}
    trigger: {next: [Inner]}
    actions:
      Inner: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}}
    next: [After]
actions:
  After: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}}`,
	},
}

const printAll = "\nactions:\n  Print: {id: aadbf530e35fc452a032f5f8acaaac2a, version_constraint: ~1, properties: {text_data: All is well}}"

// conditionRules are about conditions.
var conditionRules = []Rule{
	{
		ID: "R25", Level: Release, Live: true, Title: "A condition has an expression or an else",
		Fix:  "Give the condition a `cel_expression`, an `expression` or an `else`.",
		Bad:  "conditions:\n  IsHigh: {next: [Print]}" + printAll,
		Good: "conditions:\n  IsHigh: {cel_expression: \"data['Trigger.Detection.Severity'] > 3\", next: [Print]}" + printAll,
	},
	{
		ID: "R26", Level: Release, Live: true, Title: "default: true decides nothing",
		Fix: "The default flow is the `else` of the condition that has the expression. To fan out, list several nodes in `next`; " +
			"to join, lead several edges to one node.",
		Bad:  "conditions:\n  Otherwise: {default: true, next: [Print]}" + printAll,
		Good: "conditions:\n  IsHigh: {cel_expression: \"data['Trigger.Detection.Severity'] > 3\", else: [Print]}" + printAll,
	},
	{
		ID: "R28", Level: Advice, Title: "Trigger.Detection.Severity is a number",
		Fix:  "Compare with 1 (Informational) to 5 (Critical), or use `Trigger.Detection.SeverityDisplayName`.",
		Bad:  "conditions:\n  IsHigh: {cel_expression: \"data['Trigger.Detection.Severity'] == 'High'\", next: [Print]}" + printAll,
		Good: "conditions:\n  IsHigh: {cel_expression: \"data['Trigger.Detection.SeverityDisplayName'] == 'High'\", next: [Print]}" + printAll,
	},
}

// loopRules are about loops.
var loopRules = []Rule{
	{
		ID: "R45", Level: Advice, Title: "A loop's input exists",
		Fix:  "Name a parameter of the trigger, an output of a node (`Node.results`), a variable (`WorkflowCustomVariable.x`) or a field of the trigger (`Trigger.…`).",
		Bad:  loopOver("input: host"),
		Good: loopOver("input: hosts"),
	},
	{
		ID: "R46", Level: Advice, Title: "A loop leads to its own nodes",
		Fix: "Name the loop's first node in `trigger.next` of the loop, and reach its other nodes from there.",
		Bad: `
trigger: {type: On demand, parameters: {type: object, properties: {hosts: {type: array, items: {type: string}}}}, next: [Each]}
loops:
  Each:
    for: {input: hosts}
    actions:
      Inner: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}}`,
		Good: loopOver("input: hosts"),
	},
	{
		ID: "R47", Level: Advice, Title: "A while loop has a condition and runs in sequence",
		Fix:  "Write `input: \"\"`, `cel_condition` or `condition`, and `sequential: true`.",
		Bad:  loopOver("input: '', cel_condition: \"data['hosts'].size() > 0\""),
		Good: loopOver("input: '', cel_condition: \"data['hosts'].size() > 0\", sequential: true"),
	},
	{
		ID: "R49", Level: Advice, Title: "A paging condition tests null and '0'",
		Fix:  "A value that is missing becomes the text \"0\": test `x:!null+x:!'0'`, or the loop never ends.",
		Bad:  loopOver("input: '', condition: \"hosts.next:!null\", sequential: true"),
		Good: loopOver("input: '', condition: \"hosts.next:!null+hosts.next:!'0'\", sequential: true"),
	},
}

func loopOver(around string) string {
	return `
trigger: {type: On demand, parameters: {type: object, properties: {hosts: {type: array, items: {type: string}}}}, next: [Each]}
loops:
  Each:
    for: {` + around + `}
    trigger: {next: [Inner]}
    actions:
      Inner: {id: 4f1af1ae4c13dc1e3bcd725f8dc0f63b, version_constraint: ~1, properties: {sleep_time: 1m}}`
}
