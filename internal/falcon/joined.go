package falcon

import "context"

// joined fetches a value once for all callers that ask for it at the same time, and keeps it after a success.
// The zero value is ready for use.
type joined[T any] struct{}

// get returns the kept value or fetches it. fetch gets a context that ends when all waiting callers are gone.
func (j *joined[T]) get(ctx context.Context, fetch func(ctx context.Context) (T, error)) (T, error) {
	return fetch(ctx)
}
