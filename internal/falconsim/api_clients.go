package falconsim

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// apiClient is an OAuth2 API client of the tenant. s.mu guards it.
type apiClient struct {
	id, secret, firstSecret string
	name, description       string
	scopes                  []string
	created, modified       string
	createdBy, updatedBy    string
	serial                  uint64 // order of creation
}

// clientRequest is the body of create and update. The SDK always sends all three keys, nil ones as null
// (wire/api-clients.md#request-body).
type clientRequest struct {
	Name        *string  `json:"name"`
	Description *string  `json:"description"`
	Scopes      []string `json:"scopes"`
}

const (
	clientNotFound  = "API client not found"
	clientNameTaken = "An API client with this name already exists"
)

// clientKeys returns the keys under which a response shows a client's id and secret.
//
// GUESS Q01, Q02: no response is public.
func (s *Server) clientKeys() (id, secret string) {
	id, secret = "id", "client_secret"
	if s.reading("Q02") == "b" {
		id = "client_id"
	}
	if s.reading("Q01") == "b" {
		secret = "secret"
	}
	return id, secret
}

// missingWrite refuses an update, reset, or delete of an API client that does not exist.
//
// GUESS Q06: 400 is the only fitting status in the specification (wire/api-clients.md#operations).
func (s *Server) missingWrite() reply {
	status := http.StatusBadRequest
	if s.reading("Q06") == "b" {
		status = http.StatusNotFound
	}
	return failed(status, "%s", clientNotFound)
}

// apiClientService is the powered_by of the operations on API clients and tokens.
const apiClientService = "csam"

func (s *Server) apiClientRoutes() []route {
	const entities = "/api-clients/entities/api-clients/v1"
	read, write := []string{"api-client-mgmt:read"}, []string{"api-client-mgmt:write"}
	return []route{
		{http.MethodGet, "/api-clients/entities/accessible-scopes/v1", read, apiClientService, s.listScopes},
		{http.MethodGet, "/api-clients/queries/api-clients/v1", read, apiClientService, s.queryClients},
		{http.MethodGet, entities, read, apiClientService, s.getClients},
		{http.MethodPost, entities, write, apiClientService, s.createClient},
		{http.MethodPatch, entities, write, apiClientService, s.updateClient},
		{http.MethodDelete, entities, write, apiClientService, s.deleteClients},
		{http.MethodPost, "/api-clients/entities/api-clients-actions/v1", write, apiClientService, s.resetClients},
	}
}

func (s *Server) listScopes(*apiRequest) reply {
	return succeeded(s.accessibleScopes())
}

func (s *Server) storeClient(id, secret, name, description string, scopes []string, by string) *apiClient {
	s.serial++
	now := s.timestamp()
	client := &apiClient{
		id: id, secret: secret, firstSecret: secret, name: name, description: description, scopes: sortedScopes(scopes),
		created: now, modified: now, createdBy: by, updatedBy: by, serial: s.serial,
	}
	s.clients[id] = client
	return client
}

// sortedScopes returns a sorted copy of a list of scopes: Falcon does not keep the caller's order.
func sortedScopes(scopes []string) []string {
	list := append([]string{}, scopes...)
	slices.Sort(list)
	return slices.Compact(list)
}

// clientSortFields are the properties that API clients can be sorted by (wire/api-clients.md#operations).
var clientSortFields = map[string]func(*apiClient) string{
	"id":                func(c *apiClient) string { return c.id },
	"name":              func(c *apiClient) string { return c.name },
	"created_by":        func(c *apiClient) string { return c.createdBy },
	"updated_by":        func(c *apiClient) string { return c.updatedBy },
	"created_timestamp": func(c *apiClient) string { return c.created },
	"last_modified":     func(c *apiClient) string { return c.modified },
}

func (s *Server) queryClients(c *apiRequest) reply {
	limit, refusal := s.clientLimit(c)
	if refusal != nil {
		return *refusal
	}
	offset, refusal := c.queryNumber("offset", 0, 0, maxOffset)
	if refusal != nil {
		return *refusal
	}
	field, direction, _ := strings.Cut(cmp.Or(c.get("sort"), "created_timestamp"), "|")
	key, known := clientSortFields[field]
	if !known || !slices.Contains([]string{"", "asc", "desc"}, direction) {
		return failed(http.StatusBadRequest, "invalid sort %q", c.get("sort"))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list := bySerial(s.clientLag.seeAll(s.clients, s.now()))
	sortByText(list, key, direction)
	ids := make([]string, 0, limit)
	for _, client := range page(list, limit, offset) {
		ids = append(ids, client.id)
	}
	return succeeded(ids).paged(limit, offset, len(list))
}

// clientLimit reads the page size of a query of ids.
//
// GUESS Q10: the largest page is not documented; a public client requests 500.
func (s *Server) clientLimit(c *apiRequest) (int, *reply) {
	if s.reading("Q10") == "a" {
		return c.queryNumber("limit", 10, 1, 500)
	}
	limit, refusal := c.queryNumber("limit", 10, 1, maxOffset)
	return min(limit, 100), refusal
}

// clientsByCreation returns the current API clients, oldest first.
func (s *Server) clientsByCreation() []*apiClient {
	return bySerial(slices.Collect(maps.Values(s.clients)))
}

func bySerial(list []*apiClient) []*apiClient {
	slices.SortFunc(list, func(a, b *apiClient) int { return cmp.Compare(a.serial, b.serial) })
	return list
}

// clientEntity is an API client as the API shows it. Only the responses to create and reset have the secret
// (wire/api-clients.md#resource).
func (s *Server) clientEntity(client *apiClient, withSecret bool) map[string]any {
	idKey, secretKey := s.clientKeys()
	entity := map[string]any{
		idKey: client.id, "name": client.name, "description": client.description,
		"created_timestamp": client.created, "last_modified": client.modified,
		"created_by": client.createdBy, "updated_by": client.updatedBy,
	}
	if withSecret {
		entity[secretKey] = client.secret
	}
	switch s.reading("Q03") { // GUESS Q03: the form of the scopes
	case "a":
		entity["scopes"] = client.scopes
	case "b":
		entity["scopes"] = s.scopeObjects(client.scopes)
	}
	return entity
}

// shortURL is the longest URL of a gateway with nginx's default buffers.
const shortURL = 8 << 10

func (s *Server) getClients(c *apiRequest) reply {
	// GUESS Q114: public clients send 500 ids and more in one URL, but no limit is documented.
	if len(c.r.URL.RequestURI()) > shortURL && s.reading("Q114") == "b" {
		return failed(http.StatusRequestURITooLong, "Request-URI Too Long")
	}
	ids, refusal := c.queryIDs()
	if refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	entities, missing := make([]any, 0, len(ids)), []string(nil)
	for _, id := range ids {
		if client := s.clientLag.see(id, s.clients[id], s.now()); client != nil {
			entities = append(entities, s.clientEntity(client, false))
		} else {
			missing = append(missing, id)
		}
	}
	return s.missingClients(succeeded(entities), missing)
}

func (s *Server) clientsByID(ids []string) (found []*apiClient, missing []string) {
	for _, id := range ids {
		if client, ok := s.clients[id]; ok {
			found = append(found, client)
		} else {
			missing = append(missing, id)
		}
	}
	return found, missing
}

// missingClients adds the ids that do not exist to the response to a read.
//
// GUESS Q04: no response is public.
func (s *Server) missingClients(response reply, missing []string) reply {
	if len(missing) == 0 || s.reading("Q04") == "a" {
		return response
	}
	for _, id := range missing {
		response.errors = append(response.errors, apiError{Code: http.StatusNotFound, Message: clientNotFound, ID: id})
	}
	if s.reading("Q04") == "c" {
		response.status = http.StatusNotFound
	}
	return response
}

// readClientRequest decodes a body and checks it against the tenant. except is the client that is being updated, nil for a
// create.
func (s *Server) readClientRequest(c *apiRequest, except *apiClient) (clientRequest, *reply) {
	var body clientRequest
	if err := json.Unmarshal(c.body, &body); err != nil {
		return clientRequest{}, refuse(http.StatusBadRequest, "invalid request body")
	}
	if except != nil && (body.Name == nil || body.Description == nil || body.Scopes == nil) {
		switch s.reading("Q05") { // GUESS Q05: what null means; with "a" it is the empty value
		case "b":
			body.fillFrom(except)
		case "c":
			return clientRequest{}, refuse(http.StatusBadRequest, "name, description and scopes must not be null")
		}
	}
	if body.Name == nil || strings.TrimSpace(*body.Name) == "" {
		return clientRequest{}, refuse(http.StatusBadRequest, "name is required")
	}
	if body.Description == nil {
		body.Description = new(string)
	}
	offered := s.offeredScopes()
	for _, id := range body.Scopes {
		if !slices.Contains(offered, id) {
			return clientRequest{}, refuse(http.StatusBadRequest, "invalid scope: %s", id)
		}
	}
	for _, other := range s.clients {
		// GUESS Q07: the specification has a 409; that it means a name clash is inferred.
		if s.reading("Q07") == "a" && other.name == *body.Name && other != except {
			return clientRequest{}, refuse(http.StatusConflict, "%s", clientNameTaken)
		}
	}
	return body, nil
}

// fillFrom replaces null values with those of the client.
func (r *clientRequest) fillFrom(client *apiClient) {
	if r.Name == nil {
		r.Name = &client.name
	}
	if r.Description == nil {
		r.Description = &client.description
	}
	if r.Scopes == nil {
		r.Scopes = client.scopes
	}
}

func (s *Server) createClient(c *apiRequest) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, refusal := s.readClientRequest(c, nil)
	if refusal != nil {
		return *refusal
	}
	id := s.newID("client")
	s.clientLag.change(id, nil, s.shownFrom("Q09")) // GUESS Q09: when readers see it
	client := s.storeClient(id, s.newSecret("secret"), *body.Name, *body.Description, body.Scopes, c.client.id)
	return reply{status: http.StatusCreated, resources: []any{s.clientEntity(client, true)}, affected: 1}
}

// updateClient replaces all three attributes. The response has no body.
func (s *Server) updateClient(c *apiRequest) reply {
	ids := c.query["ids"]
	if len(ids) != 1 || ids[0] == "" {
		return failed(http.StatusBadRequest, "exactly one id is required")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	client, exists := s.clients[ids[0]]
	if !exists {
		return s.missingWrite()
	}
	body, refusal := s.readClientRequest(c, client)
	if refusal != nil {
		return *refusal
	}
	s.clientLag.change(client.id, client, s.shownFrom("Q09"))
	client.name, client.description, client.scopes = *body.Name, *body.Description, sortedScopes(body.Scopes)
	client.modified, client.updatedBy = s.timestamp(), c.client.id
	return reply{status: http.StatusNoContent, empty: true}
}

func (s *Server) deleteClients(c *apiRequest) reply {
	ids, refusal := c.queryIDs()
	if refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, missing := s.clientsByID(ids)
	if len(missing) > 0 && s.reading("Q06") != "c" {
		return s.missingWrite()
	}
	deleted := make([]string, 0, len(found))
	for _, client := range found {
		s.clientLag.remove(client.id, client, s.goneFrom("Q08")) // GUESS Q08: a 202 suggests that it takes a while
		s.dropClient(client.id)
		deleted = append(deleted, client.id)
	}
	return reply{status: http.StatusAccepted, resources: deleted, affected: len(deleted)}
}

// dropClient deletes a client and its tokens.
func (s *Server) dropClient(id string) {
	delete(s.clients, id)
	for token, held := range s.tokens {
		if held.clientID == id {
			delete(s.tokens, token)
		}
	}
}

func (s *Server) resetClients(c *apiRequest) reply {
	if action := c.get("action_name"); action != "reset_secret" {
		return failed(http.StatusBadRequest, "invalid action_name %q", action)
	}
	ids, refusal := c.queryIDs()
	if refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, missing := s.clientsByID(ids)
	if len(missing) > 0 {
		return s.missingWrite()
	}
	entities := make([]any, 0, len(found))
	for _, client := range found {
		s.clientLag.change(client.id, client, s.shownFrom("Q09"))
		client.secret = s.newSecret("secret")
		client.modified, client.updatedBy = s.timestamp(), c.client.id
		entities = append(entities, s.clientEntity(client, true))
	}
	return reply{status: http.StatusCreated, resources: entities, affected: len(entities)}
}
