package score

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/ephemeral/timeouts"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ ephemeral.EphemeralResourceWithConfigure      = (*scoresEphemeral[userScoresOpened, *userScoresOpened])(nil)
	_ ephemeral.EphemeralResourceWithValidateConfig = (*scoresEphemeral[hostScoresOpened, *hostScoresOpened])(nil)
)

// NewUserScoresEphemeral returns the ephemeral resource falcon_user_scores.
func NewUserScoresEphemeral() ephemeral.EphemeralResource {
	return &scoresEphemeral[userScoresOpened, *userScoresOpened]{
		name:       "_user_scores",
		attributes: userScoresAttributes,
		description: "The Identity Protection risk scores of many users, as the data source of this name reads them, for conditions: " +
			"nothing of it is kept in state or plan.\n\n" + identityScopes,
	}
}

func NewHostScoresEphemeral() ephemeral.EphemeralResource {
	return &scoresEphemeral[hostScoresOpened, *hostScoresOpened]{
		name:       "_host_scores",
		attributes: hostScoresAttributes,
		description: "The Zero Trust Assessment scores of many hosts, as the data source of this name reads them, for conditions: " +
			"nothing of it is kept in state or plan.\n\nRequired API scopes: `zero-trust-assessment:read`.",
	}
}

// scoresEphemeral is a data source of scores with nothing in state or plan. M
// is its model.
type scoresEphemeral[M any, P openedScores[M]] struct {
	core.EphemeralBase
	name, description string
	attributes        func() map[string]datasource.Attribute
}

type openedScores[M any] interface {
	*M
	Validate(diags *diag.Diagnostics)
	open(ctx context.Context, client *falcon.Client, diags *diag.Diagnostics)
}

type userScoresOpened struct {
	userScoresModel
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

func (m *userScoresOpened) open(ctx context.Context, client *falcon.Client, diags *diag.Diagnostics) {
	m.userScoresModel = m.fill(ctx, identity.New(client), diags)
}

type hostScoresOpened struct {
	hostScoresModel
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

func (m *hostScoresOpened) open(ctx context.Context, client *falcon.Client, diags *diag.Diagnostics) {
	m.hostScoresModel = m.fill(ctx, client, diags)
}

func (e *scoresEphemeral[M, P]) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + e.name
}

func (e *scoresEphemeral[M, P]) Schema(ctx context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	attributes := core.EphemeralAttributes(e.attributes())
	attributes["timeouts"] = timeouts.Attributes(ctx)
	resp.Schema = schema.Schema{MarkdownDescription: e.description, Attributes: attributes}
}

func (e *scoresEphemeral[M, P]) ValidateConfig(ctx context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse) {
	var m M
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() {
		P(&m).Validate(&resp.Diagnostics)
	}
}

func (e *scoresEphemeral[M, P]) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m M
	var limits timeouts.Value
	if !core.DecodeConfig(ctx, req.Config, &m, &limits, &resp.Diagnostics) {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, limits.Open, &resp.Diagnostics)
	defer cancel()
	P(&m).open(ctx, e.Client, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Result.Set(ctx, m)...)
	}
}
