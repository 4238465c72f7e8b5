package falcon

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/crowdstrike/gofalcon/falcon/client/api_clients"
	"github.com/crowdstrike/gofalcon/falcon/models"
)

const (
	kindAPIClient = "API client"
	settleLooks   = 3 // after a lost response Falcon may still be processing the create
)

// CreateAPIClient creates an API client. If the name is taken, the error is an *[ExistsError]. The new client is read back
// before the response is believed. After a lost response it determines whether the client was created; if it cannot, the
// error is an *[UnsettledError]. When a client is returned, err is nil and the client is as Falcon shows it. What went wrong
// after the create (the response or the secret was lost, the client could not be read) is in warnings.
//
// After the request was sent, none of this ends with ctx: the response contains the only copy of the secret.
func (c *Client) CreateAPIClient(ctx context.Context, spec APIClientSpec) (client *APIClient, warnings []string, err error) {
	waitCtx := withCall(ctx, call{doing: fmt.Sprintf("create API client %q", spec.Name)})
	if err := c.claimName(waitCtx, spec.Name); err != nil {
		return nil, nil, err
	}
	defer func() { c.newClients.created(spec.Name, client) }()
	before, err := c.freeName(waitCtx, spec.Name)
	if err != nil {
		return nil, nil, err
	}
	client, warnings, err = c.postAPIClient(ctx, spec)
	if err == nil {
		var said []string
		client, said, err = c.confirmAPIClient(ctx, spec, client, before)
		warnings = append(warnings, said...)
	}
	var refused *Error
	switch {
	case err == nil:
	case Ambiguous(err), IsConflict(err) && errors.As(err, &refused) && refused.attempts > 1:
		cause := err
		if client, err = c.settleAPIClient(ctx, spec, before, cause); err != nil {
			return nil, nil, err
		}
		return client, append(warnings, c.recoverSecret(ctx, client, lostResponse(spec, client, cause))), nil
	case IsConflict(err):
		// Someone else has taken the name since the check.
		found, lookErr := c.APIClientsByName(ctx, spec.Name)
		if lookErr != nil {
			err = errors.Join(err, lookErr)
		}
		return nil, nil, &ExistsError{Kind: kindAPIClient, Name: spec.Name, IDs: apiClientIDs(found), Err: err}
	default:
		return nil, nil, err
	}
	if client.Secret == "" {
		warnings = append(warnings, c.recoverSecret(ctx, client, fmt.Sprintf("Falcon's response to the create of the API client with id %s contained no secret.", client.ID)))
	}
	return client, warnings, nil
}

// claimName ensures that this Client creates only one API client of a name. It waits for the end of a deletion.
func (c *Client) claimName(ctx context.Context, name string) error {
	for {
		err := c.newClients.claim(name)
		twice, ok := errors.AsType[*DuplicateNameError](err)
		if !ok || twice.ID == "" {
			return err
		}
		if ended, waitErr := c.deletingClients.wait(ctx, []string{twice.ID}); waitErr != nil || !ended {
			return cmp.Or(waitErr, err)
		}
	}
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

// postAPIClient sends the create. After a response without a client it is not known whether one was created.
func (c *Client) postAPIClient(ctx context.Context, spec APIClientSpec) (*APIClient, []string, error) {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("create API client %q", spec.Name), scope: scopeClientsWrite, repeat: onlyPaced, grace: createGrace})
	defer c.apiClientList.writing()()
	params := api_clients.NewCreateAPIClientParamsWithContext(ctx)
	params.Body = spec.request()
	var r response
	_, err := c.apiClients.CreateAPIClient(params, r.as(api_clients.NewCreateAPIClientCreated()))
	env, err := envelopeOf(ctx, &r, err)
	if err != nil {
		return nil, nil, err
	}
	items, err := resources[wireAPIClient](ctx, env)
	if err != nil {
		return nil, nil, err
	}
	remarks := createWarnings(env.err(ctx))
	for _, item := range items {
		client := item.apiClient()
		if client.ID == "" {
			continue
		}
		return &client, remarks, nil
	}
	cause := env.broken(ctx, errors.New("the response contains no client"))
	cause.Messages = env.Errors
	return nil, nil, cause
}

// confirmAPIClient reads the client that the response to a create named: the id is believed only when Falcon shows a client
// under it that did not exist before. It fails (ambiguously, see [Ambiguous]) only where another client, or none, is known
// to be the new one. Anything else that goes wrong is a warning, because an error would lose the secret. It continues for at
// most settleTime when ctx has ended.
func (c *Client) confirmAPIClient(ctx context.Context, spec APIClientSpec, made *APIClient, before []APIClient) (*APIClient, []string, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	doubt := &Error{Doing: fmt.Sprintf("create API client %q", spec.Name), Status: http.StatusCreated, ambiguous: true}
	if slices.Contains(apiClientIDs(before), made.ID) {
		doubt.Err = fmt.Errorf("the response contains the id %s, which belonged to an API client before", made.ID)
		return nil, nil, doubt
	}
	shown, err := c.ReadBackAPIClient(ctx, made.ID, spec)
	if err == nil && (shown.Name == nil || *shown.Name == spec.Name) {
		shown.Secret = made.Secret
		return shown, nil, nil
	}
	// Either the client is not shown yet, or the id is not its own and another client has the name.
	named, lookErr := c.APIClientsByName(ctx, spec.Name)
	if lookErr == nil && slices.ContainsFunc(named, func(a APIClient) bool { return a.ID != made.ID }) && (IsNotFound(err) || err == nil) {
		doubt.Err = fmt.Errorf("the response contains the id %s, which is not the id of the new API client", made.ID)
		return nil, nil, doubt
	}
	if err == nil {
		shown.Secret = made.Secret
		return shown, nil, nil
	}
	return made, []string{fmt.Sprintf("The API client with id %s was created, but could not be read afterwards. The state contains the values of the request. Error: %s", made.ID, err)}, nil
}

// ReadBackAPIClient reads an API client after this Client's own write. It repeats the read for a limited time until the
// client matches spec, and returns what Falcon shows then. IsNotFound holds for the error if Falcon shows nothing.
func (c *Client) ReadBackAPIClient(ctx context.Context, id string, spec APIClientSpec) (*APIClient, error) {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("read the API client with id %s", id), scope: scopeClientsRead, repeat: safe})
	var missing error
	shown, _, err := readUntil(ctx, c.clock, func(ctx context.Context) (*APIClient, bool, error) {
		shown, _, err := c.readAPIClient(ctx, id)
		if IsNotFound(err) {
			missing = err
			return nil, false, nil
		}
		return shown, err == nil && shown.shows(spec), err
	})
	if err == nil && shown == nil {
		err = missing
	}
	if err != nil {
		return nil, err
	}
	return shown, nil
}

// settleAPIClient determines the result of a create whose response was lost. A client of this name that did not exist before
// and equals the request is ours. If there is none, the create may still be in progress. It continues for at most settleTime
// when ctx has ended.
func (c *Client) settleAPIClient(ctx context.Context, spec APIClientSpec, before []APIClient, cause error) (*APIClient, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	known := apiClientIDs(before)
	found, _, err := readUntil(ctx, c.clock, func(ctx context.Context) ([]APIClient, bool, error) {
		named, err := c.APIClientsByName(ctx, spec.Name)
		named = slices.DeleteFunc(named, func(a APIClient) bool { return slices.Contains(known, a.ID) })
		return named, len(named) > 0, err
	})
	unsettled := &UnsettledError{Kind: kindAPIClient, Name: spec.Name, IDs: apiClientIDs(found), Err: cause}
	switch {
	case err != nil:
		unsettled.Err = errors.Join(cause, err)
		return nil, unsettled
	case len(found) == 0:
		return nil, unsettled
	case len(found) == 1 && found[0].comparable(spec) && found[0].equals(spec):
		return &found[0], nil
	case len(found) == 1 && !found[0].comparable(spec):
		return nil, unsettled
	}
	return nil, &ExistsError{Kind: kindAPIClient, Name: spec.Name, IDs: apiClientIDs(found), Err: cause}
}

// comparable reports whether Falcon shows what equals needs. It may leave out an empty description.
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

// shows reports whether nothing that Falcon shows differs from spec.
func (a APIClient) shows(spec APIClientSpec) bool {
	return (a.Name == nil || *a.Name == spec.Name) && (a.Description == nil || *a.Description == spec.Description) &&
		(!a.ScopesShown || sameScopes(a.Scopes, spec.Scopes))
}

// recoverSecret resets the secret of a new client whose secret was lost, and returns the warning about it. event says how it
// was lost. A failure is part of the warning, because an error would make Terraform destroy the client.
func (c *Client) recoverSecret(ctx context.Context, client *APIClient, event string) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	secret, err := c.ResetAPIClientSecret(ctx, client.ID)
	if err != nil {
		return fmt.Sprintf("%s Falcon shows a secret only once, and resetting it failed: %s A later reset returns a new one.", event, err)
	}
	client.Secret = secret
	return event + " Falcon shows a secret only once, so the secret was reset."
}

// lostResponse says what was found after a create whose response was lost. That the client is the one that this create sent
// is not proven: Falcon may have received nothing, while someone else created an equal client.
func lostResponse(spec APIClientSpec, client *APIClient, cause error) string {
	return fmt.Sprintf("Falcon's response does not show whether it created the API client %q (%s). The tenant now has one API client of this name, with the id %s. "+
		"It did not exist before, has the requested description and scopes, and is taken to be the new one. "+
		"If someone else created it at the same time, its former secret has stopped working for them.",
		spec.Name, strings.TrimSuffix(cause.Error(), "."), client.ID)
}

// UpdateAPIClient replaces name, description and scopes. The secret stays.
func (c *Client) UpdateAPIClient(ctx context.Context, id string, spec APIClientSpec) error {
	ctx = withCall(ctx, call{doing: fmt.Sprintf("update API client %q (id %s)", spec.Name, id), scope: scopeClientsWrite, repeat: safe})
	defer c.clientNames.detach()
	defer c.newClients.forget(id)
	defer c.apiClientList.writing()()
	params := api_clients.NewUpdateAPIClientParamsWithContext(ctx)
	params.Ids, params.Body = id, spec.request()
	var r response
	_, err := c.apiClients.UpdateAPIClient(params, r.as(api_clients.NewUpdateAPIClientNoContent()))
	_, err = checkedEnvelope(ctx, &r, c.notFoundIfGone(ctx, id, err))
	return err
}

// createWarnings turns errors in the response to a successful create into a warning: an error would lose the secret.
func createWarnings(said error) []string {
	if said == nil {
		return nil
	}
	return []string{"Falcon created the client with warnings: " + said.Error()}
}
