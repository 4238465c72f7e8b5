package fusion

import "strings"

// edgeRules are about the edges between nodes.
var edgeRules = []Rule{
	{
		ID: "R18", Level: Import, Live: true, Title: "next is a list",
		Fix: "Write a list, even for one node.",
		Bad: "trigger:\n  type: On demand\n  next: Wait", Good: triggerOf(triggerOnDemand, ""),
	},
	{
		ID: "R19", Level: Import, Title: "else_if is one name, else is a list",
		Fix:  "Set `else_if` to the name of one condition, and `else` to a list of nodes. An `else` that is a string is only a warning.",
		Bad:  elseIf("[IsLow]"),
		Good: elseIf("IsLow"),
	},
	{
		ID: "R20", Level: Release, Title: "Edges refer to existing nodes",
		Fix: "Correct the name, or add the node. The message suggests similar names.",
		Bad: "trigger:\n  type: On demand\n  next: [Wait, Pirnt]", Good: triggerOf(triggerOnDemand, ""),
	},
	{
		ID: "R21", Level: Release, Title: "The trigger reaches every node",
		Fix:  "Refer to the node in a `next`, `else` or `else_if`, or remove it.",
		Bad:  wait + "\n  Lost: " + sleep,
		Good: twoActions("next: [Again]", ""),
	},
	{
		ID: "R22", Level: Advice, Title: "Edges do not form a cycle",
		Fix:  "Use a loop to repeat nodes.",
		Bad:  twoActions("next: [Again]", "next: [Wait]"),
		Good: twoActions("next: [Again]", ""),
	},
	{
		ID: "R23", Level: Advice, Title: "Node names are unique, including those in loops",
		Fix:  "Rename one of the nodes.",
		Bad:  loopAround("After", ""),
		Good: loopAround("Inner", ""),
	},
	{
		ID: "R24", Level: Release, Title: "Edges do not cross the border of a loop",
		Fix:  "From outside, refer to the loop itself; list the nodes that follow the loop in the loop's `next`.",
		Bad:  loopAround("Inner", "next: [After]"),
		Good: loopAround("Inner", ""),
	},
}

// elseIf returns conditions of which the first has this else_if.
func elseIf(second string) string {
	return `
conditions:
  IsHigh:
    cel_expression: data['Trigger.Detection.Severity'] > 3
    next: [Wait]
    else_if: ` + second + `
  IsLow: {cel_expression: "data['Trigger.Detection.Severity'] < 3", next: [Wait]}` + wait
}

// twoActions returns the actions Wait and Again, with additional keys.
func twoActions(first, second string) string {
	return "\nactions:\n  Wait: " + sleepWith(first) + "\n  Again: " + sleepWith(second)
}

// sleepWith returns the action sleep with additional keys.
func sleepWith(keys string) string {
	if keys == "" {
		return sleep
	}
	return strings.TrimSuffix(sleep, "}") + ", " + keys + "}"
}

// loopAround returns a loop with one action, followed by the action After.
func loopAround(name, keys string) string {
	return loopWith("input: hosts", name, sleepWith(keys)) + "\n    next: [After]\nactions:\n  After: " + sleep
}

const printAll = "\nactions:\n  Print: {id: aadbf530e35fc452a032f5f8acaaac2a, version_constraint: ~1, properties: {text_data: All is well}}"

// conditionRules are about conditions.
var conditionRules = []Rule{
	{
		ID: "R25", Level: Release, Live: true, Title: "A condition has an expression or an else",
		Fix:  "Add a `cel_expression`, an `expression` or an `else` to the condition.",
		Bad:  "conditions:\n  IsHigh: {next: [Print]}" + printAll,
		Good: "conditions:\n  IsHigh: {cel_expression: \"data['Trigger.Detection.Severity'] > 3\", next: [Print]}" + printAll,
	},
	{
		ID: "R26", Level: Release, Live: true, Title: "A condition does not rely on default: true",
		Fix: "Falcon ignores `default`. The default flow is the `else` of the condition with the expression. To fan out, list several nodes in `next`; " +
			"to join, let several nodes refer to the same node.",
		Bad:  "conditions:\n  Otherwise: {default: true, next: [Print]}" + printAll,
		Good: "conditions:\n  IsHigh: {cel_expression: \"data['Trigger.Detection.Severity'] > 3\", else: [Print]}" + printAll,
	},
	{
		ID: "R28", Level: Advice, Title: "Trigger.Detection.Severity is a number",
		Fix:  "Compare it with 1 (Informational) to 5 (Critical), or use `Trigger.Detection.SeverityDisplayName`.",
		Bad:  "conditions:\n  IsHigh: {cel_expression: \"data['Trigger.Detection.Severity'] == 'High'\", next: [Print]}" + printAll,
		Good: "conditions:\n  IsHigh: {cel_expression: \"data['Trigger.Detection.SeverityDisplayName'] == 'High'\", next: [Print]}" + printAll,
	},
}

// loopRules are about loops.
var loopRules = []Rule{
	{
		ID: "R45", Level: Advice, Title: "A loop's input exists",
		Fix:  "Use a trigger parameter, a node output (`Node.results`), a variable (`WorkflowCustomVariable.x`) or a trigger field (`Trigger.…`).",
		Bad:  loopOver("input: host"),
		Good: loopOver("input: hosts"),
	},
	{
		ID: "R46", Level: Advice, Title: "A loop starts and reaches its own nodes",
		Fix: "Add the loop's first node to the loop's `trigger.next`, and make sure that its other nodes are reachable from there.",
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
		ID: "R47", Level: Advice, Title: "A while loop has a condition and is sequential",
		Fix:  "Set `input: \"\"`, a `cel_condition` or `condition`, and `sequential: true`.",
		Bad:  loopOver("input: '', cel_condition: \"data['hosts'].size() > 0\""),
		Good: loopOver("input: '', cel_condition: \"data['hosts'].size() > 0\", sequential: true"),
	},
	{
		ID: "R49", Level: Advice, Title: "A paging condition tests null and '0'",
		Fix:  "A missing value becomes the string \"0\": test for both, `x:!null+x:!'0'`, or the loop never ends. A loop with `max_iteration_count` or `max_execution_seconds` is not checked.",
		Bad:  loopOver("input: '', condition: \"hosts.next:!null\", sequential: true"),
		Good: loopOver("input: '', condition: \"hosts.next:!null+hosts.next:!'0'\", sequential: true"),
	},
}

// loopOver returns a loop with these keys in for, and one action.
func loopOver(around string) string { return loopWith(around, "Inner", sleep) }

func loopWith(around, name, action string) string {
	return `
trigger: {type: On demand, parameters: {type: object, properties: {hosts: {type: array, items: {type: string}}}}, next: [Each]}
loops:
  Each:
    for: {` + around + `}
    trigger: {next: [` + name + `]}
    actions:
      ` + name + `: ` + action
}
