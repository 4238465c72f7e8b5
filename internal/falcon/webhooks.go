package falcon

import "context"

// PluginConfig is a configuration of a CrowdStrike Store app.
type PluginConfig struct {
	ID           string // config id, 32 hex digits
	DefinitionID string
	AppID        string
	State        string
	// What Falcon shows of the configuration's content, which is not typed (wire-api.md 4.1); nil: not shown.
	Name            *string
	URL             *string
	SignatureHeader *string
}

// PluginConfigs lists all configurations of all Store apps. Scope api-integrations:read.
func (c *Client) PluginConfigs(ctx context.Context) ([]PluginConfig, error) { return nil, errUnbuilt }

// WebhookConfigs lists the configurations of the CrowdStrike Webhook app, as far as the tenant's catalogue lets that be
// told: those with the app_id of the Call webhook action. Where the catalogue does not say it, all are listed.
func (c *Client) WebhookConfigs(ctx context.Context) ([]PluginConfig, error) { return nil, errUnbuilt }
