package falcon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/crowdstrike/gofalcon/falcon/client/api_clients"
)

// APIClientSpec is an API client to create, or the new values of one.
type APIClientSpec struct {
	Name        string
	Description string
	Scopes      []string // scope ids, unordered
}

// APIClient is an API client (id, secret and scopes) of the tenant.
type APIClient struct {
	ID          string
	Name        *string // nil: not shown by Falcon
	Description *string // nil: not shown by Falcon
	Scopes      []string
	ScopesShown bool // false: Falcon shows no scopes at all
	// Created and LastModified are times as Falcon writes them; "" where it does not show them.
	Created, LastModified string
	Secret                string // set only by a create; never printed
}

// String shows no secret.
func (a APIClient) String() string {
	name := ""
	if a.Name != nil {
		name = *a.Name
	}
	return fmt.Sprintf("API client %q (id %s)", name, a.ID)
}

// GoString shows no secret.
func (a APIClient) GoString() string { return "falcon.APIClient{" + a.String() + "}" }

// LogValue shows no secret.
func (a APIClient) LogValue() slog.Value { return slog.StringValue(a.String()) }

// MarshalJSON shows no secret.
func (a APIClient) MarshalJSON() ([]byte, error) { return json.Marshal(a.String()) }

// wireAPIClient is an API client as Falcon may write it: no recorded response is public, so all candidates of
// wire/api-clients.md#resource are read.
type wireAPIClient struct {
	ID           looseString     `json:"id"`
	ClientID     looseString     `json:"client_id"`
	Name         *looseString    `json:"name"`
	Description  *looseString    `json:"description"`
	Scopes       json.RawMessage `json:"scopes"`
	Created      looseString     `json:"created_timestamp"`
	LastModified looseString     `json:"last_modified"`
	ClientSecret looseString     `json:"client_secret"`
	Secret       looseString     `json:"secret"`
}

func (w wireAPIClient) apiClient() APIClient {
	a := APIClient{
		ID: string(w.ID), Secret: string(w.ClientSecret),
		Created: oneLine(string(w.Created), maxHeaderText), LastModified: oneLine(string(w.LastModified), maxHeaderText),
	}
	if a.ID == "" {
		a.ID = string(w.ClientID)
	}
	if a.Secret == "" {
		a.Secret = string(w.Secret)
	}
	if w.Name != nil {
		a.Name = new(string(*w.Name))
	}
	if w.Description != nil {
		a.Description = new(string(*w.Description))
	}
	a.Scopes, a.ScopesShown = readScopeList(w.Scopes)
	return a
}

// readScopeList reads a list of ids or of objects with an id. A list that contains anything else counts as not shown, not as
// scopes that someone removed.
func readScopeList(raw json.RawMessage) (ids []string, shown bool) {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil || items == nil {
		return nil, false
	}
	ids = make([]string, 0, len(items))
	for _, item := range items {
		var id string
		if json.Unmarshal(item, &id) != nil {
			var object wireScope
			if json.Unmarshal(item, &object) != nil {
				return nil, false
			}
			id = string(object.ID)
		}
		if id == "" {
			return nil, false
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.Compact(ids), true
}

// APIClient reads one API client. IsNotFound holds for the error when there is none of this id. Where many are read, one
// listing serves them all; see snapshot.
func (c *Client) APIClient(ctx context.Context, id string) (*APIClient, error) {
	is := func(a APIClient) bool { return a.ID == id }
	if found, ok := c.apiClientList.lookUp(ctx, c.clock, id, is, c.listAPIClients); ok {
		return found.clone(), nil
	}
	ctx = withCall(ctx, call{doing: fmt.Sprintf("read the API client with id %s", id), scope: scopeClientsRead, repeat: safe})
	found, silent, err := c.readAPIClient(ctx, id)
	if silent {
		// A client that was reported as deleted by mistake would be created again.
		if listErr := c.confirmClientGone(ctx, id); listErr != nil {
			return nil, listErr
		}
	}
	return found, err
}

// readAPIClient reads one API client by itself. silent reports that Falcon did not say explicitly that it does not exist.
func (c *Client) readAPIClient(ctx context.Context, id string) (client *APIClient, silent bool, err error) {
	found, env, err := c.readAPIClients(ctx, []string{id})
	if err != nil {
		return nil, false, err
	}
	for i := range found {
		if found[i].ID == id {
			return &found[i], false, nil
		}
	}
	// Falcon's response for an unknown id is not public: nothing, errors in a 200, or 404 (wire/api-clients.md#operations).
	// Errors other than "not found" are returned.
	if slices.ContainsFunc(env.Errors, func(m Message) bool {
		return m.Code == http.StatusUnauthorized || m.Code == http.StatusForbidden ||
			m.Code == http.StatusTooManyRequests || m.Code >= http.StatusInternalServerError && m.Code < 600
	}) {
		return nil, false, env.err(ctx)
	}
	return nil, len(env.Errors) == 0 || !allNotFound(env.Errors), notFound(ctx, "API client "+id)
}

// confirmClientGone returns an error if the listing of the ids has the client that an empty response did not contain.
func (c *Client) confirmClientGone(ctx context.Context, id string) error {
	ids, err := pages(ctx, clientIDText, c.clientIDPages(ctx))
	switch {
	case err != nil:
		return err
	case slices.Contains(ids, looseString(id)):
		return &Error{Doing: callFrom(ctx).doing, Status: http.StatusOK, Err: errors.New("the response is empty, although the client exists")}
	}
	return nil
}

func (c *Client) readAPIClients(ctx context.Context, ids []string) ([]APIClient, *envelope, error) {
	params := api_clients.NewGetAPIClientsParamsWithContext(ctx)
	params.Ids = ids
	var r response
	_, err := c.apiClients.GetAPIClients(params, r.as(api_clients.NewGetAPIClientsOK()))
	if err != nil {
		return nil, nil, err
	}
	env, err := r.envelope(ctx)
	if err != nil {
		return nil, nil, err
	}
	items, err := resources[wireAPIClient](ctx, env)
	if err != nil {
		return nil, nil, err
	}
	found := make([]APIClient, len(items))
	for i, item := range items {
		found[i] = item.apiClient()
	}
	return found, env, nil
}

// ResetAPIClientSecret creates a new secret; the old one stops working. After a lost response the request is repeated,
// because only the newest secret counts.
func (c *Client) ResetAPIClientSecret(ctx context.Context, id string) (secret string, err error) {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("reset the secret of the API client with id %s", id), scope: scopeClientsWrite, repeat: safe, grace: createGrace})
	defer c.apiClientList.writing()()
	params := api_clients.NewResetAPIClientSecretParamsWithContext(ctx)
	params.ActionName, params.Ids = "reset_secret", []string{id}
	var r response
	_, err = c.apiClients.ResetAPIClientSecret(params, r.as(api_clients.NewResetAPIClientSecretCreated()))
	env, err := checkedEnvelope(ctx, &r, c.notFoundIfGone(ctx, id, err))
	if err != nil {
		return "", err
	}
	items, err := resources[wireAPIClient](ctx, env)
	if err != nil {
		return "", err
	}
	for _, item := range items {
		if found := item.apiClient(); found.Secret != "" && (found.ID == id || found.ID == "") {
			return found.Secret, nil
		}
	}
	return "", env.broken(ctx, errors.New("the response contains no new secret; the old one may no longer work"))
}

// DeleteAPIClient deletes an API client and waits until Falcon no longer shows it. It is not an error if the client does not
// exist.
func (c *Client) DeleteAPIClient(ctx context.Context, id string) error {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("delete the API client with id %s", id), scope: scopeClientsWrite, repeat: safe})
	defer c.deletingClients.begin(id)()
	defer c.clientNames.detach()
	defer c.newClients.forget(id)
	defer c.apiClientList.writing()()
	params := api_clients.NewDeleteAPIClientsParamsWithContext(ctx)
	params.Ids = []string{id}
	var r response
	_, err := c.apiClients.DeleteAPIClients(params, r.as(api_clients.NewDeleteAPIClientsAccepted()))
	if err = c.notFoundIfGone(ctx, id, err); IsNotFound(err) {
		return nil
	}
	env, err := envelopeOf(ctx, &r, err)
	if err != nil {
		return err
	}
	if err := env.err(ctx); err != nil && !allNotFound(env.Errors) {
		return err
	}
	return c.awaitAPIClientGone(ctx, id)
}

// notFoundIfGone turns a 400 into a 404 if the API client does not exist: Falcon may refuse the change of such a client with
// either, and a 400 has other meanings too (wire/open-questions.md#q06).
func (c *Client) notFoundIfGone(ctx context.Context, id string, err error) error {
	if !hasStatus(err, http.StatusBadRequest) {
		return err
	}
	_, silent, readErr := c.readAPIClient(ctx, id)
	if IsNotFound(readErr) && (!silent || c.confirmClientGone(ctx, id) == nil) {
		return readErr
	}
	return err
}

const maxGonePolls = 60 // with backoff up to 10 s: about nine minutes

// awaitAPIClientGone waits for the end of a delete: Falcon responds with 202, "accepted" (wire/api-clients.md#operations).
func (c *Client) awaitAPIClientGone(ctx context.Context, id string) error {
	for look := 1; ; look++ {
		_, _, err := c.readAPIClient(ctx, id)
		switch {
		case IsNotFound(err), IsForbidden(err): // a client that may delete but not read must trust the 202
			return nil
		case err != nil:
			return err
		case look == maxGonePolls:
			return &Error{Doing: callFrom(ctx).doing, Err: errors.New("Falcon accepted the request, but still shows the client")}
		}
		if err := c.clock.sleep(ctx, backoff(look, deletePollCap)); err != nil {
			return &Error{Doing: callFrom(ctx).doing, Err: fmt.Errorf("stopped while waiting for the end of the accepted deletion: %w", err)}
		}
	}
}

// sameScopes compares scope lists as sets.
func sameScopes(a, b []string) bool { return slices.Equal(scopeList(a), scopeList(b)) }

// scopeList is sorted, without duplicates, and never nil: nil would be sent as null (wire/api-clients.md#request-body).
func scopeList(ids []string) []string {
	list := make([]string, 0, len(ids))
	list = append(list, ids...)
	slices.SortFunc(list, strings.Compare)
	return slices.Compact(list)
}
