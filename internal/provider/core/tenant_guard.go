package core

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	_ managedResource                       = (*tenantGuard)(nil)
	_ resource.ResourceWithConfigValidators = (*tenantGuard)(nil)
	_ resource.ResourceWithValidateConfig   = (*tenantGuard)(nil)
	_ resource.ResourceWithMoveState        = (*tenantGuard)(nil)
	_ resource.ResourceWithUpgradeState     = (*tenantGuard)(nil)
)

// managedResource is what each of the provider's resources implements.
type managedResource interface {
	resource.ResourceWithConfigure
	resource.ResourceWithIdentity
	resource.ResourceWithModifyPlan
	resource.ResourceWithImportState
}

// InOneTenant binds the objects of a resource to the tenant in which they were created: with the credentials of another
// tenant every object would look deleted, and a destroy would end without an error while the objects live on. It panics for a
// resource that lacks a method of managedResource: without the guard such a resource would work, and be unprotected.
func InOneTenant(newResource func() resource.Resource) func() resource.Resource {
	return func() resource.Resource {
		plain := newResource()
		managed, ok := plain.(managedResource)
		if !ok {
			panic(fmt.Sprintf("%T does not implement managedResource of package core", plain))
		}
		return &tenantGuard{managedResource: managed}
	}
}

// tenantGuard notes the tenant of each object in its private state, and refuses to read, plan, change or destroy the
// object in another one. Everything else is the resource's own.
type tenantGuard struct {
	managedResource
	shared configured
}

// Configure keeps the data of the configured provider, for the guard and for the resource.
func (g *tenantGuard) Configure(ctx context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if g.shared.configure(req.ProviderData, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	g.managedResource.Configure(ctx, req, resp)
}

// boundObject is an object, its recorded tenant and the current tenant.
type boundObject struct {
	name, id types.String
	noted    *tenantNote // nil if there is no note
	here     tenantNote
	accepted bool // previous_tenants names the noted tenant
}

// bind compares the tenant of an object with the current one. It returns false, with an error, if they differ.
func (g *tenantGuard) bind(ctx context.Context, state tfsdk.State, private PrivateData, diags *diag.Diagnostics) (boundObject, bool) {
	var o boundObject
	diags.Append(state.GetAttribute(ctx, Attribute("name"), &o.name)...)
	diags.Append(state.GetAttribute(ctx, Attribute("id"), &o.id)...)
	o.noted = ReadTenantNote(ctx, private, diags)
	if diags.HasError() {
		return o, false
	}
	o.here = noteOf(g.shared.Client.TenantKey(ctx))
	o.accepted = o.noted != nil && slices.Contains(g.shared.PreviousTenants, o.noted.key())
	if o.noted != nil && !o.accepted && o.noted.matches(o.here) == otherTenant {
		diags.AddError("Wrong Falcon tenant", fmt.Sprintf(
			"%s (id %s) belongs to %s, but the provider is signed in to %s. Nothing was read or changed.\n\n%s",
			Quoted(o.name), o.id.ValueString(), o.noted, o.here, o.wayOut()))
		return o, false
	}
	return o, true
}

// unproven reports that only finding the object proves that this is its tenant.
func (o boundObject) unproven() bool {
	return o.noted != nil && !o.accepted && o.noted.matches(o.here) == unprovenTenant
}

// seen returns the note for an object that was found.
func (o boundObject) seen() tenantNote {
	if o.noted == nil || o.accepted && o.noted.matches(o.here) != sameTenant {
		return o.here
	}
	return o.noted.seen(o.here)
}

func (o boundObject) wayOut() string {
	return fmt.Sprintf("Use the credentials, cloud and member_cid of the first tenant. If the move is intended, add it to the provider block:\n\n  previous_tenants = [%q]\n\n"+
		"The troubleshooting guide, \"Wrong Falcon tenant\", describes the effect.", o.noted.key())
}

// addUnproven reports an object that was not found in a tenant that may not be its own.
func (o boundObject) addUnproven(diags *diag.Diagnostics) {
	diags.AddError("Wrong Falcon tenant or deleted object", fmt.Sprintf(
		"%s (id %s) was last seen in %s. It was not found in %s, and whether these are the same tenant is not known: the customer id could not be read in at least one of them. The object stays in the state.\n\n"+
			"Grant the provider's API client the scope sensor-installers:read, so that the provider can tell tenants apart, or use the former API client. %s",
		Quoted(o.name), o.id.ValueString(), o.noted, o.here, o.wayOut()))
}

// Create notes the tenant of what was created, also when the object is kept after an error.
func (g *tenantGuard) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	here := noteOf(g.shared.Client.TenantKey(ctx)) // first, because nothing may fail once the object exists
	g.managedResource.Create(ctx, req, resp)
	if !resp.State.Raw.IsNull() {
		writeTenantNote(ctx, resp.Private, here, &resp.Diagnostics)
	}
}

// Read notes the tenant of an object that has no note, once it is found.
func (g *tenantGuard) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	o, ok := g.bind(ctx, req.State, req.Private, &resp.Diagnostics)
	if !ok {
		return
	}
	Shared[refreshedObjects](g.shared.ProviderData).add(o.id.ValueString())
	g.managedResource.Read(ctx, req, resp)
	switch {
	case resp.Diagnostics.HasError():
	case !resp.State.Raw.IsNull():
		writeTenantNote(ctx, resp.Private, o.seen(), &resp.Diagnostics)
	case o.unproven():
		resp.State, resp.Diagnostics = req.State, nil
		o.addUnproven(&resp.Diagnostics)
	case o.accepted && o.noted.matches(o.here) != sameTenant:
		resp.Diagnostics = nil // the resource reports that the object was deleted, which is not the case
		dropTenantNote(ctx, resp.Private, &resp.Diagnostics)
		resp.Diagnostics.AddWarning("Object left behind in another tenant", fmt.Sprintf(
			"%s (id %s) was created in %s, which previous_tenants names, and does not exist in %s. The next apply creates it here. If it still exists there, it stays as it is, and Terraform no longer manages it.",
			Quoted(o.name), o.id.ValueString(), o.noted, o.here))
	default:
		dropTenantNote(ctx, resp.Private, &resp.Diagnostics)
	}
}

// ModifyPlan refuses to plan for an object of another tenant, as a plan without a refresh would.
func (g *tenantGuard) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if !req.State.Raw.IsNull() && g.shared.ProviderData != nil {
		if _, ok := g.bind(ctx, req.State, req.Private, &resp.Diagnostics); !ok {
			return
		}
	}
	g.managedResource.ModifyPlan(ctx, req, resp)
}

// Update refuses objects of another tenant: a saved plan may be applied with other credentials.
func (g *tenantGuard) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	if _, ok := g.bind(ctx, req.State, req.Private, &resp.Diagnostics); ok {
		g.managedResource.Update(ctx, req, resp)
	}
}

// Delete refuses objects of another tenant. Where the tenant is not proven the object is looked up first, since deleting
// what does not exist succeeds.
func (g *tenantGuard) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	o, ok := g.bind(ctx, req.State, req.Private, &resp.Diagnostics)
	if !ok {
		return
	}
	if o.unproven() {
		look := resource.ReadResponse{State: req.State, Private: req.Private}
		g.managedResource.Read(ctx, resource.ReadRequest{State: req.State, Private: req.Private}, &look)
		if look.Diagnostics.HasError() {
			resp.Diagnostics.Append(look.Diagnostics.Errors()...)
			return
		}
		if look.State.Raw.IsNull() {
			o.addUnproven(&resp.Diagnostics)
			return
		}
	}
	g.managedResource.Delete(ctx, req, resp)
}

// ConfigValidators are the resource's own, if it has any.
func (g *tenantGuard) ConfigValidators(ctx context.Context) []resource.ConfigValidator {
	if r, ok := g.managedResource.(resource.ResourceWithConfigValidators); ok {
		return r.ConfigValidators(ctx)
	}
	return nil
}

// ValidateConfig is the resource's own, if it has one.
func (g *tenantGuard) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	if r, ok := g.managedResource.(resource.ResourceWithValidateConfig); ok {
		r.ValidateConfig(ctx, req, resp)
	}
}

// MoveState is the resource's own, if it has one.
func (g *tenantGuard) MoveState(ctx context.Context) []resource.StateMover {
	if r, ok := g.managedResource.(resource.ResourceWithMoveState); ok {
		return r.MoveState(ctx)
	}
	return nil
}

// UpgradeState is the resource's own, if it has one.
func (g *tenantGuard) UpgradeState(ctx context.Context) map[int64]resource.StateUpgrader {
	if r, ok := g.managedResource.(resource.ResourceWithUpgradeState); ok {
		return r.UpgradeState(ctx)
	}
	return nil
}
