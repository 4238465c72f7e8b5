package falcon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/sync/errgroup"
)

// envelopeOf gives the frame of a call's answer, or the call's error. Errors inside a 2xx answer are left to the caller.
func envelopeOf(ctx context.Context, a *answer, err error) (*envelope, error) {
	if err != nil {
		return nil, err
	}
	return a.envelope(ctx)
}

// checkedEnvelope is like envelopeOf; errors inside a 2xx answer are errors.
func checkedEnvelope(ctx context.Context, a *answer, err error) (*envelope, error) {
	env, err := envelopeOf(ctx, a, err)
	if err != nil {
		return nil, err
	}
	if err := env.err(ctx); err != nil {
		return nil, err
	}
	return env, nil
}

// partialEnvelope is like checkedEnvelope for calls that answer 404 together with every record that they could find:
// host assessments, host details (wire/zero-trust.md#assessments, wire/hosts.md#details) and activities whose artefact
// is missing.
func partialEnvelope(ctx context.Context, a *answer, err error) (*envelope, error) {
	if err == nil {
		env, err := a.envelope(ctx)
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
	env, decodeErr := (&answer{status: e.Status, body: e.body}).envelope(ctx)
	if decodeErr != nil {
		return nil, e
	}
	return env, nil
}

// allNotFound says that each of the messages is about a record that does not exist.
func allNotFound(messages []Message) bool {
	for _, m := range messages {
		if m.Code != http.StatusNotFound {
			return false
		}
	}
	return true
}

// unknownPath tells the gateway's 404 for a path that it does not know from a service's 404
// (wire/conventions.md#error-bodies).
func unknownPath(e *Error) bool {
	for _, m := range e.Messages {
		if strings.Contains(m.Message, "Page Not Found") {
			return true
		}
	}
	return len(e.Messages) == 0
}

// notFound is the error for a record that Falcon's answer, though 200, does not hold.
func notFound(ctx context.Context, what string) error {
	return &Error{
		Doing:    callFrom(ctx).doing,
		Status:   http.StatusNotFound,
		Messages: []Message{{Code: http.StatusNotFound, Message: what + " not found"}},
	}
}

// pages reads a listing that is paged by a numeric offset. It ends when the listing's total is reached, or, where
// Falcon names no total, at a page that brings nothing new: a page may be shorter than what was asked for. A listing
// that ends before its total is an error, for whatever is missing would look deleted.
func pages[T any](ctx context.Context, key func(T) string, read func(offset int) (*envelope, error)) ([]T, error) {
	all, err := statedPages(ctx, key, read)
	if errors.Is(err, errUnstated) {
		return nil, nil
	}
	return all, err
}

// statedPages is like pages, but takes no listing for empty that does not say so: the error is then errUnstated. It is
// for looking up what is known to have existed.
func statedPages[T any](ctx context.Context, key func(T) string, read func(offset int) (*envelope, error)) ([]T, error) {
	all, cut, err := walk(ctx, key, read)
	if err != nil {
		return nil, err
	}
	return all, cut
}

// errUnstated is in the error for a listing without a list and without a total. It may be how Falcon shows that there is
// nothing, for wire/conventions.md#envelope calls null lists usual, or what is left of an answer that something cut
// down.
var errUnstated = errors.New("the answer holds neither a list nor a count of it, so what exists can't be told from it")

// somePages is like pages for listings that count entries which they do not show.
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
	// maxPages bounds a listing: one that goes on longer never ends, however small its pages are.
	maxPages = 1000

	noReadableID = "an entry of the listing has no readable id"
)

// endless is the error for a listing that goes on and on.
func endless(ctx context.Context, env *envelope) error {
	return listingError(ctx, env, fmt.Sprintf("the listing has not ended after %d pages", maxPages))
}

// pager reads a listing a page at a time and drops repeated entries. It goes by what was shown, for an entry that is
// added meanwhile moves another one into the next page again.
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

// next gives what the next page has of new entries.
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

// cutShort is the error for a listing that ended after the entries shown; nil if it named no higher total.
func cutShort(ctx context.Context, env *envelope, shown int) error {
	if shown >= env.Total {
		return nil
	}
	return listingError(ctx, env, fmt.Sprintf("the listing should have %d entries, but ended after %d", env.Total, shown))
}

// asNotFound gives the *Error of a 404 that is not about the provider's own token.
func asNotFound(err error) (*Error, bool) {
	e, ok := errors.AsType[*Error](err)
	return e, ok && e.Status == http.StatusNotFound && !e.token
}

// listingError is the error for a 200 that can't be what Falcon has.
func listingError(ctx context.Context, env *envelope, problem string) error {
	return &Error{Doing: callFrom(ctx).doing, Status: http.StatusOK, TraceID: env.TraceID, Err: errors.New(problem)}
}

// parallel runs do(0) to do(n-1), at most width of them at once, and gives the first error, which ends the others.
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

// fql quotes a value for a filter in Falcon's query language. A backslash comes first, for the escape of the quote
// must not be escaped again.
func fql(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}
