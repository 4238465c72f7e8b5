package falcon

import (
	"context"
	"slices"
	"sync"
)

// slots bounds the requests in flight of one reading. Counts go first, since what is to be read next depends on them.
type slots struct {
	mu     sync.Mutex
	size   int
	taken  int
	counts []chan struct{} // who waits, in their order
	pages  []chan struct{}
}

func newSlots(size int) *slots { return &slots{size: size} }

// take waits until one more request may be in flight. The caller gives it back by calling the function.
func (s *slots) take(ctx context.Context, queue *[]chan struct{}) (release func(), err error) {
	s.mu.Lock()
	if s.taken < s.size {
		s.taken++
		s.mu.Unlock()
		return s.release, nil
	}
	turn := make(chan struct{})
	*queue = append(*queue, turn)
	s.mu.Unlock()
	select {
	case <-turn:
		return s.release, nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	i := slices.Index(*queue, turn)
	if i >= 0 {
		*queue = slices.Delete(*queue, i, i+1)
	}
	s.mu.Unlock()
	if i < 0 { // it was this one's turn at the same moment
		s.release()
	}
	return nil, context.Cause(ctx)
}

// release gives a slot to who waits, or back.
func (s *slots) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, queue := range []*[]chan struct{}{&s.counts, &s.pages} {
		if len(*queue) > 0 {
			close((*queue)[0])
			*queue = (*queue)[1:]
			return
		}
	}
	s.taken--
}

func (s *slots) forPage(ctx context.Context) (release func(), err error) {
	return s.take(ctx, &s.pages)
}
func (s *slots) forCount(ctx context.Context) (release func(), err error) {
	return s.take(ctx, &s.counts)
}
