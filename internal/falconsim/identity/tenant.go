package identity

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/hosts"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"
)

// Tenant is the Identity Protection of one tenant: users, endpoints, security assessments, and the query-cost budget. Readers
// take an index and never wait; writers replace it.
type Tenant struct {
	Budget  budget
	seed    int64
	current atomic.Pointer[index]

	mu       sync.Mutex         // guards the writers and everything below
	assessed map[string]float64 // overall scores that were set, by domain
	added    int                // users added so far
}

// NewTenant returns a tenant with seeded users, and with hosts as endpoints. The same seed returns the same users, and a larger
// number adds to them.
func NewTenant(seed int64, users int, endpoints []*hosts.Host) *Tenant {
	t := &Tenant{seed: seed, Budget: budget{points: queryBudget}, assessed: map[string]float64{}}
	list := make([]*entity, 0, users+len(endpoints))
	for i := range users {
		list = append(list, &entity{User: *seedUser(seed, i)})
	}
	for _, h := range endpoints {
		list = append(list, endpointOf(seed, h))
	}
	t.current.Store(newEntityIndex(list))
	return t
}

func (t *Tenant) view() *index { return t.current.Load() }

// SetHosts replaces the endpoints. A host that did not change keeps its endpoint.
func (t *Tenant) SetHosts(current []*hosts.Host) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []*entity
	endpoints := map[*hosts.Host]*entity{}
	for _, e := range t.view().byID {
		if e.host == nil {
			list = append(list, e)
		} else {
			endpoints[e.host] = e
		}
	}
	for _, h := range current {
		if endpoints[h] == nil {
			endpoints[h] = endpointOf(t.seed, h)
		}
		list = append(list, endpoints[h])
	}
	t.current.Store(newEntityIndex(list))
}

// changeUser replaces, adds, or removes (nil) one user. change receives the user with this entity id or email address, nil if
// there is none.
func (t *Tenant) changeUser(idOrEmail string, change func(*User) (*User, error)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	index := t.view()
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

// Users returns all users, ordered by entity id.
func (t *Tenant) Users() []User {
	list := []User{}
	for _, e := range t.view().byID {
		if e.host == nil {
			list = append(list, e.User)
		}
	}
	return list
}

// PutUser adds a user, or replaces the one with the same entity id, and returns the entity id.
func (t *Tenant) PutUser(u User, now time.Time) (string, error) {
	if u.PrimaryDisplayName == "" {
		return "", errors.New("primary_display_name is required")
	}
	if err := checkRiskScore(u.RiskScore); err != nil {
		return "", err
	}
	if u.EntityID == "" {
		t.mu.Lock()
		t.added++
		u.EntityID = random.NewStream(t.seed, "added user", t.added).UUID()
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

// SetUserScore changes the unrounded risk score of the user with this entity id or email address.
func (t *Tenant) SetUserScore(idOrEmail string, score float64) error {
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

// DeleteUser removes the user with this entity id or email address.
func (t *Tenant) DeleteUser(idOrEmail string) error {
	return t.changeUser(idOrEmail, func(u *User) (*User, error) {
		if u == nil {
			return nil, noSuchUser(idOrEmail)
		}
		return nil, nil
	})
}

func noSuchUser(idOrEmail string) error {
	return fmt.Errorf("no user has the entity id or email address %q", idOrEmail)
}

func checkRiskScore(score float64) error {
	if score < 0 || score > 1 {
		return fmt.Errorf("risk score %v is not between 0 and 1", score)
	}
	return nil
}
