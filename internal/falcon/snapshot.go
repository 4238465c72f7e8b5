package falcon

import (
	"context"
	"errors"
	"sync"
	"time"
)

// snapshotAge is how long one listing serves the reads of single objects. Terraform's refresh reads hundreds of them within
// seconds; a longer operation lists again.
const snapshotAge = 30 * time.Second

// snapshot lets the reads of many objects of one kind share a listing. Terraform refreshes about ten objects at a time, so
// sharing only concurrent reads would still need a request for every few of them.
//
// The first object is read by itself. When another one is needed within snapshotAge, the kind is listed, and the listing
// serves for snapshotAge. This ends with the first write of the kind: a Client that writes belongs to an apply, and must see
// the current state from then on. The zero value is ready for use.
type snapshot[T any] struct {
	mu      sync.Mutex
	written bool
	kept    *listing[T]
	asked   string // the object that was needed last
	askedAt time.Time
	flight  sharedFetch[*listing[T]]
}

// listing is all objects of one kind.
type listing[T any] struct {
	items []T
	begun time.Time // when it was requested
	err   error     // why it failed
}

// writing is called when a write begins, and returns the function to call when it has ended. Later reads never return what
// was read before that.
func (s *snapshot[T]) writing() (ended func()) {
	s.disable()
	return s.disable
}

// wasWritten reports whether an object of the kind was written.
func (s *snapshot[T]) wasWritten() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.written
}

func (s *snapshot[T]) disable() {
	s.mu.Lock()
	s.written = true
	s.kept = nil
	s.mu.Unlock()
	s.flight.detach()
}

// lookUp finds an object in the listing, unless it is the only one that is needed. An object that it does not find must be
// read by itself: it may be new, or the listing may have failed.
func (s *snapshot[T]) lookUp(ctx context.Context, clk clock, id string, is func(T) bool, read func(context.Context) ([]T, error)) (item T, ok bool) {
	kept, several := s.ask(id, clk.now())
	if !several {
		return item, false
	}
	if kept == nil {
		if kept = s.joinList(ctx, clk, read, s.valid); kept.err != nil {
			return item, false
		}
	}
	for _, item := range kept.items {
		if is(item) {
			return item, true
		}
	}
	return item, false
}

// ask records that an object is needed and reports whether another one was needed a moment ago. kept may be a failed
// listing, which is not requested again for every object.
func (s *snapshot[T]) ask(id string, now time.Time) (kept *listing[T], several bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	several = !s.written && s.asked != "" && s.asked != id && now.Sub(s.askedAt) < snapshotAge
	s.asked, s.askedAt = id, now
	return s.valid(now), several
}

// valid requires s.mu.
func (s *snapshot[T]) valid(now time.Time) *listing[T] {
	if s.kept != nil && now.Sub(s.kept.begun) < snapshotAge {
		return s.kept
	}
	return nil
}

// recent is the listing as it was at most snapshotAge ago and after the last write of this Client.
func (s *snapshot[T]) recent(ctx context.Context, clk clock, read func(context.Context) ([]T, error)) *listing[T] {
	s.mu.Lock()
	kept := s.valid(clk.now())
	s.mu.Unlock()
	if kept != nil && kept.err == nil {
		return kept
	}
	return s.joinList(ctx, clk, read, s.valid)
}

// list reads the kind, together with the other callers that need it now. It is never nil.
func (s *snapshot[T]) list(ctx context.Context, clk clock, read func(context.Context) ([]T, error)) *listing[T] {
	start := clk.now()
	for {
		// A shared fetch that only found an existing listing is not enough here.
		got := s.joinList(ctx, clk, read, func(time.Time) *listing[T] { return nil })
		if got.err != nil || !got.begun.Before(start) {
			return got
		}
	}
}

// joinList reads the kind, unless kept returns it: another fetch may have ended since the caller's check.
func (s *snapshot[T]) joinList(ctx context.Context, clk clock, read func(context.Context) ([]T, error), kept func(time.Time) *listing[T]) *listing[T] {
	got, err := s.flight.do(ctx, func(ctx context.Context) (*listing[T], error) {
		s.mu.Lock()
		known := kept(clk.now())
		s.mu.Unlock()
		if known != nil && known.err == nil {
			return known, nil
		}
		l := &listing[T]{begun: clk.now()}
		l.items, l.err = read(ctx)
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.written && ctx.Err() == nil {
			s.kept = l
		}
		return l, nil
	})
	if err != nil { // the caller's own context has ended
		return &listing[T]{err: err}
	}
	return got
}

// relabeled is the failure of a shared request, described as the caller's own request.
func relabeled(ctx context.Context, err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		own := *e
		own.Doing = callFrom(ctx).doing
		return &own
	}
	if err != nil {
		return &Error{Doing: callFrom(ctx).doing, Err: err}
	}
	return nil
}
