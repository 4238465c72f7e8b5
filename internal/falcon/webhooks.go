package falcon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crowdstrike/gofalcon/falcon/client/api_integrations"
)

// PluginConfig is a configuration of a CrowdStrike Store app.
type PluginConfig struct {
	ID           string // config id, 32 hex digits
	DefinitionID string
	AppID        string
	State        string
	// The visible parts of the configuration's content, which is not typed (wire/webhooks.md#configurations); nil: not
	// shown.
	Name            *string
	URL             *string
	SignatureHeader *string
}

type wirePluginConfig struct {
	AppID        looseString     `json:"app_id"`
	Config       json.RawMessage `json:"config"`
	ConfigID     looseString     `json:"config_id"`
	ID           looseString     `json:"id"`
	DefinitionID looseString     `json:"definition_id"`
	State        looseString     `json:"state"`
	Name         *looseString    `json:"name"`
}

func (w wirePluginConfig) id() string {
	if w.ConfigID != "" {
		return string(w.ConfigID)
	}
	return string(w.ID)
}

// The keys under which a configuration's content may have these values, in any usual spelling. `name` is observed
// (wire/webhooks.md#configurations), the others are guesses. Nothing else of the content is kept, because it may contain
// secrets.
var (
	nameKeys   = []string{"name", "displayname", "configname"}
	urlKeys    = []string{"url", "webhookurl", "endpoint", "endpointurl"}
	headerKeys = []string{"signatureheader", "signatureheadername", "headername"}
)

func (w wirePluginConfig) pluginConfig() PluginConfig {
	content := pluginContent(w.Config)
	p := PluginConfig{
		ID: w.id(), DefinitionID: string(w.DefinitionID), AppID: string(w.AppID), State: string(w.State),
		Name: textOf(content, nameKeys), URL: textOf(content, urlKeys), SignatureHeader: textOf(content, headerKeys),
	}
	if p.Name == nil && w.Name != nil { // where the name is shown is an open question: wire/open-questions.md#q14
		p.Name = (*string)(w.Name)
	}
	return p
}

// Disabled reports whether Falcon shows a state other than that of a configuration in use. Public sources have no word for
// either (wire/open-questions.md#q85), so every other word counts as disabled.
func (p PluginConfig) Disabled() bool {
	switch strings.ToLower(p.State) {
	case "", "active", "enabled", "on", "configured", "ready":
		return false
	}
	return true
}

// pluginContent reads the content as an object, or as a string that contains one.
func pluginContent(raw json.RawMessage) map[string]json.RawMessage {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		raw = json.RawMessage(text)
	}
	var content map[string]json.RawMessage
	if json.Unmarshal(raw, &content) != nil {
		return nil // other content shows nothing
	}
	return content
}

func textOf(content map[string]json.RawMessage, keys []string) *string {
	for _, key := range keys {
		for _, name := range slices.Sorted(maps.Keys(content)) {
			var text *string
			if plainKey(name) == key && json.Unmarshal(content[name], &text) == nil && text != nil {
				return text
			}
		}
	}
	return nil
}

// plainKey removes from a key what distinguishes webhook_url, webhookUrl and "Webhook URL".
func plainKey(key string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(key))
}

const (
	scopePluginsRead  = "api-integrations:read"
	scopePluginsWrite = "api-integrations:write"
	pluginsPage       = 500 // the largest page that Falcon returns (wire/webhooks.md#configurations)
)

// PluginConfigs lists all configurations of all Store apps, at most once per half minute as long as this Client writes none.
// Scope api-integrations:read.
func (c *Client) PluginConfigs(ctx context.Context) ([]PluginConfig, error) {
	all := c.pluginList.recent(ctx, c.clock, c.listPluginConfigs)
	return slices.Clone(all.items), exceptUnstated(all.err)
}

// exceptUnstated accepts a listing without resources and total as empty. Its error names the request, even where the context
// ended while waiting for another caller's listing.
func exceptUnstated(err error) error {
	if err == nil || errors.Is(err, errUnstated) {
		return nil
	}
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	return &Error{Doing: doingListPlugins, Err: fmt.Errorf("stopped: %w", err)}
}

const doingListPlugins = "list the configurations of the Store apps"

// PluginConfig reads one configuration. IsNotFound holds for the error when there is none of this id. Falcon has no
// operation for one, so it is looked up in the list, and in a new list before it counts as deleted because of an older or an
// empty one. A list that does not say that it is empty is an error, because nothing else shows whether the configuration
// exists.
func (c *Client) PluginConfig(ctx context.Context, id string) (*PluginConfig, error) {
	start := c.clock.now()
	all := c.pluginList.recent(ctx, c.clock, c.listPluginConfigs)
	found := ConfigWithID(all.items, id)
	if found == nil && exceptUnstated(all.err) == nil && (len(all.items) == 0 || all.begun.Before(start)) {
		all = c.pluginList.list(ctx, c.clock, c.listPluginConfigs)
		found = ConfigWithID(all.items, id)
	}
	ctx = withCall(ctx, call{doing: "read the webhook configuration with id " + id})
	switch {
	case all.err != nil:
		return nil, relabeled(ctx, all.err)
	case found == nil:
		return nil, notFound(ctx, "webhook configuration "+id)
	}
	return found, nil
}

// ConfigWithID returns the configuration of an id, or nil. It ignores case, because an import may give the id in capitals.
func ConfigWithID(configs []PluginConfig, id string) *PluginConfig {
	for _, p := range configs {
		if strings.EqualFold(p.ID, id) {
			return &p
		}
	}
	return nil
}

func (c *Client) listPluginConfigs(ctx context.Context) ([]PluginConfig, error) {
	ctx = withCall(ctx, call{doing: doingListPlugins, scope: scopePluginsRead, repeat: safe})
	items, err := statedPages(ctx, wirePluginConfig.id, func(offset int) (*envelope, error) {
		params := api_integrations.NewGetCombinedPluginConfigsParamsWithContext(ctx)
		params.Limit, params.Offset = new(int64(pluginsPage)), new(int64(offset))
		var r response
		_, err := c.apiIntegrations.GetCombinedPluginConfigs(params, r.as(api_integrations.NewGetCombinedPluginConfigsOK()))
		return checkedEnvelope(ctx, &r, err)
	})
	if err != nil {
		return nil, err
	}
	configs := make([]PluginConfig, len(items))
	for i, item := range items {
		configs[i] = item.pluginConfig()
	}
	return configs, nil
}

// WebhookCandidates are a tenant's configurations, separated by whether they may be the CrowdStrike Webhook app's.
type WebhookCandidates struct {
	Configs []PluginConfig // the candidates
	Others  []PluginConfig // configurations known to be another app's
	AppID   string         // the app's id in the catalog; "" where it is not known
	// AppKnown says that Configs are the app's: the catalog shows its id, and configurations with that id are listed. It is
	// not published that the catalog and the list mean the same by app_id, so otherwise every configuration is a candidate.
	AppKnown bool
	// NoAction says that the catalog was read and has no Call webhook action: the app is not installed.
	NoAction bool
}

// OneApp reports whether all candidates belong to one app.
func (w WebhookCandidates) OneApp() bool {
	return !slices.ContainsFunc(w.Configs, func(p PluginConfig) bool { return !strings.EqualFold(p.AppID, w.Configs[0].AppID) })
}

// WebhookCandidates separates all configurations by the app_id of the tenant's Call webhook action. Scopes
// api-integrations:read and workflow:read; without the latter the app is not known.
func (c *Client) WebhookCandidates(ctx context.Context) (WebhookCandidates, error) {
	configs, err := c.PluginConfigs(ctx)
	if err != nil {
		return WebhookCandidates{}, err
	}
	app, offered, err := c.webhookApp(ctx)
	if err != nil {
		return WebhookCandidates{}, err
	}
	w := candidatesOf(configs, app)
	w.NoAction = !offered
	return w, nil
}

// WebhookConfigs lists the configurations of the CrowdStrike Webhook app, or all where the app is not known.
func (c *Client) WebhookConfigs(ctx context.Context) ([]PluginConfig, error) {
	w, err := c.WebhookCandidates(ctx)
	return w.Configs, err
}

// candidatesOf does not modify configs, which may be shared.
func candidatesOf(configs []PluginConfig, app string) WebhookCandidates {
	w := WebhookCandidates{AppID: app}
	for _, p := range configs {
		if app != "" && strings.EqualFold(p.AppID, app) {
			w.Configs = append(w.Configs, p)
		} else {
			w.Others = append(w.Others, p)
		}
	}
	if w.AppKnown = len(w.Configs) > 0; !w.AppKnown {
		w.Configs, w.Others = w.Others, nil
	}
	return w
}

// webhookApp returns the app_id of the one Call webhook action. It is "" if the catalog has no such action, has several of
// different apps, shows no app_id, or must not be read. offered is false if the catalog is known to have no such action.
func (c *Client) webhookApp(ctx context.Context) (app string, offered bool, err error) {
	activities, err := c.ActivitiesByName(ctx, "Call webhook")
	if IsForbidden(err) {
		return "", true, nil
	}
	if err != nil {
		return "", false, err
	}
	for _, a := range activities {
		if app != "" && a.AppID != app {
			return "", true, nil
		}
		app = a.AppID
	}
	return app, len(activities) > 0, nil
}
