package falcon

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
)

// userPart is a part of a selection that is read by itself.
type userPart struct {
	users selection
	count int64    // when the parts were last counted
	ids   []string // of the users that the last reading found
}

// inParts reads the selection in parts that are cut by score. A user whose score moves meanwhile may be missed by the
// part that is left and by the one that is entered; one of them then holds another number of users than were read. Such
// parts are read again until all counts agree. Parts may share users, if ranges include both their bounds: where each has
// its count and all together make up the whole, nobody is missing. False means that they would not come to rest, or do not
// make up the whole: one listing in the order of ids, where nothing moves, has to do then.
func (s *userScan) inParts(ctx context.Context, total int64, cells []userPart) (bool, error) {
	parts, err := s.readPlan(ctx, total, cells)
	if err != nil {
		return false, err
	}
	for round := 1; ; round++ {
		after, err := s.recount(ctx, parts)
		if err != nil {
			return false, err
		}
		pending := miscounted(parts)
		if len(pending) == 0 {
			var union int64
			if union, pending = sharing(parts); len(pending) == 0 || union == after {
				return int64(len(s.found)) >= min(total, after), nil
			}
		}
		if round == scanRounds {
			return false, nil
		}
		if err := s.readParts(ctx, pending); err != nil {
			return false, err
		}
	}
}

// partPlan finds the parts of a large selection. Each is read as soon as it is known, while others are being split.
type partPlan struct {
	scan  *userScan
	size  partSize
	total int64
	tasks *errgroup.Group

	mu    sync.Mutex
	parts []*userPart
}

// readPlan reads the selection in parts.
func (s *userScan) readPlan(ctx context.Context, total int64, cells []userPart) ([]*userPart, error) {
	p := &partPlan{scan: s, total: total, size: newPartSize(int64(s.client.userPage), total, s.slots.size)}
	p.tasks, ctx = errgroup.WithContext(ctx)
	var ready []*userPart
	joined := joinParts(s.users, cells, p.size)
	if overlap(cells, total) { // the sums count those at a bound twice
		if _, err := s.recount(ctx, joined); err != nil {
			return nil, err
		}
	}
	for _, part := range joined {
		if p.size.tooLarge(part.count) {
			p.split(ctx, span{users: part.users, count: part.count}, 1) // first, since it takes longest
		} else {
			ready = append(ready, part)
		}
	}
	for _, part := range ready {
		p.read(ctx, part)
	}
	err := p.tasks.Wait()
	return p.parts, err
}

// overlap says that neighboring ranges share users.
func overlap(cells []userPart, total int64) bool {
	var sum int64
	for _, cell := range cells {
		sum += cell.count
	}
	return sum > total
}

func (p *partPlan) read(ctx context.Context, part *userPart) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.parts = append(p.parts, part)
	p.tasks.Go(func() error { return p.scan.readPart(ctx, part) })
}

// split splits a part that no score bound splits, such as the users without any risk: by when accounts were created,
// and where that does not do it, as after a migration, by the first letter of names. What does it is not known before it
// is counted, so from the second round on both are.
func (p *partPlan) split(ctx context.Context, large span, round int) {
	p.tasks.Go(func() error {
		var byDate []span
		var byName []*userPart
		err := parallel(ctx, 2, 2, func(ctx context.Context, i int) (err error) {
			dates := round <= splitRounds && large.splits()
			switch {
			case i == 0 && dates:
				byDate, err = p.scan.cutSpan(ctx, large, p.size)
			case i == 1 && (round > 1 || !dates):
				byName, err = p.scan.cutLetters(ctx, &userPart{users: large.selection(), count: large.count}, p.size, displayNames)
			}
			return err
		})
		if err != nil {
			return err
		}
		ofPart, ofSpan := func(part *userPart) int64 { return part.count }, func(p span) int64 { return p.count }
		if byDate == nil || byName != nil && largest(byName, ofPart) <= largest(byDate, ofSpan) {
			return p.readNamed(ctx, byName)
		}
		for _, piece := range byDate {
			if p.size.tooLarge(piece.count) {
				p.split(ctx, piece, round+1)
			} else {
				p.read(ctx, &userPart{users: piece.selection(), count: piece.count})
			}
		}
		return nil
	})
}

// readNamed reads the parts of cutLetters. The last one, whose names begin with no letter, is split once more by the
// account names, which begin with one even where people's names do not, if it would take longer than all else: it is
// read from both ends, and Falcon calls searches by pattern slow.
func (p *partPlan) readNamed(ctx context.Context, parts []*userPart) error {
	last := parts[len(parts)-1]
	for _, part := range parts[:len(parts)-1] {
		p.read(ctx, part)
	}
	if p.size.pagesOf(last.count)/2 <= p.size.pagesOf(p.total)/int64(p.scan.slots.size) {
		p.read(ctx, last)
		return nil
	}
	parts, err := p.scan.cutLetters(ctx, last, p.size, accountNames)
	for _, part := range parts {
		p.read(ctx, part)
	}
	return err
}

func largest[T any](list []T, count func(T) int64) (most int64) {
	for _, item := range list {
		most = max(most, count(item))
	}
	return most
}

// readParts reads parts, all at the same time as far as there are slots for their pages.
func (s *userScan) readParts(ctx context.Context, parts []*userPart) error {
	return parallel(ctx, len(parts), max(len(parts), 1), func(ctx context.Context, i int) error { return s.readPart(ctx, parts[i]) })
}

// recount counts the parts, and the whole.
func (s *userScan) recount(ctx context.Context, parts []*userPart) (total int64, err error) {
	list := []selection{s.users}
	for _, part := range parts {
		list = append(list, part.users)
	}
	counts, err := s.countEach(ctx, list)
	if err != nil {
		return 0, err
	}
	for i, part := range parts {
		part.count = counts[1+i]
	}
	return counts[0], nil
}

// miscounted returns the parts whose count is not the number of users that were read.
func miscounted(parts []*userPart) (list []*userPart) {
	for _, part := range parts {
		if int64(len(part.ids)) != part.count {
			list = append(list, part)
		}
	}
	return list
}

// sharing returns how many users the parts have together, and the parts that share a user with another one.
func sharing(parts []*userPart) (union int64, list []*userPart) {
	owner := map[string]*userPart{}
	shares := map[*userPart]bool{}
	for _, part := range parts {
		for _, id := range part.ids {
			if other := owner[id]; other != nil {
				shares[part], shares[other] = true, true
			}
			owner[id] = part
		}
	}
	list = slices.DeleteFunc(slices.Clone(parts), func(part *userPart) bool { return !shares[part] })
	return int64(len(owner)), list
}
