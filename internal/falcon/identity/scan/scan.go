package scan

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

const (
	// listingTries is how often a listing is read again that ends before its count.
	listingTries = 3
	// minPages is the number of pages from which reading in parts is faster, since the counts take requests too.
	minPages = 4
)

// Condition is a condition on items as the API writes it. The scan only combines conditions: a list of them holds where
// each one holds.
type Condition map[string]any

var everything []Condition // no condition

// Listing is a listing of an API. Its methods are called concurrently.
type Listing[T any] interface {
	// Page reads the page after a cursor, "" being the first one, of the items that meet the conditions, in the order of
	// their keys. The same response contains the number of items in each of the selections to count.
	Page(ctx context.Context, where []Condition, after string, count ...[]Condition) (*Page[T], error)
	// Count returns the number of items in each of the selections.
	Count(ctx context.Context, selections ...[]Condition) ([]int64, error)
	// Key is unique and never changes.
	Key(item *T) string
}

// Page is one page of a listing. A page that is not the last one is full.
type Page[T any] struct {
	Items  []T
	Counts []int64
	More   bool
	Cursor string // of the next page
}

// Options say how to read.
type Options struct {
	PageSize int
	// Concurrency is the number of requests that the listing sends at the same time.
	Concurrency int
	// Dividers are tried in this order. The counts of the first one come with the first page.
	Dividers []Divider
}

type scan[T any] struct {
	Options
	listing Listing[T]
}

// All reads all items of a listing, each once, sorted by key. It finds every item that is listed during the whole read, even
// if other items are added, removed, or moved between parts meanwhile.
func All[T any](ctx context.Context, listing Listing[T], options Options) ([]T, error) {
	s := &scan[T]{Options: options, listing: listing}
	count := [][]Condition{everything}
	if s.Concurrency > 1 && len(s.Dividers) > 0 {
		count = append(count, s.Dividers[0].selections(nil)...)
	}
	first, err := listing.Page(ctx, nil, "", count...)
	if err != nil {
		return nil, err
	}
	if total := first.Counts[0]; len(count) > 1 && total > int64(minPages*s.PageSize) {
		items, complete, err := s.inParts(ctx, total, first.Counts[1:])
		if err != nil {
			return nil, err
		}
		if complete {
			slices.SortFunc(items, func(a, b T) int { return strings.Compare(listing.Key(&a), listing.Key(&b)) })
			return items, nil
		}
		first = nil // outdated by now
	}
	return s.inOrder(ctx, first)
}

// inOrder reads the whole listing page after page. It has to reach the count from before or the one from after, because
// items may be added and removed meanwhile. The first page may have been read already.
func (s *scan[T]) inOrder(ctx context.Context, first *Page[T]) ([]T, error) {
	for try := 1; ; try++ {
		if first == nil {
			var err error
			if first, err = s.listing.Page(ctx, nil, "", everything); err != nil {
				return nil, err
			}
		}
		items, err := s.pages(ctx, nil, first, first.Counts[0])
		if err != nil || int64(len(items)) >= first.Counts[0] {
			return items, err
		}
		after, err := s.listing.Count(ctx, everything)
		if err != nil || int64(len(items)) >= after[0] {
			return items, err
		}
		if try == listingTries {
			return nil, fmt.Errorf("the listing should have %d users, but ended after %d", after[0], len(items))
		}
		first = nil
	}
}

// pages reads a selection of about count items, of which the first page may have been read already. A listing that
// returns an item twice, or many more items than were counted, never ends: it is an error.
func (s *scan[T]) pages(ctx context.Context, where []Condition, page *Page[T], count int64) ([]T, error) {
	var pages [][]T // joined at the end, since there may be many large items
	var cursor string
	seen := map[string]bool{}
	for {
		if page == nil {
			var err error
			if page, err = s.listing.Page(ctx, where, cursor); err != nil {
				return nil, err
			}
		}
		for i := range page.Items {
			key := s.listing.Key(&page.Items[i])
			if seen[key] {
				return nil, fmt.Errorf("the listing repeats itself after %d users", len(seen)-i)
			}
			seen[key] = true
		}
		pages = append(pages, page.Items)
		switch {
		case !page.More:
			return slices.Concat(pages...), nil
		case int64(len(seen)) > MaxItems(count, s.PageSize):
			return nil, fmt.Errorf("the listing does not end: it returned %d users, many more than were counted", len(seen))
		}
		cursor, page = page.Cursor, nil
	}
}

// MaxItems is the most items that a listing of this count may return: items may be added while it is read.
func MaxItems(count int64, pageSize int) int64 { return 2*count + 10*int64(pageSize) }
