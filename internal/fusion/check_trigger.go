package fusion

import (
	"regexp"
	"slices"
	"strings"
)

// codeUnknownEvent is Falcon's code for an unknown or missing trigger event
// (wire/workflows.md#import).
const codeUnknownEvent = "2003"

// trigger checks the trigger of the workflow; triggers of loops only have next.
func (c *checker) trigger() {
	m := c.d.root.member("trigger")
	if m == nil || m.value.kind == kindNull {
		c.report("R01", c.d.root.line, c.d.root.column, at{path: kindTrigger}, "the workflow has no trigger, so nothing starts it")
		return
	}
	if m.value.kind != kindMap {
		return
	}
	where := at{kind: kindTrigger, path: kindTrigger}
	c.triggerType(m, where)
	c.triggerEvent(m, where)
	if next := m.value.get("next"); next.absent() || next.kind == kindString && next.text == "" {
		c.report("R16", m.line, m.column, where.below("next"), "the trigger has no next: name at least one action, condition or loop that follows it")
	}
	switch m.value.get("type").str() {
	case triggerSignal:
		c.signal(m.value, where)
	case triggerInbound:
		c.inbound(m, where)
	}
	c.schedule(m.value.member("schedule"), where.below("schedule"))
	c.parameters(m.value.get("parameters"), where.below("parameters"))
}

func (c *checker) triggerType(m *member, where at) {
	where = where.below("type")
	kind := m.value.get("type")
	switch {
	case kind.absent() || kind.kind == kindString && kind.text == "":
		const message = "the trigger has no type: set one of On demand, Signal, Scheduled, SubModel, Inbound webhook"
		// Foundry templates leave the type out.
		if c.d.root.get("trigger").get("event").str() == eventSchedule || c.template() {
			c.doubt("R06", m.line, m.column, where, message)
			return
		}
		c.report("R06", m.line, m.column, where, message)
	case kind.kind != kindString || slices.Contains(triggerTypes, kind.text):
	case misspelled(kind.text, triggerTypes) != "":
		c.report("R06", kind.line, kind.column, where, "%s is not a trigger type: write type: %s", quoteKey(kind.text), misspelled(kind.text, triggerTypes))
	default:
		c.doubt("R06", kind.line, kind.column, where, "%s is not a known trigger type; known types: %s", quoteKey(kind.text), strings.Join(triggerTypes, ", "))
	}
}

// template reports whether the document is a template of a Foundry app. Its
// installer configures what is missing.
func (c *checker) template() bool {
	for _, key := range []string{"provision_on_install", "multi_instance", "customer_visible", "parameters"} {
		if c.d.root.get(key) != nil {
			return true
		}
	}
	return slices.ContainsFunc(c.d.Actions(), func(a ActionRef) bool { return fromFoundry(a.ID) })
}

// misspelled returns the known word that a word resembles, or "".
func misspelled(word string, known []string) string {
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r == '_' || r == '-' || r == ' ' {
				return -1
			}
			return r
		}, strings.ToLower(s))
	}
	for _, k := range known {
		if letters(k) == letters(word) {
			return k
		}
	}
	for _, near := range Nearest(word, known, 1) {
		return near
	}
	return ""
}

func (c *checker) triggerEvent(m *member, where at) {
	where = where.below("event")
	event := m.value.get("event")
	if event.str() == "" {
		c.missingEvent(m, where)
		return
	}
	if e := event.str(); e == "Incident" || strings.HasPrefix(e, "Incident/") {
		c.report("P02", event.line, event.column, where, "CrowdStrike stopped creating CrowdScore incidents on 2026-01-01, so the event %s "+
			"no longer occurs; use a case event such as Case/Created", e)
	}
	if m.value.get("type").str() == triggerScheduled && event.text != eventSchedule {
		c.report("R08", event.line, event.column, where, "a Scheduled trigger must have the event Schedule, not %s", quoteKey(event.text))
	}
}

func (c *checker) missingEvent(trigger *member, where at) {
	kind := trigger.value.get("type").str()
	example := eventOf[kind]
	if example == "" {
		return
	}
	line, column := trigger.line, trigger.column
	if m := trigger.value.member("event"); m != nil {
		if m.value.kind != kindNull && m.value.kind != kindString {
			return // A value of the wrong kind has its own problem.
		}
		line, column = m.line, m.column
	}
	id := "R07"
	if kind == triggerScheduled {
		id = "R08"
	}
	c.add(id, Problem{
		Line: line, Column: column, Kind: where.kind, Path: where.path, Code: codeUnknownEvent,
		Message: "a " + kind + " trigger needs an event, such as event: " + example,
	})
}

func (c *checker) signal(trigger *value, where at) {
	if m := trigger.member("parameters"); m != nil && !m.value.absent() {
		c.report("R14", m.line, m.column, where.below("parameters"), "a Signal trigger can't have parameters: its data comes from the event")
	}
	if m := trigger.member("id"); m != nil && !m.value.absent() {
		c.report("R10", m.line, m.column, where.below("id"), "a Signal trigger can't have an id: its event identifies it")
	}
}

func (c *checker) inbound(m *member, where at) {
	if event := m.value.member("event"); event != nil && !event.value.absent() {
		c.report("R17", event.line, event.column, where.below("event"), "an inbound webhook can't have an event")
	}
	if pin := m.value.get("version_constraint"); pin.str() != inboundPin {
		line, column := m.line, m.column
		if pin != nil {
			line, column = pin.line, pin.column
		}
		c.report("R17", line, column, where.below("version_constraint"), "the version_constraint of an inbound webhook must be %s, without a tilde", inboundPin)
	}
	config := m.value.member("webhook_config")
	if config == nil {
		c.report("R17", m.line, m.column, where.below("webhook_config"), "an inbound webhook needs webhook_config with auth_config.auth_type: %s", strings.Join(inboundAuthTypes, ", "))
		return
	}
	if kind := config.value.get("auth_config").get("auth_type"); !slices.Contains(inboundAuthTypes, kind.str()) {
		line, column := config.line, config.column
		if kind != nil {
			line, column = kind.line, kind.column
		}
		c.report("R17", line, column, where.below("webhook_config"), "auth_config.auth_type must be one of %s", strings.Join(inboundAuthTypes, ", "))
	}
}

var scheduleDate = regexp.MustCompile(`^(\d\d-\d\d-\d\d\d\d)?$`)

func (c *checker) schedule(m *member, where at) {
	if m == nil || m.value.kind != kindMap {
		return
	}
	for _, k := range m.value.members {
		if right, ok := scheduleKeys[k.key]; ok && m.value.get(right).absent() {
			c.report("R11", k.line, k.column, where.below(k.key), "Falcon ignores %s: use %s", k.key, right)
		}
		switch k.key {
		case "start_date", "end_date":
			if k.value.kind == kindString && !scheduleDate.MatchString(k.value.text) {
				c.report("R13", k.value.line, k.value.column, where.below(k.key), "%s must be mm-dd-yyyy or empty, not %s", k.key, quoteKey(k.value.text))
			}
		case "skip_concurrent":
			if k.value.kind != kindBool && k.value.kind != kindNull {
				c.report("R13", k.value.line, k.value.column, where.below(k.key), "skip_concurrent must be true or false, not %s", k.value.kind)
			}
		}
	}
	cycle := m.value.get("time_cycle")
	switch {
	case m.value.get("cron") != nil && cycle.absent():
	case cycle.absent() || cycle.kind == kindString && strings.TrimSpace(cycle.text) == "":
		c.report("R12", m.line, m.column, where.below("time_cycle"), "the schedule has no time_cycle: add a cron expression, or remove schedule")
	case cycle.kind == kindString && len(strings.Fields(cycle.text)) != cronFields:
		c.doubt("R12", cycle.line, cycle.column, where.below("time_cycle"), "time_cycle must have five fields, such as 0 5 * * *; this one has %d", len(strings.Fields(cycle.text)))
	}
}

// parameters checks the types of the trigger's parameters.
func (c *checker) parameters(v *value, where at) {
	properties := v.get("properties")
	if properties == nil {
		return
	}
	for _, m := range properties.members {
		kind := m.value.get("type")
		below := where.below(m.key)
		switch {
		case kind == nil || kind.kind != kindString:
		case !slices.Contains(parameterTypes, kind.text):
			c.report("R15", kind.line, kind.column, below, "a parameter can't have the type %s; use one of %s", quoteKey(kind.text), strings.Join(parameterTypes, ", "))
		case kind.text == "array" && m.value.get("items").absent():
			c.report("R15", m.line, m.column, below, "a parameter of type array needs items")
		}
		if kind.str() == "object" {
			c.parameters(m.value, below)
		}
	}
}
