package workflow

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// ModifyPlan plans document as the canonical form of what the configuration asks for, or as the prior value where both are
// the same workflow. version and last_modified become unknown only when something will be sent.
func (r *managedResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.ProviderData == nil {
		return
	}
	if req.Plan.Raw.IsNull() {
		var id types.String
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, core.Attribute("id"), &id)...)
		r.plannedNames().Release(id.ValueString(), "")
		return
	}
	var config, plan model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	var state *model
	var prior *fusion.Document // in the state; nil for a create
	if !req.State.Raw.IsNull() {
		state = &model{}
		resp.Diagnostics.Append(req.State.Get(ctx, state)...)
		prior = parse(state.Document)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	plan.keepMovedEnabled(ctx, req.Private, config, state, &resp.Diagnostics)
	composed, more := req.Private.GetKey(ctx, composedKey)
	resp.Diagnostics.Append(more...)
	names, more := req.Private.GetKey(ctx, defaultNamesKey)
	resp.Diagnostics.Append(more...)

	doc, fresh := configuredDocument(ctx, r.ProviderData, config, state, composed, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	doc = withDefaultNames(ctx, r.ProviderData, doc, decodeDefaultNames(names), prior, &resp.Diagnostics)
	plan.planDocument(doc, prior, config, state)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	if r.checkName(ctx, plan, config, state, req.Private, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	if doc == nil {
		plan.checkBeforeWebhook(ctx, r.ProviderData, config, &resp.Diagnostics)
		return
	}
	changed := !fusion.Equal(doc, prior)
	enables := state != nil && plan.Enabled.ValueBool() && !state.Enabled.ValueBool()
	if fresh && changed {
		plan.checkOffline(ctx, doc, &resp.Diagnostics)
	}
	if changed || enables {
		checkAgainstTenant(ctx, r.ProviderData, doc, state, plan, fresh, &resp.Diagnostics)
	}
}

// configuredDocument returns the document that the configuration asks for, nil while it depends on something unknown.
// fresh reports that it was just composed from the catalog, so that its entries need not be looked up again.
func configuredDocument(ctx context.Context, data *core.ProviderData, config model, state *model, composed []byte, diags *diag.Diagnostics) (doc *fusion.Document, fresh bool) {
	if config.Name.IsUnknown() || config.Description.IsUnknown() || config.Definition.IsUnknown() || config.NotifyWebhook.IsUnknown() {
		return nil, false
	}
	if config.NotifyWebhook.IsNull() {
		return parseDefinition(config.Definition.ValueString(), config.Name, config.Description, diags), false
	}
	if state != nil && config.NotifyWebhook.Equal(state.NotifyWebhook) {
		if text := composedText(composed); text != "" {
			// A composed document has only the argument's description: without the argument it is empty.
			return parseDefinition(text, config.Name, types.StringValue(config.Description.ValueString()), diags), false
		}
	}
	return composeNotify(ctx, data, config.NotifyWebhook, config.Name.ValueString(), config.Description.ValueString(), diags), true
}

// planDocument plans the computed attributes. doc is nil while the document is unknown.
func (m *model) planDocument(doc, prior *fusion.Document, config model, state *model) {
	if doc == nil {
		if config.Name.IsNull() {
			m.Name = types.StringUnknown()
		}
		switch {
		case !config.Description.IsNull():
		case config.NotifyWebhook.IsNull():
			m.Description = types.StringUnknown()
		default: // a composed document has no description of its own
			m.Description = types.StringValue("")
		}
		m.Document = types.StringUnknown()
		m.planWrite()
		return
	}
	m.Name = types.StringValue(doc.Name())
	m.Description = types.StringValue(doc.Description())
	m.Document = types.StringValue(doc.CanonicalLike(prior))
	if state == nil {
		m.planWrite()
		return
	}
	if fusion.Equal(doc, prior) {
		m.Document, m.Name, m.Description = state.Document, state.Name, state.Description
		if !config.Name.IsNull() {
			m.Name = config.Name
		}
		if !config.Description.IsNull() {
			m.Description = config.Description
		}
	}
	// The framework applies semantic equality after an apply or a refresh, not to a plan.
	if definition := parse(state.Definition); definition != nil && !config.Definition.IsNull() &&
		fusion.Equal(doc, definition.With(config.Name.ValueStringPointer(), config.Description.ValueStringPointer())) {
		m.Definition = state.Definition
	}
	if m.Document.Equal(state.Document) && m.Enabled.Equal(state.Enabled) {
		m.Version, m.LastModified, m.ValidationErrors = state.Version, state.LastModified, state.ValidationErrors
	} else {
		m.planWrite()
	}
}

// planWrite marks as unknown what Falcon shows of a workflow only after a write.
func (m *model) planWrite() {
	m.Version, m.LastModified = types.Int64Unknown(), types.StringUnknown()
	m.ValidationErrors = types.ListUnknown(validationErrorType)
}
