package falcon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/crowdstrike/gofalcon/falcon/client/api_clients"
	"github.com/crowdstrike/gofalcon/falcon/client/api_integrations"
	"github.com/crowdstrike/gofalcon/falcon/client/hosts"
	"github.com/crowdstrike/gofalcon/falcon/client/identity_protection"
	"github.com/crowdstrike/gofalcon/falcon/client/mssp"
	"github.com/crowdstrike/gofalcon/falcon/client/oauth2"
	"github.com/crowdstrike/gofalcon/falcon/client/sensor_download"
	"github.com/crowdstrike/gofalcon/falcon/client/workflows"
	"github.com/crowdstrike/gofalcon/falcon/client/zero_trust_assessment"
)

// Values of [Config.WebhookWrites].
const (
	WebhookWritesTry   = "try"   // the undocumented write request is tried once
	WebhookWritesNever = "never" // the undocumented write request is never sent
)

// Config selects the tenant and how requests are sent. Either ClientID and ClientSecret are set, or AccessToken.
type Config struct {
	ClientID     string
	ClientSecret string
	// AccessToken is used instead of ClientID and ClientSecret; it needs Cloud or BaseURL.
	AccessToken string
	// Cloud is one of [Clouds]. For "" and "autodiscover" the client's commercial cloud is detected.
	Cloud string
	// BaseURL replaces Cloud; see [ValidateBaseURL].
	BaseURL string
	// MemberCID is the CID of a Flight Control child. A checksum at its end is removed.
	MemberCID string
	// MaxRetries limits how often one request is repeated after a failure; 0 means never. A 429 does not count: Falcon did
	// nothing, and the request waits for as long as Falcon says, or else for up to a minute and a half.
	MaxRetries int
	// WebhookWrites is "try" or "never"; "" is "try".
	WebhookWrites string
	UserAgent     string
	// Log, if set, is called once for each HTTP attempt. It receives no secret, header or body.
	Log func(ctx context.Context, msg string, fields map[string]any)
	// HTTPTransport replaces [DefaultTransport].
	HTTPTransport http.RoundTripper

	cloudURLs map[string]string // replaces the cloud addresses in tests of the autodiscovery
	clock     *clock            // replaces the system clock in tests
}

// String shows no credentials.
func (cfg Config) String() string {
	return fmt.Sprintf("Falcon API client %s, cloud %q, base URL %q", ShownClientID(cfg.ClientID), cfg.Cloud, cfg.BaseURL)
}

// GoString shows no credentials.
func (cfg Config) GoString() string { return "falcon.Config{" + cfg.String() + "}" }

// Client sends requests to one Falcon tenant. It is safe for concurrent use.
type Client struct {
	baseURL       string
	cloud         string
	clientID      string
	memberCID     string // lower case
	webhookWrites bool
	credentials   func() credentials // of the API client; nil with an access token

	http      *http.Client // uses transport; for the one operation that gofalcon lacks
	transport *transport
	clock     clock

	apiClients      api_clients.ClientService
	apiIntegrations api_integrations.ClientService
	hosts           hosts.ClientService
	identity        identity_protection.ClientService
	flightControl   mssp.ClientService
	oauth2          oauth2.ClientService
	sensorDownload  sensor_download.ClientService
	workflows       workflows.ClientService
	zta             zero_trust_assessment.ClientService

	tenant fetchedOnce[Tenant]
	ownCID fetchedOnce[string] // "" where it cannot be read
	scopes fetchedOnce[offeredScopes]

	apiClientList     snapshot[APIClient]
	workflowList      snapshot[Workflow]
	pluginList        snapshot[PluginConfig]
	unsorted          atomic.Bool              // the tenant rejects workflowSort
	noRawNames        atomic.Bool              // the tenant rejects filters on name.raw
	deletingWorkflows deletions                // workflows that this Client is deleting
	clientNames       sharedFetch[[]APIClient] // the listing in which creates of API clients look up their names
	newClients        newNames                 // names of the API clients that this Client creates
	deletingClients   deletions                // API clients that this Client is deleting

	catalog     catalogCache
	points      pointBudget
	hostBatch   batchLimit
	clientBatch batchLimit // ids in a read of API clients
}

// New validates cfg and returns a client for its tenant. It sends no request, except that for an empty or "autodiscover"
// cloud it detects the cloud by requesting (and revoking) a token, under ctx. The client does not keep ctx.
func New(ctx context.Context, cfg Config) (*Client, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if cfg.BaseURL != "" {
		return newClient(cfg, cfg.BaseURL), nil
	}
	if cfg.Cloud == "" || cfg.Cloud == autodiscover {
		return discover(ctx, cfg)
	}
	base, _ := cfg.cloudURL(cfg.Cloud)
	return newClient(cfg, base), nil
}

var cidWithChecksum = regexp.MustCompile(`^([0-9A-Fa-f]{32})-[0-9A-Fa-f]{2}$`)

func (cfg *Config) check() error {
	discovers := cfg.BaseURL == "" && (cfg.Cloud == "" || cfg.Cloud == autodiscover)
	switch {
	case cfg.AccessToken != "" && (cfg.ClientID != "" || cfg.ClientSecret != ""):
		return errors.New("set either an access token, or a client id and secret, not both")
	case cfg.AccessToken != "" && discovers:
		return errors.New("an access token requires an explicit cloud or base URL")
	case cfg.AccessToken != "" && cfg.MemberCID != "":
		return errors.New("a member CID cannot be used with an access token, because the token is already bound to a CID")
	case cfg.AccessToken == "" && cfg.ClientID == "":
		return errors.New("the client id is missing")
	case cfg.AccessToken == "" && cfg.ClientSecret == "":
		return errors.New("the client secret is missing")
	case cfg.AccessToken != "" && !usableToken(cfg.AccessToken):
		return errors.New("the access token contains characters that no token has, such as a line break")
	case cfg.AccessToken == "" && CheckCredentials(cfg.ClientID, cfg.ClientSecret) != nil:
		return ErrSwapped
	case cfg.MaxRetries < 0:
		return fmt.Errorf("the number of retries must be 0 or more, not %d", cfg.MaxRetries)
	case cfg.WebhookWrites != "" && cfg.WebhookWrites != WebhookWritesTry && cfg.WebhookWrites != WebhookWritesNever:
		return fmt.Errorf("webhook writes must be %q or %q, not %q", WebhookWritesTry, WebhookWritesNever, cfg.WebhookWrites)
	}
	cfg.MemberCID = withoutChecksum(cfg.MemberCID)
	if cfg.BaseURL != "" {
		return ValidateBaseURL(cfg.BaseURL)
	}
	if _, ok := cfg.cloudURL(cfg.Cloud); !ok && !discovers {
		return fmt.Errorf("%q is not a valid Falcon cloud: use one of %s, or %s",
			cfg.Cloud, strings.Join(Clouds(), ", "), autodiscover)
	}
	return nil
}

// withoutChecksum is a CID in the form that Falcon accepts.
func withoutChecksum(cid string) string {
	if m := cidWithChecksum.FindStringSubmatch(cid); m != nil {
		return strings.ToLower(m[1])
	}
	return cid
}

func (cfg *Config) cloudURL(cloud string) (string, bool) {
	if base, ok := cfg.cloudURLs[cloud]; ok {
		return base, true
	}
	return CloudURL(cloud)
}

// newClient requires a validated cfg and a valid base.
func newClient(cfg Config, base string) *Client {
	address := &url.URL{Scheme: "https"}
	if u, err := parseBaseURL(base); err == nil {
		address = u
	}
	clk := systemClock()
	if cfg.clock != nil {
		clk = *cfg.clock
	}
	c := &Client{
		baseURL: address.String(), cloud: cloudOf(address.String()), clientID: cfg.ClientID, clock: clk, memberCID: memberCIDOf(cfg),
		webhookWrites: cfg.WebhookWrites != WebhookWritesNever,
	}
	c.transport = &transport{
		base: cfg.HTTPTransport, host: address.Host, userAgent: cfg.UserAgent, maxRetries: cfg.MaxRetries,
		timeout: attemptTimeout, clock: clk, gate: &gate{}, tokenGate: &gate{},
		secrets: []string{cfg.ClientSecret, cfg.AccessToken}, log: cfg.Log,
	}
	if c.transport.base == nil {
		c.transport.base = DefaultTransport()
	}
	c.http = &http.Client{
		Transport:     c.transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	s := newSubmitter(address.Host, address.Scheme, c.http)
	c.apiClients = api_clients.New(s, nil)
	c.apiIntegrations = api_integrations.New(s, nil)
	c.hosts = hosts.New(s, nil)
	c.identity = identity_protection.New(s, nil)
	c.flightControl = mssp.New(s, nil)
	c.oauth2 = oauth2.New(s, nil)
	c.sensorDownload = sensor_download.New(s, nil)
	c.workflows = workflows.New(s, nil)
	c.zta = zero_trust_assessment.New(s, nil)
	c.transport.tokens = c.newTokens(cfg)
	if cfg.AccessToken == "" {
		c.credentials = cfg.credentials
	}
	return c
}

func (c *Client) newTokens(cfg Config) *tokenSource {
	if cfg.AccessToken != "" {
		return staticToken(cfg.AccessToken, c.clock.now)
	}
	cred := cfg.credentials()
	return &tokenSource{now: c.clock.now, fetch: func(ctx context.Context) (accessToken, error) {
		tok, _, err := requestToken(ctx, c.oauth2, cred)
		return tok, err
	}}
}

func (cfg *Config) credentials() credentials {
	return credentials{clientID: cfg.ClientID, clientSecret: cfg.ClientSecret, memberCID: cfg.MemberCID}
}

// DefaultTransport is the transport of a Client without [Config.HTTPTransport]. It honors the proxy variables and keeps enough
// connections for Terraform's parallel operations.
func DefaultTransport() http.RoundTripper {
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	own := base.Clone()
	own.MaxIdleConnsPerHost = 32
	own.MaxResponseHeaderBytes = 1 << 20
	return own
}

// Authenticate requests the token, so that wrong credentials are reported before anything else is done.
func (c *Client) Authenticate(ctx context.Context) error {
	if _, err := c.transport.tokens.get(ctx); err != nil {
		return tokenError(call{doing: "get an access token"}, c.transport.host, err)
	}
	return nil
}

// BaseURL is the address of the tenant's API, without a trailing slash.
func (c *Client) BaseURL() string { return c.baseURL }

// Cloud is the name of the tenant's cloud, such as "us-2", or "" when BaseURL is not the address of a known cloud.
func (c *Client) Cloud() string { return c.cloud }

// ClientID is the id of the API client in use, or "" with an access token.
func (c *Client) ClientID() string { return c.clientID }

// MemberCID is the CID of the Flight Control child in which the Client acts, in lower case, or "".
func (c *Client) MemberCID() string { return c.memberCID }

// String shows no credentials.
func (c *Client) String() string { return "Falcon API at " + c.baseURL }

// GoString shows no credentials.
func (c *Client) GoString() string { return "falcon.Client{" + c.baseURL + "}" }
