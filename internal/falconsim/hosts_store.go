package falconsim

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

var errUnknownField = errors.New("unknown field")

// scoreStore holds hosts and identity entities. Readers take a view and never
// wait; writers replace the view.
type scoreStore struct {
	seed    int64
	current atomic.Pointer[scoreView]
	budget  pointBudget

	mu       sync.Mutex // guards the writers and everything below
	scrolls  map[string]hostScroll
	assessed map[string]float64 // overall scores that were set, by domain
	opened   int                // scrolls so far
	added    int                // hosts and users added so far
}

// scoreView is one consistent state of the store.
type scoreView struct {
	hosts    *hostIndex
	entities *entityIndex // users, and the hosts as endpoints
}

// hostScroll is a host listing that has been begun.
type hostScroll struct {
	token   string  // "" until it is kept
	hosts   []*Host // those that are left
	total   int
	limit   int
	expires time.Time
}

// next takes the hosts of the next page.
func (h *hostScroll) next(now time.Time) []*Host {
	page := h.hosts[:min(h.limit, len(h.hosts))]
	h.hosts = h.hosts[len(page):]
	h.expires = now.Add(scrollLifetime)
	return page
}

// newScoreStore makes a store with seeded hosts and users. The same seed gives
// the same ones, and a larger number only adds to them.
func newScoreStore(seed int64, hosts, users int) *scoreStore {
	st := &scoreStore{
		seed: seed, budget: pointBudget{points: graphqlBudget},
		scrolls: map[string]hostScroll{}, assessed: map[string]float64{},
	}
	seeded := make([]*User, users)
	for i := range seeded {
		seeded[i] = seedUser(seed, i)
	}
	index := newHostIndex(seedHosts(seed, hosts))
	st.current.Store(&scoreView{hosts: index, entities: st.entitiesOf(seeded, index.byID)})
	return st
}

func (st *scoreStore) view() *scoreView { return st.current.Load() }

// keepScroll stores a begun listing and returns its token, which is new only for a new listing.
func (st *scoreStore) keepScroll(scroll *hostScroll) string {
	st.mu.Lock()
	defer st.mu.Unlock()
	if scroll.token == "" {
		st.opened++
		scroll.token = newDraw(st.seed, "scroll", st.opened).hexID()
	}
	st.scrolls[scroll.token] = *scroll
	return scroll.token
}

// scroll returns what is kept under the token, unless it has expired.
func (st *scoreStore) scroll(token string, now time.Time) (*hostScroll, bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	scroll, known := st.scrolls[token]
	if known && !now.Before(scroll.expires) {
		delete(st.scrolls, token)
		return nil, false
	}
	return &scroll, known
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

// missing turns the answer into a 404 that keeps its resources and lists the
// ids that were not found.
func (r reply) missing(ids []string, kind string) reply {
	for _, id := range ids {
		r.status = http.StatusNotFound
		r.errors = append(r.errors, apiError{Code: http.StatusNotFound, Message: kind + " not found: " + id, ID: id})
	}
	return r
}

// changeHosts replaces the hosts by what change makes of a copy of the list.
func (st *scoreStore) changeHosts(change func(*hostIndex, []*Host) ([]*Host, error)) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	view := *st.view()
	hosts, err := change(view.hosts, slices.Clone(view.hosts.byID))
	if err != nil {
		return err
	}
	view.hosts = newHostIndex(hosts)
	var entities []*entity
	endpoints := map[*Host]*entity{}
	for _, e := range view.entities.byID {
		if e.host == nil {
			entities = append(entities, e)
		} else {
			endpoints[e.host] = e
		}
	}
	for _, h := range view.hosts.byID {
		if endpoints[h] == nil {
			endpoints[h] = endpointOf(st.seed, h)
		}
		entities = append(entities, endpoints[h])
	}
	view.entities = newEntityIndex(entities)
	st.current.Store(&view)
	return nil
}

// Hosts returns all hosts in the order of their agent ids.
func (s *Server) Hosts() []Host {
	hosts := s.scores.view().hosts.byID
	list := make([]Host, len(hosts))
	for i, h := range hosts {
		list[i] = *h
	}
	return list
}

// PutHost adds a host, or replaces the one with the same agent id. An empty
// agent id is filled in; the id is returned. No event is fired.
func (s *Server) PutHost(h Host) (string, error) {
	if h.Hostname == "" {
		return "", errors.New("a host needs a hostname")
	}
	for _, score := range []int{h.Overall, h.OS, h.Sensor} {
		if score < 0 || score > 100 {
			return "", fmt.Errorf("score %d is not between 0 and 100", score)
		}
	}
	if h.Platform != "" && !slices.Contains([]string{"Windows", "Mac", "Linux"}, h.Platform) {
		return "", fmt.Errorf("platform %q is not Windows, Mac or Linux", h.Platform)
	}
	err := s.scores.changeHosts(func(_ *hostIndex, hosts []*Host) ([]*Host, error) {
		s.scores.added++
		h.fillFrom(seedHost(newDraw(s.scores.seed, "added host", s.scores.added), 0))
		hosts = slices.DeleteFunc(hosts, func(old *Host) bool { return old.AgentID == h.AgentID })
		return append(hosts, &h), nil
	})
	return h.AgentID, err
}

// fillFrom completes what a caller may leave out.
func (h *Host) fillFrom(template *Host) {
	setDefault(&h.AgentID, template.AgentID)
	setDefault(&h.Platform, template.Platform)
	setDefault(&h.OSVersion, template.OSVersion)
	setDefault(&h.ProductType, template.ProductType)
	setDefault(&h.SerialNumber, template.SerialNumber)
	setDefault(&h.FirstSeen, template.FirstSeen)
	setDefault(&h.LastSeen, template.LastSeen)
	setDefault(&h.Modified, template.Modified)
	setDefault(&h.Version, template.Version)
}

// DeleteHost removes the host with this agent id or hostname.
func (s *Server) DeleteHost(aidOrHostname string) error {
	return s.scores.changeHosts(func(x *hostIndex, hosts []*Host) ([]*Host, error) {
		h, err := x.find(aidOrHostname)
		if err != nil {
			return nil, err
		}
		return slices.DeleteFunc(hosts, func(old *Host) bool { return old == h }), nil
	})
}
