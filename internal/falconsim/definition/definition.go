package definition

import "github.com/falcon-integrations/terraform-provider-falcon/internal/tenantfacts"

// Tenant is the part of a tenant that its workflow definitions depend on: the catalog and the rules that they are checked
// against.
type Tenant struct {
	settings   Settings
	Activities []Activity
	Triggers   []Trigger
}

// Settings connect a [Tenant] with the rest of the simulator.
type Settings struct {
	// CID is the tenant's customer id.
	CID string
	// Reading returns the tenant's reading of an open question.
	Reading func(id string) string
	// Message returns an error message as the tenant shows it.
	Message func(text string) string
	// IsConfigured reports whether a Store app has this configuration; with "", whether it has any.
	IsConfigured func(appID, configID string) bool
	// NoCallWebhook leaves the action Call webhook out of the catalog.
	NoCallWebhook bool
	// Activities and Triggers are catalog entries of a recorded tenant. Triggers are all that it has; nil means that it did not show
	// them.
	Activities []tenantfacts.Activity
	Triggers   []tenantfacts.Trigger
	// Without are the names of other actions that the catalog does not have.
	Without []string
	// Catalog says in what the catalog differs from the usual one.
	Catalog Catalog
}

// NewTenant returns a tenant with its catalog.
func NewTenant(settings Settings) *Tenant {
	t := &Tenant{settings: settings}
	t.fillCatalog()
	return t
}

func (t *Tenant) reading(id string) string { return t.settings.Reading(id) }
