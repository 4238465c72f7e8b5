package webhook

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var _ list.ListResourceWithConfigure = (*webhookList)(nil)

func NewWebhookList() list.ListResource { return &webhookList{} }

// webhookList lists the configurations of the CrowdStrike Webhook app for terraform query.
type webhookList struct{ core.ListBase }

func (l *webhookList) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_webhook"
}

func (l *webhookList) ListResourceConfigSchema(ctx context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The configurations of the *CrowdStrike Webhook* Store app, to see which are not in code yet and to take them in. HMAC keys are not among what Falcon shows. " +
			"Where the tenant's catalogue does not tell which app that is, the configurations of all Store apps are listed.\n\n" +
			"Required API scopes: `api-integrations:read` and `workflow:read`.",
		Attributes: core.ListAttributes(ctx, "configurations"),
	}
}

func (l *webhookList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var m core.ListModel
	if !core.ListConfig(ctx, req, &m, stream) {
		return
	}
	stream.Results = core.Listing[falcon.PluginConfig]{
		Summary: "Could not list the webhook configurations",
		Timeout: m.Timeouts.List,
		Objects: l.configs,
		Keep:    func(c falcon.PluginConfig) bool { return m.Named(core.ShownName(c.Name)) },
		ID:      func(c falcon.PluginConfig) string { return c.ID },
		Name:    func(c falcon.PluginConfig) string { return core.ShownName(c.Name) },
		Fill: func(ctx context.Context, c falcon.PluginConfig, into *tfsdk.Resource, diags *diag.Diagnostics) bool {
			var model webhookModel
			diags.Append(into.Get(ctx, &model)...)
			model = model.refreshed(c)
			warnHidden(model, diags)
			core.KeepModel(ctx, model, into, diags)
			return false
		},
	}.Results(ctx, req)
}

// configs reads the whole list at once: which of the configurations are the
// app's is known only when all are.
func (l *webhookList) configs(ctx context.Context) iter.Seq2[falcon.PluginConfig, error] {
	return func(yield func(falcon.PluginConfig, error) bool) {
		configs, err := l.Client.WebhookConfigs(ctx)
		if err != nil {
			yield(falcon.PluginConfig{}, err)
			return
		}
		for _, c := range configs {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// warnHidden names what generated configuration will lack.
func warnHidden(m webhookModel, diags *diag.Diagnostics) {
	var hidden []string
	if m.Name.IsNull() {
		hidden = append(hidden, "name")
	}
	if m.URL.IsNull() {
		hidden = append(hidden, "url")
	}
	if len(hidden) > 0 {
		diags.AddWarning("Falcon does not show all of a webhook configuration", fmt.Sprintf(
			"Of the configuration with the id %s Falcon does not show: %s. Write it into generated configuration yourself.", m.ID.ValueString(), strings.Join(hidden, ", ")))
	}
}
