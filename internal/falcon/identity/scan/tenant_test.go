package scan_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity/scan"
)

const (
	// The tests read as many pages as the benchmark's 44,582 users have, with fewer users in each.
	pageSize = 50
	users    = 44_582 * pageSize / 1000
	// latency is how long a request takes, as in cmd/bench, on the fake clock of testing/synctest.
	latency        = 300 * time.Millisecond
	countsPerQuery = 64
	years          = 12
)

// user is an item. Each property is the number of a cell, and 0 is the lowest.
type user struct {
	key                           string
	score, created, name, account int
}

// tenant is a listing in memory. Its conditions are the lowest cell of one property.
type tenant struct {
	users    []user
	inFlight *semaphore.Weighted

	mu       sync.Mutex
	requests int
	// change is called before each request.
	change func(request int, users []user)
}

// Cells of the properties, as package identity has them.
var cells = map[string]int{"score": 32, "created": 64, "name": 27, "account": 37}

// dividers divide by some of the properties.
func dividers(names ...string) []scan.Divider {
	list := make([]scan.Divider, len(names))
	for i, name := range names {
		list[i] = scan.Divider{Cells: cells[name], From: func(cell int) scan.Condition { return scan.Condition{name: cell} }}
	}
	return list
}

// allDividers are in the order of package identity.
var allDividers = []string{"score", "created", "name", "account"}

// newTenant has n users whose scores lean toward the low end, a fifth of them 0. Accounts were created in the last eight of
// twelve years, and some first letters are frequent. adjust, if set, changes a user.
func newTenant(n, concurrency int, adjust func(i int, u *user)) *tenant {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same users in every run
	t := &tenant{users: make([]user, n), inFlight: semaphore.NewWeighted(int64(concurrency))}
	for i := range t.users {
		u, risk := &t.users[i], r.Float64()
		u.key = fmt.Sprintf("%016x", r.Uint64())
		if r.IntN(100) >= 20 {
			u.score = int(risk * risk * float64(cells["score"]))
		}
		u.created = cells["created"] - 1 - int(r.Float64()*float64(cells["created"])*8/years)
		u.name = 1 + int(26*r.Float64()*r.Float64())
		u.account = 1 + r.IntN(26)
		if adjust != nil {
			adjust(i, u)
		}
	}
	slices.SortFunc(t.users, func(a, b user) int { return cmp.Compare(a.key, b.key) })
	return t
}

func (t *tenant) Key(u *user) string { return u.key }

func (t *tenant) Page(ctx context.Context, where []scan.Condition, after string, count ...[]scan.Condition) (*scan.Page[user], error) {
	if err := t.request(ctx); err != nil {
		return nil, err
	}
	defer t.mu.Unlock()
	p := &scan.Page[user]{Counts: t.counts(count)}
	for _, u := range t.users {
		if u.key <= after || !u.meets(where) {
			continue
		}
		if len(p.Items) == pageSize {
			p.More, p.Cursor = true, p.Items[pageSize-1].key
			break
		}
		p.Items = append(p.Items, u)
	}
	return p, nil
}

func (t *tenant) Count(ctx context.Context, selections ...[]scan.Condition) ([]int64, error) {
	chunks := slices.Collect(slices.Chunk(selections, countsPerQuery))
	lists := make([][]int64, len(chunks))
	tasks, ctx := errgroup.WithContext(ctx)
	for i, chunk := range chunks {
		tasks.Go(func() error {
			if err := t.request(ctx); err != nil {
				return err
			}
			defer t.mu.Unlock()
			lists[i] = t.counts(chunk)
			return nil
		})
	}
	err := tasks.Wait()
	return slices.Concat(lists...), err
}

// request takes the latency and leaves the tenant locked.
func (t *tenant) request(ctx context.Context) error {
	if err := t.inFlight.Acquire(ctx, 1); err != nil {
		return err
	}
	defer t.inFlight.Release(1)
	time.Sleep(latency)
	t.mu.Lock()
	t.requests++
	if t.change != nil {
		t.change(t.requests, t.users)
	}
	return nil
}

func (t *tenant) counts(selections [][]scan.Condition) []int64 {
	counts := make([]int64, len(selections))
	for i, where := range selections {
		for k := range t.users {
			if t.users[k].meets(where) {
				counts[i]++
			}
		}
	}
	return counts
}

func (u *user) meets(where []scan.Condition) bool {
	return !slices.ContainsFunc(where, func(c scan.Condition) bool { return !u.meetsOne(c) })
}

func (u *user) meetsOne(c scan.Condition) bool {
	for name, value := range c {
		if inner, ok := value.(scan.Condition); ok {
			return !u.meetsOne(inner)
		}
		if u.cell(name) < value.(int) {
			return false
		}
	}
	return true
}

func (u *user) cell(name string) int {
	switch name {
	case "score":
		return u.score
	case "created":
		return u.created
	case "name":
		return u.name
	}
	return u.account
}

// keysOf fails the test unless the users are sorted and there once each.
func keysOf(t *testing.T, list []user) []string {
	t.Helper()
	keys := make([]string, len(list))
	for i, u := range list {
		if keys[i] = u.key; i > 0 && keys[i-1] >= u.key {
			t.Fatalf("%s comes after %s", u.key, keys[i-1])
		}
	}
	return keys
}
