package workflow

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// checkBeforeWebhook checks a notify_webhook block of which only webhook_id is unknown, because the plan creates the
// configuration too: what the catalog shows to be wrong is then an error before anything is created. Without the catalog
// there is no check, as for a document.
func (m *model) checkBeforeWebhook(ctx context.Context, data *core.ProviderData, config model, diags *diag.Diagnostics) {
	block := config.NotifyWebhook
	if block.IsNull() || block.IsUnknown() || diags.HasError() || data.Once.Added(checkUnanswered) {
		return
	}
	members := block.Attributes()
	if id, ok := members["webhook_id"]; !ok || !id.IsUnknown() {
		return
	}
	members["webhook_id"] = types.StringValue(strings.Repeat("0", 32))
	filled, more := types.ObjectValue(block.AttributeTypes(ctx), members)
	diags.Append(more...)
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
