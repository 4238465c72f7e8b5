package fusion

// role is what a key of the grammar contains, which decides how it is checked,
// compared and sent.
type role uint8

const (
	// roleFree is any value, compared as it is.
	roleFree role = iota
	// roleText is a string; empty and absent mean the same.
	roleText
	// roleName is the name of an action, compared as names.go describes.
	roleName
	// roleServer is owned by Falcon and never compared, but may be sent.
	roleServer
	// roleDropped is owned by Falcon and neither compared nor sent.
	roleDropped
	// roleSwitch is a boolean: false and absent mean the same.
	roleSwitch
	// roleLimit is a number: 0 and absent both mean the default.
	roleLimit
	// rolePin is a version_constraint: ~0 and absent mean the same.
	rolePin
	// roleDisplay is a derived string or a list of them. Falcon returns it
	// HTML-escaped (wire/documents.md#export-form).
	roleDisplay
	// roleEdges is a list of node keys.
	roleEdges
	// roleEdge is one node key.
	roleEdge
	// roleObject is a mapping with its own grammar.
	roleObject
	// roleNodes is a mapping of node keys to nodes.
	roleNodes
)

// The kinds of node, as messages name them.
const (
	kindTrigger   = "trigger"
	kindAction    = "action"
	kindCondition = "condition"
	kindLoop      = "loop"
)

// grammar has the known keys of one kind of mapping. Falcon publishes no grammar;
// the sources are wire/documents.md#top-level and wire/documents.md#nodes.
type grammar struct {
	// node is the kind of node, empty for other mappings.
	node string
	// what names the mapping in messages.
	what string
	keys map[string]field
}

type field struct {
	role role
	of   *grammar
}

// names lists the known keys.
func (g *grammar) names() []string {
	out := make([]string, 0, len(g.keys))
	for name := range g.keys {
		out = append(out, name)
	}
	return out
}

var (
	text    = field{role: roleText}
	free    = field{role: roleFree}
	display = field{role: roleDisplay}
	edges   = field{role: roleEdges}
	pin     = field{role: rolePin}
	onOff   = field{role: roleSwitch}
	limit   = field{role: roleLimit}
)

var workflowGrammar = newWorkflowGrammar()

func object(node, what string, keys map[string]field) field {
	return field{role: roleObject, of: &grammar{node: node, what: what, keys: keys}}
}

func newWorkflowGrammar() *grammar {
	action := object(kindAction, "an action", map[string]field{
		"id": text, "name": {role: roleName}, "default_name": {role: roleServer}, "class": text,
		"version_constraint": pin, "next": edges, "properties": free, "continue_on_error": onOff,
		"inline_configuration": object("", "inline_configuration", map[string]field{
			"config": free, "input_schema": free, "output_schema": free,
		}),
	})
	condition := object(kindCondition, "a condition", map[string]field{
		"next": edges, "else": edges, "else_if": {role: roleEdge}, "expression": text, "cel_expression": text,
		"display": display, "name": text, "default": onOff,
	})
	loop := object(kindLoop, "a loop", map[string]field{
		"display": display, "name": display, "next": edges, "output_fields": free,
		"for": object("", "for", map[string]field{
			"input": text, "cel_condition": text, "condition": text, "condition_display": display,
			"continue_on_partial_execution": onOff, "sequential": onOff,
			"max_execution_seconds": limit, "max_iteration_count": limit,
		}),
	})
	trigger := object(kindTrigger, "the trigger", map[string]field{
		"next": edges, "name": {role: roleServer}, "event": text, "type": text, "version_constraint": pin,
		"parameters": free, "webhook_config": free,
		"schedule": object("", "schedule", map[string]field{
			"time_cycle": text, "start_date": text, "end_date": text, "tz": text, "skip_concurrent": onOff,
		}),
	})
	root := &grammar{what: "a workflow", keys: map[string]field{
		"name": text, "description": text, "summary": text, "type": text, "output_fields": free,
		"disconnected_nodes": free, "labels": free, "use_cases": free, "vendors": free, "parameters": free,
		"multi_instance": onOff, "provision_on_install": onOff, "customer_visible": onOff,
		"budget": object("", "budget", map[string]field{
			"active_time_limit": free, "credit_limit": free, "total_time_limit": free,
		}),
		"id": {role: roleDropped}, "version": {role: roleDropped}, "enabled": {role: roleDropped},
	}}
	// A loop has the same four parts as the workflow, including loops.
	for _, scope := range []*grammar{root, loop.of} {
		scope.keys["trigger"] = trigger
		scope.keys["actions"] = field{role: roleNodes, of: action.of}
		scope.keys["conditions"] = field{role: roleNodes, of: condition.of}
		scope.keys["loops"] = field{role: roleNodes, of: loop.of}
	}
	return root
}
