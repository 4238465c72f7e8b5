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
// part that is left and by the one that is entered; one of them then holds another number of users than were read, or
// shares one with another part. Such parts are read again until all counts agree. False means that they would not come
// to rest, or do not make up the whole: one listing in the order of ids, where nothing moves, has to do then.
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
		pending := unsettled(parts)
		if len(pending) == 0 {
			return int64(len(s.found)) >= min(total, after), nil
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
	tasks *errgroup.Group

	mu    sync.Mutex
	parts []*userPart
}

// readPlan reads the selection in parts.
func (s *userScan) readPlan(ctx context.Context, total int64, cells []userPart) ([]*userPart, error) {
	p := &partPlan{scan: s, size: newPartSize(int64(s.client.userPage), total, cap(s.slots))}
	p.tasks, ctx = errgroup.WithContext(ctx)
	var ready []*userPart
	for _, part := range joinParts(s.users, cells, p.size) {
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

func (p *partPlan) read(ctx context.Context, part *userPart) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.parts = append(p.parts, part)
	p.tasks.Go(func() error { return p.scan.readPart(ctx, part) })
}

// split splits a part that no score bound splits, such as the users without any risk: by when accounts were created,
// and where that does not do it, by the first letter of the name.
func (p *partPlan) split(ctx context.Context, large span, round int) {
	p.tasks.Go(func() error {
		pieces, err := p.scan.cutSpan(ctx, large, p.size)
		if err != nil {
			return err
		}
		for _, piece := range pieces {
			switch {
			case !p.size.tooLarge(piece.count):
				p.read(ctx, &userPart{users: piece.selection(), count: piece.count})
			case round < splitRounds && piece.splits():
				p.split(ctx, piece, round+1)
			default:
				p.splitByName(ctx, piece)
			}
		}
		return nil
	})
}

func (p *partPlan) splitByName(ctx context.Context, large span) {
	p.tasks.Go(func() error {
		parts, err := p.scan.cutNames(ctx, large, p.size)
		if err != nil {
			return err
		}
		for _, part := range parts {
			p.read(ctx, part)
		}
		return nil
	})
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

// unsettled gives the parts whose count is not the number of users that were read, and those that share a user.
func unsettled(parts []*userPart) []*userPart {
	owner := map[string]*userPart{}
	bad := map[*userPart]bool{}
	for _, part := range parts {
		if int64(len(part.ids)) != part.count {
			bad[part] = true
		}
		for _, id := range part.ids {
			if other := owner[id]; other != nil {
				bad[part], bad[other] = true, true
			}
			owner[id] = part
		}
	}
	return slices.DeleteFunc(slices.Clone(parts), func(part *userPart) bool { return !bad[part] })
}
