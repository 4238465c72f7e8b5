package workflow

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
)

// composedKey is the private-state key of the document that was composed for
// an unchanged notify_webhook block: what the catalogue says later must not
// change a plan.
const composedKey = "composed"

// ModifyPlan plans document as the canonical form of what the configuration
// asks for, or as the prior value where the two are the same workflow; version
// and last_modified become unknown only when something will be sent.
func (r *workflowResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.ProviderData == nil {
		return
	}
	var config, plan workflowModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	var state *workflowModel
	if !req.State.Raw.IsNull() {
		state = &workflowModel{}
		resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	plan.keepMovedEnabled(ctx, req.Private, config, state, &resp.Diagnostics)
	composed, more := req.Private.GetKey(ctx, composedKey)
	resp.Diagnostics.Append(more...)
	names, more := req.Private.GetKey(ctx, namesKey)
	resp.Diagnostics.Append(more...)

	doc, fresh := r.effective(ctx, config, state, composed, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	doc = r.withDefaultNames(ctx, doc, decodeNames(names), state, &resp.Diagnostics)
	plan.planFrom(doc, config, state)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	if doc == nil || resp.Diagnostics.HasError() {
		return
	}
	changed := state == nil || !sameDocument(plan.Document.ValueString(), state.Document.ValueString())
	switchedOn := state != nil && plan.Enabled.ValueBool() && !state.Enabled.ValueBool()
	if fresh && changed {
		plan.checkOffline(ctx, doc, &resp.Diagnostics)
	}
	if changed || switchedOn {
		r.checkAgainstTenant(ctx, doc, state, plan, fresh, &resp.Diagnostics)
	}
}

// effective is the document that the configuration asks for, nil while it
// depends on something unknown. fresh says that it was composed from the
// catalogue just now, so that looking its entries up again is needless.
func (r *workflowResource) effective(ctx context.Context, config workflowModel, state *workflowModel, composed []byte, diags *diag.Diagnostics) (doc *fusion.Document, fresh bool) {
	if config.Name.IsUnknown() || config.Description.IsUnknown() {
		return nil, false
	}
	if config.NotifyWebhook.IsNull() {
		if config.Definition.IsUnknown() {
			return nil, false
		}
		return readDocument(config.Definition.ValueString(), config.Name, config.Description, diags), false
	}
	if config.NotifyWebhook.IsUnknown() {
		return nil, false
	}
	if state != nil && config.NotifyWebhook.Equal(state.NotifyWebhook) && len(composed) > 0 {
		var kept composedDocument
		if err := json.Unmarshal(composed, &kept); err == nil && kept.Document != "" {
			// A composed document has no description but the attribute's: removing that one empties it.
			return readDocument(kept.Document, config.Name, types.StringValue(config.Description.ValueString()), diags), false
		}
	}
	return r.composeNotify(ctx, config, diags), true
}

// readDocument parses a document and puts the effective name and description into it. What it says of default names is
// Falcon's to say.
func readDocument(text string, name, description types.String, diags *diag.Diagnostics) *fusion.Document {
	doc, problems := fusion.Parse(text)
	for _, p := range problems.Errors() {
		diags.AddAttributeError(path.Root("definition"), invalidDocument, p.String())
	}
	if doc == nil {
		return nil
	}
	return doc.With(name.ValueStringPointer(), description.ValueStringPointer()).Unclaimed()
}

// planFrom fills in the computed attributes. doc is nil while the document is unknown.
func (m *workflowModel) planFrom(doc *fusion.Document, config workflowModel, state *workflowModel) {
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
		m.willBeWritten()
		return
	}
	m.Name = types.StringValue(doc.Name())
	m.Description = types.StringValue(doc.Description())
	m.Document = types.StringValue(doc.Canonical())
	if state == nil {
		m.willBeWritten()
		return
	}
	if prior, _ := fusion.Parse(state.Document.ValueString()); prior != nil {
		m.Document = types.StringValue(doc.CanonicalLike(prior))
	}
	if sameDocument(m.Document.ValueString(), state.Document.ValueString()) {
		m.Document, m.Name, m.Description = state.Document, state.Name, state.Description
		if !config.Name.IsNull() {
			m.Name = config.Name
		}
		if !config.Description.IsNull() {
			m.Description = config.Description
		}
	}
	if config.sameDefinition(state.Definition, doc.DefaultNames()) {
		m.Definition = state.Definition
	}
	if m.Document.Equal(state.Document) && m.Enabled.Equal(state.Enabled) {
		m.Version, m.LastModified, m.ValidationErrors = state.Version, state.LastModified, state.ValidationErrors
	} else {
		m.willBeWritten()
	}
}

// willBeWritten marks as unknown what Falcon says of a workflow only after a write.
func (m *workflowModel) willBeWritten() {
	m.Version, m.LastModified = types.Int64Unknown(), types.StringUnknown()
	m.ValidationErrors = types.ListUnknown(validationErrorType)
}

// sameDefinition compares definitions as the user wrote them, with the attributes that override parts of them: the
// framework applies semantic equality after an apply or a refresh, not in a plan.
func (m *workflowModel) sameDefinition(state documentValue, names map[string]fusion.DefaultName) bool {
	if m.Definition.IsNull() || m.Definition.IsUnknown() || state.IsNull() {
		return false
	}
	mine, _ := fusion.Parse(m.Definition.ValueString())
	theirs, _ := fusion.Parse(state.ValueString())
	if mine == nil || theirs == nil {
		return m.Definition.ValueString() == state.ValueString()
	}
	name, description := m.Name.ValueStringPointer(), m.Description.ValueStringPointer()
	return fusion.Equal(mine.With(name, description).Knowing(names), theirs.With(name, description).Knowing(names))
}

// plannedDocument is the document that an apply has to write. A definition is
// sent as the user wrote it, so that Falcon's remarks are about that text.
func plannedDocument(plan workflowModel, diags *diag.Diagnostics) *fusion.Document {
	text := plan.Definition.ValueString()
	if plan.Definition.IsNull() {
		text = plan.Document.ValueString()
	}
	doc := readDocument(text, plan.Name, types.StringNull(), diags)
	if doc != nil && doc.Description() != plan.Description.ValueString() {
		doc = doc.With(nil, plan.Description.ValueStringPointer())
	}
	return doc
}

// composedDocument is what private state keeps under composedKey.
type composedDocument struct {
	Document string `json:"document"`
}

// composedState is the private state of a written workflow: nil, which removes
// the key, for one that has a definition of its own.
func composedState(m workflowModel) []byte {
	if m.NotifyWebhook.IsNull() {
		return nil
	}
	raw, err := json.Marshal(composedDocument{Document: m.Document.ValueString()})
	if err != nil {
		return nil // a struct of one string always marshals
	}
	return raw
}
