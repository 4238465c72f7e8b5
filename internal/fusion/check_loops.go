package fusion

import (
	"regexp"
	"slices"
	"strings"
)

// loops checks each loop.
func (c *checker) loops() {
	for _, s := range c.scopes {
		for i := range s.nodes {
			if n := &s.nodes[i]; n.kind == kindLoop && n.value.kind == kindMap {
				c.loop(n, s.loop == "")
			}
		}
	}
}

func (c *checker) loop(n *scopeNode, outer bool) {
	if next := n.value.get("trigger").get("next"); empty(next) {
		c.report("R46", n.on("trigger"), "the loop does not start any of its nodes: name the first one in the loop's trigger.next")
	}
	around := n.value.get("for")
	if around == nil || around.kind != kindMap {
		return
	}
	input := strings.TrimSpace(around.get("input").str())
	conditioned := !empty(around.get("cel_condition")) || !empty(around.get("condition"))
	switch {
	case input != "":
		if outer && !c.isInput(input) {
			c.report("R45", n.on("for", "input"), "%s is not a trigger parameter, a node output, a variable or a trigger field%s",
				quoteKey(input), c.nearestTo(input, c.inputs))
		}
	case !conditioned:
		c.report("R47", n.on("for"), "the loop has neither an input nor a condition")
	default:
		if v := around.get("sequential"); v == nil || v.text != "true" {
			c.report("R47", n.on("for"), "a loop with a condition and no input needs sequential: true")
		}
	}
	c.paging(n, around)
}

// isInput reports whether a loop's input resolves.
func (c *checker) isInput(input string) bool {
	if strings.Contains(input, "$") || strings.Contains(input, "data[") {
		return true
	}
	head, _, dotted := strings.Cut(input, ".")
	if dotted && (c.nodes[head] != nil || slices.Contains([]string{"WorkflowCustomVariable", "Trigger", "Workflow", "InboundWebhook", "Loop"}, head)) {
		return true
	}
	return c.d.root.get("trigger").get("parameters").get("properties").get(head) != nil
}

var (
	notNullFQL = regexp.MustCompile(`([A-Za-z_][\w.-]*)\s*:\s*!\s*null`)
	notNullCEL = regexp.MustCompile(`data\[\s*'([^']+)'\s*\]\s*!=\s*null`)
)

// paging checks that a condition that waits for a missing value tests for both null
// and "0". A loop with its own limit ends in any case.
func (c *checker) paging(n *scopeNode, around *value) {
	if limited(around) {
		return
	}
	for key, pattern := range map[string]*regexp.Regexp{"condition": notNullFQL, "cel_condition": notNullCEL} {
		text := around.get(key).str()
		for _, m := range pattern.FindAllStringSubmatch(text, -1) {
			if strings.Contains(text, "'0'") || strings.Contains(text, `"0"`) || strings.Contains(text, ".size()") {
				continue
			}
			c.report("R49", n.on("for", key), "%s becomes the string \"0\" when it is missing, so the loop never ends: test for both null and \"0\"", quoteKey(m[1]))
		}
	}
}

var iterationLimit = regexp.MustCompile(`\.Iteration\b['\]\s:]*<`)

// limited reports whether a loop limits its iterations or its time. 0 means
// Falcon's own limits.
func limited(around *value) bool {
	for _, key := range []string{"max_iteration_count", "max_execution_seconds"} {
		if v := around.get(key); v != nil && v.kind == kindNumber && v.text != "0" {
			return true
		}
	}
	return iterationLimit.MatchString(around.get("condition").str() + around.get("cel_condition").str())
}
