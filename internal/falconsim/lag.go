package falconsim

import (
	"slices"
	"time"
)

// lag is what readers still see of the objects of one kind after a write has created, changed, or deleted them. It implements
// the delays of questions Q08, Q09, Q20, Q21, Q39, and Q40. Writes do not use it: they act on the current state. s.mu guards
// it.
type lag[T any] struct {
	former map[string][]former[T] // by id, in the order of the writes
}

// former is an object as it was before a write. Readers see it until the given time. object is nil if they see nothing.
type former[T any] struct {
	object *T
	until  time.Time
}

// change is called before an object is created (object is nil) or changed. Readers see the object as it is now until the given
// time. change copies the object, but not what its fields refer to.
func (l *lag[T]) change(id string, object *T, until time.Time) {
	if l.former == nil {
		l.former = map[string][]former[T]{}
	}
	if object != nil {
		copied := *object
		object = &copied
	}
	l.former[id] = append(l.former[id], former[T]{object, until})
}

// remove is called before an object is deleted. Readers see it until the given time and nothing afterwards, regardless of
// earlier changes.
func (l *lag[T]) remove(id string, object *T, until time.Time) {
	list := l.former[id]
	for i := range list {
		if list[i].until.After(until) {
			list[i].until = until
		}
	}
	l.change(id, object, until)
}

// settle makes the current state visible at once, as a change in the console does.
func (l *lag[T]) settle(id string) { delete(l.former, id) }

// see returns the object that readers see, nil for none. object is its current state, nil if it does not exist.
func (l *lag[T]) see(id string, object *T, now time.Time) *T {
	list := slices.DeleteFunc(l.former[id], func(f former[T]) bool { return !now.Before(f.until) })
	if len(list) == 0 {
		delete(l.former, id)
		return object
	}
	l.former[id] = list
	return list[0].object
}

// seeAll returns the objects that readers see, unordered. objects is the current state by id.
func (l *lag[T]) seeAll(objects map[string]*T, now time.Time) []*T {
	seen := make([]*T, 0, len(objects))
	for id, object := range objects {
		if shown := l.see(id, object, now); shown != nil {
			seen = append(seen, shown)
		}
	}
	for id := range l.former {
		if _, exists := objects[id]; exists {
			continue
		}
		if shown := l.see(id, nil, now); shown != nil {
			seen = append(seen, shown)
		}
	}
	return seen
}

// shownFrom is when readers see an object that is created or changed now: question Q09, Q20, or Q39.
func (s *Server) shownFrom(id string) time.Time { return s.now().Add(s.showDelay(id)) }

// goneFrom is when readers no longer see an object that is deleted now: question Q08, Q21, or Q40.
func (s *Server) goneFrom(id string) time.Time { return s.now().Add(s.goneDelay(id)) }
