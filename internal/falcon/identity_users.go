package falcon

import (
	"context"
	"math/big"
)

// Users reads the users that match. All or, with a limit, the first of them in the order asked for; never a part of
// them by accident.
func (c *Client) Users(ctx context.Context, read UserRead) (*UserResult, error) {
	panic("not yet")
}

// UserSummary counts users, with one request (and a second if a score range cuts through users).
func (c *Client) UserSummary(ctx context.Context, filter UserFilter) (*UserSummary, error) {
	panic("not yet")
}

// UserAverage is the exact average of the shown risk scores of the users that match; nil when there is none. It reads
// every user.
func (c *Client) UserAverage(ctx context.Context, filter UserFilter, maxConcurrency int) (*big.Rat, error) {
	panic("not yet")
}

// AverageScore is the exact average of the users' risk scores; users without a score do not count. Nil when there is
// none.
func AverageScore(users []User) (*big.Rat, error) {
	panic("not yet")
}

// UsersByEntityID finds the user with this entity id, with all fields; none is an empty list.
func (c *Client) UsersByEntityID(ctx context.Context, id string) ([]User, error) {
	panic("not yet")
}

// UsersByEmail finds the users who have this e-mail address (letter case aside), with all fields.
func (c *Client) UsersByEmail(ctx context.Context, email string) ([]User, error) {
	panic("not yet")
}

// UsersByUPN finds the users with an account of this user principal name (letter case aside), with all fields.
func (c *Client) UsersByUPN(ctx context.Context, upn string) ([]User, error) {
	panic("not yet")
}

// UsersBySAMAccountName finds the users with an account of this name, in this domain unless domain is "", with all
// fields (letter case aside).
func (c *Client) UsersBySAMAccountName(ctx context.Context, name, domain string) ([]User, error) {
	panic("not yet")
}
