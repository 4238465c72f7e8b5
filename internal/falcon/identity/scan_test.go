package identity

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// sameUsers fails unless the users are those of the fake, each once, by id.
func sameUsers(t *testing.T, got []User, want []*fakeUser) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d users, want %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if got[i].EntityID != want[i].id {
			t.Fatalf("user %d is %s, want %s", i, got[i].EntityID, want[i].id)
		}
	}
}

func TestUsersReadsEverybodyOnce(t *testing.T) {
	t.Parallel()
	sameDay := func(u *fakeUser) { u.created = time.Unix(1_700_000_000, 0) }
	cases := map[string]struct {
		users    int
		width    int
		change   func(*fakeUser)
		requests int // at most
	}{
		"nobody":               {users: 0, width: 4, requests: 1},
		"one page":             {users: testPage, width: 4, requests: 1},
		"a few pages":          {users: 140, width: 4, requests: 4},
		"one at a time":        {users: 360, width: 1, requests: 9},
		"parts":                {users: 480, width: 4, requests: 22},
		"more in flight":       {users: 480, width: 8, requests: 26},
		"one score":            {users: 360, width: 4, change: func(u *fakeUser) { u.score = 0 }, requests: 20},
		"one score, one day":   {users: 360, width: 4, change: func(u *fakeUser) { u.score = 0; sameDay(u) }, requests: 25},
		"no accounts":          {users: 360, width: 4, change: func(u *fakeUser) { u.score = 1; u.created = time.Time{} }, requests: 22},
		"nothing tells apart":  {users: 240, width: 4, change: func(u *fakeUser) { u.score = 1; sameDay(u); u.name = "?" }, requests: 20},
		"the highest score":    {users: 240, width: 4, change: func(u *fakeUser) { u.score = 1 }, requests: 14},
		"accounts to be":       {users: 240, width: 4, change: func(u *fakeUser) { u.score = 0; u.created = u.created.AddDate(30, 0, 0) }, requests: 18},
		"scores at the bounds": {users: 240, width: 4, change: func(u *fakeUser) { u.score = float64(len(u.sam)%4*8) / 32 }, requests: 21},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := &fakeGraph{users: someUsers(tc.users)}
			for _, u := range g.users {
				if tc.change != nil {
					tc.change(u)
				}
			}
			c := newFakeGraph(t, g)
			result, err := c.Users(t.Context(), UserRead{MaxConcurrency: tc.width})
			if err != nil {
				t.Fatal(err)
			}
			sameUsers(t, result.Users, g.users)
			if result.Matched != int64(tc.users) {
				t.Errorf("matched %d", result.Matched)
			}
			if g.sent() > tc.requests {
				t.Errorf("%d requests, want at most %d", g.sent(), tc.requests)
			}
			if g.most() > tc.width {
				t.Errorf("%d requests in flight, allowed are %d", g.most(), tc.width)
			}
		})
	}
}

// A user that exists during the whole read must be found once, whatever other users do and however the user's own score changes.
func TestUsersWhileTheTenantChanges(t *testing.T) {
	t.Parallel()
	for _, changes := range []int{1, 30, 1_000_000} { // how many requests bring changes
		t.Run(fmt.Sprint(changes), func(t *testing.T) {
			t.Parallel()
			g := &fakeGraph{users: someUsers(800)}
			permanent := map[string]bool{}
			for i, u := range g.users {
				permanent[u.id] = i%10 > 1
			}
			moved := 0
			g.before = func(n int, users []*fakeUser) string {
				if n > 1 && n <= changes+1 {
					for i := range 20 { // across all parts, up and down
						u := users[(n*79+i*19)%len(users)]
						u.score = float64((int(u.score*1000)+500+i)%1000) / 1000
						moved++
					}
					if gone := slices.IndexFunc(users, func(u *fakeUser) bool { return !permanent[u.id] }); gone >= 0 {
						g.users = slices.Delete(slices.Clone(users), gone, gone+1)
					}
				}
				return ""
			}
			c := newFakeGraph(t, g)
			result, err := c.Users(t.Context(), UserRead{MaxConcurrency: 4})
			if err != nil {
				t.Fatal(err)
			}
			if moved == 0 {
				t.Fatal("nothing moved")
			}
			seen := map[string]bool{}
			for _, u := range result.Users {
				if seen[u.EntityID] {
					t.Errorf("%s is there twice", u.EntityID)
				}
				seen[u.EntityID] = true
			}
			for id, stays := range permanent {
				if stays && !seen[id] {
					t.Errorf("%s is missing", id)
				}
			}
		})
	}
}

// One user who moves once, at any moment of the reading, must not slip through between two parts.
func TestUsersOneMove(t *testing.T) {
	t.Parallel()
	for moment := 2; moment < 14; moment++ {
		t.Run(fmt.Sprint(moment), func(t *testing.T) {
			t.Parallel()
			for _, to := range []float64{0.999, 0.001} {
				g := &fakeGraph{users: someUsers(240)}
				mover := g.users[220]
				mover.score = 1 - to
				mover.id = "ffffffff-0000-4000-8000-000000000000" // the last of its part
				if to < 0.5 {
					mover.id = "00000000-0000-4000-8000-0000000000ff" // the first
				}
				g.before = func(n int, _ []*fakeUser) string {
					if n == moment {
						mover.score = to
					}
					return ""
				}
				result, err := newFakeGraph(t, g).Users(t.Context(), UserRead{MaxConcurrency: 2})
				if err != nil {
					t.Fatal(err)
				}
				sameUsers(t, result.Users, g.users)
			}
		})
	}
}

// Whatever the bounds of a range include, all users are read once, in about as many requests.
func TestUsersUnderEveryReadingOfTheBounds(t *testing.T) {
	t.Parallel()
	scores := map[string]func(i int) float64{
		"spread":           func(i int) float64 { return float64((i*37)%1000) / 1000 },
		"two decimals":     func(i int) float64 { return float64(i%101) / 100 },
		"at our bounds":    func(i int) float64 { return float64(i%33) / 32 },
		"many at one half": func(i int) float64 { return []float64{0.25, 0.5, 0.5, 0.75, float64(i%101) / 100}[i%5] },
	}
	for name, score := range scores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			usual := 0
			for _, bounds := range []string{"a", "b", "c", "d"} {
				g := &fakeGraph{users: someUsers(960), bounds: bounds}
				for i, u := range g.users {
					u.score = score(i)
				}
				c := newFakeGraph(t, g)
				result, err := c.Users(t.Context(), UserRead{MaxConcurrency: 4})
				if err != nil {
					t.Fatal(bounds, err)
				}
				sameUsers(t, result.Users, g.users)
				sent, most := g.sent(), usual
				switch bounds {
				case "a":
					usual, most = sent, sent
				case "d": // ranges do share users, who are read twice, and the counts are repeated
					most = 2*usual + 2
				}
				if sent > most {
					t.Errorf("%s: %d requests, %d under the usual reading", bounds, sent, usual)
				}
				summary, err := c.UserSummary(t.Context(), UserFilter{})
				if err != nil {
					t.Fatal(bounds, err)
				}
				var bars int64
				for _, n := range summary.Histogram {
					bars += n
				}
				if bars != 960 || summary.Count != 960 {
					t.Errorf("%s: the histogram has %d of %d users", bounds, bars, summary.Count)
				}
			}
		})
	}
}

func TestUsersNeverHalf(t *testing.T) {
	t.Parallel()
	const partial = `{"data":{"page":{"pageInfo":{"hasNextPage":false},"nodes":[{"entityId":"a"}]},"count0":1},"errors":[{"message":"one shard timed out"}]}`
	answers := func(text string, from int) func(*fakeGraph) {
		return func(g *fakeGraph) {
			g.before = func(n int, _ []*fakeUser) string {
				if n >= from {
					return text
				}
				return ""
			}
		}
	}
	pages := func(spoil func(*fakePage)) func(*fakeGraph) { return func(g *fakeGraph) { g.page = spoil } }
	cases := map[string]struct {
		width int
		spoil func(*fakeGraph)
		want  string
	}{
		"errors and data":   {1, answers(partial, 1), "one shard timed out"},
		"errors in a part":  {4, answers(partial, 6), "one shard timed out"},
		"no data":           {1, answers(`{"data":null}`, 1), "contains no data"},
		"nothing at all":    {1, answers(` `, 1), "is empty"},
		"another shape":     {1, answers(`{"data":[]}`, 1), "could not be decoded"},
		"no page":           {1, answers(`{"data":{"page":null,"count0":0}}`, 1), "no page of users"},
		"no count":          {1, answers(`{"data":{"page":{"pageInfo":{"hasNextPage":false},"nodes":[]}}}`, 1), "count"},
		"a score of 57":     {1, answers(`{"data":{"count0":1,"page":{"pageInfo":{"hasNextPage":false},"nodes":[{"entityId":"a","riskScore":57}]}}}`, 1), "risk score 57"},
		"a user without id": {1, answers(`{"data":{"count0":1,"page":{"pageInfo":{"hasNextPage":false},"nodes":[{}]}}}`, 1), "no entity id"},
		"the cursor repeats": {1, pages(func(p *fakePage) {
			if p.n > 1 {
				p.cursor = "00000000"
			}
		}), "no new cursor"},
		"two cursors in turn": {1, pages(func(p *fakePage) {
			p.cursor = []string{"1", "0"}[p.n%2]
		}), "repeats itself"},
		"the cursor is missing": {1, pages(func(p *fakePage) { p.cursor = "" }), "no new cursor"},
		"a page shrinks":        {1, pages(func(p *fakePage) { p.users = p.users[:len(p.users)-1] }), "contains only 39"},
		"a page is empty":       {1, pages(func(p *fakePage) { p.users = nil }), "contains only 0"},
		"a page is too large": {1, pages(func(p *fakePage) {
			p.users = slices.Concat(p.users, p.users)
		}), "of 40 users contains 80"},
		"the end comes early":  {1, pages(func(p *fakePage) { p.more = false }), "should have 200 users, but ended after 40"},
		"a part ends early":    {4, pages(func(p *fakePage) { p.more, p.users = false, p.users[:len(p.users)/2] }), "should have 200 users, but ended after 20"},
		"one user all the way": {1, pages(func(p *fakePage) { p.users = slices.Repeat(p.users[:1], len(p.users)) }), "repeats itself"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := &fakeGraph{users: someUsers(200)}
			tc.spoil(g)
			c := newFakeGraph(t, g)
			result, err := c.Users(t.Context(), UserRead{MaxConcurrency: tc.width})
			if err == nil {
				t.Fatalf("%d users and no error", len(result.Users))
			}
			if !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "the request to read the users' risk scores") {
				t.Errorf("error %q lacks %q", err, tc.want)
			}
			if g.sent() > 100 {
				t.Errorf("%d requests before the error", g.sent())
			}
		})
	}
}

// A listing of ever new users ends with an error, long before it has filled the memory.
func TestUsersWithoutAnEnd(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]UserRead{
		"all": {MaxConcurrency: 1}, "in parts": {MaxConcurrency: 4}, "a limit": {Limit: 150, Filter: UserFilter{MinScore: new(newDecimal(9, 10))}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var made atomic.Int64
			g := &fakeGraph{users: someUsers(200), page: func(p *fakePage) {
				p.more = true
				p.users = nil
				for range testPage {
					p.cursor = fmt.Sprintf("%08x-1111-4000-8000-000000000000", made.Add(1))
					p.users = append(p.users, &fakeUser{id: p.cursor})
				}
			}}
			c := newFakeGraph(t, g)
			result, err := c.Users(t.Context(), read)
			if err == nil || g.sent() > 200 {
				t.Errorf("%d requests, %v, %v", g.sent(), result, err)
			}
		})
	}
}

// A page that is incomplete once is requested again.
func TestUsersShortPageOnce(t *testing.T) {
	t.Parallel()
	g := &fakeGraph{users: someUsers(100)}
	g.page = func(p *fakePage) {
		if p.n == 2 {
			p.users = p.users[:10]
		}
	}
	result, err := newFakeGraph(t, g).Users(t.Context(), UserRead{})
	if err != nil {
		t.Fatal(err)
	}
	sameUsers(t, result.Users, g.users)
}
