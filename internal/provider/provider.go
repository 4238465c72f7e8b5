package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/apiclient"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/integration"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/score"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/webhook"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/workflow"
)

var (
	_ provider.Provider                       = (*falconProvider)(nil)
	_ provider.ProviderWithValidateConfig     = (*falconProvider)(nil)
	_ provider.ProviderWithFunctions          = (*falconProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*falconProvider)(nil)
	_ provider.ProviderWithListResources      = (*falconProvider)(nil)
	_ provider.ProviderWithActions            = (*falconProvider)(nil)
)

// New returns a constructor of the provider in the given version.
func New(version string) func() provider.Provider {
	return NewWithTransport(version, nil)
}

// NewWithTransport is [New] with a transport that replaces the network, for tests. A nil transport is the network.
func NewWithTransport(version string, transport http.RoundTripper) func() provider.Provider {
	return func() provider.Provider { return &falconProvider{version: version, transport: transport} }
}

// falconProvider implements the provider.
type falconProvider struct {
	version string
	// transport replaces the network in tests.
	transport http.RoundTripper
}

type providerModel struct {
	ClientID      types.String `tfsdk:"client_id"`
	ClientSecret  types.String `tfsdk:"client_secret"`
	AccessToken   types.String `tfsdk:"access_token"`
	Cloud         types.String `tfsdk:"cloud"`
	BaseURL       types.String `tfsdk:"base_url"`
	MemberCID     types.String `tfsdk:"member_cid"`
	MaxRetries    types.Int64  `tfsdk:"max_retries"`
	WebhookWrites types.String `tfsdk:"webhook_writes"`

	CID             types.String `tfsdk:"cid"`
	PreviousTenants types.Set    `tfsdk:"previous_tenants"`
}

func (p *falconProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "falcon"
	resp.Version = p.version
}

func (p *falconProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Sets up CrowdStrike Falcon integrations: API clients, webhook configurations and Fusion SOAR workflows, and reads the scores that they share.",
		Attributes: map[string]schema.Attribute{
			"client_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Id of the API client that the provider uses. Environment: `FALCON_CLIENT_ID`.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"client_secret": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "Secret of that API client. Environment: `FALCON_CLIENT_SECRET`.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"access_token": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "An OAuth2 access token, instead of `client_id` and `client_secret`. A token does not contain its cloud, so `cloud` or `base_url` is required. Environment: `FALCON_ACCESS_TOKEN`.",
				Validators:          []validator.String{core.NotBlank()},
			},
			"cloud": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The Falcon cloud of the tenant: `autodiscover` (default; detects the commercial clouds), `us-1`, `us-2`, `us-3`, `eu-1`, `us-gov-1` or `us-gov-2`. Environment: `FALCON_CLOUD`.",
				Validators:          []validator.String{core.CloudValidator()},
			},
			"base_url": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Base URL of the Falcon API, instead of `cloud`. Must use `https`, or `http` for a loopback address. Environment: `FALCON_BASE_URL`. If `falconsim` runs the command, it sets `FALCON_SIMULATOR`: the provider then uses the simulator instead of `cloud`, and refuses any other base URL.",
				Validators:          []validator.String{core.BaseURLValidator()},
			},
			"member_cid": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "CID of the Flight Control child tenant to work in. Environment: `FALCON_MEMBER_CID`.",
				Validators:          []validator.String{core.MemberCIDValidator()},
			},
			"cid": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "CID of the tenant that this configuration is for. If the provider is signed in to another tenant, every plan and apply is an error. Only this argument protects a saved plan that creates objects from being applied with the credentials of another tenant. Requires the scope `sensor-installers:read`, or `member_cid`.",
				Validators:          []validator.String{core.MemberCIDValidator()},
			},
			"max_retries": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "How often a request that can safely be repeated is retried, 0 to 20, default 5. Waits for a rate limit (HTTP 429) do not count: the provider waits as long as Falcon states, or up to 90 seconds if Falcon states no time or one in the past. Environment: `FALCON_MAX_RETRIES`.",
				Validators:          []validator.Int64{int64validator.Between(0, maxMaxRetries)},
			},
			"webhook_writes": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Whether `falcon_webhook` may try to write webhook configurations, for which CrowdStrike has not published an operation: `try` (default) or `never`. Environment: `FALCON_WEBHOOK_WRITES`.",
				Validators:          []validator.String{stringvalidator.OneOf(core.WebhookWritesTry, core.WebhookWritesNever)},
			},
			"previous_tenants": schema.SetAttribute{
				Optional:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "Tenants in which objects of the state may have been created, each as its CID or, if the provider could not read the CID, as its base URL. The provider refuses to read, plan or destroy an object in any other tenant than its own. Objects of these tenants are looked up in the current tenant instead: an object that is found belongs to it from then on, any other counts as deleted. Use this if a tenant moved, or to create the objects again in another tenant.",
				Validators:          []validator.Set{core.NoNullElements(), setvalidator.ValueStringsAre(core.CIDOrBaseURLValidator())},
			},
		},
	}
}

// ValidateConfig reports mutually exclusive arguments. The environment is checked in Configure.
func (p *falconProvider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var m providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	checkConflicts(m, &resp.Diagnostics)
}

func (p *falconProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var m providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	shared := p.signIn(ctx, m, req.TerraformVersion, &resp.Diagnostics)
	if m.isEmpty() && resp.Diagnostics.HasError() {
		// Without a provider block, Terraform prints "requires explicit configuration" above an error of this request, and an
		// empty block looks the same as none. So the error is that of the first object that uses the provider.
		shared = &core.ProviderData{Problems: withoutPaths(resp.Diagnostics)}
		resp.Diagnostics = nil
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.ResourceData = shared
	resp.DataSourceData = shared
	resp.EphemeralResourceData = shared
	resp.ListResourceData = shared
	resp.ActionData = shared
}

// signIn returns the data that everything in the provider shares, or nil after an error.
func (p *falconProvider) signIn(ctx context.Context, m providerModel, terraformVersion string, diags *diag.Diagnostics) *core.ProviderData {
	cfg := resolveConfig(m, environment, diags)
	previous := previousTenants(m.PreviousTenants, diags)
	if diags.HasError() {
		return nil
	}
	cfg.HTTPTransport = p.transport
	cfg.UserAgent = "terraform-provider-falcon/" + p.version + " terraform/" + terraformVersion
	cfg.Log = func(ctx context.Context, msg string, fields map[string]any) { tflog.Debug(ctx, msg, fields) }

	// The client outlives this request, whose context is cancelled when Configure returns.
	ctx, cancel := context.WithTimeout(ctx, core.DefaultTimeout)
	defer cancel()
	client, err := authenticated(ctx, cfg)
	switch {
	case err == nil:
	case isWrongMember(ctx, cfg, err):
		diags.AddAttributeError(core.Attribute("member_cid"), unableToSignIn, fmt.Sprintf(
			"%s is not the CID of a child tenant that the API client %s may act for: Falcon refuses an access token for it, and issues one for the client's own tenant. "+
				"Check the CID (Host setup and management > Sensor downloads in the child tenant), and that the API client was created in the Flight Control parent tenant.", cfg.MemberCID, cfg.ClientID))
		return nil
	default:
		addCredentialsError(diags, cfg, err)
		return nil
	}
	if !checkTenant(ctx, client, m.CID, diags) {
		return nil
	}
	return &core.ProviderData{Client: client, WebhookWrites: cfg.WebhookWrites, PreviousTenants: previous}
}

// authenticated returns a client that has an access token.
func authenticated(ctx context.Context, cfg falcon.Config) (*falcon.Client, error) {
	client, err := falcon.New(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return client, client.Authenticate(ctx)
}

// isWrongMember reports whether member_cid is the reason why Falcon refused an access token. Its response does not say so
// (wire/authentication.md#token), but without member_cid the same credentials get a token.
func isWrongMember(ctx context.Context, cfg falcon.Config, err error) bool {
	fe, ok := errors.AsType[*falcon.Error](err)
	if cfg.MemberCID == "" || !ok || fe.Status != http.StatusForbidden {
		return false
	}
	cfg.MemberCID = ""
	_, err = authenticated(ctx, cfg)
	return err == nil
}

func (p *falconProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		core.InOneTenant(apiclient.NewResource),
		core.InOneTenant(webhook.NewResource),
		core.InOneTenant(workflow.NewResource),
	}
}

func (p *falconProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		integration.NewTenantDataSource,
		integration.NewProbeDataSource,
		integration.NewChildTenantsDataSource,
		apiclient.NewScopesDataSource,
		apiclient.NewDataSource,
		apiclient.NewClientsDataSource,
		webhook.NewDataSource,
		score.NewHostScoreDataSource,
		score.NewHostScoresDataSource,
		score.NewHostScoreSummaryDataSource,
		score.NewUserScoreDataSource,
		score.NewUserScoresDataSource,
		score.NewDomainsDataSource,
		score.NewDomainAssessmentDataSource,
		workflow.NewDataSource,
		workflow.NewTriggerDataSource,
		workflow.NewActionDataSource,
		workflow.NewCatalogDataSource,
		workflow.NewPortableDataSource,
	}
}

func (p *falconProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		integration.NewProbe,
		apiclient.NewAccessToken,
		score.NewHostScoresEphemeral,
		score.NewUserScoresEphemeral,
	}
}

func (p *falconProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{apiclient.NewListResource, webhook.NewListResource, workflow.NewListResource}
}

func (p *falconProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{workflow.NewRunAction}
}

func (p *falconProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		integration.NewScopesFunction,
		apiclient.NewScopesFunction,
		workflow.NewDocumentFunction,
		workflow.NewHTTPNotificationFunction,
		score.NewNetskopeScoreFunction,
		webhook.NewSignatureFunction,
	}
}
