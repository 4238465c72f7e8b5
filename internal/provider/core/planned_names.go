package core

import "sync"

// PlannedNames are the names of the objects of one type that are being planned at the moment. Names are unique in a tenant
// (wire/workflows.md#names, wire/api-clients.md#operations), but Falcon compares a planned name only with those that exist. An
// entity embeds it in a type of its own for [Shared].
//
// Nothing is remembered after a plan: Terraform does not pass addresses to providers, and plans one resource several times,
// in one process too (a replacement; plan and apply of a run of terraform test). These plans follow each other. So only two
// plans at the same time are certain to be those of two resources.
type PlannedNames struct {
	mu    sync.Mutex
	plans map[string]int // by name
}

// Begin records a plan until end is called. It returns whether another object is being planned with the name.
func (p *PlannedNames) Begin(name string) (taken bool, end func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.plans == nil {
		p.plans = map[string]int{}
	}
	p.plans[name]++
	return p.plans[name] > 1, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.plans[name]--
	}
}
