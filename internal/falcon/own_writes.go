package falcon

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// readAfterWriteTime is how long a read is repeated that does not show this Client's own write yet. Public findings saw
	// reads follow immediately (wire/workflows.md#listing), so this is a precaution: a stale read must not be stored as the
	// current state, nor count as a deletion.
	readAfterWriteTime = 10 * time.Second
	// The waits between two reads grow from firstReadWait to lastReadWait.
	firstReadWait = 100 * time.Millisecond
	lastReadWait  = 2 * time.Second
)

// readUntil reads until the result shows this Client's own write: a create, a change, or a delete. It repeats the read
// for at most readAfterWriteTime on the Client's clock and returns the last result, and whether it shows the write,
// which is what read reports. The 404 of an object that is not shown yet is not an error of read. An error of read and
// the end of ctx end it at once.
//
//	w, shown, err := readUntil(ctx, c.clock, func(ctx context.Context) (*Workflow, bool, error) {
//		w, err := c.readWorkflow(ctx, id)
//		if IsNotFound(err) {
//			return nil, false, nil
//		}
//		return w, err == nil && w.Version > before, err
//	})
func readUntil[T any](ctx context.Context, clk clock, read func(ctx context.Context) (value T, shown bool, err error)) (value T, shown bool, err error) {
	end := clk.now().Add(readAfterWriteTime)
	for wait := firstReadWait; ; wait = min(2*wait, lastReadWait) {
		value, shown, err = read(ctx)
		left := end.Sub(clk.now())
		if err != nil || shown || left <= 0 {
			return value, shown, err
		}
		if err := clk.sleep(ctx, min(wait, left)); err != nil {
			return value, false, err
		}
	}
}

// deletions are the objects of one kind that a Client is deleting. A create waits for the deletion of the object that has
// its name: Terraform deletes and creates at the same time when a resource gets another address. The zero value is ready
// for use.
type deletions struct {
	mu    sync.Mutex
	ended map[string]chan struct{} // by id, closed when the deletion has ended
}

// begin records a deletion and returns the function to call when it has ended.
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

// wait waits until the deletion of all these objects has ended. It returns false at once if one of them is not being
// deleted.
func (d *deletions) wait(ctx context.Context, ids []string) (ended bool, err error) {
	d.mu.Lock()
	waits := make([]chan struct{}, 0, len(ids))
	for _, id := range ids {
		if ended := d.ended[id]; ended != nil {
			waits = append(waits, ended)
		}
	}
	d.mu.Unlock()
	if len(ids) == 0 || len(waits) < len(ids) {
		return false, nil
	}
	for _, ended := range waits {
		select {
		case <-ended:
		case <-ctx.Done():
			return false, &Error{
				Doing: callFrom(ctx).doing,
				Err:   fmt.Errorf("stopped while waiting for the deletion of the object that has this name: %w", context.Cause(ctx)),
			}
		}
	}
	return true, nil
}

// newNames are the names of the API clients that one Client creates, with the ids of the created ones. The zero value is
// ready for use.
type newNames struct {
	mu  sync.Mutex
	ids map[string]string // "" while the client is being created
}

// claim reserves a name for a create, or returns a *DuplicateNameError.
func (n *newNames) claim(name string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if id, taken := n.ids[name]; taken {
		return &DuplicateNameError{Kind: kindAPIClient, Name: name, ID: id}
	}
	if n.ids == nil {
		n.ids = map[string]string{}
	}
	n.ids[name] = ""
	return nil
}

// created is called when a create has ended; client is nil after a failure, which releases the name.
func (n *newNames) created(name string, client *APIClient) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if client == nil {
		delete(n.ids, name)
		return
	}
	n.ids[name] = client.ID
}

// forget releases the name of a client that was deleted or renamed.
func (n *newNames) forget(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for name, held := range n.ids {
		if held == id {
			delete(n.ids, name)
		}
	}
}
