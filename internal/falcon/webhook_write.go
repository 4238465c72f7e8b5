package falcon

import "context"

// WebhookSpec is what a webhook configuration is made with. An empty HMACSecret is left unchanged by an update.
type WebhookSpec struct {
	Name            string
	URL             string
	HMACSecret      string
	SignatureHeader string
}

// WritesUnavailableError says that webhook configurations cannot be written through the API of this tenant.
type WritesUnavailableError struct {
	Status int // HTTP status of the refusal; 0 when the call was not sent
	Reason string
}

func (e *WritesUnavailableError) Error() string { return e.Reason }

// CreateWebhook tries the call that would be the list's sibling. Falcon does not publish it (wire-api.md 4.3), so it
// counts only when it answers 2xx and the list then shows the configuration; else *[WritesUnavailableError].
func (c *Client) CreateWebhook(ctx context.Context, spec WebhookSpec) (*PluginConfig, error) {
	return nil, errUnbuilt
}

// UpdateWebhook changes a configuration under the rule of [Client.CreateWebhook].
func (c *Client) UpdateWebhook(ctx context.Context, id string, spec WebhookSpec) (*PluginConfig, error) {
	return nil, errUnbuilt
}

// DeleteWebhook deletes a configuration under the rule of [Client.CreateWebhook].
func (c *Client) DeleteWebhook(ctx context.Context, id string) error { return errUnbuilt }
