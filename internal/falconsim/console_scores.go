package falconsim

import (
	"errors"
	"net/http"
)

// scoreConsoleCalls are the console's calls on hosts, users and assessments.
func (s *Server) scoreConsoleCalls() []consoleCall {
	id := func(r *http.Request) string { return r.PathValue("id") }
	return []consoleCall{
		{"POST", "/hosts", `add a host, or replace the one with its agent_id: keys as in the list, only "hostname" is required; fires nothing`, func(r *http.Request) (any, error) {
			return decoded(r, func(h Host) (any, error) {
				aid, err := s.PutHost(h)
				return map[string]string{"agent_id": aid}, err
			})
		}},
		{"DELETE", "/hosts/{id}", "delete a host, by agent id or hostname", func(r *http.Request) (any, error) { return nil, s.DeleteHost(id(r)) }},

		{"GET", "/users", "list Identity Protection users, with unrounded risk scores", func(*http.Request) (any, error) { return s.Users(), nil }},
		{"POST", "/users", `add a user, or replace the one with its entity_id: keys as in the list, only "primary_display_name" is required`, func(r *http.Request) (any, error) {
			return decoded(r, func(u User) (any, error) {
				entityID, err := s.PutUser(u)
				return map[string]string{"entity_id": entityID}, err
			})
		}},
		{"POST", "/users/{id}/score", `change a user's unrounded risk score, by entity id or e-mail address: {"risk_score": 0-1}`, s.consoleUserScore(s.SetUserScore)},
		{"DELETE", "/users/{id}", "delete a user, by entity id or e-mail address", func(r *http.Request) (any, error) { return nil, s.DeleteUser(id(r)) }},
		{"POST", "/domains/{id}/score", `set the overall score of a domain's security assessment: {"risk_score": 0-1}`, s.consoleUserScore(s.SetAssessmentScore)},
	}
}

func (s *Server) consoleUserScore(set func(id string, score float64) error) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		return decoded(r, func(body struct {
			RiskScore *float64 `json:"risk_score"`
		}) (any, error) {
			if body.RiskScore == nil {
				return nil, errors.New("risk_score is required")
			}
			return nil, set(r.PathValue("id"), *body.RiskScore)
		})
	}
}
