package identity

import (
	"sync"
	"time"
)

// The query-cost budget and the time after which it refills (wire/identity.md#transport).
const (
	queryBudget  = 500_000
	BudgetRefill = 10 * time.Second
)

// budget is the query-cost budget of the GraphQL API.
type budget struct {
	mu     sync.Mutex
	points int
	spent  int
	window time.Time
}

// refill starts a new window when the last one has passed. Call it with b.mu held.
func (b *budget) refill(now time.Time) {
	if now.Sub(b.window) >= BudgetRefill || now.Before(b.window) {
		b.window, b.spent = now, 0
	}
}

// Left reports whether any points are left.
func (b *budget) Left(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(now)
	return b.spent < b.points
}

// Spend subtracts points and returns how many remain and when they refill.
func (b *budget) Spend(now time.Time, points int) (remaining int, reset time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(now)
	b.spent += points
	return max(0, b.points-b.spent), BudgetRefill - now.Sub(b.window)
}

// Refills returns when the budget refills.
func (b *budget) Refills() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.window.Add(BudgetRefill)
}

// Set changes the points of the budget.
func (b *budget) Set(points int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.points = points
}
