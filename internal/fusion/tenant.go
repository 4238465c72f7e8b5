package fusion

import (
	"fmt"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/suggest"
)

// Tenant is what a tenant has, as far as the caller has read it.
type Tenant struct {
	// Actions are entries of the catalog: at least those with the ids and names in [Document.Needs], and those with similar
	// names where a name is not in the catalog.
	Actions  []TenantAction
	Triggers []TenantTrigger
	Configs  []TenantConfig
	// ConfigsUnread says why Configs are not known; "" if they are.
	ConfigsUnread string
}

// TenantAction is an action of a tenant's catalog.
type TenantAction struct {
	ID, Name, Vendor, Class, Version string
	// AppID and AppName are the Store app that the action belongs to; "" if there is none or Falcon does not say.
	AppID, AppName string
	// NotPermitted says that the tenant or the API client may not use the action.
	NotPermitted bool
}

// app returns the name of the action's app for a reference.
func (a TenantAction) app() string {
	if a.AppName != "" {
		return a.AppName
	}
	return a.Vendor
}

func (a TenantAction) String() string {
	return fmt.Sprintf("%s of %s (%s)", quoteKey(a.Name), a.vendorName(), a.ID)
}

func (a TenantAction) vendorName() string {
	if a.Vendor == "" {
		return "an unknown vendor"
	}
	return a.Vendor
}

// TenantTrigger is a trigger of a tenant's catalog.
type TenantTrigger struct{ Name, Event, Version string }

// TenantConfig is a configuration of a Store app, or a credential of an HTTP action.
type TenantConfig struct {
	ID, DefinitionID, AppID string
	// Name is nil if Falcon does not show it.
	Name *string
}

func (c TenantConfig) named(name string) bool { return c.Name != nil && *c.Name == name }

// maxListed bounds how many names of a tenant an error lists.
const maxListed = 20

func listed(names []string) string {
	slices.Sort(names)
	names = slices.Compact(names)
	if more := len(names) - maxListed; more > 0 {
		return strings.Join(names[:maxListed], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(names, ", ")
}

// actionsWithID returns the catalog's entries of an id, usually one.
func (t *Tenant) actionsWithID(id string) []TenantAction {
	var out []TenantAction
	for _, a := range t.Actions {
		if id != "" && strings.EqualFold(a.ID, id) {
			out = append(out, a)
		}
	}
	return out
}

// find returns the value of a look-up, or an error that lists what the tenant has. action are the entries of the action in
// which the look-up is.
func (t *Tenant) find(l Lookup, action []TenantAction) (string, error) {
	switch l.Kind {
	case LookupAction:
		found, err := t.findAction(l)
		if err != nil {
			return "", err
		}
		if l.Attribute == attributePin {
			return newestPin(found), nil
		}
		return found[0].ID, nil
	case LookupTrigger:
		found, err := t.findTrigger(l)
		if err != nil {
			return "", err
		}
		if l.Attribute == attributePin {
			return VersionConstraint(found.Version), nil
		}
		return found.Event, nil
	case LookupConfig, LookupCredential:
		found, err := t.findConfig(l, action)
		if err != nil {
			return "", err
		}
		if l.Attribute == attributeDefinition {
			return found.DefinitionID, nil
		}
		return found.ID, nil
	default:
		return l.Name, nil
	}
}

// newestPin returns the highest version constraint of an action's entries.
func newestPin(entries []TenantAction) string {
	newest := unpinned
	for _, a := range entries {
		pin := VersionConstraint(a.Version)
		if len(pin) > len(newest) || len(pin) == len(newest) && pin > newest {
			newest = pin
		}
	}
	return newest
}

// findAction returns the entries of the one action that a look-up means.
func (t *Tenant) findAction(l Lookup) ([]TenantAction, error) {
	var named, found []TenantAction
	for _, a := range t.Actions {
		if a.Name != l.Name {
			continue
		}
		named = append(named, a)
		if (l.Vendor == "" || strings.EqualFold(a.Vendor, l.Vendor)) && (l.Class == "" || a.Class == l.Class) {
			found = append(found, a)
		}
	}
	different := func(a TenantAction) bool { return a.ID != found[0].ID }
	switch {
	case len(found) > 0 && !slices.ContainsFunc(found, different):
		return found, nil
	case len(found) > 0:
		return nil, fmt.Errorf("the tenant has several actions %s%s: %s; choose one with vendor='…' or class='…', or write its id",
			quoteKey(l.Name), of(l), listed(actionTexts(found)))
	case len(named) > 0:
		return nil, fmt.Errorf("the tenant has no action %s%s; it has %s", quoteKey(l.Name), of(l), listed(actionTexts(named)))
	}
	message := fmt.Sprintf("the tenant has no action %s: its app or product may not be installed, or its name is different there", quoteKey(l.Name))
	if near := t.actionsLike(l.Name); len(near) > 0 {
		message += "; actions with a similar name: " + listed(actionTexts(near))
	}
	return nil, fmt.Errorf("%s", message)
}

func of(l Lookup) string {
	out := ""
	if l.Vendor != "" {
		out += " of the vendor " + l.Vendor
	}
	if l.Class != "" {
		out += " of the class " + l.Class
	}
	return out
}

func actionTexts(actions []TenantAction) []string {
	out := make([]string, len(actions))
	for i, a := range actions {
		out[i] = a.String()
	}
	return out
}

// actionsLike returns the actions with a name, and those with the names nearest to it.
func (t *Tenant) actionsLike(name string) []TenantAction {
	names := make([]string, len(t.Actions))
	for i, a := range t.Actions {
		names[i] = a.Name
	}
	near := suggest.Nearest(name, names, 3)
	var out []TenantAction
	for _, a := range t.Actions {
		if a.Name == name || slices.Contains(near, a.Name) {
			out = append(out, a)
		}
	}
	return out
}

func (t *Tenant) findTrigger(l Lookup) (TenantTrigger, error) {
	var found []TenantTrigger
	names, events := make([]string, len(t.Triggers)), []string{}
	for i, trigger := range t.Triggers {
		names[i] = trigger.Name
		if trigger.Name == l.Name {
			found = append(found, trigger)
			events = append(events, trigger.Event)
		}
	}
	switch {
	case len(found) == 0:
		return TenantTrigger{}, fmt.Errorf("the tenant has no trigger %s: its product may not be subscribed; %s",
			quoteKey(l.Name), nearestOf(l.Name, names))
	case len(slices.Compact(slices.Sorted(slices.Values(events)))) > 1:
		return TenantTrigger{}, fmt.Errorf("the tenant has several triggers %s: %s; write the event", quoteKey(l.Name), listed(events))
	}
	return found[0], nil
}

// nearestOf lists the names of the tenant nearest to one that it does not have, or otherwise all.
func nearestOf(name string, names []string) string {
	if len(names) == 0 {
		return "it has none"
	}
	if near := suggest.Nearest(name, names, 3); len(near) > 0 {
		return "it has " + strings.Join(near, ", ")
	}
	return "it has " + listed(slices.Clone(names))
}

// findConfig returns the one configuration that a look-up means.
func (t *Tenant) findConfig(l Lookup, action []TenantAction) (TenantConfig, error) {
	if t.ConfigsUnread != "" {
		return TenantConfig{}, fmt.Errorf("the %s %s could not be looked up: %s", l.Kind.noun(), quoteKey(l.Name), t.ConfigsUnread)
	}
	candidates, err := t.candidates(l, action)
	if err != nil {
		return TenantConfig{}, err
	}
	var found []TenantConfig
	var names, ids []string
	unnamed := false
	for _, c := range candidates {
		switch {
		case c.Name == nil:
			unnamed = true
			continue
		case c.named(l.Name):
			found = append(found, c)
			ids = append(ids, c.ID)
		}
		names = append(names, quoteKey(*c.Name))
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return TenantConfig{}, fmt.Errorf("the tenant has %d %ss named %s: %s; rename one of them, or write the id",
			len(found), l.Kind.noun(), quoteKey(l.Name), listed(ids))
	case l.Kind == LookupCredential:
		message := fmt.Sprintf("Falcon lists no credential %s of an HTTP action in this tenant: create it in the console, or write its id if Falcon lists no credentials", quoteKey(l.Name))
		if len(names) > 0 {
			message += "; it lists " + listed(names)
		}
		return TenantConfig{}, fmt.Errorf("%s", message)
	case len(names) == 0 && unnamed:
		return TenantConfig{}, fmt.Errorf("Falcon does not show the names of its %ss: write the id instead of %s", l.Kind.noun(), quoteKey(l.Name))
	case len(names) == 0:
		return TenantConfig{}, fmt.Errorf("the tenant has no configuration %s, and none of this app: install the app in the CrowdStrike Store, and create the configuration", quoteKey(l.Name))
	}
	return TenantConfig{}, fmt.Errorf("the tenant has no %s %s; it has %s", l.Kind.noun(), quoteKey(l.Name), listed(names))
}

func (k LookupKind) noun() string {
	if k == LookupConfig {
		return "configuration"
	}
	return string(k)
}

// candidates returns the configurations that a look-up can mean: those of the app of the action in which it is, or those of
// no known app for a credential.
func (t *Tenant) candidates(l Lookup, action []TenantAction) ([]TenantConfig, error) {
	if l.Kind == LookupCredential {
		return t.credentials(), nil
	}
	if l.App != "" && len(action) > 0 && !slices.ContainsFunc(action, func(a TenantAction) bool {
		return strings.EqualFold(a.AppName, l.App) || strings.EqualFold(a.Vendor, l.App)
	}) {
		return nil, fmt.Errorf("the action %s belongs to the app %s, not to %s", quoteKey(action[0].Name), action[0].app(), l.App)
	}
	configs, _ := t.configsOf(action)
	return configs, nil
}

// credentials returns the configurations that may be credentials of HTTP actions: those of no known app.
func (t *Tenant) credentials() []TenantConfig {
	return slices.DeleteFunc(slices.Clone(t.Configs), func(c TenantConfig) bool { return t.isKnownApp(c.AppID) })
}

// configsOf returns the configurations of an action's app. Where it is not known which those are, known is false and it
// returns all that are not known to be another app's: it is not published that the catalog and the list of configurations
// mean the same by app_id (wire/open-questions.md#q18).
func (t *Tenant) configsOf(action []TenantAction) (configs []TenantConfig, known bool) {
	ofApp := func(c TenantConfig) bool {
		return slices.ContainsFunc(action, func(a TenantAction) bool { return a.AppID != "" && strings.EqualFold(a.AppID, c.AppID) })
	}
	var others []TenantConfig
	sameIDs := false
	for _, c := range t.Configs {
		switch {
		case ofApp(c):
			configs = append(configs, c)
		case t.isKnownApp(c.AppID):
			sameIDs = true
		default:
			others = append(others, c)
		}
	}
	hasApp := slices.ContainsFunc(action, func(a TenantAction) bool { return a.AppID != "" })
	if len(configs) > 0 || hasApp && (sameIDs || len(t.Configs) == 0) {
		return configs, true
	}
	return others, false
}

// isKnownApp reports whether an id of an app occurs in the catalog's entries that were read.
func (t *Tenant) isKnownApp(id string) bool {
	return slices.ContainsFunc(t.Actions, func(a TenantAction) bool { return id != "" && strings.EqualFold(a.AppID, id) })
}
