package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// The reference does what Netskope's public plugins do according to their description (wire/integrations.md#netskope): one
// request after another, users in two passes. It is written for this comparison and shares no code with internal/falcon.
// For the comparison it also selects the entity id, and matches the users of the second pass by it.

const (
	graphqlPath     = "/identity-protection/combined/graphql/v1"
	scrollPath      = "/devices/queries/devices-scroll/v1"
	assessmentsPath = "/zero-trust-assessment/entities/assessments/v1"
	// The limits of a request in those plugins (wire/integrations.md#netskope).
	referenceBatch  = 1000
	referenceScroll = 5000
)

// session is a simple client: a token, then one request after another.
type session struct {
	tenant *tenant
	client *http.Client
	token  string
}

func newSession(t *tenant, sent *meter) *session { return &session{tenant: t, client: sent.client()} }

// send sends a request and decodes its response.
func (s *session) send(ctx context.Context, method, path string, query url.Values, body io.Reader, result any) error {
	address := s.tenant.baseURL + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return err
	}
	switch path {
	case tokenPath:
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	default:
		req.Header.Set("Authorization", "Bearer "+s.token)
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: status %d: %.300s", method, path, resp.StatusCode, text)
	}
	return json.Unmarshal(text, result)
}

// signIn gets a token.
func (s *session) signIn(ctx context.Context) error {
	form := url.Values{"client_id": {s.tenant.clientID}, "client_secret": {s.tenant.clientSecret}}
	var response struct {
		Token string `json:"access_token"`
	}
	if err := s.send(ctx, http.MethodPost, tokenPath, nil, strings.NewReader(form.Encode()), &response); err != nil {
		return err
	}
	s.token = response.Token
	return nil
}

const (
	listUsersQuery = `query ($since: DateTimeInput, $after: Cursor) {
  entities(types: [USER], archived: false, accountCreationStartTime: $since, sortKey: CREATION_TIME, sortOrder: DESCENDING, first: 1000, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { entityId primaryDisplayName secondaryDisplayName riskScore ... on UserEntity { emailAddresses } }
  }
}`
	scoreUsersQuery = `query ($email: [String!]) {
  entities(types: [USER], archived: false, emailAddresses: $email, first: 1000) {
    nodes { entityId riskScore ... on UserEntity { emailAddresses } }
  }
}`
)

type referencePage struct {
	Nodes []struct {
		ID        string      `json:"entityId"`
		Name      string      `json:"primaryDisplayName"`
		Secondary string      `json:"secondaryDisplayName"`
		Score     json.Number `json:"riskScore"`
		Emails    []string    `json:"emailAddresses"`
	} `json:"nodes"`
	PageInfo struct {
		More   bool    `json:"hasNextPage"`
		Cursor *string `json:"endCursor"`
	} `json:"pageInfo"`
}

func (s *session) entities(ctx context.Context, query string, variables map[string]any) (*referencePage, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return nil, err
	}
	var response struct {
		Data struct {
			Entities *referencePage `json:"entities"`
		} `json:"data"`
		Errors []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	if err := s.send(ctx, http.MethodPost, graphqlPath, nil, bytes.NewReader(body), &response); err != nil {
		return nil, err
	}
	if len(response.Errors) > 0 || response.Data.Entities == nil {
		return nil, fmt.Errorf("the query is refused: %v", response.Errors)
	}
	return response.Data.Entities, nil
}

// referenceUsers lists the users page by page, then reads their scores by email address. It leaves out users without an
// address and uses the first address. The plugin starts at a date; here that is before the first account.
func referenceUsers(ctx context.Context, s *session) ([]record, error) {
	if err := s.signIn(ctx); err != nil {
		return nil, err
	}
	var users []record
	var addresses []string
	known := map[string]bool{}
	for after := (*string)(nil); ; {
		page, err := s.entities(ctx, listUsersQuery, map[string]any{"since": "1970-01-01T00:00:00Z", "after": after})
		if err != nil {
			return nil, err
		}
		for _, n := range page.Nodes {
			if len(n.Emails) == 0 {
				continue
			}
			users = append(users, record{ID: n.ID, Name: n.Name, Secondary: n.Secondary, Email: n.Emails[0], Score: n.Score.String(), Lost: true})
			if !known[n.Emails[0]] {
				known[n.Emails[0]] = true
				addresses = append(addresses, n.Emails[0])
			}
		}
		if !page.PageInfo.More || page.PageInfo.Cursor == nil {
			break
		}
		after = page.PageInfo.Cursor
	}
	scores := make(map[string]string, len(users))
	for batch := range slices.Chunk(addresses, referenceBatch) {
		page, err := s.entities(ctx, scoreUsersQuery, map[string]any{"email": batch})
		if err != nil {
			return nil, err
		}
		for _, n := range page.Nodes {
			scores[n.ID] = n.Score.String()
		}
	}
	for i := range users {
		if score, found := scores[users[i].ID]; found {
			users[i].Score, users[i].Lost = score, false
		}
	}
	return users, nil
}

// referenceHosts lists the agent ids by scrolling, then reads the assessments, as many ids per request as Falcon accepts.
func referenceHosts(ctx context.Context, s *session) ([]record, error) {
	if err := s.signIn(ctx); err != nil {
		return nil, err
	}
	var ids []string
	for offset := ""; ; {
		var response struct {
			Meta struct {
				Pagination struct {
					Offset string `json:"offset"`
					Total  int    `json:"total"`
				} `json:"pagination"`
			} `json:"meta"`
			Resources []string `json:"resources"`
		}
		query := url.Values{"limit": {fmt.Sprint(referenceScroll)}}
		if offset != "" {
			query.Set("offset", offset)
		}
		if err := s.send(ctx, http.MethodGet, scrollPath, query, nil, &response); err != nil {
			return nil, err
		}
		ids = append(ids, response.Resources...)
		offset = response.Meta.Pagination.Offset
		if len(ids) >= response.Meta.Pagination.Total || len(response.Resources) == 0 || offset == "" {
			break
		}
	}
	hosts := make([]record, 0, len(ids))
	for batch := range slices.Chunk(ids, referenceBatch) {
		var response struct {
			Resources []struct {
				AID        string `json:"aid"`
				Assessment struct {
					Overall json.Number `json:"overall"`
				} `json:"assessment"`
			} `json:"resources"`
		}
		if err := s.send(ctx, http.MethodGet, assessmentsPath, url.Values{"ids": batch}, nil, &response); err != nil {
			return nil, err
		}
		for _, h := range response.Resources {
			hosts = append(hosts, record{ID: h.AID, Score: h.Assessment.Overall.String()})
		}
	}
	return hosts, nil
}

// netskopeScore is the conversion of the newer plugin, which rounds both steps to two decimals (wire/integrations.md#netskope).
func netskopeScore(risk float64) int {
	rounded := func(x float64) float64 { return math.RoundToEven(x*100) / 100 }
	return int(math.Round(rounded(math.Abs(1-rounded(risk))) * 1000))
}
