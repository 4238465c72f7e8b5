package falcon

import (
	"context"
	"maps"
	"slices"
)

// end is an end of a selection, from which it is read page after page in the order of the entity ids: whoever is
// selected all the time is found.
type end struct {
	next    pageOf // the page to be read
	seen    map[string]bool
	cursors map[string]bool
	waiting int64 // users asked for by a request that has not been answered
	most    int64 // more users than this are no end of the selection
}

// newEnd is an end of a selection of about count users.
func (s *userScan) newEnd(users selection, backwards bool, count int64) *end {
	return &end{
		most: s.client.mostUsers(count),
		next: pageOf{users: users, fields: s.fields, size: s.client.userPage, backwards: backwards},
		seen: map[string]bool{}, cursors: map[string]bool{},
	}
}

// take moves on by a page.
func (e *end) take(ctx context.Context, page *userPage) error {
	before := len(e.seen)
	for i := range page.users {
		e.seen[page.users[i].EntityID] = true
	}
	if len(e.seen)-before < len(page.users) || e.cursors[page.cursor] && page.more {
		return pageError(ctx, "the listing repeats itself after %d users", before)
	}
	if int64(len(e.seen)) > e.most {
		return pageError(ctx, "the listing does not end: it has brought %d users, many more than were counted", len(e.seen))
	}
	e.cursors[page.cursor] = true
	e.next.after = page.cursor
	return nil
}

// mostUsers is how many users a listing may bring whose count is known: users may be added while it is read.
func (c *Client) mostUsers(count int64) int64 { return 2*count + 10*int64(c.userPage) }

// chain reads a selection from its beginning to its end. The first page was read before, and counted.
func (s *userScan) chain(ctx context.Context, users selection, page *userPage, take func([]User)) error {
	for e := s.newEnd(users, false, page.matched); ; page = nil {
		if page == nil {
			var err error
			if page, err = s.page(ctx, e.next); err != nil {
				return err
			}
		}
		if err := e.take(ctx, page); err != nil {
			return err
		}
		take(page.users)
		if !page.more {
			return nil
		}
	}
}

// readPart reads a part from both its ends until they meet, for each page's cursor is needed for the next. The part's
// count says how much there is to ask for; where it is too low, the reading goes on until the ends do meet.
func (s *userScan) readPart(ctx context.Context, part *userPart) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := &partReading{scan: s, part: part, ends: []*end{s.newEnd(part.users, false, part.count), s.newEnd(part.users, true, part.count)}, seen: map[string]bool{}}
	r.answers = make(chan endAnswer, len(r.ends)) // a request that nobody waits for any more must end, too
	for done := false; !done; {
		r.ask(ctx)
		var err error
		if done, err = r.take(ctx, <-r.answers); err != nil {
			return err
		}
	}
	part.ids = slices.AppendSeq(part.ids[:0], maps.Keys(r.seen))
	return nil
}

// partReading is the reading of a part from both ends.
type partReading struct {
	scan    *userScan
	part    *userPart
	ends    []*end
	seen    map[string]bool
	answers chan endAnswer
}

type endAnswer struct {
	from *end
	page *userPage
	err  error
}

// ask sends the requests that are needed by now.
func (r *partReading) ask(ctx context.Context) {
	var waiting int64
	for _, e := range r.ends {
		waiting += e.waiting
	}
	for _, e := range r.ends {
		left := r.part.count - int64(len(r.seen)) - waiting // of whom nobody was asked for
		if e.waiting > 0 || left <= 0 && waiting > 0 || e.next.backwards && r.scan.oneWay.Load() {
			continue
		}
		if e.next.size = r.scan.client.userPage; left > 0 {
			// One more than are left: that the ends have met shows in a user that both have.
			e.next.size = int(min(int64(e.next.size), left+1))
		}
		e.waiting = int64(e.next.size)
		waiting += e.waiting
		wanted := e.next
		go func() {
			page, err := r.scan.page(ctx, wanted)
			r.answers <- endAnswer{e, page, err}
		}()
	}
}

// take takes a page over and says whether all of the part has been read.
func (r *partReading) take(ctx context.Context, a endAnswer) (done bool, err error) {
	if a.err != nil {
		return false, a.err
	}
	a.from.waiting = 0
	if err := a.from.take(ctx, a.page); err != nil {
		return false, err
	}
	r.scan.add(a.page.users)
	before := len(r.seen)
	for i := range a.page.users {
		r.seen[a.page.users[i].EntityID] = true
	}
	if !a.page.more {
		return true, nil
	}
	met := len(r.seen)-before < len(a.page.users)
	missing := r.part.count - int64(len(r.seen))
	if !met || len(r.ends) == 1 {
		return false, nil
	}
	if missing <= 0 {
		return true, nil
	}
	// Users may have left meanwhile. Or the listing does not run backwards: then its own end is all to go by.
	if missing >= int64(r.scan.client.userPage) {
		r.scan.oneWay.Store(true)
	}
	r.ends = r.ends[:1]
	return false, nil
}
