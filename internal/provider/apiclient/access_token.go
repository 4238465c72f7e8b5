package apiclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/ephemeral/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ ephemeral.EphemeralResourceWithConfigure = (*accessTokenEphemeral)(nil)
	_ ephemeral.EphemeralResourceWithClose     = (*accessTokenEphemeral)(nil)
)

func NewAccessTokenEphemeral() ephemeral.EphemeralResource { return &accessTokenEphemeral{} }

// accessTokenEphemeral takes a token of its own and revokes it when it is no
// longer needed. There is no Renew: Falcon cannot lengthen a token's life.
type accessTokenEphemeral struct{ core.EphemeralBase }

type accessTokenModel struct {
	MemberCID   types.String   `tfsdk:"member_cid"`
	AccessToken types.String   `tfsdk:"access_token"`
	ExpiresAt   types.String   `tfsdk:"expires_at"`
	BaseURL     types.String   `tfsdk:"base_url"`
	Timeouts    timeouts.Value `tfsdk:"timeouts"`
}

// tokenKey is where Close finds the token. Terraform keeps an ephemeral
// resource's private data in memory only.
const tokenKey = "token"

func (e *accessTokenEphemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_token"
}

func (e *accessTokenEphemeral) Schema(ctx context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An access token of the Falcon API, for another provider's block or a write-only argument. It is a new one each time, has all scopes of the provider's own API client, " +
			"and is revoked when Terraform no longer needs it. Nothing of it is kept in state or plan.\n\n" +
			"A token lives for 30 minutes at most, and Falcon cannot lengthen that: what uses it for longer will fail. " +
			"The provider needs `client_id` and `client_secret` for this; with `access_token` it cannot get another one.\n\n" +
			"Required API scopes: none.",
		Attributes: map[string]schema.Attribute{
			"member_cid": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "CID of the Flight Control child tenant that the token is for. Default: the provider's `member_cid`, else the tenant of the API client.",
				Validators:          []validator.String{core.MemberCIDValidator()},
			},
			"access_token": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				MarkdownDescription: "The token, for the header `Authorization: Bearer …`.",
			},
			"expires_at": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the token ends if it is not revoked before, RFC 3339 in UTC.",
			},
			"base_url": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Base URL of the API that takes the token.",
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func (e *accessTokenEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m accessTokenModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, m.Timeouts.Open, &resp.Diagnostics)
	defer cancel()

	token, err := e.Client.NewAccessToken(ctx, m.MemberCID.ValueString())
	if err != nil {
		m.addError(resp, err)
		return
	}
	m.AccessToken = types.StringValue(token.Value)
	m.ExpiresAt = types.StringValue(token.ExpiresAt.UTC().Format(time.RFC3339))
	m.BaseURL = types.StringValue(e.Client.BaseURL())
	private, err := json.Marshal(token.Value)
	if err != nil {
		resp.Diagnostics.AddError("Could not keep the access token", err.Error())
		return
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, tokenKey, private)...)
	resp.Diagnostics.Append(resp.Result.Set(ctx, m)...)
}

func (m accessTokenModel) addError(resp *ephemeral.OpenResponse, err error) {
	const summary = "Could not get an access token"
	var answered *falcon.Error
	switch {
	case errors.Is(err, falcon.ErrNoCredentials):
		resp.Diagnostics.AddError(summary,
			"The provider is configured with access_token, and a token cannot get another one. Set client_id and client_secret instead, or use the token that the provider was given.")
	case !m.MemberCID.IsNull() && errors.As(err, &answered) && answered.Status == http.StatusForbidden:
		resp.Diagnostics.AddAttributeError(core.Attribute("member_cid"), summary,
			fmt.Sprintf("Falcon gives the provider's API client no token for the CID %s. %s", m.MemberCID.ValueString(), core.Sentence(err.Error())))
	default:
		resp.Diagnostics.AddError(summary, core.Sentence(err.Error()))
	}
}

func (e *accessTokenEphemeral) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	private, diags := req.Private.GetKey(ctx, tokenKey)
	resp.Diagnostics.Append(diags...)
	var token string
	if err := json.Unmarshal(private, &token); err != nil || token == "" {
		return // Open did not get as far as a token
	}
	if err := e.Client.RevokeToken(ctx, token); err != nil {
		resp.Diagnostics.AddWarning("Access token not revoked",
			fmt.Sprintf("An access token that is no longer needed could not be revoked. It ends by itself, 30 minutes after it was made. %s", core.Sentence(err.Error())))
	}
}
