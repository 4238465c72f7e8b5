package falcon

import (
	"context"
	"fmt"
	"sync"
)

// sharedFetch lets callers that need the same thing at the same time share one fetch. The zero value is ready for use.
// golang.org/x/sync/singleflight is not enough: here a waiting caller stops when its own context ends, the fetch is canceled
// when the last waiting caller has stopped, and a caller that stops can say why the fetch has not succeeded yet.
type sharedFetch[T any] struct {
	mu  sync.Mutex
	now *fetchInProgress[T]
}

type fetchInProgress[T any] struct {
	done    chan struct{}
	value   T
	err     error
	waiting int
	cancel  context.CancelCauseFunc
	trace   failureTrace
}

// do joins the fetch in progress, or starts one. fetch gets the values of the first caller's context but not its end: it is
// canceled when no caller waits for it any more, so one caller's cancellation does not affect another.
func (f *sharedFetch[T]) do(ctx context.Context, fetch func(ctx context.Context) (T, error)) (T, error) {
	f.mu.Lock()
	cur := f.now
	if cur == nil {
		fetchCtx, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
		cur = &fetchInProgress[T]{done: make(chan struct{}), cancel: cancel}
		fetchCtx = cur.trace.within(fetchCtx)
		f.now = cur
		go func() {
			defer cancel(nil)
			cur.value, cur.err = fetch(fetchCtx)
			f.leave(cur)
			close(cur.done)
		}()
	}
	cur.waiting++
	f.mu.Unlock()
	outer := failureTraceOf(ctx)
	outer.waitFor(&cur.trace)
	defer outer.waitFor(nil)

	select {
	case <-cur.done:
		return cur.value, cur.err
	case <-ctx.Done():
		f.mu.Lock()
		cur.waiting--
		last := cur.waiting == 0
		f.mu.Unlock()
		if last {
			f.leave(cur)
			cur.cancel(context.Cause(ctx))
		}
		var none T
		return none, cur.trace.stopped(context.Cause(ctx))
	}
}

// detach makes the next caller start its own fetch. Callers that have joined the one in progress keep it.
func (f *sharedFetch[T]) detach() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = nil
}

// leave is detach for a fetch that has ended.
func (f *sharedFetch[T]) leave(cur *fetchInProgress[T]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.now == cur {
		f.now = nil
	}
}

// fetchedOnce fetches a value once for all callers that need it at the same time, and keeps it after a success. The zero
// value is ready for use.
type fetchedOnce[T any] struct {
	mu     sync.Mutex
	kept   *T
	flight sharedFetch[T]
}

// get returns the kept value or fetches it. fetch gets a context that ends when no caller waits any more.
func (j *fetchedOnce[T]) get(ctx context.Context, fetch func(ctx context.Context) (T, error)) (T, error) {
	if v := j.current(); v != nil {
		return *v, nil
	}
	return j.flight.do(ctx, func(ctx context.Context) (T, error) {
		// Another fetch may have ended since the check above.
		if v := j.current(); v != nil {
			return *v, nil
		}
		value, err := fetch(ctx)
		if err == nil {
			j.mu.Lock()
			j.kept = &value
			j.mu.Unlock()
		}
		return value, err
	})
}

func (j *fetchedOnce[T]) current() *T {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.kept
}

// failureTrace holds why the requests of a fetch have not succeeded yet, for callers that stop waiting for it.
type failureTrace struct {
	mu    sync.Mutex
	last  *Error
	inner *failureTrace // of the fetch that this one waits for, such as the one of the access token
}

type failureTraceKey struct{}

// within returns a context whose requests report here.
func (t *failureTrace) within(ctx context.Context) context.Context {
	return context.WithValue(ctx, failureTraceKey{}, t)
}

func failureTraceOf(ctx context.Context) *failureTrace {
	t, _ := ctx.Value(failureTraceKey{}).(*failureTrace)
	return t
}

// note keeps the outcome of an attempt; nil is a success.
func (t *failureTrace) note(failure *Error) {
	if t == nil {
		return
	}
	if failure != nil {
		failure = new(*failure) // its request continues to change it
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = failure
}

func (t *failureTrace) waitFor(inner *failureTrace) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.inner = inner
}

func (t *failureTrace) known() *Error {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	last, inner := t.last, t.inner
	t.mu.Unlock()
	if last != nil {
		return last
	}
	return inner.known()
}

// stopped is the error for a caller that stops waiting for this cause.
func (t *failureTrace) stopped(cause error) error {
	last := t.known()
	if last == nil {
		return cause
	}
	out := *last
	out.Err = fmt.Errorf("stopped while waiting to try again: %w", cause)
	return &out
}
