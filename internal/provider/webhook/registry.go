package webhook

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
)

// handOverTime is for how long an adoption waits for the deletion of the same configuration by another resource, such
// as one that was renamed: Terraform runs the two side by side, and the deletion says who created the configuration.
const handOverTime = time.Second

// webhookHolder is a falcon_webhook as seen in one run of Terraform. Terraform does not tell providers the addresses of
// resources, so messages name it by what is in its configuration.
type webhookHolder struct {
	instance  string // from private state; "" for one that is to be created
	name, url string
	created   bool // created_by_terraform
}

func (h webhookHolder) String() string {
	return fmt.Sprintf("the falcon_webhook with name = %q and url = %q", h.name, h.url)
}

// webhookRegistry knows what this run of Terraform does with each webhook configuration: which ids resources hold, adopt
// and delete. Terraform starts a provider process for each provider block and each phase of a run, so the registry
// belongs to one Configure. What it learns in a plan, it does not know in the apply.
type webhookRegistry struct {
	mu      sync.Mutex
	uses    map[string]*webhookUse     // by id in lower case
	planned map[string][]plannedCreate // by name
}

// webhookUse is what happens to one configuration.
type webhookUse struct {
	inState   map[string]webhookHolder // read or planned in this run, by instance
	kept      map[string]webhookHolder // planned to stay
	released  map[string]webhookHolder // planned to be deleted or replaced
	planned   *webhookHolder           // a create whose plan adopts it
	taken     *webhookHolder           // a create that adopted it or made it
	handOver  chan struct{}            // closed when taken.created has been handed over; nil if no one waits for it
	deleting  chan struct{}            // closed when the deletion under way has ended; nil if there is none
	gone      bool                     // deleted in this run
	undeleted *webhookHolder           // a resource that could not delete it, and is in the state still
	forfeited bool                     // a resource that had created it left the state and could not delete it
}

type plannedCreate struct {
	webhookHolder
	configID string
}

func (r *webhookRegistry) use(id string) *webhookUse {
	id = strings.ToLower(id)
	if r.uses == nil {
		r.uses = map[string]*webhookUse{}
	}
	if r.uses[id] == nil {
		r.uses[id] = &webhookUse{inState: map[string]webhookHolder{}, kept: map[string]webhookHolder{}, released: map[string]webhookHolder{}}
	}
	return r.uses[id]
}

// read notes that a resource in the state has this id.
func (r *webhookRegistry) read(id string, h webhookHolder) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.use(id).inState[h.instance] = h
}

// keep notes that a resource in the state stays as it is or is updated. Another resource that has the configuration, or
// gets it or deletes it in this run, is returned.
func (r *webhookRegistry) keep(id string, h webhookHolder) (other *webhookHolder) {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.use(id)
	u.inState[h.instance], u.kept[h.instance] = h, h
	delete(u.released, h.instance)
	if other := rival(u.kept, h.instance); other != nil {
		return other
	}
	if other := rival(u.released, h.instance); other != nil {
		return other
	}
	if u.taken != nil && u.taken.instance != h.instance {
		return u.taken
	}
	return u.planned
}

// release notes that a resource in the state is to be deleted, or replaced. Another resource that keeps the
// configuration is returned: it would lose it.
func (r *webhookRegistry) release(id string, h webhookHolder) (other *webhookHolder) {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.use(id)
	u.inState[h.instance], u.released[h.instance] = h, h
	delete(u.kept, h.instance)
	return rival(u.kept, h.instance)
}

// inState reports whether a resource in the state has this id, as far as this run has seen.
func (r *webhookRegistry) inState(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.use(id).inState) > 0
}

func rival(holders map[string]webhookHolder, instance string) *webhookHolder {
	for key, h := range holders {
		if key != instance {
			return &h
		}
	}
	return nil
}

// planCreate notes that a configuration of this name is to be created or adopted. Another resource of the run that is to
// have it, too, is returned. Two of one name are possible only where both pick an existing configuration by its id.
func (r *webhookRegistry) planCreate(h webhookHolder, configID string) (other *webhookHolder) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.planned == nil {
		r.planned = map[string][]plannedCreate{}
	}
	for _, p := range r.planned[h.name] {
		if configID == "" || p.configID == "" || p.configID == configID {
			return &p.webhookHolder
		}
	}
	r.planned[h.name] = append(r.planned[h.name], plannedCreate{h, configID})
	return nil
}

// planAdopt notes that a planned create found a configuration. Another resource that has it or adopts it is returned,
// and whether the state has the configuration: the resource may be the one that is replaced, or renamed.
func (r *webhookRegistry) planAdopt(id string, h webhookHolder) (other *webhookHolder, inState bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.use(id)
	if u.planned != nil {
		return u.planned, false
	}
	if other := rival(u.kept, h.instance); other != nil {
		return other, true
	}
	u.planned = &h
	return nil, len(u.inState) > 0
}

// awaitDeletions waits until no deletion of a configuration of this name is under way.
func (r *webhookRegistry) awaitDeletions(ctx context.Context, name string) error {
	for {
		ended := r.deletionOf(name)
		if ended == nil {
			return nil
		}
		select {
		case <-ended:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func (r *webhookRegistry) deletionOf(name string) <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, u := range r.uses {
		for _, h := range u.inState {
			if u.deleting != nil && h.name == name {
				return u.deleting
			}
		}
	}
	return nil
}

// deletionUnderWay is closed when the deletion of a configuration has ended; nil if there is none.
func (r *webhookRegistry) deletionUnderWay(id string) <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.use(id).deleting
}

// isGone reports whether this run has deleted a configuration: a list that shows it is an old one.
func (r *webhookRegistry) isGone(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.use(id).gone
}

// adoption is the outcome of an attempt to adopt a configuration.
type adoption struct {
	other     *webhookHolder  // another resource has it
	undeleted *webhookHolder  // another resource is to delete it and could not
	ended     <-chan struct{} // it is being deleted: look again when that has ended
	created   bool            // Terraform had created it; the resource that had it before hands that over
}

// adopt takes a configuration that exists for a resource, unless another one has it or is deleting it. It waits a moment
// for the deletion by the resource that had it before.
func (r *webhookRegistry) adopt(ctx context.Context, id string, h webhookHolder) adoption {
	a, handOver := r.take(id, h)
	if handOver == nil {
		return a
	}
	timer := time.NewTimer(handOverTime)
	defer timer.Stop()
	select {
	case <-handOver:
	case <-timer.C:
	case <-ctx.Done():
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.use(id)
	u.handOver = nil
	a.created = u.taken.created
	return a
}

func (r *webhookRegistry) take(id string, h webhookHolder) (a adoption, handOver <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.use(id)
	switch {
	case u.deleting != nil:
		return adoption{ended: u.deleting}, nil
	case u.gone:
		ended := make(chan struct{})
		close(ended)
		return adoption{ended: ended}, nil
	case u.undeleted != nil:
		return adoption{undeleted: u.undeleted}, nil
	case u.taken != nil:
		return adoption{other: u.taken}, nil
	}
	if other := rival(u.kept, h.instance); other != nil {
		return adoption{other: other}, nil
	}
	h.created = u.forfeited
	u.taken, u.planned = &h, nil
	if h.created {
		return adoption{created: true}, nil
	}
	u.handOver = make(chan struct{})
	return adoption{}, u.handOver
}

// made notes that a resource created a configuration.
func (r *webhookRegistry) made(id string, h webhookHolder) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.use(id).taken = &h
}

// deletion is what a resource may do to the configuration that it is to delete.
type deletion struct {
	heir   *webhookHolder        // another resource has it now: it must stay
	handed bool                  // the heir knows whether Terraform created it
	ended  func(deletionOutcome) // to be called when the deletion has ended; nil if there is an heir
}

type deletionOutcome int

const (
	configGone  deletionOutcome = iota
	configStays                 // it leaves the state, but not Falcon
	deleteFails                 // it stays in the state, too
)

// beginDelete decides whether a configuration may be deleted.
func (r *webhookRegistry) beginDelete(id string, h webhookHolder) deletion {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.use(id)
	u.inState[h.instance] = h
	if u.taken != nil && u.taken.instance != h.instance {
		if u.handOver != nil {
			u.taken.created = h.created
			close(u.handOver)
			u.handOver = nil
		}
		return deletion{heir: u.taken, handed: u.taken.created == h.created}
	}
	if other := rival(u.kept, h.instance); other != nil {
		return deletion{heir: other, handed: other.created || !h.created}
	}
	deleting := make(chan struct{})
	u.deleting = deleting
	return deletion{ended: func(outcome deletionOutcome) {
		r.mu.Lock()
		defer r.mu.Unlock()
		u.deleting, u.gone, u.forfeited = nil, outcome == configGone, outcome == configStays && h.created
		if outcome == deleteFails {
			u.undeleted = &h
		}
		close(deleting)
	}}
}
