package falconsim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/definition"
)

// errNotThere is the console's answer for an object that does not exist.
var errNotThere = errors.New("there is no such object")

// APIClient is an API client as the console shows it.
type APIClient struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Description  string   `json:"description"`
	Scopes       []string `json:"scopes"`
	Created      string   `json:"created_timestamp"`
	LastModified string   `json:"last_modified"`
}

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

// Workflow is a workflow definition as the console shows it.
type Workflow struct {
	ID           string         `json:"id"`
	Name         string         `json:"name"`
	Enabled      bool           `json:"enabled"`
	Version      int            `json:"version"`
	Invalid      bool           `json:"has_validation_errors"`
	LastModified string         `json:"last_modified_timestamp"`
	Document     map[string]any `json:"document"`
}

// Tenant is everything that the console shows of a tenant. It holds no secret
// and is in a stable order, so that two of them can be compared.
type Tenant struct {
	CID           string         `json:"cid"`
	APIClients    []APIClient    `json:"api_clients"`
	PluginConfigs []PluginConfig `json:"plugin_configs"`
	Workflows     []Workflow     `json:"workflows"`
	Cases         []Case         `json:"cases"`
	Hosts         []Host         `json:"hosts"`
}

// Tenant returns what the tenant holds now.
func (s *Server) Tenant() Tenant {
	return Tenant{
		CID: s.cid, APIClients: s.Clients(), PluginConfigs: s.PluginConfigs(), Workflows: s.Workflows(),
		Cases: s.Cases(), Hosts: s.Hosts(),
	}
}

// Dump is [Server.Tenant] as indented JSON: equal texts mean equal tenants.
func (s *Server) Dump() []byte {
	text, err := json.MarshalIndent(s.Tenant(), "", "  ")
	if err != nil {
		panic(fmt.Sprintf("falconsim: the tenant cannot be encoded: %v", err)) // a defect of the simulator
	}
	return text
}

// Clients returns all API clients in the order of their creation.
func (s *Server) Clients() []APIClient {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []APIClient{}
	for _, c := range s.clientsInOrder() {
		list = append(list, APIClient{c.id, c.name, c.description, slices.Clone(c.scopes), c.created, c.modified})
	}
	return list
}

// AddClient makes an API client with an id and a secret of the caller's choice.
func (s *Server) AddClient(id, secret string, scopes []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.storeClient(id, secret, "client "+id, "", scopes, consoleUser)
}

// ClientEdit changes an API client; nil leaves a value as it is.
type ClientEdit struct {
	Name        *string  `json:"name"`
	Description *string  `json:"description"`
	Scopes      []string `json:"scopes"`
}

// EditClient changes an API client behind Terraform's back.
func (s *Server) EditClient(id string, edit ClientEdit) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	client, exists := s.clients[id]
	if !exists {
		return errNotThere
	}
	s.clientLag.settle(id)
	for target, value := range map[*string]*string{&client.name: edit.Name, &client.description: edit.Description} {
		if value != nil {
			*target = *value
		}
	}
	if edit.Scopes != nil {
		client.scopes = sortedScopes(edit.Scopes)
	}
	client.modified, client.updatedBy = s.timestamp(), consoleUser
	return nil
}

// DeleteClient deletes an API client and its tokens.
func (s *Server) DeleteClient(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, exists := s.clients[id]; !exists {
		return errNotThere
	}
	s.clientLag.settle(id)
	s.dropClient(id)
	return nil
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

// CreatePluginConfig is the console step that makes a CrowdStrike Webhook
// configuration. The HMAC secret must have 32 characters; signatureHeader ""
// is the form's default. It returns the configuration's id.
func (s *Server) CreatePluginConfig(name, url, hmacSecret, signatureHeader string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	config, err := s.addConfig(webhookSettings{Name: &name, URL: &url, HMACKey: &hmacSecret, SignatureHeader: &signatureHeader})
	if err != nil {
		return "", err
	}
	return config.configID, nil
}

// PluginConfigEdit changes a webhook configuration; nil leaves a value as it is.
type PluginConfigEdit = webhookSettings

// EditPluginConfig changes a webhook configuration behind Terraform's back.
func (s *Server) EditPluginConfig(id string, edit PluginConfigEdit) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	config := s.configByID(id)
	if config == nil {
		return errNotThere
	}
	s.configLag.settle(id)
	return s.apply(config, edit)
}

// DeletePluginConfig deletes a configuration. Workflows that use it stay.
func (s *Server) DeletePluginConfig(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.configByID(id) == nil {
		return errNotThere
	}
	s.configLag.settle(id)
	s.dropConfig(id)
	return nil
}

// Workflows returns all workflows in the order of their creation. Their
// documents must not be changed.
func (s *Server) Workflows() []Workflow {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []Workflow{}
	for _, w := range s.workflowsInOrder() {
		list = append(list, w.shown())
	}
	return list
}

func (w *workflow) shown() Workflow {
	v := w.newest()
	return Workflow{w.id, w.name(), v.enabled, v.number, v.invalid, v.modified, v.doc}
}

// Workflow returns one workflow by id.
func (s *Server) Workflow(id string) (Workflow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, exists := s.workflows[id]
	if !exists {
		return Workflow{}, errNotThere
	}
	return w.shown(), nil
}

// ReplaceWorkflow gives a workflow another document, YAML or JSON, as an edit
// in the console does. Nothing but its syntax is checked.
func (s *Server) ReplaceWorkflow(id string, text []byte) error {
	doc, err := definition.Parse(text)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w, exists := s.workflows[id]
	if !exists {
		return errNotThere
	}
	s.save(w, s.definitions.Normalise(doc), w.newest().enabled)
	s.showNow(w)
	return nil
}

// SetWorkflowEnabled turns a workflow on or off without checking it.
func (s *Server) SetWorkflowEnabled(id string, enabled bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, exists := s.workflows[id]
	if !exists {
		return errNotThere
	}
	s.switchAll([]*workflow{w}, enabled)
	s.showNow(w)
	return nil
}

// DeleteWorkflow deletes a workflow.
func (s *Server) DeleteWorkflow(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, exists := s.workflows[id]; !exists {
		return errNotThere
	}
	delete(s.workflows, id)
	return nil
}

// consoleStatus is the HTTP status of a console call's error.
func consoleStatus(err error) int {
	switch {
	case err == nil:
		return http.StatusOK
	case errors.Is(err, errNotThere):
		return http.StatusNotFound
	}
	return http.StatusBadRequest
}
