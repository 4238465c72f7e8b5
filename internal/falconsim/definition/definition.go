package definition

// Tenant is the part of a tenant that its workflow definitions depend on: the catalog and how they are checked.
type Tenant struct {
	settings   Settings
	Activities []Activity
	Triggers   []Trigger
}

// Settings are what the rest of the tenant decides.
type Settings struct {
	// CID is the tenant's customer id.
	CID string
	// Reading returns the reading of an open question that the tenant has.
	Reading func(id string) string
	// Message returns the text of an error as the tenant shows it.
	Message func(text string) string
	// IsConfigured reports whether the Store app has this configuration; with "", whether it has any.
	IsConfigured func(appID, configID string) bool
	// NoCallWebhook leaves the action Call webhook out of the catalog.
	NoCallWebhook bool
}

// NewTenant returns the definitions of a tenant with its catalog.
func NewTenant(settings Settings) *Tenant {
	t := &Tenant{settings: settings}
	t.fillCatalog()
	return t
}

func (t *Tenant) reading(id string) string { return t.settings.Reading(id) }
