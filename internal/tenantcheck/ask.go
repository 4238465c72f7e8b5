package tenantcheck

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// The scopes that the steps use.
const (
	scopeClientsRead    = "api-client-mgmt:read"
	scopeClientsWrite   = "api-client-mgmt:write"
	scopeConfigsRead    = "api-integrations:read"
	scopeConfigsWrite   = "api-integrations:write"
	scopeWorkflowRead   = "workflow:read"
	scopeWorkflowWrite  = "workflow:write"
	scopeHosts          = "devices:read"
	scopeAssessments    = "zero-trust-assessment:read"
	scopeGraphQL        = "identity-graphql:write"
	scopeEntities       = "identity-entities:read"
	scopeIdentityAssess = "identity-assessment:read"
	scopeSensorDownload = "sensor-installers:read"
	scopeFlightControl  = "mssp:read"
)

// missingID is an id that no object has.
const missingID = "00000000000000000000000000000000"

// get reads something. query is a list of keys and values; a key may be repeated. Without a usable response the result is not ok,
// and the reason is among the observations.
func (s *session) get(ctx context.Context, probe, scope, path string, query ...string) response {
	return s.look(ctx, probe, falcon.RawRequest{
		Doing: "check " + probe, Scope: scope, Path: path, Query: queryOf(query), MayRepeat: true,
	})
}

func queryOf(pairs []string) url.Values {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Add(pairs[i], pairs[i+1])
	}
	return query
}

// post sends a JSON object to an operation that only reads.
func (s *session) post(ctx context.Context, probe, scope, path string, body map[string]any) response {
	content, err := json.Marshal(body)
	if err != nil { // the bodies are literals of the steps
		panic(fmt.Sprintf("tenantcheck: the body of %s: %v", probe, err))
	}
	return s.look(ctx, probe, falcon.RawRequest{
		Doing: "check " + probe, Scope: scope, Method: http.MethodPost, Path: path, Body: content, MayRepeat: true,
	})
}

// look is ask for requests whose failure is an observation like any other.
func (s *session) look(ctx context.Context, probe string, req falcon.RawRequest) response {
	r, err := s.ask(ctx, probe, req)
	if err != nil && r.status < 300 {
		return response{} // the response is not usable
	}
	return r
}

// graphql runs a query that only reads.
func (s *session) graphql(ctx context.Context, probe, scope, query string) response {
	return s.post(ctx, probe, scope, "/identity-protection/combined/graphql/v1", map[string]any{"query": query})
}
