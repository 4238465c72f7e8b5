package tenantcheck

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/integrations"
)

const (
	activitiesPath = "/workflows/combined/activities/v1"
	triggersPath   = "/workflows/combined/triggers/v1"
)

const (
	probeCallWebhook = "catalog.call_webhook"
	probeTriggers    = "catalog.triggers"
)

const (
	callWebhookName = "Call webhook"
	catalogPage     = 500
	maxTriggerPages = 10
)

// checkCatalog reads the action Call webhook and all triggers.
func checkCatalog(ctx context.Context, s *session) {
	s.get(ctx, probeCallWebhook, scopeWorkflowRead, activitiesPath, "limit", strconv.Itoa(catalogPage), "filter", "name:~'call webhook'")
	read := 0
	for range maxTriggerPages {
		r := s.get(ctx, probeTriggers, scopeWorkflowRead, triggersPath, "limit", strconv.Itoa(catalogPage), "offset", strconv.Itoa(read))
		read += len(r.resources())
		if total, counted := r.total(); !r.ok() || len(r.resources()) == 0 || counted && read >= total {
			return
		}
	}
}

var catalogQuestions = []question{
	{"Q22", read, settleWebhookKeys},
	{"Q23", read, settleWebhookVersion},
	{"Q24", read, settleScoreEvents},
	{"Q25", read, settleIncidentEvents},
	{"Q26", read, settleScoreFields},
}

// callWebhook is the action of the app CrowdStrike Webhook; known says whether the catalog was read.
func (o *observations) callWebhook() (activity map[string]any, known bool) {
	r, _ := o.last(probeCallWebhook)
	for _, a := range r.objects() {
		if text(a, "name") == callWebhookName {
			return a, true
		}
	}
	return nil, o.access(probeCallWebhook) == granted
}

// webhookApp is app_id of that action; "" if it is not known.
func (o *observations) webhookApp() string {
	activity, _ := o.callWebhook()
	return text(activity, "app_id")
}

// propertiesOf are the properties of an action's input schema, by key.
func propertiesOf(activity map[string]any) map[string]any {
	found, _ := at(activity, "input_schema", "properties")
	properties, _ := found.(map[string]any)
	return properties
}

func (o *observations) needsCallWebhook() string {
	return cmp.Or(o.needsUnlessGranted(probeCallWebhook, scopeWorkflowRead, "read the catalog"),
		"needs the app CrowdStrike Webhook: the catalog does not have the action Call webhook")
}

func settleWebhookKeys(o *observations) finding {
	activity, _ := o.callWebhook()
	properties := propertiesOf(activity)
	if len(properties) == 0 {
		return open(o.needsCallWebhook() + " with an input schema")
	}
	keys := strings.Join(slices.Sorted(maps.Keys(properties)), ", ")
	evidence := "the properties of Call webhook are " + keys
	switch keys {
	case "_fields, config_id, data_format":
		return settled("a", evidence)
	case "data_to_include, format, webhook_config_id":
		return settled("b", evidence)
	case "_fields, config_id":
		return settled("c", evidence)
	}
	return open("none of the readings: " + evidence)
}

func settleWebhookVersion(o *observations) finding {
	activity, _ := o.callWebhook()
	if activity == nil {
		return open(o.needsCallWebhook())
	}
	switch version := text(activity, "semantic_version"); version {
	case "1.0.3":
		return settled("a", "semantic_version of Call webhook is 1.0.3")
	case "":
		return settled("b", "Call webhook has no semantic_version")
	case "2.1.0":
		return settled("c", "semantic_version of Call webhook is 2.1.0")
	default:
		return open("none of the readings: semantic_version of Call webhook is " + version)
	}
}

// triggers are the entries of the catalog; complete says whether all of them were read.
func (o *observations) triggers() (list []map[string]any, complete bool) {
	for _, r := range o.each(probeTriggers) {
		if !r.ok() || len(r.resources()) == 0 && len(r.errorItems()) > 0 {
			continue
		}
		list = append(list, r.objects()...)
		total, counted := r.total()
		complete = len(r.resources()) == 0 || counted && len(list) >= total
	}
	return list, complete
}

func (o *observations) trigger(category string) map[string]any {
	list, _ := o.triggers()
	for _, t := range list {
		if text(t, "category") == category {
			return t
		}
	}
	return nil
}

func (o *observations) needsTriggers() string {
	return cmp.Or(o.needsUnlessGranted(probeTriggers, scopeWorkflowRead, "list the triggers"), "needs the whole list of triggers")
}

const (
	scoreEvent        = "ZeroTrust/HostScoreChange"
	overallScoreEvent = scoreEvent + "/HostOverallScoreChange"
	scorePrefix       = "Trigger.Category.ZeroTrust.EventType.HostScoreChange."
)

func settleScoreEvents(o *observations) finding {
	list, complete := o.triggers()
	var found []string
	for _, t := range list {
		if category := text(t, "category"); strings.HasPrefix(category, scoreEvent) {
			found = append(found, category)
		}
	}
	slices.Sort(found)
	switch {
	case !complete:
		return open(o.needsTriggers())
	case slices.Contains(found, overallScoreEvent) && slices.Contains(found, scoreEvent):
		return settled("a", "the triggers have "+strings.Join(found, ", "))
	case len(found) == 1 && found[0] == scoreEvent:
		return settled("b", "the triggers have "+scoreEvent+" and nothing below it")
	case len(found) == 0:
		return open("needs Zero Trust Assessment: the triggers have no " + scoreEvent)
	}
	return open("none of the readings: the triggers have " + strings.Join(found, ", "))
}

func settleIncidentEvents(o *observations) finding {
	list, complete := o.triggers()
	has := func(category string) bool { return o.trigger(category) != nil }
	anyCase := slices.ContainsFunc(list, func(t map[string]any) bool { return strings.HasPrefix(text(t, "category"), "Case") })
	switch {
	case !complete:
		return open(o.needsTriggers())
	case has("Case/Created") && has("Case/Updated"):
		return settled("a", "the triggers have Case/Created and Case/Updated")
	case !anyCase && has(integrations.LegacyIncident):
		return settled("b", "the triggers have Incident and no Case")
	}
	return open("none of the readings: the triggers have neither both case events, nor Incident without any of Case")
}

func settleScoreFields(o *observations) finding {
	t := o.trigger(overallScoreEvent)
	if t == nil {
		t = o.trigger(scoreEvent)
	}
	if t == nil {
		return open(cmp.Or(o.needsUnlessGranted(probeTriggers, scopeWorkflowRead, "list the triggers"),
			"needs Zero Trust Assessment: the triggers have no "+scoreEvent))
	}
	overall, others := false, 0
	for _, f := range leavesOf(t) {
		switch last, own := strings.CutPrefix(f.Path, scorePrefix); {
		case own && last == "OverallScore":
			overall = true
		case own:
			others++
		}
	}
	switch {
	case overall && others > 0:
		return settled("a", fmt.Sprintf("the trigger lists the overall score and %d fields of the same form", others))
	case overall:
		return settled("b", "the trigger lists the overall score and no other field of the same form")
	}
	return open("none of the readings: the trigger does not list the overall score under its published path")
}

// leavesOf are the fields of a trigger that have a value.
func leavesOf(trigger map[string]any) []TriggerField {
	var out []TriggerField
	var visit func(value any, above string)
	visit = func(value any, above string) {
		list, _ := value.([]any)
		for _, item := range list {
			path, fields := text(item, "name"), any(nil)
			if above != "" && !strings.HasPrefix(path, "Trigger.") {
				path = above + "." + path
			}
			if fields, _ = at(item, "fields"); fields != nil {
				if nested, isList := fields.([]any); isList && len(nested) > 0 {
					visit(fields, path)
					continue
				}
			}
			out = append(out, TriggerField{Path: path, Type: text(item, "type")})
		}
	}
	fields, _ := at(trigger, "fields")
	visit(fields, "")
	return out
}

// activityFact is the action Call webhook as a fact; nil if it is not known.
func (o *observations) activityFact() *Activity {
	found, _ := o.callWebhook()
	if found == nil {
		return nil
	}
	version := text(found, "semantic_version")
	a := &Activity{
		ID: text(found, "id"), Name: text(found, "name"), Class: text(found, "class"), AppID: text(found, "app_id"),
		Version: version, Pin: fusion.VersionConstraint(version), Properties: []Property{},
	}
	needed, _ := at(found, "input_schema", "required")
	required, _ := needed.([]any)
	properties := propertiesOf(found)
	for _, key := range slices.Sorted(maps.Keys(properties)) {
		p := Property{
			Key: key, Title: text(properties[key], "title"), Type: text(properties[key], "type"),
			Required: slices.Contains(required, any(key)),
		}
		values, _ := at(properties[key], "enum")
		list, _ := values.([]any)
		for _, v := range list {
			if s, ok := v.(string); ok {
				p.Enum = append(p.Enum, s)
			}
		}
		a.Properties = append(a.Properties, p)
	}
	return a
}

// presetTriggers are the triggers for which the presets look, nil if the catalog was not read. chosen has the category by the name of
// the preset's trigger.
func (o *observations) presetTriggers() (facts []Trigger, chosen map[string]string) {
	list, complete := o.triggers()
	if !complete {
		return nil, nil
	}
	entries := make([]integrations.Entry, len(list))
	for i, t := range list {
		entries[i] = integrations.Entry{Category: text(t, "category"), Name: text(t, "name")}
	}
	facts, chosen = []Trigger{}, map[string]string{}
	for _, name := range integrations.Triggers() {
		i := integrations.Choose(name, entries)
		if i < 0 {
			continue
		}
		chosen[name] = entries[i].Category
		facts = append(facts, Trigger{Category: entries[i].Category, Name: entries[i].Name, Fields: leavesOf(list[i])})
	}
	return facts, chosen
}
