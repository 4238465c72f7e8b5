package falcon

import "context"

// Scope is one permission that the tenant offers to API clients.
type Scope struct {
	ID     string // e.g. "devices:read"
	Group  string // Falcon's name of the group, e.g. "Hosts"; may be empty
	Action string // "read" or "write"
}

// AccessibleScopes lists the scopes that the tenant offers, sorted by id; read once. Scope api-client-mgmt:read.
func (c *Client) AccessibleScopes(ctx context.Context) ([]Scope, error) { return nil, errUnbuilt }

// ScopeTitle is the name of a scope in Falcon's console, e.g. "Hosts: read" for "devices:read" (wire-api.md 2.4).
// An id that is not known is returned as it is.
func ScopeTitle(id string) string { return id }
