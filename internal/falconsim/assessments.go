package falconsim

import (
	"net/http"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/hosts"
)

const (
	maxAssessmentIDs = 1000 // wire/zero-trust.md#assessments
	maxScorePage     = 1000 // wire/zero-trust.md#by-score
	defaultScorePage = 100
	maxScoreTotal    = 10_000
)

// assessmentRoutes are the operations of Zero Trust Assessment, which shows no powered_by (wire/conventions.md#envelope).
func (s *Server) assessmentRoutes() []route {
	scopes := []string{"zero-trust-assessment:read"}
	return []route{
		{http.MethodGet, "/zero-trust-assessment/entities/assessments/v1", scopes, "", s.readAssessments},
		{http.MethodGet, "/zero-trust-assessment/queries/assessments/v1", scopes, "", s.listScores},
		{http.MethodGet, "/zero-trust-assessment/entities/audit/v1", scopes, "", s.auditHosts},
	}
}

// readAssessments returns the records of the hosts that exist. Ids are case-sensitive, and a comma-separated list is one
// unknown id (wire/zero-trust.md#assessments).
//
// GUESS Q50: live, unknown ids are left out; one public client handles a 404 that has the records of the others.
func (s *Server) readAssessments(c *apiRequest) reply {
	ids := c.query["ids"]
	switch {
	case len(ids) == 0:
		return failed(http.StatusBadRequest, "ids: at least one agent ID is required")
	case len(ids) > maxAssessmentIDs:
		return failed(http.StatusBadRequest, "number of agent IDs exceeds the limit of %d", maxAssessmentIDs)
	}
	found, missing := s.hosts.Index().Get(ids)
	list := make([]hosts.Assessment, len(found))
	for i, h := range found {
		list[i] = h.Assessment(c.cid)
	}
	if s.reading("Q50") == "b" {
		return succeeded(list).withMissing(missing, "agent ID")
	}
	return succeeded(list)
}

type hostScore struct {
	AgentID string `json:"aid"`
	Score   int    `json:"score"`
}

// listScores lists hosts by score. Its response has errors: null (wire/zero-trust.md#by-score).
func (s *Server) listScores(c *apiRequest) reply {
	limit, refusal := c.queryNumber("limit", defaultScorePage, 1, maxScorePage)
	if refusal != nil {
		return *refusal
	}
	match, err := hosts.ScoreFilter(c.get("filter"))
	if err != nil {
		return failed(http.StatusBadRequest, "invalid filter: %s", err)
	}
	var descending bool
	switch c.get("sort") {
	case "", "score", "score|asc":
	case "score|desc":
		descending = true
	default:
		return failed(http.StatusBadRequest, "invalid sort %q", c.get("sort"))
	}
	after, err := hosts.DecodeScorePosition(c.get("after"))
	if err != nil {
		return failed(http.StatusBadRequest, "invalid after token")
	}
	index := s.hosts.Index()
	page, more := index.Page(match, descending, after, limit)
	next := ""
	if more {
		last := page[len(page)-1]
		next = hosts.ScorePosition{Score: last.Overall, AgentID: last.AgentID}.Token()
	}
	total := index.Count(match)
	if total > maxScoreTotal && s.reading("Q66") == "b" { // GUESS Q66: other operations count no further
		total = maxScoreTotal
	}
	list := make([]hostScore, len(page))
	for i, h := range page {
		list[i] = hostScore{AgentID: h.AgentID, Score: h.Overall}
	}
	paging := map[string]any{"limit": limit, "total": total, "after": next}
	if next == "" {
		switch s.reading("Q51") { // GUESS Q51: one recording shows "", of a tenant with one host
		case "b":
			delete(paging, "after")
		case "c":
			paging["after"] = nil
		}
	}
	return reply{
		status: http.StatusOK, resources: list, paging: paging,
		adjust: func(doc map[string]any) { doc["errors"] = nil },
	}
}

func (s *Server) auditHosts(c *apiRequest) reply {
	return succeeded([]hosts.Audit{s.hosts.Index().Audit(c.cid)})
}
