package falcon

import (
	"context"
	"errors"
	"fmt"

	"github.com/crowdstrike/gofalcon/falcon/client/api_clients"
	"github.com/crowdstrike/gofalcon/falcon/models"
)

const (
	kindAPIClient = "API client"
	settleLooks   = 3 // after a lost answer Falcon may still be at work on the create
)

// CreateAPIClient makes an API client. It looks the name up first: *[ExistsError]. After a lost answer it finds out
// whether the client was made (*[UnsettledError] when it cannot). When a client is returned, err is nil; what went wrong
// after that (the secret got lost) is in warnings, and Secret is then empty.
func (c *Client) CreateAPIClient(ctx context.Context, spec APIClientSpec) (client *APIClient, warnings []string, err error) {
	before, err := c.freeName(ctx, spec.Name)
	if err != nil {
		return nil, nil, err
	}
	if len(before) > 0 {
		return nil, nil, &ExistsError{Kind: kindAPIClient, Name: spec.Name, IDs: apiClientIDs(before)}
	}
	client, warnings, err = c.postAPIClient(ctx, spec)
	var refused *Error
	switch {
	case err == nil:
	case Ambiguous(err), IsConflict(err) && errors.As(err, &refused) && refused.attempts > 1:
		if client, err = c.settleAPIClient(ctx, spec, err); err != nil {
			return nil, nil, err
		}
	case IsConflict(err):
		// Somebody else took the name since the look-up.
		found, lookErr := c.APIClientsByName(ctx, spec.Name)
		if lookErr != nil {
			err = errors.Join(err, lookErr)
		}
		return nil, nil, &ExistsError{Kind: kindAPIClient, Name: spec.Name, IDs: apiClientIDs(found), Err: err}
	default:
		return nil, nil, err
	}
	if client.Secret == "" {
		warnings = append(warnings, c.recoverSecret(ctx, client)...)
	}
	return client, warnings, nil
}

func apiClientIDs(clients []APIClient) []string {
	ids := make([]string, len(clients))
	for i, a := range clients {
		ids[i] = a.ID
	}
	return ids
}

func (spec APIClientSpec) request() *models.APIClientRequest {
	return &models.APIClientRequest{Name: &spec.Name, Description: &spec.Description, Scopes: scopeList(spec.Scopes)}
}

// postAPIClient sends the create. An answer that names no client leaves open whether there is one.
func (c *Client) postAPIClient(ctx context.Context, spec APIClientSpec) (*APIClient, []string, error) {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("create API client %q", spec.Name), scope: scopeClientsWrite, repeat: onlyPaced})
	defer c.apiClientList.writing()()
	params := api_clients.NewCreateAPIClientParamsWithContext(ctx)
	params.Body = spec.request()
	var a answer
	_, err := c.apiClients.CreateAPIClient(params, a.as(api_clients.NewCreateAPIClientCreated()))
	env, err := envelopeOf(ctx, &a, err)
	if err != nil {
		return nil, nil, err
	}
	items, err := resources[wireAPIClient](ctx, env)
	if err != nil {
		return nil, nil, err
	}
	remarks := remarksOf(env.err(ctx))
	for _, item := range items {
		client := item.apiClient()
		if client.ID == "" {
			continue
		}
		return &client, remarks, nil
	}
	cause := env.broken(ctx, errors.New("the answer holds no client"))
	cause.Messages = env.Errors
	return nil, nil, cause
}

// settleAPIClient finds out what became of a create whose answer was lost. Of this name there was no client before; one
// that is there now and equals what was sent is ours. It runs on when ctx has ended, for at most settleTime.
func (c *Client) settleAPIClient(ctx context.Context, spec APIClientSpec, cause error) (*APIClient, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	for look := 1; ; look++ {
		found, err := c.APIClientsByName(ctx, spec.Name)
		if err == nil && len(found) == 0 && look < settleLooks {
			err = c.clock.sleep(ctx, backoff(look, backoffCap))
			if err == nil {
				continue
			}
		}
		switch {
		case err != nil:
			return nil, &UnsettledError{Kind: kindAPIClient, Name: spec.Name, Err: errors.Join(cause, err)}
		case len(found) == 0:
			return nil, cause
		case len(found) == 1 && found[0].comparable(spec) && found[0].equals(spec):
			return &found[0], nil
		case len(found) == 1 && !found[0].comparable(spec):
			return nil, &UnsettledError{Kind: kindAPIClient, Name: spec.Name, IDs: apiClientIDs(found), Err: cause}
		}
		return nil, &ExistsError{Kind: kindAPIClient, Name: spec.Name, IDs: apiClientIDs(found), Err: cause}
	}
}

// comparable says that Falcon shows what equals needs. An empty description may well be left out.
func (a APIClient) comparable(spec APIClientSpec) bool {
	return a.Name != nil && a.ScopesShown && (a.Description != nil || spec.Description == "")
}

func (a APIClient) equals(spec APIClientSpec) bool {
	description := ""
	if a.Description != nil {
		description = *a.Description
	}
	return *a.Name == spec.Name && description == spec.Description && sameScopes(a.Scopes, spec.Scopes)
}

// recoverSecret resets the secret of a client that was just made and whose secret got lost: nobody has it. A failure
// is a warning, for an error would make Terraform destroy the client.
func (c *Client) recoverSecret(ctx context.Context, client *APIClient) []string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	secret, err := c.ResetAPIClientSecret(ctx, client.ID)
	if err != nil {
		return []string{fmt.Sprintf("The API client with id %s was created, but its secret got lost with Falcon's answer "+
			"and a new one could not be had: %s A later reset gives one.", client.ID, err)}
	}
	client.Secret = secret
	return nil
}

// UpdateAPIClient replaces name, description and scopes. The secret stays.
func (c *Client) UpdateAPIClient(ctx context.Context, id string, spec APIClientSpec) error {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("update API client %q (id %s)", spec.Name, id), scope: scopeClientsWrite, repeat: safe})
	defer c.clientNames.drop()
	defer c.apiClientList.writing()()
	params := api_clients.NewUpdateAPIClientParamsWithContext(ctx)
	params.Ids, params.Body = id, spec.request()
	var a answer
	_, err := c.apiClients.UpdateAPIClient(params, a.as(api_clients.NewUpdateAPIClientNoContent()))
	_, err = checkedEnvelope(ctx, &a, err)
	return err
}

// remarksOf makes a warning of what Falcon said beside a client that it created: an error would lose the secret.
func remarksOf(said error) []string {
	if said == nil {
		return nil
	}
	return []string{"Falcon created the client, but also said: " + said.Error()}
}
