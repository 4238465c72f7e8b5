package falcon

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/crowdstrike/gofalcon/falcon/client/api_clients"
)

// The scopes of the API for API clients (wire/api-clients.md#scopes).
const (
	scopeClientsRead  = "api-client-mgmt:read"
	scopeClientsWrite = "api-client-mgmt:write"
)

// The scopes of the data that package identity reads (wire/identity.md#transport).
const (
	ScopeEntitiesRead   = "identity-entities:read"
	ScopeAssessmentRead = "identity-assessment:read"
)

// scopeNote returns further information about a missing scope: which other scopes the next requests need, so that all can be
// granted at once. It is not known whether every tenant offers the scopes for API clients (wire/open-questions.md#q11).
func scopeNote(id string) string {
	switch id {
	case scopeWorkflowRead, scopeWorkflowWrite:
		return " The resource falcon_workflow needs workflow:read and workflow:write."
	case scopePluginsRead, scopePluginsWrite:
		return " The resource falcon_webhook needs api-integrations:read and workflow:read, and api-integrations:write to create and change configurations."
	case scopeZTARead, scopeHostsRead:
		return " Host scores need zero-trust-assessment:read, and devices:read to find a host by its name."
	case scopeGraphQLWrite, ScopeEntitiesRead, ScopeAssessmentRead:
		return " User scores and domains need identity-graphql:write and identity-entities:read. The data source falcon_domain_assessment needs identity-graphql:write and identity-assessment:read."
	case scopeClientsRead, scopeClientsWrite:
	default:
		return ""
	}
	return " The resource falcon_api_client needs api-client-mgmt:read and api-client-mgmt:write. Not every tenant may offer this scope: if the console does not list it, ask CrowdStrike to enable it, or create API clients in the console."
}

// Scope is one permission that the tenant offers to API clients.
type Scope struct {
	ID     string // e.g. "devices:read"
	Group  string // Falcon's name of the group, e.g. "Hosts"; may be empty
	Action string // "read" or "write"
}

// wireScope is a scope as an id or as an object: API clients may have either (wire/api-clients.md#resource).
type wireScope struct {
	ID     looseString `json:"id"`
	Group  looseString `json:"group"`
	Action looseString `json:"action"`
}

// offeredScopes is the tenant's response to the request for its scopes.
type offeredScopes struct {
	scopes []Scope
	err    error
}

// AccessibleScopes lists the scopes that the tenant offers, sorted by id. The request is sent once, even if Falcon refuses
// it: each API client in a plan needs them. Scope api-client-mgmt:read.
func (c *Client) AccessibleScopes(ctx context.Context) ([]Scope, error) {
	offered, err := c.scopes.get(ctx, func(ctx context.Context) (offeredScopes, error) {
		scopes, err := c.readScopes(ctx)
		if err != nil && ctx.Err() != nil {
			return offeredScopes{}, err // it says nothing about the tenant
		}
		return offeredScopes{scopes, err}, nil
	})
	if err != nil {
		return nil, err
	}
	return slices.Clone(offered.scopes), offered.err
}

func (c *Client) readScopes(ctx context.Context) ([]Scope, error) {
	ctx = withCall(ctx, call{doing: "list the API scopes that the tenant offers", scope: scopeClientsRead, repeat: safe})
	var r response
	_, err := c.apiClients.GetAccessibleScopes(api_clients.NewGetAccessibleScopesParamsWithContext(ctx),
		r.as(api_clients.NewGetAccessibleScopesOK()))
	env, err := checkedEnvelope(ctx, &r, err)
	if err != nil {
		return nil, err
	}
	items, err := resources[wireScope](ctx, env)
	if err != nil {
		return nil, err
	}
	scopes := make([]Scope, 0, len(items))
	for _, item := range items {
		if item.ID == "" {
			continue
		}
		s := Scope{ID: string(item.ID), Group: string(item.Group), Action: string(item.Action)}
		if _, action, ok := strings.Cut(s.ID, ":"); ok && s.Action == "" {
			s.Action = action
		}
		scopes = append(scopes, s)
	}
	if len(scopes) == 0 { // it offers at least the scope that this request requires
		return nil, env.broken(ctx, errors.New("the response contains no readable scope"))
	}
	return distinctScopes(scopes), nil
}

// distinctScopes are the scopes by id, each once. Which of two rows with the same id has its group is arbitrary.
func distinctScopes(scopes []Scope) []Scope {
	slices.SortStableFunc(scopes, func(a, b Scope) int { return cmp.Compare(a.ID, b.ID) })
	distinct := make([]Scope, 0, len(scopes))
	for _, s := range scopes {
		last := len(distinct) - 1
		if last < 0 || distinct[last].ID != s.ID {
			distinct = append(distinct, s)
			continue
		}
		distinct[last].Group = cmp.Or(distinct[last].Group, s.Group)
		distinct[last].Action = cmp.Or(distinct[last].Action, s.Action)
	}
	return distinct
}
