package falcon

import (
	"context"
	"slices"
	"sync"
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
func (s *userScan) inParts(ctx context.Context, total int64) (bool, error) {
	parts, err := s.plan(ctx, total)
	if err != nil {
		return false, err
	}
	pending := make([]int, len(parts))
	for i := range pending {
		pending[i] = i
	}
	// The largest first, so that none is left for the end when the others are done.
	slices.SortStableFunc(pending, func(a, b int) int { return int(parts[b].count - parts[a].count) })
	for range scanRounds {
		if err := s.readParts(ctx, parts, pending); err != nil {
			return false, err
		}
		after, err := s.recount(ctx, parts)
		if err != nil {
			return false, err
		}
		if pending = unsettled(parts); len(pending) == 0 {
			return int64(len(s.found)) >= min(total, after), nil
		}
	}
	return false, nil
}

func (s *userScan) readParts(ctx context.Context, parts []userPart, pending []int) error {
	var mu sync.Mutex
	return parallel(ctx, len(pending), s.width, func(ctx context.Context, i int) error {
		part := &parts[pending[i]]
		part.ids = part.ids[:0]
		return s.chain(ctx, part.users, nil, func(users []User) {
			for k := range users {
				part.ids = append(part.ids, users[k].EntityID)
			}
			mu.Lock()
			defer mu.Unlock()
			s.add(users)
		})
	})
}

// recount counts the parts, and the whole.
func (s *userScan) recount(ctx context.Context, parts []userPart) (total int64, err error) {
	list := []selection{s.users}
	for i := range parts {
		list = append(list, parts[i].users)
	}
	counts, err := s.client.countEach(ctx, list)
	if err != nil {
		return 0, err
	}
	for i := range parts {
		parts[i].count = counts[1+i]
	}
	return counts[0], nil
}

// unsettled gives the parts whose count is not the number of users that were read, and those that share a user.
func unsettled(parts []userPart) []int {
	owner := map[string]int{}
	bad := map[int]bool{}
	for i := range parts {
		if int64(len(parts[i].ids)) != parts[i].count {
			bad[i] = true
		}
		for _, id := range parts[i].ids {
			if other, taken := owner[id]; taken {
				bad[i], bad[other] = true, true
			}
			owner[id] = i
		}
	}
	var list []int
	for i := range parts {
		if bad[i] {
			list = append(list, i)
		}
	}
	return list
}
