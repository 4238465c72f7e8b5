package identity

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
)

// allScores are users with every score of two decimals, and others between them that rounding moves.
func allScores() []*fakeUser {
	var users []*fakeUser
	for i := range 101 {
		for k, more := range []float64{-0.0049, 0, 0.0049} {
			score := float64(i)/100 + more
			if score >= 0 && score <= 1 {
				users = append(users, &fakeUser{id: fmt.Sprintf("%03d-%d", i, k), name: "n", score: score, admin: i%2 == 0})
			}
		}
	}
	return users
}

func decimal(t *testing.T, text string) *Decimal {
	t.Helper()
	if text == "" {
		return nil
	}
	d, err := ParseDecimal(text)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

// Ranges are about the shown score, whether all are read, some, or none but their number.
func TestScoreRangesAreAboutTheShownScore(t *testing.T) {
	t.Parallel()
	inRange := func(u *fakeUser, least, most string) bool {
		shown, _ := new(big.Rat).SetString(u.shown())
		low, _ := new(big.Rat).SetString(least)
		high, ok := new(big.Rat).SetString(most)
		return (least == "" || shown.Cmp(low) >= 0) && (!ok || shown.Cmp(high) <= 0)
	}
	for _, tc := range [][2]string{
		{"0.7", ""}, {"", "0.7"}, {"0.07", "0.29"}, {"0.58", "0.58"}, {"0.0", "1"}, {"1", ""}, {"", "0"}, {"0.695", "0.704"}, {"0.691", "0.699"},
		{"0.99", "1"}, {"0.01", "0.01"},
	} {
		t.Run(tc[0]+"-"+tc[1], func(t *testing.T) {
			t.Parallel()
			g := &fakeGraph{users: allScores()}
			c := newFakeGraph(t, g)
			filter := UserFilter{MinScore: decimal(t, tc[0]), MaxScore: decimal(t, tc[1])}
			var want []*fakeUser
			var admins, high, bars int64
			for _, u := range g.users {
				if inRange(u, tc[0], tc[1]) {
					want = append(want, u)
					admins += int64(map[bool]int{true: 1}[u.admin])
					high += int64(map[bool]int{true: 1}[u.severity() == SeverityHigh])
				}
			}
			all, err := c.Users(t.Context(), UserRead{Filter: filter})
			if err != nil {
				t.Fatal(err)
			}
			sameUsers(t, all.Users, want)
			for _, order := range []string{SortEntityID, SortScoreAscending, SortScoreDescending} {
				some, err := c.Users(t.Context(), UserRead{Filter: filter, Limit: 2, Sort: order})
				if err != nil {
					t.Fatal(err)
				}
				if some.Matched != int64(len(want)) || len(some.Users) != min(2, len(want)) {
					t.Errorf("by %s: %d of %d users, want %d", order, len(some.Users), some.Matched, len(want))
				}
			}
			sum, err := c.UserSummary(t.Context(), filter)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range sum.Histogram {
				bars += n
			}
			if n := int64(len(want)); sum.Count != n || sum.Administrators != admins || sum.High != high || sum.Normal != n-high || bars != n {
				t.Errorf("summary %+v, want %d users, %d administrators, %d high", sum, n, admins, high)
			}
		})
	}
}

func TestUsersLimitAndSort(t *testing.T) {
	t.Parallel()
	users := someUsers(100) // 2.5 pages
	ids := func(result *UserResult) string {
		var list []string
		for _, u := range result.Users {
			list = append(list, u.RiskScore.String()+" "+u.EntityID)
		}
		return strings.Join(list, "\n")
	}
	byScore := func(sign int) func(a, b *fakeUser) int {
		return func(a, b *fakeUser) int {
			if c := sign * strings.Compare(a.shown(), b.shown()); c != 0 {
				return c
			}
			return strings.Compare(a.id, b.id)
		}
	}
	for _, tc := range []struct {
		sort     string
		limit    int
		order    func(a, b *fakeUser) int
		requests int
	}{
		{"", 10, byID, 1}, {SortEntityID, 60, byID, 2}, {SortEntityID, 100, byID, 3}, {SortEntityID, 500, byID, 3},
		{SortScoreDescending, 10, byScore(-1), 1}, {SortScoreDescending, 60, byScore(-1), 3}, {SortScoreAscending, 0, byScore(1), 3},
		{SortScoreAscending, 40, byScore(1), 1},
	} {
		t.Run(fmt.Sprint(tc.sort, tc.limit), func(t *testing.T) {
			t.Parallel()
			g := &fakeGraph{users: slices.Clone(users)}
			for i, u := range g.users {
				own := *u
				own.score = float64(i) / 100 // distinct, so that it does not matter where a score is cut
				g.users[i] = &own
			}
			want := slices.Clone(g.users)
			slices.SortFunc(want, tc.order)
			if tc.limit > 0 {
				want = want[:min(tc.limit, len(want))]
			}
			var lines []string
			for _, u := range want {
				lines = append(lines, u.shown()+" "+u.id)
			}
			result, err := newFakeGraph(t, g).Users(t.Context(), UserRead{Limit: tc.limit, Sort: tc.sort})
			if err != nil {
				t.Fatal(err)
			}
			if ids(result) != strings.Join(lines, "\n") {
				t.Errorf("got\n%s\nwant\n%s", ids(result), strings.Join(lines, "\n"))
			}
			if result.Matched != 100 || g.sent() != tc.requests {
				t.Errorf("matched %d with %d requests, want %d", result.Matched, g.sent(), tc.requests)
			}
		})
	}
}

func byID(a, b *fakeUser) int { return strings.Compare(a.id, b.id) }

func TestUserFilterIsChecked(t *testing.T) {
	t.Parallel()
	half, two := decimal(t, "0.5"), decimal(t, "2")
	for want, read := range map[string]UserRead{
		"between 0 and 1, not 2":             {Filter: UserFilter{MinScore: two}},
		"minimum risk score 0.5 is above":    {Filter: UserFilter{MinScore: half, MaxScore: decimal(t, "0.49")}},
		`"CRITICAL" is not a valid severity`: {Filter: UserFilter{MinSeverity: "CRITICAL"}},
		"minimum severity HIGH is above":     {Filter: UserFilter{MinSeverity: SeverityHigh, MaxSeverity: SeverityMedium}},
		"at most 1000 values":                {Filter: UserFilter{Emails: make([]string, 1001)}},
		"is empty":                           {Filter: UserFilter{Domains: []string{""}}},
		"limit must be 0 or more":            {Limit: -1},
		"in flight must be 0 or more":        {MaxConcurrency: -1},
		`not by "name"`:                      {Sort: "name"},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			g := &fakeGraph{}
			_, err := newFakeGraph(t, g).Users(t.Context(), read)
			if err == nil || !strings.Contains(err.Error(), want) || g.sent() > 0 {
				t.Errorf("error %v after %d requests", err, g.sent())
			}
		})
	}
}

// An empty list must never be sent: Falcon may take it for no filter.
func TestUserFilterOfNoUser(t *testing.T) {
	t.Parallel()
	for name, filter := range map[string]UserFilter{
		"emails": {Emails: []string{}}, "domains": {Domains: []string{}}, "between two shown scores": {MinScore: decimal(t, "0.501"), MaxScore: decimal(t, "0.509")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := &fakeGraph{users: someUsers(3)}
			c := newFakeGraph(t, g)
			result, err := c.Users(t.Context(), UserRead{Filter: filter})
			summary, err2 := c.UserSummary(t.Context(), filter)
			average, err3 := c.UserAverage(t.Context(), filter, 1)
			if err != nil || err2 != nil || err3 != nil {
				t.Fatal(err, err2, err3)
			}
			if len(result.Users) != 0 || result.Matched != 0 || *summary != (UserSummary{}) || average != nil || g.sent() != 0 {
				t.Errorf("%+v, %+v, %v after %d requests", result, summary, average, g.sent())
			}
		})
	}
}

func TestUserSummaryIsOneRequest(t *testing.T) {
	t.Parallel()
	g := &fakeGraph{users: someUsers(500)}
	c := newFakeGraph(t, g)
	for _, requireEmail := range []bool{false, true} {
		before := g.sent()
		summary, err := c.UserSummary(t.Context(), UserFilter{RequireEmail: requireEmail})
		if err != nil {
			t.Fatal(err)
		}
		count := map[bool]int64{false: 500, true: 450}[requireEmail]
		if summary.Count != count || summary.WithoutEmail != 50 || g.sent()-before != 1 {
			t.Errorf("%+v after %d requests", summary, g.sent()-before)
		}
	}
}

func TestUserSummaryNeedsEveryCount(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"one only": `{"data":{"total":1}}`, "null": `{"data":{"total":null}}`, "text": `{"data":{"total":"many"}}`, "negative": `{"data":{"total":-1}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := &fakeGraph{before: func(int, []*fakeUser) string { return answer }}
			if s, err := newFakeGraph(t, g).UserSummary(t.Context(), UserFilter{}); err == nil || !strings.Contains(err.Error(), "a count") {
				t.Errorf("%+v, error %v", s, err)
			}
		})
	}
}

func TestUserAverage(t *testing.T) {
	t.Parallel()
	g := &fakeGraph{}
	for i, score := range []float64{0.1, 0.2, 0.7} {
		g.users = append(g.users, &fakeUser{id: fmt.Sprint(i), score: score})
	}
	c := newFakeGraph(t, g)
	average, err := c.UserAverage(t.Context(), UserFilter{}, 4)
	if err != nil || average.Cmp(big.NewRat(1, 3)) != 0 {
		t.Errorf("average %v, error %v", average, err)
	}
	if none, err := AverageScore([]User{{}}); none != nil || err != nil {
		t.Errorf("average of no score: %v, error %v", none, err)
	}
	if _, err := AverageScore([]User{{RiskScore: "high"}}); err == nil {
		t.Error("a score that is no number has an average")
	}
}

func TestLookups(t *testing.T) {
	t.Parallel()
	g := &fakeGraph{users: []*fakeUser{
		{id: "aa", emails: []string{"Ada@Example.com", "x@y"}, sam: "ada", domain: "CORP", upn: "Ada@corp.example"},
		{id: "bb", emails: []string{"x@y"}, sam: "ada", domain: "LAB", upn: "other@lab"},
		{id: "cc", emails: []string{"ada@corp.example"}, sam: "carl", domain: "CORP", upn: "carl@corp"},
		{id: "dd", sam: "bartholomew.montgome", domain: "CORP", upn: "bartholomew.montgomery@corp"},
	}}
	c := newFakeGraph(t, g)
	ctx := t.Context()
	by := map[string]func() ([]User, error){
		"AA":               func() ([]User, error) { return c.UsersByEntityID(ctx, "AA") },
		"zz":               func() ([]User, error) { return c.UsersByEntityID(ctx, "zz") },
		"ada@example.com":  func() ([]User, error) { return c.UsersByEmail(ctx, "ada@example.com") },
		"x@y":              func() ([]User, error) { return c.UsersByEmail(ctx, "x@y") },
		"ada@corp.example": func() ([]User, error) { return c.UsersByUPN(ctx, "ada@corp.example") },
		"carl@corp":        func() ([]User, error) { return c.UsersByUPN(ctx, "carl@corp") },
		"long":             func() ([]User, error) { return c.UsersByUPN(ctx, "Bartholomew.Montgomery@corp") },
		"ada":              func() ([]User, error) { return c.UsersBySAMAccountName(ctx, "ADA", "") },
		`lab\ada`:          func() ([]User, error) { return c.UsersBySAMAccountName(ctx, "ada", "lab") },
	}
	for name, want := range map[string]string{
		"AA": "aa", "zz": "", "ada@example.com": "aa", "x@y": "aa bb", "ada@corp.example": "aa", "carl@corp": "cc", "long": "dd", "ada": "aa bb", `lab\ada`: "bb",
	} {
		users, err := by[name]()
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, u := range users {
			ids = append(ids, u.EntityID)
			if u.Domain == "" || u.SAMAccountName == "" || u.Enabled == nil || !*u.Enabled || len(u.Accounts) != 2 {
				t.Errorf("%s: incomplete %+v", name, u)
			}
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: found %q, want %q", name, got, want)
		}
	}
	if _, err := c.UsersByEmail(ctx, ""); err == nil {
		t.Error("an empty address was looked up")
	}
}

// A limit of many pages is read in parts, as all users are; a limit of few pages page after page, which takes fewer.
func TestLimitOfManyPages(t *testing.T) {
	t.Parallel()
	const pages = 40
	for _, tc := range []struct {
		limit   int // in pages
		width   int
		inParts bool
	}{
		{pages + 1, 4, true}, {pages, 4, true}, {30, 4, true}, {5, 4, false}, {13, 4, false}, {pages, 1, false},
	} {
		g := &fakeGraph{users: someUsers(pages * testPage)}
		result, err := newFakeGraph(t, g).Users(t.Context(), UserRead{Limit: tc.limit * testPage, MaxConcurrency: tc.width})
		want := min(tc.limit, pages) * testPage
		if err != nil || len(result.Users) != want || result.Matched != pages*testPage {
			t.Fatalf("limit of %d pages: %v, want %d users", tc.limit, err, want)
		}
		for i := range result.Users {
			if result.Users[i].EntityID != g.users[i].id {
				t.Fatalf("limit of %d pages: user %d is %s", tc.limit, i, result.Users[i].EntityID)
			}
		}
		// Parts take a few queries more, for their plan and its check.
		if inParts := g.sent() > pages; inParts != tc.inParts || !inParts && g.sent() != tc.limit {
			t.Errorf("limit of %d pages, %d in flight: %d requests", tc.limit, tc.width, g.sent())
		}
	}
}
