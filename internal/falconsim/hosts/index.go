package hosts

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Index is an immutable view of all hosts. Writers replace the whole index, so that a page never mixes two states.
type Index struct {
	ByID    []*Host
	lookup  map[string]*Host
	byScore func() []*Host
}

// newHostIndex returns an index of hosts. It sorts the given list and keeps it.
func newHostIndex(hosts []*Host) *Index {
	slices.SortFunc(hosts, func(a, b *Host) int { return strings.Compare(a.AgentID, b.AgentID) })
	lookup := make(map[string]*Host, len(hosts))
	for _, h := range hosts {
		lookup[h.AgentID] = h
	}
	return &Index{
		ByID:   hosts,
		lookup: lookup,
		byScore: sync.OnceValue(func() []*Host {
			sorted := slices.DeleteFunc(slices.Clone(hosts), func(h *Host) bool { return h.NotAssessed })
			slices.SortFunc(sorted, compareScore)
			return sorted
		}),
	}
}

// find returns the only host with this agent id or, ignoring case, this hostname.
func (x *Index) find(aidOrHostname string) (*Host, error) {
	if h, ok := x.lookup[aidOrHostname]; ok {
		return h, nil
	}
	var found []*Host
	for _, h := range x.ByID {
		if strings.EqualFold(h.Hostname, aidOrHostname) {
			found = append(found, h)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, fmt.Errorf("no host has the agent id or hostname %q", aidOrHostname)
	}
	ids := make([]string, len(found))
	for i, h := range found {
		ids[i] = h.AgentID
	}
	return nil, fmt.Errorf("%d hosts are named %q: use one of the agent ids %s",
		len(found), aidOrHostname, strings.Join(ids, ", "))
}

// Get returns the hosts with these ids, each once, and the ids that no host has.
func (x *Index) Get(ids []string) (found []*Host, missing []string) {
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		if h, ok := x.lookup[id]; ok {
			found = append(found, h)
		} else {
			missing = append(missing, id)
		}
	}
	return found, missing
}
