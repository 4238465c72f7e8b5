package identity

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity/scan"
)

// Users reads the users that match: all of them or, with a limit, the first ones in the order asked for. It returns each
// of them once and never an incomplete list: what cannot be read completely is an error.
func (c *Client) Users(ctx context.Context, read UserRead) (*UserResult, error) {
	o := c.operation("read the users' risk scores", falcon.ScopeEntitiesRead, read.concurrency())
	if err := read.check(); err != nil {
		return nil, o.invalid(err)
	}
	if read.Filter.matchesNoUser() {
		return &UserResult{Summary: &UserSummary{}}, nil
	}
	result, summary := &UserResult{}, (*UserSummary)(nil)
	tasks, ctx := errgroup.WithContext(ctx)
	tasks.Go(func() (err error) {
		result, err = o.users(ctx, read)
		return o.failed(err)
	})
	if read.Summary {
		tasks.Go(func() (err error) {
			counting := c.counting()
			counting.inFlight = o.inFlight
			summary, err = counting.summary(ctx, read.Filter)
			return counting.failed(err)
		})
	}
	if err := tasks.Wait(); err != nil {
		return nil, err
	}
	result.Summary = summary
	return result, nil
}

func (o *operation) users(ctx context.Context, read UserRead) (*UserResult, error) {
	if read.Limit > 0 {
		result, err := o.firstUsers(ctx, read)
		if result != nil || err != nil {
			return result, err
		}
	}
	users, err := o.scan(ctx, read.Filter.toAPI(), read.Include.fields(), read.concurrency())
	if err != nil {
		return nil, err
	}
	users = read.Filter.shown(users)
	sortUsers(users, read.Sort)
	result := &UserResult{Users: users, Matched: int64(len(users))}
	if read.Limit > 0 && len(users) > read.Limit {
		result.Users = slices.Clone(users[:read.Limit])
	}
	return result, nil
}

func (r UserRead) check() error {
	switch {
	case r.Limit < 0:
		return fmt.Errorf("the limit must be 0 or more, not %d", r.Limit)
	case r.MaxConcurrency < 0:
		return fmt.Errorf("the number of requests in flight must be 0 or more, not %d", r.MaxConcurrency)
	case !slices.Contains([]string{"", SortEntityID, SortScoreAscending, SortScoreDescending}, r.Sort):
		return fmt.Errorf("users can be sorted by %q, %q, or %q, not by %q",
			SortEntityID, SortScoreAscending, SortScoreDescending, r.Sort)
	}
	return r.Filter.check()
}

// concurrency is at least 1, whatever check says of it.
func (r UserRead) concurrency() int { return max(cmp.Or(r.MaxConcurrency, DefaultConcurrency), 1) }

// firstUsers reads up to the limit page after page. It returns nil where reading all users is faster, or needed.
func (o *operation) firstUsers(ctx context.Context, read UserRead) (*UserResult, error) {
	pageSize := o.client.pageSize
	p := pageRequest{users: read.Filter.toAPI(), fields: read.Include.fields(), size: min(read.Limit, pageSize)}
	p.count = []selection{p.users}
	switch read.Sort {
	case SortScoreAscending:
		p.byScore = "ASCENDING"
	case SortScoreDescending:
		p.byScore = "DESCENDING"
	}
	if p.byScore != "" && read.Limit > pageSize {
		return nil, nil // scores move: one page of them is sound, a second one could miss users
	}
	result := &UserResult{}
	var received int64
	for {
		page, err := o.readPage(ctx, p)
		if err != nil {
			return nil, err
		}
		if p.after == "" {
			result.Matched = page.Counts[0]
			if read.fasterInParts(int64(pageSize), result.Matched) {
				return nil, nil
			}
		}
		received += int64(len(page.Items))
		result.Users = append(result.Users, read.Filter.shown(page.Items)...)
		if len(result.Users) >= read.Limit {
			break
		}
		if !page.More {
			if received < result.Matched {
				return nil, nil // the listing ended too early: the scan finds out why
			}
			break
		}
		if p.byScore != "" || received > scan.MaxItems(result.Matched, pageSize) {
			return nil, nil // the scan finds out why it does not end
		}
		p.after, p.count = page.Cursor, nil
	}
	if received == result.Matched {
		result.Matched = int64(len(result.Users))
	} else if err := o.excludeOutOfRange(ctx, read.Filter, func(band, *User) { result.Matched-- }); err != nil {
		return nil, err
	}
	result.Users = result.Users[:min(read.Limit, len(result.Users))]
	result.Matched = max(result.Matched, int64(len(result.Users)))
	if distinct := distinctUsers(result.Users); distinct < len(result.Users) {
		return nil, fmt.Errorf("the listing repeats itself after %d users", distinct)
	}
	sortUsers(result.Users, read.Sort)
	return result, nil
}

// fasterInParts reports whether reading all matched users in parts takes less time than the pages up to the limit, which
// have to be read one after another.
func (r UserRead) fasterInParts(page, matched int64) bool {
	const overhead = 3 // requests that plan the parts and check them
	return min(int64(r.Limit), matched)/page > matched/page/int64(r.concurrency())+overhead
}

func distinctUsers(users []User) int {
	ids := map[string]bool{}
	for i := range users {
		ids[users[i].EntityID] = true
	}
	return len(ids)
}

// excludeOutOfRange calls exclude for each user that the filter's selection counts although its shown score is out of
// range.
func (o *operation) excludeOutOfRange(ctx context.Context, filter UserFilter, exclude func(band, *User)) error {
	for _, b := range filter.bands() {
		users, err := o.scan(ctx, b.selection, fieldsTally, 1)
		if err != nil {
			return err
		}
		for i := range users {
			if !filter.shows(&users[i]) {
				exclude(b, &users[i])
			}
		}
	}
	return nil
}

// shown returns the users whose shown score is in the filter's range.
func (f UserFilter) shown(users []User) []User {
	if f.MinScore == nil && f.MaxScore == nil {
		return users
	}
	return slices.DeleteFunc(users, func(u User) bool { return !f.shows(&u) })
}

// sortUsers sorts by shown score and, within one score, by entity id; users without a score come last.
func sortUsers(users []User, order string) {
	byID := func(a, b User) int { return strings.Compare(a.EntityID, b.EntityID) }
	if order == "" || order == SortEntityID {
		slices.SortFunc(users, byID)
		return
	}
	scores := make(map[string]*big.Rat)
	for i := range users {
		text := users[i].RiskScore.String()
		if _, known := scores[text]; known {
			continue
		}
		scores[text] = nil
		if d, err := ParseDecimal(text); err == nil {
			scores[text] = d.Rat()
		}
	}
	sign := 1
	if order == SortScoreDescending {
		sign = -1
	}
	slices.SortFunc(users, func(a, b User) int {
		x, y := scores[a.RiskScore.String()], scores[b.RiskScore.String()]
		switch {
		case x == nil && y == nil:
			return byID(a, b)
		case x == nil:
			return 1
		case y == nil:
			return -1
		}
		return cmp.Or(sign*x.Cmp(y), byID(a, b))
	})
}
