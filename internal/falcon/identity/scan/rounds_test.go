package scan_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity/scan"
)

// shapes are kinds of tenants by what a user looks like in them.
var shapes = map[string]func(i int, u *user){
	"usual":                     nil,
	"35% on one day":            func(i int, u *user) { u.created = map[bool]int{true: 61, false: u.created}[i%100 < 35] },
	"one day":                   func(_ int, u *user) { u.created = 61 },
	"one day, one score":        func(_ int, u *user) { u.created, u.score = 61, 0 },
	"only dates differ":         func(_ int, u *user) { u.score, u.name, u.account = 0, 0, 0 },
	"only scores differ":        func(_ int, u *user) { u.created, u.name, u.account = 61, 0, 0 },
	"only names differ":         func(_ int, u *user) { u.created, u.score, u.account = 61, 0, 0 },
	"only account names differ": func(_ int, u *user) { u.created, u.score, u.name = 61, 0, 0 },
	"nothing differs":           func(_ int, u *user) { u.created, u.score, u.name, u.account = 61, 0, 0, 0 },
}

const few = 10 * pageSize // users of a tenant that is read in parts

// readTenant reads all users and returns how many requests were sent one after another: the time in units of latency.
func readTenant(t *testing.T, l *tenant, concurrency int, by []string) (keys []string, rounds int) {
	t.Helper()
	start := time.Now()
	list, err := scan.All(t.Context(), l, scan.Options{PageSize: pageSize, Concurrency: concurrency, Dividers: dividers(by...)})
	if err != nil {
		t.Fatal(err)
	}
	return keysOf(t, list), int(time.Since(start) / latency)
}

// The rounds without a divider are those of the table in doc.go, and show what it is for.
func TestRounds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		shape       string
		concurrency int
		without     string
		rounds      int // at most
		requests    int // at most
	}{
		{"usual", 1, "", 45, 45},
		{"usual", 4, "", 15, 52},
		{"usual", 8, "", 10, 59},
		{"35% on one day", 8, "", 11, 57},
		{"one day", 8, "", 11, 57},
		{"one day, one score", 8, "", 13, 63},
		{"only dates differ", 8, "", 10, 59},
		{"only dates differ", 8, "created", 49, 49},
		{"only scores differ", 8, "", 24, 54},
		{"only scores differ", 8, "score", 49, 49},
		{"only names differ", 8, "", 16, 60},
		{"only names differ", 8, "name", 49, 49},
		{"only account names differ", 8, "", 14, 60},
		{"only account names differ", 8, "account", 49, 49},
		{"nothing differs", 8, "", 50, 50},
		{"usual", 8, "created score name account", 45, 45},
	} {
		t.Run(strings.TrimSpace(tc.shape+" without "+tc.without), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := newTenant(users, tc.concurrency, shapes[tc.shape])
				by := slices.DeleteFunc(slices.Clone(allDividers), func(name string) bool { return strings.Contains(tc.without, name) })
				keys, rounds := readTenant(t, l, tc.concurrency, by)
				t.Logf("%-26s %d in flight, without %q: %d rounds, %d requests", tc.shape, tc.concurrency, tc.without, rounds, l.requests)
				if len(keys) != users || rounds > tc.rounds || l.requests > tc.requests {
					t.Errorf("%d users in %d rounds with %d requests, want %d in %d with %d", len(keys), rounds, l.requests, users, tc.rounds, tc.requests)
				}
			})
		})
	}
}

// Whoever is listed all the time is found, however many others move between parts, come, and go at any moment.
func TestMovingUsers(t *testing.T) {
	t.Parallel()
	for name, changes := range map[string]int{"one request": 1, "many requests": 40, "every request": 1 << 20} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := newTenant(few, 4, nil)
				keys := make([]string, 0, few)
				for _, u := range l.users {
					keys = append(keys, u.key)
				}
				moved := 0
				l.change = func(request int, list []user) {
					for i := range 30 {
						if u := &list[(request*79+i*19)%len(list)]; request > 1 && request <= changes+1 {
							u.created = (u.created + 32) % cells["created"]
							moved++
						}
					}
				}
				got, _ := readTenant(t, l, 4, allDividers)
				if !slices.Equal(got, keys) || moved == 0 {
					t.Errorf("%d users, want %d; %d moves", len(got), len(keys), moved)
				}
			})
		})
	}
}

// One user who moves once must not be missed between two parts, at whatever moment.
func TestOneMove(t *testing.T) {
	t.Parallel()
	for moment := 2; moment < 22; moment++ {
		synctest.Test(t, func(t *testing.T) {
			l := newTenant(few, 4, nil)
			last := len(l.users) - 1
			l.users[last].created = 0
			l.change = func(request int, list []user) {
				if request == moment {
					list[last].created = cells["created"] - 1
				}
			}
			if keys, _ := readTenant(t, l, 4, allDividers); len(keys) != few {
				t.Errorf("%d users after a move before request %d", len(keys), moment)
			}
		})
	}
}
