package identity

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// testPage is the size of a page in these tests.
const testPage = 40

// fakeUser is a user as the fake identity API keeps it.
type fakeUser struct {
	id, name string
	score    float64 // unrounded
	created  time.Time
	emails   []string
	admin    bool
	sam, upn string
	domain   string
}

func (u *fakeUser) shown() string { return fmt.Sprintf("%.2f", u.score) }

func (u *fakeUser) severity() string {
	return map[bool]string{true: SeverityHigh, false: SeverityNormal}[u.score >= 0.5]
}

// fakeGraph answers the queries of this package for some users. It understands the conditions that this package uses.
type fakeGraph struct {
	mu       sync.Mutex
	users    []*fakeUser // in the order of their ids
	requests int
	flying   int
	mostAir  int // the most requests at the same time
	// before is called with the number of the request, and may change users; a text that it gives is the answer.
	before func(n int, users []*fakeUser) string
	// latency is how long a request takes, on the fake clock of testing/synctest.
	latency time.Duration
	// bounds says how the bounds of scores act: as a reading of Q52, or "d", where both the score and the bounds are
	// rounded.
	bounds string
	// page may spoil a page.
	page func(p *fakePage)
}

type fakePage struct {
	n      int // of the request
	users  []*fakeUser
	more   bool
	cursor string
}

// newFakeGraph returns a client whose requests are answered by g.
func newFakeGraph(t *testing.T, g *fakeGraph) *Client {
	t.Helper()
	g.sort()
	c := newTestClient(t, g.answer)
	c.pageSize = testPage
	return c
}

// newTestClient returns a client whose GraphQL requests, which have this body, are answered by a function.
func newTestClient(t testing.TB, answer func(body []byte) string) *Client {
	t.Helper()
	client, err := falcon.New(t.Context(), falcon.Config{AccessToken: "test-token", BaseURL: "https://falcon.example", HTTPTransport: roundTripper(
		func(r *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			w := httptest.NewRecorder()
			w.Header().Set("Content-Type", "application/json")
			_, err = io.WriteString(w, answer(body))
			return w.Result(), err
		},
	)})
	if err != nil {
		t.Fatal(err)
	}
	return New(client)
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// sent counts the requests so far: those of cancelled parts may still be on their way.
func (g *fakeGraph) sent() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.requests
}

// most is how many requests were in flight at once.
func (g *fakeGraph) most() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.mostAir
}

func (g *fakeGraph) sort() {
	slices.SortFunc(g.users, func(a, b *fakeUser) int { return strings.Compare(a.id, b.id) })
}

func (g *fakeGraph) answer(request []byte) string {
	g.mu.Lock()
	g.flying++
	g.mostAir = max(g.mostAir, g.flying)
	g.requests++
	n := g.requests
	g.mu.Unlock()
	time.Sleep(g.latency)
	defer func() {
		g.mu.Lock()
		g.flying--
		g.mu.Unlock()
	}()
	var body struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables"`
	}
	if err := json.Unmarshal(request, &body); err != nil {
		panic(err)
	}
	query, err := parser.ParseQuery(&ast.Source{Input: body.Query})
	if err != nil {
		return `{"data":null,"errors":[{"message":"bad query"}]}`
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.before != nil {
		if text := g.before(n, g.users); text != "" {
			return text
		}
	}
	data := map[string]any{}
	for _, selected := range query.Operations[0].SelectionSet {
		field, ok := selected.(*ast.Field)
		if !ok {
			continue
		}
		args := map[string]any{}
		for _, a := range field.Arguments {
			if a.Value.Kind == ast.Variable {
				args[a.Name] = body.Variables[a.Value.Raw]
			}
		}
		if field.Name == "countEntities" {
			data[field.Alias] = len(g.matching(args))
			continue
		}
		data[field.Alias] = g.pageOf(n, args)
	}
	out, err := json.Marshal(map[string]any{"data": data, "extensions": map[string]int{"remainingPoints": 400000, "reset": 5000, "consumedPoints": 1}})
	if err != nil {
		panic(err)
	}
	return string(out)
}

func (g *fakeGraph) pageOf(n int, args map[string]any) map[string]any {
	found := g.matching(args)
	if args["sortKey"] == "RISK_SCORE" {
		slices.SortStableFunc(found, func(a, b *fakeUser) int {
			return map[bool]int{true: -1, false: 1}[(a.score < b.score) == (args["sortOrder"] == "ASCENDING")]
		})
	}
	after, _ := args["after"].(string)
	if after != "" {
		found = slices.DeleteFunc(found, func(u *fakeUser) bool { return u.id <= after })
	}
	first, _ := args["first"].(float64)
	p := fakePage{n: n, users: found[:min(int(first), len(found))], more: len(found) > int(first)}
	if p.more {
		p.cursor = p.users[len(p.users)-1].id
	}
	if g.page != nil {
		g.page(&p)
	}
	nodes := []json.RawMessage{}
	for _, u := range p.users {
		nodes = append(nodes, fmt.Appendf(nil, `{"entityId":%q,"primaryDisplayName":%q,"riskScore":%s,"riskScoreSeverity":%q,"isAdmin":%v,`+
			`"emailAddresses":[%s],"accounts":[{"dataSource":"AZURE","enabled":false},{"dataSource":"ACTIVE_DIRECTORY","enabled":true,`+
			`"domain":%q,"samAccountName":%q,"upn":%q}]}`,
			u.id, u.name, u.shown(), u.severity(), u.admin, quoteAll(u.emails), u.domain, u.sam, u.upn))
	}
	return map[string]any{"pageInfo": map[string]any{"hasNextPage": p.more, "endCursor": p.cursor}, "nodes": nodes}
}

func quoteAll(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = strconv.Quote(s)
	}
	return strings.Join(quoted, ",")
}

func (g *fakeGraph) matching(args map[string]any) []*fakeUser {
	var found []*fakeUser
	match := scoreRules(g.bounds).compile(args)
	for _, u := range g.users {
		if match(u) {
			found = append(found, u)
		}
	}
	return found
}

// scoreRules is how bounds of scores act, see fakeGraph.bounds.
type scoreRules string

func (r scoreRules) rounded(score float64) float64 {
	if r == "c" || r == "d" {
		return math.Round(score*100) / 100
	}
	return score
}

func (r scoreRules) bound(b float64) float64 {
	if r == "d" {
		return r.rounded(b)
	}
	return b
}

func (r scoreRules) atLeast(score, b float64) bool { return r.rounded(score) >= r.bound(b) }

func (r scoreRules) below(score, b float64) bool {
	if r == "" || r == "a" {
		return score < b
	}
	return r.rounded(score) <= r.bound(b)
}

// compile turns conditions, which must all hold, into a test.
func (r scoreRules) compile(conditions map[string]any) func(*fakeUser) bool {
	var tests []func(*fakeUser) bool
	for name, want := range conditions {
		tests = append(tests, r.compileOne(name, want))
	}
	return func(u *fakeUser) bool {
		return !slices.ContainsFunc(tests, func(test func(*fakeUser) bool) bool { return !test(u) })
	}
}

func (r scoreRules) compileOne(name string, want any) func(*fakeUser) bool {
	var nested []func(*fakeUser) bool
	list, _ := want.([]any)
	for _, item := range list {
		if c, ok := item.(map[string]any); ok {
			nested = append(nested, r.compile(c))
		}
	}
	oneOf := func(values func(*fakeUser) []string) func(*fakeUser) bool {
		return func(u *fakeUser) bool {
			return slices.ContainsFunc(list, func(v any) bool {
				return slices.ContainsFunc(values(u), func(s string) bool { return strings.EqualFold(s, fmt.Sprint(v)) })
			})
		}
	}
	bound, _ := want.(float64)
	text, _ := want.(string)
	switch name {
	case "all":
		return func(u *fakeUser) bool {
			return !slices.ContainsFunc(nested, func(test func(*fakeUser) bool) bool { return !test(u) })
		}
	case "any":
		return func(u *fakeUser) bool {
			return slices.ContainsFunc(nested, func(test func(*fakeUser) bool) bool { return test(u) })
		}
	case "not":
		c, _ := want.(map[string]any)
		test := r.compile(c)
		return func(u *fakeUser) bool { return !test(u) }
	case "riskScoreLowerBound":
		return func(u *fakeUser) bool { return r.atLeast(u.score, bound) }
	case "riskScoreUpperBound":
		return func(u *fakeUser) bool { return r.below(u.score, bound) }
	case "accountCreationStartTime":
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			panic(err)
		}
		return func(u *fakeUser) bool { return !u.created.IsZero() && !u.created.Before(t) }
	case "primaryDisplayNamePattern", "samAccountNamePattern":
		return func(u *fakeUser) bool {
			of := map[bool]string{true: u.name, false: u.sam}[name == "primaryDisplayNamePattern"]
			return strings.HasPrefix(strings.ToLower(of), strings.TrimSuffix(text, "*"))
		}
	case "hasEmailAddress":
		return func(u *fakeUser) bool { return (len(u.emails) > 0) == want }
	case "minRiskScoreSeverity", "maxRiskScoreSeverity":
		return func(u *fakeUser) bool { return u.severity() == want }
	case "roles":
		return func(u *fakeUser) bool { return u.admin }
	case "emailAddresses":
		return oneOf(func(u *fakeUser) []string { return u.emails })
	case "samAccountNames":
		return oneOf(func(u *fakeUser) []string { return []string{u.sam} })
	case "entityIds":
		return oneOf(func(u *fakeUser) []string { return []string{u.id} })
	case "domains":
		return oneOf(func(u *fakeUser) []string { return []string{u.domain} })
	case "first", "after", "sortKey", "sortOrder":
		return func(*fakeUser) bool { return true }
	}
	panic("the fake does not know the filter " + name)
}

// someUsers are n users: a part without any risk, the rest of all scores; names and creation dates vary.
func someUsers(n int) []*fakeUser {
	users := make([]*fakeUser, n)
	start := time.Now()
	for i := range users {
		u := &fakeUser{
			id:   fmt.Sprintf("%08x-0000-4000-8000-%012x", uint32(i)*2654435761, i),
			name: string(rune('a'+i%29)) + "name", sam: fmt.Sprint("sam", i), domain: "CORP.EXAMPLE.COM",
			created: start.AddDate(0, 0, -(i*7)%3000),
		}
		if i%3 > 0 {
			u.score = float64((i*37)%1000) / 1000
		}
		if i%10 > 0 {
			u.emails = []string{fmt.Sprintf("u%d@example.com", i)}
		}
		users[i] = u
	}
	return users
}
