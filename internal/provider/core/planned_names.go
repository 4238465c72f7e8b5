package core

import "sync"

// PlannedNames are the names that the objects of one type will have after the apply of a run. Names are unique in a tenant
// (wire/workflows.md#names), but Falcon compares a planned name only with those that exist. An entity embeds it in a type of its
// own for [Shared].
type PlannedNames struct {
	mu      sync.Mutex
	kept    map[string]string // by id: the names of objects that stay
	created map[string]bool   // by name: objects that are created; the value is true for the create of a replacement
}

// Keep records the plan of an object that stays. It returns whether another one will have the name.
func (p *PlannedNames) Keep(id, name string) (taken bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil {
		p.kept = map[string]string{}
	}
	p.kept[id] = name
	replacement, created := p.created[name]
	// A replacement may be that of this object, which Terraform first plans as an update.
	return created && !replacement || p.keptByOther(id, name)
}

func (p *PlannedNames) keptByOther(id, name string) bool {
	for other, n := range p.kept {
		if other != id && n == name {
			return true
		}
	}
	return false
}

// Create records the plan of an object that is created. It returns whether another one will have the name. Terraform plans
// a replacement as an update first, so the name of an object that stays may be that of the replaced one.
func (p *PlannedNames) Create(name string, replacement bool) (taken bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, taken = p.created[name]
	if p.created == nil {
		p.created = map[string]bool{}
	}
	p.created[name] = replacement
	return taken || !replacement && p.keptByOther("", name)
}

// Release forgets an object that is destroyed, or a create that has ended.
func (p *PlannedNames) Release(id, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if delete(p.kept, id); id == "" {
		delete(p.created, name)
	}
}
