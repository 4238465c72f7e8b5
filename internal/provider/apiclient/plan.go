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
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

func (r *apiClientResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.ProviderData == nil {
		return
	}
	var state, plan *apiClientModel
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

	plan.BaseURL = types.StringValue(r.Client.BaseURL())
	if state == nil {
		planFirstSecret(plan)
		warnReplaced(ctx, *plan, req.Private, &resp.Diagnostics)
	} else {
		plan.ID, plan.ClientID = state.ID, state.ID
		reset := resetAsked(*state, *plan)
		plan.ClientSecret, plan.EncryptedClientSecret = planSecrets(*state, *plan, reset)
		warnReset(*state, reset, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	r.checkOffered(ctx, state, *plan, &resp.Diagnostics)
}

// warnReplaced warns when the new client takes the place of one in the state: Terraform then passes the private state of
// that one to the plan of the new one, in which its tenant is noted. During the apply it does not, so this is the only
// place to say what create_before_destroy comes to.
func warnReplaced(ctx context.Context, plan apiClientModel, private core.PrivateData, diags *diag.Diagnostics) {
	if core.ReadTenantNote(ctx, private, diags) == nil {
		return
	}
	diags.AddWarning("API client is replaced", fmt.Sprintf(
		"The API client %s gets a new id and a new secret, and the current ones stop working when the old one is destroyed. Names of API clients are unique: if this resource has create_before_destroy, or inherits it from a resource that depends on it, "+
			"and the name stays the same, the apply fails, because the name is held by the object that is being replaced. Remove create_before_destroy, or change the name.", core.Quoted(plan.Name)))
}

// planFirstSecret plans where the secret of a new client will be.
func planFirstSecret(plan *apiClientModel) {
	switch {
	case plan.SecretRecipient.IsUnknown():
		plan.ClientSecret, plan.EncryptedClientSecret = types.StringUnknown(), types.StringUnknown()
	case plan.SecretRecipient.IsNull():
		plan.ClientSecret, plan.EncryptedClientSecret = types.StringUnknown(), types.StringNull()
	default:
		plan.ClientSecret, plan.EncryptedClientSecret = types.StringNull(), types.StringUnknown()
	}
}

func warnReset(state apiClientModel, reset verdict, diags *diag.Diagnostics) {
	switch reset {
	case yes:
		diags.AddWarning("Secret reset planned",
			fmt.Sprintf("The current secret of the API client %s stops working when this plan is applied. Whatever signs in with it needs the new one.", core.Quoted(state.Name)))
	case maybe:
		diags.AddWarning("Secret reset possible",
			fmt.Sprintf("Whether the secret of the API client %s is reset is only known after apply. If secret_rotation or secret_recipient turn out to have changed, its current secret stops working.", core.Quoted(state.Name)))
	}
}

// warnOwnClient warns when the plan takes something away from the very client
// that the provider signs in with.
func warnOwnClient(own string, state, plan *apiClientModel, diags *diag.Diagnostics) {
	if own == "" || state == nil || !strings.EqualFold(state.ID.ValueString(), own) {
		return
	}
	const summary = "The provider's own API client"
	if plan == nil {
		diags.AddWarning(summary, fmt.Sprintf("The API client %s is the one that the provider signs in with. Once it is deleted, the provider can do nothing more with these credentials.", core.Quoted(state.Name)))
		return
	}
	if resetAsked(*state, *plan) != no {
		diags.AddWarning(summary, fmt.Sprintf("The API client %s is the one that the provider signs in with. After the reset the provider needs the new secret.", core.Quoted(state.Name)))
	}
	if scopesUnknown(*plan) {
		return
	}
	var lost []string
	for _, s := range without(core.KnownStrings(state.Scopes.Elements()), core.KnownStrings(plan.Scopes.Elements())) {
		if slices.Contains(core.ProviderScopes, s) {
			lost = append(lost, s)
		}
	}
	if len(lost) > 0 {
		diags.AddAttributeWarning(core.Attribute("scopes"), summary,
			fmt.Sprintf("The API client %s is the one that the provider signs in with. This plan takes from it %s, which the provider needs for some of its resources and data sources.", core.Quoted(state.Name), strings.Join(lost, ", ")))
	}
}

// scopesUnknown says whether the set, or a member of it, is unknown.
func scopesUnknown(m apiClientModel) bool {
	return m.Scopes.IsUnknown() || len(core.KnownStrings(m.Scopes.Elements())) < len(m.Scopes.Elements())
}

// checkOffered compares the planned scopes with those that the tenant offers.
func (r *apiClientResource) checkOffered(ctx context.Context, state *apiClientModel, plan apiClientModel, diags *diag.Diagnostics) {
	wanted := core.KnownStrings(plan.Scopes.Elements())
	if len(wanted) == 0 {
		return
	}
	limited, cancel := context.WithTimeout(ctx, core.PlanCheckTime)
	defer cancel()
	offered, err := r.Client.AccessibleScopes(limited)
	switch {
	case falcon.IsScopeMissing(err) && state == nil:
		// The same scope finds out whether the name is free, and reads the new client back.
		r.Once.WarnOnce(diags, "scopes", "API clients cannot be created",
			core.Sentence(err.Error())+" Unless that changes before the apply, it cannot create API clients.")
		return
	case falcon.IsForbidden(err):
		return // such a client may plan, only not check
	case err != nil:
		r.Once.WarnOnce(diags, "scopes", "Scopes were not checked",
			"The scopes of API clients could not be compared with those that the tenant offers. "+core.Sentence(err.Error()))
		return
	case len(offered) == 0:
		return // whoever may read the list holds a scope, so an empty list is no answer
	}
	var held []string
	if state != nil {
		held = core.KnownStrings(state.Scopes.Elements())
	}
	addScopeProblems(wanted, held, offered, plan.Name, diags)
}

// addScopeProblems reports scopes that the tenant does not offer: an error for
// each that would be added, and one warning for all that are held already,
// since Falcon retires products and their scopes with them.
func addScopeProblems(wanted, held []string, offered []falcon.Scope, name types.String, diags *diag.Diagnostics) {
	ids := make([]string, 0, len(offered))
	for _, o := range offered {
		ids = append(ids, o.ID)
	}
	missing := without(wanted, ids)
	for _, s := range without(missing, held) {
		if why, ok := falcon.RetiredScope(s); ok {
			diags.AddAttributeError(core.Attribute("scopes").AtSetValue(types.StringValue(s)), "Retired scope", fmt.Sprintf(
				"The tenant does not offer the scope %q: %s. Pages of other products may still list it; leave it out, or keep what the tenant offers with setintersection and the data source falcon_api_scopes.", s, why))
			continue
		}
		detail := fmt.Sprintf("The tenant does not offer the scope %q.", s)
		if near := fusion.Nearest(s, ids, 3); len(near) > 0 {
			detail += " Nearest: " + strings.Join(near, ", ") + "."
		}
		diags.AddAttributeError(core.Attribute("scopes").AtSetValue(types.StringValue(s)), "Unknown scope", detail+
			" The data source falcon_api_scopes lists all that it offers.")
	}
	var retired []string
	for _, s := range missing {
		if slices.Contains(held, s) {
			retired = append(retired, s)
		}
	}
	if len(retired) > 0 {
		diags.AddAttributeWarning(core.Attribute("scopes"), "Scopes no longer offered",
			fmt.Sprintf("The API client %s holds scopes that the tenant no longer offers: %s. %s Falcon may refuse the next change of this API client until they are removed.", core.Quoted(name), strings.Join(retired, ", "), whyRetired(retired)))
	}
}

// whyRetired says what is known about scopes that are no longer offered.
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
