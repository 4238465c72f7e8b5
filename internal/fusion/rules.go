package fusion

import (
	"fmt"
	"slices"
	"strings"
)

// Level says what becomes of a document that breaks a rule.
type Level uint8

const (
	// Advice is for what Falcon accepts, or may accept: always a warning. It is
	// the level of rules whose source is thin or may be stale, and of those
	// that only a run of the workflow breaks on.
	Advice Level = iota
	// Release is for what Falcon stores and then refuses to enable: an error,
	// and a warning for a workflow that stays switched off.
	Release
	// Import is for what Falcon refuses to store: always an error.
	Import
)

func (l Level) String() string {
	return [...]string{"Warning", "Error; warning while `enabled = false`", "Error"}[l]
}

// Rule is one rule about workflow documents.
type Rule struct {
	// ID is the rule's name in messages and in ignore_rules, such as R18.
	ID string
	// Title says in a few words what must hold.
	Title string
	Level Level
	// Live says that the source saw the rule on a tenant; the others are
	// only documented.
	Live bool
	// Catalog says that the rule needs the tenant's catalog, at least in part.
	Catalog bool
	// Fix says what to do.
	Fix string
	// Bad and Good are parts of a document, one that breaks the rule and one
	// that doesn't. A rule that only the catalog decides has none that a
	// document alone breaks.
	Bad, Good string
}

// Rules lists the rules in the order of the page that explains them.
func Rules() []Rule { return slices.Clone(rules) }

// rules is filled from the groups of the rules_*.go files.
var rules = slices.Concat(structureRules, triggerRules, edgeRules, conditionRules, actionRules, loopRules,
	referenceRules, expressionRules, httpRules, queryRules, serviceRules, ownRules)

var ruleByID = func() map[string]*Rule {
	out := map[string]*Rule{}
	for i := range rules {
		out[rules[i].ID] = &rules[i]
	}
	return out
}()

// RuleByID finds a rule, whatever the case of its id.
func RuleByID(id string) (Rule, bool) {
	r, ok := ruleByID[strings.ToUpper(strings.TrimSpace(id))]
	if !ok {
		return Rule{}, false
	}
	return *r, true
}

// RuleIDs lists the ids of the rules.
func RuleIDs() []string {
	out := make([]string, len(rules))
	for i, r := range rules {
		out[i] = r.ID
	}
	return out
}

// CheckOptions say how a document is checked.
type CheckOptions struct {
	// Draft is for a workflow that stays switched off: what Falcon would only
	// refuse to enable is a warning.
	Draft bool
	// Ignore are the ids of rules that are not checked.
	Ignore []string
}

func (o CheckOptions) ignores(id string) bool {
	return slices.ContainsFunc(o.Ignore, func(ignored string) bool { return strings.EqualFold(ignored, id) })
}

// Judge puts a finding of a rule into a problem with the rule's level. It is
// false where the rule is ignored.
func (o CheckOptions) Judge(id string, p Problem) (Problem, bool) {
	return o.judge(ruleByID, id, p)
}

func (o CheckOptions) judge(byID map[string]*Rule, id string, p Problem) (Problem, bool) {
	if o.ignores(id) {
		return Problem{}, false
	}
	r := byID[id]
	p.Rule = id
	p.Warning = p.Warning || r.Level == Advice || r.Level == Release && o.Draft
	return p, true
}

// report records a finding of a rule at a place.
func (c *checker) report(id string, line, column int, where at, format string, args ...any) {
	c.add(id, Problem{Line: line, Column: column, Kind: where.kind, Node: where.node, Path: where.path, Message: fmt.Sprintf(format, args...)})
}

// doubt is report for a finding that is only a warning, whatever the rule's level.
func (c *checker) doubt(id string, line, column int, where at, format string, args ...any) {
	c.add(id, Problem{
		Warning: true, Line: line, Column: column, Kind: where.kind, Node: where.node, Path: where.path, Message: fmt.Sprintf(format, args...),
	})
}

func (c *checker) add(id string, p Problem) {
	if p, ok := c.options.judge(c.byID, id, p); ok {
		c.found.add(p)
	}
}
