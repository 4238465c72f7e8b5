package falconsim

import (
	"errors"
	"slices"
)

// APIClient is an API client as the console shows it.
type APIClient struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Description  string   `json:"description"`
	Scopes       []string `json:"scopes"`
	Created      string   `json:"created_timestamp"`
	LastModified string   `json:"last_modified"`
}

// Clients returns all API clients, oldest first.
func (s *Server) Clients() []APIClient {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []APIClient{}
	for _, c := range s.clientsByCreation() {
		list = append(list, APIClient{c.id, c.name, c.description, slices.Clone(c.scopes), c.created, c.modified})
	}
	return list
}

// AddClient creates an API client with a chosen id and secret.
func (s *Server) AddClient(id, secret string, scopes []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.storeClient(id, secret, "client "+id, "", scopes, consoleUser)
}

// CreateClient creates an API client as a person does in the console, and returns its id and secret.
func (s *Server) CreateClient(name, description string, scopes []string) (id, secret string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name == "" {
		return "", "", errors.New("name is required")
	}
	for _, other := range s.clients {
		if other.name == name {
			return "", "", errors.New(clientNameTaken)
		}
	}
	client := s.storeClient(s.newID("client"), s.newSecret("secret"), name, description, scopes, consoleUser)
	return client.id, client.secret, nil
}

// ClientEdit is a change of an API client; nil leaves a value unchanged.
type ClientEdit struct {
	Name        *string  `json:"name"`
	Description *string  `json:"description"`
	Scopes      []string `json:"scopes"`
}

// EditClient changes an API client outside of Terraform.
func (s *Server) EditClient(id string, edit ClientEdit) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	client, exists := s.clients[id]
	if !exists {
		return errNotFound
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
		return errNotFound
	}
	s.clientLag.settle(id)
	s.dropClient(id)
	return nil
}
