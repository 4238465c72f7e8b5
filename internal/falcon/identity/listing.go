package identity

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity/scan"
)

// countsPerQuery is the most counts that one query asks for.
const countsPerQuery = 64

// listing is a selection of users as [scan.All] reads it.
type listing struct {
	*operation
	users  selection
	fields string
}

// scan reads all users of a selection, each once, in the order of their entity ids.
func (o *operation) scan(ctx context.Context, users selection, fields string, concurrency int) ([]User, error) {
	return scan.All(ctx, listing{o, users, fields}, scan.Options{
		PageSize: o.client.pageSize, Concurrency: concurrency, Dividers: userDividers(time.Now()),
	})
}

// Key implements scan.Listing.
func (l listing) Key(u *User) string { return u.EntityID }

// Page implements scan.Listing.
func (l listing) Page(ctx context.Context, where []condition, after string, count ...[]condition) (*userPage, error) {
	return l.readPage(ctx, pageRequest{
		users: l.users.and(where...), fields: l.fields, size: l.client.pageSize, after: after, count: l.selections(count),
	})
}

// Count implements scan.Listing.
func (l listing) Count(ctx context.Context, each ...[]condition) ([]int64, error) {
	chunks := slices.Collect(slices.Chunk(l.selections(each), countsPerQuery))
	lists := make([][]int64, len(chunks))
	tasks, ctx := errgroup.WithContext(ctx)
	for i, chunk := range chunks {
		tasks.Go(func() error {
			q := &query{}
			q.countEach(chunk)
			var response counts
			err := l.run(ctx, q, &response)
			if err == nil {
				lists[i], err = response.list(countNames(len(chunk)))
			}
			return err
		})
	}
	err := tasks.Wait()
	return slices.Concat(lists...), err
}

func (l listing) selections(each [][]condition) []selection {
	list := make([]selection, len(each))
	for i, where := range each {
		list[i] = l.users.and(where...)
	}
	return list
}
