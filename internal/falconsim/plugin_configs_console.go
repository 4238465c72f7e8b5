package falconsim

import "github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"

// PluginConfig is a configuration of a Store app as the console shows it.
type PluginConfig struct {
	ID              string `json:"config_id"`
	AppID           string `json:"app_id"`
	DefinitionID    string `json:"definition_id"`
	State           string `json:"state"`
	Name            string `json:"name"`
	URL             string `json:"url"`
	SignatureHeader string `json:"signature_header_name,omitempty"`
}

// PluginConfigs returns all configurations of Store apps, oldest first.
func (s *Server) PluginConfigs() []PluginConfig {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []PluginConfig{}
	for _, c := range s.configs {
		list = append(list, PluginConfig{c.configID, c.appID, c.definitionID, c.state, c.name, c.url, c.signatureHeader})
	}
	return list
}

// CreatePluginConfig creates a CrowdStrike Webhook configuration and returns its id. The HMAC secret must have 32 characters;
// signatureHeader "" is the form's default.
func (s *Server) CreatePluginConfig(name, url, hmacSecret, signatureHeader string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	config, err := s.addConfig(webhookSettings{Name: &name, URL: &url, HMACKey: &hmacSecret, SignatureHeader: &signatureHeader})
	if err != nil {
		return "", err
	}
	return config.configID, nil
}

// httpCredentialApp is the app_id of the credentials of HTTP actions. No source shows one.
var httpCredentialApp = random.FixedID("app/http-action")

// CreateHTTPCredential creates a credential of the action Cloud HTTP Request and returns its ids. Only the console can create
// one (wire/catalog.md#http-actions).
func (s *Server) CreateHTTPCredential(name string) (configID, definitionID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	config := &pluginConfig{
		appID: httpCredentialApp, definitionID: s.newID("definition"), state: configState, name: name, created: s.timestamp(), modified: s.timestamp(),
	}
	s.storeConfig(config)
	return config.configID, s.shownDefinitionID(config)
}

// PluginConfigEdit is a change of a webhook configuration; nil leaves a value unchanged.
type PluginConfigEdit = webhookSettings

// EditPluginConfig changes a webhook configuration outside of Terraform.
func (s *Server) EditPluginConfig(id string, edit PluginConfigEdit) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	config := s.configByID(id)
	if config == nil {
		return errNotFound
	}
	s.configLag.settle(id)
	return s.apply(config, edit)
}

// DeletePluginConfig deletes a configuration. Workflows that use it are not changed.
func (s *Server) DeletePluginConfig(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.configByID(id) == nil {
		return errNotFound
	}
	s.configLag.settle(id)
	s.dropConfig(id)
	return nil
}
