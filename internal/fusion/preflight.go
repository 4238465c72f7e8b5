package fusion

import (
	"fmt"
	"slices"
	"strings"
)

// Lacks returns what the document needs apart from its references and the tenant does not have: actions and triggers, their
// versions, configurations, and permissions.
func (d *Document) Lacks(t Tenant) []Missing {
	out := d.lacksTrigger(&t)
	texts := d.texts()
	for _, s := range d.scopes() {
		for i := range s.nodes {
			if n := &s.nodes[i]; n.kind == kindAction {
				out = append(out, d.lacksAction(&t, n, texts)...)
			}
		}
	}
	return out
}

func missing(kind, name string, at place, warning bool, format string, args ...any) Missing {
	p := at.problem(fmt.Sprintf(format, args...))
	p.Warning = warning
	return Missing{kind, name, p}
}

func (d *Document) lacksTrigger(t *Tenant) []Missing {
	var out []Missing
	for _, e := range d.Events() {
		if e.Type != triggerSignal || !isLiteral(e.Event) {
			continue
		}
		event := e.Event
		if IsLookup(event) {
			l, err := ParseLookup(event)
			if err != nil {
				continue
			}
			if event, err = t.find(l, nil); err != nil {
				continue // Resolve reports it
			}
		}
		at := place{kind: kindTrigger, path: "trigger.event", position: position{e.Line, e.Column}}
		var events, pins []string
		for _, trigger := range t.Triggers {
			events = append(events, trigger.Event)
			if trigger.Event == event {
				pins = append(pins, VersionConstraint(trigger.Version))
			}
		}
		switch {
		case len(pins) == 0:
			out = append(out, missing(string(LookupTrigger), event, at, false,
				"the tenant has no trigger for the event %s: its product may not be subscribed; %s", quoteKey(event), nearestOf(event, events)))
		case wantsOther(e.VersionConstraint, pins):
			// Falcon's reaction to a trigger's version is not published, so this is a warning.
			out = append(out, missing(kindVersion, e.VersionConstraint, at, true,
				"the tenant has the event %s at %s, not at %s, which may have other fields", quoteKey(event), listed(pins), e.VersionConstraint))
		}
	}
	return out
}

// wantsOther reports whether a version constraint is none of those that a tenant offers. ~0 matches any entry
// (wire/catalog.md#activities).
func wantsOther(pin string, offered []string) bool {
	return pin != unpinned && isLiteral(pin) && !IsLookup(pin) && !slices.Contains(offered, pin)
}

func (d *Document) lacksAction(t *Tenant, n *scopeNode, texts []textPlace) []Missing {
	id := n.value.get("id").str()
	if !isLiteral(id) {
		return nil
	}
	entries := d.entries(t, n)
	if len(entries) == 0 {
		if IsLookup(id) {
			return nil // Resolve reports it
		}
		message := fmt.Sprintf("the tenant has no action with the id %s: its app or product may not be installed, or the id belongs to another tenant", quoteKey(id))
		name := n.value.get("name").str()
		if standard := n.value.get("default_name").str(); standard != "" {
			name = standard
		}
		if near := t.actionsLike(name); name != "" && len(near) > 0 {
			message += "; actions with a similar name: " + listed(actionTexts(near))
		}
		return []Missing{missing(string(LookupAction), id, n.on("id"), false, "%s", message)}
	}
	var out []Missing
	name := entries[0].Name
	var pins []string
	for _, a := range entries {
		pins = append(pins, VersionConstraint(a.Version))
	}
	if pin := pinOf(n.value); wantsOther(pin, pins) {
		out = append(out, missing(kindVersion, pin, n.on("version_constraint"), false, "the tenant has the action %s at %s, not at %s. "+
			"Another major version may have other properties and outputs: compare them, then change the version constraint", quoteKey(name), listed(pins), pin))
	}
	if entries[0].NotPermitted {
		out = append(out, missing(kindPermission, name, n.on("id"), true,
			"Falcon says that the action %s may not be used here: the tenant may lack the subscription, or the API client the permission", quoteKey(name)))
	}
	return append(out, lacksConfig(t, n, entries, texts)...)
}

// lacksConfig returns what is missing of the configuration of an action's app.
func lacksConfig(t *Tenant, n *scopeNode, entries []TenantAction, texts []textPlace) []Missing {
	isHTTP := entries[0].Class == classHTTP
	named := false
	var out []Missing
	for _, at := range texts {
		if at.action == nil || at.action.path != n.path || !isConfigKey(at.key) || at.text == "" {
			continue
		}
		named = true
		switch {
		case !isLiteral(at.text) || IsLookup(at.text):
			continue
		case isHTTP:
			out = append(out, t.lacksCredential(at)...)
			continue
		case t.ConfigsUnread != "":
			out = append(out, missing(string(LookupConfig), at.text, at.place, true,
				"the configuration %s could not be checked: %s", quoteKey(at.text), strings.TrimSuffix(t.ConfigsUnread, ".")))
			continue
		}
		if at.key == attributeDefinition ||
			slices.ContainsFunc(t.Configs, func(c TenantConfig) bool { return c.ID == at.text }) {
			continue
		}
		out = append(out, missing(string(LookupConfig), at.text, at.place, false,
			"the tenant has no configuration with the id %s: it may belong to another tenant; %s", quoteKey(at.text), t.configNames(entries)))
	}
	if isHTTP || t.ConfigsUnread != "" {
		return out
	}
	if configs, known := t.configsOf(entries); !named && known && len(configs) == 0 {
		out = append(out, missing(string(LookupConfig), entries[0].app(), n.on("properties"), false,
			"the action %s needs a configuration of the app %s, and the tenant has none: install the app in the CrowdStrike Store, and create one", quoteKey(entries[0].Name), entries[0].app()))
	}
	return out
}

// lacksCredential returns a warning about an id of a credential that is not known to be the tenant's. It is never an error: whether
// Falcon lists credentials is not published (wire/open-questions.md#q110).
func (t *Tenant) lacksCredential(at textPlace) []Missing {
	var names []string
	for _, c := range t.credentials() {
		id := c.ID
		if at.key == attributeDefinition {
			id = c.DefinitionID
		}
		if strings.EqualFold(id, at.text) {
			return nil
		}
		if c.Name != nil {
			names = append(names, quoteKey(*c.Name))
		}
	}
	message := fmt.Sprintf("Falcon does not list a credential with the %s %s here: it may belong to another tenant, or Falcon may not list credentials. "+
		"Compare it with the export of a workflow of this tenant", at.key, quoteKey(at.text))
	switch {
	case t.ConfigsUnread != "":
		message = fmt.Sprintf("the credential with the %s %s could not be checked: %s", at.key, quoteKey(at.text), strings.TrimSuffix(t.ConfigsUnread, "."))
	case len(names) > 0:
		message += "; what may be credentials: " + listed(names)
	}
	return []Missing{missing(string(LookupCredential), at.text, at.place, true, "%s", message)}
}

func (t *Tenant) configNames(entries []TenantAction) string {
	configs, _ := t.configsOf(entries)
	var names []string
	for _, c := range configs {
		if c.Name != nil {
			names = append(names, quoteKey(*c.Name))
		}
	}
	if len(names) == 0 {
		return "the tenant has no configuration of the app"
	}
	return "it has " + listed(names)
}
