package webhook

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var _ list.ListResourceWithConfigure = (*listResource)(nil)

// NewListResource returns the list resource falcon_webhook, for terraform query.
func NewListResource() list.ListResource { return &listResource{} }

type listResource struct{ core.ListBase }

func (l *listResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_webhook"
}

func (l *listResource) ListResourceConfigSchema(ctx context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the configurations of the *CrowdStrike Webhook* Store app, to find and import those that are not in code yet. Falcon does not show their HMAC keys. " +
			"Where it is not known which app that is, the configurations of all Store apps are listed, with a warning.\n\n" +
			"Required API scopes: `api-integrations:read` and `workflow:read`.",
		Attributes: core.ListAttributes(ctx, "configurations"),
	}
}

func (l *listResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var m core.ListModel
	if !core.ListConfig(ctx, req, &m, stream) {
		return
	}
	var candidates falcon.WebhookCandidates
	stream.Results = core.Listing[falcon.PluginConfig]{
		Summary: "Unable to list webhook configurations",
		Timeout: m.Timeouts.List,
		Objects: func(ctx context.Context) iter.Seq2[falcon.PluginConfig, error] { return l.configs(ctx, &candidates) },
		Keep:    func(c falcon.PluginConfig) bool { return m.Named(core.ShownName(c.Name)) },
		ID:      func(c falcon.PluginConfig) string { return c.ID },
		Name:    func(c falcon.PluginConfig) string { return core.ShownName(c.Name) },
		Fill: func(ctx context.Context, c falcon.PluginConfig, into *tfsdk.Resource, diags *diag.Diagnostics) bool {
			var state model
			diags.Append(into.Get(ctx, &state)...)
			state = state.stateFromRead(c)
			if state.Name.IsNull() || state.URL.IsNull() {
				diags.Append(partlyHidden(state))
			}
			core.KeepModel(ctx, state, into, diags)
			return false
		},
		Note: func(diags *diag.Diagnostics) {
			if len(candidates.Configs) > 0 && !candidates.AppKnown {
				diags.Append(listedOfAllApps(candidates))
			}
		},
	}.Results(ctx, req)
}

// configs reads the whole list first: which configurations belong to the app is known only then.
func (l *listResource) configs(ctx context.Context, candidates *falcon.WebhookCandidates) iter.Seq2[falcon.PluginConfig, error] {
	return func(yield func(falcon.PluginConfig, error) bool) {
		var err error
		if *candidates, err = l.Client.WebhookCandidates(ctx); err != nil {
			yield(falcon.PluginConfig{}, err)
			return
		}
		for _, c := range candidates.Configs {
			if !yield(c, nil) {
				return
			}
		}
	}
}
