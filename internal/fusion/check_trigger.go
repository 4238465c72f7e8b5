package fusion

import (
	"regexp"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/suggest"
)

// codeUnknownEvent is Falcon's code for an unknown or missing trigger event
// (wire/workflows.md#import).
const codeUnknownEvent = "2003"

// trigger checks the trigger of the workflow; triggers of loops only have next.
func (c *checker) trigger() {
	m := c.d.root.member("trigger")
	if m == nil || m.value.kind == kindNull {
		c.report("R01", place{path: kindTrigger, position: c.d.root.position}, "the workflow has no trigger, so nothing starts it")
		return
	}
	if m.value.kind != kindMap {
		return
	}
	where := place{kind: kindTrigger, path: kindTrigger, position: m.position}
	c.triggerType(m, where)
	c.triggerEvent(m, where)
	if next := m.value.get("next"); next.absent() || next.kind == kindString && next.text == "" {
		c.report("R16", where.below("next").at(m.position), "the trigger has no next: name at least one action, condition or loop that follows it")
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

func (c *checker) triggerType(m *member, where place) {
	where = where.below("type")
	kind := m.value.get("type")
	switch {
	case kind.absent() || kind.kind == kindString && kind.text == "":
		const message = "the trigger has no type: set one of On demand, Signal, Scheduled, SubModel, Inbound webhook"
		// Foundry templates leave the type out.
		if c.d.root.get("trigger").get("event").str() == eventSchedule || c.template() {
			c.doubt("R06", where.at(m.position), message)
			return
		}
		c.report("R06", where.at(m.position), message)
	case kind.kind != kindString || slices.Contains(triggerTypes, kind.text):
	case misspelled(kind.text, triggerTypes) != "":
		c.report("R06", where.at(kind.position), "%s is not a trigger type: write type: %s", quoteKey(kind.text), misspelled(kind.text, triggerTypes))
	default:
		c.doubt("R06", where.at(kind.position), "%s is not a known trigger type; known types: %s", quoteKey(kind.text), strings.Join(triggerTypes, ", "))
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
	for _, near := range suggest.Nearest(word, known, 1) {
		return near
	}
	return ""
}

func (c *checker) triggerEvent(m *member, where place) {
	where = where.below("event")
	event := m.value.get("event")
	if event.str() == "" {
		c.missingEvent(m, where)
		return
	}
	if e := event.str(); e == "Incident" || strings.HasPrefix(e, "Incident/") {
		c.report("P02", where.at(event.position), "CrowdStrike stopped creating CrowdScore incidents on 2026-01-01, so the event %s "+
			"no longer occurs; use a case event such as Case/Created", e)
	}
	if m.value.get("type").str() == triggerScheduled && event.text != eventSchedule {
		c.report("R08", where.at(event.position), "a Scheduled trigger must have the event Schedule, not %s", quoteKey(event.text))
	}
}

func (c *checker) missingEvent(trigger *member, where place) {
	kind := trigger.value.get("type").str()
	example := eventOf[kind]
	if example == "" {
		return
	}
	if m := trigger.value.member("event"); m != nil {
		if m.value.kind != kindNull && m.value.kind != kindString {
			return // A value of the wrong kind has its own problem.
		}
		where.position = m.position
	}
	id := "R07"
	if kind == triggerScheduled {
		id = "R08"
	}
	p := where.problem("a " + kind + " trigger needs an event, such as event: " + example)
	p.Code = codeUnknownEvent
	c.add(id, p)
}

func (c *checker) signal(trigger *value, where place) {
	if m := trigger.member("parameters"); m != nil && !m.value.absent() {
		c.report("R14", where.below("parameters").at(m.position), "a Signal trigger can't have parameters: its data comes from the event")
	}
	if m := trigger.member("id"); m != nil && !m.value.absent() {
		c.report("R10", where.below("id").at(m.position), "a Signal trigger can't have an id: its event identifies it")
	}
}

func (c *checker) inbound(m *member, where place) {
	if event := m.value.member("event"); event != nil && !event.value.absent() {
		c.report("R17", where.below("event").at(event.position), "an inbound webhook can't have an event")
	}
	if pin := m.value.get("version_constraint"); pin.str() != inboundPin {
		where := where.below("version_constraint")
		if pin != nil {
			where.position = pin.position
		}
		c.report("R17", where, "the version_constraint of an inbound webhook must be %s, without a tilde", inboundPin)
	}
	config := m.value.member("webhook_config")
	if config == nil {
		c.report("R17", where.below("webhook_config").at(m.position), "an inbound webhook needs webhook_config with auth_config.auth_type: %s", strings.Join(inboundAuthTypes, ", "))
		return
	}
	if kind := config.value.get("auth_config").get("auth_type"); !slices.Contains(inboundAuthTypes, kind.str()) {
		where := where.below("webhook_config").at(config.position)
		if kind != nil {
			where.position = kind.position
		}
		c.report("R17", where, "auth_config.auth_type must be one of %s", strings.Join(inboundAuthTypes, ", "))
	}
}

var scheduleDate = regexp.MustCompile(`^(\d\d-\d\d-\d\d\d\d)?$`)

func (c *checker) schedule(m *member, where place) {
	if m == nil || m.value.kind != kindMap {
		return
	}
	for _, k := range m.value.members {
		if right, ok := scheduleKeys[k.key]; ok && m.value.get(right).absent() {
			c.report("R11", where.below(k.key).at(k.position), "Falcon ignores %s: use %s", k.key, right)
		}
		switch k.key {
		case "start_date", "end_date":
			if k.value.kind == kindString && !scheduleDate.MatchString(k.value.text) {
				c.report("R13", where.below(k.key).at(k.value.position), "%s must be mm-dd-yyyy or empty, not %s", k.key, quoteKey(k.value.text))
			}
		case "skip_concurrent":
			if k.value.kind != kindBool && k.value.kind != kindNull {
				c.report("R13", where.below(k.key).at(k.value.position), "skip_concurrent must be true or false, not %s", k.value.kind)
			}
		}
	}
	cycle := m.value.get("time_cycle")
	switch {
	case m.value.get("cron") != nil && cycle.absent():
	case cycle.absent() || cycle.kind == kindString && strings.TrimSpace(cycle.text) == "":
		c.report("R12", where.below("time_cycle").at(m.position), "the schedule has no time_cycle: add a cron expression, or remove schedule")
	case cycle.kind == kindString && len(strings.Fields(cycle.text)) != cronFields:
		c.doubt("R12", where.below("time_cycle").at(cycle.position), "time_cycle must have five fields, such as 0 5 * * *; this one has %d", len(strings.Fields(cycle.text)))
	}
}

// parameters checks the types of the trigger's parameters.
func (c *checker) parameters(v *value, where place) {
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
			c.report("R15", below.at(kind.position), "a parameter can't have the type %s; use one of %s", quoteKey(kind.text), strings.Join(parameterTypes, ", "))
		case kind.text == "array" && m.value.get("items").absent():
			c.report("R15", below.at(m.position), "a parameter of type array needs items")
		}
		if kind.str() == "object" {
			c.parameters(m.value, below)
		}
	}
}
