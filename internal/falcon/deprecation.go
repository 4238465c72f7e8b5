package falcon

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// deprecationHeader is the prefix of the headers in which Falcon announces the removal of an operation
// (wire/conventions.md#headers).
const deprecationHeader = "X-Api-Deprecation"

// maxDeprecations limits how many operations are reported per run.
const maxDeprecations = 50

// Deprecation says that Falcon marked an operation as deprecated.
type Deprecation struct {
	// Call is the method and path, such as "GET /workflows/combined/definitions/v1".
	Call string
	// Notice is Falcon's text, header by header.
	Notice string
}

// notices collects deprecations until they are reported. The zero value is ready for use.
type notices struct {
	mu      sync.Mutex
	seen    map[string]bool // operations
	pending []Deprecation
}

// note reads the headers of a response. Each operation is reported once.
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

// take returns the deprecations that were not returned before, ordered by operation.
func (n *notices) take() []Deprecation {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := n.pending
	n.pending = nil
	slices.SortFunc(list, func(a, b Deprecation) int { return strings.Compare(a.Call, b.Call) })
	return list
}

type watchKey struct{}

// watched records which client the requests of one operation used.
type watched struct {
	mu      sync.Mutex
	notices *notices
}

// WatchDeprecations returns a context for one operation, and a function for its end. The function returns the deprecations
// to report with the operation's result: those found by the client that sent the operation's requests, unless another
// operation has already reported them. So each is reported once, whichever operation found it.
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

// watch connects n with the operation that a request belongs to.
func (n *notices) watch(ctx context.Context) {
	if w, ok := ctx.Value(watchKey{}).(*watched); ok {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.notices = n
	}
}
