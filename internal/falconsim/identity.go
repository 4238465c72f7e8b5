package falconsim

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/identity"
)

const graphqlPath = "/identity-protection/combined/graphql/v1"

// readScopes are the scopes that reading a root field needs in addition to identity-graphql:write; any one of them is enough.
// They are documented for entities and assessments (wire/identity.md#transport). For domains they are inferred: both streams of
// Zscaler need them.
var readScopes = map[string][]string{
	"entities":                {"identity-entities:read"},
	"countEntities":           {"identity-entities:read"},
	"securityAssessment":      {"identity-assessment:read"},
	"securityAssessmentGoals": {"identity-assessment:read"},
	"domains":                 {"identity-entities:read", "identity-assessment:read"},
}

// serveGraphQL executes a query. The response to an invalid query is a 200 with errors (wire/identity.md#transport).
func (s *Server) serveGraphQL(c *apiRequest) reply {
	var request identity.Request
	decoder := json.NewDecoder(bytes.NewReader(c.body))
	decoder.UseNumber()
	if err := decoder.Decode(&request); err != nil {
		return failed(http.StatusBadRequest, "invalid request body: %s", err)
	}
	query, errs := s.identity.Prepare(request, identity.Settings{CID: c.cid, Now: s.now(), Reading: s.reading})
	if errs != nil {
		return s.graphqlReply(nil, errs, 0)
	}
	if !s.mayRead(c, query) {
		if s.reading("Q102") == "b" { // GUESS Q102: no recorded response shows a missing scope of the data
			return s.graphqlReply(nil, gqlerror.List{gqlerror.Errorf("access denied, scope not permitted")}, 0)
		}
		response := failed(http.StatusForbidden, "access denied, scope not permitted")
		response.poweredBy = gatewayName
		return response
	}
	if !s.identity.Budget.Left(s.now()) {
		if s.reading("Q61") == "b" { // GUESS Q61: no response to such a query is recorded
			return s.rateLimited(s.identity.Budget.Refills())
		}
		return s.graphqlReply(nil, gqlerror.List{gqlerror.Errorf("query cost limit exceeded")}, 0)
	}
	result := query.Execute()
	return s.graphqlReply(result.Data, result.Errors, result.Nodes)
}

// mayRead reports whether the client has the scopes that the root fields need.
func (s *Server) mayRead(c *apiRequest, query *identity.Query) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reading("Q65") == "b" { // GUESS Q65: one vendor's page asks for identity-graphql:write alone, others for more
		return true
	}
	for _, field := range query.RootFields() {
		wanted := readScopes[field]
		held := slices.ContainsFunc(wanted, func(scope string) bool { return slices.Contains(c.client.scopes, scope) })
		if len(wanted) > 0 && !held {
			return false
		}
	}
	return true
}

// graphqlReply has the body and headers that were recorded (wire/identity.md#transport), including two X-Ratelimit-Remaining.
func (s *Server) graphqlReply(data []byte, errs gqlerror.List, nodes int) reply {
	points := max(1, nodes) // about one point per node
	remaining, reset := s.identity.Budget.Spend(s.now(), points)
	doc := struct {
		Errors     gqlerror.List   `json:"errors,omitempty"`
		Data       json.RawMessage `json:"data"`
		Extensions map[string]int  `json:"extensions"`
	}{
		Errors: errs, Data: data,
		Extensions: map[string]int{
			"runTime": 5 + nodes/20, "remainingPoints": remaining,
			"reset": int(reset / time.Millisecond), "consumedPoints": points,
		},
	}
	status := http.StatusOK
	if data == nil {
		doc.Data = json.RawMessage("null")
	}
	if len(errs) > 0 && s.reading("Q53") == "b" { // GUESS Q53: public clients look for errors on 200, and one expects a 400 too
		status = http.StatusBadRequest
	}
	for _, described := range errs {
		described.Message = s.message(described.Message)
	}
	s.mu.Lock()
	requests := remainingOf(s.minuteLimit()-1, s.responses)
	s.mu.Unlock()
	return reply{status: status, raw: marshal(doc), header: http.Header{
		"Content-Type":          {"application/json; charset=utf-8"},
		"X-Powered-By":          {"Express"},
		"X-Preempt-Version":     {"5.80.0"},
		"X-Ratelimit-Remaining": {requests, requests},
	}}
}
