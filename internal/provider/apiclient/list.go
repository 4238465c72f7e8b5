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

var _ list.ListResourceWithConfigure = (*apiClientList)(nil)

func NewAPIClientList() list.ListResource { return &apiClientList{} }

// apiClientList lists the API clients of the tenant for terraform query.
type apiClientList struct{ core.ListBase }

func (l *apiClientList) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = core.APIClientType
}

func (l *apiClientList) ListResourceConfigSchema(ctx context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The API clients of the tenant, oldest first, to see which are not in code yet and to take them in. Secrets are not among what Falcon shows.\n\n" +
			"Required API scopes: `api-client-mgmt:read`.",
		Attributes: core.ListAttributes(ctx, "API clients"),
	}
}

func (l *apiClientList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var m core.ListModel
	if !core.ListConfig(ctx, req, &m, stream) {
		return
	}
	stream.Results = core.Listing[falcon.APIClient]{
		Summary: "Could not list the API clients",
		Timeout: m.Timeouts.List,
		Objects: l.Client.EachAPIClient,
		Keep:    func(a falcon.APIClient) bool { return m.Named(core.ShownName(a.Name)) },
		ID:      func(a falcon.APIClient) string { return a.ID },
		Name:    func(a falcon.APIClient) string { return core.ShownName(a.Name) },
		Fill: func(ctx context.Context, a falcon.APIClient, into *tfsdk.Resource, diags *diag.Diagnostics) bool {
			var model apiClientModel
			diags.Append(into.Get(ctx, &model)...)
			model.takeRead(ctx, &a, l.Client.BaseURL(), diags)
			core.KeepModel(ctx, model, into, diags)
			return false
		},
	}.Results(ctx, req)
}
