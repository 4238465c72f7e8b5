package falconsim

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"
)

// GUESS Q12: only the list of configurations is published. If the tenant has the write request, POST and PATCH take
// {"resources": [{"app_id", "definition_id", "config_id", "config": {"name", "url", "hmac_secret_key",
// "signature_header_name"}}]} and DELETE takes ids, on a path next to that of the list. The key is never shown again.
const (
	pluginWritePath = "/plugins/entities/configs/v1"
)

var errConfigNameTaken = errors.New("a configuration with this name already exists")

// webhookDefinitionID is the same in every simulated tenant, as definition.WebhookAppID is.
func webhookDefinitionID() string { return random.FixedID("definition/crowdstrike-webhook") }

func (s *Server) newSlackConfig() *pluginConfig {
	return &pluginConfig{
		appID: random.FixedID("app/slack"), definitionID: random.FixedID("definition/slack"),
		state: configState, name: "Security channel", url: "https://slack.com/api",
		created: s.timestamp(), modified: s.timestamp(),
	}
}

func (s *Server) createConfigs(c *apiRequest) reply {
	body, refusal := readConfigWrite(c)
	if refusal != nil {
		return *refusal
	}
	wanted := body.Resources[0]
	if !slices.Contains([]string{"", definition.WebhookAppID(), s.shownAppID(definition.WebhookAppID())}, wanted.AppID) {
		return failed(http.StatusBadRequest, "invalid app_id %q", wanted.AppID)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	config, err := s.addConfig(wanted.Config)
	if err != nil {
		return refuseConfig(err)
	}
	s.configLag.change(config.configID, nil, s.shownFrom("Q20")) // GUESS Q20: when readers see it
	response := s.writtenConfig(config)
	if s.reading("Q13") == "b" {
		response.status = http.StatusCreated
	}
	return response
}

// writtenConfig is the response to a create or an update.
//
// GUESS Q13: neither the request nor its response is published.
func (s *Server) writtenConfig(config *pluginConfig) reply {
	switch s.reading("Q13") {
	case "c":
		return succeeded([]string{config.configID})
	case "d":
		return succeeded([]string{})
	}
	return succeeded([]any{s.configEntity(config)})
}

func refuseConfig(err error) reply {
	if errors.Is(err, errConfigNameTaken) {
		return failed(http.StatusConflict, "%s", err.Error())
	}
	return failed(http.StatusBadRequest, "%s", err.Error())
}

func (s *Server) updateConfigs(c *apiRequest) reply {
	body, refusal := readConfigWrite(c)
	if refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	config := s.configByID(body.Resources[0].ConfigID)
	if config == nil || config.appID != definition.WebhookAppID() {
		return failed(http.StatusNotFound, "config not found")
	}
	if body.Resources[0].Config.HMACKey == nil && s.reading("Q86") == "b" { // GUESS Q86: whether a change may leave the secret out
		return failed(http.StatusBadRequest, "must provide a value for hmac_secret_key")
	}
	before := *config
	if err := s.apply(config, body.Resources[0].Config); err != nil {
		return refuseConfig(err)
	}
	s.configLag.change(config.configID, &before, s.shownFrom("Q20"))
	return s.writtenConfig(config)
}

func (s *Server) deleteConfigs(c *apiRequest) reply {
	ids, refusal := c.queryIDs()
	if refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		if config := s.configByID(id); config == nil || config.appID != definition.WebhookAppID() {
			return failed(http.StatusNotFound, "config not found")
		}
	}
	for _, id := range ids {
		s.configLag.remove(id, s.configByID(id), s.goneFrom("Q21")) // GUESS Q21: when readers no longer see it
		s.dropConfig(id)
	}
	if s.reading("Q13") == "d" {
		return succeeded([]string{})
	}
	return succeeded(ids)
}

// pluginWrites reports whether the tenant has the request that writes webhook configurations.
func (s *Server) pluginWrites() bool { return s.reading("Q12") == "b" }

// pluginWriteRefusal is the status of that request if the tenant does not have it.
func (s *Server) pluginWriteRefusal() int {
	return map[string]int{
		"a": http.StatusNotFound, "c": http.StatusForbidden, "d": http.StatusMethodNotAllowed, "e": http.StatusBadRequest,
		"f": http.StatusUnsupportedMediaType, "g": http.StatusInternalServerError,
	}[s.reading("Q12")]
}

// configWrite is the body of a write request.
type configWrite struct {
	Resources []struct {
		AppID        string          `json:"app_id"`
		DefinitionID string          `json:"definition_id"`
		ConfigID     string          `json:"config_id"`
		Config       webhookSettings `json:"config"`
	} `json:"resources"`
}

func readConfigWrite(c *apiRequest) (configWrite, *reply) {
	var body configWrite
	if err := json.Unmarshal(c.body, &body); err != nil || len(body.Resources) != 1 {
		return body, refuse(http.StatusBadRequest, "invalid request body: exactly one resource is expected")
	}
	return body, nil
}
