package falcon

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// deprecationHeader is how the names of the headers begin by which Falcon announces that an operation will go away
// (wire/conventions.md#headers).
const deprecationHeader = "X-Api-Deprecation"

// maxDeprecations bounds how many operations are reported in one run.
const maxDeprecations = 50

// Deprecation says that Falcon marked the response to a call as deprecated.
type Deprecation struct {
	// Call is the method and path, such as "GET /workflows/combined/definitions/v1".
	Call string
	// Notice is what Falcon wrote, header by header.
	Notice string
}

// notices collects deprecations until they are shown. The zero value is ready for use.
type notices struct {
	mu      sync.Mutex
	seen    map[string]bool // calls
	pending []Deprecation
}

// note reads a response's headers. Each call is reported once.
func (n *notices) note(c call, req *http.Request, h http.Header) {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(h)) {
		if strings.HasPrefix(http.CanonicalHeaderKey(name), deprecationHeader) {
			lines = append(lines, c.text(name+": "+strings.Join(h[name], ", "), maxHeaderText))
		}
	}
	if len(lines) == 0 {
		return
	}
	name := req.Method + " " + req.URL.Path
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.seen[name] || len(n.seen) == maxDeprecations {
		return
	}
	if n.seen == nil {
		n.seen = map[string]bool{}
	}
	n.seen[name] = true
	n.pending = append(n.pending, Deprecation{Call: oneLine(name, maxHeaderText), Notice: oneLine(strings.Join(lines, "; "), maxMessage)})
}

// take returns what has not been taken before, ordered by call.
func (n *notices) take() []Deprecation {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := n.pending
	n.pending = nil
	slices.SortFunc(list, func(a, b Deprecation) int { return strings.Compare(a.Call, b.Call) })
	return list
}

type watchKey struct{}

// watched is where the calls of one operation say which client made them.
type watched struct {
	mu      sync.Mutex
	notices *notices
}

// WatchDeprecations returns a context for one operation, and a function for its end. The function returns the deprecations
// that are to be shown with the operation's result: those that the client which made the operation's calls has met and
// that no other operation has shown. So each is shown once, whichever operation met it.
func WatchDeprecations(ctx context.Context) (context.Context, func() []Deprecation) {
	w := &watched{}
	return context.WithValue(ctx, watchKey{}, w), func() []Deprecation {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.notices == nil {
			return nil
		}
		return w.notices.take()
	}
}

// watch names n to the operation that a call belongs to.
func (n *notices) watch(ctx context.Context) {
	if w, ok := ctx.Value(watchKey{}).(*watched); ok {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.notices = n
	}
}
