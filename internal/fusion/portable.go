package fusion

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// LookupRef is a look-up and its place in the document.
type LookupRef struct {
	Lookup
	textPlace
}

// Path is the path of the look-up in the document.
func (l LookupRef) Path() string { return l.path }

// Line is the line of the look-up in the document.
func (l LookupRef) Line() int { return l.line }

// Column is the column of the look-up in the document.
func (l LookupRef) Column() int { return l.column }

// placeholderText matches the placeholders of the function workflow_document, which may be filled in later.
var placeholderText = regexp.MustCompile(`@@[ \t]*[A-Za-z0-9_.-]+[ \t]*@@`)

// nestedLookup matches a look-up inside of a longer text, which is probably a mistake.
var nestedLookup = regexp.MustCompile(`falcon::(action|trigger|config|credential)\(`)

// Lookups returns the look-ups of the document. Errors are values that begin like one and are not valid; warnings are
// texts that contain one.
func (d *Document) Lookups() ([]LookupRef, Problems) {
	var out []LookupRef
	var found problemList
	for _, t := range d.texts() {
		switch {
		case IsLookup(t.text):
			l, err := ParseLookup(t.text)
			if err != nil {
				found.add(t.problem(err.Error()))
				continue
			}
			out = append(out, LookupRef{l, t})
		case nestedLookup.MatchString(t.text):
			p := t.problem("this text contains a reference, which is not replaced: a reference is always the whole value")
			p.Warning = true
			found.add(p)
		}
	}
	return out, found.sorted()
}

// Needs are the parts of a tenant that a document depends on.
type Needs struct {
	// ActionIDs and ActionNames are the actions of the document and of its look-ups.
	ActionIDs, ActionNames []string
	// Triggers and Configs say that the tenant's triggers and configurations are needed.
	Triggers, Configs bool
}

// Needs returns which parts of a tenant the document depends on.
func (d *Document) Needs() Needs {
	var n Needs
	add := func(to *[]string, s string) {
		if !slices.Contains(*to, s) {
			*to = append(*to, s)
		}
	}
	for _, a := range d.Actions() {
		if isLiteral(a.ID) && !IsLookup(a.ID) {
			add(&n.ActionIDs, a.ID)
		}
	}
	lookups, _ := d.Lookups()
	for _, l := range lookups {
		switch l.Kind {
		case LookupAction:
			add(&n.ActionNames, l.Name)
		case LookupTrigger:
			n.Triggers = true
		case LookupConfig, LookupCredential:
			n.Configs = true
		}
	}
	for _, t := range d.texts() {
		n.Configs = n.Configs || t.action != nil && isConfigKey(t.key) && isLiteral(t.text)
	}
	for _, e := range d.Events() {
		n.Triggers = n.Triggers || e.Type == triggerSignal && isLiteral(e.Event)
	}
	return n
}

// isConfigKey reports whether a property has the id of a configuration or a credential, or of its definition
// (wire/catalog.md#http-actions, wire/documents.md#nodes).
func isConfigKey(key string) bool {
	return strings.HasSuffix(key, "config_id") || key == attributeDefinition
}

// isLiteral reports whether a text is a value as it is, without expressions and placeholders.
func isLiteral(text string) bool {
	return strings.TrimSpace(text) != "" && !strings.Contains(text, "${") && !placeholderText.MatchString(text)
}

// entries returns the catalog's entries of an action, whose id may be a look-up.
func (d *Document) entries(t *Tenant, action *scopeNode) []TenantAction {
	if action == nil {
		return nil
	}
	id := action.value.get("id").str()
	if IsLookup(id) {
		l, err := ParseLookup(id)
		if err != nil {
			return nil
		}
		found, err := t.findAction(l)
		if err != nil {
			return nil
		}
		return found
	}
	return t.actionsWithID(id)
}

// Resolved is a look-up and its value in the tenant.
type Resolved struct {
	LookupRef
	Value string
}

// Missing is something that a document needs and a tenant lacks. Where it is a warning, Falcon may accept the document
// nevertheless.
type Missing struct {
	// Kind is action, trigger, config, credential, version or permission.
	Kind string
	// Name is what is missing: a name, an id, an event or a version constraint.
	Name string
	Problem
}

// KindVersion and KindPermission are the kinds of [Missing] that are not those of a [Lookup].
const (
	kindVersion    = "version"
	kindPermission = "permission"
)

// Resolve looks up all references in what a tenant has.
func (d *Document) Resolve(t Tenant) ([]Resolved, []Missing) {
	var out []Resolved
	var missing []Missing
	lookups, _ := d.Lookups()
	for _, l := range lookups {
		value, err := t.find(l.Lookup, d.entries(&t, l.action))
		if err == nil && value == "" && l.Kind != LookupText {
			err = fmt.Errorf("Falcon shows no %s for %s", l.Attribute, quoteKey(l.Name))
		}
		if err != nil {
			missing = append(missing, Missing{string(l.Kind), l.Name, l.problem(err.Error())})
			continue
		}
		out = append(out, Resolved{l, value})
	}
	return out, missing
}

// Portable returns the document with references in place of the ids that belong to the tenant, and what had to be replaced
// and what could not be. text is the text of the document. A value is replaced only if its reference leads back to it in the
// same tenant.
func (d *Document) Portable(text string, t Tenant) (string, []TenantBound) {
	values := map[string]string{}
	var bound []TenantBound
	for _, at := range d.texts() {
		if IsLookup(at.text) {
			values[at.path] = Lookup{Kind: LookupText, Name: at.text}.String()
			continue
		}
		b, ok := d.bound(&t, at)
		if !ok {
			bound = append(bound, d.unmovable(at)...)
			continue
		}
		if b.Reference != "" {
			values[at.path] = b.Reference
		}
		bound = append(bound, b)
	}
	bound = append(bound, d.boundNodes()...)
	slices.SortStableFunc(bound, func(a, b TenantBound) int { return a.Line - b.Line })
	text, _ = d.Replace(text, values)
	return text, bound
}

// bound returns the reference for a value that belongs to the tenant, or the reason why there is none. ok is false for any
// other value.
func (d *Document) bound(t *Tenant, at textPlace) (b TenantBound, ok bool) {
	b = newBound(at, "")
	var candidates []Lookup
	var err error
	switch {
	case !isLiteral(at.text):
		return b, false
	case at.action != nil && at.path == pathKey(at.action.path, "id"):
		b.Kind = string(LookupAction)
		candidates, err = actionLookups(t, at.text)
	case at.path == "trigger.event" && idInText.MatchString(at.text):
		b.Kind = string(LookupTrigger)
		for _, trigger := range t.Triggers {
			if trigger.Event == at.text {
				candidates = append(candidates, Lookup{Kind: LookupTrigger, Name: trigger.Name, Attribute: attributeEvent})
			}
		}
		if len(candidates) == 0 {
			err = fmt.Errorf("the catalog has no such trigger")
		}
	case at.action != nil && strings.HasPrefix(at.path, pathKey(at.action.path, "properties")):
		var isConfig bool
		if candidates, isConfig, err = d.configLookups(t, at, &b); !isConfig {
			return b, false
		}
	default:
		return b, false
	}
	for _, l := range candidates {
		var value string
		if value, err = t.find(l, d.entries(t, at.action)); err == nil && strings.EqualFold(value, at.text) {
			b.Reference = l.String()
			return b, true
		}
	}
	b.Reason = "It has no reference."
	if err != nil {
		b.Reason = sentence(err.Error())
	}
	return b, true
}

func sentence(text string) string { return strings.ToUpper(text[:1]) + text[1:] + "." }

// actionLookups returns the references that may lead to an action, the shortest first.
func actionLookups(t *Tenant, id string) ([]Lookup, error) {
	if fromFoundry(id) {
		return nil, fmt.Errorf("this id resolves only inside of its Foundry app")
	}
	entries := t.actionsWithID(id)
	if len(entries) == 0 {
		return nil, fmt.Errorf("the catalog has no action with this id")
	}
	l := Lookup{Kind: LookupAction, Name: entries[0].Name, Vendor: entries[0].Vendor, Attribute: attributeID}
	withClass := l
	withClass.Class = entries[0].Class
	return []Lookup{l, withClass}, nil
}

// configLookups returns the references that may lead to the configuration or credential that a property names. isConfig is
// false if the property does not name one.
func (d *Document) configLookups(t *Tenant, at textPlace, b *TenantBound) (out []Lookup, isConfig bool, err error) {
	entries := d.entries(t, at.action)
	kind := LookupConfig
	if at.action.value.get("class").str() == classHTTP || slices.ContainsFunc(entries, func(a TenantAction) bool { return a.Class == classHTTP }) {
		kind = LookupCredential
	}
	attribute := attributeID
	if at.key == attributeDefinition {
		attribute = attributeDefinition
	}
	b.Kind = string(kind)
	known := false
	for _, c := range t.Configs {
		if !strings.EqualFold(map[string]string{attributeID: c.ID, attributeDefinition: c.DefinitionID}[attribute], at.text) {
			continue
		}
		known = true
		if c.Name == nil {
			err = fmt.Errorf("Falcon does not show the name of this %s", kind.noun())
			continue
		}
		l := Lookup{Kind: kind, Name: *c.Name, Attribute: attribute}
		if kind == LookupConfig && len(entries) > 0 {
			l.App = entries[0].app()
		}
		out = append(out, l)
	}
	switch {
	case known:
		return out, true, err
	case !isConfigKey(at.key):
		return nil, false, nil
	case t.ConfigsUnread != "":
		return nil, true, fmt.Errorf("its name could not be looked up: %s", t.ConfigsUnread)
	}
	return nil, true, fmt.Errorf("Falcon does not list a %s with this id", kind.noun())
}
