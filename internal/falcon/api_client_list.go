package falcon

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"slices"

	"github.com/crowdstrike/gofalcon/falcon/client/api_clients"
)

const (
	idsPage  = 500 // the largest page of ids observed (wire/api-clients.md#operations)
	idsBatch = 500 // the most ids observed in a read; they make a URL of 19 kB (wire/open-questions.md#q114)
)

// APIClients lists all API clients, oldest first: two requests for every 500, at most once per half minute as long as this
// Client writes none.
func (c *Client) APIClients(ctx context.Context) ([]APIClient, error) {
	all := c.apiClientList.recent(ctx, c.clock, c.listAPIClients)
	if all.err != nil {
		return nil, relabeled(withCall(ctx, call{doing: "list the API clients"}), all.err)
	}
	clients := make([]APIClient, len(all.items))
	for i := range all.items {
		clients[i] = *all.items[i].clone()
	}
	return clients, nil
}

// APIClientsByName lists the API clients of exactly this name. Falcon has no filter for it, so all are listed
// (wire/api-clients.md#operations), at most once per half minute as long as this Client writes none.
func (c *Client) APIClientsByName(ctx context.Context, name string) ([]APIClient, error) {
	all := c.apiClientList.recent(ctx, c.clock, c.listAPIClients)
	return clientsNamed(ctx, name, all.items, all.err)
}

// PlannedNameHolders is [Client.APIClientsByName] for a plan. Once this Client has written an API client, as during an apply, it
// returns none: every call would list all API clients again, and the create looks the name up itself.
func (c *Client) PlannedNameHolders(ctx context.Context, name string) ([]APIClient, error) {
	if c.apiClientList.wasWritten() {
		return nil, nil
	}
	return c.APIClientsByName(ctx, name)
}

// APIClientNames lists the names of the API clients, from the listing of [Client.APIClientsByName].
func (c *Client) APIClientNames(ctx context.Context) ([]string, error) {
	all := c.apiClientList.recent(ctx, c.clock, c.listAPIClients)
	var names []string
	for _, a := range all.items {
		if a.Name != nil {
			names = append(names, *a.Name)
		}
	}
	return names, all.err
}

// freeName looks for API clients of the name before one is created. Concurrent creates share a listing: they do not use the
// same name, see newNames. It returns all existing API clients, or an *[ExistsError]. It waits for the end of a deletion
// that releases the name: a resource whose address changed is deleted and created at the same time.
func (c *Client) freeName(ctx context.Context, name string) ([]APIClient, error) {
	for {
		all, err := c.clientNames.do(ctx, c.listAPIClients)
		named, err := clientsNamed(ctx, name, all, err)
		switch {
		case err != nil:
			return nil, err
		case len(named) == 0:
			return all, nil
		}
		ids := apiClientIDs(named)
		if ended, err := c.deletingClients.wait(ctx, ids); err != nil {
			return nil, err
		} else if !ended {
			return nil, &ExistsError{Kind: kindAPIClient, Name: name, IDs: ids}
		}
	}
}

func clientsNamed(ctx context.Context, name string, all []APIClient, err error) ([]APIClient, error) {
	if err != nil {
		return nil, relabeled(withCall(ctx, call{doing: fmt.Sprintf("look for API clients named %q", name)}), err)
	}
	var named []APIClient
	for _, a := range all {
		if a.Name != nil && *a.Name == name {
			named = append(named, *a.clone())
		}
	}
	return named, nil
}

// EachAPIClient yields the API clients of the tenant, oldest first, and reads a page only when it is needed. An error ends
// it.
func (c *Client) EachAPIClient(ctx context.Context) iter.Seq2[APIClient, error] {
	ctx = withCall(ctx, call{doing: "list the API clients", scope: scopeClientsRead, repeat: safe})
	return func(yield func(APIClient, error) bool) {
		for p := newPager(clientIDText, c.clientIDPages(ctx)); !p.ended; {
			ids, err := p.next(ctx)
			if err == nil {
				err = p.cut
			}
			if err != nil {
				yield(APIClient{}, err)
				return
			}
			found, err := c.readListed(ctx, ids)
			if err != nil {
				yield(APIClient{}, err)
				return
			}
			for _, a := range found {
				if !yield(a, nil) {
					return
				}
			}
		}
	}
}

// listAPIClients reads all API clients. There is at least that of the provider, so a listing has to say which ones there are.
func (c *Client) listAPIClients(ctx context.Context) ([]APIClient, error) {
	return listedObjects[APIClient]{
		kind: kindAPIClient,
		ids: func(ctx context.Context) ([]looseString, error) {
			return statedPages(ctx, clientIDText, c.clientIDPages(ctx))
		},
		read: c.readListed,
		id:   func(a APIClient) string { return a.ID },
	}.all(withCall(ctx, call{doing: "list the API clients", scope: scopeClientsRead, repeat: safe}))
}

func clientIDText(id looseString) string { return string(id) }

// clientIDPages returns a function that reads a page of the ids.
func (c *Client) clientIDPages(ctx context.Context) func(offset int) (*envelope, error) {
	return func(offset int) (*envelope, error) {
		params := api_clients.NewGetAllAPIClientIdsForCustomerParamsWithContext(ctx)
		// Oldest first: a client created in the meantime comes last and moves nothing.
		params.Limit, params.Offset, params.Sort = new(int64(idsPage)), new(int64(offset)), new("created_timestamp|asc")
		var r response
		_, err := c.apiClients.GetAllAPIClientIdsForCustomer(params, r.as(api_clients.NewGetAllAPIClientIdsForCustomerOK()))
		return checkedEnvelope(ctx, &r, err)
	}
}

// readListed reads API clients whose ids were listed. Clients deleted in the meantime are skipped; other failures are
// errors. A request that is refused as too long is sent again with half of its ids, and so are all later ones.
func (c *Client) readListed(ctx context.Context, ids []looseString) ([]APIClient, error) {
	all := make([]APIClient, 0, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), c.clientBatch.size(idsBatch))
		found, err := c.readBatch(ctx, ids[:n])
		switch {
		case n > provenBatch && (tooManyIDs(err) || hasStatus(err, http.StatusBadRequest)), n > 1 && tooManyIDs(err):
			c.clientBatch.lower((n + 1) / 2)
			continue
		case err != nil:
			return nil, err
		}
		all, ids = append(all, found...), ids[n:]
	}
	return all, nil
}

// provenBatch ids make a URL of less than 8 kB, the usual limit of a gateway. A 400 for more of them may be about their
// number, whatever its text is.
const provenBatch = 150

func (c *Client) readBatch(ctx context.Context, ids []looseString) ([]APIClient, error) {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	found, env, err := c.readAPIClients(ctx, texts)
	if err != nil {
		return nil, err
	}
	if err := env.err(ctx); err != nil && len(found) == 0 && !allNotFound(env.Errors) {
		return nil, err
	}
	return slices.DeleteFunc(found, func(a APIClient) bool { return a.ID == "" }), nil
}

// clone returns a copy for the caller, because listings are shared.
func (a APIClient) clone() *APIClient {
	a.Scopes = slices.Clone(a.Scopes)
	for _, text := range []**string{&a.Name, &a.Description} {
		if *text != nil {
			*text = new(**text)
		}
	}
	return &a
}
