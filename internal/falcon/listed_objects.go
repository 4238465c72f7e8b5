package falcon

import (
	"context"
	"fmt"
	"net/http"
	"slices"
)

// listedObjects is a kind of object that Falcon lists by id and shows by other requests.
type listedObjects[T any] struct {
	kind string // "API client"
	ids  func(ctx context.Context) ([]looseString, error)
	read func(ctx context.Context, ids []looseString) ([]T, error)
	id   func(T) string
}

// all reads all objects. It never returns less than there is: those that are listed but not in the response are read again,
// unless they were deleted in the meantime.
func (l listedObjects[T]) all(ctx context.Context) ([]T, error) {
	ids, err := l.ids(ctx)
	if err != nil {
		return nil, err
	}
	found, err := l.read(ctx, ids)
	if err != nil {
		return nil, err
	}
	left := l.without(ids, found)
	if len(left) == 0 {
		return found, nil
	}
	listed, err := l.ids(ctx)
	if err != nil {
		return nil, err
	}
	left = slices.DeleteFunc(left, func(id looseString) bool { return !slices.Contains(listed, id) })
	more, err := l.read(ctx, left)
	if err != nil {
		return nil, err
	}
	if left = l.without(left, more); len(left) > 0 {
		return nil, &Error{
			Doing: callFrom(ctx).doing, Status: http.StatusOK,
			Err: fmt.Errorf("the response lacks the %s %s, which is in the listing", l.kind, oneLine(string(left[0]), maxHeaderText)),
		}
	}
	return append(found, more...), nil
}

// without returns the ids of which no object was found.
func (l listedObjects[T]) without(ids []looseString, found []T) []looseString {
	read := make(map[string]bool, len(found))
	for _, object := range found {
		read[l.id(object)] = true
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id looseString) bool { return read[string(id)] })
}
