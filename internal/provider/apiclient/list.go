package apiclient

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var _ list.ListResourceWithConfigure = (*listResource)(nil)

// NewListResource returns the list resource falcon_api_client.
func NewListResource() list.ListResource { return &listResource{} }

type listResource struct{ core.ListBase }

func (l *listResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = core.APIClientType
}

func (l *listResource) ListResourceConfigSchema(ctx context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the API clients of the tenant, oldest first, to find and import those that no configuration manages yet. Falcon does not show their secrets.\n\n" +
			"Required API scopes: `api-client-mgmt:read`.",
		Attributes: core.ListAttributes(ctx, "API clients"),
	}
}

func (l *listResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config core.ListModel
	if !core.ListConfig(ctx, req, &config, stream) {
		return
	}
	stream.Results = core.Listing[falcon.APIClient]{
		Summary: "Unable to list API clients",
		Timeout: config.Timeouts.List,
		Objects: l.Client.EachAPIClient,
		Keep:    func(a falcon.APIClient) bool { return config.Named(core.ShownName(a.Name)) },
		ID:      func(a falcon.APIClient) string { return a.ID },
		Name:    func(a falcon.APIClient) string { return core.ShownName(a.Name) },
		Fill: func(ctx context.Context, a falcon.APIClient, into *tfsdk.Resource, diags *diag.Diagnostics) bool {
			var m model
			diags.Append(into.Get(ctx, &m)...)
			m.fromAPI(ctx, &a, l.Client.BaseURL(), diags)
			core.KeepModel(ctx, m, into, diags)
			return false
		},
	}.Results(ctx, req)
}
