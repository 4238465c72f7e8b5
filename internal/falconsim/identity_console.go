package falconsim

import "github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/identity"

// User is one user of Identity Protection.
type User = identity.User

// Account is one account of a user.
type Account = identity.Account

// RiskFactor is one contribution to a risk score.
type RiskFactor = identity.RiskFactor

// Users returns all users of Identity Protection, ordered by entity id.
func (s *Server) Users() []User { return s.identity.Users() }

// PutUser adds a user, or replaces the one with the same entity id, and returns the entity id. An empty entity id is filled in.
func (s *Server) PutUser(u User) (string, error) { return s.identity.PutUser(u, s.now()) }

// SetUserScore changes the unrounded risk score, 0 to 1, of the user with this entity id or email address.
func (s *Server) SetUserScore(idOrEmail string, score float64) error {
	return s.identity.SetUserScore(idOrEmail, score)
}

// DeleteUser removes the user with this entity id or email address.
func (s *Server) DeleteUser(idOrEmail string) error { return s.identity.DeleteUser(idOrEmail) }

// SetAssessmentScore sets the overall score of a domain's security assessment, 0 (no risk) to 1.
func (s *Server) SetAssessmentScore(domain string, score float64) error {
	return s.identity.SetAssessmentScore(domain, score)
}

// SetGraphQLBudget sets how many points GraphQL queries may cost in ten seconds. A node costs about one point. Queries beyond
// the budget are refused.
func (s *Server) SetGraphQLBudget(points int) { s.identity.Budget.Set(points) }
