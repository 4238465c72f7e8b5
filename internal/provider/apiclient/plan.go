package apiclient

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/suggest"
)

func (r *clientResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.ProviderData == nil {
		return
	}
	var state, plan *model
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	warnOwnClient(r.Client.ClientID(), state, plan, &resp.Diagnostics)
	if plan == nil {
		return
	}
	if r.checkName(ctx, state, *plan, req.Private, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}

	plan.BaseURL = types.StringValue(r.Client.BaseURL())
	if state == nil {
		plan.ClientSecret, plan.EncryptedClientSecret = planSecrets(model{}, *plan, yes)
		warnReplaced(ctx, *plan, req.Private, &resp.Diagnostics)
	} else {
		plan.ID, plan.ClientID = state.ID, state.ID
		reset := resetPlanned(*state, *plan)
		plan.ClientSecret, plan.EncryptedClientSecret = planSecrets(*state, *plan, reset)
		warnReset(*state, reset, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	r.checkScopes(ctx, state, *plan, &resp.Diagnostics)
}

// warnReplaced warns about the effect of create_before_destroy on a replacement. While planning one, Terraform passes the
// private state of the old client to the plan of the new one. It does not during the apply, so the plan is the only place
// for the warning.
func warnReplaced(ctx context.Context, plan model, private core.PrivateData, diags *diag.Diagnostics) {
	if core.ReadTenantNote(ctx, private, diags) == nil {
		return
	}
	diags.AddWarning("API client is replaced", fmt.Sprintf(
		"The API client %s gets a new id and a new secret, and the current ones stop working when the old client is destroyed. Names of API clients are unique: if this resource has create_before_destroy, or inherits it from a resource that depends on it, "+
			"and the name stays the same, the apply fails, because the name is held by the object that is being replaced. Remove create_before_destroy, or change the name.", core.Quoted(plan.Name)))
}

func warnReset(state model, reset verdict, diags *diag.Diagnostics) {
	switch reset {
	case yes:
		diags.AddWarning("Secret reset planned",
			fmt.Sprintf("The current secret of the API client %s stops working when this plan is applied. Whatever signs in with it needs the new one.", core.Quoted(state.Name)))
	case maybe:
		diags.AddWarning("Secret reset possible",
			fmt.Sprintf("Whether the secret of the API client %s is reset is only known after apply. If secret_rotation or secret_recipient turn out to have changed, its current secret stops working.", core.Quoted(state.Name)))
	}
}

// warnOwnClient warns about a plan that deletes the client with which the provider signs in, resets its secret, or removes
// scopes that the provider needs.
func warnOwnClient(ownID string, state, plan *model, diags *diag.Diagnostics) {
	if ownID == "" || state == nil || !strings.EqualFold(state.ID.ValueString(), ownID) {
		return
	}
	const summary = "The provider's own API client"
	own := fmt.Sprintf("The provider signs in with the API client %s. ", core.Quoted(state.Name))
	if plan == nil {
		diags.AddWarning(summary, own+"Once it is deleted, these credentials no longer work.")
		return
	}
	if resetPlanned(*state, *plan) != no {
		diags.AddWarning(summary, own+"After the reset the provider needs the new secret.")
	}
	planned := core.KnownStrings(plan.Scopes.Elements())
	if plan.Scopes.IsUnknown() || len(planned) < len(plan.Scopes.Elements()) {
		return // what is removed is not known
	}
	lost := slices.DeleteFunc(without(core.KnownStrings(state.Scopes.Elements()), planned), func(s string) bool {
		return !slices.Contains(core.ProviderScopes, s)
	})
	if len(lost) > 0 {
		diags.AddAttributeWarning(core.Attribute("scopes"), summary, own+fmt.Sprintf(
			"This plan removes %s, which the provider needs for some of its resources and data sources.", strings.Join(lost, ", ")))
	}
}

// checkScopes compares the planned scopes with those that the tenant offers.
func (r *clientResource) checkScopes(ctx context.Context, state *model, plan model, diags *diag.Diagnostics) {
	wanted := core.KnownStrings(plan.Scopes.Elements())
	if len(wanted) == 0 {
		return
	}
	limited, cancel := context.WithTimeout(ctx, core.PlanCheckTime)
	defer cancel()
	offered, err := r.Client.AccessibleScopes(limited)
	switch {
	case falcon.IsScopeMissing(err) && state == nil:
		// A create needs the same scope to look up the name and to read the new client.
		r.Once.WarnOnce(diags, "scopes", "API clients cannot be created",
			core.Sentence(err.Error())+" Unless that changes before the apply, the provider cannot create API clients.")
		return
	case falcon.IsForbidden(err):
		return // the plan needs no permission
	case err != nil:
		r.Once.WarnOnce(diags, "scopes", "Scopes were not checked",
			"The scopes of API clients could not be compared with those that the tenant offers. "+core.Sentence(err.Error()))
		return
	case len(offered) == 0:
		return // reading the list takes a scope, so the list cannot be empty
	}
	var current []string
	if state != nil {
		current = core.KnownStrings(state.Scopes.Elements())
	}
	addScopeProblems(wanted, current, offered, plan.Name, diags)
}

// addScopeProblems reports scopes that the tenant does not offer: one error for each added scope, and one warning for all
// that the client already has, because Falcon retires products together with their scopes.
func addScopeProblems(wanted, current []string, offered []falcon.Scope, name types.String, diags *diag.Diagnostics) {
	missing := without(wanted, idsOf(offered))
	added := without(missing, current)
	var refused []string
	for _, s := range added {
		if _, ok := falcon.RetiredScope(s); ok {
			refused = append(refused, s)
			continue
		}
		detail := fmt.Sprintf("The tenant does not offer the scope %q.", s) + scopeHint(s, offered)
		diags.AddAttributeError(core.Attribute("scopes").AtSetValue(types.StringValue(s)), "Unknown scope", detail+" The data source falcon_api_scopes lists the scopes of the tenant.")
	}
	if len(refused) > 0 {
		slices.Sort(refused)
		diags.AddAttributeError(core.Attribute("scopes"), "Retired scopes", fmt.Sprintf(
			"The tenant does not offer these scopes, because their products are retired: %s. %s Pages of other products may still list them. "+
				"Remove them, or keep only the scopes that the tenant offers:\n\n"+
				"  data \"falcon_api_scopes\" \"offered\" {}\n\n"+
				"  scopes = setintersection(provider::falcon::integration_scopes(\"NAME\"), data.falcon_api_scopes.offered.ids)",
			strings.Join(refused, ", "), whyRetired(refused)))
	}
	if retired := without(missing, added); len(retired) > 0 {
		diags.AddAttributeWarning(core.Attribute("scopes"), "Scopes no longer offered",
			fmt.Sprintf("The API client %s has scopes that the tenant no longer offers: %s. %s Falcon may refuse the next update of this API client until they are removed.", core.Quoted(name), strings.Join(retired, ", "), whyRetired(retired)))
	}
}

func idsOf(scopes []falcon.Scope) []string {
	ids := make([]string, 0, len(scopes))
	for _, o := range scopes {
		ids = append(ids, o.ID)
	}
	return ids
}

// scopeHint says which scope may be meant by an id that the tenant does not offer: that of the console's name, or the nearest
// ids.
func scopeHint(id string, offered []falcon.Scope) string {
	ids := idsOf(offered)
	meant, named := falcon.ScopeMeant(id, offered)
	switch {
	case named && meant.Retired != "":
		return fmt.Sprintf(" %q in the console is a retired product: %s. Remove the scope.", meant.Name, meant.Retired)
	case named && slices.Contains(ids, meant.ID):
		return fmt.Sprintf(" The id of %q in the console is %s.", meant.Name, meant.ID)
	case named:
		return fmt.Sprintf(" The id of %q in the console is %s, which the tenant does not offer either.", meant.Name, meant.ID)
	}
	if near := suggest.Nearest(id, ids, 3); len(near) > 0 {
		return " Nearest: " + strings.Join(near, ", ") + "."
	}
	return ""
}

// whyRetired returns what is known about scopes that are no longer offered.
func whyRetired(scopes []string) string {
	var known []string
	for _, s := range scopes {
		if why, ok := falcon.RetiredScope(s); ok && !slices.Contains(known, core.Sentence(why)) {
			known = append(known, core.Sentence(why))
		}
	}
	if len(known) == 0 {
		return "Their product may have been retired."
	}
	return strings.Join(known, " ")
}
