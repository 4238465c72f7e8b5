package falcon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/sync/errgroup"
)

// envelopeOf returns the envelope of an operation's response, or the operation's error. Errors in a 2xx response are left to
// the caller.
func envelopeOf(ctx context.Context, r *response, err error) (*envelope, error) {
	if err != nil {
		return nil, err
	}
	return r.envelope(ctx)
}

// checkedEnvelope is like envelopeOf, and returns errors in a 2xx response as an error.
func checkedEnvelope(ctx context.Context, r *response, err error) (*envelope, error) {
	env, err := envelopeOf(ctx, r, err)
	if err != nil {
		return nil, err
	}
	if err := env.err(ctx); err != nil {
		return nil, err
	}
	return env, nil
}

// partialEnvelope is like checkedEnvelope for operations whose 404 contains all records that Falcon could find: host
// assessments, host details (wire/zero-trust.md#assessments, wire/hosts.md#details) and activities whose artifact is
// missing.
func partialEnvelope(ctx context.Context, r *response, err error) (*envelope, error) {
	if err == nil {
		env, err := r.envelope(ctx)
		if err != nil {
			return nil, err
		}
		if err := env.err(ctx); err != nil && len(env.Resources) == 0 && !allNotFound(env.Errors) {
			return nil, err
		}
		return env, nil
	}
	e, ok := asNotFound(err)
	if !ok || len(e.body) == 0 || unknownPath(e) {
		return nil, err
	}
	env, decodeErr := (&response{status: e.Status, body: e.body}).envelope(ctx)
	if decodeErr != nil {
		return nil, e
	}
	return env, nil
}

// allNotFound reports whether each of the messages is about a record that does not exist.
func allNotFound(messages []Message) bool {
	for _, m := range messages {
		if m.Code != http.StatusNotFound {
			return false
		}
	}
	return true
}

// unknownPath distinguishes the gateway's 404 for an unknown path from a service's 404 (wire/conventions.md#error-bodies).
func unknownPath(e *Error) bool {
	for _, m := range e.Messages {
		if strings.Contains(m.Message, "Page Not Found") {
			return true
		}
	}
	return len(e.Messages) == 0
}

// notFound is the error for a record that a 200 response does not contain.
func notFound(ctx context.Context, what string) error {
	return &Error{
		Doing:    callFrom(ctx).doing,
		Status:   http.StatusNotFound,
		Messages: []Message{{Code: http.StatusNotFound, Message: what + " not found"}},
	}
}

// pages reads a listing that is paged by a numeric offset. It ends when the total is reached or, where Falcon reports no
// total, at a page without new entries: a page may be shorter than requested. A listing that ends before its total is an
// error, because the missing entries would look deleted.
func pages[T any](ctx context.Context, key func(T) string, read func(offset int) (*envelope, error)) ([]T, error) {
	all, err := statedPages(ctx, key, read)
	if errors.Is(err, errUnstated) {
		return nil, nil
	}
	return all, err
}

// statedPages is like pages, but fails with errUnstated for a listing that does not say that it is empty. It is for objects
// that are known to have existed.
func statedPages[T any](ctx context.Context, key func(T) string, read func(offset int) (*envelope, error)) ([]T, error) {
	all, cut, err := walk(ctx, key, read)
	if err != nil {
		return nil, err
	}
	return all, cut
}

// errUnstated is in the error for a listing without a list and without a total. It may mean that there is nothing, because
// null lists are usual (wire/conventions.md#envelope), or something may have removed parts of the response.
var errUnstated = errors.New("the response contains neither resources nor a total, so it does not say which objects exist")

// somePages is like pages for listings whose total counts entries that they do not contain.
func somePages[T any](ctx context.Context, key func(T) string, read func(offset int) (*envelope, error)) ([]T, error) {
	all, _, err := walk(ctx, key, read)
	return all, err
}

// walk reads a listing to its end. cut is not nil when it ended before its total.
func walk[T any](ctx context.Context, key func(T) string, read func(offset int) (*envelope, error)) (all []T, cut, err error) {
	for p := newPager(key, read); !p.ended; {
		page, err := p.next(ctx)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, page...)
		cut = p.cut
	}
	return all, cut, nil
}

const (
	// maxPages limits a listing: a longer one never ends, however small its pages are.
	maxPages = 1000

	noReadableID = "an entry of the listing has no readable id"
)

// endless is the error for a listing that does not end.
func endless(ctx context.Context, env *envelope) error {
	return listingError(ctx, env, fmt.Sprintf("the listing has not ended after %d pages", maxPages))
}

// pager reads a listing page by page and skips repeated entries. Its offset is the number of entries read: an entry that is
// added in the meantime moves another one to the next page again.
type pager[T any] struct {
	key   func(T) string
	read  func(offset int) (*envelope, error)
	seen  map[string]bool
	shown int
	pages int
	ended bool
	cut   error // the listing ended before its total
}

func newPager[T any](key func(T) string, read func(offset int) (*envelope, error)) *pager[T] {
	return &pager[T]{key: key, read: read, seen: map[string]bool{}}
}

// next returns the new entries of the next page.
func (p *pager[T]) next(ctx context.Context) ([]T, error) {
	env, err := p.read(p.shown)
	if err != nil {
		return nil, err
	}
	if p.pages++; p.pages > maxPages {
		return nil, endless(ctx, env)
	}
	page, err := resources[T](ctx, env)
	if err != nil {
		return nil, err
	}
	fresh := make([]T, 0, len(page))
	for _, item := range page {
		k := p.key(item)
		if k == "" {
			return nil, listingError(ctx, env, noReadableID)
		}
		if !p.seen[k] {
			p.seen[k] = true
			fresh = append(fresh, item)
		}
	}
	p.shown += len(page)
	switch {
	case env.Total >= 0 && p.shown >= env.Total:
		p.ended = true
	case len(fresh) == 0:
		p.ended, p.cut = true, cutShort(ctx, env, p.shown)
		if p.shown == 0 && env.silent() {
			p.cut = env.unstated(ctx)
		}
	}
	return fresh, nil
}

// cutShort is the error for a listing that ended after this many entries; nil if its total is not higher.
func cutShort(ctx context.Context, env *envelope, shown int) error {
	if shown >= env.Total {
		return nil
	}
	return listingError(ctx, env, fmt.Sprintf("the listing should have %d entries, but ended after %d", env.Total, shown))
}

// asNotFound returns the *Error of a 404 that is not about the provider's own token.
func asNotFound(err error) (*Error, bool) {
	e, ok := errors.AsType[*Error](err)
	return e, ok && e.Status == http.StatusNotFound && !e.token
}

// listingError is the error for a 200 that cannot be right.
func listingError(ctx context.Context, env *envelope, problem string) error {
	return &Error{Doing: callFrom(ctx).doing, Status: http.StatusOK, TraceID: env.TraceID, Err: errors.New(problem)}
}

// parallel runs do(0) to do(n-1), at most width of them at the same time. It returns the first error, which ends the others.
func parallel(ctx context.Context, n, width int, do func(ctx context.Context, i int) error) error {
	tasks, ctx := errgroup.WithContext(ctx)
	tasks.SetLimit(width)
	for i := range n {
		tasks.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return do(ctx, i)
		})
	}
	return tasks.Wait()
}

// fql quotes a value for a filter in Falcon Query Language. The backslash comes first, so that the escape of the quote is
// not escaped again.
func fql(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}
