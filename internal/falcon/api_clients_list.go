package falcon

import (
	"context"
	"fmt"
	"slices"

	"github.com/crowdstrike/gofalcon/falcon/client/api_clients"
)

const (
	idsPage = 500 // the largest page seen in use (wire-api.md 2.1)
	// idsBatch keeps the address of a read by ids under 8 kB, the usual limit of a gateway.
	idsBatch = 150
)

// APIClientsByName lists the API clients of exactly this name. Falcon has no filter for it, so all are listed
// (wire-api.md 2.1), at most once every half a minute as long as this Client writes none.
func (c *Client) APIClientsByName(ctx context.Context, name string) ([]APIClient, error) {
	all := c.apiClientList.recent(ctx, c.clock, c.listAPIClients)
	return clientsNamed(ctx, name, all.items, all.err)
}

// freeName looks for API clients of the name before one is created. Creates at the same time share a listing: theirs
// do not take this name, unless the configuration has it twice, and then Falcon refuses one of them.
func (c *Client) freeName(ctx context.Context, name string) ([]APIClient, error) {
	all, err := c.clientNames.do(ctx, c.listAPIClients)
	return clientsNamed(ctx, name, all, err)
}

func clientsNamed(ctx context.Context, name string, all []APIClient, err error) ([]APIClient, error) {
	if err != nil {
		return nil, doing(withCall(ctx, call{doing: fmt.Sprintf("look for API clients named %q", name)}), err)
	}
	var named []APIClient
	for _, a := range all {
		if a.Name != nil && *a.Name == name {
			named = append(named, *a.clone())
		}
	}
	return named, nil
}

// listAPIClients reads all API clients: their ids, and then what they are.
func (c *Client) listAPIClients(ctx context.Context) ([]APIClient, error) {
	ctx = withCall(ctx, call{doing: "list the API clients", scope: scopeClientsRead, repeat: safe})
	ids, err := pages(ctx, func(id looseString) string { return string(id) }, func(offset int) (*envelope, error) {
		params := api_clients.NewGetAllAPIClientIdsForCustomerParamsWithContext(ctx)
		// Oldest first: what is created in the meantime comes at the end and moves nothing.
		params.Limit, params.Offset, params.Sort = new(int64(idsPage)), new(int64(offset)), new("created_timestamp|asc")
		var a answer
		_, err := c.apiClients.GetAllAPIClientIdsForCustomer(params, a.as(api_clients.NewGetAllAPIClientIdsForCustomerOK()))
		return checkedEnvelope(ctx, &a, err)
	})
	if err != nil {
		return nil, err
	}
	all := make([]APIClient, 0, len(ids))
	for batch := range slices.Chunk(ids, idsBatch) {
		texts := make([]string, len(batch))
		for i, id := range batch {
			texts[i] = string(id)
		}
		found, env, err := c.readAPIClients(ctx, texts)
		if err != nil {
			return nil, err
		}
		// One that was deleted since the listing is not missed; another failure is.
		if err := env.err(ctx); err != nil && len(found) == 0 && !allNotFound(env.Errors) {
			return nil, err
		}
		for _, a := range found {
			if a.ID != "" {
				all = append(all, a)
			}
		}
	}
	return all, nil
}

// clone gives the caller a value of its own: listings are shared.
func (a APIClient) clone() *APIClient {
	a.Scopes = slices.Clone(a.Scopes)
	for _, text := range []**string{&a.Name, &a.Description} {
		if *text != nil {
			*text = new(**text)
		}
	}
	return &a
}
