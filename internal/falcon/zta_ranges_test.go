package falcon

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

// largeTenant lists its hosts like Falcon.
type largeTenant struct {
	mu       sync.Mutex
	scores   map[string]int64
	calls    int
	onCall   func(call int, least *int64) error
	inFlight int
	gate     chan struct{} // if not nil, a range waits here for its response
}

func (l *largeTenant) list(_ context.Context, least, most *int64, limit int) ([]HostScore, int64, error) {
	if l.gate != nil && least != nil {
		l.fly(1)
		<-l.gate
		l.fly(-1)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls++
	if l.onCall != nil {
		if err := l.onCall(l.calls, least); err != nil {
			return nil, 0, err
		}
	}
	var found []HostScore
	for aid, score := range l.scores {
		if (least == nil || score >= *least) && (most == nil || score <= *most) {
			found = append(found, HostScore{AID: aid, Score: score})
		}
	}
	slices.SortFunc(found, func(a, b HostScore) int { return cmp.Compare(a.Score, b.Score) })
	total := int64(len(found))
	if limit > 0 && limit < len(found) {
		found = found[:limit]
	}
	return found, total, nil
}

func (l *largeTenant) fly(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inFlight += n
}

func tenantOf(hosts int) *largeTenant {
	l := &largeTenant{scores: map[string]int64{}}
	for i := range hosts {
		l.scores[fmt.Sprintf("%032x", i)] = int64(i*7) % 101
	}
	return l
}

func TestHostScoresInParts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		hosts, atOnce, calls int
		least, most          *int64
		want                 int
	}{
		"none":             {hosts: 0, atOnce: 4, calls: 1},
		"one page":         {hosts: 1000, atOnce: 4, calls: 1, want: 1000},
		"in parts":         {hosts: 5050, atOnce: 4, calls: 9, want: 5050},
		"within bounds":    {hosts: 5050, atOnce: 4, calls: 9, least: new(int64(20)), most: new(int64(69)), want: 2500},
		"one score":        {hosts: 202_000, atOnce: 4, calls: 2, least: new(int64(30)), most: new(int64(30)), want: 2000},
		"more than scores": {hosts: 5050, atOnce: 16, calls: 1 + 32, want: 5050},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := tenantOf(tt.hosts)
			found, err := scoreListing(client.list).inRanges(t.Context(), tt.least, tt.most, tt.atOnce)
			if err != nil {
				t.Fatal(err)
			}
			different := map[string]bool{}
			for _, s := range found {
				different[s.AID] = true
			}
			if len(different) != tt.want || len(found) != tt.want {
				t.Errorf("%d hosts, %d different ones, want %d", len(found), len(different), tt.want)
			}
			if client.calls != tt.calls {
				t.Errorf("%d calls, want %d", client.calls, tt.calls)
			}
		})
	}
}

// As many ranges are requested at the same time as allowed, and no more.
func TestHostScoresInPartsInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const atOnce, parts = 3, 6
		client := tenantOf(5050)
		client.gate = make(chan struct{})
		done := make(chan error)
		go func() {
			_, err := scoreListing(client.list).inRanges(t.Context(), nil, nil, atOnce)
			done <- err
		}()
		for left := parts; left > 0; left-- {
			synctest.Wait()
			if want := min(atOnce, left); client.inFlight != want {
				t.Errorf("%d in flight with %d parts to go, want %d", client.inFlight, left, want)
			}
			client.gate <- struct{}{}
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestHostScoresInPartsFailWhole(t *testing.T) {
	t.Parallel()
	for call := range 9 {
		client := tenantOf(5050)
		client.onCall = func(n int, _ *int64) error {
			if n == call+1 {
				return errors.New("one part failed")
			}
			return nil
		}
		if found, err := scoreListing(client.list).inRanges(t.Context(), nil, nil, 4); err == nil || found != nil {
			t.Errorf("call %d fails, and yet there are %d hosts: %v", call+1, len(found), err)
		}
	}
}

// A host may change its score while the ranges are read, from one that is not read yet to one that was read.
func TestHostScoresInPartsWhileScoresChange(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rounds int
		fails  bool
	}{
		"once":      {rounds: 1},
		"all along": {rounds: maxListingTries, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := tenantOf(5050)
			slipped := 0
			client.onCall = func(_ int, least *int64) error {
				// Hosts that move while the ranges are read are in none of them.
				delete(client.scores, "slips")
				if least == nil {
					client.scores["slips"] = 99
					slipped++
				}
				if slipped > 2*tt.rounds {
					client.scores["slips"] = 99
				}
				return nil
			}
			found, err := scoreListing(client.list).inRanges(t.Context(), nil, nil, 4)
			if (err != nil) != tt.fails || !tt.fails && len(found) != 5051 {
				t.Errorf("%d hosts, %v", len(found), err)
			}
		})
	}
}

func TestHostRanges(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		lowest, highest int64
		n, want         int
	}{{0, 100, 8, 8}, {99, 100, 8, 2}, {100, 100, 8, 1}, {0, 100, 200, 101}, {13, 57, 7, 7}} {
		t.Run(fmt.Sprint(tt), func(t *testing.T) {
			t.Parallel()
			ranges := scoreRanges(tt.lowest, &tt.highest, tt.n)
			next := tt.lowest
			for _, r := range ranges {
				if r.from != next || r.to < r.from {
					t.Errorf("a gap before %v", r)
				}
				next = r.to + 1
			}
			if next != tt.highest+1 || len(ranges) != tt.want {
				t.Errorf("%v", ranges)
			}
		})
	}
}
