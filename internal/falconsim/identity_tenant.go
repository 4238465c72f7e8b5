package falconsim

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// identityTenant is Identity Protection of one tenant: users, endpoints, security assessments and the query budget. Readers take
// an index and never wait; writers replace it.
type identityTenant struct {
	budget  pointBudget
	seed    int64
	current atomic.Pointer[entityIndex]

	mu       sync.Mutex         // guards the writers and everything below
	assessed map[string]float64 // overall scores that were set, by domain
	added    int                // users added so far
}

// newIdentityTenant returns a tenant with seeded users, and the hosts as endpoints. The same seed returns the same users, and a
// larger number only adds to them.
func newIdentityTenant(seed int64, users int, hosts []*Host) *identityTenant {
	t := &identityTenant{seed: seed, budget: pointBudget{points: graphqlBudget}, assessed: map[string]float64{}}
	list := make([]*entity, 0, users+len(hosts))
	for i := range users {
		list = append(list, &entity{User: *seedUser(seed, i)})
	}
	for _, h := range hosts {
		list = append(list, endpointOf(seed, h))
	}
	t.current.Store(newEntityIndex(list))
	return t
}

func (t *identityTenant) index() *entityIndex { return t.current.Load() }

// setHosts replaces the endpoints. A host that did not change keeps its endpoint.
func (t *identityTenant) setHosts(hosts []*Host) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []*entity
	endpoints := map[*Host]*entity{}
	for _, e := range t.index().byID {
		if e.host == nil {
			list = append(list, e)
		} else {
			endpoints[e.host] = e
		}
	}
	for _, h := range hosts {
		if endpoints[h] == nil {
			endpoints[h] = endpointOf(t.seed, h)
		}
		list = append(list, endpoints[h])
	}
	t.current.Store(newEntityIndex(list))
}

// changeUser replaces, adds or removes (nil) one user. change receives the user with the given id or e-mail address, nil if there
// is none.
func (t *identityTenant) changeUser(idOrEmail string, change func(*User) (*User, error)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	index := t.index()
	old, err := index.user(idOrEmail)
	if err != nil {
		return err
	}
	var before *User
	list := slices.Clone(index.byID)
	if old != nil {
		copied := old.User
		before = &copied
		list = slices.DeleteFunc(list, func(e *entity) bool { return e == old })
	}
	after, err := change(before)
	if err != nil {
		return err
	}
	if after != nil {
		list = append(list, &entity{User: *after})
	}
	t.current.Store(newEntityIndex(list))
	return nil
}

// users returns all users in the order of their entity ids.
func (t *identityTenant) users() []User {
	list := []User{}
	for _, e := range t.index().byID {
		if e.host == nil {
			list = append(list, e.User)
		}
	}
	return list
}

// putUser adds a user, or replaces the one with the same entity id, and returns the entity id.
func (t *identityTenant) putUser(u User, now time.Time) (string, error) {
	if u.PrimaryDisplayName == "" {
		return "", errors.New("a user needs a primary display name")
	}
	if err := checkRiskScore(u.RiskScore); err != nil {
		return "", err
	}
	if u.EntityID == "" {
		t.mu.Lock()
		t.added++
		u.EntityID = newDraw(t.seed, "added user", t.added).uuid()
		t.mu.Unlock()
	}
	u.EntityID = strings.ToLower(u.EntityID)
	if u.EmailAddresses == nil {
		u.EmailAddresses = []string{}
	}
	u.SecondaryDisplayName = cmp.Or(u.SecondaryDisplayName, u.PrimaryDisplayName)
	u.Created = cmp.Or(u.Created, now)
	return u.EntityID, t.changeUser(u.EntityID, func(*User) (*User, error) { return &u, nil })
}

// setUserScore changes the unrounded risk score of the user with this entity id or e-mail address.
func (t *identityTenant) setUserScore(idOrEmail string, score float64) error {
	if err := checkRiskScore(score); err != nil {
		return err
	}
	return t.changeUser(idOrEmail, func(u *User) (*User, error) {
		if u == nil {
			return nil, noSuchUser(idOrEmail)
		}
		u.RiskScore = score
		return u, nil
	})
}

// deleteUser removes the user with this entity id or e-mail address.
func (t *identityTenant) deleteUser(idOrEmail string) error {
	return t.changeUser(idOrEmail, func(u *User) (*User, error) {
		if u == nil {
			return nil, noSuchUser(idOrEmail)
		}
		return nil, nil
	})
}

func noSuchUser(idOrEmail string) error {
	return fmt.Errorf("no user has the entity id or e-mail address %q", idOrEmail)
}

func checkRiskScore(score float64) error {
	if score < 0 || score > 1 {
		return fmt.Errorf("risk score %v is not between 0 and 1", score)
	}
	return nil
}
