package falconsim

import (
	"slices"
	"time"
)

// lag is what readers still see of the objects of one kind, although a write has created, changed or deleted them
// meanwhile. It implements the delays of questions Q08, Q09, Q20, Q21, Q39 and Q40. Writes never ask it: they act on the
// true state. s.mu guards it.
type lag[T any] struct {
	former map[string][]former[T] // by id, in the order of the writes
}

// former is an object as it was before a write. Readers see it until the given time; object is nil where they see nothing.
type former[T any] struct {
	object *T
	until  time.Time
}

// change is called before an object is created (object is nil) or changed: until the given time, readers see it as it is
// now. It copies the object, not what its fields refer to.
func (l *lag[T]) change(id string, object *T, until time.Time) {
	l.add(id, object, until)
}

// remove is called before an object is deleted: readers see it until the given time, and nothing afterwards, whatever
// change said before.
func (l *lag[T]) remove(id string, object *T, until time.Time) {
	list := l.former[id]
	for i := range list {
		if list[i].until.After(until) {
			list[i].until = until
		}
	}
	l.add(id, object, until)
}

func (l *lag[T]) add(id string, object *T, until time.Time) {
	if l.former == nil {
		l.former = map[string][]former[T]{}
	}
	if object != nil {
		copied := *object
		object = &copied
	}
	l.former[id] = append(l.former[id], former[T]{object, until})
}

// settle makes the true state visible at once, as a change in the console is.
func (l *lag[T]) settle(id string) { delete(l.former, id) }

// see returns what readers see of an object, nil for nothing. object is its true state, nil if it does not exist.
func (l *lag[T]) see(id string, object *T, now time.Time) *T {
	list := slices.DeleteFunc(l.former[id], func(f former[T]) bool { return !now.Before(f.until) })
	if len(list) == 0 {
		delete(l.former, id)
		return object
	}
	l.former[id] = list
	return list[0].object
}

// seeAll returns what readers see of all objects, in no order. objects is the true state by id.
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

// shownFrom is when readers see what is created or changed now: question Q09, Q20 or Q39.
func (s *Server) shownFrom(id string) time.Time { return s.now().Add(s.showDelay(id)) }

// goneFrom is when readers no longer see what is deleted now: question Q08, Q21 or Q40.
func (s *Server) goneFrom(id string) time.Time { return s.now().Add(s.goneDelay(id)) }
