package falcon

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// Users reads the users that match: all of them or, with a limit, the first ones in the order asked for. It gives them
// once each and never a part of them by accident: what can't be read completely is an error.
func (c *Client) Users(ctx context.Context, read UserRead) (*UserResult, error) {
	ctx = withCall(ctx, call{doing: "read the users' risk scores", scope: scopeEntitiesRead, repeat: safe})
	if err := read.check(); err != nil {
		return nil, &Error{Doing: callFrom(ctx).doing, Err: err}
	}
	if read.Filter.nobody() {
		return &UserResult{Summary: &UserSummary{}}, nil
	}
	slots := newSlots(read.width())
	result, summary := &UserResult{}, (*UserSummary)(nil)
	err := parallel(ctx, 2, 2, func(ctx context.Context, i int) (err error) {
		if i == 1 {
			result, err = c.usersOf(ctx, read, slots)
			return err
		}
		if !read.Summary {
			return nil
		}
		release, err := slots.forCount(ctx) // its requests come one after another
		if err != nil {
			return err
		}
		defer release()
		summary, err = c.UserSummary(ctx, read.Filter)
		return err
	})
	if err != nil {
		return nil, err
	}
	result.Summary = summary
	return result, nil
}

// usersOf reads the users alone.
func (c *Client) usersOf(ctx context.Context, read UserRead, slots *slots) (*UserResult, error) {
	if read.Limit > 0 {
		result, err := c.firstUsers(ctx, read, slots)
		if result != nil || err != nil {
			return result, err
		}
	}
	users, err := c.scanUsers(ctx, read.Filter.selection(), read.Include.fields(), slots)
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
	case !slices.Contains([]string{"", UserSortEntityID, UserSortScoreAscending, UserSortScoreDescending}, r.Sort):
		return fmt.Errorf("users are sorted by %q, %q or %q, not by %q",
			UserSortEntityID, UserSortScoreAscending, UserSortScoreDescending, r.Sort)
	}
	return r.Filter.check()
}

func (r UserRead) width() int { return cmp.Or(r.MaxConcurrency, DefaultUserConcurrency) }

// firstUsers reads up to the limit where that takes less than reading everybody; it gives nil where it does not.
func (c *Client) firstUsers(ctx context.Context, read UserRead, slots *slots) (*UserResult, error) {
	p := pageOf{users: read.Filter.selection(), fields: read.Include.fields(), size: min(read.Limit, c.userPage), counted: true}
	switch read.Sort {
	case UserSortScoreAscending:
		p.byScore = "ASCENDING"
	case UserSortScoreDescending:
		p.byScore = "DESCENDING"
	}
	if p.byScore != "" && read.Limit > c.userPage {
		return nil, nil // scores move: one page of them is sound, a second one could miss users
	}
	result := &UserResult{}
	var received int64
	for {
		page, err := c.pageWithin(ctx, slots, p)
		if err != nil {
			return nil, err
		}
		if p.counted {
			result.Matched = page.matched
			if read.fasterInParts(int64(c.userPage), page.matched) {
				return nil, nil
			}
		}
		received += int64(len(page.users))
		result.Users = append(result.Users, read.Filter.shown(page.users)...)
		if len(result.Users) >= read.Limit || !page.more {
			if !page.more && received < result.Matched {
				return nil, nil // the listing ended too early: the scan finds out why
			}
			break
		}
		if p.byScore != "" || received > c.mostUsers(result.Matched) {
			return nil, nil // the scan finds out why it does not end
		}
		p.after, p.counted = page.cursor, false
	}
	if received == result.Matched {
		result.Matched = int64(len(result.Users))
	} else if err := c.takeOff(ctx, read.Filter, slots, func(band, *User) { result.Matched-- }); err != nil {
		return nil, err
	}
	result.Users = result.Users[:min(read.Limit, len(result.Users))]
	result.Matched = max(result.Matched, int64(len(result.Users)))
	if distinct := distinctUsers(result.Users); distinct < len(result.Users) {
		return nil, pageError(ctx, "the listing repeats itself after %d users", distinct)
	}
	sortUsers(result.Users, read.Sort)
	return result, nil
}

// fasterInParts tells that reading all matched users in parts takes less time than the pages up to the limit, which have
// to be read one after another.
func (r UserRead) fasterInParts(page, matched int64) bool {
	const overhead = 3 // queries that plan the parts and check them
	return min(int64(r.Limit), matched)/page > matched/page/int64(r.width())+overhead
}

func distinctUsers(users []User) int {
	ids := map[string]bool{}
	for i := range users {
		ids[users[i].EntityID] = true
	}
	return len(ids)
}

// takeOff calls drop for each user that the filter's selection counts although its shown score is out of range.
func (c *Client) takeOff(ctx context.Context, filter UserFilter, slots *slots, drop func(band, *User)) error {
	for _, b := range filter.bands() {
		users, err := c.scanUsers(ctx, b.selection, fieldsTally, slots)
		if err != nil {
			return err
		}
		for i := range users {
			if !filter.shows(&users[i]) {
				drop(b, &users[i])
			}
		}
	}
	return nil
}

// shown keeps the users whose shown score is in the filter's range.
func (f UserFilter) shown(users []User) []User {
	if f.MinScore == nil && f.MaxScore == nil {
		return users
	}
	return slices.DeleteFunc(users, func(u User) bool { return !f.shows(&u) })
}

// sortUsers sorts by shown score and, within one score, by entity id; users without a score come last.
func sortUsers(users []User, order string) {
	byID := func(a, b User) int { return strings.Compare(a.EntityID, b.EntityID) }
	if order == "" || order == UserSortEntityID {
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
	if order == UserSortScoreDescending {
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
