package falconsim

import (
	"sync"
	"time"
)

// The query-cost budget and the time in which it refills (wire/identity.md#transport).
const (
	graphqlBudget = 500_000
	graphqlRefill = 10 * time.Second
)

// pointBudget is the query-cost budget of the GraphQL API.
type pointBudget struct {
	mu     sync.Mutex
	points int
	spent  int
	window time.Time
}

// refill starts a new window when the last one has passed. Call it with b.mu held.
func (b *pointBudget) refill(now time.Time) {
	if now.Sub(b.window) >= graphqlRefill || now.Before(b.window) {
		b.window, b.spent = now, 0
	}
}

// left tells whether any points are left.
func (b *pointBudget) left(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(now)
	return b.spent < b.points
}

// spend takes points and returns how many remain and when they refill.
func (b *pointBudget) spend(now time.Time, points int) (remaining int, reset time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(now)
	b.spent += points
	return max(0, b.points-b.spent), graphqlRefill - now.Sub(b.window)
}

// refills is when the window ends in which the points were spent.
func (b *pointBudget) refills() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.window.Add(graphqlRefill)
}

// set changes how many points queries may cost until the budget refills.
func (b *pointBudget) set(points int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.points = points
}
