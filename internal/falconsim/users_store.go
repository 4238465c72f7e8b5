package falconsim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// entitiesOf are the users and, as endpoints, the hosts.
func (st *scoreStore) entitiesOf(users []*User, hosts []*Host) *entityIndex {
	list := make([]*entity, 0, len(users)+len(hosts))
	for _, u := range users {
		list = append(list, &entity{User: *u})
	}
	for _, h := range hosts {
		list = append(list, endpointOf(st.seed, h))
	}
	return newEntityIndex(list)
}

// changeUser replaces, adds or removes (nil) one user. Change gets the user
// with the given id or e-mail address, nil if there is none.
func (st *scoreStore) changeUser(idOrEmail string, change func(*User) (*User, error)) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	view := *st.view()
	old, err := view.entities.user(idOrEmail)
	if err != nil {
		return err
	}
	var before *User
	list := slices.Clone(view.entities.byID)
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
	view.entities = newEntityIndex(list)
	st.current.Store(&view)
	return nil
}

// user finds a user by entity id or e-mail address; nil if there is none.
func (x *entityIndex) user(idOrEmail string) (*entity, error) {
	if i, ok := x.find(strings.ToLower(idOrEmail)); ok && x.byID[i].host == nil {
		return x.byID[i], nil
	}
	var found []*entity
	for _, e := range x.byID {
		if e.host == nil && slices.ContainsFunc(e.EmailAddresses, func(a string) bool { return strings.EqualFold(a, idOrEmail) }) {
			found = append(found, e)
		}
	}
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return found[0], nil
	}
	return nil, fmt.Errorf("%d users have the e-mail address %q: give the entity id", len(found), idOrEmail)
}

// Users returns all users in the order of their entity ids.
func (s *Server) Users() []User {
	list := []User{}
	for _, e := range s.scores.view().entities.byID {
		if e.host == nil {
			list = append(list, e.User)
		}
	}
	return list
}

// PutUser adds a user, or replaces the one with the same entity id. An empty
// entity id is filled in; the id is returned.
func (s *Server) PutUser(u User) (string, error) {
	switch {
	case u.PrimaryDisplayName == "":
		return "", errors.New("a user needs a primary display name")
	case u.RiskScore < 0 || u.RiskScore > 1:
		return "", fmt.Errorf("risk score %v is not between 0 and 1", u.RiskScore)
	}
	if u.EntityID == "" {
		s.scores.mu.Lock()
		s.scores.added++
		u.EntityID = newDraw(s.scores.seed, "added user", s.scores.added).uuid()
		s.scores.mu.Unlock()
	}
	u.EntityID = strings.ToLower(u.EntityID)
	if u.EmailAddresses == nil {
		u.EmailAddresses = []string{}
	}
	setDefault(&u.SecondaryDisplayName, u.PrimaryDisplayName)
	if u.Created.IsZero() {
		u.Created = s.now()
	}
	return u.EntityID, s.scores.changeUser(u.EntityID, func(*User) (*User, error) { return &u, nil })
}

// SetUserScore changes the unrounded risk score, 0-1, of the user with this
// entity id or e-mail address.
func (s *Server) SetUserScore(idOrEmail string, score float64) error {
	if score < 0 || score > 1 {
		return fmt.Errorf("risk score %v is not between 0 and 1", score)
	}
	return s.scores.changeUser(idOrEmail, func(u *User) (*User, error) {
		if u == nil {
			return nil, noSuchUser(idOrEmail)
		}
		u.RiskScore = score
		return u, nil
	})
}

// DeleteUser removes the user with this entity id or e-mail address.
func (s *Server) DeleteUser(idOrEmail string) error {
	return s.scores.changeUser(idOrEmail, func(u *User) (*User, error) {
		if u == nil {
			return nil, noSuchUser(idOrEmail)
		}
		return nil, nil
	})
}

func noSuchUser(idOrEmail string) error {
	return fmt.Errorf("no user has the entity id or e-mail address %q", idOrEmail)
}
