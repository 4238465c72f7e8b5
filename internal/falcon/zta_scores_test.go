package falcon

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// scoreList is a tenant's listing of overall scores, as Falcon pages it.
type scoreList struct {
	hosts   []HostScore // lowest scores first
	noTotal bool
	lastly  string // after on the last page; "" is `""`
	// spoil changes the n-th page, n from 1.
	spoil func(n int, p *scoreListPage)

	mu    sync.Mutex
	calls int
}

type scoreListPage struct {
	hosts  []HostScore
	from   int
	after  string // JSON
	total  int
	status int
}

var scoreBound = regexp.MustCompile(`score:(>=|<=)(\d+)`)

func (l *scoreList) serve(w http.ResponseWriter, r request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls++
	matching := slices.Clone(l.hosts)
	for _, m := range scoreBound.FindAllStringSubmatch(r.get("filter"), -1) {
		bound, _ := strconv.ParseInt(m[2], 10, 64)
		matching = slices.DeleteFunc(matching, func(h HostScore) bool {
			return m[1] == ">=" && h.Score < bound || m[1] == "<=" && h.Score > bound
		})
	}
	from, _ := strconv.Atoi(r.get("after"))
	limit, _ := strconv.Atoi(r.get("limit"))
	p := scoreListPage{from: from, total: len(matching), status: 200, after: l.lastly}
	if p.after == "" {
		p.after = `""`
	}
	p.hosts = matching[min(from, len(matching)):min(from+limit, len(matching))]
	if next := from + len(p.hosts); next < len(matching) {
		p.after = fmt.Sprintf(`"%d"`, next)
	}
	if l.spoil != nil {
		l.spoil(l.calls, &p)
	}
	if p.status != 200 {
		refusal(w, p.status, "no such page")
		return
	}
	var items []string
	for _, h := range p.hosts {
		items = append(items, fmt.Sprintf(`{"aid":%q,"score":%d}`, h.AID, h.Score))
	}
	page := map[string]json.RawMessage{}
	if p.after != "absent" {
		page["after"] = json.RawMessage(p.after)
	}
	if !l.noTotal {
		page["total"] = json.RawMessage(strconv.Itoa(p.total))
	}
	reply(w, 200, `{"meta":{"pagination":`+jsonText(page)+`},"errors":null,"resources":[`+strings.Join(items, ",")+`]}`)
}

func scoresOf(n int) []HostScore {
	hosts := make([]HostScore, n)
	for i := range hosts {
		hosts[i] = HostScore{AID: fmt.Sprintf("%032x", i), Score: int64(i * 101 / n)}
	}
	return hosts
}

// scoreReads are the ways to read the listing: in ranges, page by page, and up to a limit.
var scoreReads = map[string]HostScoreRead{
	"in parts": {}, "page after page": {MaxConcurrency: 1}, "limit": {Limit: 4500}, "range": {Least: new(int64(10)), MaxConcurrency: 1},
}

// A listing whose after is lost or repeated in transit never counts as complete, whether it has a total or not.
func TestHostScoresThatEndEarly(t *testing.T) {
	t.Parallel()
	spoils := map[string]func(p *scoreListPage){
		"after is empty":     func(p *scoreListPage) { p.after = `""` },
		"after is absent":    func(p *scoreListPage) { p.after = "absent" },
		"after is null":      func(p *scoreListPage) { p.after = "null" },
		"after repeats":      func(p *scoreListPage) { p.after = `"1000"` },
		"after leads back":   func(p *scoreListPage) { p.after = `"0"` },
		"empty page":         func(p *scoreListPage) { p.hosts, p.after = nil, `""` },
		"empty, total and 0": func(p *scoreListPage) { p.hosts, p.after, p.total = nil, `""`, 0 },
		"404":                func(p *scoreListPage) { p.status = 404 },
	}
	for spoilName, spoil := range spoils {
		for readName, read := range scoreReads {
			for _, noTotal := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%s/no total %v", spoilName, readName, noTotal), func(t *testing.T) {
					t.Parallel()
					l := &scoreList{hosts: scoresOf(24_000), noTotal: noTotal} // so that each range has three pages
					l.spoil = func(_ int, p *scoreListPage) {
						if p.from > 0 {
							spoil(p)
						}
					}
					_, c := newFake(t, map[string]func(http.ResponseWriter, request){routeScores: l.serve})
					scores, total, err := c.HostScores(t.Context(), read)
					if err == nil {
						t.Fatalf("%d hosts of %d, and no error", len(scores), total)
					}
					if spoilName != "404" && !errors.Is(err, errEarlyEnd) {
						t.Errorf("error %v", err)
					}
					if l.calls > 50 {
						t.Errorf("%d calls", l.calls)
					}
				})
			}
		}
	}
}

// A single failure is repaired by reading again, and what may be in a listing is not an error: no total, any form of the
// last page's after, and hosts that come, go and change in the meantime.
func TestHostScoresInFull(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(l *scoreList)
		extra  int // requests in addition to the pages
	}{
		"plain":              {func(*scoreList) {}, 0},
		"after absent":       {func(l *scoreList) { l.lastly = "absent" }, 0},
		"after null":         {func(l *scoreList) { l.lastly = "null" }, 0},
		"no total":           {func(l *scoreList) { l.noTotal = true }, 1},
		"after is lost once": {func(l *scoreList) { l.spoil = spoilOnce(2, func(p *scoreListPage) { p.after = `""` }) }, 3},
		"an empty page once": {func(l *scoreList) { l.spoil = spoilOnce(2, func(p *scoreListPage) { p.hosts = nil }) }, 8},
		"the total is high":  {func(l *scoreList) { l.spoil = spoilOnce(1, func(p *scoreListPage) { p.total += 3 }) }, 1},
		"the total is low":   {func(l *scoreList) { l.spoil = spoilOnce(1, func(p *scoreListPage) { p.total -= 3 }) }, 0},
		"a host comes twice": {func(l *scoreList) {
			l.spoil = spoilOnce(3, func(p *scoreListPage) { p.hosts = append(p.hosts, l.hosts[0]) })
		}, 0},
		"a host slips behind": {func(l *scoreList) { l.spoil = spoilOnce(3, func(p *scoreListPage) { p.hosts = p.hosts[1:] }) }, 8},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := &scoreList{hosts: scoresOf(5050)}
			tc.change(l)
			_, c := newFake(t, map[string]func(http.ResponseWriter, request){routeScores: l.serve})
			scores, total, err := c.HostScores(t.Context(), HostScoreRead{MaxConcurrency: 1})
			if err != nil || len(scores) != len(l.hosts) || total != int64(len(l.hosts)) {
				t.Errorf("%d hosts of %d: %v", len(scores), total, err)
			}
			if most := 6 + tc.extra; l.calls > most {
				t.Errorf("%d calls, want at most %d", l.calls, most)
			}
			for _, width := range []int{2, 4} {
				if scores, _, err := c.HostScores(t.Context(), HostScoreRead{MaxConcurrency: width}); err != nil || len(scores) != len(l.hosts) {
					t.Errorf("%d at once: %d hosts, %v", width, len(scores), err)
				}
			}
			if scores, total, err := c.HostScores(t.Context(), HostScoreRead{Limit: 10}); err != nil || len(scores) != 10 || total != int64(len(l.hosts)) {
				t.Errorf("limited: %d hosts of %d, %v", len(scores), total, err)
			}
		})
	}
}

func spoilOnce(at int, change func(p *scoreListPage)) func(int, *scoreListPage) {
	return func(n int, p *scoreListPage) {
		if n == at {
			change(p)
		}
	}
}

// A listing that never ends, with new hosts or with the same ones and ever new tokens, ends with an error.
func TestHostScoresWithoutAnEnd(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		body  func(n int) string
		calls int
	}{
		"new hosts": {func(n int) string {
			return fmt.Sprintf(`{"meta":{"pagination":{"total":3,"after":"t%d"}},"resources":[{"aid":"h%d","score":1}]}`, n, n)
		}, 2*3 + 10*scorePageSize + 2},
		"the same host": {func(n int) string {
			return fmt.Sprintf(`{"meta":{"pagination":{"total":3,"after":"t%d"}},"resources":[{"aid":"h","score":1}]}`, n)
		}, maxListingTries * (maxRepeatedPages + 2)},
		"no hosts": {func(n int) string {
			return fmt.Sprintf(`{"meta":{"pagination":{"total":3,"after":"t%d"}},"resources":[]}`, n)
		}, maxListingTries * (maxRepeatedPages + 2)},
		"no hosts and no total": {func(n int) string {
			return fmt.Sprintf(`{"meta":{"pagination":{"after":"t%d"}},"resources":[]}`, n)
		}, maxListingTries * (maxRepeatedPages + 2)},
		"new hosts and no total": {func(n int) string {
			return fmt.Sprintf(`{"meta":{"pagination":{"after":"t%d"}},"resources":[{"aid":"h%d","score":1}]}`, n, n)
		}, maxScorePages + 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			c := clientOn(t, func(req *http.Request) (*http.Response, error) {
				calls++
				return jsonResponse(req, 200, tc.body(calls)), nil
			})
			scores, _, err := c.HostScores(t.Context(), HostScoreRead{MaxConcurrency: 1})
			if err == nil || calls > tc.calls {
				t.Errorf("%d calls, %d hosts, %v", calls, len(scores), err)
			}
		})
	}
}
