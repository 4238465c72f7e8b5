package falcon

import (
	"context"
	"slices"
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

// readPlan reads the parts of the plan; those that the scores give at once are read while the others are being split.
func (s *userScan) readPlan(ctx context.Context, total int64, cells []userPart) ([]*userPart, error) {
	size := newPartSize(int64(s.client.userPage), total, cap(s.slots))
	var ready, large, split []*userPart
	for _, part := range joinParts(s.users, cells, size) {
		if size.tooLarge(part.count) {
			large = append(large, part)
		} else {
			ready = append(ready, part)
		}
	}
	err := parallel(ctx, 2, 2, func(ctx context.Context, i int) error {
		if i == 1 {
			return s.readParts(ctx, ready)
		}
		var err error
		if split, err = s.splitParts(ctx, large, size); err != nil {
			return err
		}
		return s.readParts(ctx, split)
	})
	return append(ready, split...), err
}

// readParts reads parts, all at the same time as far as there are slots for their pages.
func (s *userScan) readParts(ctx context.Context, parts []*userPart) error {
	return parallel(ctx, len(parts), max(len(parts), 1), func(ctx context.Context, i int) error {
		part := parts[i]
		part.ids = part.ids[:0]
		return s.chain(ctx, part.users, nil, func(users []User) {
			for k := range users {
				part.ids = append(part.ids, users[k].EntityID)
			}
			s.add(users)
		})
	})
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
