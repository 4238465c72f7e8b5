package webhook

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// handOverTime limits how long an adoption waits for the deletion of the same configuration by another resource, such
// as one that was renamed. Terraform runs the two at the same time, and only the deletion knows who created the
// configuration.
const handOverTime = time.Second

// holder is a falcon_webhook in one run of Terraform. Terraform does not pass the addresses of resources to providers,
// so messages name it by its arguments.
type holder struct {
	instance  string // from private state; "" for one that is to be created
	name, url string
	created   bool // created_by_terraform
}

func (h holder) String() string {
	return fmt.Sprintf("the falcon_webhook with name = %q and url = %q", h.name, h.url)
}

// registry knows which configurations the resources of this run have, adopt and delete. It detects two resources for
// one configuration, and keeps a renamed or replaced resource from deleting the configuration that its successor
// adopted.
//
// Terraform starts a provider process for each phase of a run, so what it learns in the plan it does not know in the
// apply.
type registry struct {
	mu      sync.Mutex
	configs map[string]*configUse // by id in lowercase
	creates []plannedCreate
	gone    map[string]bool // names of the configurations that a refresh of this run did not find in Falcon
}

// registry returns the registry that all falcon_webhook resources of a configured provider share. [core.Shared] holds it, so
// that core does not have to know this package.
func (r *managedResource) registry() *registry { return core.Shared[registry](r.ProviderData) }

type plannedCreate struct {
	holder
	id string // of the configuration to adopt; "" for one that does not exist
}

// configUse is what happens to one configuration.
type configUse struct {
	holders  map[string]planned // resources in the state that have it, by instance
	owner    *holder            // the resource that created or adopted it in this run
	handOver chan struct{}      // closed when owner.created is known; nil if the owner does not wait for it
	deletion deletion
}

// planned is a resource in the state and what its plan does, as far as it is known.
type planned struct {
	holder
	outcome plannedOutcome
}

type plannedOutcome int

const (
	notPlanned plannedOutcome = iota
	keeps                     // stays as it is or is updated
	releases                  // is destroyed or replaced
)

func (r *registry) use(id string) *configUse {
	id = strings.ToLower(id)
	if r.configs == nil {
		r.configs = map[string]*configUse{}
	}
	if r.configs[id] == nil {
		r.configs[id] = &configUse{holders: map[string]planned{}}
	}
	return r.configs[id]
}

// other returns another resource in the state with one of these outcomes.
func (u *configUse) other(h holder, outcomes ...plannedOutcome) *holder {
	for instance, p := range u.holders {
		if instance != h.instance && slices.Contains(outcomes, p.outcome) {
			return &p.holder
		}
	}
	return nil
}

// otherOwner returns another resource that created or adopted the configuration in this run.
func (u *configUse) otherOwner(h holder) *holder {
	if u.owner != nil && u.owner.instance != h.instance {
		return u.owner
	}
	return nil
}

// read records that a resource in the state has this configuration.
func (r *registry) read(id string, h holder) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.use(id).holders[h.instance] = planned{holder: h}
}

// foundGone records that a resource in the state has a configuration that is gone.
func (r *registry) foundGone(h holder) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gone == nil {
		r.gone = map[string]bool{}
	}
	r.gone[h.name] = true
}

// isGone reports whether a create is that of a configuration that this run found gone. Terraform plans such a create like
// any other, so only the name connects the two.
func (r *registry) isGone(h holder) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.gone[h.name]
}

// keep records the plan of a resource that stays. Another resource that has the configuration, or adopts or deletes it
// in this run, is returned.
func (r *registry) keep(id string, h holder) *holder {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.use(id)
	u.holders[h.instance] = planned{h, keeps}
	if other := u.other(h, keeps, releases); other != nil {
		return other
	}
	if other := u.otherOwner(h); other != nil {
		return other
	}
	for _, c := range r.creates {
		if strings.EqualFold(c.id, id) {
			return &c.holder
		}
	}
	return nil
}

// release records the plan of a resource that is destroyed or replaced. Another resource that keeps the configuration
// is returned.
func (r *registry) release(id string, h holder) *holder {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.use(id)
	u.holders[h.instance] = planned{h, releases}
	return u.other(h, keeps)
}

// create records the plan of a resource that is created, or adopts the configuration with this id. Another resource
// that will have the same configuration is returned. Two with one name are possible only if both adopt existing
// configurations.
func (r *registry) create(id string, h holder) *holder {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.creates {
		if id != "" && strings.EqualFold(c.id, id) || c.name == h.name && (id == "" || c.id == "") {
			return &c.holder
		}
	}
	if id != "" {
		if other := r.use(id).other(h, keeps); other != nil {
			return other
		}
	}
	r.creates = append(r.creates, plannedCreate{h, id})
	return nil
}

// inState reports whether a resource in the state has this configuration, as far as this run has seen.
func (r *registry) inState(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.use(id).holders) > 0
}

// deletionOf returns the outcome of the deletion of a configuration. If it succeeded, a list that shows the configuration
// is out of date.
func (r *registry) deletionOf(id string) deletionOutcome {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.use(id).deletion.outcome
}

// awaitDeletions waits until no deletion of a configuration with this id or name is under way.
func (r *registry) awaitDeletions(ctx context.Context, id, name string) error {
	for {
		ended := r.deletionUnderWay(id, name)
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

func (r *registry) deletionUnderWay(id, name string) <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	for key, u := range r.configs {
		if u.deletion.outcome == underWay && (strings.EqualFold(key, id) || u.deletion.by.name == name) {
			return u.deletion.ended
		}
	}
	return nil
}

// adoption is the outcome of an attempt to adopt a configuration.
type adoption struct {
	again     bool    // it is being deleted, or was: look again
	other     *holder // another resource has it
	undeleted *holder // another resource was to delete it and failed
	created   bool    // Terraform had created it
}

// adopt makes a resource the owner of an existing configuration, unless another one has it or deletes it. It waits
// a moment for the resource that had it before, which knows whether Terraform created it.
func (r *registry) adopt(ctx context.Context, id string, h holder) adoption {
	a, handOver := r.own(id, h)
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
	a.created = u.owner.created
	return a
}

func (r *registry) own(id string, h holder) (a adoption, handOver <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.use(id)
	switch u.deletion.outcome {
	case underWay, succeeded:
		return adoption{again: true}, nil
	case failed:
		return adoption{undeleted: &u.deletion.by}, nil
	}
	if other := u.otherOwner(h); other != nil {
		return adoption{other: other}, nil
	}
	h.created = u.deletion.outcome == refused && u.deletion.by.created
	u.owner = &h
	r.creates = slices.DeleteFunc(r.creates, func(c plannedCreate) bool { return strings.EqualFold(c.id, id) })
	if h.created {
		return adoption{created: true}, nil
	}
	u.handOver = make(chan struct{})
	return adoption{}, u.handOver
}

// created records that a resource created a configuration.
func (r *registry) created(id string, h holder) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.use(id).owner = &h
}

// deletion is that of a configuration by the resource that has it in the state.
type deletion struct {
	by      holder
	outcome deletionOutcome
	ended   chan struct{} // closed when the outcome is known
}

type deletionOutcome int

const (
	notDeleted deletionOutcome = iota
	underWay
	succeeded // the configuration is gone
	refused   // it leaves the state, but not Falcon
	failed    // it stays in the state, too
)

// beginDelete begins a deletion, which the caller ends with [registry.endDelete]. If another resource has adopted the
// configuration, that is returned instead and the configuration has to stay; handedOver says that the other resource
// knows whether Terraform created it.
func (r *registry) beginDelete(id string, h holder) (heir *holder, handedOver bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.use(id)
	if heir := u.otherOwner(h); heir != nil {
		if u.handOver != nil {
			heir.created = h.created
			close(u.handOver)
			u.handOver = nil
		}
		return heir, heir.created == h.created
	}
	u.deletion = deletion{by: h, outcome: underWay, ended: make(chan struct{})}
	return nil, false
}

func (r *registry) endDelete(id string, outcome deletionOutcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.use(id)
	u.deletion.outcome = outcome
	close(u.deletion.ended)
}
