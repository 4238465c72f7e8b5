package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/integrations"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// callWebhook is the name of the action that signs and sends a delivery (wire/catalog.md#call-webhook). Its id is not
// public, so it is looked up in the catalog.
const callWebhook = "Call webhook"

// composedKey is the private-state key of the document that was composed for a notify_webhook block: as long as the block
// is unchanged, a change of the catalog must not change a plan.
const composedKey = "composed"

var notifyPath = path.Root("notify_webhook")

type notifyModel struct {
	Trigger    types.String `tfsdk:"trigger"`
	Event      types.String `tfsdk:"event"`
	WebhookID  types.String `tfsdk:"webhook_id"`
	HTTP       types.Object `tfsdk:"http"`
	Fields     types.List   `tfsdk:"fields"`
	Condition  types.String `tfsdk:"condition"`
	DataFormat types.String `tfsdk:"data_format"`
	Action     types.Object `tfsdk:"action"`
}

type notifyActionModel struct {
	ID                types.String `tfsdk:"id"`
	VersionConstraint types.String `tfsdk:"version_constraint"`
	Properties        types.String `tfsdk:"properties"`
}

func notifySchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "A workflow that sends the events of one trigger: to a webhook configuration through the *Call webhook* action, signed by CrowdStrike, " +
			"or in an HTTP request of its own (`http`), which needs no Store app and is not signed. " +
			"The tenant's catalog is read only when the workflow is created and when this block changes.",
		Attributes: map[string]schema.Attribute{
			"trigger": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What starts the workflow: `score_changed` (a host's overall assessment changes), `new_incident` (a case is created), " +
					"`incident_update` (a case is updated) or `new_detection`. Exactly one of `trigger` and `event` is required.",
				Validators: []validator.String{triggerName()},
			},
			"event": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Category of a trigger in the catalog, such as `Case/StatusChanged`.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"webhook_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Id of the webhook configuration, such as `falcon_webhook.this.id`. Exactly one of `webhook_id` and `http` is required.",
				Validators:          []validator.String{core.FalconIDValidator()},
			},
			"http": httpSchema(),
			"fields": schema.ListAttribute{
				ElementType: types.StringType,
				Optional:    true,
				MarkdownDescription: "The data to include: paths of the trigger's fields, such as `Trigger.CID`. Required except with `score_changed`, whose default is the trigger's score fields, " +
					"the sensor id and the CID, and with `http.body`, which contains the data itself. Other triggers contain user names and command lines, and which of them leave the company is your decision.",
				Validators: []validator.List{listvalidator.SizeAtLeast(1), core.NoNullElements(), listvalidator.ValueStringsAre(core.NotBlank())},
			},
			"condition": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "A CEL expression. Only events for which it is true are sent.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"data_format": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Data format, one of those in the action's schema. Defaults to the action's own default. Only with `webhook_id`.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"action": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "Overrides what the catalog says about the *Call webhook* action or, with `http`, the *Cloud HTTP Request* action.",
				Attributes: map[string]schema.Attribute{
					"id": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "Id of the action.",
						Validators:          []validator.String{core.NotBlank()},
					},
					"version_constraint": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "Version constraint, such as `~1`.",
						Validators:          []validator.String{core.NotBlank()},
					},
					"properties": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "Properties of the action as a JSON object. They replace those of the same name that the provider would set.",
						Validators:          []validator.String{core.JSONObject()},
					},
				},
			},
		},
	}
}

// triggerName returns a validator that accepts the names of triggers.
func triggerName() validator.String {
	names := strings.Join(integrations.Triggers(), ", ")
	return core.CheckString("must be one of "+names, "Unknown trigger", func(name string) error {
		if slices.Contains(integrations.Triggers(), name) {
			return nil
		}
		return fmt.Errorf("%q is not a trigger: it must be one of %s.%s For another trigger of the catalog, set event to its category", name, names, nearestHint(name, integrations.Triggers()))
	})
}

// notifyFrom reads a notify_webhook block; nil if it is null or unknown.
func notifyFrom(ctx context.Context, block types.Object, diags *diag.Diagnostics) *notifyModel {
	if block.IsNull() || block.IsUnknown() {
		return nil
	}
	var m notifyModel
	diags.Append(block.As(ctx, &m, basetypes.ObjectAsOptions{})...)
	return &m
}

func (m *notifyModel) action(ctx context.Context, diags *diag.Diagnostics) notifyActionModel {
	var a notifyActionModel
	if !m.Action.IsNull() && !m.Action.IsUnknown() {
		diags.Append(m.Action.As(ctx, &a, basetypes.ObjectAsOptions{})...)
	}
	return a
}

// validateNotify checks what the validator of a single attribute does not see.
func validateNotify(ctx context.Context, block types.Object, diags *diag.Diagnostics) {
	m := notifyFrom(ctx, block, diags)
	if m == nil || diags.HasError() {
		return
	}
	switch {
	case !m.Trigger.IsNull() && !m.Event.IsNull():
		diags.AddAttributeError(notifyPath.AtName("trigger"), "Conflicting arguments", "Set one of trigger and event, not both.")
	case m.Trigger.IsNull() && m.Event.IsNull():
		diags.AddAttributeError(notifyPath, "Missing trigger", "Set trigger ("+strings.Join(integrations.Triggers(), ", ")+") or event.")
	}
	m.validateReceiver(ctx, diags)
	// The properties of the action, where they are set or may be, contain the fields.
	ownProperties := m.Action.IsUnknown() || m.HTTP.IsNull() && !m.action(ctx, diags).Properties.IsNull()
	if m.Fields.IsNull() && m.needsFields() && !ownProperties && !m.hasOwnBody(ctx, diags) {
		diags.AddAttributeError(notifyPath.AtName("fields"), "Missing fields",
			"Set the data to include, such as [\"Trigger.CID\"]. Only score_changed has a default. Other triggers contain user names and command lines, and which of them leave the company is your decision.")
	}
	if integrations.IsLegacyIncident(m.Event.ValueString()) {
		warnLegacyIncident(notifyPath.AtName("event"), diags)
	}
}

// needsFields reports whether the trigger has no default fields. One that is misspelled is the only error.
func (m *notifyModel) needsFields() bool {
	if m.Trigger.IsUnknown() || m.Event.IsUnknown() {
		return false
	}
	name := m.Trigger.ValueString()
	return m.Trigger.IsNull() && !m.Event.IsNull() || name != integrations.ScoreChanged && slices.Contains(integrations.Triggers(), name)
}

func warnLegacyIncident(at path.Path, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(at, "Legacy incident event",
		"CrowdStrike has not created CrowdScore incidents since 2026-01-01, so nothing starts this workflow in a current tenant. Use the events Case/Created and Case/Updated (triggers new_incident and incident_update).")
}

// composeNotify composes the document of a notify_webhook block from the tenant's catalog; nil while a part of the block is
// unknown.
func composeNotify(ctx context.Context, data *core.ProviderData, block types.Object, name, description string, diags *diag.Diagnostics) *fusion.Document {
	if value, err := block.ToTerraformValue(ctx); err != nil || !value.IsFullyKnown() {
		return nil
	}
	m := notifyFrom(ctx, block, diags)
	if m == nil || diags.HasError() {
		return nil
	}
	trigger := m.findTrigger(ctx, data.Client, diags)
	action, ok := m.findAction(ctx, data, diags)
	if !ok || diags.HasError() {
		return nil
	}
	if m.HTTP.IsNull() && m.WebhookID.ValueString() != unknownWebhookID {
		m.checkWebhook(ctx, data.Client, diags)
	}
	if m.Event.IsNull() && integrations.IsLegacyIncident(trigger.Category) {
		warnLegacyIncident(notifyPath.AtName("trigger"), diags)
	}
	var fields []string
	diags.Append(m.Fields.ElementsAs(ctx, &fields, false)...)
	if len(fields) == 0 && (action.Properties == nil || !m.HTTP.IsNull()) && !m.hasOwnBody(ctx, diags) {
		fields = scoreFields(trigger)
	}
	m.checkNames(trigger, fields, diags)
	request := m.request(ctx, data, fields, diags)
	if diags.HasError() {
		return nil
	}
	doc, err := fusion.Compose(fusion.Notify{
		Name:           name,
		Description:    description,
		Event:          trigger.Category,
		TriggerName:    trigger.Name,
		TriggerVersion: trigger.Version,
		WebhookID:      m.WebhookID.ValueString(),
		HTTP:           request,
		Fields:         fields,
		Condition:      m.Condition.ValueString(),
		DataFormat:     m.DataFormat.ValueString(),
		Action:         action,
	})
	if err != nil {
		diags.AddAttributeError(notifyPath.AtName("action"), "Unable to set the action's properties", core.Sentence(err.Error()))
		return nil
	}
	return doc
}

func (m *notifyModel) findTrigger(ctx context.Context, client *falcon.Client, diags *diag.Diagnostics) falcon.Trigger {
	triggers, err := client.Triggers(ctx)
	if err != nil {
		diags.AddAttributeError(notifyPath, "Unable to read triggers", core.Sentence(err.Error()))
		return falcon.Trigger{}
	}
	categories := make([]string, len(triggers))
	entries := make([]integrations.Entry, len(triggers))
	for i, t := range triggers {
		categories[i], entries[i] = t.Category, integrations.Entry{Category: t.Category, Name: t.Name}
	}
	if event := m.Event.ValueString(); event != "" {
		i := slices.Index(categories, event)
		if i < 0 {
			diags.AddAttributeError(notifyPath.AtName("event"), "Trigger not found",
				fmt.Sprintf("The tenant has no trigger for the event %q.%s", event, nearestHint(event, categories)))
			return falcon.Trigger{}
		}
		return triggers[i]
	}
	name := m.Trigger.ValueString()
	i := integrations.Choose(name, entries)
	if i < 0 {
		wanted := integrations.Wanted(name)
		diags.AddAttributeError(notifyPath.AtName("trigger"), "Trigger not found",
			fmt.Sprintf("The tenant's catalog has no trigger for %s (%s).%s Set event to the category of another trigger.",
				name, strings.Join(wanted, " or "), nearestHint(wanted[0], categories)))
		return falcon.Trigger{}
	}
	return triggers[i]
}

// findAction returns the action of the catalog that sends the events, with what the block overrides. It returns false after
// an error. That the tenant does not have the action is one error per run, because every block needs the same one.
func (m *notifyModel) findAction(ctx context.Context, data *core.ProviderData, diags *diag.Diagnostics) (fusion.Action, bool) {
	override := m.action(ctx, diags)
	var activity *falcon.Activity
	if id := override.ID.ValueString(); id != "" {
		at := notifyPath.AtName("action").AtName("id")
		activity = actionByID(ctx, data.Client, at, id, diags)
		if activity != nil && !m.HTTP.IsNull() && activity.Class != requestClass {
			diags.AddAttributeError(at, "Not an HTTP request", fmt.Sprintf("The action %q has the class %q, not %s.", activity.Name, activity.Class, requestClass))
			return fusion.Action{}, false
		}
	} else {
		query := actionQuery{
			at: notifyPath, name: callWebhook,
			ifMissing: "It comes with the CrowdStrike Webhook app of the CrowdStrike Store. Install that app, set action.id to another action, or replace webhook_id by http, which needs no app and is not signed by CrowdStrike.",
			ifSeveral: "Set action.id to one of them.",
		}
		if !m.HTTP.IsNull() {
			query = actionQuery{
				at: notifyPath.AtName("http"), name: cloudRequest, class: requestClass,
				ifMissing: "Set action.id to another action of that class.",
				ifSeveral: "Set action.id to one of them.",
			}
		}
		activity = actionOnce(ctx, data, query, diags)
	}
	if activity == nil {
		return fusion.Action{}, false
	}
	out := actionOf(activity)
	if v := override.VersionConstraint.ValueString(); v != "" {
		out.VersionConstraint = v
	}
	if p := override.Properties.ValueString(); p != "" {
		decoder := json.NewDecoder(strings.NewReader(p))
		decoder.UseNumber() // large numbers keep their digits
		if err := decoder.Decode(&out.Properties); err != nil {
			diags.AddAttributeError(notifyPath.AtName("action").AtName("properties"), "Invalid JSON", core.Sentence(err.Error()))
		}
	}
	return out, true
}

// actionOnce returns the one action of a name, or nil after an error. That the tenant does not have it is one error per run.
func actionOnce(ctx context.Context, data *core.ProviderData, query actionQuery, diags *diag.Diagnostics) *falcon.Activity {
	var found diag.Diagnostics
	activity := actionByName(ctx, data.Client, query, &found)
	if !isActionMissing(found) || data.Once.First("no "+query.name) {
		diags.Append(found...)
	}
	return activity
}

func actionOf(a *falcon.Activity) fusion.Action {
	return fusion.Action{
		ID: a.ID, Name: a.Name, Class: a.Class, VersionConstraint: fusion.VersionConstraint(a.SemanticVersion), InputSchema: a.InputSchema,
	}
}

// scoreFields returns the default fields of score_changed: the trigger's scores and the sensor's id, if the catalog lists
// them, and Trigger.CID, which every trigger has (wire/catalog.md#triggers).
func scoreFields(t falcon.Trigger) []string {
	var out []string
	for _, p := range t.FieldPaths() {
		leaf := p[strings.LastIndex(p, ".")+1:]
		if strings.Contains(leaf, "Score") || strings.EqualFold(leaf, "SensorID") || strings.EqualFold(leaf, "AgentID") || strings.EqualFold(leaf, "AID") {
			out = append(out, p)
		}
	}
	if !slices.Contains(out, "Trigger.CID") {
		out = append(out, "Trigger.CID")
	}
	return out
}

// composedDocument is the value of composedKey.
type composedDocument struct {
	Document string `json:"document"`
}

// composedState returns the value of composedKey for a workflow that was written: nil, which removes the key, for a
// workflow with a definition.
func composedState(block types.Object, document types.String) []byte {
	if block.IsNull() {
		return nil
	}
	raw, err := json.Marshal(composedDocument{Document: document.ValueString()})
	if err != nil {
		return nil // a struct of one string always marshals
	}
	return raw
}

// composedText returns the document in a value of composedKey; "" if there is none.
func composedText(raw []byte) string {
	var composed composedDocument
	if len(raw) == 0 || json.Unmarshal(raw, &composed) != nil {
		return ""
	}
	return composed.Document
}
