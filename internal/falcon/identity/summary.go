package identity

import (
	"context"
	"fmt"
	"math/big"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// counting is the operation of [Client.UserSummary].
func (c *Client) counting() *operation {
	return c.operation("count users by their risk", falcon.ScopeEntitiesRead, 1)
}

// UserSummary counts the users that match, in one request. A score range takes one more request for each end, because
// bounds apply to the unrounded score.
func (c *Client) UserSummary(ctx context.Context, filter UserFilter) (*UserSummary, error) {
	o := c.counting()
	if err := filter.check(); err != nil {
		return nil, o.invalid(err)
	}
	if filter.matchesNoUser() {
		return &UserSummary{}, nil
	}
	summary, err := o.summary(ctx, filter)
	return summary, o.failed(err)
}

func (o *operation) summary(ctx context.Context, filter UserFilter) (*UserSummary, error) {
	var response counts
	if err := o.run(ctx, filter.summaryQuery(), &response); err != nil {
		return nil, err
	}
	summary := &UserSummary{}
	bars := make([]int64, len(barNames()))
	fields := map[string]*int64{
		"total": &summary.Count, SeverityNormal: &summary.Normal, SeverityMedium: &summary.Medium, SeverityHigh: &summary.High,
		"administrators": &summary.Administrators, "withoutEmail": &summary.WithoutEmail,
	}
	for i, name := range barNames() {
		fields[name] = &bars[i]
	}
	for name, field := range fields {
		var err error
		if *field, err = response.of(name); err != nil {
			return nil, err
		}
	}
	// Whether a score range includes its upper bound is not known (wire/open-questions.md#q52), so each bar is the users
	// from its lower bound on minus those from the next bar's lower bound on.
	above := summary.Count
	for i, next := range bars {
		summary.Histogram[i] = max(above-next, 0)
		above = next
	}
	summary.Histogram[len(summary.Histogram)-1] = above
	// The users outside the range who are counted may be among those without an address.
	anyone := filter
	anyone.RequireEmail = false
	err := o.excludeOutOfRange(ctx, anyone, func(b band, u *User) { summary.exclude(filter, b, u) })
	return summary, err
}

// barNames are the names of the counts of users in the second bar of the histogram or a higher one, in the third bar or a
// higher one, and so on.
func barNames() []string {
	names := make([]string, len(UserSummary{}.Histogram)-1)
	for i := range names {
		names[i] = fmt.Sprint("bar", i)
	}
	return names
}

func (f UserFilter) summaryQuery() *query {
	q := &query{}
	users := f.toAPI()
	anyone := f
	anyone.RequireEmail = false
	q.count("total", users)
	for _, severity := range severities() {
		q.count(severity, users.and(condition{"minRiskScoreSeverity": severity, "maxRiskScoreSeverity": severity}))
	}
	q.count("administrators", users.and(condition{"roles": []string{roleAdmin}}))
	q.count("withoutEmail", anyone.toAPI().and(condition{"hasEmailAddress": false}))
	for i, name := range barNames() {
		q.count(name, users.and(scoreBounds(new(newDecimal(int64(i+1), int64(len(UserSummary{}.Histogram)))), nil)))
	}
	return q
}

// exclude subtracts a user whose shown score is out of range.
func (s *UserSummary) exclude(filter UserFilter, b band, u *User) {
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
		*n = max(*n-1, 0) // the user may have been added after the count
	}
}

// UserAverage is the exact average of the shown risk scores of the users that match; nil when there is none. It reads
// every user, with as few fields as possible. maxConcurrency is as in [UserRead].
func (c *Client) UserAverage(ctx context.Context, filter UserFilter, maxConcurrency int) (*big.Rat, error) {
	read := UserRead{Filter: filter, MaxConcurrency: maxConcurrency}
	o := c.operation("average the users' risk scores", falcon.ScopeEntitiesRead, read.concurrency())
	if err := read.check(); err != nil {
		return nil, o.invalid(err)
	}
	if filter.matchesNoUser() {
		return nil, nil
	}
	users, err := o.scan(ctx, filter.toAPI(), fieldsScore, read.concurrency())
	if err != nil {
		return nil, o.failed(err)
	}
	return AverageScore(filter.shown(users))
}

// AverageScore is the exact average of the users' risk scores; users without a score do not count. It is nil when
// there is none, and the error is about a score that is not a number.
func AverageScore(users []User) (*big.Rat, error) {
	// There are at most about a hundred different scores: each is parsed and added once.
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
			return nil, fmt.Errorf("a risk score in Falcon's response: %w", err)
		}
		sum.Add(sum, new(big.Rat).Mul(score.Rat(), new(big.Rat).SetInt64(count)))
	}
	return sum.Quo(sum, new(big.Rat).SetInt64(n)), nil
}
