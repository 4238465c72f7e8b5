package identity

import (
	"bytes"
	"cmp"
	"encoding/json"
	"testing"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/hosts"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"
)

// tester runs queries on a tenant.
type tester struct {
	t        *testing.T
	tenant   *Tenant
	hosts    []*hosts.Host
	settings Settings
}

// tenantOptions describe the tenant of a test.
type tenantOptions struct {
	users, hosts int
	readings     map[string]string // the default of every other question is "a"
}

func newTester(t *testing.T, options tenantOptions) *tester {
	t.Helper()
	hosts := hosts.SeedHosts(1, cmp.Or(options.hosts, 3))
	return &tester{t: t, hosts: hosts, tenant: NewTenant(1, options.users, hosts), settings: Settings{
		CID: "c1d", Now: random.SeededAt, Reading: func(id string) string { return cmp.Or(options.readings[id], "a") },
	}}
}

func (c *tester) putUser(u User) (string, error) { return c.tenant.PutUser(u, c.settings.Now) }

// graphqlResult is a decoded result.
type graphqlResult struct {
	Data   map[string]json.RawMessage
	Errors []*gqlerror.Error
}

// graphql runs a query as the API does. Variables are those of a JSON body.
func (c *tester) graphql(query string, variables map[string]any) graphqlResult {
	c.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		c.t.Fatal(err)
	}
	var request Request
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&request); err != nil {
		c.t.Fatal(err)
	}
	x, errs := c.tenant.Prepare(request, c.settings)
	if errs != nil {
		return graphqlResult{Errors: errs}
	}
	done := x.Execute()
	result := graphqlResult{Errors: done.Errors}
	if done.Data == nil {
		return result
	}
	if err := json.Unmarshal(done.Data, &result.Data); err != nil {
		c.t.Fatalf("%s: %v in %s", query, err, done.Data)
	}
	return result
}

// count runs countEntities with the given arguments.
func (c *tester) count(arguments string) int {
	c.t.Helper()
	result := c.graphql("{n:countEntities("+arguments+")}", nil)
	var n int
	if err := json.Unmarshal(result.Data["n"], &n); err != nil || len(result.Errors) > 0 {
		c.t.Fatalf("%s: %v %+v", arguments, err, result)
	}
	return n
}

type connection struct {
	PageInfo struct {
		HasNextPage, HasPreviousPage bool
		EndCursor, StartCursor       *string
	}
	Nodes []struct {
		EntityID       string
		RiskScore      json.Number
		EmailAddresses []string
	}
}

func (c *tester) page(arguments string, variables map[string]any) connection {
	c.t.Helper()
	declared := ""
	if variables["after"] != nil {
		declared, arguments = "query($after:Cursor)", arguments+",after:$after"
	}
	result := c.graphql(declared+"{entities("+arguments+"){pageInfo{hasNextPage hasPreviousPage endCursor startCursor} nodes{entityId riskScore ... on UserEntity{emailAddresses}}}}", variables)
	var page connection
	if err := json.Unmarshal(result.Data["entities"], &page); err != nil || len(result.Errors) > 0 {
		c.t.Fatalf("%s: %v %+v", arguments, err, result.Errors)
	}
	return page
}

// pages returns all pages of a listing.
func (c *tester) pages(arguments string) []connection {
	c.t.Helper()
	var pages []connection
	variables := map[string]any{}
	for {
		page := c.page(arguments, variables)
		pages = append(pages, page)
		if !page.PageInfo.HasNextPage {
			return pages
		}
		variables = map[string]any{"after": *page.PageInfo.EndCursor}
	}
}
