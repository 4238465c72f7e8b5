package core

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// DefaultTimeout bounds an operation whose configuration sets no timeouts.
const DefaultTimeout = 10 * time.Minute

// ProviderData is what Configure hands to every resource and data source.
type ProviderData struct {
	Client        *falcon.Client
	WebhookWrites string
	// PreviousTenants are the tenants of the argument of this name, each as [tenantNote.key] returns it.
	PreviousTenants []string
	Once            onceWarnings
	values          sharedValues
}

// onceWarnings keeps a warning that many objects share to one appearance a run.
type onceWarnings struct {
	mu   sync.Mutex
	said map[string]bool
}

// WarnOnce adds the warning unless one of the same key was added in this run.
func (o *onceWarnings) WarnOnce(diags *diag.Diagnostics, key, summary, detail string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.said[key] {
		return
	}
	if o.said == nil {
		o.said = map[string]bool{}
	}
	o.said[key] = true
	diags.AddWarning(summary, detail)
}

// Was tells whether a warning of this key was added in this run.
func (o *onceWarnings) Was(key string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.said[key]
}

// configured is embedded by every resource and data source: it takes over what
// the provider's Configure made.
type configured struct{ *ProviderData }

func (c *configured) take(data any, diags *diag.Diagnostics) {
	if data == nil {
		return // the framework asks for schemas before the provider is configured
	}
	shared, ok := data.(*ProviderData)
	if !ok {
		diags.AddError("Provider not configured", fmt.Sprintf("Expected the provider's own data, got %T. This is a defect of the provider: please report it.", data))
		return
	}
	c.ProviderData = shared
}

// ResourceBase is configured for resources.
type ResourceBase struct{ configured }

func (b *ResourceBase) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	b.take(req.ProviderData, &resp.Diagnostics)
}

// DataSourceBase is configured for data sources.
type DataSourceBase struct{ configured }

func (b *DataSourceBase) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	b.take(req.ProviderData, &resp.Diagnostics)
}

// EphemeralBase is configured for ephemeral resources.
type EphemeralBase struct{ configured }

func (b *EphemeralBase) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	b.take(req.ProviderData, &resp.Diagnostics)
}

// ActionBase is configured for actions.
type ActionBase struct{ configured }

func (b *ActionBase) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	b.take(req.ProviderData, &resp.Diagnostics)
}

// ListBase is configured for list resources.
type ListBase struct{ configured }

func (b *ListBase) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	b.take(req.ProviderData, &resp.Diagnostics)
}

// ReadData is the frame of every data source's Read: it decodes the
// configuration, bounds the read by its timeouts, and sets the state to what
// read has made of the model, unless there was an error.
func ReadData[M any](ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse, read func(context.Context, *M, *diag.Diagnostics)) {
	var m M
	var limits timeouts.Value
	if !DecodeConfig(ctx, req.Config, &m, &limits, &resp.Diagnostics) {
		return
	}
	limited, cancel := WithTimeout(ctx, limits.Read, &resp.Diagnostics)
	defer cancel()
	if read(limited, &m, &resp.Diagnostics); !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
	}
}

// DecodeConfig reads a configuration into a model, and its timeouts, whose type
// each kind of block has its own of.
func DecodeConfig(ctx context.Context, config tfsdk.Config, model, limits any, diags *diag.Diagnostics) bool {
	diags.Append(config.Get(ctx, model)...)
	diags.Append(config.GetAttribute(ctx, Attribute("timeouts"), limits)...)
	return !diags.HasError()
}

// timeoutFunc is one of the accessors of a timeouts.Value.
type timeoutFunc func(context.Context, time.Duration) (time.Duration, diag.Diagnostics)

// WithTimeout bounds one operation by the configuration's timeouts. The returned function ends the operation and adds to
// diags what Falcon announced meanwhile.
func WithTimeout(ctx context.Context, timeout timeoutFunc, diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	d, more := timeout(ctx, DefaultTimeout)
	diags.Append(more...)
	ctx, deprecations := falcon.WatchDeprecations(ctx)
	ctx, cancel := context.WithTimeout(ctx, d)
	return ctx, func() {
		cancel()
		warnDeprecated(deprecations(), diags)
	}
}

// warnDeprecated adds one warning about the deprecated calls, if there are any.
func warnDeprecated(calls []falcon.Deprecation, diags *diag.Diagnostics) {
	if len(calls) == 0 {
		return
	}
	var list strings.Builder
	for _, c := range calls {
		fmt.Fprintf(&list, "\n\n  %s\n    %s", c.Call, c.Notice)
	}
	diags.AddWarning("Deprecated Falcon API", "CrowdStrike announces the end of API requests that this provider sends:"+list.String()+
		"\n\nNothing has to be done now. Update the provider before CrowdStrike removes them, and report this if the newest version "+
		"of the provider still sends them.")
}

// addExistsError explains that a name is taken, and how to take the object over.
// typeName is the resource type, such as falcon_api_client.
func addExistsError(diags *diag.Diagnostics, typeName string, exists *falcon.ExistsError) {
	detail := fmt.Sprintf("%s named %q already exists", sentenceStart(exists.Kind), exists.Name)
	if len(exists.IDs) > 0 {
		detail += " (id " + strings.Join(exists.IDs, ", ") + ")"
	}
	if exists.Err == nil {
		detail += ". Nothing was sent."
	} else {
		detail += ": " + Sentence(exists.Err.Error())
	}
	detail += "\n\n" + replacementHelp(exists.Kind) + "\n\n" + ImportHelp(typeName, exists.IDs) + "\n\nOtherwise choose another name."
	diags.AddAttributeError(Attribute("name"), "Name already taken", detail)
}

// replacementHelp is for the object that holds the name until it is replaced. The provider cannot see that it is this
// one: Terraform does not pass an object that was moved aside to the create of the new one.
func replacementHelp(kind string) string {
	return fmt.Sprintf("If the name is held by the object that this resource replaces, do not import that one: with create_before_destroy, its own or one inherited "+
		"from a resource that depends on it, the new %[1]s is created while the old one still has the name. Remove create_before_destroy, or change the name together with what replaces the %[1]s. "+
		"If the object is being destroyed in the same run under another address, use a moved block instead, or apply again.", kind)
}

// ImportHelp is the command, and the block, that bring an existing object under Terraform.
func ImportHelp(typeName string, ids []string) string {
	id := "ID"
	if len(ids) > 0 {
		id = ids[0]
	}
	return fmt.Sprintf("To manage an existing object from here, import it (put your own resource name for \"this\"):\n\n  terraform import %s.this %s", typeName, id)
}

func sentenceStart(kind string) string {
	switch kind[:1] {
	case "A", "a", "e", "i", "o", "u":
		return "An " + kind
	}
	return "A " + kind
}

// AddCreateError puts a failed create into words, with the import command
// where an object of the name exists or may exist.
func AddCreateError(diags *diag.Diagnostics, typeName, summary string, err error) {
	var exists *falcon.ExistsError
	var unsettled *falcon.UnsettledError
	var twice *falcon.NameTwiceError
	switch {
	case errors.As(err, &exists):
		addExistsError(diags, typeName, exists)
	case errors.As(err, &twice):
		diags.AddAttributeError(Attribute("name"), "Name used twice", Sentence(twice.Error())+
			" Two resources of this configuration have the same name, or one module is used twice. Give each its own name.")
	case errors.As(err, &unsettled):
		diags.AddError(summary, unsettledHelp(typeName, unsettled))
	default:
		diags.AddError(summary, err.Error())
	}
}

// unsettledHelp says what to do about an object that may exist, or may still come to exist.
func unsettledHelp(typeName string, e *falcon.UnsettledError) string {
	detail := Sentence(e.Error())
	if len(e.IDs) == 0 {
		detail += fmt.Sprintf("\n\nIf there is no %s named %q after a few minutes, apply again: it is then created.", e.Kind, e.Name)
	}
	detail += "\n\n" + ImportHelp(typeName, e.IDs)
	if typeName == APIClientType {
		detail += "\n\nIts secret is lost with the response: after the import, change secret_rotation to get a new one."
	}
	return detail
}

// PlanCheckTime bounds what a plan asks the tenant for to say early what an
// apply would say anyway.
const PlanCheckTime = time.Minute

const WebhookWritesTry = "try"

const WebhookWritesNever = "never"

const APIClientType = "falcon_api_client"

// ProviderScopes are the scopes that the provider's own API client needs for
// what the provider can do. Losing one locks the provider out.
var ProviderScopes = []string{
	"api-client-mgmt:read", "api-client-mgmt:write",
	"api-integrations:read", "api-integrations:write",
	"devices:read",
	"identity-assessment:read", "identity-entities:read", "identity-graphql:write",
	"sensor-installers:read",
	"workflow:read", "workflow:write",
	"zero-trust-assessment:read",
}
