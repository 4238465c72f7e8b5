package falcon

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/go-openapi/runtime"
)

// kindWebhook is how errors call it.
const kindWebhook = "webhook configuration"

// WebhookSpec is what a webhook configuration is made with. An empty HMACSecret is left unchanged by an update.
type WebhookSpec struct {
	Name            string
	URL             string
	HMACSecret      string
	SignatureHeader string
}

// String shows no secret.
func (s WebhookSpec) String() string { return fmt.Sprintf("webhook %q to %s", s.Name, s.URL) }

// GoString shows no secret.
func (s WebhookSpec) GoString() string { return "falcon.WebhookSpec{" + s.String() + "}" }

// WritesUnavailableError says that webhook configurations cannot be written through the API of this tenant. It hides
// the refusal's own error: its 404 says nothing about the configuration.
type WritesUnavailableError struct {
	Status int // HTTP status of the refusal; 0 when the call was not sent
	Reason string
}

// Error gives the reason.
func (e *WritesUnavailableError) Error() string { return e.Reason }

// CreateWebhook tries the call that would be the list's sibling. Falcon does not publish it (wire-api.md 4.3), so it
// counts only when it answers 2xx and the list then shows the configuration; else *[WritesUnavailableError].
func (c *Client) CreateWebhook(ctx context.Context, spec WebhookSpec) (*PluginConfig, error) {
	if err := c.writesAllowed(); err != nil {
		return nil, err
	}
	all := c.pluginList.list(ctx, c.clock, c.listPluginConfigs)
	if err := exceptUnstated(all.err); err != nil {
		return nil, err
	}
	// Only the catalogue says which app is the CrowdStrike Webhook's: the one that is listed may be Slack.
	app, err := c.webhookApp(ctx)
	if err != nil {
		return nil, err
	}
	there := candidatesOf(all.items, app)
	if same := configsNamed(there.Configs, spec.Name); len(same) > 0 {
		return nil, &ExistsError{Kind: kindWebhook, Name: spec.Name, IDs: configIDs(same)}
	}
	item := map[string]any{"config": spec.content()}
	if app != "" {
		item["app_id"] = app
	}
	if there.AppKnown {
		item["definition_id"] = there.Configs[0].DefinitionID
	}
	ctx = withCall(ctx, call{
		doing: fmt.Sprintf("create the webhook configuration %q", spec.Name), scope: scopePluginsWrite,
		secrets: []string{spec.HMACSecret},
	})
	id, err := c.writePlugin(ctx, http.MethodPost, "", item)
	if err != nil && !Ambiguous(err) {
		return nil, unavailable(err)
	}
	made := creation{spec: spec, app: app, before: all.items, stated: all.err == nil, id: id, cause: err}
	return c.settleWebhook(ctx, made)
}

// UpdateWebhook changes a configuration under the rule of [Client.CreateWebhook].
func (c *Client) UpdateWebhook(ctx context.Context, id string, spec WebhookSpec) (*PluginConfig, error) {
	if err := c.writesAllowed(); err != nil {
		return nil, err
	}
	ctx = withCall(ctx, call{
		doing: fmt.Sprintf("update the webhook configuration %q (id %s)", spec.Name, id), scope: scopePluginsWrite,
		secrets: []string{spec.HMACSecret},
	})
	if _, err := c.writePlugin(ctx, http.MethodPatch, "", map[string]any{"config_id": id, "config": spec.content()}); err != nil {
		if Ambiguous(err) {
			return nil, err // whether the key was changed cannot be seen: the next apply sends it again
		}
		return nil, unavailable(err)
	}
	shown, err := c.PluginConfig(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case !shown.mayBe(spec):
		return nil, &WritesUnavailableError{Status: http.StatusOK, Reason: "Falcon accepted the call, but the list does not show the change"}
	}
	return shown, nil
}

// DeleteWebhook deletes a configuration under the rule of [Client.CreateWebhook]. One that is gone already is no error.
func (c *Client) DeleteWebhook(ctx context.Context, id string) error {
	if err := c.writesAllowed(); err != nil {
		return err
	}
	ctx = withCall(ctx, call{doing: fmt.Sprintf("delete the webhook configuration with id %s", id), scope: scopePluginsWrite})
	_, cause := c.writePlugin(ctx, http.MethodDelete, id, nil)
	_, err := c.PluginConfig(ctx, id)
	switch {
	case IsNotFound(err), cause == nil && errors.Is(err, errUnstated): // the last one may leave no list behind
		return nil
	case err != nil && cause != nil:
		return errors.Join(unavailable(cause), err)
	case err != nil:
		return err
	case hasStatus(cause, http.StatusOK):
		return cause // errors in a 200: the call is offered, and may work the next time
	case cause != nil:
		return unavailable(cause)
	}
	return &WritesUnavailableError{Status: http.StatusOK, Reason: "Falcon accepted the delete, but the list still shows the configuration"}
}

func (c *Client) writesAllowed() error {
	if c.webhookWrites {
		return nil
	}
	return &WritesUnavailableError{Reason: "Falcon publishes no call that writes webhook configurations, and trying the unpublished one is switched off"}
}

// unavailable turns a refusal into the error that says so. What failed for another reason (no connection, no token,
// no scope, too many calls, the wrong cloud, a proxy in the way) stays what it is.
func unavailable(err error) error {
	e, ok := errors.AsType[*Error](err)
	switch {
	case !ok, e.Status == 0, e.token, e.MissingScope != "", e.html, e.isRedirect(),
		e.Status == http.StatusUnauthorized, e.Status == http.StatusTooManyRequests:
		return err
	}
	return &WritesUnavailableError{Status: e.Status, Reason: e.Error()}
}

// content is the configuration's content under the keys that the list is thought to use: a guess (wire-api.md 4.3).
func (s WebhookSpec) content() map[string]string {
	content := map[string]string{"name": s.Name, "url": s.URL, "signature_header_name": s.SignatureHeader}
	if s.HMACSecret != "" {
		content["hmac_secret_key"] = s.HMACSecret
	}
	return content
}

// writePlugin sends the one call that gofalcon has no operation for, once, and gives the id in the answer, if any.
func (c *Client) writePlugin(ctx context.Context, method, deleteID string, item map[string]any) (id string, err error) {
	address := c.baseURL + "/plugins/entities/configs/v1"
	var body []byte
	if deleteID != "" {
		address += "?" + url.Values{"ids": {deleteID}}.Encode()
	} else if body, err = json.Marshal(map[string]any{"resources": []any{item}}); err != nil {
		return "", fmt.Errorf("build the webhook configuration: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("build the webhook call: %w", err)
	}
	req.Header.Set("Accept", runtime.JSONMime)
	req.Header.Set("Content-Type", runtime.JSONMime)
	defer c.pluginList.writing()()
	resp, err := c.http.Do(req)
	if err != nil {
		return "", bareError(ctx, req.URL.Host, err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header.Get}
	a.body, err = readBody(resp)
	env, err := checkedEnvelope(ctx, &a, err)
	if err != nil {
		return "", err
	}
	// The answer's form is not known: an id is taken where there is one.
	for _, raw := range env.Resources {
		var config wirePluginConfig
		var text looseString
		if json.Unmarshal(raw, &config) == nil && config.id() != "" {
			return config.id(), nil
		}
		if json.Unmarshal(raw, &text) == nil && text != "" {
			return string(text), nil
		}
	}
	return "", nil
}

// mayBe says that nothing that Falcon shows of the configuration contradicts spec.
func (p PluginConfig) mayBe(spec WebhookSpec) bool {
	same := func(shown *string, want string) bool { return shown == nil || *shown == want }
	return same(p.Name, spec.Name) && same(p.URL, spec.URL) && same(p.SignatureHeader, spec.SignatureHeader)
}

func configsNamed(configs []PluginConfig, name string) []PluginConfig {
	var named []PluginConfig
	for _, p := range configs {
		if p.Name != nil && *p.Name == name {
			named = append(named, p)
		}
	}
	return named
}

func configIDs(configs []PluginConfig) []string {
	ids := make([]string, len(configs))
	for i, p := range configs {
		ids[i] = p.ID
	}
	return ids
}
