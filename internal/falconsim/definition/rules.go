package definition

import (
	"fmt"
	"maps"
	"slices"
)

// releaseRule is a rule for workflow documents that Falcon checks when a workflow is enabled, with its id in
// wire/workflows.md#release-rules.
//
// Rules that only the console or a run checks, or that nothing checks, are not here. R02, R06, R18, and R19 are checked by
// imports: see shape.go.
type releaseRule struct {
	id    string
	check func(*releaseCheck)
}

// releaseRules are all rules, in the order in which their errors are listed.
var releaseRules = slices.Concat(triggerRules, graphRules, actionRules, referenceRules)

// releaseCheck is the check of one document.
type releaseCheck struct {
	tenant  *Tenant
	doc     Document
	levels  []graphLevel
	actions map[string]Document // of all levels; keys are unique
	refs    []valueReference
	texts   []citedText
	rule    string
	found   []ValidationError
}

// graphLevel is the document or one of its loops.
type graphLevel struct {
	loop    string // its key; "" for the document
	trigger Document
	nodes   map[string]graphNode
}

type graphNode struct {
	kind string // actions, conditions or loops
	body Document
}

// edges returns the keys of the nodes that follow a node.
func (n graphNode) edges() []string {
	elseIf := Text(n.body, "else_if")
	return slices.Concat(Strings(n.body["next"]), Strings(n.body["else"]), Strings(elseIf))
}

// sortedNodes returns the keys of a level's nodes of a kind; "" is every kind.
func (l graphLevel) sortedNodes(kind string) []string {
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(l.nodes)) {
		if kind == "" || l.nodes[key].kind == kind {
			keys = append(keys, key)
		}
	}
	return keys
}

// Validate returns the validation errors of a normalized document in a stable order.
func (t *Tenant) Validate(doc Document) []ValidationError {
	check := &releaseCheck{tenant: t, doc: doc, actions: map[string]Document{}}
	check.addLevel("", doc)
	check.findReferences()
	for _, rule := range releaseRules {
		check.rule = rule.id
		rule.check(check)
	}
	return check.found
}

func (c *releaseCheck) addLevel(loop string, doc Document) {
	level := graphLevel{loop: loop, nodes: map[string]graphNode{}}
	level.trigger = Object(doc, "trigger")
	for _, kind := range []string{"actions", "conditions", "loops"} {
		for key, body := range Nodes(doc, kind) {
			level.nodes[key] = graphNode{kind: kind, body: body}
			if kind == "actions" {
				c.actions[key] = body
			}
		}
	}
	c.levels = append(c.levels, level)
	for _, key := range level.sortedNodes("loops") {
		c.addLevel(key, level.nodes[key].body)
	}
}

// eachAction calls f for every action, including those in loops.
func (c *releaseCheck) eachAction(f func(key string, action Document)) {
	for _, key := range slices.Sorted(maps.Keys(c.actions)) {
		f(key, c.actions[key])
	}
}

// report adds an error with Falcon's message.
func (c *releaseCheck) report(code int, node, property, message string) {
	e := ValidationError{
		Code: code, Message: message, NodeID: node, Property: property, Level: "error", CID: c.tenant.settings.CID, Rule: c.rule,
	}
	if action, ok := c.actions[node]; ok {
		e.DisplayName = Text(action, "name")
	}
	c.found = append(c.found, e)
}

// reportUnrecorded adds an error whose message no source records.
func (c *releaseCheck) reportUnrecorded(node, property, format string, args ...any) {
	c.report(codeUnrecorded, node, property, c.tenant.settings.Message(fmt.Sprintf(format, args...)))
}

// isReported reports whether a rule has reported a node.
func (c *releaseCheck) isReported(rule, node string) bool {
	return slices.ContainsFunc(c.found, func(e ValidationError) bool { return e.Rule == rule && e.NodeID == node })
}

// Flagged returns the errors that has_validation_errors is about.
func (t *Tenant) Flagged(found []ValidationError) []ValidationError {
	// GUESS Q72: whether they include what only enabling refuses.
	if t.reading("Q72") == "a" {
		return found
	}
	return WithCode(found)
}

// WithCode returns the errors with a recorded code. Falcon reports these without enabling the workflow.
func WithCode(found []ValidationError) []ValidationError {
	return slices.DeleteFunc(slices.Clone(found), func(e ValidationError) bool { return e.Code == codeUnrecorded })
}
