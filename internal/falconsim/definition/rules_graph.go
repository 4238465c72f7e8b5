package definition

import "fmt"

var graphRules = []releaseRule{
	{"R21", (*releaseCheck).disjointNodes},
	{"R22", (*releaseCheck).cycles},
	{"R24", (*releaseCheck).edgesAcrossLoops},
	{"R25", (*releaseCheck).conditionsWithoutExpression},
	{"R46", (*releaseCheck).emptyLoops},
}

// reach returns the nodes of a level that can be reached from others, including these.
func (l graphLevel) reach(from ...string) map[string]bool {
	reached := map[string]bool{}
	for queue := from; len(queue) > 0; queue = queue[1:] {
		key := queue[0]
		node, exists := l.nodes[key]
		if !exists || reached[key] {
			continue
		}
		reached[key] = true
		queue = append(queue, node.edges()...)
	}
	return reached
}

// disjointNodes is R21. It applies to the top level, if anything follows the trigger.
func (c *releaseCheck) disjointNodes() {
	top := c.levels[0]
	reached := top.reach(Strings(top.trigger["next"])...)
	if len(reached) == 0 {
		return
	}
	for _, key := range top.sortedNodes("") {
		if !reached[key] {
			c.report(codeUnrecorded, key, "", "disjoint node "+key)
		}
	}
}

func (c *releaseCheck) cycles() {
	for _, level := range c.levels {
		for _, key := range level.sortedNodes("") {
			if level.reach(level.nodes[key].edges()...)[key] {
				c.reportUnrecorded(key, "", "cycle through %s", key)
				break
			}
		}
	}
}

// edgesAcrossLoops is R24. A target that does not exist is not refused (R20).
func (c *releaseCheck) edgesAcrossLoops() {
	for _, level := range c.levels {
		for _, from := range level.sortedNodes("") {
			for _, to := range level.nodes[from].edges() {
				if _, here := level.nodes[to]; !here && c.isElsewhere(to) {
					c.reportUnrecorded(from, "", "edge from %s to %s crosses the border of a loop", from, to)
				}
			}
		}
	}
}

func (c *releaseCheck) isElsewhere(key string) bool {
	for _, level := range c.levels {
		if _, exists := level.nodes[key]; exists {
			return true
		}
	}
	return false
}

// conditionsWithoutExpression is R25 and R26: `default: true` is dropped.
func (c *releaseCheck) conditionsWithoutExpression() {
	for _, level := range c.levels {
		for _, key := range level.sortedNodes("conditions") {
			body := level.nodes[key].body
			if isEmpty(body["cel_expression"]) && isEmpty(body["expression"]) && isEmpty(body["else"]) {
				flow := ""
				if next := Strings(body["next"]); len(next) > 0 {
					flow = next[0]
				}
				c.report(codeUnrecorded, key, "", fmt.Sprintf(
					"exclusive gateway '%s' outgoing flow '%s' has no condition set and is not marked as default", key, flow))
			}
		}
	}
}

func (c *releaseCheck) emptyLoops() {
	for _, level := range c.levels[1:] {
		if len(Strings(level.trigger["next"])) == 0 {
			c.reportUnrecorded(level.loop, "", "loop %s has nothing after its trigger", level.loop)
		}
	}
}
