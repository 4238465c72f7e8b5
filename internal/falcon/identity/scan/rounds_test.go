package scan_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity/scan"
)

const (
	pageSize = 1000
	latency  = 300 * time.Millisecond
	atOnce   = 64 // counts in a request
)

type item struct {
	key   string
	score float64
	day   int
	name  int
	sam   int
}

// tenant is a listing in memory. Each request takes latency.
type tenant struct {
	items    []item // by key
	inFlight *semaphore.Weighted
	requests int
	mu       chan struct{}
}

func newTenant(items []item, width int) *tenant {
	slices.SortFunc(items, func(a, b item) int { return map[bool]int{true: -1, false: 1}[a.key < b.key] })
	return &tenant{items: items, inFlight: semaphore.NewWeighted(int64(width))}
}

func (t *tenant) Key(i *item) string { return i.key }

func holds(c scan.Condition, i *item) bool {
	for name, v := range c {
		switch name {
		case "not":
			return !holds(v.(scan.Condition), i)
		case "score":
			return i.score >= v.(float64)
		case "day":
			return i.day >= v.(int)
		case "name":
			return i.name >= v.(int)
		case "sam":
			return i.sam >= v.(int)
		}
	}
	panic("unknown")
}

func all(where []scan.Condition, i *item) bool {
	for _, c := range where {
		if !holds(c, i) {
			return false
		}
	}
	return true
}

func (t *tenant) request(ctx context.Context) error {
	if err := t.inFlight.Acquire(ctx, 1); err != nil {
		return err
	}
	time.Sleep(latency)
	t.requests++
	t.inFlight.Release(1)
	return nil
}

func (t *tenant) counts(sel [][]scan.Condition) []int64 {
	out := make([]int64, len(sel))
	for k, where := range sel {
		for i := range t.items {
			if all(where, &t.items[i]) {
				out[k]++
			}
		}
	}
	return out
}

func (t *tenant) Page(ctx context.Context, where []scan.Condition, after string, count ...[]scan.Condition) (*scan.Page[item], error) {
	if err := t.request(ctx); err != nil {
		return nil, err
	}
	p := &scan.Page[item]{Counts: t.counts(count)}
	for i := range t.items {
		if t.items[i].key > after && all(where, &t.items[i]) {
			if len(p.Items) == pageSize {
				p.More = true
				break
			}
			p.Items = append(p.Items, t.items[i])
			p.Cursor = t.items[i].key
		}
	}
	return p, nil
}

func (t *tenant) Count(ctx context.Context, sel ...[]scan.Condition) ([]int64, error) {
	n := (len(sel) + atOnce - 1) / atOnce
	errs := make(chan error, n)
	for range n {
		go func() { errs <- t.request(ctx) }()
	}
	for range n {
		if err := <-errs; err != nil {
			return nil, err
		}
	}
	return t.counts(sel), nil
}

func dividers(scores, days int) []scan.Divider {
	const years = 12
	return []scan.Divider{
		{Cells: scores, From: func(c int) scan.Condition { return scan.Condition{"score": float64(c) / float64(scores)} }},
		{Cells: days, From: func(c int) scan.Condition {
			return scan.Condition{"day": (c - 1) * years * 365 / (days - 1)}
		}},
		{Cells: 27, From: func(c int) scan.Condition { return scan.Condition{"name": c} }},
		{Cells: 37, From: func(c int) scan.Condition { return scan.Condition{"sam": c} }},
	}
}

func people(n int, change func(i int, it *item)) []item {
	r := rand.New(rand.NewPCG(1, 2))
	items := make([]item, n)
	for i := range items {
		it := &items[i]
		u := r.Float64()
		it.key = fmt.Sprintf("%016x", r.Uint64())
		it.score = u * u
		if r.IntN(100) < 20 {
			it.score = 0
		}
		it.day = 12*365 - r.IntN(3000)
		// letter frequencies fall off
		it.name = 1 + int(26*r.Float64()*r.Float64())
		it.sam = 1 + r.IntN(26)
		if change != nil {
			change(i, it)
		}
	}
	return items
}

func TestRounds(t *testing.T) {
	shapes := map[string]func(i int, it *item){
		"a usual": nil,
		"b 35% one day": func(i int, it *item) {
			if i%100 < 35 {
				it.day = 4000
			}
		},
		"c one day":       func(_ int, it *item) { it.day = 4000 },
		"d one score":     func(_ int, it *item) { it.score = 0 },
		"e one score+day": func(_ int, it *item) { it.score = 0; it.day = 4000 },
		"f foreign names": func(_ int, it *item) { it.score = 0; it.day = 4000; it.name = 0 },
		"g nothing":       func(_ int, it *item) { it.score = 0; it.day = 4000; it.name = 0; it.sam = 0 },
	}
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		for _, width := range []int{4, 8} {
			synctest.Test(t, func(t *testing.T) {
				n := 44_582
				l := newTenant(people(n, shapes[name]), width)
				start := time.Now()
				got, err := scan.All(t.Context(), l, scan.Options{PageSize: pageSize, Concurrency: width, Dividers: dividers(32, 64)})
				if err != nil || len(got) != n {
					t.Fatal(len(got), err)
				}
				t.Logf("%d %-16s %d in flight: %3d rounds (%v) %d requests", n, name, width, time.Since(start)/latency, time.Since(start), l.requests)
			})
		}
	}
}
