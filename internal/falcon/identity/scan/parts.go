package scan

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"
)

// checks is how often the parts are counted and read again before the scan falls back to reading in order.
const checks = 6

// part is a part of the listing that is read by itself.
type part[T any] struct {
	where []Condition
	count int64 // when the parts were last counted
	items []T   // what the last reading found
}

// inParts plans parts, reads them at the same time, and checks them. It is not complete if the parts do not settle.
func (s *scan[T]) inParts(ctx context.Context, total int64, counts []int64) (items []T, complete bool, err error) {
	whole := &part[T]{count: total}
	// Larger parts have fuller pages, smaller ones are easier to share between the requests in flight.
	pages := total/int64(s.PageSize*2*s.Concurrency) + 1
	parts, err := s.readDivided(ctx, whole, s.Dividers, counts, pages*int64(s.PageSize)*fill/100)
	if err != nil {
		return nil, false, err
	}
	for check := 1; ; check++ {
		if err := s.recount(ctx, append(slices.Clone(parts), whole)); err != nil {
			return nil, false, err
		}
		changed := slices.DeleteFunc(slices.Clone(parts), func(p *part[T]) bool { return int64(len(p.items)) == p.count })
		if len(changed) == 0 {
			if items = s.merge(parts); int64(len(items)) == whole.count {
				return items, true, nil
			}
			changed = parts
		}
		if check == checks {
			return nil, false, nil
		}
		tasks, ctx := errgroup.WithContext(ctx)
		for _, p := range changed {
			tasks.Go(func() error { return s.read(ctx, p) })
		}
		if err := tasks.Wait(); err != nil {
			return nil, false, err
		}
	}
}

// fill is how full the pages of a part are planned, in percent: some items may be added before it is read.
const fill = 98

// readDivided divides a selection into parts, none of which should have more than limit items, and reads each part as
// soon as it is known. counts are those of the first divider, if they are known.
func (s *scan[T]) readDivided(ctx context.Context, whole *part[T], dividers []Divider, counts []int64, limit int64) ([]*part[T], error) {
	if whole.count <= limit || len(dividers) == 0 {
		return []*part[T]{whole}, s.read(ctx, whole)
	}
	divider := dividers[0]
	if counts == nil {
		var err error
		if counts, err = s.listing.Count(ctx, divider.selections(whole.where)...); err != nil {
			return nil, err
		}
	}
	cells := divider.cells(whole.count, counts)
	ends := group(cells, limit)
	divided := make([][]*part[T], len(ends))
	tasks, ctx := errgroup.WithContext(ctx)
	from := 0
	for i, to := range ends {
		piece := &part[T]{where: divider.between(whole.where, from, to), count: sum(cells[from:to])}
		tasks.Go(func() (err error) {
			divided[i], err = s.readDivided(ctx, piece, dividers[1:], nil, limit)
			return err
		})
		from = to
	}
	err := tasks.Wait()
	return slices.Concat(divided...), err
}

// read reads a part. One that was counted as empty is not read: the next count shows whether it still is.
func (s *scan[T]) read(ctx context.Context, p *part[T]) (err error) {
	p.items = nil
	if p.count > 0 {
		p.items, err = s.pages(ctx, p.where, nil, p.count)
	}
	return err
}

func (s *scan[T]) recount(ctx context.Context, parts []*part[T]) error {
	selections := make([][]Condition, len(parts))
	for i, p := range parts {
		selections[i] = p.where
	}
	counts, err := s.listing.Count(ctx, selections...)
	if err != nil {
		return err
	}
	for i, p := range parts {
		p.count = counts[i]
	}
	return nil
}

// merge returns the items of the parts, each once: one that moved may be in two of them.
func (s *scan[T]) merge(parts []*part[T]) []T {
	total := 0
	for _, p := range parts {
		total += len(p.items)
	}
	items := make([]T, 0, total)
	seen := make(map[string]bool, total)
	for _, p := range parts {
		for i := range p.items {
			if key := s.listing.Key(&p.items[i]); !seen[key] {
				seen[key] = true
				items = append(items, p.items[i])
			}
		}
	}
	return items
}
