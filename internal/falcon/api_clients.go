package falcon

import "context"

// APIClientSpec is what an API client is created with or changed to.
type APIClientSpec struct {
	Name        string
	Description string
	Scopes      []string // scope ids, unordered
}

// APIClient is an API client (id, secret and scopes) of the tenant.
type APIClient struct {
	ID          string
	Name        *string // nil: Falcon did not show it
	Description *string // nil: Falcon did not show it
	Scopes      []string
	ScopesShown bool   // false: Falcon showed no scopes at all
	Secret      string // set by a create only; never printed
}

// APIClient reads one API client; IsNotFound(err) when there is none of that id.
func (c *Client) APIClient(ctx context.Context, id string) (*APIClient, error) {
	return nil, errUnbuilt
}

// APIClientsByName lists the API clients of exactly this name. Falcon has no filter for it, so all are listed
// (wire-api.md 2.1).
func (c *Client) APIClientsByName(ctx context.Context, name string) ([]APIClient, error) {
	return nil, errUnbuilt
}

// CreateAPIClient makes an API client. It looks the name up first: *[ExistsError]. After a lost answer it finds out
// whether the client was made (*[UnsettledError] when it cannot). When a client is returned, err is nil; what went wrong
// after that (the secret got lost) is in warnings, and Secret is then empty.
func (c *Client) CreateAPIClient(ctx context.Context, spec APIClientSpec) (client *APIClient, warnings []string, err error) {
	return nil, nil, errUnbuilt
}

// UpdateAPIClient replaces name, description and scopes. The secret stays.
func (c *Client) UpdateAPIClient(ctx context.Context, id string, spec APIClientSpec) error {
	return errUnbuilt
}

// ResetAPIClientSecret makes a new secret; the old one stops working. A lost answer is asked for again, since the
// newest secret is the one that counts.
func (c *Client) ResetAPIClientSecret(ctx context.Context, id string) (secret string, err error) {
	return "", errUnbuilt
}

// DeleteAPIClient deletes an API client and waits until Falcon no longer shows it. One that is gone already is no error.
func (c *Client) DeleteAPIClient(ctx context.Context, id string) error { return errUnbuilt }
