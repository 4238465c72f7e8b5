package definition

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var referenceRules = []releaseRule{
	{"R53", (*releaseCheck).indexesInQuotes},
	{"R52", (*releaseCheck).undeclaredVariables},
	{"R55", (*releaseCheck).fieldsNotOfNGSIEM},
	{"R54", (*releaseCheck).unknownTriggerFields},
	{"R58", (*releaseCheck).outputPathsOfPin},
	{"R59", (*releaseCheck).lowerCaseFaaS},
	{"R67", (*releaseCheck).responseWithoutSchema},
	{"R75", (*releaseCheck).unknownQueryOutputs},
	{"R61", (*releaseCheck).integrationPaths},
	{"R60", (*releaseCheck).parallelBranches},
	{"R62", (*releaseCheck).listsComparedWithText},
	{"R63", (*releaseCheck).hasOfWholePath},
	{"R50", (*releaseCheck).malformedReferences},
	{"R51", (*releaseCheck).bareTriggerInText},
}

// unknownVariable reports a reference once, even if several rules refuse it.
func (c *releaseCheck) unknownVariable(r valueReference) {
	message := fmt.Sprintf("property %q contains unknown variable %q", r.property, r.path)
	if !slices.ContainsFunc(c.found, func(e ValidationError) bool { return e.NodeID == r.node && e.Message == message }) {
		c.report(codeUnrecorded, r.node, r.key, message)
	}
}

// refuse reports every reference for which wrong returns true.
func (c *releaseCheck) refuse(wrong func(valueReference) bool) {
	for _, r := range c.refs {
		if wrong(r) {
			c.unknownVariable(r)
		}
	}
}

var numberSegment = regexp.MustCompile(`\.\d+(\.|$)`)

// indexesInQuotes is R53.
func (c *releaseCheck) indexesInQuotes() {
	for _, r := range c.refs {
		if numberSegment.MatchString(r.path) {
			c.report(codeUnrecorded, r.node, r.key, fmt.Sprintf("variable %q not found", r.path))
		}
	}
}

const customVariable = "WorkflowCustomVariable"

// undeclaredVariables is R52: a variable has to be declared by a schema, or set.
func (c *releaseCheck) undeclaredVariables() {
	declared := map[string]bool{}
	c.eachAction(func(_ string, action Document) {
		properties := Object(action, "properties")
		schema := Object(properties, "variable_schema")
		names := Object(schema, "properties")
		set := Object(properties, customVariable)
		for _, names := range []Document{names, set} {
			for name := range names {
				declared[name] = true
			}
		}
	})
	c.refuse(func(r valueReference) bool {
		name, _, _ := strings.Cut(r.rest(), ".")
		return r.root() == customVariable && name != "" && !declared[name]
	})
}

const ngsiemEvent = "Investigatable/NGSIEM"

// fieldsNotOfNGSIEM is R55, R56, and R57. The catalog lists the fields of R56.
func (c *releaseCheck) fieldsNotOfNGSIEM() {
	if c.levels[0].trigger["event"] != ngsiemEvent {
		return
	}
	c.refuse(func(r valueReference) bool {
		return slices.ContainsFunc([]string{
			"Trigger.Detection.Product", "Trigger.Detection.Description", "Trigger.Detection.MitreAttack.Tactic",
			"Trigger.Detection.MitreAttack.Technique", "Trigger.Category.Investigatable",
		}, func(path string) bool { return isBelow(r.path, path) })
	})
}

// isBelow reports whether a path equals another one or continues it.
func isBelow(path, above string) bool { return path == above || strings.HasPrefix(path, above+".") }

// unknownTriggerFields is R54.
func (c *releaseCheck) unknownTriggerFields() {
	event, _ := c.levels[0].trigger["event"].(string)
	known, ok := c.tenant.Trigger(event)
	if !ok || len(known.fields) == 0 {
		return
	}
	c.refuse(func(r valueReference) bool {
		path, _, _ := strings.Cut(r.path, ".#") // an item of a list
		isSystem := slices.ContainsFunc(systemPaths, func(above string) bool { return isBelow(path, above) })
		return r.root() == "Trigger" && !isSystem && !numberSegment.MatchString(r.path) && !hasField(known.fields, path) && !hasField(known.unlisted, path)
	})
}

// systemPaths are the fields of every trigger.
var systemPaths = []string{
	"Trigger.CID", "Trigger.ObservedTime", "Trigger.SourceEventID", "Trigger.SourceEventURL", "Trigger.ID", "Trigger.Name", "Trigger.SpecVersion",
}

// hasField reports whether there is a field with this path, or with one that continues it.
func hasField(fields []triggerField, path string) bool {
	return slices.ContainsFunc(fields, func(f triggerField) bool {
		return isBelow(f.name, path) || f.open && isBelow(path, f.name) || hasField(f.fields, path)
	})
}

// longPaths are the paths by which version 0 of an action names its outputs.
var longPaths = map[string]string{
	"68ffa99af40c84b36462daa076f535d0": "Device.query",
	"6265dc947cc2252f74a5f25261ac36a9": "Device.GetDetails",
	"cdf5c3e0d69f156eaaf56c1f5d3f1b66": "logscale.query_event",
}

// outputPathsOfPin is R58: version 1 has short paths. With a constraint of ~0 both are used.
func (c *releaseCheck) outputPathsOfPin() {
	c.refuse(func(r valueReference) bool {
		action := c.actions[r.root()]
		id := Text(action, "id")
		long, ok := longPaths[id]
		pin := Text(action, "version_constraint")
		switch {
		case !ok || r.rest() == "" || strings.HasPrefix(pin, "~0"):
			return false
		case pin == "":
			return !isBelow(r.rest(), long)
		}
		return isBelow(r.rest(), long)
	})
}

// lowerCaseFaaS is R59: names are case-sensitive.
func (c *releaseCheck) lowerCaseFaaS() {
	c.refuse(func(r valueReference) bool { return c.actions[r.root()] != nil && isBelow(r.rest(), "faas") })
}

// responseWithoutSchema is R67 and R68.
func (c *releaseCheck) responseWithoutSchema() {
	c.refuse(func(r valueReference) bool {
		action := c.actions[r.root()]
		if action == nil || c.classOf(action) != classHTTP {
			return false
		}
		properties := Object(action, "properties")
		transaction := Object(properties, "http_transaction")
		return isBelow(r.rest(), "HTTP.body") || isBelow(r.rest(), "json") && isEmpty(transaction["_cs_inline_output_schema"])
	})
}

// unknownQueryOutputs is R75.
func (c *releaseCheck) unknownQueryOutputs() {
	c.refuse(func(r valueReference) bool {
		action := c.actions[r.root()]
		output, _, _ := strings.Cut(r.rest(), ".")
		return action != nil && c.classOf(action) == classQuery && output != "" &&
			!slices.ContainsFunc(queryOutputs, func(p property) bool { return p.Key == output })
	})
}

// integrationPaths is R61.
func (c *releaseCheck) integrationPaths() {
	c.refuse(func(r valueReference) bool {
		id, _ := c.actions[r.root()]["id"].(string)
		known, _ := c.tenant.Activity(id)
		return known.integration && r.rest() != "" && !strings.HasPrefix(r.rest(), "API_Integration.Custom_")
	})
}

// parallelBranches is R60: after a join of parallel branches, the outputs of one branch can only be read through a custom
// variable.
func (c *releaseCheck) parallelBranches() {
	c.refuse(func(r valueReference) bool {
		level := c.levels[r.level]
		if _, action := level.nodes[r.root()]; !action || r.node == "" {
			return false
		}
		forks := [][]string{Strings(level.trigger["next"])}
		for _, node := range level.nodes {
			forks = append(forks, Strings(node.body["next"]))
		}
		return slices.ContainsFunc(forks, func(branches []string) bool {
			joined, has := 0, 0
			for _, branch := range branches {
				if reached := level.reach(branch); reached[r.node] {
					joined++
					if reached[r.root()] {
						has++
					}
				}
			}
			return joined > 1 && has > 0 && has < joined
		})
	})
}

var listWithText = regexp.MustCompile(
	`data\[\s*['"]Trigger\.Detection\.NGSIEM\.(` + strings.Join(ngsiemListNames, "|") + `)['"]\s*\]\s*(==|!=)\s*(?:''|"")`)

// listsComparedWithText is R62.
func (c *releaseCheck) listsComparedWithText() {
	c.eachCEL(func(at valueReference, cel string) {
		if m := listWithText.FindStringSubmatch(cel); m != nil {
			c.report(codeUnrecorded, at.node, at.key, fmt.Sprintf(
				"found no matching overload for '_%s_' applied to '(list(string), string)'", m[2]))
		}
	})
}

var hasWhole = regexp.MustCompile(`\bhas\(\s*data\[\s*\??\s*(?:'[^']*'|"[^"]*")\s*\]\s*\)`)

// hasOfWholePath is R63.
func (c *releaseCheck) hasOfWholePath() {
	// GUESS Q76: whether enabling refuses it.
	if c.tenant.reading("Q76") == "b" {
		return
	}
	c.eachCEL(func(at valueReference, cel string) {
		if hasWhole.MatchString(cel) {
			c.report(codeUnrecorded, at.node, at.key, "Q0910: invalid argument to has() macro")
		}
	})
}

func (c *releaseCheck) eachCEL(f func(at valueReference, cel string)) {
	for _, text := range c.texts {
		for _, cel := range text.cel {
			f(text.valueReference, cel)
		}
	}
}

// malformedReferences is R50.
func (c *releaseCheck) malformedReferences() {
	// GUESS Q78: whether enabling refuses them.
	if c.tenant.reading("Q78") == "b" {
		return
	}
	for _, text := range c.texts {
		if text.key == scriptProperty {
			continue // in a program, $ has another meaning
		}
		if what := c.malformed(text.text); what != "" {
			c.reportUnrecorded(text.node, text.key, "property %q has a malformed reference: %s", text.property, what)
		}
	}
}

// scriptProperty is the property of the action Python that has the program.
const scriptProperty = "script"

var (
	dollarCall = regexp.MustCompile(`\$\(\s*data\[`)
	dollarNode = regexp.MustCompile(`\$([A-Za-z_]\w*)\.\w`)
)

func (c *releaseCheck) malformed(text string) string {
	if m := dollarCall.FindString(text); m != "" {
		return m
	}
	for _, m := range dollarNode.FindAllStringSubmatch(text, -1) {
		if c.actions[m[1]] != nil || m[1] == "Trigger" || m[1] == customVariable {
			return m[0]
		}
	}
	for rest := text; ; {
		start := strings.Index(rest, "${")
		if start < 0 {
			return ""
		}
		length, closed := expressionLength(rest[start+2:])
		if !closed {
			return "${"
		}
		rest = rest[start+2+length+1:]
		if m := afterBrace.FindString(rest); m != "" {
			return "}" + m
		}
	}
}

// bareTriggerInText is R51.
func (c *releaseCheck) bareTriggerInText() {
	// GUESS Q75: sources conflict on ${Trigger.…} inside a longer text.
	if c.tenant.reading("Q75") == "b" {
		c.refuse(func(r valueReference) bool { return r.inText && r.root() == "Trigger" })
	}
}
