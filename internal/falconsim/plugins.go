package falconsim

import (
	"fmt"
	"net/http"
	"slices"
)

// pluginConfig is a configuration of a Store app. s.mu guards it.
type pluginConfig struct {
	appID, configID, definitionID string
	state                         string
	name, url, signatureHeader    string
	hmacKey                       string // of a CrowdStrike Webhook; never shown
	created, modified             string
}

const configState = "active"

func (s *Server) pluginRoutes() []route {
	const powered = "plugins"
	routes := []route{
		{http.MethodGet, "/plugins/combined/configs/v1", []string{"api-integrations:read"}, powered, s.listConfigs},
	}
	write := []string{"api-integrations:write"}
	for method, handler := range map[string]func(*call) reply{
		http.MethodPost: s.createConfigs, http.MethodPatch: s.updateConfigs, http.MethodDelete: s.deleteConfigs,
	} {
		if s.pluginWrites() {
			routes = append(routes, route{method, pluginWritePath, write, powered, handler})
		} else if status := s.pluginWriteRefusal(); status != http.StatusNotFound {
			routes = append(routes, route{method, pluginWritePath, nil, powered, func(*call) reply {
				return failed(status, "%s", usualMessage(status, ""))
			}})
		}
	}
	return routes
}

// listConfigs answers newest first (wire-api.md 4.1). No property that could
// be filtered or sorted by is documented, so that a filter or sort is refused.
func (s *Server) listConfigs(c *call) reply {
	limit, refusal := c.queryNumber("limit", 100, 1, 500)
	if refusal != nil {
		return *refusal
	}
	offset, refusal := c.queryNumber("offset", 0, 0, maxOffset)
	if refusal != nil {
		return *refusal
	}
	for _, key := range []string{"filter", "sort"} {
		if value := c.get(key); value != "" {
			return failed(http.StatusBadRequest, "invalid %s %q", key, value)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	newest := slices.Clone(s.configs)
	slices.Reverse(newest)
	items := make([]any, 0, limit)
	for _, config := range page(newest, limit, offset) {
		items = append(items, s.configEntity(config))
	}
	return succeeded(items).paged(limit, offset, len(newest))
}

// configEntity is a configuration as the list shows it. What config holds is
// not documented beyond the name (wire-api.md 4.1).
func (s *Server) configEntity(config *pluginConfig) map[string]any {
	shown := map[string]any{}
	if s.reading("Q14") == "a" { // GUESS Q14
		shown["name"] = config.name
	}
	if s.reading("Q15") == "a" { // GUESS Q15
		shown["url"] = config.url
	}
	if s.reading("Q16") == "a" && config.signatureHeader != "" { // GUESS Q16
		shown["signature_header_name"] = config.signatureHeader
	}
	return map[string]any{
		"app_id": config.appID, "config": shown, "config_id": config.configID,
		"definition_id": config.definitionID, "state": config.state,
	}
}

func (s *Server) configByID(id string) *pluginConfig {
	for _, config := range s.configs {
		if config.configID == id {
			return config
		}
	}
	return nil
}

// webhookSettings are what the console's form asks for; nil leaves a setting
// as it is.
type webhookSettings struct {
	Name            *string `json:"name"`
	URL             *string `json:"url"`
	HMACKey         *string `json:"hmac_secret_key"`
	SignatureHeader *string `json:"signature_header_name"`
}

// minKeyLength is what the form demands (fusion-workflows.md D).
const minKeyLength = 32

// defaultSignatureHeader is the form's default (fusion-workflows.md A1).
const defaultSignatureHeader = "X-Cs-Primary-Signature"

// apply checks the settings and takes them over; a new configuration needs
// name, URL and key. Nothing is changed on an error.
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
	setDefault(&changed.signatureHeader, defaultSignatureHeader)
	if changed.name == "" || changed.url == "" {
		return fmt.Errorf("must provide a value for name and url")
	}
	if len(changed.hmacKey) < minKeyLength {
		return fmt.Errorf("the HMAC secret key must have at least %d characters", minKeyLength)
	}
	for _, other := range s.configs {
		if other.configID != config.configID && other.appID == config.appID && other.name == changed.name {
			return errConfigNameTaken
		}
	}
	changed.modified = s.timestamp()
	*config = changed
	return nil
}

// addConfig makes a CrowdStrike Webhook configuration.
func (s *Server) addConfig(settings webhookSettings) (*pluginConfig, error) {
	config := &pluginConfig{
		appID: webhookAppID(), definitionID: webhookDefinitionID(), state: configState, created: s.timestamp(),
	}
	if err := s.apply(config, settings); err != nil {
		return nil, err
	}
	config.configID = s.newID("config")
	s.configs = append(s.configs, config)
	return config, nil
}

func (s *Server) dropConfig(id string) {
	s.configs = slices.DeleteFunc(s.configs, func(config *pluginConfig) bool { return config.configID == id })
}
