package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/fusion"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/integrations"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// callWebhook is the exact name of the action that signs and sends a delivery
// (wire/catalog.md#call-webhook). Its id is not public, so the catalogue is asked.
const callWebhook = "Call webhook"

type notifyModel struct {
	Trigger    types.String `tfsdk:"trigger"`
	Event      types.String `tfsdk:"event"`
	WebhookID  types.String `tfsdk:"webhook_id"`
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

var notifyPath = path.Root("notify_webhook")

func notifyOf(ctx context.Context, o types.Object, diags *diag.Diagnostics) *notifyModel {
	if o.IsNull() || o.IsUnknown() {
		return nil
	}
	var m notifyModel
	diags.Append(o.As(ctx, &m, basetypes.ObjectAsOptions{})...)
	return &m
}

// validateNotify checks what one attribute's validator cannot see.
func validateNotify(ctx context.Context, o types.Object, diags *diag.Diagnostics) {
	m := notifyOf(ctx, o, diags)
	if m == nil || diags.HasError() {
		return
	}
	switch {
	case !m.Trigger.IsNull() && !m.Event.IsNull():
		diags.AddAttributeError(notifyPath.AtName("trigger"), "Contradictory arguments", "Set one of trigger and event, not both.")
	case m.Trigger.IsNull() && m.Event.IsNull():
		diags.AddAttributeError(notifyPath, "Missing trigger", "Set trigger ("+strings.Join(integrations.Triggers(), ", ")+") or event.")
	}
	if m.Fields.IsNull() && !m.Trigger.IsUnknown() && m.Trigger.ValueString() != integrations.ScoreChanged && !m.hasOwnProperties(ctx, diags) {
		diags.AddAttributeError(notifyPath.AtName("fields"), "Missing fields",
			"Say which data to include, such as [\"Trigger.CID\"]. Only score_changed has a default: other triggers carry user names and command lines, and what leaves the company is your decision.")
	}
	if isLegacyIncident(m.Event.ValueString()) {
		warnLegacyIncident(notifyPath.AtName("event"), diags)
	}
}

// hasOwnProperties says whether the action's properties are, or may be, given as they are, fields included.
func (m *notifyModel) hasOwnProperties(ctx context.Context, diags *diag.Diagnostics) bool {
	if m.Action.IsUnknown() {
		return true
	}
	a := m.action(ctx, diags)
	return !a.Properties.IsNull()
}

func (m *notifyModel) action(ctx context.Context, diags *diag.Diagnostics) notifyActionModel {
	var a notifyActionModel
	if !m.Action.IsNull() && !m.Action.IsUnknown() {
		diags.Append(m.Action.As(ctx, &a, basetypes.ObjectAsOptions{})...)
	}
	return a
}

func isLegacyIncident(event string) bool {
	return event == integrations.LegacyIncident || strings.HasSuffix(event, "/"+integrations.LegacyIncident)
}

func warnLegacyIncident(at path.Path, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(at, "Legacy incident event",
		"CrowdStrike stopped making CrowdScore incidents on 2026-01-01, so nothing starts this workflow in a current tenant. Use the events Case/Created and Case/Updated (triggers new_incident and incident_update).")
}

// allKnown says whether every part of the block is known.
func allKnown(ctx context.Context, o types.Object) bool {
	v, err := o.ToTerraformValue(ctx)
	return err == nil && v.IsFullyKnown()
}

// composeNotify writes the document of a notify_webhook block from the
// tenant's catalogue; nil while the block is not fully known.
func (r *workflowResource) composeNotify(ctx context.Context, config workflowModel, diags *diag.Diagnostics) *fusion.Document {
	if !allKnown(ctx, config.NotifyWebhook) {
		return nil
	}
	m := notifyOf(ctx, config.NotifyWebhook, diags)
	if m == nil || diags.HasError() {
		return nil
	}
	trigger := r.findTrigger(ctx, m, diags)
	action := r.findAction(ctx, m, diags)
	if diags.HasError() {
		return nil
	}
	if m.Event.IsNull() && isLegacyIncident(trigger.Category) {
		warnLegacyIncident(notifyPath.AtName("trigger"), diags)
	}
	var fields []string
	diags.Append(m.Fields.ElementsAs(ctx, &fields, false)...)
	if len(fields) == 0 && action.Properties == nil {
		fields = scoreFields(trigger)
	}
	doc, err := fusion.Compose(fusion.Notify{
		Name:           config.Name.ValueString(),
		Description:    config.Description.ValueString(),
		Event:          trigger.Category,
		TriggerName:    trigger.Name,
		TriggerVersion: trigger.Version,
		WebhookID:      m.WebhookID.ValueString(),
		Fields:         fields,
		Condition:      m.Condition.ValueString(),
		DataFormat:     m.DataFormat.ValueString(),
		Action:         action,
	})
	if err != nil {
		diags.AddAttributeError(notifyPath.AtName("action"), "Could not fill in the action's properties", core.Sentence(err.Error()))
		return nil
	}
	return doc
}

func (r *workflowResource) findTrigger(ctx context.Context, m *notifyModel, diags *diag.Diagnostics) falcon.Trigger {
	triggers, err := r.Client.Triggers(ctx)
	if err != nil {
		diags.AddAttributeError(notifyPath, "Could not read the tenant's triggers", err.Error())
		return falcon.Trigger{}
	}
	if event := m.Event.ValueString(); event != "" {
		i := slices.IndexFunc(triggers, func(t falcon.Trigger) bool { return t.Category == event })
		if i < 0 {
			diags.AddAttributeError(notifyPath.AtName("event"), "Unknown trigger event",
				fmt.Sprintf("The tenant has no trigger for the event %q.%s", event, nearestHint(event, categories(triggers))))
			return falcon.Trigger{}
		}
		return triggers[i]
	}
	name := m.Trigger.ValueString()
	entries := make([]integrations.Entry, len(triggers))
	for i, t := range triggers {
		entries[i] = integrations.Entry{Category: t.Category, Name: t.Name}
	}
	i := integrations.Choose(name, entries)
	if i < 0 {
		wanted := integrations.Wanted(name)
		diags.AddAttributeError(notifyPath.AtName("trigger"), "Trigger not offered",
			fmt.Sprintf("The tenant's catalogue has no trigger that %s stands for (%s).%s Set event to the category of another trigger.",
				name, strings.Join(wanted, " or "), nearestHint(wanted[0], categories(triggers))))
		return falcon.Trigger{}
	}
	return triggers[i]
}

// findAction is the Call webhook action of the catalogue, or what the block puts in its place.
func (r *workflowResource) findAction(ctx context.Context, m *notifyModel, diags *diag.Diagnostics) fusion.Action {
	override := m.action(ctx, diags)
	activity := r.lookUpAction(ctx, override.ID.ValueString(), diags)
	if activity == nil {
		return fusion.Action{}
	}
	out := fusion.Action{
		ID:                activity.ID,
		Name:              activity.Name,
		VersionConstraint: fusion.VersionConstraint(activity.SemanticVersion),
		InputSchema:       activity.InputSchema,
	}
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
	return out
}

func (r *workflowResource) lookUpAction(ctx context.Context, id string, diags *diag.Diagnostics) *falcon.Activity {
	if id != "" {
		activity, err := r.Client.Activity(ctx, id)
		if err != nil {
			diags.AddAttributeError(notifyPath.AtName("action").AtName("id"), "Could not find the action", err.Error())
		}
		return activity
	}
	found, err := r.Client.ActivitiesByName(ctx, callWebhook)
	if err != nil {
		diags.AddAttributeError(notifyPath, "Could not read the tenant's actions", err.Error())
		return nil
	}
	switch len(found) {
	case 1:
		return &found[0]
	case 0:
		detail := fmt.Sprintf("The tenant's catalogue has no action named %q: it comes with the CrowdStrike Webhook app of the CrowdStrike Store. Install that app, or name another action in action.id.", callWebhook)
		like, err := r.Client.ActivitiesLike(ctx, callWebhook)
		if err != nil {
			diags.AddAttributeError(notifyPath, "Could not read the tenant's actions", err.Error())
			return nil
		}
		if len(like) > 0 {
			detail += " Actions with a similar name: " + activityList(like) + "."
		}
		diags.AddAttributeError(notifyPath, "Call webhook not offered", detail)
	default:
		diags.AddAttributeError(notifyPath, "Several Call webhook actions",
			fmt.Sprintf("The tenant's catalogue has %d actions named %q: %s. Choose one with action.id.", len(found), callWebhook, activityList(found)))
	}
	return nil
}

// activityList names the first few activities with their ids.
func activityList(activities []falcon.Activity) string {
	var out []string
	for _, a := range activities[:min(len(activities), 5)] {
		out = append(out, fmt.Sprintf("%s (%s)", a.Name, a.ID))
	}
	return strings.Join(out, ", ")
}

// scoreFields is the default data of score_changed: the trigger's scores, the
// sensor's id and the CID, as far as the catalogue shows them. Trigger.CID is
// there for every trigger (wire/catalog.md#triggers).
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
