package hosts

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"
)

// Store has the hosts of a tenant. Readers take an index and never wait; writers replace it.
type Store struct {
	seed    int64
	changed func(hosts []*Host)
	current atomic.Pointer[Index]

	mu      sync.Mutex // guards the writers and everything below
	scrolls map[string]Scroll
	opened  int // scrolls so far
	added   int // hosts added so far
}

// NewStore returns a store with seeded hosts. The same seed returns the same hosts, and a larger number adds to them. changed
// is called with all hosts after every change.
func NewStore(seed int64, count int, changed func(hosts []*Host)) *Store {
	st := &Store{seed: seed, changed: changed, scrolls: map[string]Scroll{}}
	st.current.Store(newHostIndex(SeedHosts(seed, count)))
	return st
}

// Index returns the current hosts.
func (st *Store) Index() *Index { return st.current.Load() }

// change replaces the hosts with the list that a function returns for a copy of the current one.
func (st *Store) change(change func(*Index, []*Host) ([]*Host, error)) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	before := st.Index()
	hosts, err := change(before, slices.Clone(before.ByID))
	if err != nil {
		return err
	}
	after := newHostIndex(hosts)
	st.current.Store(after)
	st.changed(after.ByID)
	return nil
}

// All returns copies of all hosts, ordered by agent id.
func (st *Store) All() []Host {
	hosts := st.Index().ByID
	list := make([]Host, len(hosts))
	for i, h := range hosts {
		list[i] = *h
	}
	return list
}

// Put adds a host, or replaces the one with the same agent id, and returns its agent id.
func (st *Store) Put(h Host) (string, error) {
	if h.Hostname == "" {
		return "", errors.New("hostname is required")
	}
	if err := checkScores(&h.Overall, &h.OS, &h.Sensor); err != nil {
		return "", err
	}
	if h.Platform != "" && !slices.Contains([]string{"Windows", "Mac", "Linux"}, h.Platform) {
		return "", fmt.Errorf("platform %q is not Windows, Mac or Linux", h.Platform)
	}
	err := st.change(func(_ *Index, hosts []*Host) ([]*Host, error) {
		st.added++
		h.fillFrom(seedHost(random.NewStream(st.seed, "added host", st.added), 0))
		hosts = slices.DeleteFunc(hosts, func(old *Host) bool { return old.AgentID == h.AgentID })
		return append(hosts, &h), nil
	})
	return h.AgentID, err
}

// fillFrom fills in what the caller left out.
func (h *Host) fillFrom(template *Host) {
	h.AgentID = cmp.Or(h.AgentID, template.AgentID)
	h.Platform = cmp.Or(h.Platform, template.Platform)
	h.OSVersion = cmp.Or(h.OSVersion, template.OSVersion)
	h.ProductType = cmp.Or(h.ProductType, template.ProductType)
	h.SerialNumber = cmp.Or(h.SerialNumber, template.SerialNumber)
	h.FirstSeen = cmp.Or(h.FirstSeen, template.FirstSeen)
	h.LastSeen = cmp.Or(h.LastSeen, template.LastSeen)
	h.Modified = cmp.Or(h.Modified, template.Modified)
	h.Version = cmp.Or(h.Version, template.Version)
}

// Remove deletes the host with this agent id or hostname.
func (st *Store) Remove(aidOrHostname string) error {
	return st.change(func(x *Index, hosts []*Host) ([]*Host, error) {
		h, err := x.find(aidOrHostname)
		if err != nil {
			return nil, err
		}
		return slices.DeleteFunc(hosts, func(old *Host) bool { return old == h }), nil
	})
}

// SetScores changes scores of the host with this agent id or hostname; nil leaves a score unchanged. It returns the host before
// and after the change.
func (st *Store) SetScores(aidOrHostname string, overall, os, sensor *int, now time.Time) (before, after Host, err error) {
	if err := checkScores(overall, os, sensor); err != nil {
		return Host{}, Host{}, err
	}
	err = st.change(func(x *Index, hosts []*Host) ([]*Host, error) {
		h, err := x.find(aidOrHostname)
		if err != nil {
			return nil, err
		}
		before, after = *h, *h
		for score, value := range map[*int]*int{&after.Overall: overall, &after.OS: os, &after.Sensor: sensor} {
			if value != nil {
				*score = *value
			}
		}
		after.Modified, after.NotAssessed = now, false
		hosts[slices.Index(hosts, h)] = &after
		return hosts, nil
	})
	return before, after, err
}

// checkScores returns an error for a score that is out of range.
func checkScores(scores ...*int) error {
	for _, score := range scores {
		if score != nil && (*score < 0 || *score > 100) {
			return fmt.Errorf("score %d is not between 0 and 100", *score)
		}
	}
	return nil
}
