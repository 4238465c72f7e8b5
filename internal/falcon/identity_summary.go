package falcon

import (
	"context"
	"fmt"
	"math/big"
)

// UserSummary counts the users that match, by one query. With a score range it takes one more query for each end, as
// bounds act on the unrounded score.
func (c *Client) UserSummary(ctx context.Context, filter UserFilter) (*UserSummary, error) {
	ctx = withCall(ctx, call{doing: "count users by their risk", scope: scopeEntitiesRead, repeat: safe})
	if err := filter.check(); err != nil {
		return nil, &Error{Doing: callFrom(ctx).doing, Err: err}
	}
	if filter.nobody() {
		return &UserSummary{}, nil
	}
	q := filter.summaryQuery()
	counts, err := c.counts(ctx, q)
	if err != nil {
		return nil, err
	}
	summary := &UserSummary{
		Count:          counts["total"],
		Normal:         counts[SeverityNormal],
		Medium:         counts[SeverityMedium],
		High:           counts[SeverityHigh],
		Administrators: counts["administrators"],
		WithoutEmail:   counts["withoutEmail"],
	}
	// Whether a score range includes its upper bound is not known (wire/open-questions.md#q52), so that each bar is what is
	// above its lower bound and not above the next one's.
	above := summary.Count
	for i, name := range barNames() {
		next := counts[name]
		summary.Histogram[i] = max(above-next, 0)
		above = next
	}
	summary.Histogram[len(summary.Histogram)-1] = above
	// The users that the bounds let in have to be known by their address too.
	anyone := filter
	anyone.RequireEmail = false
	err = c.takeOff(ctx, anyone, newSlots(1), func(b band, u *User) { summary.takeOff(filter, b, u) })
	if err != nil {
		return nil, err
	}
	return summary, nil
}

// barNames are the names of the counts of users from the second bar of the histogram on, from the third one on, and so on.
func barNames() []string { return countNames("bar", len(UserSummary{}.Histogram)-1) }

func (f UserFilter) summaryQuery() *graphqlQuery {
	q := &graphqlQuery{}
	users := f.selection()
	anyone := f
	anyone.RequireEmail = false
	q.count("total", users)
	for _, severity := range severities() {
		q.count(severity, users.and(condition{"minRiskScoreSeverity": severity, "maxRiskScoreSeverity": severity}))
	}
	q.count("administrators", users.and(condition{"roles": []string{roleAdmin}}))
	q.count("withoutEmail", anyone.selection().and(condition{"hasEmailAddress": false}))
	for i, name := range barNames() {
		q.count(name, users.and(scoreBounds(new(newDecimal(int64(i+1), int64(len(UserSummary{}.Histogram)))), nil)))
	}
	return q
}

// takeOff uncounts a user whose shown score is out of range.
func (s *UserSummary) takeOff(filter UserFilter, b band, u *User) {
	if len(u.Emails) == 0 {
		s.WithoutEmail = max(s.WithoutEmail-1, 0)
		if filter.RequireEmail {
			return
		}
	}
	less := []*int64{&s.Count, &s.Histogram[min(b.tenth, len(s.Histogram)-1)]}
	switch u.Severity {
	case SeverityNormal:
		less = append(less, &s.Normal)
	case SeverityMedium:
		less = append(less, &s.Medium)
	case SeverityHigh:
		less = append(less, &s.High)
	}
	if u.Admin != nil && *u.Admin {
		less = append(less, &s.Administrators)
	}
	for _, n := range less {
		*n = max(*n-1, 0) // the user may have come after the counting
	}
}

// UserAverage is the exact average of the shown risk scores of the users that match; nil when there is none. It reads
// every user, with as little of each as possible. maxConcurrency is as in [UserRead].
func (c *Client) UserAverage(ctx context.Context, filter UserFilter, maxConcurrency int) (*big.Rat, error) {
	ctx = withCall(ctx, call{doing: "average the users' risk scores", scope: scopeEntitiesRead, repeat: safe})
	read := UserRead{Filter: filter, MaxConcurrency: maxConcurrency}
	if err := read.check(); err != nil {
		return nil, &Error{Doing: callFrom(ctx).doing, Err: err}
	}
	if filter.nobody() {
		return nil, nil
	}
	users, err := c.scanUsers(ctx, filter.selection(), fieldsScore, newSlots(read.width()))
	if err != nil {
		return nil, err
	}
	return AverageScore(filter.shown(users))
}

// AverageScore is the exact average of the users' risk scores; users without a score do not count. It is nil when
// there is none, and an error if a score is not a number.
func AverageScore(users []User) (*big.Rat, error) {
	// There are about a hundred different scores: each is parsed and added once.
	times := map[string]int64{}
	var n int64
	for i := range users {
		if text := users[i].RiskScore.String(); text != "" {
			times[text]++
			n++
		}
	}
	if n == 0 {
		return nil, nil
	}
	sum := new(big.Rat)
	for text, count := range times {
		score, err := ParseDecimal(text)
		if err != nil {
			return nil, fmt.Errorf("a risk score of Falcon's answer: %w", err)
		}
		sum.Add(sum, new(big.Rat).Mul(score.Rat(), new(big.Rat).SetInt64(count)))
	}
	return sum.Quo(sum, new(big.Rat).SetInt64(n)), nil
}
