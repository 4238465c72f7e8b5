package core

import (
	"context"
	"fmt"
	"reflect"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// Values of the provider argument webhook_writes.
const (
	WebhookWritesTry   = "try"
	WebhookWritesNever = "never"
)

// ProviderData is what the provider's Configure passes to every resource and data source.
type ProviderData struct {
	Client *falcon.Client
	// WebhookWrites is [WebhookWritesTry] or [WebhookWritesNever].
	WebhookWrites string
	// PreviousTenants are the elements of the argument previous_tenants, normalized by [PreviousTenant].
	PreviousTenants []string
	// Problems, if there are any, are why the provider is not signed in. They are the error of the first object that uses it;
	// the errors of the others refer to that.
	Problems diag.Diagnostics
	// Once holds the warnings that appear once per run.
	Once   onceWarnings
	values sharedValues
}

// onceWarnings limits a warning that many objects share to one appearance per run.
type onceWarnings struct {
	mu    sync.Mutex
	added map[string]bool
}

// WarnOnce adds a warning, unless one with the same key was added in this run.
func (o *onceWarnings) WarnOnce(diags *diag.Diagnostics, key, summary, detail string) {
	if o.First(key) {
		diags.AddWarning(summary, detail)
	}
}

// First reports whether the key is used for the first time in this run.
func (o *onceWarnings) First(key string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.added[key] {
		return false
	}
	if o.added == nil {
		o.added = map[string]bool{}
	}
	o.added[key] = true
	return true
}

// Added reports whether a warning with this key was added in this run.
func (o *onceWarnings) Added(key string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.added[key]
}

// configured is embedded in every resource and data source. It holds the data of the configured provider.
type configured struct{ *ProviderData }

func (c *configured) configure(data any, diags *diag.Diagnostics) {
	if data == nil {
		return // the framework asks for schemas before the provider is configured
	}
	shared, ok := data.(*ProviderData)
	if !ok {
		diags.AddError("Provider not configured", fmt.Sprintf("Expected the provider's own data, got %T. This is a bug in the provider. Please report it.", data))
		return
	}
	if shared.Problems.HasError() {
		diags.Append(shared.problems()...)
		return
	}
	c.ProviderData = shared
}

// problems returns Problems for the first object that uses the provider, and a reference to them for any other. Terraform
// prints the errors of a run in the order of the configuration, so the full text may come later.
func (d *ProviderData) problems() diag.Diagnostics {
	if d.Once.First("not signed in") {
		return d.Problems
	}
	var diags diag.Diagnostics
	for _, p := range d.Problems.Errors() {
		diags.AddError(p.Summary(), fmt.Sprintf("The provider is not configured. Another error of this run, %q, has the details.", p.Summary()))
	}
	return diags
}

// ResourceBase implements Configure for resources.
type ResourceBase struct{ configured }

// Configure keeps the data of the configured provider.
func (b *ResourceBase) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	b.configure(req.ProviderData, &resp.Diagnostics)
}

// DataSourceBase implements Configure for data sources.
type DataSourceBase struct{ configured }

// Configure keeps the data of the configured provider.
func (b *DataSourceBase) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	b.configure(req.ProviderData, &resp.Diagnostics)
}

// EphemeralBase implements Configure for ephemeral resources.
type EphemeralBase struct{ configured }

// Configure keeps the data of the configured provider.
func (b *EphemeralBase) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	b.configure(req.ProviderData, &resp.Diagnostics)
}

// ActionBase implements Configure for actions.
type ActionBase struct{ configured }

// Configure keeps the data of the configured provider.
func (b *ActionBase) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	b.configure(req.ProviderData, &resp.Diagnostics)
}

// ListBase implements Configure for list resources.
type ListBase struct{ configured }

// Configure keeps the data of the configured provider.
func (b *ListBase) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	b.configure(req.ProviderData, &resp.Diagnostics)
}

// sharedValues holds one value of each type for all resources and data sources of one configured provider.
type sharedValues struct {
	mu     sync.Mutex
	values map[reflect.Type]any
}

// Shared returns the one value of type T of a configured provider. The first caller creates it. It is for what the objects
// of an entity share within one run, such as the registry of webhook configurations, without core knowing the entity.
func Shared[T any](d *ProviderData) *T {
	d.values.mu.Lock()
	defer d.values.mu.Unlock()
	key := reflect.TypeFor[T]()
	if value, ok := d.values.values[key].(*T); ok {
		return value
	}
	if d.values.values == nil {
		d.values.values = map[reflect.Type]any{}
	}
	value := new(T)
	d.values.values[key] = value
	return value
}
