package falconsim

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/fql"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"
)

// pluginConfig is a configuration of a Store app. s.mu guards it.
type pluginConfig struct {
	appID, configID, definitionID string
	state                         string
	name, url, signatureHeader    string
	hmacKey                       string // of a CrowdStrike Webhook
	created, modified             string
	serial                        uint64 // order of creation
}

const configState = "active"

func (s *Server) pluginRoutes() []route {
	const powered = "plugins"
	routes := []route{
		{http.MethodGet, "/plugins/combined/configs/v1", []string{"api-integrations:read"}, powered, s.listConfigs},
	}
	write := []string{"api-integrations:write"}
	for method, handler := range map[string]func(*apiRequest) reply{
		http.MethodPost: s.createConfigs, http.MethodPatch: s.updateConfigs, http.MethodDelete: s.deleteConfigs,
	} {
		if s.pluginWrites() {
			routes = append(routes, route{method, pluginWritePath, write, powered, handler})
		} else if status := s.pluginWriteRefusal(); status != http.StatusNotFound {
			routes = append(routes, route{method, pluginWritePath, nil, powered, func(*apiRequest) reply {
				return failed(status, "%s", usualMessage(status))
			}})
		}
	}
	return routes
}

// listConfigs lists configurations, newest first (wire/webhooks.md#configurations).
func (s *Server) listConfigs(c *apiRequest) reply {
	limit, offset, refusal := c.window(100, 500, maxOffset)
	if refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list, refusal := s.chosenConfigs(c)
	if refusal != nil {
		return *refusal
	}
	items := make([]any, 0, limit)
	for _, config := range page(list, limit, offset) {
		items = append(items, s.configEntity(config))
	}
	return succeeded(items).paged(limit, offset, len(list))
}

// chosenConfigs returns the configurations that the request's filter matches, in the order of its sort.
//
// GUESS Q62: the operation has a filter and a sort, but the properties that they can name are not documented. The response
// model marks these as required.
func (s *Server) chosenConfigs(c *apiRequest) ([]*pluginConfig, *reply) {
	list := s.shownConfigs()
	if s.reading("Q62") == "c" {
		return list, nil
	}
	properties := map[string]func(*pluginConfig) string{
		"app_id":        func(config *pluginConfig) string { return s.shownAppID(config.appID) },
		"config_id":     func(config *pluginConfig) string { return config.configID },
		"definition_id": s.shownDefinitionID,
		"state":         func(config *pluginConfig) string { return s.shownConfigState(config.state) },
	}
	if s.reading("Q62") == "b" {
		clear(properties)
	}
	matchers := map[string]fql.Matcher[*pluginConfig]{}
	for name, property := range properties {
		matchers[name] = fql.Is(property)
	}
	list, refusal := filtered(c, list, matchers)
	if order := c.get("sort"); refusal == nil && order != "" {
		field, direction, _ := strings.Cut(strings.ReplaceAll(order, "|", "."), ".")
		property, known := properties[field]
		if !known || !slices.Contains([]string{"", "asc", "desc"}, direction) {
			return nil, refuse(http.StatusBadRequest, "invalid sort %q", order)
		}
		sortByText(list, property, direction)
	}
	return list, refusal
}

// shownConfigs returns the configurations that readers see, newest first.
func (s *Server) shownConfigs() []*pluginConfig {
	byID := make(map[string]*pluginConfig, len(s.configs))
	for _, config := range s.configs {
		// GUESS Q110: whether the credentials of HTTP actions are configurations in this list.
		if config.appID == httpCredentialApp && s.reading("Q110") == "b" {
			continue
		}
		byID[config.configID] = config
	}
	shown := s.configLag.seeAll(byID, s.now())
	slices.SortFunc(shown, func(a, b *pluginConfig) int { return cmp.Compare(b.serial, a.serial) })
	return shown
}

// shownConfigState is the state of a configuration in the list; "" if it has none.
//
// GUESS Q85: the key is in the specification, its values are not.
func (s *Server) shownConfigState(state string) string {
	switch {
	case s.reading("Q85") == "c":
		return ""
	case s.reading("Q85") == "a":
		return state
	case state == configState:
		return "enabled"
	default:
		return "disabled"
	}
}

// configEntity is a configuration in the list. Only the name in config is documented (wire/webhooks.md#configurations).
func (s *Server) configEntity(config *pluginConfig) map[string]any {
	shown := map[string]any{}
	entity := map[string]any{
		"app_id": s.shownAppID(config.appID), "config": shown, "config_id": config.configID,
		"definition_id": s.shownDefinitionID(config),
	}
	if state := s.shownConfigState(config.state); state != "" {
		entity["state"] = state
	}
	switch s.reading("Q14") { // GUESS Q14: a public reader takes the name out of config
	case "a":
		shown["name"] = config.name
	case "c":
		entity["name"] = config.name
	}
	switch s.reading("Q15") { // GUESS Q15: whether the URL is in the list, and under which key
	case "a":
		shown["url"] = config.url
	case "c":
		shown["webhook_url"] = config.url
	}
	if s.reading("Q16") == "a" && config.signatureHeader != "" { // GUESS Q16: whether the signature header name is in the list
		shown["signature_header_name"] = config.signatureHeader
	}
	if config.hmacKey != "" {
		switch s.reading("Q17") { // GUESS Q17: whether the HMAC secret is in the list, and in which form
		case "b":
			shown["hmac_secret_key"] = strings.Repeat("*", 8)
		case "c":
			shown["hmac_secret_key"] = config.hmacKey
		}
	}
	return entity
}

// shownAppID is the app_id of a Store app's configurations in the list.
//
// GUESS Q18: whether it equals the app_id in the catalog is not published.
func (s *Server) shownAppID(appID string) string {
	if s.reading("Q18") == "b" {
		return s.definitions.OwnID(random.FixedID("configurations of " + appID))
	}
	return s.definitions.OwnID(appID)
}

// shownDefinitionID is the definition_id of a configuration in the list.
func (s *Server) shownDefinitionID(config *pluginConfig) string {
	return s.definitions.OwnID(config.definitionID)
}

// isConfigured reports whether a Store app has this configuration; with "", whether it has any.
func (s *Server) isConfigured(appID, configID string) bool {
	return slices.ContainsFunc(s.configs, func(config *pluginConfig) bool {
		return config.appID == appID && (config.configID == configID || configID == "")
	})
}

func (s *Server) configByID(id string) *pluginConfig {
	for _, config := range s.configs {
		if config.configID == id {
			return config
		}
	}
	return nil
}

// webhookSettings are the fields of the console's form; nil leaves a setting unchanged.
type webhookSettings struct {
	Name            *string `json:"name"`
	URL             *string `json:"url"`
	HMACKey         *string `json:"hmac_secret_key"`
	SignatureHeader *string `json:"signature_header_name"`
}

// minKeyLength is the length that the form requires (wire/webhooks.md#store-app).
const minKeyLength = 32

// defaultSignatureHeader is the form's default (wire/webhooks.md#store-app).
const defaultSignatureHeader = "X-Cs-Primary-Signature"

// apply checks the settings and changes the configuration. A new one needs name, URL, and key. On an error nothing changes.
func (s *Server) apply(config *pluginConfig, settings webhookSettings) error {
	changed := *config
	for target, value := range map[*string]*string{
		&changed.name: settings.Name, &changed.url: settings.URL,
		&changed.hmacKey: settings.HMACKey, &changed.signatureHeader: settings.SignatureHeader,
	} {
		if value != nil {
			*target = *value
		}
	}
	changed.signatureHeader = cmp.Or(changed.signatureHeader, defaultSignatureHeader)
	if changed.name == "" || changed.url == "" {
		return fmt.Errorf("must provide a value for name and url")
	}
	if len(changed.hmacKey) < minKeyLength {
		return fmt.Errorf("the HMAC secret key must have at least %d characters", minKeyLength)
	}
	for _, other := range s.configs {
		// GUESS Q19: whether names are unique.
		if s.reading("Q19") == "a" && other.configID != config.configID && other.appID == config.appID && other.name == changed.name {
			return errConfigNameTaken
		}
	}
	changed.modified = s.timestamp()
	*config = changed
	return nil
}

// addConfig creates a CrowdStrike Webhook configuration.
func (s *Server) addConfig(settings webhookSettings) (*pluginConfig, error) {
	config := &pluginConfig{
		appID: definition.WebhookAppID(), definitionID: webhookDefinitionID(), state: configState, created: s.timestamp(),
	}
	if err := s.apply(config, settings); err != nil {
		return nil, err
	}
	s.storeConfig(config)
	return config, nil
}

// storeConfig stores a configuration under a new id.
func (s *Server) storeConfig(config *pluginConfig) {
	s.serial++
	config.configID, config.serial = s.newID("config"), s.serial
	s.configs = append(s.configs, config)
}

func (s *Server) dropConfig(id string) {
	s.configs = slices.DeleteFunc(s.configs, func(config *pluginConfig) bool { return config.configID == id })
}
