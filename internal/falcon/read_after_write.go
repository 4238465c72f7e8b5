package falcon

import (
	"context"
	"time"
)

const (
	// readAfterWriteTime is for how long a read is repeated that does not show this Client's own write yet. Public
	// findings saw reads follow at once (wire/workflows.md#listing), so this is a precaution: a stale read must neither
	// be stored as what Falcon has nor count as a deletion.
	readAfterWriteTime = 10 * time.Second
	// The waits between two reads grow from firstReadWait to lastReadWait.
	firstReadWait = 100 * time.Millisecond
	lastReadWait  = 2 * time.Second
)

// readUntil reads until the result shows this Client's own write: a create, a change, or a delete. It repeats the read
// for at most readAfterWriteTime on the Client's clock and returns the last result, and whether it shows the write.
// read reports that for what it read; the 404 of an object that is not shown yet is not an error of read. An error of
// read and the end of ctx end it at once.
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
