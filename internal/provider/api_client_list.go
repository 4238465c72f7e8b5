package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

var _ list.ListResourceWithConfigure = (*apiClientList)(nil)

func newAPIClientList() list.ListResource { return &apiClientList{} }

// apiClientList lists the API clients of the tenant for terraform query.
type apiClientList struct{ listBase }

func (l *apiClientList) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = apiClientType
}

func (l *apiClientList) ListResourceConfigSchema(ctx context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The API clients of the tenant, oldest first, to see which are not in code yet and to take them in. Secrets are not among what Falcon shows.\n\n" +
			"Required API scopes: `api-client-mgmt:read`.",
		Attributes: listAttributes(ctx, "API clients"),
	}
}

func (l *apiClientList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var m listModel
	if !listConfig(ctx, req, &m, stream) {
		return
	}
	stream.Results = listing[falcon.APIClient]{
		summary: "Could not list the API clients",
		timeout: m.Timeouts.List,
		objects: l.client.EachAPIClient,
		keep:    func(a falcon.APIClient) bool { return m.named(shownName(a.Name)) },
		id:      func(a falcon.APIClient) string { return a.ID },
		name:    func(a falcon.APIClient) string { return shownName(a.Name) },
		fill: func(ctx context.Context, a falcon.APIClient, into *tfsdk.Resource, diags *diag.Diagnostics) bool {
			var model apiClientModel
			diags.Append(into.Get(ctx, &model)...)
			model.takeRead(ctx, &a, l.client.BaseURL(), diags)
			keepModel(ctx, model, into, diags)
			return false
		},
	}.results(ctx, req)
}
