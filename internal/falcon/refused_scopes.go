package falcon

import (
	"slices"
	"sync"
)

// refusedScopes are the scopes for lack of which Falcon has refused requests of a [Client]. Falcon does not show the scopes
// of an API client to itself, so nothing else is known of those that it lacks.
type refusedScopes struct {
	mu  sync.Mutex
	ids []string
}

// note records the scope whose lack is the cause of e, and adds those that were refused before to e, so that all can be
// granted at once.
func (r *refusedScopes) note(e *Error) {
	if e.MissingScope == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	// The provider asks for the CID of every tenant and works without it.
	if e.MissingScope != scopeInstallers && !slices.Contains(r.ids, e.MissingScope) {
		r.ids = append(r.ids, e.MissingScope)
		slices.Sort(r.ids)
	}
	e.alsoRefused = slices.DeleteFunc(slices.Clone(r.ids), func(id string) bool { return id == e.MissingScope })
}
