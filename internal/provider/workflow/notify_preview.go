package workflow

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// unknownWebhookID stands for the id of a configuration that the plan creates.
var unknownWebhookID = strings.Repeat("0", 31) + "-"

// unknownURL stands for the URL of a receiver that the plan creates.
const unknownURL = "https://unknown.invalid/"

// checkBeforeWebhook checks a notify_webhook block of which only webhook_id or the URL is unknown, because the plan creates
// the receiver too: what the catalog shows to be wrong is then an error before anything is created. Without the catalog
// there is no check, as for a document.
func (m *model) checkBeforeWebhook(ctx context.Context, data *core.ProviderData, config model, diags *diag.Diagnostics) {
	block := config.NotifyWebhook
	if block.IsNull() || block.IsUnknown() || diags.HasError() || data.Once.Added(checkUnanswered) {
		return
	}
	filled, more := withKnownReceiver(ctx, block)
	diags.Append(more...)
	if filled.IsNull() {
		return
	}
	if known, err := filled.ToTerraformValue(ctx); err != nil || !known.IsFullyKnown() || diags.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, core.PlanCheckTime)
	defer cancel()
	if _, err := data.Client.Triggers(ctx); err != nil {
		if !warnUnchecked(data, err, diags) {
			diags.AddAttributeWarning(notifyPath, "Unable to read triggers", core.Sentence(err.Error()))
		}
		return
	}
	name := config.Name.ValueString()
	if config.Name.IsUnknown() {
		name = "-"
	}
	doc := composeNotify(ctx, data, filled, name, config.Description.ValueString(), diags)
	if doc == nil {
		return
	}
	m.checkOffline(ctx, doc, diags)
	if err := m.checkCatalog(ctx, data.Client, doc, true, diags); err != nil {
		warnUnchecked(data, err, diags)
	}
}

// withKnownReceiver replaces an unknown webhook_id or URL of a block. It returns null if neither is unknown.
func withKnownReceiver(ctx context.Context, block types.Object) (types.Object, diag.Diagnostics) {
	members := block.Attributes()
	if id, ok := members["webhook_id"]; ok && id.IsUnknown() {
		members["webhook_id"] = types.StringValue(unknownWebhookID)
		return types.ObjectValue(block.AttributeTypes(ctx), members)
	}
	request, ok := members["http"].(types.Object)
	if !ok || request.IsNull() || request.IsUnknown() {
		return types.ObjectNull(block.AttributeTypes(ctx)), nil
	}
	parts := request.Attributes()
	if url, ok := parts["url"]; !ok || !url.IsUnknown() {
		return types.ObjectNull(block.AttributeTypes(ctx)), nil
	}
	parts["url"] = types.StringValue(unknownURL)
	filled, diags := types.ObjectValue(request.AttributeTypes(ctx), parts)
	members["http"] = filled
	out, more := types.ObjectValue(block.AttributeTypes(ctx), members)
	diags.Append(more...)
	return out, diags
}

// checkWebhook reports a webhook_id that is not the id of a configuration. Falcon reports it only when the workflow is
// enabled. Another action than Call webhook may have another kind of id, and without permission to list there is no check.
func (m *notifyModel) checkWebhook(ctx context.Context, client *falcon.Client, diags *diag.Diagnostics) {
	if !m.Action.IsNull() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, core.PlanCheckTime)
	defer cancel()
	id := m.WebhookID.ValueString()
	found, err := client.PluginConfig(ctx, id)
	if err != nil && !falcon.IsNotFound(err) {
		return
	}
	list, listErr := client.WebhookCandidates(ctx)
	detail := fmt.Sprintf("The tenant has no configuration of the CrowdStrike Webhook app with the id %s.", id)
	if found != nil {
		if listErr != nil || falcon.ConfigWithID(list.Others, id) == nil {
			return
		}
		detail = fmt.Sprintf("The configuration %s belongs to another app of the CrowdStrike Store. Only a configuration of the CrowdStrike Webhook app can be used.", shownConfig(*found))
	}
	if listErr == nil && len(list.Configs) > 0 {
		var known []string
		for _, c := range list.Configs[:min(len(list.Configs), 5)] {
			known = append(known, shownConfig(c))
		}
		detail += " Configurations: " + strings.Join(known, ", ") + "."
	}
	diags.AddAttributeError(notifyPath.AtName("webhook_id"), "Webhook configuration not found", detail)
}

// shownConfig is what messages show of a configuration.
func shownConfig(c falcon.PluginConfig) string {
	if c.Name == nil {
		return c.ID
	}
	return fmt.Sprintf("%s (%s)", *c.Name, c.ID)
}
