package identity

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// sortKeys are the sort keys of EntitySortKey. Their names in cursors follow the recorded riskScore and _id
// (wire/identity.md#entities).
var sortKeys = map[string]sortKey{
	"ENTITY_ID":              {},
	"RISK_SCORE":             {"riskScore", func(e *entity) any { return e.RiskScore }},
	"CREATION_TIME":          {"creationTime", func(e *entity) any { return timeText(e.Created) }},
	"MOST_RECENT_ACTIVITY":   {"mostRecentActivity", func(e *entity) any { return timeText(e.LastActivity) }},
	"EXPIRATION_TIME":        {"expirationTime", func(e *entity) any { return e.first(func(a *Account) string { return timeText(a.Expires) }) }},
	"LAST_UPDATE_TIME":       {"lastUpdateTime", func(e *entity) any { return e.first(func(a *Account) string { return timeText(a.Updated) }) }},
	"OU":                     {"ou", func(e *entity) any { return e.first(func(a *Account) string { return a.OU }) }},
	"DEPARTMENT":             {"department", func(e *entity) any { return e.first(func(a *Account) string { return a.Department }) }},
	"PRIMARY_DISPLAY_NAME":   {"primaryDisplayName", func(e *entity) any { return e.PrimaryDisplayName }},
	"SECONDARY_DISPLAY_NAME": {"secondaryDisplayName", func(e *entity) any { return e.SecondaryDisplayName }},
	"OPEN_INCIDENT_COUNT":    {"openIncidentCount", func(*entity) any { return 0.0 }},
}

type sortKey struct {
	name  string
	value func(*entity) any // a string or a float64; nil for the entity id
}

// first returns the value of the entity's first account, "" without one.
func (e *entity) first(value func(*Account) string) string {
	if len(e.Accounts) == 0 {
		return ""
	}
	return value(&e.Accounts[0])
}

// timeText returns a time as the GraphQL API shows it, "" for the zero time. The form sorts by time.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// position is a position in an order of entities: the sort value, nil in the order of ids, and the id.
type position struct {
	value any
	id    string
}

func (k sortKey) of(e *entity) position {
	if k.value == nil {
		return position{id: e.EntityID}
	}
	return position{value: k.value(e), id: e.EntityID}
}

// compare compares positions in the same order.
func (p position) compare(q position) int {
	var c int
	switch v := p.value.(type) {
	case float64:
		w, _ := q.value.(float64)
		c = cmp.Compare(v, w)
	case string:
		w, _ := q.value.(string)
		c = strings.Compare(v, w)
	}
	return cmp.Or(c, strings.Compare(p.id, q.id))
}

// index is an immutable view of all entities with their orders, each of which is sorted when it is first used.
type index struct {
	byID   []*entity
	orders sync.Map // sort key -> func() []*entity
}

// newEntityIndex returns an index of entities. It sorts the given list and keeps it.
func newEntityIndex(entities []*entity) *index {
	slices.SortFunc(entities, func(a, b *entity) int { return strings.Compare(a.EntityID, b.EntityID) })
	return &index{byID: entities}
}

// find returns the position in byID of the entity with this id.
func (x *index) find(id string) (int, bool) {
	return slices.BinarySearchFunc(x.byID, id, func(e *entity, id string) int { return strings.Compare(e.EntityID, id) })
}

// order returns all entities in ascending order.
func (x *index) order(name string) []*entity {
	key := sortKeys[name]
	if key.value == nil {
		return x.byID
	}
	sorted, _ := x.orders.LoadOrStore(name, sync.OnceValue(func() []*entity {
		type place struct {
			position
			entity *entity
		}
		places := make([]place, len(x.byID))
		for i, e := range x.byID {
			places[i] = place{key.of(e), e}
		}
		slices.SortFunc(places, func(a, b place) int { return a.compare(b.position) })
		list := make([]*entity, len(places))
		for i := range places {
			list[i] = places[i].entity
		}
		return list
	}))
	list, _ := sorted.(func() []*entity) // nothing else is stored
	return list()
}

// entityPage is one page of entities.
type entityPage struct {
	entities             []*entity
	hasNext, hasPrevious bool
}

// entityRange selects a page: limit entities between two positions, from the start or, if backward is set, from the end.
type entityRange struct {
	key           string
	descending    bool
	after, before *position
	limit         int
	backward      bool
	match         func(*entity) bool
}

// page returns one page.
func (x *index) page(r entityRange) entityPage {
	order := x.order(r.key)
	n := len(order)
	at := func(i int) *entity {
		if r.descending {
			return order[n-1-i]
		}
		return order[i]
	}
	// bound returns the index of the first entity at or after p, or after p only.
	bound := func(p *position, behind bool) int {
		i, _ := slices.BinarySearchFunc(order, *p, func(e *entity, p position) int { return sortKeys[r.key].of(e).compare(p) })
		exact := i < n && sortKeys[r.key].of(order[i]).compare(*p) == 0
		if r.descending {
			if i = n - i; exact {
				i--
			}
		}
		if exact && behind {
			i++
		}
		return i
	}
	low, high := 0, n
	if r.after != nil {
		low = bound(r.after, true)
	}
	if r.before != nil {
		high = bound(r.before, false)
	}
	some := func(from, to int) bool {
		for i := from; i < to; i++ {
			if r.match(at(i)) {
				return true
			}
		}
		return false
	}
	var page entityPage
	if r.backward {
		i := high - 1
		for ; i >= low && len(page.entities) < r.limit; i-- {
			if e := at(i); r.match(e) {
				page.entities = append(page.entities, e)
			}
		}
		slices.Reverse(page.entities)
		page.hasPrevious, page.hasNext = some(0, i+1), some(high, n)
		return page
	}
	i := low
	for ; i < high && len(page.entities) < r.limit; i++ {
		if e := at(i); r.match(e) {
			page.entities = append(page.entities, e)
		}
	}
	page.hasPrevious, page.hasNext = some(0, low), some(i, n)
	return page
}

// user finds a user by entity id or email address, nil if there is none.
func (x *index) user(idOrEmail string) (*entity, error) {
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
	return nil, fmt.Errorf("%d users have the email address %q: use the entity id", len(found), idOrEmail)
}
