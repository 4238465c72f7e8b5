package definition

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

// Catalog says in what the catalog of a tenant differs from the usual one. The zero value is the usual one.
type Catalog struct {
	// OwnIDs gives the tenant ids of its own for everything in the catalog, so that two tenants have no id in common. Ids of public
	// actions are the same everywhere (wire/catalog.md#activities), those of installed apps may not be: a test that passes with this
	// option depends on neither.
	OwnIDs bool
	// WithoutTriggers are names of triggers that the tenant does not have.
	WithoutTriggers []string
	// Versions are other versions of actions and triggers, by name.
	Versions map[string]string
	// NotPermitted are names of actions that the API client may not use.
	NotPermitted []string
	// More are further actions, which have no properties.
	More []CatalogAction
}

// CatalogAction is a further action of a catalog.
type CatalogAction struct{ ID, Name, Vendor, Class, Version string }

// customize changes the catalog as the settings say.
func (t *Tenant) customize() {
	custom := t.settings.Catalog
	for _, more := range custom.More {
		t.Activities = append(t.Activities, Activity{ID: more.ID, Name: more.Name, Vendor: more.Vendor, Class: more.Class, version: more.Version})
	}
	t.Triggers = slices.DeleteFunc(t.Triggers, func(known Trigger) bool { return slices.Contains(custom.WithoutTriggers, known.Name) })
	for i := range t.Activities {
		a := &t.Activities[i]
		if version, ok := custom.Versions[a.Name]; ok {
			a.version, a.alsoZero = version, false
		}
		a.isForbidden = slices.Contains(custom.NotPermitted, a.Name)
		a.ID, a.shownAppID = t.OwnID(a.ID), t.OwnID(a.AppID)
	}
	for i := range t.Triggers {
		known := &t.Triggers[i]
		if version, ok := custom.Versions[known.Name]; ok {
			known.version = version
		}
		known.ID = t.OwnID(triggerID(known.Event))
	}
}

// OwnID returns the id by which this tenant knows something of the catalog.
func (t *Tenant) OwnID(id string) string {
	if !t.settings.Catalog.OwnIDs {
		return id
	}
	id, isAgent := strings.CutSuffix(id, "_"+t.settings.CID)
	key := sha256.Sum256([]byte("own ids of " + t.settings.CID))
	const digits = "0123456789abcdef"
	own := []byte(id)
	for i, c := range own {
		if digit := strings.IndexByte(digits, c); digit >= 0 {
			own[i] = digits[digit^int(key[i%len(key)]%15+1)]
		}
	}
	if isAgent {
		return fmt.Sprintf("%s_%s", own, t.settings.CID)
	}
	return string(own)
}
