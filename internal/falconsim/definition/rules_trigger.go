package definition

import "strings"

var triggerRules = []releaseRule{
	{"R07", (*releaseCheck).unknownEvent},
	{"R11", (*releaseCheck).scheduleWithoutTime},
	{"R14", (*releaseCheck).signalWithParameters},
	{"R16", (*releaseCheck).nothingAfterTrigger},
}

// unknownEvent is R07, R08, and R09: the trigger types Signal and Scheduled need an event of the catalog.
func (c *releaseCheck) unknownEvent() {
	at := c.levels[0].trigger
	event := Text(at, "event")
	_, known := c.tenant.Trigger(event)
	switch kind := at["type"]; {
	case kind == TypeScheduled:
		known = known && event == scheduleEvent
	case kind != typeSignal && event == "":
		known = true
	}
	if !known {
		c.report(CodeUnknownEvent, "trigger", "", "unknown trigger event named "+event)
	}
}

// scheduleEvent is the event of scheduled workflows.
const scheduleEvent = "Schedule"

// scheduleWithoutTime is R11 and R12. A workflow without any schedule is a template that its caller schedules.
func (c *releaseCheck) scheduleWithoutTime() {
	schedule, ok := c.levels[0].trigger["schedule"].(Document)
	if !ok {
		return
	}
	cycle := Text(schedule, "time_cycle")
	switch fields := len(strings.Fields(cycle)); fields {
	case 0:
		c.report(codeUnrecorded, "trigger", "", "missing timer_event_definition or schedule parameters for trigger")
	case 5:
	default:
		c.reportUnrecorded("trigger", "", "time_cycle %q does not have five fields", cycle)
	}
}

func (c *releaseCheck) signalWithParameters() {
	at := c.levels[0].trigger
	if at["type"] == typeSignal && at["parameters"] != nil {
		c.report(codeUnrecorded, "trigger", "", "Signal triggers do not support parameters")
	}
}

// nothingAfterTrigger is R16 and R04: keys at the wrong place are dropped, which leaves an empty workflow.
func (c *releaseCheck) nothingAfterTrigger() {
	top := c.levels[0]
	if len(top.sortedNodes("actions"))+len(top.sortedNodes("loops")) == 0 {
		c.report(CodeNoAction, "", "", "workflow has no action")
	}
	for _, key := range Strings(top.trigger["next"]) {
		if _, exists := top.nodes[key]; exists {
			return
		}
	}
	c.report(CodeEndsWithTrigger, "trigger", "", "At least one action or valid loop should be defined after the trigger")
}
