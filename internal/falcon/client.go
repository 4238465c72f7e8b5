// Package falcon is the CrowdStrike Falcon API as this provider needs it. It is built on gofalcon's generated
// operations, which run on one HTTP transport of our own, and it knows nothing of Terraform.
package falcon

import (
	"context"
	"errors"
	"net/http"

	"github.com/crowdstrike/gofalcon/falcon/client/api_clients"
	"github.com/crowdstrike/gofalcon/falcon/client/api_integrations"
	"github.com/crowdstrike/gofalcon/falcon/client/hosts"
	"github.com/crowdstrike/gofalcon/falcon/client/oauth2"
	"github.com/crowdstrike/gofalcon/falcon/client/sensor_download"
	"github.com/crowdstrike/gofalcon/falcon/client/workflows"
	"github.com/crowdstrike/gofalcon/falcon/client/zero_trust_assessment"
)

var errUnbuilt = errors.New("not built yet")

// Values of [Config.WebhookWrites].
const (
	WebhookWritesTry   = "try"   // the unpublished write call is tried once
	WebhookWritesNever = "never" // the unpublished write call is never sent
)

// Config says which tenant is used, and how. Either ClientID and ClientSecret are set or AccessToken is.
type Config struct {
	ClientID     string
	ClientSecret string
	// AccessToken is used instead of ClientID and ClientSecret; it needs Cloud or BaseURL.
	AccessToken string
	// Cloud is one of [Clouds]; "" and "autodiscover" ask Falcon which commercial cloud is the client's.
	Cloud string
	// BaseURL replaces Cloud, see [ValidateBaseURL].
	BaseURL string
	// MemberCID is the CID of a Flight Control child, without its checksum.
	MemberCID string
	// MaxRetries bounds how often one call is repeated, 0 meaning never. Waits that Falcon itself named are not counted.
	MaxRetries int
	// WebhookWrites is "try" or "never"; "" is "try".
	WebhookWrites string
	UserAgent     string
	// Log, if set, is called once for each HTTP attempt. It gets no secret, header or body.
	Log func(ctx context.Context, msg string, fields map[string]any)
	// HTTPTransport replaces the default HTTP transport (tests).
	HTTPTransport http.RoundTripper
}

// Client talks to one Falcon tenant. It may be used by several goroutines at once.
type Client struct {
	baseURL  string
	cloud    string
	clientID string

	http *http.Client // runs on transport; for the one call that gofalcon has not

	apiClients      api_clients.ClientService
	apiIntegrations api_integrations.ClientService
	hosts           hosts.ClientService
	oauth2          oauth2.ClientService
	sensorDownload  sensor_download.ClientService
	workflows       workflows.ClientService
	zta             zero_trust_assessment.ClientService
}

// New checks cfg and gives a client for its tenant. Nothing is sent to Falcon, except that an empty or "autodiscover"
// cloud is found by taking (and revoking) a token, under ctx. The client does not keep ctx.
func New(ctx context.Context, cfg Config) (*Client, error) { return nil, errUnbuilt }

// Authenticate fetches the token, so that wrong credentials are found before anything else is done.
func (c *Client) Authenticate(ctx context.Context) error { return errUnbuilt }

// BaseURL is the address of the tenant's API, without a slash at the end.
func (c *Client) BaseURL() string { return c.baseURL }

// Cloud is the name of the tenant's cloud such as "us-2", or "" when BaseURL is not that of a known cloud.
func (c *Client) Cloud() string { return c.cloud }

// ClientID is the id of the API client in use, or "" with an access token.
func (c *Client) ClientID() string { return c.clientID }
