package falcon

import (
	"context"
	"sync"
)

// deletions are the objects of one kind that a Client is deleting. The zero value is ready for use.
type deletions struct {
	mu    sync.Mutex
	ended map[string]chan struct{} // by id, closed when the deletion has ended
}

// begin notes a deletion and returns what is to be called when it has ended.
func (d *deletions) begin(id string) (end func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ended == nil {
		d.ended = map[string]chan struct{}{}
	}
	ended := make(chan struct{})
	d.ended[id] = ended
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.ended[id] == ended {
			delete(d.ended, id)
		}
		close(ended)
	}
}

// wait waits for the deletion of these objects. It returns false at once if one of them is not being deleted.
func (d *deletions) wait(ctx context.Context, ids []string) bool {
	d.mu.Lock()
	waits := make([]chan struct{}, 0, len(ids))
	for _, id := range ids {
		if ended := d.ended[id]; ended != nil {
			waits = append(waits, ended)
		}
	}
	d.mu.Unlock()
	if len(ids) == 0 || len(waits) < len(ids) {
		return false
	}
	for _, ended := range waits {
		select {
		case <-ended:
		case <-ctx.Done():
			return false
		}
	}
	return true
}
