package falconsim

// apiClient is an OAuth2 API client of the tenant. s.mu guards it.
type apiClient struct {
	id, secret, firstSecret string
	name, description       string
	scopes                  []string
	created, modified       string
	createdBy, updatedBy    string
}

func (s *Server) storeClient(id, secret, name, description string, scopes []string) *apiClient {
	now := s.timestamp()
	client := &apiClient{
		id: id, secret: secret, firstSecret: secret, name: name, description: description, scopes: scopes,
		created: now, modified: now, createdBy: "console@example.com", updatedBy: "console@example.com",
	}
	s.clients[id] = client
	return client
}
