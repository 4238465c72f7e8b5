package falconsim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// hostIndex is an immutable view of all hosts. Writers replace the whole
// index, so that a page is never read from two states.
type hostIndex struct {
	byID    []*Host
	lookup  map[string]*Host
	byScore func() []*Host
}

// newHostIndex indexes hosts, which it takes over and sorts.
func newHostIndex(hosts []*Host) *hostIndex {
	slices.SortFunc(hosts, func(a, b *Host) int { return strings.Compare(a.AgentID, b.AgentID) })
	lookup := make(map[string]*Host, len(hosts))
	for _, h := range hosts {
		lookup[h.AgentID] = h
	}
	return &hostIndex{
		byID:   hosts,
		lookup: lookup,
		byScore: sync.OnceValue(func() []*Host {
			sorted := slices.DeleteFunc(slices.Clone(hosts), func(h *Host) bool { return h.NotAssessed })
			slices.SortFunc(sorted, compareScore)
			return sorted
		}),
	}
}

// compareScore orders by overall score, ties by agent id.
func compareScore(a, b *Host) int {
	return cmp.Or(cmp.Compare(a.Overall, b.Overall), strings.Compare(a.AgentID, b.AgentID))
}

// find returns the one host with this agent id or, ignoring case, this name.
func (x *hostIndex) find(aidOrHostname string) (*Host, error) {
	if h, ok := x.lookup[aidOrHostname]; ok {
		return h, nil
	}
	var found []*Host
	for _, h := range x.byID {
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
	return nil, fmt.Errorf("%d hosts are named %q: give one of the agent ids %s",
		len(found), aidOrHostname, strings.Join(ids, ", "))
}

// page returns the assessed hosts of the given score range that follow the
// position after, up to limit, and whether more follow.
func (x *hostIndex) page(match func(*Host) bool, descending bool, after *scorePosition, limit int) (hosts []*Host, more bool) {
	sorted := x.byScore()
	for i := range sorted {
		h := sorted[i]
		if descending {
			h = sorted[len(sorted)-1-i]
		}
		if after != nil && !after.before(h, descending) || !match(h) {
			continue
		}
		if len(hosts) == limit {
			return hosts, true
		}
		hosts = append(hosts, h)
	}
	return hosts, false
}

// scorePosition is a place in the by-score order.
type scorePosition struct {
	Score   int    `json:"score"`
	AgentID string `json:"aid"`
}

// before tells whether the position lies before h in the order.
func (p *scorePosition) before(h *Host, descending bool) bool {
	c := cmp.Or(cmp.Compare(p.Score, h.Overall), strings.Compare(p.AgentID, h.AgentID))
	if descending {
		return c > 0
	}
	return c < 0
}

// get returns the hosts with these ids, each once, and the ids without a host.
func (x *hostIndex) get(ids []string) (found []*Host, missing []string) {
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
