package falcon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// kindWebhook is the name in errors.
const kindWebhook = "webhook configuration"

// WebhookSpec is a webhook configuration to create, or the new values of one. An update leaves the key unchanged if
// HMACSecret is empty.
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

// CreateWebhook tries the operation that would be the list's sibling. Falcon does not publish it (wire/webhooks.md#writing),
// so it counts only if the response is 2xx and the list then shows the configuration; otherwise the error is a
// *[WritesUnavailableError].
func (c *Client) CreateWebhook(ctx context.Context, spec WebhookSpec) (*PluginConfig, error) {
	if err := c.writesAllowed(); err != nil {
		return nil, err
	}
	all := c.pluginList.list(ctx, c.clock, c.listPluginConfigs)
	if err := exceptUnstated(all.err); err != nil {
		return nil, err
	}
	// Only the catalog shows which app is CrowdStrike Webhook: the listed one may be Slack.
	app, _, err := c.webhookApp(ctx)
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
		secrets: []string{spec.HMACSecret}, grace: createGrace,
	})
	id, err := c.writePlugin(ctx, http.MethodPost, "", item)
	if err != nil && !Ambiguous(err) && !inSuccess(err) {
		return nil, unavailable(err, EffectNone)
	}
	made := webhookCreate{spec: spec, app: app, before: all.items, stated: all.err == nil, id: id, cause: err}
	return c.settleWebhook(ctx, made)
}

// UpdateWebhook changes a configuration under the same condition as [Client.CreateWebhook].
func (c *Client) UpdateWebhook(ctx context.Context, id string, spec WebhookSpec) (*PluginConfig, error) {
	if err := c.writesAllowed(); err != nil {
		return nil, err
	}
	ctx = withCall(ctx, call{
		doing: fmt.Sprintf("update the webhook configuration %q (id %s)", spec.Name, id), scope: scopePluginsWrite,
		secrets: []string{spec.HMACSecret},
	})
	_, cause := c.writePlugin(ctx, http.MethodPatch, "", map[string]any{"config_id": id, "config": spec.content()})
	switch {
	case Ambiguous(cause):
		return nil, cause // it cannot be seen whether the key was changed: the next apply sends it again
	case cause != nil && !inSuccess(cause):
		return nil, unavailable(cause, EffectNone)
	}
	shown, _, err := readUntil(ctx, c.clock, func(ctx context.Context) (*PluginConfig, bool, error) {
		shown, err := c.PluginConfig(ctx, id)
		return shown, err == nil && shown.mayBe(spec), err
	})
	switch {
	case cause == nil && err == nil && shown.mayBe(spec):
		return shown, nil
	case cause == nil && err == nil:
		return nil, &WritesUnavailableError{Status: http.StatusOK, Effect: EffectNone, Reason: "Falcon accepted the request, but the list does not show the change"}
	case cause == nil:
		return nil, stopped(ctx, err)
	case err != nil:
		return nil, unavailable(cause, EffectUnknown)
	case !shown.mayBe(spec):
		return nil, unavailable(cause, EffectNone)
	case !shown.shows(spec):
		return nil, unavailable(cause, EffectUnknown)
	case spec.HMACSecret != "":
		return nil, unavailable(cause, EffectShown)
	}
	return shown, nil // everything requested can be seen, whatever the errors are about
}

// DeleteWebhook deletes a configuration under the same condition as [Client.CreateWebhook]. It is not an error if it does
// not exist.
func (c *Client) DeleteWebhook(ctx context.Context, id string) error {
	if err := c.writesAllowed(); err != nil {
		return err
	}
	ctx = withCall(ctx, call{doing: fmt.Sprintf("delete the webhook configuration with id %s", id), scope: scopePluginsWrite})
	_, cause := c.writePlugin(ctx, http.MethodDelete, id, nil)
	refused := cause != nil && !Ambiguous(cause) && !inSuccess(cause)
	_, _, err := readUntil(ctx, c.clock, func(ctx context.Context) (*PluginConfig, bool, error) {
		shown, err := c.PluginConfig(ctx, id)
		return shown, refused, err // a refusal changes nothing, so one read is enough
	})
	switch {
	case IsNotFound(err), cause == nil && errors.Is(err, errUnstated): // after the last one there may be no list
		return nil
	case err != nil && cause != nil:
		return errors.Join(unavailable(cause, EffectUnknown), err)
	case err != nil:
		return stopped(ctx, err)
	case inSuccess(cause):
		return cause // errors in a 2xx: the operation is offered, and may work the next time
	case cause != nil:
		return unavailable(cause, EffectNone)
	}
	return &WritesUnavailableError{Status: http.StatusOK, Effect: EffectNone, Reason: "Falcon accepted the request, but the list still shows the configuration"}
}

// stopped returns err with the name of the request, even where ctx ended between two reads.
func stopped(ctx context.Context, err error) error {
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	return &Error{Doing: callFrom(ctx).doing, Err: fmt.Errorf("stopped before the list showed the change: %w", err)}
}

func (c *Client) writesAllowed() error {
	if c.webhookWrites {
		return nil
	}
	return &WritesUnavailableError{Effect: EffectNone, Reason: "Falcon publishes no operation that writes webhook configurations, and trying the undocumented one is disabled"}
}

// content is the configuration's content under the keys that the list presumably uses: a guess (wire/webhooks.md#writing).
func (s WebhookSpec) content() map[string]string {
	content := map[string]string{"name": s.Name, "url": s.URL, "signature_header_name": s.SignatureHeader}
	if s.HMACSecret != "" {
		content["hmac_secret_key"] = s.HMACSecret
	}
	return content
}

// mayBe reports whether nothing that Falcon shows of the configuration contradicts spec.
func (p PluginConfig) mayBe(spec WebhookSpec) bool {
	same := func(shown *string, want string) bool { return shown == nil || *shown == want }
	return same(p.Name, spec.Name) && same(p.URL, spec.URL) && same(p.SignatureHeader, spec.SignatureHeader)
}

// shows reports whether Falcon shows everything in spec except the key.
func (p PluginConfig) shows(spec WebhookSpec) bool {
	return p.Name != nil && p.URL != nil && p.SignatureHeader != nil && p.mayBe(spec)
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

// writePlugin sends, once, the one request for which gofalcon has no operation. It returns the id in the response, if any,
// even with an error where a 2xx response contains both.
func (c *Client) writePlugin(ctx context.Context, method, deleteID string, item map[string]any) (id string, err error) {
	asked := RawRequest{Doing: "write the webhook configuration", Method: method, Path: "/plugins/entities/configs/v1"}
	if deleteID != "" {
		asked.Query = url.Values{"ids": {deleteID}}
	} else if asked.Body, err = json.Marshal(map[string]any{"resources": []any{item}}); err != nil {
		return "", fmt.Errorf("build the webhook configuration: %w", err)
	}
	defer c.pluginList.writing()()
	raw, err := c.send(ctx, asked)
	a := response{status: raw.Status, header: raw.Header.Get, body: raw.Body}
	env, err := envelopeOf(ctx, &a, err)
	if err != nil {
		return "", err
	}
	return idIn(env), env.err(ctx)
}

// idIn returns the first id in the response, whose form is not known.
func idIn(env *envelope) string {
	for _, raw := range env.Resources {
		var config wirePluginConfig
		var text looseString
		if json.Unmarshal(raw, &config) == nil && config.id() != "" {
			return config.id()
		}
		if json.Unmarshal(raw, &text) == nil && text != "" {
			return string(text)
		}
	}
	return ""
}
