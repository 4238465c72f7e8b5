package apiclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/ephemeral/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var (
	_ ephemeral.EphemeralResourceWithConfigure = (*accessToken)(nil)
	_ ephemeral.EphemeralResourceWithClose     = (*accessToken)(nil)
)

// NewAccessToken returns the ephemeral resource falcon_access_token.
func NewAccessToken() ephemeral.EphemeralResource { return &accessToken{} }

// accessToken requests a token of its own and revokes it when Terraform no longer needs it. There is no Renew: Falcon cannot
// extend the lifetime of a token.
type accessToken struct{ core.EphemeralBase }

type tokenModel struct {
	MemberCID   types.String   `tfsdk:"member_cid"`
	AccessToken types.String   `tfsdk:"access_token"`
	ExpiresAt   types.String   `tfsdk:"expires_at"`
	BaseURL     types.String   `tfsdk:"base_url"`
	Timeouts    timeouts.Value `tfsdk:"timeouts"`
}

// tokenKey is the key in the private data under which Close finds the token. Terraform keeps the private data of ephemeral
// resources in memory only.
const tokenKey = "token"

func (e *accessToken) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_token"
}

func (e *accessToken) Schema(ctx context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Opens an access token of the Falcon API, for the block of another provider or a write-only argument. Every run gets a new token. It has all scopes of the provider's own API client " +
			"and is revoked when Terraform no longer needs it. Neither state nor plan contains it.\n\n" +
			"A token is valid for at most 30 minutes, and Falcon cannot extend that: operations that use it for longer fail. " +
			"The provider needs `client_id` and `client_secret`, because an `access_token` cannot request another one.\n\n" +
			"Required API scopes: none.",
		Attributes: map[string]schema.Attribute{
			"member_cid": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "CID of the Flight Control child tenant that the token is for. Default: the provider's `member_cid`, or else the tenant of the API client.",
				Validators:          []validator.String{core.MemberCIDValidator()},
			},
			"access_token": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				MarkdownDescription: "The token, for the header `Authorization: Bearer …`.",
			},
			"expires_at": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the token expires unless it is revoked before, in RFC 3339 format and UTC.",
			},
			"base_url": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Base URL of the API that accepts the token.",
			},
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}

func (e *accessToken) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m tokenModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := core.WithTimeout(ctx, m.Timeouts.Open, &resp.Diagnostics)
	defer cancel()

	token, err := e.Client.NewAccessToken(ctx, m.MemberCID.ValueString())
	if err != nil {
		m.addOpenError(err, &resp.Diagnostics)
		return
	}
	m.AccessToken = types.StringValue(token.Value)
	m.ExpiresAt = types.StringValue(token.ExpiresAt.UTC().Format(time.RFC3339))
	m.BaseURL = types.StringValue(e.Client.BaseURL())
	private, err := json.Marshal(token.Value)
	if err != nil {
		resp.Diagnostics.AddError("Unable to store access token", core.Sentence(err.Error()))
		return
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, tokenKey, private)...)
	resp.Diagnostics.Append(resp.Result.Set(ctx, m)...)
}

func (e *accessToken) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	private, diags := req.Private.GetKey(ctx, tokenKey)
	resp.Diagnostics.Append(diags...)
	var token string
	if err := json.Unmarshal(private, &token); err != nil || token == "" {
		return // Open failed before there was a token
	}
	if err := e.Client.RevokeToken(ctx, token); err != nil {
		resp.Diagnostics.AddWarning("Access token not revoked",
			fmt.Sprintf("An access token that is no longer needed could not be revoked. It expires 30 minutes after it was created. %s", core.Sentence(err.Error())))
	}
}

func (m tokenModel) addOpenError(err error, diags *diag.Diagnostics) {
	const summary = "Unable to open access token"
	var refusal *falcon.Error
	switch {
	case errors.Is(err, falcon.ErrNoCredentials):
		diags.AddError(summary,
			"The provider is configured with access_token, and a token cannot request another one. Set client_id and client_secret instead, or use the token with which the provider is configured.")
	case !m.MemberCID.IsNull() && errors.As(err, &refusal) && refusal.Status == http.StatusForbidden:
		diags.AddAttributeError(core.Attribute("member_cid"), summary,
			fmt.Sprintf("Falcon does not issue a token for the CID %s to the provider's API client. %s", m.MemberCID.ValueString(), core.Sentence(err.Error())))
	default:
		diags.AddError(summary, core.Sentence(err.Error()))
	}
}
