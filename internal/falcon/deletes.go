package falcon

import (
	"context"
	"sync"
)

// deletes are the deletes of one kind of object that this Client has under way. A create waits for that of an object with
// its name: Terraform deletes and creates at the same time when an object got another address. The zero value is ready
// for use.
type deletes struct {
	mu       sync.Mutex
	underWay map[string]chan struct{}
}

// begin notes that an object is being deleted and returns what is to be called when that has ended.
func (d *deletes) begin(id string) (ended func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.underWay == nil {
		d.underWay = map[string]chan struct{}{}
	}
	done := make(chan struct{})
	d.underWay[id] = done
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.underWay[id] == done {
			delete(d.underWay, id)
		}
		close(done)
	}
}

// wait waits until none of the objects is being deleted, or ctx ends, and reports whether one was.
func (d *deletes) wait(ctx context.Context, ids []string) (waited bool) {
	for _, id := range ids {
		d.mu.Lock()
		done, ok := d.underWay[id]
		d.mu.Unlock()
		if !ok {
			continue
		}
		waited = true
		select {
		case <-done:
		case <-ctx.Done():
			return waited
		}
	}
	return waited
}
