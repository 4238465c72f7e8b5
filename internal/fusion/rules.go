package fusion

import (
	"fmt"
	"slices"
	"strings"
)

// Level is the consequence of violating a rule.
type Level uint8

const (
	// Advice is for what Falcon accepts, or may accept: always a warning. Rules
	// with a weak or possibly outdated source have this level, and rules that
	// only a run of the workflow depends on.
	Advice Level = iota
	// Release is for what Falcon stores but refuses to enable: an error, or a
	// warning for a workflow that stays disabled.
	Release
	// Import is for what Falcon refuses to store: always an error.
	Import
)

func (l Level) String() string {
	return [...]string{"Warning", "Error; warning while `enabled = false`", "Error"}[l]
}

// Rule is one rule about workflow documents.
type Rule struct {
	// ID identifies the rule in messages and in ignore_rules, such as R18.
	ID string
	// Title is the rule in a few words.
	Title string
	Level Level
	// Live is true if the source observed the rule on a tenant; the other rules
	// are only documented.
	Live bool
	// Catalog is true if the rule needs the tenant's catalog, at least in part.
	Catalog bool
	// Fix says what to do.
	Fix string
	// Bad and Good are parts of a document: one that violates the rule and one
	// that does not.
	Bad, Good string
}

// Rules returns the rules in the order of the guide "Workflow checks".
func Rules() []Rule { return slices.Clone(rules) }

// rules is the table of rules. Each rules_*.go file has some of its groups.
var rules = slices.Concat(structureRules, triggerRules, edgeRules, conditionRules, actionRules, loopRules,
	referenceRules, expressionRules, httpRules, queryRules, serviceRules, ownRules)

var ruleByID = func() map[string]*Rule {
	out := map[string]*Rule{}
	for i := range rules {
		out[rules[i].ID] = &rules[i]
	}
	return out
}()

// RuleByID finds a rule by its id, ignoring case.
func RuleByID(id string) (Rule, bool) {
	r, ok := ruleByID[strings.ToUpper(strings.TrimSpace(id))]
	if !ok {
		return Rule{}, false
	}
	return *r, true
}

// RuleIDs returns the ids of the rules.
func RuleIDs() []string {
	out := make([]string, len(rules))
	for i, r := range rules {
		out[i] = r.ID
	}
	return out
}

// CheckOptions configure how a document is checked.
type CheckOptions struct {
	// Draft is for a workflow that stays disabled: violations of [Release] rules
	// are warnings.
	Draft bool
	// Ignore has the ids of the rules that are not checked.
	Ignore []string
}

func (o CheckOptions) ignores(id string) bool {
	return slices.ContainsFunc(o.Ignore, func(ignored string) bool { return strings.EqualFold(ignored, id) })
}

// Violation sets the rule of a problem, and whether it is a warning. It returns false
// if the rule is ignored.
func (o CheckOptions) Violation(id string, p Problem) (Problem, bool) {
	if o.ignores(id) {
		return Problem{}, false
	}
	level := ruleByID[id].Level
	p.Rule = id
	p.Warning = p.Warning || level == Advice || level == Release && o.Draft
	return p, true
}

// report records a violation of a rule.
func (c *checker) report(id string, where place, format string, args ...any) {
	c.add(id, where.problem(fmt.Sprintf(format, args...)))
}

// doubt records a violation that is a warning at any level of the rule.
func (c *checker) doubt(id string, where place, format string, args ...any) {
	p := where.problem(fmt.Sprintf(format, args...))
	p.Warning = true
	c.add(id, p)
}

func (c *checker) add(id string, p Problem) {
	if p, ok := c.options.Violation(id, p); ok {
		c.found.add(p)
	}
}
