package falcon

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

const (
	// scanRounds bounds how often parts are read again that changed while they were read.
	scanRounds = 6
	// chainTries is how often a listing is read in one go that ends before its count.
	chainTries = 3
	// partsFrom is the number of pages from which reading in parts is faster, which takes one or two more queries.
	partsFrom = 4
)

// userScan reads all users of a selection. Each page's cursor is needed for the next, so a large selection is cut into
// parts that are read at the same time.
type userScan struct {
	client *Client
	users  selection
	fields string
	slots  *slots
	oneWay atomic.Bool // the listing turned out not to run backwards

	mu    sync.Mutex
	found []User
	index map[string]int // entity id to place in found
}

// scanUsers reads all users of a selection, each once, in the order of their entity ids.
func (c *Client) scanUsers(ctx context.Context, users selection, fields string, slots *slots) ([]User, error) {
	s := &userScan{client: c, users: users, fields: fields, slots: slots, index: map[string]int{}}
	if err := s.run(ctx); err != nil {
		return nil, err
	}
	slices.SortFunc(s.found, func(a, b User) int { return strings.Compare(a.EntityID, b.EntityID) })
	return s.found, nil
}

func (s *userScan) run(ctx context.Context) error {
	start := s.firstPage()
	if s.slots.size > 1 {
		start.cells = scoreParts(s.users)
	}
	first, err := s.page(ctx, start)
	if err != nil {
		return err
	}
	if s.slots.size > 1 && first.matched > int64(partsFrom*s.client.userPage) {
		for i, count := range first.cells {
			start.cells[i].count = count
		}
		s.add(first.users)
		done, err := s.inParts(ctx, first.matched, start.cells)
		if done || err != nil {
			return err
		}
		first = nil // too old by now
	}
	return s.inOneGo(ctx, first)
}

func (s *userScan) page(ctx context.Context, p pageOf) (*userPage, error) {
	return s.client.pageWithin(ctx, s.slots, p)
}

// pageWithin is readPage within the requests that may be in flight.
func (c *Client) pageWithin(ctx context.Context, slots *slots, p pageOf) (*userPage, error) {
	release, err := slots.forPage(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	return c.readPage(ctx, p)
}

// add takes users over; a user that was read before is replaced, for the later answer is the newer one.
func (s *userScan) add(users []User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range users {
		if i, known := s.index[u.EntityID]; known {
			s.found[i] = u
			continue
		}
		s.index[u.EntityID] = len(s.found)
		s.found = append(s.found, u)
	}
}

// inOneGo reads the selection as one listing, of which the first page may have been read and counted. It must reach
// the count from before or the one from after: users may be added and removed while it is read.
func (s *userScan) inOneGo(ctx context.Context, first *userPage) error {
	for try := 1; ; try++ {
		if first == nil {
			var err error
			if first, err = s.page(ctx, s.firstPage()); err != nil {
				return err
			}
		}
		var read int64
		err := s.chain(ctx, s.users, first, func(users []User) {
			read += int64(len(users))
			s.add(users)
		})
		if err != nil || read >= first.matched {
			return err
		}
		after, err := s.countEach(ctx, []selection{s.users})
		if err != nil || read >= after[0] {
			return err
		}
		if try == chainTries {
			return pageError(ctx, "the listing should have %d users, but ended after %d", after[0], read)
		}
		first = nil
	}
}

func (s *userScan) firstPage() pageOf {
	return pageOf{users: s.users, fields: s.fields, size: s.client.userPage, counted: true}
}

// countEach counts the users of several selections that share their arguments.
func (s *userScan) countEach(ctx context.Context, list []selection) ([]int64, error) {
	counts := make([]int64, len(list))
	chunks := slices.Collect(slices.Chunk(list, countsAtOnce))
	err := parallel(ctx, len(chunks), s.slots.size, func(ctx context.Context, i int) error {
		release, err := s.slots.forCount(ctx)
		if err != nil {
			return err
		}
		defer release()
		q := &graphqlQuery{}
		names := countNames("c", len(chunks[i]))
		for k, users := range chunks[i] {
			q.count(names[k], users)
		}
		data, err := s.client.counts(ctx, q)
		for k, name := range names {
			counts[i*countsAtOnce+k] = data[name]
		}
		return err
	})
	return counts, err
}

// counts runs a query of nothing but counts.
func (c *Client) counts(ctx context.Context, q *graphqlQuery) (map[string]int64, error) {
	var data map[string]json.RawMessage
	if err := c.graphqlInto(ctx, q, &data); err != nil {
		return nil, err
	}
	counts := make(map[string]int64, len(data))
	for name, raw := range data {
		n, err := countOf(ctx, raw)
		if err != nil {
			return nil, err
		}
		counts[name] = n
	}
	if len(counts) != len(q.fields) {
		return nil, pageError(ctx, "a count in the answer is missing or no number")
	}
	return counts, nil
}
